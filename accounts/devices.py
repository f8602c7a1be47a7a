"""The phone behind a request: which row it is, what to call it, that it still counts."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from . import services
from .models import Device, User

KEY = "device"  # in the session: the id of the row
_LONGEST = 60

#: First match wins: a phone's text names Linux too, Edge's names Chrome and Safari.
_THINGS = (
    (r"iPhone", _("iPhone")),
    (r"iPad", _("iPad")),
    (r"Android.*Mobile|Mobile.*Android", _("Android phone")),
    (r"Android", _("Android tablet")),
    (r"Windows", _("Windows computer")),
    (r"Macintosh", _("Mac computer")),
    (r"CrOS|Linux|X11", _("Linux computer")),
)
_PROGRAMS = (
    (r"SamsungBrowser", "Samsung Internet"),
    (r"OPR/|Opera", "Opera"),
    (r"UCBrowser", "UC Browser"),
    (r"EdgA?/", "Edge"),
    (r"Firefox|FxiOS", "Firefox"),
    (r"Chrome|CriOS", "Chrome"),
    (r"Safari", "Safari"),
)


def label_of(agent: str) -> str:
    """What a person would call it: “HP Android, Chrome”."""
    thing = str(_first(_THINGS, agent) or _("Phone or computer"))
    program = _first(_PROGRAMS, agent)
    return (f"{thing}, {program}" if program else thing)[:_LONGEST]


def _first(rows, agent: str) -> str:
    return next((name for pattern, name in rows if re.search(pattern, agent)), "")


def begin(request, person: User) -> None:
    """She has just signed in here: people of the field get a row, offices have other limits."""
    if person.works_in_the_field:
        made = services.begin_device(person, label_of(request.headers.get("User-Agent", "")))
        request.session[KEY] = str(made.pk)


def leave(request) -> None:
    """Whoever was signed in here goes; her row ends."""
    found = current(request)
    if found:
        services.end_device(found, actor=found.user)


def current(request) -> Device | None:
    """The row of the session of this request."""
    pk = request.session.get(KEY)
    return Device.objects.select_related("user").filter(pk=pk).first() if pk else None


def is_ended(request) -> bool:
    """Somebody has signed this phone out."""
    pk = request.session.get(KEY)
    return bool(pk) and not Device.objects.live().filter(pk=pk, user=request.user).exists()


def note_seen(request) -> None:
    """It called; a session from before there were rows gets its row now."""
    pk = request.session.get(KEY)
    if pk:
        services.note_seen(pk)
    else:
        begin(request, request.user)
