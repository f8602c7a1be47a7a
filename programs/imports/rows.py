"""One row of a sheet → one draft.

Sheets say the same few things over and over: what a cell of a column means is worked out once
(`Cells`), by the very parts that every other door uses, and looked up afterwards.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Problem
from core.formats import Unreadable, parse_count, parse_day, parse_rupiah, storable
from core.tables import FORMULA_SIGNS
from villages.models import Village

from ..drafts import ActivityDraft, Outcome
from ..models import (
    CountSource,
    EventStatus,
    FundSource,
    Kind,
    LowWomenReason,
    Program,
    ProgramState,
    ProgramVillage,
    Stage,
)
from ..serializers import ActivityItemSerializer, HeadCount, read_field
from .reading import Row

VOCABULARIES = {
    "stage": Stage,
    "kind": Kind,
    "event_status": EventStatus,
    "count_source": CountSource,
    "low_women_reason": LowWomenReason,
    "fund_source": FundSource,
}
_PLAIN_TEXTS = {"village", "title", "place", "note", "reference"}
_TEXTS = {*_PLAIN_TEXTS, "program", "joint_event", "uid"}
_NUMBERS = {"latitude", "longitude"}
#: Cells remembered for one sheet, in all columns together; some ten megabytes.
MOST_REMEMBERED = 60_000

_FIELDS = ActivityItemSerializer().fields
#: The longest text that a draft takes as it is, by field.
_LONGEST = {name: _FIELDS[name].max_length for name in _PLAIN_TEXTS}
#: Columns of whole numbers; so many figures a field surely takes.
_COUNTS = {name for name, field in _FIELDS.items() if isinstance(field, HeadCount)}
_FIGURES = 12
_ORDER = {name: place for place, name in enumerate(_FIELDS)}
_canonical = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one cell says: as text, as the REST door would have it, as a draft keeps it.

    `item` None: the cell is empty or unreadable; `value` None: nothing for the draft.
    """

    text: str
    item: Any = None
    value: Any = None
    early: tuple[Problem, ...] = ()
    late: tuple[Problem, ...] = ()


class Cells:
    """The meaning of cells by column, worked out once for each that differs."""

    def __init__(self, today: date):
        self._today = today
        self._known: dict[tuple[str, type, Any], Meaning] = {}

    def __call__(self, name: str, cell: Any) -> Meaning:
        key = (name, cell.__class__, cell)
        found = self._known.get(key)
        if found is None:
            found = self._plain(name, cell) or self._read(name, cell)
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known[key] = found
        return found

    @staticmethod
    def _plain(name: str, cell: Any) -> Meaning | None:
        """What needs no closer look: a short text in which every sign can be printed, a whole
        number in figures alone."""
        if cell.__class__ is not str or not cell.isprintable():
            return None
        text = cell.strip()
        if name in _COUNTS:
            plain = text.isascii() and text.isdigit() and len(text) <= _FIGURES
            return Meaning(text, int(text), int(text)) if plain else None
        longest = _LONGEST.get(name)
        if longest is None or not text or len(text) > longest:
            return None
        return Meaning(text, text, text)

    def _read(self, name: str, cell: Any) -> Meaning:
        text = storable(str(cell).strip())
        try:
            item = value_of(name, cell, self._today)
        except Unreadable as error:
            return Meaning(text, early=(Problem(name, error.code, str(error.detail)),))
        if item in (None, ""):
            return Meaning(text)
        if name == "program" and not _is_uid(item):
            return Meaning(text, item)  # a title: which program it is, ProgramNames says
        value, problems = read_field(name, item)
        return Meaning(text, item, value, late=tuple(problems))


