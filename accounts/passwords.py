"""What a password must be: 8 to 128 signs, not common, not made of words everyone here knows.

No rule about kinds of signs and no forced change (ASVS 6.2.5, 6.2.10): length is what helps.
"""

from __future__ import annotations

import re

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

SHORTEST, LONGEST = 8, 128
LOCAL_WORDS = frozenset({"paser", "desa", "pug", "kabupaten", "kecamatan", "kades", "dp2kbp3a"})
_LETTERS_BESIDES = 5  # so many letters must remain when the known words are taken out


class LengthValidator:
    """Between 8 and 128 signs; every sign counts, nothing is cut off."""

    def validate(self, password: str, user=None) -> None:
        if len(password) < SHORTEST:
            raise ValidationError(
                ngettext(
                    "Use at least %(count)d character.",
                    "Use at least %(count)d characters.",
                    SHORTEST,
                ),
                code="password_too_short",
                params={"count": SHORTEST},
            )
        if len(password) > LONGEST:
            raise ValidationError(
                _("Use at most %(count)d characters."),
                code="password_too_long",
                params={"count": LONGEST},
            )

    def get_help_text(self) -> str:
        return _("At least 8 characters. Three or four words together are easy to remember.")


class CommonValidator(password_validation.CommonPasswordValidator):
    """Not one of the 20,000 most used passwords."""

    def get_error_message(self) -> str:
        return _("Many people use this password. Choose another.")

    def get_help_text(self) -> str:
        return ""


class LocalWordsValidator:
    """Not made of words everyone here knows: the place, the office, her own names."""

    def validate(self, password: str, user=None) -> None:
        text = password.lower()
        rest = text
        for word in sorted(LOCAL_WORDS | _words_of(user), key=len, reverse=True):
            rest = rest.replace(word, " ")
        if rest != text and len(re.sub(r"[\W\d_]", "", rest)) < _LETTERS_BESIDES:
            raise ValidationError(
                _("This password is made of names everyone here knows. Add words of your own."),
                code="password_local_words",
            )

    def get_help_text(self) -> str:
        return ""


class MixedValidator:
    """Small and capital letters, a digit and a sign: only where PUG_PASSWORD_BSSN=1 asks for it."""

    KINDS = ("[a-z]", "[A-Z]", r"\d", r"[^\w\s]|_")

    def validate(self, password: str, user=None) -> None:
        if not all(re.search(kind, password) for kind in self.KINDS):
            raise ValidationError(self.get_help_text(), code="password_not_mixed")

    def get_help_text(self) -> str:
        return _("Use small and capital letters, a digit and a sign such as ! or -.")


def _words_of(user) -> frozenset[str]:
    """Her names, and those of her areas, in words of three letters or more."""
    if user is None:
        return frozenset()
    names = [user.username, user.name, user.phone]
    if user.pk:
        names += [str(grant.area) for grant in user.grants_today if grant.area]
    words = re.split(r"[\W_]+", " ".join(names).lower())
    return frozenset(word for word in words if len(word) >= 3)
