"""Who calls the API: a tool by its key, or the portal's own page by its cookie."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission

from . import keys
from .models import ApiToken, User
from .services import note_refused_key

_log = logging.getLogger(__name__)
_TOUCH = timedelta(minutes=1)


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer pug_…`. A header that begins so is judged here and nowhere else."""

    def authenticate(self, request) -> tuple[User, ApiToken] | None:
        kind, _space, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if kind.lower() != "bearer":
            return None
        token = _token_of(text.strip())
        if token is None:
            raise AuthenticationFailed(
                _("The key is unknown, has expired or was withdrawn."), code="invalid_token"
            )
        _touch(token)
        return token.user, token

    def authenticate_header(self, request) -> str:
        return 'Bearer realm="Portal PUG"'


def _token_of(text: str) -> ApiToken | None:
    """The live token of this key. Every guessed key costs one look-up and one comparison."""
    key = keys.read(text) or keys.Key("", "")
    token = ApiToken.objects.select_related("user").filter(lookup=key.lookup).first()
    if not key.matches(token.digest if token else None):
        _log.warning("A key was refused: unknown or guessed, look-up %r", key.lookup)
        return None
    live = token.revoked_at is None and token.expires_on >= timezone.localdate()
    if live and token.user.may_enter:
        return token
    note_refused_key(token)
    return None


def _touch(token: ApiToken) -> None:
    """Note the use, at most once a minute."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > _TOUCH:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)


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
        method = "GET" if request.method in {"HEAD", "OPTIONS"} else request.method
        scopes = getattr(view, "required_scopes", {})
        if method not in scopes:
            return False
        return scopes[method] is None or carries(request, scopes[method])


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
