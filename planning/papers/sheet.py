"""A paper as an Excel sheet that prints as it should: merged heads, wrapped cells, A4.

Every text is written as a text, whatever it looks like. A row of Excel is at most a page high: what
is longer goes on in the next row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from itertools import zip_longest
from textwrap import wrap
from typing import Any

from .parts import LATTICE, NOTHING, Block, Columns, Entry, Heading, Line, Paper, Rows, Signature

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Pixels (1/96 inch) of A4 between the margins, lying and upright.
WHOLE = {True: 1020, False: 690}
#: Pixels of a letter, cautiously: a line too many is better than a word cut off.
LETTER = {True: 5.8, False: 6.5}
POINTS, LINE = {True: 8, False: 9}, {True: 11.5, False: 12.5}
#: Lines in one row; Excel shows 409 points and no more.
MOST_LINES = 30
#: How the lines of a cell differ.
KINDS: dict[str, dict[str, Any]] = {"head": {"bold": True}, "note": {"color": "#53605d"}}
FOOT = 200  # characters; Excel takes 255, codes among them


def written(paper: Paper) -> bytes:
    from xlsxwriter import Workbook

    file = BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(file, {"in_memory": True, **plain}) as book:
        book.set_properties({"title": paper.title, "author": "Portal PUG"})
        _Sheet(book, paper).write()
    return file.getvalue()


class _Sheet:
    """One sheet being written from top to bottom; `row` is the next free one."""

    def __init__(self, book: Any, paper: Paper):
        self.book, self.paper = book, paper
        self.sheet = book.add_worksheet(paper.form[:3].upper() if paper.lying else "Formulir")
        self.lying, self.row = paper.lying, 0
        self.looks: dict[tuple, Any] = {}
        first = next((one for one in paper.blocks if isinstance(one, Columns)), None)
        parts = [one.width for one in first.columns] if first else [1] * LATTICE
        self.widths = [round(WHOLE[self.lying] * part / sum(parts)) for part in parts]

    def write(self) -> None:
        self._page()
        self._top()
        for block in self.paper.blocks:
            self._block(block)
        if self.paper.signature:
            self._signature(self.paper.signature)

    def _page(self) -> None:
        sheet = self.sheet
        for place, width in enumerate(self.widths):
            sheet.set_column_pixels(place, place, width)
        sheet.set_landscape() if self.lying else sheet.set_portrait()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, int(self.paper.form == "village"))  # a village's stays on one sheet
        sheet.set_margins(left=0.47, right=0.47, top=0.7, bottom=0.65)
        sheet.hide_gridlines(2)
        sheet.center_horizontally()
        mark, foot = (_code(one) for one in (self.paper.mark, self.paper.running))
        sheet.set_header(f'&R&"Arial,Bold"&8{mark}' if mark else "")
        sheet.set_footer(f'&L&"Arial"&8{foot[:FOOT]}&R&"Arial"&8Halaman &P dari &N')

    def _top(self) -> None:
        paper, last = self.paper, len(self.widths) - 1
        for line in paper.heads:
            self._across(line, bold=True, align="center", size=10)
        if paper.address:
            self._across(paper.address, align="center")
        self._across("", top=2, height=4)
        if paper.warning:
            self._across(paper.warning, align="center", color="#7a4b00")
        self._across(paper.title, bold=True, align="center", size=13)
        if paper.subtitle:
            self._across(paper.subtitle, align="center")
        self._across("", height=4)
        begins = 1 if self.lying else LATTICE // 4
        for label, value in paper.facts:
            height = self._height([value], begins, last)
            self._put(0, begins - 1, (Line(label, "note"),), height=height)
            self._put(begins, last, (Line(value),), height=height)
            self.row += 1
        self._across("", height=6)

    def _across(self, text: str, *, height: float = 0, **look: Any) -> None:
        last = len(self.widths) - 1
        high = height or self._height([text], 0, last) * look.get("size", 9) / 9
        self._put(0, last, (Line(text),), height=high, **look)
        self.row += 1

    def _block(self, block: Block) -> None:
        match block:
            case Columns():
                self._columns(block)
            case Rows():
                self._rows(block)
            case Heading():
                self._across(block.text, bold=True, size=11 - block.level)
            case _:
                for lines in self._pieces(block.lines, 0, len(self.widths) - 1):
                    self._lines(0, len(self.widths) - 1, lines)
                    self.row += 1

    def _columns(self, block: Columns) -> None:
        """Heads that come again on every page; below, an entry of each column in a row."""
        begun = self.row
        self._heads(block)
        self.sheet.repeat_rows(begun, self.row - 1)
        stacks = [self._stack(entries, place) for place, entries in enumerate(block.entries)]
        rows = list(zip_longest(*stacks, fillvalue=()))
        for number, row in enumerate(rows, start=1):
            edges = {"left": 1, "right": 1, "bottom": int(number == len(rows))}
            for place, lines in enumerate(row):
                self._put(place, place, lines, **edges)
            self.row += 1

    def _heads(self, block: Columns) -> None:
        look: dict[str, Any] = {"bold": True, "align": "center", "border": 1}
        look |= {"valign": "vcenter", "bg_color": "#f1efe8"}
        if block.grouped:
            place = 0
            for group, number in block.groups:
                if group:
                    self._put(place, place + number - 1, (Line(group),), **look)
                else:
                    self._put(place, place, (Line(block.columns[place].title),), down=1, **look)
                place += number
            self.row += 1
        titles = [one.title for one in block.columns]
        high = max(self._height([title], place, place) for place, title in enumerate(titles))
        for place, column in enumerate(block.columns):
            if column.group or not block.grouped:
                self._put(place, place, (Line(column.title),), height=high, **look)
        self.row += 1
        for place in range(len(titles)):
            numbers = {**look, "bold": False, "size": 7}
            self._put(place, place, (Line(str(place + 1)),), height=10, **numbers)
        self.row += 1

    def _stack(self, entries: tuple[Entry, ...], place: int) -> list[Entry]:
        return [piece for entry in entries for piece in self._pieces(entry, place, place)]

    def _rows(self, block: Rows) -> None:
        spans = self._spans(block)
        if block.headed:
            look: dict[str, Any] = {"bold": True, "align": "center", "border": 1}
            look |= {"bg_color": "#f1efe8"}
            heads = [one.title for one in block.columns]
            high = max(self._height([head], *span) for head, span in zip(heads, spans, strict=True))
            for head, span in zip(heads, spans, strict=True):
                self._put(*span, (Line(head),), height=high, **look)
            self.row += 1
        for row in block.rows:
            self._row(row, spans)
        self._across("", height=6)

    def _spans(self, block: Rows) -> list[tuple[int, int]]:
        """First and last column of the lattice for each of the table's."""
        found, begins = [], 0
        for column in block.columns:
            found.append((begins, begins + column.width - 1))
            begins += column.width
        return found

    def _row(self, row: Sequence[Entry], spans: list[tuple[int, int]]) -> None:
        """One row of a table, in as many rows of the sheet as its longest cell takes."""
        stacks = [self._pieces(cell, *span) for cell, span in zip(row, spans, strict=True)]
        pieces = list(zip_longest(*stacks, fillvalue=()))
        for number, piece in enumerate(pieces):
            edges = {"left": 1, "right": 1, "top": int(number == 0)}
            edges["bottom"] = int(number == len(pieces) - 1)
            texts = [[line.text for line in lines] for lines in piece]
            high = max(self._height(text, *span) for text, span in zip(texts, spans, strict=True))
            for lines, span in zip(piece, spans, strict=True):
                self._put(*span, lines, height=high + 3, **edges)
            self.row += 1

    def _lines(self, first: int, last: int, lines: Entry) -> None:
        texts = [line.text for line in lines]
        self._put(first, last, lines, height=self._height(texts, first, last) + 2)

    def _signature(self, signed: Signature) -> None:
        """Initials on the left, the signature on the right, with room to write."""
        half, last = len(self.widths) // 2, len(self.widths) - 1
        self._across("", height=14)
        right = [signed.place, signed.title, "", signed.name, *signed.lines]
        left = [signed.initials_title, *signed.initials] if signed.initials else []
        for place, (text, beside) in enumerate(zip_longest(right, left, fillvalue="")):
            high = max(self._height([beside], 0, half - 1), self._height([text], half + 1, last))
            high += 22 if beside else 0
            self._put(0, half - 1, (Line(beside),), height=high if text or beside else 40)
            self._put(half + 1, last, (Line(text),), align="center", bold=place == 3)
            self.row += 1

    def _put(
        self,
        first: int,
        last: int,
        lines: Entry,
        *,
        height: float = 0,
        down: int = 0,
        **look: Any,
    ) -> None:
        """These lines in one cell, or in cells merged to one."""
        shown = self._look(**look)
        if height:
            self.sheet.set_row(self.row, min(height, 409))
        if last > first or down:
            self.sheet.merge_range(self.row, first, self.row + down, last, "", shown)
        text = "\n".join(line.text for line in lines)
        if len({line.style for line in lines}) > 1 and all(line.text for line in lines):
            self.sheet.write_rich_string(self.row, first, *self._rich(lines), shown)
        elif text:
            only = lines[0].style
            whole = self._look(**{**KINDS.get(only, {}), **look})
            self.sheet.write_string(self.row, first, text, whole)
        else:
            self.sheet.write_blank(self.row, first, None, shown)

    def _rich(self, lines: Entry) -> Iterable[Any]:
        """Each line in the letters of its kind; Excel wants them as format, text, format, text."""
        for number, line in enumerate(lines, start=1):
            yield self._letters(line.style)
            yield line.text + ("\n" if number < len(lines) else "")

    def _letters(self, style: str) -> Any:
        return self._look(plain=True, **KINDS.get(style, {}))

    def _look(self, *, plain: bool = False, **look: Any) -> Any:
        """The format of this look, made once."""
        key = (plain, *sorted(look.items()))
        if key not in self.looks:
            wanted: dict[str, Any] = {
                "font_name": "Arial",
                "font_size": look.pop("size", POINTS[self.lying]),
            }
            wanted |= {"font_color": look.pop("color", "#1b2322")}
            if not plain:
                wanted |= {"text_wrap": True, "valign": "top"}
                wanted |= {"border_color": "#77817d"}
            self.looks[key] = self.book.add_format({**wanted, **look})
        return self.looks[key]

    def _letters_in(self, first: int, last: int) -> int:
        inside = sum(self.widths[first : last + 1]) - 5
        return max(int(inside / LETTER[self.lying]), 1)

    def _height(self, texts: Iterable[str], first: int, last: int) -> float:
        """Points that these lines need, wrapped."""
        wide = self._letters_in(first, last)
        lines = sum(max(len(wrap(text, wide)), 1) for text in texts)
        return max(lines, 1) * LINE[self.lying] + 3

    def _pieces(self, lines: Entry, first: int, last: int) -> list[Entry]:
        """The lines in portions that a row can show."""
        wide = self._letters_in(first, last)
        found: list[list[Line]] = [[]]
        room = MOST_LINES
        for line in self._short(lines, wide):
            needed = max(len(wrap(line.text, wide)), 1)
            if needed > room and found[-1]:
                found.append([])
                room = MOST_LINES
            found[-1].append(line)
            room -= needed
        return [tuple(one) for one in found]

    def _short(self, lines: Entry, wide: int) -> Iterable[Line]:
        """A paragraph that is longer than a row is cut between two words."""
        for line in lines:
            words = wrap(line.text, wide)
            for begin in range(0, max(len(words), 1), MOST_LINES):
                portion = words[begin : begin + MOST_LINES]
                yield Line(" ".join(portion), line.style) if len(words) > MOST_LINES else line


def _code(text: str) -> str:
    """For head and foot, where & begins a code."""
    return "" if text == NOTHING else text.replace("&", "&&")
