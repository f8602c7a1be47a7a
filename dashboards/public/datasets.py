"""The tables of the open data: their columns with what each means, and their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.tables import Column
from programs.involvement import Level

from .figures import COUNTS, Place, Publication, PublicProgram, Row

#: In every row: a file that lost its page still says that its figures are made up.
INVENTED, OFFICIAL = "invented sample data", "official"


@dataclass(frozen=True)
class Field:
    """One column: its stable English name, the kind of core.tables, and what it means."""

    name: str
    kind: str
    means: Any

    @property
    def column(self) -> Column:
        return Column(self.name, self.name, self.kind)

    @property
    def type(self) -> str:
        return {"count": "integer"}.get(self.kind, "string")


@dataclass(frozen=True)
class Dataset:
    """One table. `name` stands in its address; `row` gives the cells of one thing in order."""

    name: str
    title: Any
    about: Any
    fields: tuple[Field, ...]
    things: Callable[[Publication], Iterable[Any]]
    row: Callable[[Any], tuple]
    has_map: bool = False

    @property
    def formats(self) -> tuple[str, ...]:
        return ("csv", "json", "geojson") if self.has_map else ("csv", "json")

    def rows(self, of: Publication) -> Iterator[tuple]:
        said = (of.period.code, of.snapshot.definition_version)
        for thing in self.things(of):
            sample = of.sample or thing.sample
            yield (*self.row(thing), *said, INVENTED if sample else OFFICIAL)


_PEOPLE = tuple(
    Field(name, "count", means)
    for name, means in zip(
        COUNTS,
        (
            _("Women present, in person-activities"),
            _("Men present, in person-activities"),
            _("Women who decided or ran it, in person-activities"),
            _("Men who decided or ran it, in person-activities"),
            _("Women on a list of beneficiaries, in person-activities"),
            _("Men on a list of beneficiaries, in person-activities"),
        ),
        strict=True,
    )
)
_LEVELS = (
    Field("involved", "count", _("Programs that involve women: levels 2 to 4")),
    Field("judged", "count", _("Programs with data: levels 0 to 4")),
    Field("no_data", "count", _("Programs in which nobody counted women and men; never zero")),
    *(
        Field(f"level_{number}", "count", means)
        for number, means in enumerate(
            (
                _("Programs that involve no women"),
                _("Programs at which a woman was present"),
                _("Programs with meaningful participation"),
                _("Programs in which women take part in decisions"),
                _("Programs with equal results shown"),
            )
        )
    ),
    Field("men_with_gender_goal", "count", _("Programs for men with a gender goal, apart")),
)
_ACTIVITIES = (
    Field("activities", "count", _("Verified activities that took place")),
    Field("counted", "count", _("Activities of these at which women and men were counted")),
)
_LAST = (
    Field("period", "code", _("Year, or year and semester")),
    Field("definition_version", "count", _("Version of the definition of the number")),
    Field("status", "text", _("Official, or invented sample data")),
)
_DISTRICT = (
    Field("district_code", "code", _("Code of the district (Kemendagri)")),
    Field("district", "text", _("Name of the district")),
)
_VILLAGE = (
    Field("village_code", "code", _("Code of the village (Kemendagri)")),
    Field("village", "text", _("Name of the village, with its kind")),
)
_PROGRAM = (
    Field("program_id", "code", _("Key of the program; empty once it was withdrawn")),
    Field("program", "text", _("Name of the program")),
    Field("owner", "text", _("Whose the program is")),
    Field("target_group", "code", _("Whom the program is for")),
)
_WITH_WOMEN = Field("with_women", "count", _("Activities with at least one woman"))
_GUARDED = Field(
    "guarded_programs",
    "count",
    _("Programs for vulnerable groups or on sensitive topics, left out of the people counted"),
)
_CHILDREN = Field(
    "children",
    "count",
    _("Children reached, in person-activities; shown of closed years, empty if none"),
)


def _levels(one: Place | PublicProgram) -> tuple:
    count, levels = one.headline, one.levels
    ladder = (levels.level_0, levels.level_1, levels.level_2, levels.level_3, levels.level_4)
    return count.involved, count.judged, count.no_data, *ladder, levels.men_with_gender_goal


def _village(one: Place) -> tuple:
    activities = (one.activities, one.counted, one.with_women)
    place = (one.code[:8], one.place, one.code, one.title)
    return *place, *_levels(one), *activities, one.guarded, *one.people.cells, one.children


def _district(one: Place) -> tuple:
    villages = (one.villages, one.reporting)
    activities = (one.activities, one.counted, one.with_women)
    return (
        one.code,
        one.title,
        *villages,
        *_levels(one),
        *activities,
        one.guarded,
        *one.people.cells,
    )


def _program(one: PublicProgram) -> tuple:
    named = (str(one.uid), one.title, one.owner, one.target_group, len(one.rows))
    return *named, *_levels(one), one.activities, one.counted, *one.people.cells


def _row(one: Row) -> tuple:
    named = (str(one.program or ""), one.title, one.owner, one.target_group)
    level = (one.level.code, one.level if one.level in range(5) else None)
    place = (one.village[:8], one.district, one.village, one.village_title)
    return *place, *named, *level, one.activities, one.counted, *one.people.cells


DATASETS = {
    one.name: one
    for one in (
        Dataset(
            "desa",
            _("Villages"),
            _("Each village: its programs by level, activities and people."),
            (
                *_DISTRICT,
                *_VILLAGE,
                *_LEVELS,
                *_ACTIVITIES,
                _WITH_WOMEN,
                _GUARDED,
                *_PEOPLE,
                _CHILDREN,
                *_LAST,
            ),
            lambda of: of.villages,
            _village,
            has_map=True,
        ),
        Dataset(
            "kecamatan",
            _("Districts"),
            _("Each district: the sums of its villages."),
            (
                *_DISTRICT,
                Field("villages", "count", _("Villages in the district")),
                Field("reporting", "count", _("Villages with a verified activity")),
                *_LEVELS,
                *_ACTIVITIES,
                _WITH_WOMEN,
                _GUARDED,
                *_PEOPLE,
                *_LAST,
            ),
            lambda of: of.districts,
            _district,
            has_map=True,
        ),
        Dataset(
            "program",
            _("Programs"),
            _("Each program with activities, in all its villages."),
            (
                *_PROGRAM,
                Field("villages", "count", _("Villages in which it had activities")),
                *_LEVELS,
                *_ACTIVITIES,
                *_PEOPLE,
                *_LAST,
            ),
            lambda of: of.programs,
            _program,
        ),
        Dataset(
            "program-desa",
            _("Programs in villages"),
            _("Each program in each village: the level it reached."),
            (
                *_DISTRICT,
                *_VILLAGE,
                *_PROGRAM,
                Field("level_code", "code", _("The level by its code")),
                Field("level", "count", _("The level as a number from 0 to 4; empty without data")),
                *_ACTIVITIES,
                *_PEOPLE,
                *_LAST,
            ),
            lambda of: of.rows,
            _row,
        ),
    )
}
#: The levels as `level_code` names them.
LEVEL_CODES = {level.code: level.label for level in Level if level != Level.NOT_COUNTED}
