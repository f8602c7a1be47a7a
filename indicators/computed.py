"""What the portal knows itself of a village in a year, ready to answer items of scorecards.

Each figure comes from where the boards take it: seats and proposals as sent in, the number of
`programs.involvement` from verified records, the gender budget of `planning.arg`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats import rupiah
from planning.arg import groups_of
from planning.arg_sums import Money, row_of
from planning.models import APPROVED_STATES, BudgetLine, BudgetTotal, Denominator, GenderAnalysis
from programs.involvement import HEADLINE, JUDGED, Headline
from programs.models import Basis, VillagePeriod
from programs.rollups import LEVEL_COLUMNS
from villages.models import Village

from .models import COMMUNITY, MEETINGS, AnswerState, ProposalStage, Representation, Seat

#: (part, whole); None: not known.
Pair = tuple[int, int] | None
_TEAMS = (Seat.RPJMDES_TEAM, Seat.RKPDES_TEAM)
_GOVERNANCE = (Seat.BPD, Seat.OFFICIALS, *COMMUNITY, Seat.CUSTOMARY)


@dataclass(frozen=True)
class Facts:
    """What is on file of one village in one year. None and absent keys: not known, never 0."""

    village: Village
    year: int
    seats: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    women_meeting: bool | None = None
    proposals: Mapping[str, int] = field(default_factory=dict)
    logs: Pair = None
    programs: Headline = Headline()
    budget: Pair = None
    analyses: int = 0

    def together(self, seats: Sequence[str]) -> Pair:
        """Women and all of these bodies as one, from those that are known."""
        known = [self.seats[one] for one in seats if one in self.seats]
        return (sum(one[0] for one in known), sum(one[1] for one in known)) if known else None


@dataclass(frozen=True)
class Found:
    """A computed answer: a figure, or a word where there is none; `words` say what it is made of.

    A percentage is cut after two decimals, so that it never reaches a target the heads miss.
    """

    words: str
    value: Decimal | None = None
    state: str = ""


@dataclass(frozen=True)
class Computed:
    """One thing the portal fills in. `source`: where from; `link`: the page (name and what its
    address takes of village code and year) where it can be checked and put right."""

    label: Any
    source: Any
    link: tuple[str, tuple[str, ...], str]
    of: Callable[[Facts], Found | None]


def facts_of(village: Village, year: int) -> Facts:
    """Seven queries."""
    said = Representation.objects.sent().filter(village=village, year=year)
    row = said.prefetch_related("seats", "proposals").first()
    period = VillagePeriod.objects.of(year, 0, Basis.VERIFIED).filter(village=village).first()
    analyses = GenderAnalysis.objects.filter(
        program__owner_village=village, year=year, state__in=APPROVED_STATES
    )
    return Facts(
        village,
        year,
        {one.seat: (one.women, one.total) for one in row.seats.all()} if row else {},
        row.women_meeting if row else None,
        {one.stage: one.number for one in row.proposals.all()} if row else {},
        (period.counted, period.activities) if period and period.activities else None,
        _headline(period),
        _budget(village, year),
        analyses.count(),
    )


def found_of(name: str, facts: Facts) -> Found | None:
    """What the portal knows under this name; None where it knows nothing, or not the name."""
    return COMPUTED[name].of(facts) if name in COMPUTED else None


def _headline(period: VillagePeriod | None) -> Headline:
    if period is None:
        return Headline()
    counts = {one: getattr(period, column) for one, column in LEVEL_COLUMNS.items()}
    return Headline(
        sum(counts[one] for one in JUDGED if one >= HEADLINE),
        sum(counts[one] for one in JUDGED),
        period.no_data,
    )


def _budget(village: Village, year: int) -> Pair:
    """Gender budget of the village's own lines and its whole APBDes, as planned."""
    kind = Denominator.TOTAL_APBDES
    total = BudgetTotal.objects.filter(village=village, year=year, kind=kind).first()
    if total is None:
        return None
    lines = BudgetLine.objects.filter(owner_village=village, year=year).counted()
    whole = Money(plan=total.plan)
    return row_of(None, "", groups_of(lines, "category"), kind, whole).share("plan")


