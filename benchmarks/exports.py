"""Files: every activity as CSV over HTTP beside COPY itself, ten thousand as XLSX. The database is
taken as it is; DATABASE_URL leads the portal that is started here to it."""

from __future__ import annotations

import http.client
import os
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.models import User
from core.copying import QueryRows
from core.csvs import Counted, csv_blocks
from core.tables import Table
from core.workbooks import workbook
from programs.exports import activities_table
from programs.filters import ActivityFilter
from programs.models import Activity

from . import phone
from .goals import Goal

ROUNDS = 3
FEW, MANY = 10_000, 200_000  # rows of a workbook
PATH = "/kegiatan/?format=csv"


@dataclass(frozen=True)
class Taken:
    """One download: seconds to its first byte and to its last, bytes."""

    first: float
    whole: float
    size: int


def goals(reader: User) -> list[Goal]:
    """P10 and P11 for everything that this person may read."""
    with phone.portal() as address:
        session = _session(reader)
        _download(address, session)
        taken = [_download(address, session) for _round in range(ROUNDS)]
        memory = _most_memory()
    floor = min(_copied(reader) for _round in range(ROUNDS))
    whole = min(one.whole for one in taken)
    rows = Activity.objects.count()
    print(f"CSV of {rows} rows: {whole:.2f} s, {taken[0].size / 1e6:.0f} MB; COPY {floor:.2f} s")
    few = _timed(lambda: list(csv_blocks(_table(reader, FEW), Counted())))
    sheet = min(_timed(lambda: workbook(_table(reader, FEW))) for _round in range(ROUNDS))
    growth = _memory_of(reader, MANY) - _memory_of(reader, FEW)
    return [
        Goal("P10", f"CSV of {rows:,} rows over HTTP | COPY of its query", "x", whole / floor, 1.5),
        Goal("P10", "its first byte", "ms", 1000 * min(one.first for one in taken), 100),
        Goal("P10", "most memory of a serving process", "MB", memory, 150),
        Goal("P10", f"CSV of {FEW:,} rows", "s", few, 0.3),
        Goal("P11", f"XLSX of {FEW:,} rows", "s", sheet, 2),
        Goal("P11", f"memory for XLSX of {MANY:,} rows, above {FEW:,}", "MB", growth, 20),
    ]


def _session(reader: User) -> str:
    client = Client()
    client.force_login(reader)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _download(address: str, session: str) -> Taken:
    """The file as a tool takes it: not packed, thrown away as it comes."""
    line = http.client.HTTPConnection(urlsplit(address).netloc, timeout=600)
    begun = time.perf_counter()
    line.request("GET", PATH, headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"})
    answer = line.getresponse()
    size = len(answer.read(1))
    first = time.perf_counter() - begun
    while block := answer.read(1 << 18):
        size += len(block)
    whole = time.perf_counter() - begun
    line.close()
    if answer.status != 200:
        raise RuntimeError(f"{PATH}: {answer.status}")
    return Taken(first, whole, size)


def _most_memory() -> float:
    """MB: the highest resident size that any process serving this portal has had."""
    highest = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            if str(phone.PORT) in (status.parent / "cmdline").read_text():
                [line] = [one for one in status.read_text().splitlines() if "VmHWM" in one]
                highest = max(highest, int(line.split()[1]))
        except (OSError, ValueError):
            continue  # it has ended meanwhile, or is none of ours
    return highest / 1000


def _table(reader: User, rows: int | None = None) -> Table:
    """The list of activities; the newest days of it that hold about so many rows."""
    request = RequestFactory().get("/kegiatan/")
    request.user = reader
    kept = Activity.objects.visible_to(reader)
    if rows:
        days = Activity.objects.order_by("-held_on").values_list("held_on", flat=True)
        kept = kept.filter(held_on__gte=days[min(rows, days.count() - 1)])
    found = ActivityFilter({}, queryset=kept, request=request)
    table = activities_table(found.qs, found, timezone.now())
    return replace(table, rows=QueryRows(table.rows.rows[:rows])) if rows else table


def _copied(reader: User) -> float:
    """Seconds for COPY of the query itself, nothing made harmless or readable, to this process."""
    sql, values = _table(reader).rows.rows.query.sql_with_params()
    with connection.cursor() as cursor, open(os.devnull, "wb") as nowhere:
        cursor.execute("set statement_timeout = 0")
        copy = f"copy ({cursor.mogrify(sql, values).decode()}) to stdout with (format csv)"
        return _timed(lambda: cursor.copy_expert(copy, nowhere))


def _timed(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def _memory_of(reader: User, rows: int) -> float:
    """MB: the most that a process of its own needs to write a workbook of so many rows."""
    connection.close()
    reading, writing = os.pipe()
    if os.fork() == 0:
        with connection.cursor() as cursor:
            cursor.execute("set statement_timeout = 0")
        workbook(_table(reader, rows))
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        os.write(writing, str(most).encode())
        os._exit(0)
    os.close(writing)
    os.wait()
    with os.fdopen(reading) as pipe:
        return int(pipe.read()) / 1000
