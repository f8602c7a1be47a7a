"""A paper as a Word file: its form of `forms/`, filled by docxtpl.

What people typed goes in as text, escaped; it is never read as a part of the form.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from markupsafe import escape

from .parts import Block, Columns, Entry, Heading, Paper, Rows

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FORMS = Path(__file__).parent / "forms"


def written(paper: Paper) -> bytes:
    from docxtpl import DocxTemplate
    from jinja2.sandbox import SandboxedEnvironment

    form = DocxTemplate(FORMS / f"{paper.form}.docx")
    form.render(_context(paper), SandboxedEnvironment(autoescape=True))
    about = form.docx.core_properties
    about.title, about.author, about.language = paper.title, "Portal PUG", "id"
    file = BytesIO()
    form.save(file)
    return file.getvalue()


def _context(paper: Paper) -> dict:
    signed = paper.signature
    return {
        "heads": [Typed(one) for one in paper.heads],
        "address": Typed(paper.address),
        "warning": Typed(paper.warning),
        "title": Typed(paper.title),
        "subtitle": Typed(paper.subtitle),
        "facts": [{"label": Typed(label), "value": Typed(value)} for label, value in paper.facts],
        "running": Typed(paper.running),
        "mark": Typed(paper.mark),
        "blocks": [_block(one) for one in paper.blocks],
        "signature": signed
        and {
            "place": Typed(signed.place),
            "title": Typed(signed.title),
            "name": Typed(signed.name),
            "lines": [Typed(one) for one in signed.lines],
            "initials_title": Typed(signed.initials_title),
            "initials": [Typed(one) for one in signed.initials],
        },
    }


def _block(block: Block) -> dict:
    """Named by what the form has a place for: heading1, text, rows3, columns9 …"""
    match block:
        case Columns():
            return {
                "kind": f"columns{len(block.columns)}",
                "heads": [Typed(one.title) for one in block.columns],
                "groups": [Typed(one.group) for one in block.columns],
                "cells": [_stack(entries) for entries in block.entries],
            }
        case Rows():
            return {
                "kind": f"rows{len(block.columns)}",
                "heads": [Typed(one.title) for one in block.columns],
                "rows": [[_lines(cell) for cell in row] for row in block.rows],
            }
        case Heading():
            return {"kind": f"heading{block.level}", "text": Typed(block.text)}
    return {"kind": "text", "lines": _lines(block.lines)}


def _stack(entries: tuple[Entry, ...]) -> list[dict]:
    """Entries below each other; the first line of each stands a little apart."""
    found = []
    for entry in entries:
        first, *more = _lines(entry)
        found += [{**first, "style": "begin" if first["style"] == "text" else "head"}, *more]
    return found


def _lines(lines: Entry) -> list[dict]:
    return [{"text": Typed(line.text), "style": line.style} for line in lines]


class Typed(str):
    """Plain text as XML. docxtpl reads "{_{" and its like once more after filling in: a "_" is
    written as its number, which Word reads as the "_" it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(escape(str(self))).replace("_", "&#95;")
