"""Early warnings: what can still be mended, before the year or the agreement is over.

No woman in the BPD, nothing recorded for 30 days, decrees and agreements about to end, programs in
their last months that have not involved women yet (domain.md 12.2, item 10).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import formats
from indicators.models import Representation, ReviewState, Seat, SeatCount
from mou import standing
from mou.models import Agreement, Body, BodyKind, Standing
from programs.models import Activity, NothingToReport, ProgramState
from villages.models import VillageQuerySet

from .areas import district_title, village_title
from .filters import BoardFilter
from .standings import months_of, program_rows

#: Days without a record after which a village is asked.
SILENT = 30
#: Days before its end in which a program can still be mended, and is spoken of.
LAST_MONTHS = 120
#: Days before and after an end in which it is spoken of.
ENDING = standing.SOON


@dataclass(frozen=True)
class EarlyWarning:
    """One thing to mend: what it is about, where, what is the matter, and where to go."""

    what: str
    place: str
    words: str
    url: str
    code: str = ""


@dataclass(frozen=True)
class Kind:
    """One kind of warning: its word in the address, what it is called, what to do about it."""

    name: str
    label: Any
    advice: Any
    of: Callable[[Where], Iterator[EarlyWarning]]


@dataclass(frozen=True)
class Where:
    """For whom, in which villages, on which day."""

    user: Any
    villages: VillageQuerySet
    today: date

    @property
    def whole(self) -> Any:
        """Regencies that she sees whole, among those of these villages."""
        of = self.villages.order_by().values("district__regency")
        return self.user.regencies_with("view").filter(pk__in=of)


def warnings_of(where: Where) -> dict[str, list[EarlyWarning]]:
    """All of them by kind, in the order of KINDS; a handful of queries however many villages."""
    return {kind.name: list(kind.of(where)) for kind in KINDS}


_PLACE = ("code", "kind", "name", "district__name")


def _no_woman_in_bpd(where: Where) -> Iterator[EarlyWarning]:
    """Villages whose newest word about the BPD says that no woman sits in it."""
    told = Representation.objects.sent().filter(village=OuterRef("pk"), seats__seat=Seat.BPD)
    newest = Subquery(told.order_by("-year").values("year")[:1])
    none = SeatCount.objects.filter(
        representation__village=OuterRef("pk"),
        representation__year=OuterRef("newest"),
        seat=Seat.BPD,
        women=0,
    )
    sure = none.filter(representation__state=ReviewState.VERIFIED)
    found = where.villages.live().annotate(newest=newest, sure=Exists(sure)).filter(Exists(none))
    rows = _in_order(found).values_list(*_PLACE, "newest", "sure")
    for code, kind, name, district, year, verified in rows:
        yield EarlyWarning(
            village_title(kind, name),
            district_title(district),
            (
                _("No woman in the BPD (%(year)s).")
                if verified
                else _("No woman in the BPD (%(year)s), not yet verified.")
            )
            % {"year": year},
            reverse("indicators:seats-village", args=[code, year]),
            code,
        )


def _silent(where: Where) -> Iterator[EarlyWarning]:
    """Villages of which nothing of the last 30 days is on record, nor declared as none."""
    since = where.today - timedelta(days=SILENT)
    recent = Activity.objects.live().filter(
        village=OuterRef("pk"), held_on__range=(since, where.today)
    )
    months = {(day.year, day.month) for day in (since, where.today)}
    said = Q(pk__in=[])
    for year, month in months:
        said |= Q(year=year, month=month)
    none = NothingToReport.objects.filter(said, village=OuterRef("pk"), withdrawn_at=None)
    found = where.villages.live().filter(~Exists(recent), ~Exists(none))
    last = Max("activities__held_on", filter=~Q(activities__state="voided"))
    rows = _in_order(found).annotate(last=last).values_list(*_PLACE, "last")
    for code, kind, name, district, day in rows:
        yield EarlyWarning(
            village_title(kind, name),
            district_title(district),
            _("Nothing recorded since %(day)s.") % {"day": formats.day_long(day)}
            if day
            else _("Nothing recorded yet."),
            f"{reverse('programs:reporting')}?district={code[:8]}",
            code,
        )


def _agreements(where: Where) -> Iterator[EarlyWarning]:
    """Agreements that end soon, and those that ended lately, without a renewal."""
    today = where.today
    lately = Q(ends_on__gte=today - timedelta(days=ENDING)) & standing.stands(Standing.ENDED, today)
    rows = Agreement.objects.visible_to(where.user).filter(
        standing.stands(Standing.ENDING, today) | lately,
        ~standing.renewed(),
        regency__in=where.villages.order_by().values("district__regency"),
    )
    for one in rows.select_related("regency").order_by("ends_on", "title"):
        yield EarlyWarning(
            one.title,
            one.regency.name,
            _end(standing.last_day(one), today),
            reverse("mou:agreement", args=[one.pk]),
        )


def _decrees(where: Where) -> Iterator[EarlyWarning]:
    """Bodies whose decree ends soon or has ended, without one that follows."""
    soon = where.today + timedelta(days=ENDING)
    rows = Body.objects.visible_to(where.user).filter(
        ended_at=None, successors=None, valid_until__lte=soon, regency__in=where.whole
    )
    for one in rows.select_related("regency", "opd").order_by("valid_until", "name"):
        place = str(one.opd) if one.opd else str(BodyKind(one.kind).label)
        yield EarlyWarning(
            one.name,
            place,
            _end(one.valid_until, where.today),
            reverse("mou:body", args=[one.pk]),
        )


def _programs(where: Where) -> Iterator[EarlyWarning]:
    """Programs in the last months of their last year that women have had no part in yet: those
    of offices one by one, those of a village together."""
    today = where.today
    if date(today.year, 12, 31) - today > timedelta(days=LAST_MONTHS):
        return
    flt = BoardFilter(today.year, basis="reported")
    ending = {"program__year_to": today.year, "program__state": ProgramState.ACTIVE}
    rows = program_rows(months_of(where.villages, flt).filter(**ending))
    found: dict[tuple[str, Any], list[dict]] = defaultdict(list)
    for row in rows.filter(level__in=(0, 1)):
        own = row["program__owner_village__name"]
        key = ("village", row["village__code"]) if own else ("program", row["program_id"])
        found[key].append(row)
    query = f"year={today.year}&basis=reported"
    for (of, key), those in sorted(found.items(), key=lambda one: (-len(one[1]), str(one[0][1]))):
        if of == "village":
            what, where_ = those[0]["village__name"], _programs_counted(those)
            address, code = reverse("dashboards:area", args=[key]), key
        else:
            what, where_ = those[0]["program__title"], _villages_named(those)
            address, code = reverse("dashboards:program", args=[key]), ""
        yield EarlyWarning(what, where_, _level_words(those), f"{address}?{query}", code)


def _programs_counted(rows: list[dict]) -> str:
    """The village's own, which one call can mend together."""
    if len(rows) == 1:
        return rows[0]["program__title"]
    words = ngettext("%(n)s program of its own", "%(n)s programs of its own", len(rows))
    return words % {"n": formats.count(len(rows))}


