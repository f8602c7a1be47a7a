"""Intent beside achievement: what programs set out to do, and what their villages reached.

Two axes, never one number (domain.md 3.2): the gender marker says what was planned, the verdict
`involvement.program_involves` what was counted. A program stands here once, however many
villages it has.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.errors import Problem, Refused
from core.formats import count
from programs.involvement import (
    DEFINITION_VERSION,
    WOMEN_PERCENT,
    Headline,
    Level,
    headline,
    program_involves,
)
from programs.models import GenderMarker

from .filters import BoardFilter
from .offices import arg_words, marker_words, programs_named
from .place import Place
from .standings import every_pair, levels_by_program

#: What a program reached as one, by the word in the address.
INVOLVES, NOT, NO_DATA, IDLE, APART = "involves", "not", "no_data", "idle", "men"
VERDICTS = {
    INVOLVES: gettext_lazy("Involves women"),
    NOT: gettext_lazy("Does not involve women"),
    NO_DATA: gettext_lazy("Without data"),
    IDLE: gettext_lazy("No activity yet"),
    APART: gettext_lazy("For men, with a gender goal"),
}
#: Intent by the word in the address, strongest first; "none" was never screened.
MARKERS: dict[str, int | None] = {"2": 2, "1": 1, "0": 0, "none": None}
PAPER, UNMARKED = "paper", "unmarked"


@dataclass(frozen=True)
class Intended:
    """One program: what it intends, and what its villages come to."""

    uid: UUID
    title: str
    owner: str
    marker: int | None
    arg: int | None
    gap_approved_on: Any
    #: its villages: those that involve women, are judged, have no data
    villages: Headline
    #: villages without activity, and those where it reached men for an equality goal
    idle: int
    apart: int
    verdict: str

    @property
    def marker_words(self) -> str:
        return marker_words(self.marker)

    @property
    def arg_words(self) -> str:
        return arg_words(self.arg)

    @property
    def verdict_words(self) -> str:
        return str(VERDICTS[self.verdict])

    @property
    def on_paper(self) -> bool:
        """It means to serve equality, by its marker or its budget category."""
        return bool(self.marker) or self.arg is not None

    @property
    def responsive_on_paper_only(self) -> bool:
        """A program for men that reaches them for an equality goal does what it means to."""
        return self.on_paper and self.verdict in (NOT, NO_DATA, IDLE) and not self.apart

    @property
    def unmarked_but_involving(self) -> bool:
        return not self.marker and self.verdict == INVOLVES

    @property
    def reason(self) -> str:
        """Why it has its verdict, from its villages."""
        if self.apart:
            words = ngettext(
                "men reached for an equality goal in %(m)s village",
                "men reached for an equality goal in %(m)s villages",
                self.apart,
            )
            return words % {"m": count(self.apart)}
        if self.verdict == IDLE:
            words = ngettext(
                "no activity yet in %(m)s village", "no activity yet in %(m)s villages", self.idle
            )
            return words % {"m": count(self.idle)}
        if self.verdict == NO_DATA:
            m = self.villages.no_data
            words = ngettext(
                "women and men not counted in %(m)s village",
                "women and men not counted in %(m)s villages",
                m,
            )
            return words % {"m": count(m)}
        if self.verdict == NOT:
            low = self.villages.judged - self.villages.involved
            return _("level 0–1 in %(n)s of %(m)s villages with data") % {
                "n": count(low),
                "m": count(self.villages.judged),
            }
        return _("level 2 or above in %(n)s of %(m)s villages with data") % {
            "n": count(self.villages.involved),
            "m": count(self.villages.judged),
        }


@dataclass(frozen=True)
class Cell:
    """One number of the matrix, what its column says, and the word of its list."""

    number: int
    label: str
    word: str = ""


@dataclass(frozen=True)
class Row:
    """One marker: its programs by what they reached."""

    label: str
    cells: tuple[Cell, ...]

    @property
    def total(self) -> int:
        return sum(cell.number for cell in self.cells)


@dataclass(frozen=True)
class Intent:
    """The programs of a place on both axes."""

    flt: BoardFilter
    programs: tuple[Intended, ...]
    newest: datetime | None
    definition: int = DEFINITION_VERSION
    line: int = WOMEN_PERCENT

    @cached_property
    def verdicts(self) -> tuple[str, ...]:
        """The columns: the last one only where there is such a program."""
        found = {one.verdict for one in self.programs}
        return tuple(word for word in VERDICTS if word != APART or word in found)

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(str(VERDICTS[word]) for word in self.verdicts)

    @cached_property
    def matrix(self) -> tuple[Row, ...]:
        found = Counter((one.marker, one.verdict) for one in self.programs)
        return tuple(
            Row(
                _label(marker),
                tuple(_cell(found[marker, word], word, name) for word in self.verdicts),
            )
            for name, marker in MARKERS.items()
        )

    @property
    def totals(self) -> tuple[Cell, ...]:
        found = Counter(one.verdict for one in self.programs)
        return tuple(_cell(found[word], word) for word in self.verdicts)

    @cached_property
    def on_paper(self) -> int:
        """Programs that mean to serve equality."""
        return sum(one.on_paper for one in self.programs)

    @cached_property
    def paper(self) -> tuple[Intended, ...]:
        """Responsive on paper only, worst first: no activity, no data, then most villages low."""
        found = [one for one in self.programs if one.responsive_on_paper_only]
        return tuple(sorted(found, key=_worst))

    @cached_property
    def unmarked(self) -> tuple[Intended, ...]:
        """Not marked, and involving women all the same; most villages first."""
        found = [one for one in self.programs if one.unmarked_but_involving]
        return tuple(sorted(found, key=lambda one: (-one.villages.involved, one.title)))

    @property
    def involving(self) -> Headline:
        """Each program once: how many involve women, of those with data."""
        found = Counter(one.verdict for one in self.programs)
        return Headline(found[INVOLVES], found[INVOLVES] + found[NOT], found[NO_DATA])

    @property
    def unscreened(self) -> int:
        return sum(one.marker is None for one in self.programs)

    def listed(self, word: str) -> tuple[Intended, ...]:
        """The programs of a list: all of them for ""."""
        if not word:
            return self.programs
        if word in (PAPER, UNMARKED):
            return getattr(self, word)
        name, _dash, verdict = word.partition("-")
        marker = MARKERS[name]
        return tuple(one for one in self.programs if (one.marker, one.verdict) == (marker, verdict))


def _cell(number: int, verdict: str, marker: str = "") -> Cell:
    return Cell(number, str(VERDICTS[verdict]), f"{marker}-{verdict}" if marker else "")


def list_of(word: str) -> str:
    """The list of this word; Refused for one that is not known."""
    name, _dash, verdict = word.partition("-")
    if word in ("", PAPER, UNMARKED) or (name in MARKERS and verdict in VERDICTS):
        return word
    raise Refused(Problem("list", "unknown_value", _("Choose one from the list.")))


def list_title(word: str) -> str:
    """What a list is called: one of the two named ones, or a cell of the matrix."""
    if word == PAPER:
        return _("Responsive on paper only")
    if word == UNMARKED:
        return _("Not marked, but involving women")
    name, _dash, verdict = word.partition("-")
    return _("Marker %(marker)s · %(reached)s") % {
        "marker": _label(MARKERS[name]),
        "reached": VERDICTS[verdict],
    }


def _label(marker: int | None) -> str:
    return _("Not screened yet") if marker is None else str(GenderMarker(marker).label)


_ORDER = {IDLE: 0, NO_DATA: 1, NOT: 2}


def _worst(one: Intended) -> tuple[Any, ...]:
    low = one.villages.judged - one.villages.involved
    return _ORDER[one.verdict], -(one.idle if one.verdict == IDLE else low), one.title


def intent_of(place: Place, flt: BoardFilter) -> Intent:
    """Every program running in the year or recorded in the period. Three queries."""
    members = list(every_pair(place.villages, flt))
    facts = programs_named({one.program for one in members})
    found = [_intended(facts[uid], levels) for uid, levels in levels_by_program(members).items()]
    found.sort(key=lambda one: (one.title, one.uid))
    return Intent(flt, tuple(found), place.newest)


def _intended(fact: dict[str, Any], levels: list[int]) -> Intended:
    villages = headline(levels)
    apart = sum(level == Level.MEN_WITH_GENDER_GOAL for level in levels)
    return Intended(
        uid=fact["uid"],
        title=fact["title"],
        owner=fact["owner"],
        marker=fact["gender_marker"],
        arg=fact["arg_category"],
        gap_approved_on=fact["gap_approved_on"],
        villages=villages,
        idle=sum(level == Level.NOT_COUNTED for level in levels),
        apart=apart,
        verdict=_verdict(villages, apart),
    )


def _verdict(villages: Headline, apart: int) -> str:
    involves = program_involves(villages)
    if involves is not None:
        return INVOLVES if involves else NOT
    if villages.no_data:
        return NO_DATA
    return APART if apart else IDLE
