"""A browser of one person for thousands of calls: she signs in by its cookie once, and she and her
grants, which no call of the walk changes, are read from the database once."""

from __future__ import annotations

from copy import copy
from typing import ClassVar

from django.test import Client
from django.test.client import ClientHandler
from django.urls import ResolverMatch

from accounts.models import User


class _Knowing(ClientHandler):
    """Each request gets a copy of its own of the person whom the login was for; an address that
    was asked before leads to the same door."""

    user: User | None = None
    doors: ClassVar[dict[str, ResolverMatch]] = {}

    def resolve_request(self, request):
        path = request.path_info
        if path not in self.doors:
            self.doors[path] = super().resolve_request(request)
        request.resolver_match = self.doors[path]
        return request.resolver_match

    def get_response(self, request):
        if self.user:
            request._cached_user = copy(self.user)
        return super().get_response(request)


class Browser(Client):
    """`enter` signs in; before that nobody has an account here."""

    def __init__(self) -> None:
        super().__init__(raise_request_exception=False)
        self.handler = _Knowing(enforce_csrf_checks=False)

    def enter(self, user: User) -> None:
        self.force_login(user)
        self.get("/api/v1/session/")  # the login's first call writes its marks; later ones do not
        known = User.objects.get(pk=user.pk)
        assert known.grants_today is not None  # read now, and with every copy
        self.handler.user = known
