"""Documents and evidence for tests, made through the services, and files of every kind."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from itertools import count
from zipfile import ZIP_DEFLATED, ZipFile

from core.identifiers import uuid7
from planning.archive import write
from planning.binder import binder_of
from planning.models import Document, Evidence
from planning.services.documents import add_document
from planning.services.evidence import add_evidence, tag_evidence
from planning.services.questions import asked_in, put_questions, said_in
from tests import make

_serial = count(1)
YEAR = 2026
TODAY = date(YEAR, 6, 1)


def pdf(text: str = "") -> bytes:
    """A PDF without a page; each other than the last unless a text is given."""
    text = text or f"no. {next(_serial)}"
    return f"%PDF-1.4\n% {text}\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n".encode()


def office(kind: str = "word", **parts: str | bytes) -> bytes:
    """A DOCX (kind word) or XLSX (kind xl) of the fewest parts; others by name, dots as __."""
    main, of = {
        "word": ("word/document.xml", "wordprocessingml.document"),
        "xl": ("xl/workbook.xml", "spreadsheetml.sheet"),
    }[kind]
    types = f"application/vnd.openxmlformats-officedocument.{of}.main+xml"
    held: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types><Override ContentType="{types}"/></Types>',
        main: f"<document>{next(_serial)}</document>",
        **parts,
    }
    return archive(held)


def archive(parts: dict[str, str | bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def document(by, opd=None, data: bytes | None = None, **values) -> Document:
    said = {
        "kind": "decree",
        "title": f"SK {next(_serial)}",
        "year": YEAR,
        "uid": uuid7(),
        **values,
    }
    row = Document(regency=make.regency(), opd=opd, **said)
    return add_document(row, data or pdf(), actor=by, file_name="sk.pdf")


def evidence(by, subject=None, opd=None, title: str = "", **tags) -> Evidence:
    """A piece of this year's binder; tags: prerequisites, cycles, questions."""
    subject = subject or document(by, opd)
    title = title or f"Bukti {next(_serial)}"
    piece = add_evidence(subject, actor=by, title=title, regency=make.regency(), opd=opd)
    if tags:
        tag_evidence(piece, YEAR, actor=by, **tags)
    return piece


def questions(by, *lines: str, year: int = YEAR) -> dict:
    """The list of the year, by code."""
    put_questions(make.regency(), year, said_in("\n".join(lines)), actor=by)
    return {one.code: one for one in asked_in(make.regency(), year)}


#: What lies on top of every archive.
INDEXES = ["INDEKS.xlsx", "INDEKS.csv", "INDEKS.html"]


def seen_by(user, opd=None, year: int = YEAR, today: date = TODAY):
    """The binder as this person sees it."""
    return binder_of(user, make.regency(), year, today=today, opd=opd)


def zipped(binder) -> bytes:
    with write(binder) as file:
        return file.read()


def names_in(data: bytes) -> list[str]:
    return ZipFile(BytesIO(data)).namelist()


def held(places) -> dict[str, list[str]]:
    """The titles that stand at each place of the binder."""
    return {place.key: [one.evidence.title for one in place.pieces] for place in places}
