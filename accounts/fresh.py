"""A login that is fresh enough for what opens doors elsewhere: the one rule, for pages and the API.

Whoever finds an open computer must not walk away with a key that works for a year.
"""

from __future__ import annotations

import time
from datetime import timedelta
from functools import wraps
from urllib.parse import urlencode

import django_otp
from django.conf import settings
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import BasePermission

from . import devices, second_factor, services
from .models import ApiToken, User

FRESH = timedelta(minutes=15)
KEY = "proved_at"  # in the session: when she proved again who she is


def is_fresh(request) -> bool:
    """Her login, or the last time she proved herself again, is not older than FRESH."""
    proved = request.session.get(KEY) or request.session.get("began_at", 0)
    return 0 <= time.time() - proved <= FRESH.total_seconds()


def asks_code(user: User) -> bool:
    """Whether proving herself takes the second factor too."""
    asked = settings.SECOND_FACTOR_ASKED and user.needs_second_factor
    return asked and second_factor.is_enrolled(user)


def renew(request, device=None) -> None:
    """She has just proved again who she is. The session has grown in power: it gets a new key."""
    request.session.cycle_key()
    devices.follow(request)
    request.session[KEY] = time.time()
    if device:
        django_otp.login(request, device)
    services.note_proof(request.user)


def fresh_login(view):
    """A page that asks for the password again first, and comes back afterwards."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        return view(request, *args, **kwargs) if is_fresh(request) else ask(request.path)

    return guarded


def ask(back: str) -> HttpResponseRedirect:
    """To the page that asks for the password again; it leads on to the address `back`."""
    return redirect(f"{resolve_url('accounts:reauthenticate')}?{urlencode({'next': back})}")


class FreshLogin(BasePermission):
    """Doors of the API that only the person herself may use, and only just after her login."""

    def has_permission(self, request, view) -> bool:
        if isinstance(request.auth, ApiToken):
            self.code = "session_only"
            self.message = _("A key cannot do that. Log in on the portal's pages.")
            return False
        self.code = "login_again"
        self.message = _("Your login is too old for that. Give your password again first.")
        return is_fresh(request._request)


class FreshOrKey(FreshLogin):
    """Doors that a key opens by its scope, and the person herself only just after her login."""

    def has_permission(self, request, view) -> bool:
        return isinstance(request.auth, ApiToken) or super().has_permission(request, view)
