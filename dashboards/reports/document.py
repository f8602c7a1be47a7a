"""A document as a sequence of blocks: what a report says, before it is paper, Word or a page.

Blocks hold words and whole numbers and nothing that is computed later. `packed` turns a document
into plain JSON and `unpacked` back again: a report that was given out is drawn from its JSON, so
that a second printing says what the first one said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from core import formats

#: (part, whole); None = nobody counted.
Pair = tuple[int, int] | None


class Block:
    """One part of a document; `template` draws it on paper and on the screen."""

    @property
    def template(self) -> str:
        return f"reports/blocks/{type(self).__name__.lower()}.html"


@dataclass(frozen=True)
class Heading(Block):
    """`annex`: begins a page of its own."""

    text: str
    annex: bool = False


@dataclass(frozen=True)
class Text(Block):
    """One paragraph. `tone`: "" | lead | note | notice."""

    text: str
    tone: str = ""


@dataclass(frozen=True)
class Points(Block):
    """Sentences, one below the other."""

    items: Sequence[str]


@dataclass(frozen=True)
class Number:
    """One big number: its value as words, the counts behind it and what they compare with."""

    label: str
    value: str
    of: str
    notes: Sequence[str] = ()
    enough: bool = True


@dataclass(frozen=True)
class Numbers(Block):
    """At most four."""

    items: Sequence[Number]


@dataclass(frozen=True)
class Column:
    """`kind`: text | count | rupiah | share | level."""

    label: str
    kind: str = "text"

    @property
    def right(self) -> bool:
        return self.kind in ("count", "rupiah", "share")


@dataclass(frozen=True)
class Cell:
    """One value of a table with its column's kind; `text` is what every drawing of it says."""

    value: Any
    column: Column

    @property
    def text(self) -> str:
        kind = self.column.kind
        if self.value is None or self.value == "":
            return formats.NOTHING
        if kind == "count":
            return formats.count(self.value)
        if kind == "rupiah":
            return formats.rupiah(self.value)
        if kind == "share":
            part, whole = self.value
            return f"{formats.count(part)} / {formats.count(whole)}"
        return str(self.value[1] if kind == "level" else self.value)

    @property
    def percent(self) -> str:
        """The share beside its counts; "" for other kinds."""
        if self.column.kind != "share":
            return ""
        return formats.percent(tuple(self.value) if self.value else None)


@dataclass(frozen=True)
class Table(Block):
    """Rows of raw values: text, whole numbers, [part, whole], [step, words] for a level."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    title: str = ""
    note: str = ""
    total: Sequence[Any] | None = None

    @property
    def cells(self) -> list[list[Cell]]:
        return [self._cells(row) for row in self.rows]

    @property
    def total_cells(self) -> list[Cell]:
        return self._cells(self.total) if self.total else []

    def _cells(self, row: Sequence[Any]) -> list[Cell]:
        return [Cell(value, column) for value, column in zip(row, self.columns, strict=True)]


@dataclass(frozen=True)
class Ladder(Block):
    """Programs by level as one bar; `levels`: counts by the names of `counts.Levels`."""

    levels: dict[str, int]
    title: str = ""


@dataclass(frozen=True)
class Months(Block):
    """The women's share of each month. Rows: [first day (ISO), class, women, everyone, words]."""

    title: str
    rows: Sequence[Sequence[Any]]
    note: str = ""


@dataclass(frozen=True)
class Places(Block):
    """A map of an area's villages. Rows: [code, name, district, part, whole]."""

    area: str
    rows: Sequence[Sequence[Any]]
    title: str = ""


@dataclass(frozen=True)
class Ask(Block):
    """The decision that is asked: what, of whom, and why."""

    title: str
    text: str
    why: str


@dataclass(frozen=True)
class Blank(Block):
    """Lines left for the office to fill in by hand or in Word."""

    label: str
    lines: int = 3


@dataclass(frozen=True)
class Signature(Block):
    """Where, when and who signs; the name is written by hand."""

    place: str
    office: str


@dataclass(frozen=True)
class Side(Block):
    """Two columns on paper; one after the other where there is no room."""

    left: Sequence[Block]
    right: Sequence[Block]


BLOCKS = {
    one.__name__: one
    for one in (
        *(Heading, Text, Points, Numbers, Table, Ladder, Months, Places),
        *(Ask, Blank, Signature, Side),
    )
}


@dataclass(frozen=True)
class Key:
    """The headline counts of a document: all that is compared again when it is checked.

    Programs that involve women, those judged, those without data; villages that sent something,
    all villages; women and everyone present; women and everyone deciding.
    """

    involved: int = 0
    judged: int = 0
    no_data: int = 0
    reporting: int = 0
    villages: int = 0
    women_present: int = 0
    present: int = 0
    women_deciding: int = 0
    deciding: int = 0


@dataclass(frozen=True)
class Document:
    """`subtitle` says where, `facts` what the reader must know of the numbers (label, value).

    `revision`: of the closed period its numbers were taken from; 0 = from the records as they
    stood. `compact`: everything on one sheet.
    `office`: who gave it out; set when it is issued.
    """

    kind: str
    title: str
    subtitle: str
    facts: Sequence[tuple[str, str]]
    blocks: Sequence[Block]
    notes: Sequence[str] = ()
    key: Key = field(default_factory=Key)
    revision: int = 0
    compact: bool = False
    office: str = ""


def packed(document: Document) -> dict[str, Any]:
    """Plain lists, dicts, words and numbers."""
    plain = {one.name: getattr(document, one.name) for one in fields(document)}
    blocks = [_pack(block) for block in document.blocks]
    return _plain(plain | {"blocks": blocks, "key": asdict(document.key)})


def unpacked(data: dict[str, Any]) -> Document:
    """The document of `packed`; a block that this version does not know is a KeyError."""
    blocks = tuple(_unpack(one) for one in data["blocks"])
    return Document(**data | {"blocks": blocks, "key": Key(**data["key"])})


def _pack(block: Block) -> dict[str, Any]:
    said = {one.name: getattr(block, one.name) for one in fields(block)}  # type: ignore[arg-type]
    if isinstance(block, Side):
        said = {side: [_pack(one) for one in parts] for side, parts in said.items()}
    return {"is": type(block).__name__, **said}


def _unpack(data: dict[str, Any]) -> Block:
    said = dict(data)
    made = BLOCKS[said.pop("is")]
    if made is Side:
        return Side(*(tuple(_unpack(one) for one in said[side]) for side in ("left", "right")))
    if made is Table:
        said["columns"] = tuple(Column(**one) for one in said["columns"])
    if made is Numbers:
        said["items"] = tuple(Number(**one) for one in said["items"])
    return made(**said)


def _plain(value: Any) -> Any:
    if isinstance(value, Number | Column):
        return _plain(asdict(value))
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)  # words that were translated only now
