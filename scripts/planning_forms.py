"""Lays out the Word forms of GAP, GBS and KAK: .venv/bin/python -m scripts.planning_forms

Run it again after a form changed here; the forms are shipped. An office may lay out a form its own
way in Word: what stands in braces is filled in, everything else stays as it is.
"""

from __future__ import annotations

import zipfile
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from planning.papers.parts import WIDTHS

FOLDER = Path(__file__).resolve().parent.parent / "planning" / "papers" / "forms"
MUTED, EDGE, GROUND = "53605D", "77817D", "F1EFE8"
#: A form's parts: which tables, and how many columns each has.
SHAPES: dict[str, dict[str, Any]] = {
    "gap": {"lying": True, "columns": "gap", "groups": [(2, 4), (5, 6), (7, 8)]},
    "gap-4": {"lying": True, "columns": "gap-4"},
    "gbs": {"rows": ("form", "actions", "actions-4"), "headings": True, "signature": True},
    "kak": {"rows": ("stages",), "headings": True, "signature": True},
    "village": {"rows": ("form",), "signature": True},
}
#: Points of an upright and of a lying sheet's letters.
LETTERS = (9, 7.5)
#: A file made twice is the same file.
DAY = (2026, 1, 1, 0, 0, 0)


def form(shape: dict[str, Any]) -> bytes:
    """One form with all its places, as the bytes of a .docx."""
    word = Document()
    lying = shape.get("lying", False)
    width = _sheet(word, lying)
    _styles(word, lying)
    _top(word)
    _line(word, "{%p for block in blocks %}")
    if "columns" in shape:
        _columns(word, shape["columns"], width, shape.get("groups", []))
    for name in shape.get("rows", ()):
        _rows(word, name, width)
    if shape.get("headings"):
        for level in (1, 2):
            _when(word, f"heading{level}", "{{ block.text }}", f"Heading {level}")
        _line(word, '{%p if block.kind == "text" %}')
        _lines(word, "block.lines")
        _line(word, "{%p endif %}")
    _line(word, "{%p endfor %}")
    if shape.get("signature"):
        _signature(word, width)
    _line(word, "", size=1)  # Word wants a paragraph below the last table
    _foot(word, width)
    return _same(word)


def _sheet(word: Any, lying: bool) -> float:
    """A4; how many millimetres there are between the margins."""
    section = word.sections[0]
    sides = (297, 210) if lying else (210, 297)
    section.orientation = WD_ORIENT.LANDSCAPE if lying else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = map(Mm, sides)
    margin = 12 if lying else 18
    section.left_margin = section.right_margin = Mm(margin)
    section.top_margin, section.bottom_margin = Mm(16), Mm(16)
    section.header_distance = section.footer_distance = Mm(8)
    return sides[0] - 2 * margin


def _styles(word: Any, lying: bool) -> None:
    normal, size = word.styles["Normal"], LETTERS[lying]
    normal.font.name, normal.font.size = "Arial", Pt(size)
    normal.paragraph_format.space_after = Pt(0)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "Arial")
    usual = word.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for name in ("w:sz", "w:szCs"):
        usual.find(qn(name)).set(qn("w:val"), str(int(2 * size)))
    usual.find(qn("w:lang")).set(qn("w:val"), "id-ID")  # else Word marks every word as wrong
    apart = 4 if lying else 1
    made = {"head": (True, apart), "begin": (False, apart), "text": (False, 1), "note": (False, 0)}
    for name, (bold, before) in made.items():
        style = word.styles.add_style(f"Form {name}", WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        style.font.bold = bold
        style.paragraph_format.space_before = Pt(before)
        style.paragraph_format.keep_with_next = name == "head"
    note = word.styles["Form note"].font
    note.size, note.color.rgb = Pt(size - 0.5), RGBColor.from_string(MUTED)
    for level, points in ((1, 10.5), (2, 9.5)):
        style = word.styles[f"Heading {level}"]
        style.font.name, style.font.size, style.font.bold = "Arial", Pt(points), True
        style.font.color.rgb = RGBColor(0x1B, 0x23, 0x22)
        style.element.remove(style.element.find(qn("w:link")))
        fonts = style.element.rPr.rFonts
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        style.paragraph_format.space_before = Pt(11 - 3 * level)
        style.paragraph_format.space_after = Pt(2)


def _top(word: Any) -> None:
    """Letterhead, title, what the paper is about."""
    _loop(word, "heads", "{{ line }}", size=10, bold=True)
    _line(word, "{%p if address %}")
    _line(word, "{{ address }}", middle=True)
    _line(word, "{%p endif %}")
    rule = _line(word, "", after=4)
    _rule(rule)
    _line(word, "{%p if warning %}")
    _line(word, "{{ warning }}", middle=True, colour="7A4B00", after=4)
    _line(word, "{%p endif %}")
    _line(word, "{{ title }}", middle=True, size=12.5, bold=True)
    _line(word, "{%p if subtitle %}")
    _line(word, "{{ subtitle }}", middle=True, size=9.5)
    _line(word, "{%p endif %}")
    facts = "{% for one in facts %}{{ one.label }}: {{ one.value }}"
    facts += "{% if not loop.last %}  ·  {% endif %}{% endfor %}"
    about = _line(word, facts, middle=True, size=8.5, colour=MUTED, after=6)
    about.paragraph_format.space_before = Pt(3)


def _loop(word: Any, name: str, text: str, **look: Any) -> None:
    _line(word, f"{{%p for line in {name} %}}")
    _line(word, text, middle=True, **look)
    _line(word, "{%p endfor %}")


def _line(
    place: Any,
    text: str,
    style: str | None = None,
    *,
    middle: bool = False,
    size: float = 0,
    bold: bool | None = None,
    colour: str = "",
    after: float = 0,
) -> Any:
    paragraph = place.add_paragraph(style=style)
    run = paragraph.add_run(text)
    run.bold = bold
    if size:
        run.font.size = Pt(size)
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour)
    if middle:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if after:
        paragraph.paragraph_format.space_after = Pt(after)
    return paragraph


