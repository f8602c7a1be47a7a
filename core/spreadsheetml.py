"""The few words of SpreadsheetML (ECMA-376) that a sheet of ours is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from html import escape

#: Styles by their place in styles.xml.
COUNT, PERCENT, DAY, MOMENT, HEADING, WRAPPED = range(1, 7)
LONGEST_CELL = 32_767
#: The day that a workbook counts from, for days after February 1900.
FIRST_DAY = date(1899, 12, 30)
FIRST_MOMENT = datetime(1899, 12, 30)  # noqa: DTZ001 - workbooks know no time zones
#: A text that a workbook would read as an escaped sign, and signs that XML cannot hold.
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_UNHOLDABLE = {0xFFFE: None, 0xFFFF: None}

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def letters(place: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    found = ""
    while place >= 0:
        place, rest = divmod(place, 26)
        found, place = chr(65 + rest) + found, place - 1
    return found


def serial_day(day: date) -> int:
    return (day - FIRST_DAY).days


def serial_moment(moment: datetime) -> float:
    return round((moment - FIRST_MOMENT).total_seconds() / 86_400, 6)


def held(text: str) -> str:
    """The text as XML holds it; at most as long as a cell may be."""
    text = _ESCAPED.sub("_x005F_", text[:LONGEST_CELL].translate(_UNHOLDABLE))
    return escape(text, quote=False)


def text_cell(place: str, text: str, style: int = 0) -> str:
    said = f'<is><t xml:space="preserve">{held(text)}</t></is>'
    return f'<c r="{place}" t="inlineStr" s="{style}">{said}</c>'


def opening(widths: Sequence[int], *, frozen: bool = False) -> str:
    """A sheet up to its rows; `frozen`: its first row stays when the others move."""
    pane = (
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        if frozen
        else ""
    )
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>'
        for place, width in enumerate(widths, start=1)
    )
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">{pane}'
        f"</sheetView></sheetViews><cols>{columns}</cols><sheetData>"
    )


def heading_row(labels: Sequence[str]) -> str:
    found = (text_cell(f"{letters(place)}1", label, HEADING) for place, label in enumerate(labels))
    return f'<row r="1">{"".join(found)}</row>'


def note_row(number: int, label: str, value: str) -> str:
    said = text_cell(f"A{number}", label, HEADING) + text_cell(f"B{number}", value, WRAPPED)
    return f'<row r="{number}">{said}</row>'


def closing(columns: int = 0, rows: int = 0) -> str:
    """The end of a sheet; with columns, a filter over the heading and all rows."""
    if not columns:
        return "</sheetData></worksheet>"
    return f'</sheetData><autoFilter ref="A1:{letters(columns - 1)}{rows}"/></worksheet>'


def frame(sheets: Sequence[str], title: str) -> Iterator[tuple[str, str]]:
    """The other parts of the archive, (name, text), for sheets of these names in their order."""
    numbers = range(1, len(sheets) + 1)
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in zip(numbers, sheets, strict=True)
    )
    ties = "".join(_tie(n, f"{_OFFICE}/worksheet", f"worksheets/sheet{n}.xml") for n in numbers)
    parts = "".join(_part(f"/xl/worksheets/sheet{n}.xml", "worksheet") for n in numbers)
    names = f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>'
    yield "xl/workbook.xml", _HEAD + names
    yield "xl/_rels/workbook.xml.rels", _ties(ties + _tie(0, f"{_OFFICE}/styles", "styles.xml"))
    yield "xl/styles.xml", _STYLES
    yield "docProps/core.xml", _CORE.format(title=held(title))
    yield "_rels/.rels", _ties(_OF_PACKAGE)
    yield "[Content_Types].xml", f"{_TYPES}{parts}</Types>"


def _part(name: str, kind: str) -> str:
    return f'<Override PartName="{name}" ContentType="{_KIND}.{kind}+xml"/>'


def _tie(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'


def _ties(inside: str) -> str:
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{inside}</Relationships>'


_OF_PACKAGE = _tie(1, f"{_OFFICE}/officeDocument", "xl/workbook.xml") + _tie(
    2, f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"
)
_CORE = (
    f'{_HEAD}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></cp:coreProperties>'
)
_VENDOR = "application/vnd.openxmlformats-package"
_TYPES = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    f'<Default Extension="rels" ContentType="{_VENDOR}.relationships+xml"/>'
    f'<Override PartName="/docProps/core.xml" ContentType="{_VENDOR}.core-properties+xml"/>'
    + _part("/xl/workbook.xml", "sheet.main")
    + _part("/xl/styles.xml", "styles")
)


def _style(number: int = 0, font: int = 0, more: str = "") -> str:
    tied = f'numFmtId="{number}" fontId="{font}" fillId="0" borderId="0" xfId="0"'
    return f'<xf {tied} applyNumberFormat="1" applyFont="1" applyAlignment="1">{more}</xf>'


_TOP = '<alignment vertical="top" wrapText="1"/>'
#: Number 3 is the format's own "#,##0".
_CELL_STYLES = (
    _style(),
    *(_style(number) for number in (3, 164, 165, 166)),
    _style(font=1, more=_TOP),
    _style(more=_TOP),
)
_STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}"><numFmts count="3">'
    '<numFmt numFmtId="164" formatCode="0.0"/><numFmt numFmtId="165" formatCode="dd\\-mm\\-yyyy"/>'
    '<numFmt numFmtId="166" formatCode="dd\\-mm\\-yyyy\\ hh:mm"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    f'<cellXfs count="{len(_CELL_STYLES)}">{"".join(_CELL_STYLES)}</cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)
