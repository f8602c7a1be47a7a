"""Which versions of the phone's pages may still send: `X-Client: pug-pwa/1.0`."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException

#: The oldest phone pages whose records are read as they were meant. What waits on a phone must be
#: able to leave it: raised 180 days after the newer pages came, at the earliest.
OLDEST = (1, 0)
#: What the portal's own phone pages call themselves; the version follows.
PHONE = "pug-pwa/"
_PHONE = re.compile(PHONE + r"(\d{1,4})(?:\.(\d{1,4}))?")


class ClientTooOld(APIException):
    """The record stays on the phone; its pages have to be renewed first."""

    status_code = 426
    default_code = "client_too_old"
    default_detail = _("The pages on this phone are too old. Open the portal again with a signal.")


def refuse_too_old(request) -> None:
    """ClientTooOld for phone pages before OLDEST; other clients and nameless ones may go on."""
    named = _PHONE.match(request.headers.get("X-Client", ""))
    if named and (int(named[1]), int(named[2] or 0)) < OLDEST:
        raise ClientTooOld
