"""Villages of a year by one scorecard: filtered, added up, as rows and as a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

import django_filters as filters
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.tables import Column, Table
from programs.exports import notes_of_list
from programs.filters.shared import MOST_LETTERS, ListFilter, YearFilter, districts_of
from villages.models import Village

from .answers import open_note, scores_of
from .cards import standing_for
from .models import Assessment, Instrument, ReviewState, ScoreLevel
from .parts import LevelSaid
from .scoring import Score
from .sight import inside_all

MISSING = "missing"
#: Shown first where nothing was chosen.
FIRST = "drg"
CHUNK = 500


def instrument_choices(request) -> list[tuple[str, str]]:
    """Scorecards in use by their short name, each under the title of its newest version."""
    rows = Instrument.objects.visible_to(request.user).adopted().order_by("key", "-number")
    found: dict[str, str] = {}
    for one in rows:
        found.setdefault(one.key, one.title)
    return list(found.items())


def level_choices(request, key: str) -> list[tuple[str, str]]:
    rows = Instrument.objects.visible_to(request.user).adopted().filter(key=key)
    found = ScoreLevel.objects.filter(instrument__in=rows).order_by("-least", "-instrument__number")
    return list(dict(found.values_list("code", "label")).items())


class CardFilter(ListFilter):
    """Villages by words, year, scorecard, district, state and level."""

    leaning = {"instrument": ("level",)}  # noqa: RUF012 - as ListFilter has it
    today: date

    search = filters.CharFilter(label=_("Search"), method="filter_search", max_length=MOST_LETTERS)
    year = YearFilter(label=_("Year"), method="filter_later")
    instrument = filters.ChoiceFilter(label=_("Scorecard"), method="filter_later", empty_label=None)
    district = filters.ModelChoiceFilter(
        label=_("District"), to_field_name="code", queryset=districts_of, empty_label=_("All")
    )
    state = filters.ChoiceFilter(
        label=_("State"),
        choices=((MISSING, _("Not begun")), *ReviewState.choices),
        method="filter_later",
        empty_label=_("All"),
    )
    level = filters.ChoiceFilter(label=_("Level"), method="filter_later", empty_label=_("All"))

    class Meta:
        model = Village
        fields: tuple[str, ...] = ()

    @classmethod
    def of(cls, request, villages: QuerySet[Village], today: date) -> CardFilter:
        rows = villages.order_by("district__name", "district__code", "name", "code")
        found = cls(request.GET, queryset=rows, request=request)
        found.today = today
        known = instrument_choices(request)
        keys = [key for key, _title in known]
        found.filters["instrument"].extra["choices"] = known
        asked = request.GET.get("instrument")
        found.key = asked if asked in keys else FIRST if FIRST in keys or not keys else keys[0]
        found.titles = dict(known)
        levels = level_choices(request, found.key)
        found.filters["level"].extra["choices"] = levels
        if not levels:
            found.unasked = (*found.unasked, "level")
        found.filters["instrument"].field.initial = found.key
        return found

    key: str
    titles: dict[str, str]

    @property
    def title(self) -> str:
        return self.titles.get(self.key, "")

    @property
    def year_asked(self) -> int:
        return self._said("year") or self.today.year

    def _said(self, name: str) -> Any:
        return getattr(self.form, "cleaned_data", {}).get(name) if self.form.is_bound else None

    def filter_later(self, queryset, _name, _value):
        """Said of the scorecards, which are looked up once for all villages."""
        return queryset

    def filter_search(self, queryset, _name, words: str):
        return queryset.filter(name__icontains=words)

    @cached_property
    def standing(self) -> Standing:
        """The scorecards of all her villages in the chosen year."""
        rows = Assessment.objects.filter(
            village__in=self.area, year=self.year_asked, instrument__key=self.key
        )
        found = standing_for(rows.select_related("instrument"))
        # One measure for all: a sum of open and whole results would be neither.
        hers = set(found) if inside_all(self.request.user, rows) else set()
        return Standing(found, scores_of(list(found.values()), hers))

    @property
    def area(self) -> QuerySet[Village]:
        """The villages that the sums are about: the district's, else all within her reach."""
        district = self._said("district")
        return self.queryset.filter(district=district) if district else self.queryset

    @property
    def villages(self) -> QuerySet[Village]:
        """The villages of the list, with what was asked of their scorecards."""
        rows, state, level = self.qs, self._said("state"), self._said("level")
        found = self.standing.by_village
        if state == MISSING:
            rows = rows.exclude(pk__in=list(found))
        elif state:
            rows = rows.filter(pk__in=[pk for pk, one in found.items() if one.state == state])
        if level:
            rows = rows.filter(pk__in=self.standing.at(level))
        return rows


