"""Sheets of activities: CSV or XLSX → items → the same judging as every other door.

A row's uid is made from the person and the row's content (uuid5), so the same sheet imported
twice changes nothing, and a corrected sheet adds only what was refused before.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Problem
from core.formats import Unreadable, parse_count, parse_day, parse_rupiah, storable
from core.sheets import Unusable, read_table
from villages.models import Village

from .drafts import CONTENT_FIELDS, ActivityDraft, Outcome
from .models import (
    CountSource,
    EventStatus,
    FundSource,
    Kind,
    LowWomenReason,
    Program,
    ProgramState,
    ProgramVillage,
    Stage,
)
from .serializers import read_item
from .services import submit_activities

MOST_ROWS = 50_000
BATCH = 200

#: Column titles of the Indonesian template → field.
COLUMNS = {
    "kode desa": "village",
    "program": "program",
    "tanggal": "held_on",
    "nama kegiatan": "title",
    "tempat": "place",
    "tahap": "stage",
    "jenis": "kind",
    "status kegiatan": "event_status",
    "hadir perempuan": "women_participants",
    "hadir laki-laki": "men_participants",
    "hadir tidak tercatat": "unrecorded_participants",
    "hadir total": "total_participants",
    "memutuskan perempuan": "women_deciders",
    "memutuskan laki-laki": "men_deciders",
    "penerima perempuan": "women_beneficiaries",
    "penerima laki-laki": "men_beneficiaries",
    "usulan perempuan diterima": "women_proposals_accepted",
    "anak": "children",
    "disabilitas": "with_disability",
    "lansia": "elderly",
    "perempuan kepala keluarga": "women_household_heads",
    "sumber angka": "count_source",
    "alasan perempuan sedikit": "low_women_reason",
    "anggaran terpakai": "budget_spent",
    "sumber dana": "fund_source",
    "catatan": "note",
    "rujukan": "reference",
    "lintang": "latitude",
    "bujur": "longitude",
}
_VOCABULARIES = {
    "stage": Stage,
    "kind": Kind,
    "event_status": EventStatus,
    "count_source": CountSource,
    "low_women_reason": LowWomenReason,
    "fund_source": FundSource,
}
_TEXTS = {"village", "program", "title", "place", "note", "reference", "uid"}
_NUMBERS = {"latitude", "longitude"}


@dataclass(frozen=True)
class Row:
    """One row of the sheet: its number as the person sees it, and its cells by field."""

    number: int
    cells: dict[str, Any]


@dataclass(frozen=True)
class Result:
    """What became of one row."""

    number: int
    outcome: Outcome


def import_activities(
    path: Path, *, actor, source: str = "sheet", dry_run: bool = False
) -> Iterator[list[Result]]:
    """Judge the rows in batches, yielding each batch's results; right rows are kept at once.

    `dry_run` judges without storing. Raises Unusable before anything is stored when the file as
    a whole cannot be read.
    """
    rows = read_rows(path)
    names = ProgramNames(rows, actor)
    seen: Counter[str] = Counter()
    for start in range(0, len(rows), BATCH):
        batch = rows[start : start + BATCH]
        drafts = [_draft(row, actor, names, seen) for row in batch]
        with transaction.atomic():
            judged = submit_activities(
                [one for one in drafts if isinstance(one, ActivityDraft)],
                actor=actor,
                source=source,
                client=path.name[:60],
            )
            if dry_run:
                transaction.set_rollback(True)
        waiting = iter(judged)
        yield [
            Result(row.number, next(waiting) if isinstance(one, ActivityDraft) else one)
            for row, one in zip(batch, drafts, strict=True)
        ]


# -- Reading -------------------------------------------------------------------


def read_rows(path: Path) -> list[Row]:
    """The rows below the column names, with their numbers as the person sees them."""
    return _with_header(read_table(path))


def _with_header(table: list[Sequence[Any]]) -> list[Row]:
    if not table or not any(str(cell).strip() for cell in table[0]):
        raise Unusable(_("The first row is empty. It must hold the names of the columns."))
    names = [_column(cell) for cell in table[0]]
    unknown = [str(cell) for cell, name in zip(table[0], names, strict=True) if name is None]
    if unknown:
        raise Unusable(
            _("These columns are not known: %(names)s. Known columns: %(known)s.")
            % {"names": ", ".join(unknown), "known": ", ".join(COLUMNS)}
        )
    repeated = [name for name, count in Counter(names).items() if name and count > 1]
    missing = {"village", "program", "held_on", "title"} - set(names)
    if repeated or missing:
        raise Unusable(
            _("Columns missing: %(missing)s. Columns standing twice: %(repeated)s.")
            % {"missing": ", ".join(sorted(missing)) or "–", "repeated": ", ".join(repeated) or "–"}
        )
    rows = [
        Row(number, {name: cell for name, cell in zip(names, cells, strict=False) if name})
        for number, cells in enumerate(table[1:], start=2)
        if any(str(cell).strip() for cell in cells)
    ]
    if len(rows) > MOST_ROWS:
        raise Unusable(_("The sheet has more than 50,000 rows. Split it into smaller ones."))
    if not rows:
        raise Unusable(_("There is no row below the column names."))
    return rows


def _column(cell: Any) -> str | None:
    """The field a column title stands for; "" for a column without a title."""
    title = " ".join(str(cell).replace("_", " ").lower().split())
    if not title:
        return ""
    name = title.replace(" ", "_")
    return COLUMNS.get(title) or (name if name in {*CONTENT_FIELDS, "uid"} else None)


# -- One row -------------------------------------------------------------------


def _draft(row: Row, actor, names: ProgramNames, seen: Counter[str]) -> ActivityDraft | Outcome:
    """One row as a draft; what cannot be read is named, and kept as it stands."""
    today = timezone.localdate()
    item: dict[str, Any] = {}
    problems = []
    for name, cell in row.cells.items():
        try:
            value = _value(name, cell, today)
        except Unreadable as error:
            problems.append(Problem(name, error.code, str(error.detail)))
            continue
        if value not in (None, ""):
            item[name] = value
    if "program" in item and not _is_uid(item["program"]):
        found = names.find(item)
        problems += [found] if isinstance(found, Problem) else []
        item["program"] = None if isinstance(found, Problem) else found
    item.setdefault("uid", str(_uid(row, actor, seen)))
    draft = read_item(item)
    if isinstance(draft, Outcome):
        return draft
    return replace(draft, problems=(*problems, *draft.problems), raw=_texts(row))


class ProgramNames:
    """The programs of the villages of a sheet by title, so that it may name them as people do."""

    def __init__(self, rows: Sequence[Row], actor):
        codes = {str(row.cells.get("village", "")).strip() for row in rows}
        targets = ProgramVillage.objects.filter(
            village__in=Village.objects.permitting(actor, "log").filter(code__in=codes)
        ).select_related("program", "village")
        self._found: dict[tuple[str, str], list[Program]] = defaultdict(list)
        for one in targets:
            self._found[one.village.code, one.program.title.casefold()].append(one.program)

    def find(self, item: Mapping[str, Any]) -> str | Problem:
        """The uid of the one program meant: the title, running, in the year of the activity."""
        key = (str(item.get("village", "")), str(item["program"]).casefold())
        named = self._found.get(key, [])
        year = str(item.get("held_on", ""))[:4]
        running = [
            one for one in named if one.state == ProgramState.ACTIVE and year in map(str, one.years)
        ]
        meant = running or named
        if len(meant) == 1:
            return str(meant[0].pk)
        if meant:
            text = _("Several programs of this village have this name. Write the program's code.")
            return Problem("program", "ambiguous", text)
        text = _("This village has no program of this name. Write it as in the list of programs.")
        return Problem("program", "unknown_program", text)


def _value(name: str, cell: Any, today: date) -> Any:
    """A cell as the REST door would have it."""
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d")
    if isinstance(cell, float) and cell.is_integer() and name not in _NUMBERS:
        cell = int(cell)
    text = str(cell).strip()
    if not text or name in _TEXTS:
        return text
    if name == "held_on":
        return parse_day(text, today).isoformat()
    if name == "budget_spent":
        return parse_rupiah(text)
    if name in _NUMBERS:
        return text.replace(",", ".")
    if name in _VOCABULARIES:
        return _word(name, text)
    return parse_count(text)


def _word(name: str, text: str) -> str:
    """A code, or the word that stands on the screen."""
    wanted = text.casefold()
    for code, label in _VOCABULARIES[name].choices:
        if wanted in {code, str(label).casefold()}:
            return code
    return text


def _is_uid(text: Any) -> bool:
    try:
        UUID(str(text))
    except ValueError:
        return False
    return True


def _texts(row: Row) -> dict[str, str]:
    """The cells that hold something, as text."""
    return {name: storable(text) for name, cell in row.cells.items() if (text := str(cell).strip())}


def _uid(row: Row, actor, seen: Counter[str]) -> UUID:
    """The same row of the same person has the same uid; two equal rows of a sheet are two."""
    text = json.dumps(_texts(row), sort_keys=True, ensure_ascii=False)
    seen[text] += 1
    return uuid5(NAMESPACE_URL, f"{actor.uid}/{seen[text]}/{text}")
