"""Views that people keep: a page with its filter under a name, hers alone or for her colleagues."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.db import transaction
from django.http import QueryDict
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core import audit
from core.errors import Problem, Refused
from core.formats import count, one_line
from programs.filters import ActivityFilter
from programs.models import Activity

from .areas import LARGE, Area, find_area, home_area
from .boards import area_board, years_seen_by
from .filters import newest_year, parse
from .models import SavedView

MOST = 60
#: Pages that can be kept, with their names.
PAGES = {
    "dashboards:board": gettext_lazy("Overview"),
    "dashboards:area": gettext_lazy("Area"),
    "dashboards:area-villages": gettext_lazy("Table of villages"),
    "dashboards:compare": gettext_lazy("Two periods compared"),
    "dashboards:map": gettext_lazy("Map"),
    "dashboards:pivot": gettext_lazy("Cross table"),
    "dashboards:standings": gettext_lazy("Programs in villages"),
    "dashboards:offices": gettext_lazy("Programs by owner"),
    "dashboards:office": gettext_lazy("Programs of an office"),
    "dashboards:intent": gettext_lazy("Intent and achievement"),
    "dashboards:deciding": gettext_lazy("Women in decision making"),
    "programs:activity-list": gettext_lazy("Activities"),
    "programs:program-list": gettext_lazy("Programs"),
    "programs:reporting": gettext_lazy("Reporting of villages"),
}
#: What belongs to one visit and not to the view.
_PASSING = {"page", "cursor", "format"}


@transaction.atomic
def save_view(*, actor: Any, name: str, path: str, query: str, shared: bool = False) -> SavedView:
    """Keep a page with its filter under a name; the same name again replaces what it held.

    Refused for a page that cannot be kept, an empty or too long name, and beyond `MOST` views.
    """
    name = one_line(name)
    problems = []
    if not name or len(name) > SavedView._meta.get_field("name").max_length:
        problems.append(Problem("name", "length", _("Write a name of 1 to 80 letters.")))
    if len(path) > SavedView._meta.get_field("path").max_length or page_of(path) is None:
        problems.append(Problem("path", "unknown_page", _("This page cannot be kept.")))
    query = _lasting(query)
    if len(query) > SavedView._meta.get_field("query").max_length:
        problems.append(Problem("query", "length", _("This filter is too long to be kept.")))
    hers = SavedView.objects.of(actor)
    if not hers.filter(name=name).exists() and hers.count() >= MOST:
        words = _("You keep %(most)s views already. Delete one of them first.")
        problems.append(Problem("name", "too_many", words % {"most": MOST}))
    if problems:
        raise Refused(*problems)
    kept, _is_new = SavedView.objects.update_or_create(
        owner=actor, name=name, defaults={"path": path, "query": query, "shared": shared}
    )
    audit.record(actor, "view.saved", kept, **_told(kept), shared=shared)
    return kept


@transaction.atomic
def change_view(kept: SavedView, *, actor: Any, shared: bool, is_default: bool) -> None:
    """Open it to colleagues or not; let her work begin with it (one view at most)."""
    User.objects.select_for_update().get(pk=actor.pk)
    if is_default:
        SavedView.objects.of(actor).filter(is_default=True).exclude(pk=kept.pk).update(
            is_default=False
        )
    SavedView.objects.of(actor).filter(pk=kept.pk).update(shared=shared, is_default=is_default)
    audit.record(actor, "view.changed", kept, shared=shared, is_default=is_default)


@transaction.atomic
def delete_view(kept: SavedView, *, actor: Any) -> None:
    told = {"name": kept.name, **_told(kept)} if kept.shared else {}
    audit.record(actor, "view.deleted", kept, **told)
    SavedView.objects.of(actor).filter(pk=kept.pk).delete()


def _told(kept: SavedView) -> dict[str, str]:
    """Its address for the audit trail; nobody else opens one that is hers alone."""
    return {"path": kept.path, "query": kept.query} if kept.shared else {}


def page_of(path: str) -> str | None:
    """The route of a page that can be kept; None for every other address."""
    try:
        name = resolve(path).view_name
    except Resolver404:
        return None
    return name if name in PAGES else None


def address_of(kept: SavedView) -> str:
    return f"{kept.path}?{kept.query}" if kept.query else kept.path


def start_of(user: Any) -> str:
    """Where her work begins: the view she chose, while it can be opened; else the overview."""
    chosen = SavedView.objects.of(user).filter(is_default=True).first()
    if chosen and page_of(chosen.path):
        with suppress(LookupError):
            if "code" in resolve(chosen.path).kwargs:
                _area(user, chosen.path)
            return address_of(chosen)
    return reverse("dashboards:board")


@dataclass(frozen=True)
class Listed:
    """A view on her list: what it shows today, or that it can no longer be opened."""

    view: SavedView
    page: str
    says: str = ""

    @property
    def url(self) -> str:
        return address_of(self.view)


def listed(user: Any) -> list[Listed]:
    years = list(years_seen_by(user))
    default = newest_year(years, timezone.localdate())
    return [_listed(user, view, default) for view in SavedView.objects.of(user)]


def _listed(user: Any, view: SavedView, default_year: int) -> Listed:
    page = page_of(view.path)
    if page is None:
        return Listed(view, "")
    try:
        says = _says(user, page, view, default_year)
    except (Refused, LookupError):
        return Listed(view, "")
    return Listed(view, str(PAGES[page]), says)


def _says(user: Any, page: str, view: SavedView, default_year: int) -> str:
    """The page's number today, in words; "" where it has no single one."""
    params = QueryDict(view.query)
    if page == "programs:activity-list":
        asker = SimpleNamespace(user=user, GET=params)  # all that its filters look at
        found = ActivityFilter(params, Activity.objects.visible_to(user), request=asker)
        if not found.form.is_valid():
            raise LookupError(view.query)
        return _("%(n)s activities") % {"n": count(found.qs.count())}
    if page not in ("dashboards:board", "dashboards:area", "dashboards:area-villages"):
        return ""
    area = _area(user, view.path)
    if area.level in LARGE or area.level == "village":
        return ""
    headline = area_board(user, area, parse(params.dict(), default_year)).headline
    words = {"n": count(headline.involved), "m": count(headline.judged)}
    return _("%(n)s of %(m)s programs involve women") % words if headline.share else "–"


def _area(user: Any, path: str) -> Area:
    code = resolve(path).kwargs.get("code")
    area = find_area(user, code) if code else home_area(user, settings.PUG_REGENCY)
    if not area:
        raise LookupError(path)
    return area


def _lasting(query: str) -> str:
    pairs = parse_qsl(query.removeprefix("?"), keep_blank_values=False)
    return urlencode([(name, value) for name, value in pairs if name not in _PASSING])