def _villages_named(rows: list[dict]) -> str:
    if len(rows) == 1:
        return rows[0]["village__name"]
    return ngettext("%(n)s village", "%(n)s villages", len(rows)) % {"n": formats.count(len(rows))}


def _level_words(rows: list[dict]) -> str:
    none = sum(row["level"] == 0 for row in rows)
    if none == len(rows):
        return _("No woman has taken part; it ends this year.")
    if not none:
        return _("Women only came or received; it ends this year.")
    words = _("In %(n)s of them no woman has taken part; they end this year.")
    return words % {"n": formats.count(none)}


def _in_order(villages: VillageQuerySet) -> VillageQuerySet:
    return villages.order_by("district__code", "name", "code")


def _end(day: date, today: date) -> str:
    if day < today:
        return _("Ended on %(day)s.") % {"day": formats.day_long(day)}
    left = (day - today).days + 1  # the last day counts, as everywhere (mou/standing.py)
    words = {"n": left, "day": formats.day_long(day)}
    return (
        ngettext("Ends in %(n)s day, on %(day)s.", "Ends in %(n)s days, on %(day)s.", left) % words
    )


KINDS = (
    Kind(
        "bpd",
        gettext_lazy("No woman in the BPD"),
        gettext_lazy("The law asks for at least one. Ask before the next election of members."),
        _no_woman_in_bpd,
    ),
    Kind(
        "programs",
        gettext_lazy("Programs about to end that women have no real part in"),
        gettext_lazy("One more activity with women can still mend the year."),
        _programs,
    ),
    Kind(
        "silent",
        gettext_lazy("Nothing recorded for 30 days"),
        gettext_lazy("Call the village head or the facilitator."),
        _silent,
    ),
    Kind(
        "agreements",
        gettext_lazy("Agreements that end"),
        gettext_lazy("Prepare the renewal, or let it end."),
        _agreements,
    ),
    Kind(
        "decrees",
        gettext_lazy("Decrees (SK) that end"),
        gettext_lazy("Ask for the new decree in time."),
        _decrees,
    ),
)