def percent(pair: tuple[int, int]) -> Decimal:
    return Decimal(10_000 * pair[0] // pair[1]) / 100


def _share(pair: Pair, words: str) -> Found | None:
    """`words` hold %(n)s and %(m)s."""
    if not pair or not pair[1]:
        return None
    return Found(words % {"n": pair[0], "m": pair[1]}, percent(pair))


def _of_seats(seats: Sequence[str]) -> Callable[[Facts], Found | None]:
    def found(facts: Facts) -> Found | None:
        pair = facts.together(seats)
        if not pair:
            return None
        each = [
            f"{Seat(one).label} {facts.seats[one][0]}/{facts.seats[one][1]}"
            for one in seats
            if one in facts.seats
        ]
        return Found(_("Women of all: %(each)s") % {"each": "; ".join(each)}, percent(pair))

    return found


def _bpd_women(facts: Facts) -> Found | None:
    pair = facts.together((Seat.BPD,))
    if not pair:
        return None
    words = _("%(n)s women among %(m)s members") % {"n": pair[0], "m": pair[1]}
    return Found(words, Decimal(pair[0]))


def _teams(facts: Facts) -> Found | None:
    known = [facts.seats[one] for one in _TEAMS if one in facts.seats]
    pair = (sum(women > 0 for women, _total in known), len(known))
    return _share(pair, _("%(n)s of %(m)s teams have a woman"))


def _meeting(facts: Facts) -> Found | None:
    if facts.women_meeting is None:
        return None
    if facts.women_meeting:
        return Found(_("It was held"), state=AnswerState.MET)
    return Found(_("It was not held"), state=AnswerState.NOT_MET)


def _proposals(facts: Facts) -> Found | None:
    raised = facts.proposals.get(ProposalStage.RAISED)
    budgeted = facts.proposals.get(ProposalStage.APBDES)
    if not raised or budgeted is None:
        return None
    words = _("%(n)s of %(m)s proposals of women came into the APBDes")
    return _share((min(budgeted, raised), raised), words)


def _logs(facts: Facts) -> Found | None:
    return _share(facts.logs, _("%(n)s of %(m)s verified activities have women and men counted"))


def _programs(facts: Facts) -> Found | None:
    found = _share(facts.programs.share, _("%(n)s of %(m)s programs involve women"))
    if found and facts.programs.no_data:
        more = _("%(words)s, %(count)s without data")
        return Found(more % {"words": found.words, "count": facts.programs.no_data}, found.value)
    return found


def _arg(facts: Facts) -> Found | None:
    if not facts.budget:
        return None
    part, whole = (rupiah(one) for one in facts.budget)
    words = _("%(part)s of %(whole)s in the APBDes") % {"part": part, "whole": whole}
    return Found(words, percent(facts.budget))


def _analyses(facts: Facts) -> Found | None:
    """Nothing approved is a fact of the portal, not a gap in its data; a kelurahan has none."""
    if not facts.village.has_apbdes:
        return None
    words = _("%(n)s approved GAP of the village's own activities") % {"n": facts.analyses}
    return Found(words, Decimal(facts.analyses))


_SEATS = gettext_lazy("Women's seats, as sent in")
_LOGS = gettext_lazy("Verified activities")
_PLANS = gettext_lazy("Planning of the village")
_TO_SEATS = ("indicators:seats-village", ("code", "year"), "")
_TO_LOGS = ("programs:activity-list", (), "?village={code}&year={year}")
_TO_AREA = ("dashboards:area", ("code",), "?year={year}")
_TO_ARG = ("planning:arg", (), "?year={year}")
_TO_GAP = ("planning:village-list", (), "")

COMPUTED: dict[str, Computed] = {
    "bpd_women": Computed(gettext_lazy("Women in the BPD"), _SEATS, _TO_SEATS, _bpd_women),
    "bpd_share": Computed(
        gettext_lazy("Women's share in the BPD"), _SEATS, _TO_SEATS, _of_seats((Seat.BPD,))
    ),
    "officials_share": Computed(
        gettext_lazy("Women's share of village officials"),
        _SEATS,
        _TO_SEATS,
        _of_seats((Seat.OFFICIALS,)),
    ),
    "governance_share": Computed(
        gettext_lazy("Women's share in village government, BPD, LKD and customary body"),
        _SEATS,
        _TO_SEATS,
        _of_seats(_GOVERNANCE),
    ),
    "meetings_share": Computed(
        gettext_lazy("Women's share at Musdes and Musrenbang"),
        _SEATS,
        _TO_SEATS,
        _of_seats(MEETINGS),
    ),
    "planning_teams": Computed(
        gettext_lazy("Planning teams with a woman"), _SEATS, _TO_SEATS, _teams
    ),
    "women_meeting": Computed(
        gettext_lazy("Special meeting of women"), _SEATS, _TO_SEATS, _meeting
    ),
    "proposals_in_budget": Computed(
        gettext_lazy("Women's proposals in the APBDes"), _SEATS, _TO_SEATS, _proposals
    ),
    "logs_by_sex": Computed(gettext_lazy("Activities counted by sex"), _LOGS, _TO_LOGS, _logs),
    "programs_involving": Computed(
        gettext_lazy("Programs that involve women"), _LOGS, _TO_AREA, _programs
    ),
    "arg_share": Computed(gettext_lazy("Gender budget in the APBDes"), _PLANS, _TO_ARG, _arg),
    "gap_desa": Computed(gettext_lazy("Approved GAP Desa"), _PLANS, _TO_GAP, _analyses),
}
