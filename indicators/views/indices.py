"""One index: its lines, the regencies of the province in a year, every value with its source."""

from __future__ import annotations

from datetime import datetime

from django.shortcuts import render
from django.urls import re_path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.downloads import asked_format, download, formats_for
from core.tables import Column, Table

from ..index_chart import index_chart
from ..meanings import MEANINGS, PAGES, PARTS
from ..models import IndexValue
from ..place import kept_regencies, regency_code
from ..reading import area_names
from ..series import fullest, near, newest, peer_years, peers_of
from ..shipped import told


@require_safe
def index(request, index):
    """The chart joins years of one release only; `?peers=` chooses the year of the bars."""
    code, meaning = regency_code(request.user), MEANINGS[index]
    seen = IndexValue.objects.visible_to(request.user).standing().select_related("release")
    rows = list(near(seen.filter(release__index=index), code))
    if fmt := asked_format(request):
        return download(values_table(rows, meaning, timezone.now()), fmt, request=request)
    years = peer_years(rows, code[:2])
    chosen = _year(request, years) or fullest(rows, years, code)
    peers = peers_of(rows, code, chosen) if chosen else []
    names = area_names({one.area_code for one in rows} | {code, code[:2]})
    context = {
        "index": index,
        "others": [MEANINGS[one] for one in PAGES],
        "meaning": meaning,
        "regency": names[code],
        "province": names[code[:2]],
        "drawn": index_chart(rows, code, meaning),
        "years": years,
        "chosen": chosen,
        "peers": peers,
        "one_release": len({one.value.release_id for one in peers}) == 1,
        "without": "" if any(one.ours for one in peers) else names[code],
        "groups": _groups(rows, names, meaning),
        "parts": _parts(seen, index, code),
        "formats": formats_for(len(rows)),
        "may_enter": bool(kept_regencies(request.user)),
        "known": any(one.area_code == code for one in rows),
    }
    return render(request, "indicators/index.html", context)


def _year(request, years: list[int]) -> int | None:
    text = request.GET.get("peers", "")
    return int(text) if text.isascii() and text.isdecimal() and int(text) in years else None


def _newest_first(rows: list[IndexValue]) -> list[IndexValue]:
    return sorted(rows, key=lambda one: (-one.year, len(one.area_code), one.area_code, str(one.pk)))


def _groups(rows: list[IndexValue], names: dict[str, str], meaning) -> list[dict]:
    """The values release by release, the newest first; a note that all of them share once."""
    found: dict = {}
    for one in _newest_first(rows):
        found.setdefault(one.release_id, []).append(one)
    groups = []
    for values in found.values():
        notes = {one.note for one in values}
        shared = notes.pop() if len(notes) == 1 else ""
        lines = [
            {
                "value": one,
                "area": names[one.area_code],
                "written": meaning.written(one.value),
                "note": "" if shared else told(one.note),
            }
            for one in values
        ]
        groups.append({"release": values[0].release, "note": told(shared), "rows": lines})
    return groups


def _parts(seen, index: str, code: str) -> list[dict]:
    """What the index is made of: the regency's newest values, each with its source."""
    wanted = PARTS.get(index, ())
    if not wanted:
        return []
    rows = list(seen.filter(release__index__in=wanted, area_code=code))
    found = [(part, newest(one for one in rows if one.release.index == part)) for part in wanted]
    return [
        {
            "meaning": MEANINGS[part],
            "value": one,
            "written": MEANINGS[part].written(one.value),
            "note": told(one.note),
        }
        for part, one in found
        if one
    ]


def values_table(rows: list[IndexValue], meaning, now: datetime) -> Table:
    """Every value of the page as a file."""
    names = area_names(one.area_code for one in rows)
    columns = [
        Column("index", _("Index"), "code"),
        Column("area_code", _("Area code"), "code", paper=False),
        Column("area", _("Area")),
        Column("year", _("Year"), "code"),
        Column("value", _("Value"), "number"),
        Column("evidence", _("How surely")),
        Column("release", _("Release")),
        Column("publisher", _("Publisher"), paper=False),
        Column("method", _("Method or base"), paper=False),
        Column("state", _("Revision state")),
        Column("source", _("Source"), paper=False),
        Column("source_url", _("Address of the source"), paper=False),
        Column("note", _("Note"), paper=False),
    ]
    lines = [
        (
            *(one.release.index, one.area_code, names[one.area_code], str(one.year)),
            *(round(float(one.value), 3), one.get_evidence_display()),
            *(one.release.title, one.release.publisher, one.release.method),
            *(one.release.get_state_display(), one.release.source, one.release.source_url),
            told(one.note),
        )
        for one in _newest_first(rows)
    ]
    stamp = timezone.localtime(now).isoformat(sep=" ", timespec="seconds")
    notes = [(_("Index"), meaning.index.label), (_("Downloaded at"), stamp)]
    reading = [_("Values of different releases are not comparable without a word: see the method.")]
    title = str(meaning.index.label)
    return Table(f"indeks-{meaning.index.value}", title, columns, lines, notes, reading=reading)


_INDEX = "|".join(one.value for one in PAGES)
urlpatterns = [re_path(rf"^(?P<index>{_INDEX})/$", index, name="index")]
