"""A table as CSV: UTF-8 with BOM, comma, LF, one line of headings, the notes in every row.

The notes travel as columns of their own, after the data: a line of remarks above the headings
breaks every reader, a file beside it gets lost (docs/decisions/0009-exports.md).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from .copying import QueryRows
from .tables import CONTROLS, Table, flat_rows, heads, marked, written

BOM = b"\xef\xbb\xbf"
BLOCK = 1 << 16
#: What the writer takes for the end of a line, so that it quotes both signs inside a text, as
#: COPY does; the CR goes with the other control characters.
LINE_END = "\r\n"


@dataclass
class Counted:
    """How many rows have gone out so far."""

    rows: int = 0


def csv_blocks(table: Table, count: Counted, *, machine: bool = False) -> Iterator[bytes]:
    """The file in blocks of some 64 KB; the headings at once. `machine`: column names, no BOM."""
    names = [head.name if machine else head.label for head in heads(table.columns)]
    labels = [] if machine else [label for label, _value in table.notes]
    values = [] if machine else [value for _label, value in table.notes]
    head = _line([marked(str(text)) for text in (*names, *labels)])
    yield (b"" if machine else BOM) + head.translate(None, CONTROLS)
    rest = tuple(marked(str(value)) for value in values)
    if isinstance(table.rows, QueryRows) and table.rows.may_be_copied:
        blocks = table.rows.copied(table.columns, rest, count)
    else:
        blocks = _blocks(table, rest, count)
    for block in blocks:
        yield block.translate(None, CONTROLS)


def _blocks(table: Table, rest: tuple[str, ...], count: Counted) -> Iterator[bytes]:
    kinds = [head.kind for head in heads(table.columns)]
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator=LINE_END)
    for row in flat_rows(table):
        writer.writerow((*map(written, row, kinds), *rest))
        count.rows += 1
        if buffer.tell() >= BLOCK:
            yield _emptied(buffer)
    yield _emptied(buffer)


def _emptied(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def _line(cells: Iterable[Any]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator=LINE_END).writerow(cells)
    return buffer.getvalue().encode()
