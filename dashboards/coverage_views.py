"""Which villages agreements and facilitators reach: figures, map, list and file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import django_filters as filters
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.downloads import asked_format, download, formats_for
from core.tables import Column, Table
from mou.coverage import IDLE_MONTHS, Coverage, VillageCover, coverage_of
from mou.models import Partner
from programs.exports import notes_of_list
from programs.filters.shared import ListFilter, districts_of
from programs.views.shared import require
from villages.models import Regency, Village

from .areas import LARGE, district_title
from .maps import Map, VillageShare, area_map
from .place import area_or_home

ROWS = 50
AGREEMENTS, FACILITATORS = "agreements", "facilitators"
LAYERS = {
    AGREEMENTS: gettext_lazy("Agreements"),
    FACILITATORS: gettext_lazy("Facilitators"),
}
#: The kinds of village on each layer of the map, with the look of each.
KINDS = {
    AGREEMENTS: {
        "active": ("cover-active", gettext_lazy("Agreement in force, with activity")),
        "ending": ("cover-ending", gettext_lazy("Ends within 90 days")),
        "idle": ("cover-idle", gettext_lazy("In force, but without activity")),
        "none": ("cover-none", gettext_lazy("No agreement in force")),
    },
    FACILITATORS: {
        "own": ("cover-active", gettext_lazy("Facilitator of its own (PLD)")),
        "district": ("cover-idle", gettext_lazy("Only for the district (PD)")),
        "nobody": ("cover-none", gettext_lazy("No facilitator")),
    },
}
#: Which villages the list is narrowed to, by the word in the address.
STATES = {
    "none": (gettext_lazy("Without an agreement"), lambda one: not one.covered),
    "ending": (gettext_lazy("Agreement ends soon"), lambda one: one.ending),
    "idle": (gettext_lazy("Covered, without activity"), lambda one: one.idle),
    "active": (gettext_lazy("Covered, with activity"), lambda one: one.covered and not one.idle),
    "no_pld": (gettext_lazy("Without a facilitator of its own"), lambda one: not one.facilitators),
    "nobody": (gettext_lazy("Without any facilitator"), lambda one: one.support == "nobody"),
}


@dataclass(frozen=True)
class Kind:
    """One line of the legend."""

    css: str
    label: Any
    count: int


def partners_of(request):
    return Partner.objects.visible_to(request.user)


class CoverageFilter(ListFilter):
    """What the page looks at: agreements of one partner, one district, some of the villages."""

    unasked = ("layer", "area")

    partner = filters.ModelChoiceFilter(
        label=gettext_lazy("Agreements with"),
        queryset=partners_of,
        method="filter_nothing",
        empty_label=gettext_lazy("All"),
    )
    district = filters.ModelChoiceFilter(
        label=gettext_lazy("District"),
        field_name="district",
        to_field_name="code",
        queryset=districts_of,
        empty_label=gettext_lazy("All"),
    )
    state = filters.ChoiceFilter(
        label=gettext_lazy("Which villages"),
        choices=[(word, label) for word, (label, _fits) in STATES.items()],
        method="filter_nothing",
        empty_label=gettext_lazy("All"),
    )
    months = filters.ChoiceFilter(
        label=gettext_lazy("Months without activity"),
        choices=[(str(number), str(number)) for number in (1, 2, 6, 9, 12)],
        method="filter_nothing",
        empty_label=str(IDLE_MONTHS),
    )
    layer = filters.ChoiceFilter(
        label=gettext_lazy("Map"), choices=[*LAYERS.items()], method="filter_nothing"
    )

    class Meta:
        model = Village
        fields: tuple[str, ...] = ()

    def filter_nothing(self, villages, _name, _value):
        """Read by the page: no column of a village says it."""
        return villages


@require_safe
def coverage(request):
    require("view" in request.user.capabilities)
    regency = _regency(request)
    found = CoverageFilter(request.GET, queryset=Village.objects.none(), request=request)
    if not found.form.is_valid():
        context = {"filter": found, "form": found.form, "regency": regency}
        return render(request, "dashboards/coverage.html", context, status=422)
    said, today = found.form.cleaned_data, timezone.localdate()
    cover = _coverage(request.user, regency, said, today)
    listed = _listed(cover, said["state"])
    if fmt := asked_format(request):
        return download(_table(listed, regency, found, timezone.now()), fmt, request=request)
    layer = said["layer"] or AGREEMENTS
    context = {
        "filter": found,
        "form": found.form,
        "regency": regency,
        "today": today,
        "cover": cover,
        "layers": LAYERS.items(),
        "layer": layer,
        "map": coverage_map(regency, cover, listed, layer),
        "legend": legend_of(cover, layer),
        "overlap": sum(one.ending and one.idle for one in cover.rows) if layer == AGREEMENTS else 0,
        "page": Paginator(listed, ROWS).get_page(request.GET.get("page")),
        "formats": formats_for(len(listed)),
    }
    return render(request, "dashboards/coverage.html", context)


def _regency(request) -> Regency:
    """That of the area asked for, else where her work is; 404 outside her reach."""
    area = area_or_home(request.user, request.GET.get("area", ""))
    if area and area.level in LARGE:
        raise Http404
    code = area.code if area else request.user.villages_with("view").values_list("code").first()
    found = Regency.reference.filter(code=(code if area else code[0])[:5]).first() if code else None
    if found is None:
        raise Http404
    return found


def _coverage(user, regency: Regency, said: dict, today: date) -> Coverage:
    months = int(said["months"] or IDLE_MONTHS)
    cover = coverage_of(user, regency, today, partner=said["partner"], months=months)
    if said["district"] is None:
        return cover
    rows = [one for one in cover.rows if one.village.district_id == said["district"].pk]
    return replace(cover, rows=tuple(rows))


def _listed(cover: Coverage, state: str) -> list[VillageCover]:
    if not state:
        return list(cover.rows)
    _label, fits = STATES[state]
    return [one for one in cover.rows if fits(one)]


def coverage_map(
    regency: Regency, cover: Coverage, listed: Sequence[VillageCover], layer: str
) -> Map | None:
    """The villages by their kind on this layer; those that are not listed step back."""
    shares = [_share(one, layer) for one in cover.rows]
    drawn = area_map(regency.code, shares) if shares else None
    if drawn is None:
        return None
    kept = {one.village.code for one in listed}
    css = {
        one.village.code: KINDS[layer][_kind(one, layer)][0]
        + ("" if one.village.code in kept else " off")
        for one in cover.rows
    }
    painted = tuple(replace(one, css=css[one.code]) for one in drawn.painted)
    return replace(drawn, painted=painted, legend=())


def legend_of(cover: Coverage, layer: str) -> list[Kind]:
    """The kinds of this layer, each with its number of villages."""
    counts = Counter(_kind(one, layer) for one in cover.rows)
    return [Kind(css, label, counts[word]) for word, (css, label) in KINDS[layer].items()]


def _kind(one: VillageCover, layer: str) -> str:
    return one.state if layer == AGREEMENTS else one.support


def _share(one: VillageCover, layer: str) -> VillageShare:
    village = one.village
    label = str(KINDS[layer][_kind(one, layer)][1])
    district = district_title(village.district.name)
    words = {"village": village.title, "district": district, "what": label}
    return VillageShare(
        village.code,
        village.title,
        village.district.name,
        0,
        0,
        reverse("dashboards:area", args=[village.code]),
        _("%(village)s, %(district)s: %(what)s") % words,
        village.name,
    )


_COLUMNS = (
    Column("village_code", gettext_lazy("Village code"), "code", paper=False),
    Column("village", gettext_lazy("Village")),
    Column("district", gettext_lazy("District")),
    Column("agreements", gettext_lazy("Agreements in force")),
    Column("days_left", gettext_lazy("Days left"), "count"),
    Column("state", gettext_lazy("State")),
    Column("last_activity", gettext_lazy("Last activity of a partner"), "day"),
    Column("facilitators", gettext_lazy("Facilitators of its own (PLD)")),
    Column("district_facilitators", gettext_lazy("For the district (PD)"), paper=False),
)


def _table(
    rows: Sequence[VillageCover], regency: Regency, found: ListFilter, now: datetime
) -> Table:
    cells = [
        (
            one.village.code,
            one.village.title,
            one.village.district.name,
            "; ".join(cover.agreement.title for cover in one.agreements),
            one.days_left,
            str(KINDS[AGREEMENTS][one.state][1]),
            one.last_activity,
            ", ".join(one.facilitators),
            ", ".join(one.district_facilitators),
        )
        for one in rows
    ]
    title = _("Village coverage, %(area)s") % {"area": regency.name}
    return Table("cakupan-desa", title, _COLUMNS, cells, notes_of_list(found, now))
