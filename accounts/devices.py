"""The phone behind a request: which row it is, what to call it, that it still counts."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

from . import services
from .models import Device, User

KEY = "device"  # in the session of a phone of the field: the id of its row
COMPUTER = "computer"  # in the session of an office: the same, never asked for again
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
    """She has just signed in here."""
    label = label_of(request.headers.get("User-Agent", ""))
    if person.works_in_the_field:
        request.session[KEY] = str(services.begin_device(person, label).pk)
    else:
        made = services.begin_device(person, label, session_key=request.session.session_key)
        request.session[COMPUTER] = str(made.pk)


def follow(request) -> None:
    """The session has got a new key: the row of an office's computer follows it."""
    pk = request.session.get(COMPUTER)
    if pk:
        services.follow_session(pk, request.session.session_key)


def here(request) -> str:
    """The id of the row of this phone or computer; "" without one."""
    return request.session.get(KEY) or request.session.get(COMPUTER) or ""


def leave(request) -> None:
    """Whoever was signed in here goes; her row ends."""
    found = current(request)
    if found:
        services.end_device(found, actor=found.user)


def current(request) -> Device | None:
    """The row of the session of this request."""
    pk = here(request)
    return Device.objects.select_related("user").filter(pk=pk).first() if pk else None


def is_ended(request) -> bool:
    """Somebody has signed this phone out."""
    pk = request.session.get(KEY)
    return bool(pk) and not Device.objects.live().filter(pk=pk, user=request.user).exists()


def note_seen(request) -> None:
    """It called; a session from before there were rows gets its row now."""
    pk = here(request)
    if pk:
        services.note_seen(pk)
    elif request.user.works_in_the_field:
        begin(request, request.user)
