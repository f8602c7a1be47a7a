"""Which period, places, programs and records a board shows: read from the query string, kept in
links. The form that asks for it stands in filter_form.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.utils.translation import gettext as _

from core.errors import Problem, Refused
from programs.involvement import NAMED_LEVELS
from programs.models import Basis, FundSource, TargetGroup
from programs.periods import EARLIEST, LATEST, Period, PeriodKind
from villages.models import Level as AreaLevel
from villages.models import Opd, level_of

#: Parts of a year by the name their number has in an address, and the highest number.
PARTS = {"semester": 2, "quarter": 4, "month": 12}
OWNERS = ("opd", "district", "village")
#: What `level` may ask for.
LEVELS = NAMED_LEVELS


@dataclass(frozen=True)
class BoardFilter:
    """One period on one basis, of all programs or of some of them; the names are the address's.

    At most one of semester, quarter and month (0 = the whole year). `district`: a code;
    `owner`: whose programs, a word of OWNERS; `opd`: the key of one office; `level`: a word of
    LEVELS – a board keeps the programs without data beside them.
    """

    year: int
    semester: int = 0
    basis: str = Basis.VERIFIED
    quarter: int = 0
    month: int = 0
    district: str = ""
    owner: str = ""
    opd: int = 0
    target_group: str = ""
    fund_source: str = ""
    level: str = ""

    @property
    def when(self) -> Period:
        for part in PARTS:
            if number := getattr(self, part):
                return Period(self.year, PeriodKind(part).value, number)
        return Period(self.year)

    @property
    def period(self) -> str:
        """The period as a sentence says it."""
        return self.when.label

    @property
    def first_day(self) -> date:
        return self.when.first_day

    @property
    def last_day(self) -> date:
        return self.when.last_day

    @property
    def verified_only(self) -> bool:
        return self.basis == Basis.VERIFIED

    @property
    def whole(self) -> bool:
        """All programs of a year or a semester: what `VillagePeriod` holds ready."""
        return not (self.narrow or self.quarter or self.month)

    @property
    def narrow(self) -> bool:
        """Only some of the programs are asked for."""
        return bool(self.of_programs or self.level)

    @property
    def of_programs(self) -> dict[str, Any]:
        """The choices that are about the programs themselves."""
        names = ("owner", "opd", "target_group", "fund_source")
        return {name: getattr(self, name) for name in names if getattr(self, name)}

    def programs(self, prefix: str = "program__") -> Q:
        """The same choices as a condition on rows that lead to a program by `prefix`."""
        wanted = Q()
        if self.owner:
            wanted &= Q(**{f"{prefix}owner_{self.owner}__isnull": False})
        if self.opd:
            wanted &= Q(**{f"{prefix}owner_opd": self.opd})
        for name in ("target_group", "fund_source"):
            if value := getattr(self, name):
                wanted &= Q(**{prefix + name: value})
        return wanted

    @property
    def params(self) -> dict[str, Any]:
        """What an address has to say: the year, and whatever differs from the usual."""
        said = {field.name: getattr(self, field.name) for field in fields(self)}
        usual = {field.name: field.default for field in fields(self)}
        return {name: value for name, value in said.items() if value != usual[name]}

    @property
    def query(self) -> str:
        """The same filter as a query string, for links to other boards and to the API."""
        return urlencode(self.params)

    @property
    def query_of_all(self) -> str:
        """The same for pages that show programs on all levels."""
        return self.but(level="").query

    def activities_query(self, **more: Any) -> str:
        """The list of activities behind a figure of this filter: those that count on its basis,
        of the programs that a board of its level shows."""
        said = self.params | {"basis": self.basis} | more
        return urlencode({name: value for name, value in said.items() if value})

    def programs_query(self, **more: Any) -> str:
        """The list of programs in villages behind a figure; `level="judged"` is its whole."""
        return urlencode({name: value for name, value in (self.params | more).items() if value})

    def but(self, **changes: Any) -> BoardFilter:
        return replace(self, **changes)


def newest_year(years: Sequence[int], today: date) -> int:
    """The present year when it has records or nothing has, else the newest year that has."""
    return today.year if today.year in years or not years else max(years)


def parse(params: Mapping[str, str], default_year: int) -> BoardFilter:
    """Read the names of BoardFilter; absent ones mean the default year, whole, verified, all.

    Refused names every parameter that cannot be read: a board never guesses a period.
    """
    readers = {
        "year": lambda text: _year(text, default_year),
        **{part: _number(most) for part, most in PARTS.items()},
        "basis": lambda text: _word(text or Basis.VERIFIED.value, Basis.values),
        "district": lambda text: text if level_of(text) == AreaLevel.DISTRICT else _none(text),
        "owner": lambda text: _word(text, OWNERS),
        "opd": _opd,
        "target_group": lambda text: _word(text, TargetGroup.values),
        "fund_source": lambda text: _word(text, FundSource.values),
        "level": lambda text: _word(text, LEVELS),
    }
    found = {name: read(params.get(name, "")) for name, read in readers.items()}
    problems = [_problem(name) for name, value in found.items() if value is None]
    said = [part for part in PARTS if found[part]]
    if len(said) > 1:
        words = _("Choose one period: a semester, a quarter or a month.")
        problems += [Problem(part, "one_period", words) for part in said[1:]]
    if problems:
        raise Refused(*problems)
    return BoardFilter(**found)


def _problem(name: str) -> Problem:
    words = {
        "year": _("Choose a year, such as 2026."),
        "semester": _("Choose semester 1 or 2, or the year."),
        "quarter": _("Choose a quarter from 1 to 4, or the year."),
        "month": _("Choose a month from 1 to 12, or the year."),
        "basis": _("Choose verified or all records sent in."),
    }
    return Problem(name, "unknown_value", words.get(name) or _("Choose one from the list."))


def _year(text: str, default: int) -> int | None:
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        return None
    return int(text) if EARLIEST <= int(text) <= LATEST else None


def _number(most: int):
    def read(text: str) -> int | None:
        if not text:
            return 0
        short = text.isascii() and text.isdigit() and len(text) <= 2
        return int(text) if short and 1 <= int(text) <= most else None

    return read


def _word(text: str, known: Any) -> str | None:
    return text if not text or text in known else None


def _none(text: str) -> str | None:
    return None if text else ""


def _opd(text: str) -> int | None:
    if not text:
        return 0
    known = text.isascii() and text.isdigit() and len(text) <= 9
    return int(text) if known and Opd.reference.filter(pk=int(text)).exists() else None