@dataclass(frozen=True)
class Standing:
    """One scorecard in one year: what stands for each village, and what came out of it."""

    by_village: dict[int, Assessment]
    scores: dict[Any, Score]

    def score(self, village: int) -> Score | None:
        row = self.by_village.get(village)
        return self.scores.get(row.pk) if row else None

    def at(self, level: str) -> list[int]:
        """Villages whose scorecard reached just this level."""
        pairs = ((pk, self.score(pk)) for pk in self.by_village)
        return [pk for pk, one in pairs if one and one.level and one.level.code == level]

    @property
    def sent(self) -> int:
        return len(self.scores)

    @property
    def verified(self) -> int:
        return sum(one.state == ReviewState.VERIFIED for one in self.by_village.values())

    @property
    def open(self) -> int:
        return sum(one.is_open for one in self.by_village.values())

    @property
    def met(self) -> tuple[int, int] | None:
        """Items fulfilled of all items, over everything that was sent in."""
        items = sum(one.items for one in self.scores.values())
        return (sum(one.met for one in self.scores.values()), items) if items else None

    @property
    def held_back(self) -> int:
        """Villages below the level that their score alone would give."""
        return sum(one.capped for one in self.scores.values())

    @property
    def open_only(self) -> bool:
        return any(one.kept_out for one in self.scores.values())

    def levels(self) -> list[tuple[LevelSaid, int]]:
        """How many villages stand on each level reached, the highest first."""
        found = [one.level for one in self.scores.values() if one.level]
        counts = Counter(one.code for one in found)
        labels = {one.code: one for one in found}
        order = sorted(labels.values(), key=lambda one: -one.least)
        return [(one, counts[one.code]) for one in order]


@dataclass(frozen=True)
class CardRow:
    """One village of the list. `score` only where it was sent in."""

    village: Village
    assessment: Assessment | None
    score: Score | None

    @property
    def state(self) -> str:
        return self.assessment.get_state_display() if self.assessment else gettext("Not begun")


def rows_of(villages: Iterable[Village], standing: Standing) -> list[CardRow]:
    return [
        CardRow(one, standing.by_village.get(one.pk), standing.score(one.pk)) for one in villages
    ]


def cards_table(found: CardFilter, now: datetime) -> Table:
    """The filtered villages as a file."""
    columns = [
        Column("village_code", _("Village code"), "code", paper=False),
        Column("district", _("District")),
        Column("village", _("Village")),
        Column("year", _("Year"), "code", paper=False),
        Column("version", _("Version"), "count", paper=False),
        Column("state", _("State")),
        Column("score", _("Score"), "number"),
        Column("level", _("Level")),
        Column("met", _("Fulfilled"), "count"),
        Column("with_data", _("Items with data"), "share"),
        Column("gates_failed", _("Gates not passed")),
    ]
    notes = [
        (gettext("Year"), str(found.year_asked)),
        (gettext("Scorecard"), found.title),
        *(open_note() if found.standing.open_only else ()),
        *notes_of_list(found, now),
    ]
    reading = [gettext("An empty cell means not known, never 0.")]
    title = gettext("Village scorecards")
    return Table("rapor-desa", title, columns, _table_rows(found), notes, reading=reading)


def _table_rows(found: CardFilter) -> Iterator[list[Any]]:
    every = found.villages.select_related("district").iterator(chunk_size=CHUNK)
    while chunk := list(islice(every, CHUNK)):
        for row in rows_of(chunk, found.standing):
            yield _cells(row, found.year_asked)


def _cells(row: CardRow, year: int) -> list[Any]:
    score = row.score
    told: list[Any] = [None] * 5
    if score:
        gates = "; ".join(one.words for one in score.failed_gates)
        level = score.level.label if score.level else None
        told = [score.value, level, score.met, (score.done, score.items), gates]
    return [
        row.village.code,
        row.village.district.name,
        row.village.title,
        str(year),
        row.assessment.instrument.number if row.assessment else None,
        row.state,
        *told,
    ]
