"""A document for Word: real styles, so that the office can go on writing in it."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from core.formats import count, moment
from programs.rollups import LEVEL_COLUMNS

from ..models import IssuedReport
from .codes import grouped
from .document import (
    Ask,
    Blank,
    Block,
    Cell,
    Document,
    Heading,
    Ladder,
    Numbers,
    Points,
    Side,
    Signature,
    Table,
    Text,
)
from .issuing import document_in
from .paper import png_qr

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def docx_of(report: IssuedReport, address: str) -> bytes:
    """The issued report as it was, as a Word file on A4 with page numbers."""
    with translation.override(settings.LANGUAGE_CODE):
        return _written(document_in(report), report, address)


def _written(document: Document, report: IssuedReport, address: str) -> bytes:
    from docx import Document as Word

    word = Word()
    _sheet(word, f"{document.title} · {document.subtitle} · {grouped(report.code)}")
    word.core_properties.title = document.title
    word.core_properties.author = "Portal PUG"
    word.core_properties.language = settings.LANGUAGE_CODE
    word.add_paragraph(document.title, style="Title")
    word.add_paragraph(document.subtitle, style="Subtitle")
    _pairs(word, document.facts)
    for block in document.blocks:
        _write(word, block)
    word.add_heading(_("Notes"), level=1)
    for note in document.notes:
        word.add_paragraph(note, style="List Bullet")
    _seal(word, report, address)
    file = BytesIO()
    word.save(file)
    return file.getvalue()


def _sheet(word: Any, running: str) -> None:
    """A4, the margins of the paper version, and a foot with the page of the pages."""
    from docx.shared import Mm, Pt

    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(18), Mm(20)
    word.styles["Normal"].font.name = "Arial"
    word.styles["Normal"].font.size = Pt(10)
    foot = section.footer.paragraphs[0]
    foot.add_run(f"{running} · ")
    for code in ("PAGE", None, "NUMPAGES"):
        _place(foot, code) if code else foot.add_run(" / ")


def _place(paragraph: Any, code: str) -> None:
    """A number that Word fills in itself."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind in ("begin", None, "end"):
        run = paragraph.add_run()
        mark = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark.text = code
        run._r.append(mark)


def _write(word: Any, block: Block) -> None:
    """One block in Word's own styles; drawings become the numbers they are made of."""
    match block:
        case Heading():
            if block.annex:
                word.add_page_break()
            word.add_heading(block.text, level=1)
        case Text():
            word.add_paragraph(block.text)
        case Points():
            for item in block.items:
                word.add_paragraph(item, style="List Bullet")
        case Ask():
            word.add_heading(block.title, level=2)
            word.add_paragraph(f"{block.text} {block.why}")
        case Numbers():
            _grid(word, [[one.label, f"{one.value} ({one.of})"] for one in block.items])
        case Ladder():
            _ladder(word, block)
        case Table():
            _table(word, block)
        case Side():
            for one in (*block.left, *block.right):
                _write(word, one)
        case Blank():
            _blank(word, block)
        case Signature():
            _signature(word, block)
        case _:
            raise NotImplementedError(type(block).__name__)


def _blank(word: Any, block: Blank) -> None:
    word.add_paragraph(block.label).runs[0].italic = True
    for _line in range(block.lines):
        word.add_paragraph("." * 100)


def _signature(word: Any, block: Signature) -> None:
    from docx.shared import Mm

    for line in (f"{block.place}, {'.' * 30}", block.office, "", "", "." * 40):
        paragraph = word.add_paragraph(line)
        paragraph.paragraph_format.left_indent = Mm(90)
        paragraph.paragraph_format.keep_with_next = True


def _ladder(word: Any, block: Ladder) -> None:
    if block.title:
        word.add_heading(block.title, level=2)
    names = {column: str(level.label) for level, column in LEVEL_COLUMNS.items()}
    _grid(word, [[names[name], count(number)] for name, number in block.levels.items()])


def _pairs(word: Any, pairs: Iterable[tuple[str, str]]) -> None:
    _grid(word, [[label, value] for label, value in pairs])


def _grid(word: Any, rows: list[list[str]]) -> None:
    table = word.add_table(rows=0, cols=2, style="Table Grid")
    for row in rows:
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    word.add_paragraph()


def _table(word: Any, block: Table) -> None:
    """A table with a head that comes again on every page, numbers to the right."""
    if block.title:
        word.add_heading(block.title, level=2)
    if not block.rows:
        word.add_paragraph(_("No rows for this period."))
        return
    table = word.add_table(rows=1, cols=len(block.columns), style="Table Grid")
    for cell, column in zip(table.rows[0].cells, block.columns, strict=True):
        _fill(cell, column.label, right=column.right, bold=True)
    _repeats(table.rows[0])
    for cells in block.cells:
        _row(table, cells)
    if block.total:
        _row(table, block.total_cells, bold=True)
    word.add_paragraph(block.note)


def _row(table: Any, cells: list[Cell], *, bold: bool = False) -> None:
    row = table.add_row()
    _stays_whole(row)
    for place, cell in zip(row.cells, cells, strict=True):
        _fill(place, _words(cell), right=cell.column.right, bold=bold)


def _words(cell: Cell) -> str:
    return f"{cell.text} ({cell.percent})" if cell.percent and cell.value else cell.text


def _fill(place: Any, text: str, *, right: bool, bold: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    paragraph = place.paragraphs[0]
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, Pt(8.5)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _repeats(row: Any) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _stays_whole(row: Any) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _seal(word: Any, report: IssuedReport, address: str) -> None:
    """The code, the address that checks it and the same address as a picture."""
    from docx.shared import Mm

    word.add_heading(_("Is this document still current?"), level=1)
    word.add_paragraph(
        _(
            "Code %(code)s, issued %(moment)s by %(office)s. Have the numbers changed since? "
            "Look here: %(address)s"
        )
        % {
            "code": grouped(report.code),
            "moment": moment(report.issued_at),
            "office": report.figures.get("office", ""),
            "address": address,
        }
    )
    if report.audit_head:
        word.add_paragraph(_("Audit trail then: %(head)s") % {"head": report.audit_words})
    word.add_picture(png_qr(address), width=Mm(28))