def _when(word: Any, kind: str, text: str, style: str) -> None:
    _line(word, f'{{%p if block.kind == "{kind}" %}}')
    _line(word, text, style)
    _line(word, "{%p endif %}")


def _lines(place: Any, name: str) -> None:
    """Every line of a cell or text, in the style of its kind."""
    _line(place, f"{{%p for line in {name} %}}")
    for kind in ("head", "begin", "text", "note"):
        _line(place, f'{{%p if line.style == "{kind}" %}}')
        _line(place, "{{ line.text }}", f"Form {kind}")
        _line(place, "{%p endif %}")
    _line(place, "{%p endfor %}")


def _columns(word: Any, name: str, width: float, groups: list[tuple[int, int]]) -> None:
    """Cells side by side: group heads, heads, numbers on every page, then one row."""
    widths = WIDTHS[name]
    number = len(widths)
    _line(word, f'{{%p if block.kind == "columns{number}" %}}')
    table = _table(word, 4 if groups else 3, widths, width)
    heads = table.rows[1 if groups else 0].cells
    for place, cell in enumerate(heads):
        _head(cell, f"{{{{ block.heads[{place}] }}}}")
    for place, cell in enumerate(table.rows[-2].cells):
        _head(cell, str(place + 1), size=6.5, bold=False)
    for first, last in groups:
        cell = table.cell(0, first).merge(table.cell(0, last))
        _head(cell, f"{{{{ block.groups[{first}] }}}}")
    within = {place for first, last in groups for place in range(first, last + 1)}
    for place in range(number if groups else 0):
        if place not in within:
            _upright(table.cell(0, place), table.cell(1, place))
    for row in table.rows[:-1]:
        _repeats(row)
    for place, cell in enumerate(table.rows[-1].cells):
        _lines(cell, f"block.cells[{place}]")
        _drop_first(cell)
    _line(word, "{%p endif %}")


def _upright(upper: Any, lower: Any) -> None:
    """One cell of two rows, with the text of the lower."""
    text = lower.paragraphs[0].text
    lower.paragraphs[0].runs[0].text = ""
    merged = upper.merge(lower)
    for extra in merged.paragraphs[1:]:
        extra._p.getparent().remove(extra._p)
    _head(merged, text)


def _rows(word: Any, name: str, width: float) -> None:
    """A table with a line for each row; a form's has no heads."""
    widths = WIDTHS[name]
    headed = name != "form"
    _line(word, f'{{%p if block.kind == "rows{len(widths)}" %}}')
    table = _table(word, 4 if headed else 3, widths, width)
    if headed:
        for place, cell in enumerate(table.rows[0].cells):
            _head(cell, f"{{{{ block.heads[{place}] }}}}")
        _repeats(table.rows[0])
    begin, row, end = table.rows[-3:]
    begin.cells[0].paragraphs[0].add_run("{%tr for row in block.rows %}")
    end.cells[0].paragraphs[0].add_run("{%tr endfor %}")
    for place, cell in enumerate(row.cells):
        _lines(cell, f"row[{place}]")
        _drop_first(cell)
    _line(word, "{%p endif %}")