class Drafter:
    """Turns rows into drafts, in the order of the sheet.

    The uid of a row depends on how many equal rows stood before it: whoever goes on in the
    middle passes the rows before through `pass_over`.
    """

    def __init__(self, actor, today: date | None = None):
        self._actor = actor
        self._cells = Cells(today or timezone.localdate())
        self._names = ProgramNames(actor)
        self._seen: Counter[UUID] = Counter()

    def pass_over(self, row: Row) -> None:
        """Take note of a row that was judged before."""
        if not str(row.cells.get("uid", "")).strip():
            self._uid({name: self._cells(name, cell).text for name, cell in row.cells.items()})

    def drafts(self, rows: Iterable[Row]) -> list[ActivityDraft | Outcome]:
        """A draft of each row; the Outcome of one that says no readable uid where it names one."""
        rows = list(rows)
        self._names.learn(str(row.cells.get("village") or "").strip() for row in rows)
        return [self._draft(row) for row in rows]

    def _draft(self, row: Row) -> ActivityDraft | Outcome:
        """One row as a draft; what cannot be read is named, and kept as it stands."""
        texts: dict[str, str] = {}
        values: dict[str, Any] = {}
        items: dict[str, Any] = {}
        problems: list[Problem] = []
        late: list[Problem] = []
        cells = self._cells
        for name, cell in row.cells.items():
            meaning = cells(name, cell)
            texts[name] = meaning.text
            if meaning.item is not None:
                items[name] = meaning.item
            if meaning.value is not None:
                values[name] = meaning.value
            if meaning.early:
                problems += meaning.early
            if meaning.late:
                late += meaning.late
        if "program" in items and "program" not in values and not _is_uid(items["program"]):
            found = self._names.find(items)
            if isinstance(found, Problem):
                problems.append(found)
            else:
                values["program"] = found
        if len(late) > 1:
            late.sort(key=lambda problem: _ORDER[problem.field])
        texts = {name: text for name, text in texts.items() if text}
        if "uid" in items:
            uid = values.pop("uid", None)
            if uid is None:
                return Outcome(str(items["uid"])[:64], "rejected", problems=(*problems, *late))
        else:
            uid = self._uid(texts)
        return ActivityDraft(uid=uid, content=values, problems=(*problems, *late), raw=texts)

    def _uid(self, texts: Mapping[str, str]) -> UUID:
        """The same row of the same person has the same uid; two equal rows of a sheet are two."""
        text = _canonical({name: one for name, one in texts.items() if one})
        first = uuid5(NAMESPACE_URL, f"{self._actor.uid}/1/{text}")
        self._seen[first] += 1
        times = self._seen[first]
        return first if times == 1 else uuid5(NAMESPACE_URL, f"{self._actor.uid}/{times}/{text}")


class ProgramNames:
    """Programs of villages by title, so that a sheet may name them as people do."""

    def __init__(self, actor):
        self._actor = actor
        self._learnt: set[str] = set()
        self._named: dict[tuple[str, str], list[Program]] = {}
        self._found: dict[tuple[str, str, str], UUID | Problem] = {}

    def learn(self, codes: Iterable[str]) -> None:
        """Read the programs of these villages, where the person may log; each village once."""
        new = set(codes) - self._learnt
        if not new:
            return
        self._learnt |= new
        villages = Village.objects.permitting(self._actor, "log").filter(code__in=new)
        targets = ProgramVillage.objects.filter(village__in=villages)
        for one in targets.select_related("program", "village"):
            key = (one.village.code, one.program.title.casefold())
            self._named.setdefault(key, []).append(one.program)

    def find(self, item: Mapping[str, Any]) -> UUID | Problem:
        """The one program meant: the title, running, in the year of the activity."""
        year = str(item.get("held_on", ""))[:4]
        key = (str(item.get("village", "")), str(item["program"]).casefold(), year)
        if key not in self._found:
            self._found[key] = self._meant(*key)
        return self._found[key]

    def _meant(self, village: str, title: str, year: str) -> UUID | Problem:
        named = self._named.get((village, title), [])
        running = [
            one for one in named if one.state == ProgramState.ACTIVE and year in map(str, one.years)
        ]
        meant = running or named
        if len(meant) == 1:
            return meant[0].pk
        if meant:
            text = _("Several programs of this village have this name. Write the program's code.")
            return Problem("program", "ambiguous", text)
        text = _("This village has no program of this name. Write it as in the list of programs.")
        return Problem("program", "unknown_program", text)


def value_of(name: str, cell: Any, today: date) -> Any:
    """A cell as the REST door would have it; raises Unreadable."""
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d")
    if isinstance(cell, float) and cell.is_integer() and name not in _NUMBERS:
        cell = int(cell)
    text = str(cell).strip()
    if not text or name in _TEXTS:
        return text
    text = _unmarked(text)
    if name == "held_on":
        return parse_day(text, today).isoformat()
    if name == "budget_spent":
        return parse_rupiah(text)
    if name in _NUMBERS:
        return text.replace(",", ".")
    if name in VOCABULARIES:
        return _word(name, text)
    return parse_count(text)


def _unmarked(text: str) -> str:
    """Without the apostrophe that our own files put before a sign of a formula."""
    return text[1:] if text[0] == "'" and text[1:2] in FORMULA_SIGNS else text


def _word(name: str, text: str) -> str:
    """A code, or the word that stands on the screen; Unreadable names those."""
    wanted = text.casefold()
    choices = VOCABULARIES[name].choices
    for code, label in choices:
        if wanted in {code, str(label).casefold()}:
            return code
    words = {"word": text[:60], "words": ", ".join(str(label) for _code, label in choices)}
    told = _("“%(word)s” is not one of the possible words: %(words)s.")
    raise Unreadable("invalid_choice", told % words)


def _is_uid(text: Any) -> bool:
    try:
        UUID(str(text))
    except ValueError:
        return False
    return True
