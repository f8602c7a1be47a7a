"""The planning calendar: what falls due when in a year, for whom, and what is then to be done.

The days are proposals (Permendagri 114/2014 and 20/2018 for villages, the region's budget cycle
for offices, six-monthly PUG reports); the office sets its own for a year (Deadline).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.capabilities import Role

from .models import Deadline

_OFFICES = _("Offices (focal points)")
_DRIVER = _("Driver team: Bappedalitbang, BKAD, Inspektorat, DP2KBP3A")
_PUG = _("DP2KBP3A")
_VILLAGES = _("Villages")


@dataclass(frozen=True)
class Entry:
    """One line of the calendar. `tasks`: kinds of planning/todo.py that are to be done by then, of
    which people in `roles` are reminded."""

    key: str
    month: int
    day: int
    title: Any
    who: Any
    what: Any
    source: Any
    tasks: tuple[str, ...] = ()
    roles: frozenset[str] = frozenset()

    @property
    def of_villages(self) -> bool:
        return self.who is _VILLAGES


@dataclass(frozen=True)
class Due:
    """An entry on its day of one year; `own`: the office set the day itself."""

    entry: Entry
    day: date
    own: bool = False

    def days_left(self, today: date) -> int:
        return (self.day - today).days


_WRITERS = frozenset({Role.OPD_FOCAL_POINT, Role.DISTRICT_OFFICER, Role.OFFICER})
_REVIEWERS = frozenset({Role.OFFICER, Role.DISTRICT_OFFICER})
_SIGNERS = frozenset({Role.OPD_HEAD, Role.DISTRICT_OFFICER, Role.OFFICER})
_FIELD = frozenset({Role.VILLAGE_HEAD, Role.FACILITATOR})

_REPORTS = _("Permendagri 15/2008")
_CYCLE = _("The region's planning and budget cycle")
_VILLAGE_RULES = _("Permendagri 114/2014 and 20/2018")

ENTRIES: tuple[Entry, ...] = (
    Entry(
        "report_second",
        1,
        31,
        _("PUG report of semester II and ARG recap of the year"),
        _PUG,
        _("The regent's report to the governor about the semester that ended in December."),
        _REPORTS,
    ),
    Entry(
        "gap",
        3,
        31,
        _("GAP for the Renja of next year"),
        _OFFICES,
        _("Finish the gender analysis of each program and submit it for review."),
        _CYCLE,
        ("gap_finish", "gap_fix"),
        _WRITERS,
    ),
    Entry(
        "siga",
        3,
        31,
        _("Sex-disaggregated data (SIGA) and gender profile"),
        _OFFICES,
        _("Hand over the tables of the year before."),
        _("PermenPPPA 6/2009 and 5/2014"),
    ),
    Entry(
        "gap_review",
        4,
        30,
        _("Review of the GAP that were submitted"),
        _PUG,
        _("Approve each GAP or send it back with remarks."),
        _CYCLE,
        ("gap_review",),
        _REVIEWERS,
    ),
    Entry(
        "gap_check",
        5,
        31,
        _("GAP compared with Renja and RKPD"),
        _("Bappedalitbang"),
        _("Note for each GAP whether it agrees with the plan."),
        _CYCLE,
        ("gap_check",),
        frozenset({Role.PLANNER}),
    ),
    Entry(
        "gbs",
        6,
        30,
        _("RKPD fixed, drafts of the GBS"),
        _OFFICES,
        _("Make the GBS from each approved GAP."),
        _CYCLE,
        ("gbs_make",),
        _WRITERS,
    ),
    Entry(
        "musdes",
        6,
        30,
        _("Musdes for next year's RKPDes"),
        _VILLAGES,
        _("Bring the gap in figures to the meeting; begin the GAP Desa."),
        _VILLAGE_RULES,
        ("gap_finish", "gap_fix"),
        _FIELD,
    ),
    Entry(
        "apbdes_first",
        7,
        14,
        _("APBDes report of semester I"),
        _VILLAGES,
        _("Report to the regent through the camat, with the money of the gender budget."),
        _VILLAGE_RULES,
    ),
    Entry(
        "report_first",
        7,
        31,
        _("PUG report of semester I and ARG recap"),
        _PUG,
        _("The regent's report to the governor about the semester that ended in June."),
        _REPORTS,
    ),
    Entry(
        "kua",
        8,
        31,
        _("KUA-PPAS and changed budget"),
        _OFFICES,
        _("See that the money of each GBS stands in the ceilings."),
        _CYCLE,
    ),
    Entry(
        "rkpdes",
        9,
        30,
        _("RKPDes fixed"),
        _VILLAGES,
        _("Attach the GAP Desa and the GBS Desa to the RKPDes."),
        _VILLAGE_RULES,
        ("gap_finish", "gap_fix", "gbs_make", "gbs_finish", "gbs_fix", "gbs_sign"),
        _FIELD,
    ),
    Entry(
        "rka",
        10,
        31,
        _("RKA with GBS and KAK"),
        _OFFICES,
        _("Submit the GBS and the KAK together with the RKA."),
        _CYCLE,
        ("gbs_make", "gbs_finish", "gbs_fix", "kak_finish", "kak_fix"),
        _WRITERS,
    ),
    Entry(
        "rka_review",
        11,
        30,
        _("Verification of the RKA"),
        _DRIVER,
        _("Check GBS and KAK against the RKA, approve and sign them."),
        _CYCLE,
        ("gbs_review", "kak_review", "gbs_sign", "kak_sign"),
        _SIGNERS,
    ),
    Entry(
        "evaluation",
        12,
        15,
        _("Results of the year and proofs of the seven prerequisites"),
        _OFFICES,
        _("Enter what the indicators have reached and file the proofs."),
        _("Yearly evaluation of PUG (EPP-PUG)"),
        ("results",),
        _WRITERS,
    ),
    Entry(
        "apbdes",
        12,
        31,
        _("Village regulation on the APBDes"),
        _VILLAGES,
        _("Sign the GBS Desa and attach it to the APBDes."),
        _VILLAGE_RULES,
        ("gbs_finish", "gbs_fix", "gbs_sign"),
        _FIELD,
    ),
    Entry(
        "apbd",
        12,
        31,
        _("APBD and DPA fixed"),
        _OFFICES,
        _("Enter the fixed ceilings of the gender budget lines."),
        _CYCLE,
    ),
)
BY_KEY: Mapping[str, Entry] = {one.key: one for one in ENTRIES}


def deadlines(year: int, own: Mapping[str, date] | None = None) -> list[Due]:
    """The year's deadlines by day. `own`: days that the office set itself, by key."""
    own = own or {}
    found = [
        Due(one, own.get(one.key) or date(year, one.month, one.day), one.key in own)
        for one in ENTRIES
    ]
    return sorted(found, key=lambda due: due.day)


def own_days(*years: int) -> dict[int, dict[str, date]]:
    """The days that the office set, by year. One statement."""
    found: dict[int, dict[str, date]] = {year: {} for year in years}
    for row in Deadline.objects.filter(year__in=years, kind__in=BY_KEY):
        found[row.year][row.kind] = row.day
    return found


def coming(today: date) -> list[Due]:
    """What is due today or later, of this year and the next, the nearest first."""
    years = (today.year, today.year + 1)
    own = own_days(*years)
    return sorted(
        (due for year in years for due in deadlines(year, own[year]) if due.day >= today),
        key=lambda due: due.day,
    )
