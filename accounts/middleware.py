"""How long a login lasts, and what still stands between a login and the pages."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.contrib import auth
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from core.api import problem_response
from core.asking import NOBODY, asks

from . import devices, second_factor
from .models import User
from .models.device import OFFICE_ABSOLUTE, OFFICE_IDLE


class Limits(NamedTuple):
    idle: timedelta
    absolute: timedelta


OFFICE = Limits(idle=OFFICE_IDLE, absolute=OFFICE_ABSOLUTE)
#: Field work: days without signal, one person to one phone (ASVS 7.1.1 asks for the reason).
FIELD = Limits(idle=timedelta(days=30), absolute=timedelta(days=180))
_MARK = 60  # seconds between two notes of activity


def limits_of(user: User) -> Limits:
    return OFFICE if user.needs_second_factor else FIELD


class SessionLimitsMiddleware:
    """A login ends when it was idle too long, in any case after its absolute time, and when its
    phone was signed out from elsewhere.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            self._check(request, time.time())
        return self.get_response(request)

    def _check(self, request, now: float) -> None:
        session, limits = request.session, limits_of(request.user)
        began = session.setdefault("began_at", now)
        seen = session.get("seen_at", now)
        if now - began > limits.absolute.total_seconds() or (
            now - seen > limits.idle.total_seconds()
        ):
            devices.leave(request)
            auth.logout(request)
        elif devices.is_ended(request):
            auth.logout(request)
        elif "seen_at" not in session or now - seen > _MARK:
            devices.note_seen(request)
            session["seen_at"] = now
            session.set_expiry(datetime.fromtimestamp(began, UTC) + limits.absolute)


class AskerMiddleware:
    """Tell the database who asks: the person of the session, once it is known to count.

    A key is told where it is judged (TokenAuthentication).
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        asks(request.user.pk if request.user.is_authenticated else NOBODY)
        return self.get_response(request)


#: Open while a step is still missing: leaving, the language, and the ways to sign in.
ALWAYS_OPEN = {
    "accounts:login",
    "accounts:logout",
    "accounts:link-open",
    "accounts:link-use",
    "core:language",
    "core:healthz",
    "core:readyz",
}


def next_step(user: User) -> str | None:
    """The page she has to pass before all others; None when nothing is missing."""
    waits = settings.SECOND_FACTOR_ASKED and user.needs_second_factor and not user.is_verified()
    enrolled = waits and second_factor.is_enrolled(user)
    if enrolled:
        return "accounts:second-factor"
    if user.start_password_until is not None:
        return "accounts:password-change"
    return "accounts:second-factor-setup" if waits else None


class SecondFactorMiddleware:
    """Send a person to the step she still has to take: own password, second factor.

    An API call by cookie is told so with 403; a key proves itself and needs no step.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        page = request.resolver_match.view_name
        if page in ALWAYS_OPEN or not request.user.is_authenticated or _carries_key(request):
            return None
        step = next_step(request.user)
        if step in (None, page):
            return None
        if request.path.startswith("/api/"):
            return problem_response(
                request,
                403,
                "login_incomplete",
                detail=_("Finish signing in on the portal's pages first."),
            )
        return redirect(step)


def _carries_key(request) -> bool:
    """TokenAuthentication alone judges such a call; its cookies count for nothing."""
    header = request.META.get("HTTP_AUTHORIZATION", "").lower()
    return request.path.startswith("/api/") and header.startswith("bearer ")
