"""Who calls the API: a tool by its key, or the portal's own page by its cookie."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from itertools import chain
from typing import Any

from django.db import DatabaseError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission

from core.asking import NOBODY, asks
from core.compiled import Compiled, columns_of, made

from . import key_ends, keys, limits
from .models import ApiToken, Grant, User
from .services import note_refused_key

_log = logging.getLogger(__name__)
_TOUCH = timedelta(minutes=1)


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer pug_…`. A header that begins so is judged here and nowhere else.

    Whichever way a key is wrong, the same work is done before the answer: one look-up, one
    comparison, one line in the log. What has to be kept of it is kept after the answer is out.
    """

    def authenticate(self, request) -> tuple[User, ApiToken] | None:
        kind, _space, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if kind.lower() != "bearer":
            return None
        asks(NOBODY)  # a cookie beside the key counts for nothing
        token = _token_of(request._request, text.strip())
        if token is None:
            raise AuthenticationFailed(
                _("The key is unknown, has expired or was withdrawn."), code="invalid_token"
            )
        request._request.key = token
        asks(token.user_id)
        _touch(token)
        return token.user, token

    def authenticate_header(self, request) -> str:
        return 'Bearer realm="Portal PUG"'


def _token_of(request, text: str) -> ApiToken | None:
    """The live token of this key; a real one that counts no more is left on the request."""
    key = keys.read(text) or keys.Key("", "")
    token = _with_its_person(_tokens(lookup=[key.lookup]))
    right = key.matches(token.digest if token else None)
    if token and right and _is_live(token):
        return token
    _log.warning("A key was refused, look-up %r", key.lookup)
    request.refused_key = token if right else None
    return None


def _token_rows(lookup: list[str]) -> QuerySet[ApiToken, Any]:
    """The key, whose it is, and her grants: a row for each of them."""
    columns = columns_of(ApiToken), columns_of(User, "user__"), columns_of(Grant, _GRANTS)
    return ApiToken.objects.filter(lookup__in=lookup).order_by().values(*chain(*columns))


_GRANTS = "user__grants__"
_tokens = Compiled(_token_rows)


def _with_its_person(rows: list[dict[str, Any]]) -> ApiToken | None:
    if not rows:
        return None
    token = made(ApiToken, rows[0])
    token.user = made(User, rows[0], "user__")
    token.user.know_grants(made(Grant, row, _GRANTS) for row in rows if row[_GRANTS + "id"])
    return token


def _is_live(token: ApiToken) -> bool:
    live = token.revoked_at is None and token.expires_on >= timezone.localdate()
    return live and token.user.may_enter


def _touch(token: ApiToken) -> None:
    """Note the use, at most once a minute."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > _TOUCH:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


class KeysMiddleware:
    """What an answer says of the key that asked, and what is noted once the answer is out."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if token := getattr(request, "key", None):
            response["RateLimit-Policy"] = limits.policy()
            if key_ends.ends_soon(token):
                response["Key-Expires"] = token.expires_on.isoformat()
        if refused := getattr(request, "refused_key", None):
            # Writing before would tell a guesser by the time it takes that the key was a real one.
            response._resource_closers.append(partial(_note_refused, refused))
        return response


def _note_refused(token: ApiToken) -> None:
    try:
        note_refused_key(token)
    except DatabaseError:
        _log.exception("A refused key could not be noted: %s", token.pk)


class PageAuthentication(SessionAuthentication):
    """The portal's own pages: cookie plus CSRF token, refused with a code the phone can read."""

    def enforce_csrf(self, request) -> None:
        self._refuse_other_sites(request)
        try:
            super().enforce_csrf(request)
        except PermissionDenied as refusal:
            raise PermissionDenied(
                _("The safety code of this page is missing or old. Load the page again."),
                code="csrf_failed",
            ) from refusal

    def _refuse_other_sites(self, request) -> None:
        """Browsers say where a call began; a page elsewhere has no business writing here."""
        began = request.META.get("HTTP_SEC_FETCH_SITE", "same-origin")
        if request.method not in SAFE_METHODS and began != "same-origin":
            raise PermissionDenied(
                _("This call came from a page of another site."), code="other_site"
            )


def carries(request, scope: str) -> bool:
    """Whether this caller's key holds `scope`; a cookie is the person herself and holds all."""
    return not isinstance(request.auth, ApiToken) or scope in request.auth.scopes


class TokenScope(BasePermission):
    """A key reaches only the methods whose scope it holds; cookies carry no scope.

    Views say `required_scopes = {"GET": "data:read"}`; None lets any key in, and a method that
    is not named lets none in.
    """

    message = _("This key does not carry the scope for that.")
    code = "missing_scope"

    def has_permission(self, request, view) -> bool:
        if not isinstance(request.auth, ApiToken):
            return True
        method = "GET" if request.method == "HEAD" else request.method
        scopes = getattr(view, "required_scopes", {})
        if method == "OPTIONS" or not hasattr(view, method.lower()):
            return True  # nothing is done there: it tells the methods, or answers 405
        if method not in scopes:
            return False
        if scopes[method] is None or carries(request, scopes[method]):
            return True
        self.message = _("This key does not carry the scope %(scope)s.") % {"scope": scopes[method]}
        return False


class TokenScheme(OpenApiAuthenticationExtension):
    target_class = TokenAuthentication
    name = "key"

    def get_security_definition(self, auto_schema) -> dict:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "pug_…"}


class PageScheme(OpenApiAuthenticationExtension):
    target_class = PageAuthentication
    name = "page"

    def get_security_definition(self, auto_schema) -> dict:
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
