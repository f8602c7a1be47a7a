"""A sheet of 100,000 rows against the least that could be done with it: parse and plain COPY."""

from __future__ import annotations

import io
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta

from django.db import connection, transaction
from python_calamine import CalamineWorkbook

from accounts.models import User
from core.tables import Column, Table
from core.workbooks import workbook
from programs.imports import import_activities, open_sheet
from programs.imports.files import title_of
from programs.imports.reading import column_names
from programs.models import Activity, ProgramVillage

from .goals import Goal

ROWS = 100_000
MOST = 100_000_000  # bytes: the door's own limits do not count here
PIECE = 5_000
ROUNDS = 3
_KEY = Activity._meta.pk.column
COLUMNS = (
    *("village", "program", "held_on", "title", "place", "stage"),
    *("women_participants", "men_participants", "women_beneficiaries", "men_beneficiaries"),
)


def book(rows: int) -> bytes:
    """An XLSX of ten columns; every hundredth row says a word where a number belongs."""
    targets = list(
        ProgramVillage.objects.filter(program__state="active").select_related("program", "village")[
            :200
        ]
    )
    kinds = dict.fromkeys(COLUMNS[6:], "count") | {"held_on": "day"}
    columns = [Column(name, title_of(name), kinds.get(name, "text")) for name in COLUMNS]

    def cells(number: int) -> list:
        of = targets[number % len(targets)]
        day = date(of.program.year_from, 1, 2) + timedelta(days=number % 300)
        wrong = number % 100 == 0
        return [
            *(of.village.code, of.program.title, day, f"Pelatihan {number}", "Balai desa"),
            *("zaman" if wrong else "Pelaksanaan", number % 60, number % 50),
            *(number % 60, number % 50),
        ]

    file, _count = workbook(Table("p9", "p9", columns, (cells(n) for n in range(rows))))
    with file:
        return file.read()


def tried(content: bytes, officer: User) -> int:
    """Every row judged, every wrong one named; nothing stored. How many are wrong."""
    return _judged(content, officer, dry_run=True)


def kept(content: bytes, officer: User) -> int:
    """The same, and the right ones recorded: facts, receipts, steps, trail, feed, sums; undone."""
    with transaction.atomic():
        wrong = _judged(content, officer, dry_run=False)
        transaction.set_rollback(True)
    return wrong


def _judged(content: bytes, officer: User, *, dry_run: bool) -> int:
    sheet = open_sheet(content, most_rows=None, most_bytes=MOST)
    found = import_activities(sheet, actor=officer, dry_run=dry_run, piece=PIECE)
    return sum(not one.outcome.ok for results in found for one in results)


def parsed_and_copied(content: bytes) -> None:
    """calamine's rows, typed, by COPY into a bare table with the indexes of activities."""
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    head, *rows = sheet.to_python()
    fields = column_names(head)
    places = [fields.index(name) for name in ("held_on", "title", "place", *COLUMNS[6:])]
    constants = _constants()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "create temp table bare (like programs_activity including defaults including indexes)"
            " on commit drop"
        )
        text = io.StringIO()
        for number, row in enumerate(rows):
            cells = [row[place] for place in places]
            cells[3:] = [int(cell) for cell in cells[3:]]
            text.write("\t".join(map(str, (f"{number:032x}", *cells, *constants.values()))) + "\n")
        text.seek(0)
        names = (_KEY, "held_on", "title", "place", *COLUMNS[6:], *constants)
        listed = ", ".join(f'"{name}"' for name in names)
        cursor.copy_expert(f"copy bare ({listed}) from stdin", text)
        transaction.set_rollback(True)


def _constants() -> dict[str, object]:
    """What the other columns that must be filled in hold in every row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select column_name, data_type from information_schema.columns where table_name ="
            " 'programs_activity' and is_nullable = 'NO' and column_default is null"
        )
        needed = dict(cursor.fetchall())
    given = {_KEY, "held_on", "title", "place"}
    plain = {"uuid": "0" * 32, "date": "2026-03-04", "timestamp with time zone": "2026-03-04"}
    plain |= {"jsonb": "{}", "boolean": "f"}
    return {
        name: plain.get(kind, "" if "char" in kind or kind == "text" else 1)
        for name, kind in needed.items()
        if name not in given
    }


def sheets(officer: User, rows: int = ROWS) -> list[Goal]:
    """P9: validated with an error report; beside it what recording the rows comes to, and memory
    of a process that does nothing but try this sheet."""
    content = book(rows)
    floor, trial = _beside(lambda: parsed_and_copied(content), lambda: tried(content, officer))
    begun = time.perf_counter()
    kept(content, officer)
    recorded = time.perf_counter() - begun
    what = f"a sheet of {rows:,} rows"
    return [
        Goal("P9", f"{what} tried, wrong rows named | parse + COPY", "x", trial / floor, 2),
        Goal("P9", f"{what} recorded | parse + COPY", "x", recorded / floor, 2),
        Goal("P9", f"memory of a process that tries {what}", "MB", memory(content, officer), 250),
    ]


def _beside(*calls: Callable[[], object]) -> list[float]:
    """The best seconds of each, one after the other in every round."""
    best = [float("inf")] * len(calls)
    for _round in range(ROUNDS):
        for place, call in enumerate(calls):
            begun = time.perf_counter()
            call()
            best[place] = min(best[place], time.perf_counter() - begun)
    return best


_ALONE = """
import resource, sys
import django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from accounts.models import User
from benchmarks import imports
imports.tried(sys.stdin.buffer.read(), User.objects.get(pk=sys.argv[2]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def memory(content: bytes, officer: User) -> float:
    """The most that a fresh process had in memory at once, in megabytes."""
    name = str(connection.settings_dict["NAME"])
    asked = [sys.executable, "-c", _ALONE, name, str(officer.pk)]
    answer = subprocess.run(asked, input=content, capture_output=True, check=True)  # noqa: S603
    return int(answer.stdout) / 1024
