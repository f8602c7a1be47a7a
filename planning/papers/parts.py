"""What a printed form is made of: words that stand already, in the order they are read.

Nothing here knows PDF, Word or Excel, and nothing here is a translatable: a writer sets the texts
as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

#: What stands where nothing was said.
NOTHING = "–"
#: Of how many parts the width of an upright sheet is.
LATTICE = 48
#: How wide the columns are, against each other; those of upright sheets add up to LATTICE.
WIDTHS: dict[str, tuple[int, ...]] = {
    "gap": (15, 19, 16, 14, 14, 13, 18, 13, 17),
    "gap-4": (28, 28, 28, 24),
    "form": (3, 12, 33),
    "actions": (3, 12, 9, 12, 12),
    "actions-4": (3, 16, 13, 16),
    "stages": (3, 12, 26, 7),
}
#: What XML, and so Word and Excel, cannot hold; tabs are blanks on paper.
_UNPRINTED = re.compile("[^\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]+")


@dataclass(frozen=True)
class Line:
    """One paragraph of a cell. `style`: head (a small heading), text, note (muted)."""

    text: str
    style: str = "text"


#: What belongs together in a cell: it is broken over pages only when it must be.
Entry = tuple[Line, ...]


@dataclass(frozen=True)
class Column:
    """`group`: what stands above it and its neighbours of the same group."""

    title: str
    width: int
    group: str = ""
    right: bool = False


@dataclass(frozen=True)
class Table:
    columns: tuple[Column, ...]

    @property
    def shares(self) -> list[str]:
        """Of each column, in percent of the table."""
        whole = sum(one.width for one in self.columns)
        return [f"{100 * one.width / whole:.2f}%" for one in self.columns]


@dataclass(frozen=True)
class Columns(Table):
    """Cells side by side that each run on as long as they like, under heads with numbers."""

    entries: tuple[tuple[Entry, ...], ...]

    @property
    def grouped(self) -> bool:
        return any(one.group for one in self.columns)

    @property
    def groups(self) -> list[tuple[str, int]]:
        """Each group with the number of its columns; "" for a column that stands alone."""
        found: list[tuple[str, int]] = []
        for group, members in groupby(self.columns, key=lambda one: one.group):
            number = len(list(members))
            found += [(group, number)] if group else [("", 1)] * number
        return found


@dataclass(frozen=True)
class Rows(Table):
    """A table whose cells belong together line by line; without heads (`headed`) it is a form."""

    rows: tuple[tuple[Entry, ...], ...]
    headed: bool = True


@dataclass(frozen=True)
class Heading:
    text: str
    level: int = 1


@dataclass(frozen=True)
class Text:
    lines: Entry


@dataclass(frozen=True)
class Signature:
    """Who signs, below each other; `initials`: who else puts a sign beside what position."""

    place: str
    title: str
    name: str
    lines: tuple[str, ...] = ()
    initials: tuple[str, ...] = ()
    initials_title: str = ""


Block = Columns | Rows | Heading | Text


@dataclass(frozen=True)
class Paper:
    """One printed form.

    `form`: which form it is (a file of `forms/`), `name`: stem of its file name, `heads` and
    `address`: the letterhead, `facts`: what it is about, with its state and version, `mark`: what
    stands on top of every page of a draft or an example, `running`: at the foot of every page.
    """

    form: str
    name: str
    heads: tuple[str, ...]
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    running: str
    address: str = ""
    mark: str = ""
    warning: str = ""
    signature: Signature | None = None
    lying: bool = False


def lines_of(text: str, style: str = "text") -> Entry:
    """What somebody typed, a paragraph a line, without what no paper can hold."""
    found = (one_line(part) for part in text.splitlines())
    return tuple(Line(part, style) for part in found if part)


def one_line(text: object) -> str:
    return " ".join(_UNPRINTED.sub(" ", str(text)).split())


def flat(entries: tuple[Entry, ...]) -> Iterator[Line]:
    for entry in entries:
        yield from entry
