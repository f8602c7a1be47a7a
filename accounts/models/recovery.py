"""What lets an officer in whose app is lost: eight codes, each for one time."""

from __future__ import annotations

from base64 import b32encode
from secrets import token_bytes

from django.contrib.auth.hashers import check_password, make_password
from django.db import models
from django_otp.models import Device, ThrottlingMixin

HOW_MANY = 8


class RecoveryCodes(ThrottlingMixin, Device):
    """The codes of one person. They are shown once; their hashes alone are kept (ASVS 6.5.2)."""

    hashes = models.JSONField(default=list)  # of those not yet used, as passwords are hashed

    def fill(self) -> list[str]:
        """Eight new codes of 40 bits in the place of whatever was there; not yet saved."""
        codes = [b32encode(token_bytes(5)).decode().lower() for _ in range(HOW_MANY)]
        self.hashes = [make_password(code) for code in codes]
        return codes

    def verify_token(self, token: str) -> bool:
        """Whether this is a code not yet used; it is used by that."""
        if not self.verify_is_allowed()[0]:
            return False
        used = next((one for one in self.hashes if check_password(token, one)), None)
        if used is None:
            self.throttle_increment()
            return False
        self.hashes.remove(used)
        self.throttle_reset(commit=False)
        self.save()
        return True

    def get_throttle_factor(self) -> int:
        """Seconds to wait after the first wrong code; each further one doubles them."""
        return 1
