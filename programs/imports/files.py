"""Files that go out for sheets that come in: the template, and what has to be put right."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import override

from core import spreadsheetml as xml
from core.csvs import BOM
from core.downloads import XLSX_TYPE, as_attachment
from core.tables import Column, Table, neutral
from villages.models import Village

from ..models import ImportJob, ImportProblem, ProgramState, ProgramVillage
from .reading import ADVICE_TITLE, COLUMNS, EXAMPLE, ROW_TITLE, TITLES
from .rows import VOCABULARIES

#: Villages and programs listed for somebody who may record in many.
MOST_LISTED = 5_000
_CHUNK = 2_000
_EXAMPLE = {
    "title": EXAMPLE,
    "place": "Balai desa",
    "women_participants": "19",
    "men_participants": "24",
    "women_deciders": "2",
    "men_deciders": "3",
    "women_beneficiaries": "19",
    "men_beneficiaries": "24",
    "budget_spent": "12.500.000",
}


def template(actor, fmt: str) -> bytes:
    """An empty sheet for this person: columns and an example; as XLSX, with her lists beside."""
    with override("id"):
        villages = list(_villages(actor))
        programs = list(_programs(actor))
        rows = [list(map(str.capitalize, COLUMNS)), _example(villages, programs)]
        if fmt == "csv":
            return _csv(rows)
        return book(
            {
                "Kegiatan": rows,
                "Pilihan kata": [["Kolom", "Kata yang boleh ditulis"], *_words()],
                "Desa": [["Kode desa", "Desa", "Kecamatan"], *villages],
                "Program": [["Kode desa", "Program", "Tahun"], *programs],
            },
            "Kegiatan",
        )


def template_answer(actor, fmt: str) -> HttpResponse:
    """The template as a download."""
    kind = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX_TYPE}[fmt]
    answer = HttpResponse(template(actor, fmt), content_type=kind)
    as_attachment(answer, f"templat-kegiatan.{fmt}")
    return answer


def _example(villages: list[Sequence[str]], programs: list[Sequence[str]]) -> list[str]:
    """One filled-in row, of a village and a program of hers; nobody reads it in again."""
    cells = dict(_EXAMPLE, held_on=timezone.localdate().strftime("%d-%m-%Y"))
    for name, vocabulary in VOCABULARIES.items():
        if name != "low_women_reason":
            cells[name] = str(vocabulary.choices[0][1])
    if programs:
        cells["village"], cells["program"] = programs[0][:2]
    elif villages:
        cells["village"] = villages[0][0]
    return [cells.get(field, "") for field in COLUMNS.values()]


def _words() -> Iterator[list[str]]:
    for name, vocabulary in VOCABULARIES.items():
        for _code, label in vocabulary.choices:
            yield [TITLES[name].capitalize(), str(label)]


def _villages(actor) -> Iterable[tuple[str, str, str]]:
    found = Village.objects.permitting(actor, "log").live().order_by("code")
    return found.values_list("code", "name", "district__name")[:MOST_LISTED]


def _programs(actor) -> Iterator[list[str]]:
    villages = Village.objects.permitting(actor, "log").live()
    running = ProgramVillage.objects.filter(
        village__in=villages, program__state=ProgramState.ACTIVE
    ).order_by("village__code", "program__title")
    names = ("village__code", "program__title", "program__year_from", "program__year_to")
    for code, title, first, last in running.values_list(*names)[:MOST_LISTED]:
        yield [code, title, f"{first}–{last}"]


def _csv(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([neutral(cell) for cell in row] for row in rows)
    return BOM + text.getvalue().encode()


def book(sheets: dict[str, list[Sequence[str]]], title: str) -> bytes:
    """Sheets of texts, each with its heading in the first row."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for number, rows in enumerate(sheets.values(), start=1):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", "".join(_sheet(rows)))
        for name, text in xml.frame(list(sheets), title):
            archive.writestr(name, text)
    return out.getvalue()


def _sheet(rows: list[Sequence[str]]) -> Iterator[str]:
    head, *rest = rows
    yield xml.opening([22] * len(head), frozen=True)
    yield xml.heading_row([neutral(cell) for cell in head])
    for number, row in enumerate(rest, start=2):
        cells = (
            xml.text_cell(f"{xml.letters(place)}{number}", neutral(cell))
            for place, cell in enumerate(row)
            if cell
        )
        yield f'<row r="{number}">{"".join(cells)}</row>'
    yield xml.closing()


# -- What has to be put right --------------------------------------------------


def problems_table(job: ImportJob) -> Table:
    """The refused rows as they stand, under their columns, each with what to do about it.

    Put right, the file can be sent as it is: the two columns of ours are passed over.
    """
    found = job.problems.order_by("number")
    names = _columns_of(found)
    columns = [
        Column("row", ROW_TITLE.capitalize(), "count"),
        *(Column(name, title_of(name)) for name in names),
        Column("advice", ADVICE_TITLE.capitalize()),
    ]
    title = f"{ADVICE_TITLE.capitalize()}: {job.name}"
    return Table("perbaikan", title, columns, _Lines(found, names))


class _Lines:
    """The rows, read when the file is written and never held."""

    def __init__(self, found, names: list[str]):
        self._found, self._names = found, names

    def __iter__(self) -> Iterator[list[Any]]:
        for one in self._found.iterator(chunk_size=_CHUNK):
            cells = (one.cells.get(name) for name in self._names)
            yield [one.number, *cells, " ".join(advice(one))]


def _columns_of(found) -> list[str]:
    used: set[str] = {*COLUMNS.values()}
    for cells in found.values_list("cells", flat=True).iterator(chunk_size=_CHUNK):
        used.update(cells)
    order = {name: place for place, name in enumerate(COLUMNS.values())}
    return sorted(used, key=lambda name: (order.get(name, len(order)), name))


def title_of(field: str) -> str:
    """A field by the title of its column."""
    return TITLES.get(field, field).capitalize()


def advice(row: ImportProblem) -> list[str]:
    """What to do about a row, a sentence or two for each cell."""
    return [
        f"{title_of(one['field'])}: {one['detail']}" if one["field"] else one["detail"]
        for one in row.problems
    ]
