"""What the sub-navigation of the indicators shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from indicators.waiting import count_waiting

register = template.Library()
VERIFY = "verify"

#: Name of the page, label, beginnings of the names of the pages below it.
PARTS = (
    ("home", _("Indices"), ("index", "release")),
    ("population", _("Population"), ("population-",)),
    ("seats", _("Women's representation"), ("seats-",)),
    ("cards", _("Village scorecards"), ("cards-", "assessment")),
    ("instruments", _("Instruments"), ("instrument",)),
)


@dataclass(frozen=True)
class Part:
    name: str
    label: Any
    url: str
    below: bool
    waiting: int = 0


@register.simple_tag(takes_context=True)
def indicator_parts(context) -> list[Part]:
    """The pages of this area that are there; what waits for review only to whoever reviews."""
    request = context["request"]
    now = getattr(request.resolver_match, "url_name", "") or ""
    found = [
        Part(name, label, _address(name), now.startswith(below)) for name, label, below in PARTS
    ]
    if VERIFY in request.user.capabilities:
        waiting = count_waiting(request.user)
        found.append(Part("review", _("To review"), _address("review"), False, waiting))
    return [one for one in found if one.url]


def _address(name: str) -> str:
    try:
        return reverse(f"indicators:{name}")
    except NoReverseMatch:
        return ""