def _table(word: Any, rows: int, widths: tuple[int, ...], width: float) -> Any:
    table = word.add_table(rows=rows, cols=len(widths), style="Table Grid")
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    for column, part in zip(table.columns, widths, strict=True):
        column.width = Mm(width * part / sum(widths))
        for cell in column.cells:
            cell.width = column.width
    edges = table._tbl.tblPr
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        edge = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", EDGE)):
            edge.set(qn(f"w:{name}"), value)
        borders.append(edge)
    edges.append(borders)
    margins = OxmlElement("w:tblCellMar")
    for side, twips in (("top", 40), ("left", 70), ("bottom", 60), ("right", 70)):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(twips))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    edges.append(margins)
    return table


def _head(cell: Any, text: str, *, size: float = 0, bold: bool = True) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    run.bold = bold
    if size:
        run.font.size = Pt(size)
    look = cell._tc.get_or_add_tcPr()
    if look.find(qn("w:shd")) is None:
        ground = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", GROUND)):
            ground.set(qn(f"w:{name}"), value)
        look.append(ground)
        middle = OxmlElement("w:vAlign")
        middle.set(qn("w:val"), "center")
        look.append(middle)


def _repeats(row: Any) -> None:
    """On every page that the table reaches, and never broken."""
    look = row._tr.get_or_add_trPr()
    for name in ("w:cantSplit", "w:tblHeader"):
        look.append(OxmlElement(name))


def _drop_first(cell: Any) -> None:
    """A new cell brings an empty paragraph along."""
    first = cell.paragraphs[0]._p
    first.getparent().remove(first)


def _signature(word: Any, width: float) -> None:
    """Initials on the left, the signature on the right."""
    _line(word, "", after=8)
    table = word.add_table(rows=1, cols=2)
    table.autofit = False
    look = table.rows[0]._tr.get_or_add_trPr()
    look.append(OxmlElement("w:cantSplit"))
    left, right = table.rows[0].cells
    left.width, right.width = Mm(width * 0.52), Mm(width * 0.48)
    _line(left, "{%p if signature.initials %}")
    _line(left, "{{ signature.initials_title }}")
    _line(left, "{%p for line in signature.initials %}")
    _line(left, f"{{{{ line }}}}  {'.' * 24}").paragraph_format.space_before = Pt(14)
    _line(left, "{%p endfor %}")
    _line(left, "{%p endif %}")
    for text in ("{{ signature.place }}", "{{ signature.title }}"):
        _line(right, text, middle=True)
    name = _line(right, "{{ signature.name }}", middle=True, bold=True)
    name.paragraph_format.space_before = Pt(48)
    _line(right, "{%p for line in signature.lines %}")
    _line(right, "{{ line }}", middle=True)
    _line(right, "{%p endfor %}")
    _drop_first(right)


def _foot(word: Any, width: float) -> None:
    """On every page: what marks it above, what it is and its number below."""
    section = word.sections[0]
    top = section.header.paragraphs[0]
    top.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    mark = top.add_run("{{ mark }}")
    mark.bold, mark.font.size, mark.font.color.rgb = True, Pt(8), RGBColor(0x7A, 0x4B, 0x00)
    foot = section.footer.paragraphs[0]
    for stop in list(foot.style.paragraph_format.tab_stops):
        stop._tab.getparent().remove(stop._tab)
    foot.paragraph_format.tab_stops.add_tab_stop(Mm(width), WD_ALIGN_PARAGRAPH.RIGHT)
    for part in ("{{ running }}", "\tHalaman ", "PAGE", " dari ", "NUMPAGES"):
        _number(foot, part) if part.isupper() else foot.add_run(part)
    for run in foot.runs:
        run.font.size, run.font.color.rgb = Pt(8), RGBColor.from_string(MUTED)


def _number(paragraph: Any, code: str) -> None:
    """A number that Word fills in itself."""
    for kind in ("begin", "", "end"):
        run = paragraph.add_run()
        mark = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark.text = code
        run._r.append(mark)


def _rule(paragraph: Any) -> None:
    edge = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "1"), ("color", "1B2322")):
        edge.set(qn(f"w:{name}"), value)
    edges = OxmlElement("w:pBdr")
    edges.append(edge)
    look = paragraph._p.get_or_add_pPr()
    look.insert_element_before(edges, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
    for run in paragraph.runs:
        run.font.size = Pt(4)


def _same(word: Any) -> bytes:
    """The file with fixed days in it: made again it is the same, byte by byte."""
    about = word.core_properties
    about.author = about.title = about.comments = ""
    about.created = about.modified = datetime(*DAY[:3])  # noqa: DTZ001  Word's days have no zone
    made, kept = BytesIO(), BytesIO()
    word.save(made)
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, DAY), old.read(name), zipfile.ZIP_DEFLATED)
    return kept.getvalue()


def main() -> None:
    for name, shape in SHAPES.items():
        (FOLDER / f"{name}.docx").write_bytes(form(shape))
        print(f"{name}.docx")  # noqa: T201


if __name__ == "__main__":
    main()
