"""The REST doors: in this process beside bare views with the same statements, and over HTTP."""

from __future__ import annotations

import base64
import http.client
import itertools
import json
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path

from accounts.models import ApiToken, User
from accounts.services import create_token
from core.identifiers import uuid7
from programs.models import Activity, ProgramVillage
from villages.models import Village

from . import phone
from .goals import Goal
from .measure import Case, median
from .writes import rolled_back

LIST = "/api/v1/activities/?limit=50"
SEND = "/api/v1/submissions/"
CLIENTS, SECONDS = 8, 6
ROUNDS = 60

#: The statements that the bare views run: those of one list, those of one record sent in.
_same: dict[str, list[str]] = {}


def bare_list(_request) -> HttpResponse:
    """What the list asks of the database, as JSON, and nothing else."""
    rows: list = []
    with connection.cursor() as cursor:
        for sql in _same["list"]:
            cursor.execute(sql)
            rows = cursor.fetchall()
    return JsonResponse(rows, safe=False)


def bare_insert(_request) -> HttpResponse:
    """One record sent in: its facts written by plain statements, nothing judged or counted."""
    with connection.cursor() as cursor:
        for sql in _same["insert"]:
            cursor.execute(sql, {"uid": str(uuid7())})
    return HttpResponse(status=201)


urlpatterns = [path("bare/list/", bare_list), path("bare/insert/", bare_insert)]


def key_of(reader: User) -> str:
    """A fresh key with every scope."""
    made = create_token(reader, name="bench", scopes=ApiToken.Scope.values, days=1, actor=None)
    return made.key


def items(count: int, place: int = 0) -> dict[str, list[dict[str, Any]]]:
    """A batch of new records for one village (the `place`-th) and program."""
    running = ProgramVillage.objects.filter(program__state="active").order_by("village", "pk")
    village = Village.objects.filter(targets__in=running).distinct().order_by("pk")[place]
    target = running.select_related("program", "village").filter(village=village)[0]
    program = target.program
    return {
        "items": [
            {
                "uid": str(uuid7()),
                "program": str(program.pk),
                "village": target.village.code,
                "title": "Pelatihan",
                "held_on": f"{program.year_from}-01-{number % 20 + 2:02d}",
                "women_participants": 19,
                "men_participants": 24,
            }
            for number in range(count)
        ]
    }


def deep(rows: int) -> str:
    """The address of a page that begins after so many rows."""
    held_on, pk = Activity.objects.order_by("-held_on", "-pk").values_list("held_on", "pk")[rows]
    mark = json.dumps(["n", held_on.isoformat(), str(pk)]).encode()
    return f"{LIST}&cursor={base64.urlsafe_b64encode(mark).decode().rstrip('=')}"


def cases(reader: User) -> list[Case]:
    """P5 to P7 beside their floors, in this process, behind the same middleware."""
    headers = {"Authorization": f"Bearer {key_of(reader)}"}
    client = Client(headers=headers)
    client.get(LIST)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(LIST).status_code == 200  # noqa: S101
    _same["list"] = [one["sql"] for one in asked if "programs_" in one["sql"]]
    _same["insert"] = _inserts()
    far = deep(Activity.objects.count() * 9 // 10)

    def send():
        answer = client.post(SEND, items(1), content_type="application/json")
        assert answer.json()["summary"]["accepted"] == 1  # noqa: S101

    return [
        Case(
            "P5",
            "list of 50 activities | a bare view, same statements",
            lambda: client.get(LIST),
            lambda: client.get("/bare/list/"),
            2.0,
        ),
        Case("P6", "a page deep in the list | its first page", *_pages(client, far), 1.1),
        Case(
            "P7",
            "one activity sent in | a bare view, its rows inserted",
            rolled_back(send),
            rolled_back(lambda: client.get("/bare/insert/")),
            1 / 0.35,
        ),
    ]


def _pages(client: Client, far: str) -> tuple[Callable, Callable]:
    return lambda: client.get(far), lambda: client.get(LIST)


def _inserts() -> list[str]:
    """The receipt, the record and its first step, copied from the newest under a new uid."""
    newest = Activity.objects.order_by("-pk").values_list("pk", flat=True)[0]
    return [
        _copied("programs_submission", newest, uid="%(uid)s", number="null"),
        _copied("programs_activity", newest, uid="%(uid)s"),
    ]


def _copied(name: str, newest: Any, **changed: str) -> str:
    with connection.cursor() as cursor:
        columns = [one.name for one in connection.introspection.get_table_description(cursor, name)]
    values = ", ".join(changed.get(column, column) for column in columns)
    key = f"uid = '{newest}'"
    return f"insert into {name} ({', '.join(columns)}) select {values} from {name} where {key}"  # noqa: S608


def list_ms(reader: User) -> float:
    """Milliseconds of the first page, in this process."""
    client = Client(headers={"Authorization": f"Bearer {key_of(reader)}"})
    return median(lambda: client.get(LIST), rounds=30)


def goals(reader: User) -> list[Goal]:
    """As a client meets them: Granian with two workers, connections kept open."""
    headers = {"Authorization": f"Bearer {key_of(reader)}", "Content-Type": "application/json"}
    with phone.portal(PUG_API_PER_MINUTE="1000000") as address:
        line = _Line(address, headers)
        again = line.unchanged(LIST)
        first = line.median("GET", LIST)
        one = line.median("POST", SEND, bodies=(items(1) for _ in itertools.count()))
        batch = line.median("POST", SEND, bodies=(items(50) for _ in itertools.count()), rounds=15)
        _time, schema, _headers = line.timed("GET", "/api/v1/schema/?format=json")
        rate = _rate(address, headers)
    return [
        Goal("P5", "list of 50 over HTTP", "ms", first, 18),
        Goal("P5", "304 of the same list", "ms", again, 3),
        Goal("P7", "one activity sent in over HTTP", "ms", one, 12),
        Goal("P7", f"activities sent in by {CLIENTS} clients at once", "/s", rate, 120, least=True),
        Goal("P8", "a batch of 50 over HTTP", "ms", batch, 150),
        Goal("P5", "the schema", "kB", len(schema) / 1000, 1000),
    ]


class _Line:
    """One connection kept open."""

    def __init__(self, address: str, headers: dict[str, str]):
        self._line = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        self._headers = headers

    def timed(
        self, method: str, where: str, body: Any = None, headers: dict | None = None
    ) -> tuple[float, bytes, Any]:
        """(milliseconds, body, headers); an answer that is no success stops the measure."""
        sent = json.dumps(body).encode() if body is not None else None
        begun = time.perf_counter()
        self._line.request(method, where, sent, self._headers | (headers or {}))
        answer = self._line.getresponse()
        text = answer.read()
        spent = (time.perf_counter() - begun) * 1000
        if answer.status >= 400:
            raise RuntimeError(f"{where}: {answer.status} {text[:200]!r}")
        self.status = answer.status
        return spent, text, answer.headers

    def median(
        self,
        method: str,
        where: str,
        *,
        headers: dict | None = None,
        bodies: Iterator | None = None,
        rounds: int = ROUNDS,
    ) -> float:
        times = []
        for _round in range(rounds):
            body = next(bodies) if bodies else None
            times.append(self.timed(method, where, body, headers)[0])
        return statistics.median(times)

    def unchanged(self, where: str) -> float:
        """Of the calls that found nothing new. Each time that the calls of a key are counted, the
        database is another one: the page comes once more."""
        times, etag = [], ""
        for _round in range(ROUNDS):
            spent, _body, headers = self.timed("GET", where, headers={"If-None-Match": etag})
            etag = headers["ETag"]
            if self.status == 304:
                times.append(spent)
        if len(times) < ROUNDS // 2:
            raise RuntimeError(f"{where}: {len(times)} of {ROUNDS} answers were 304")
        return statistics.median(times)


def _rate(address: str, headers: dict[str, str]) -> float:
    """Records a second, sent one by one by several clients at once, each from her own village."""
    ready = [items(400, number)["items"] for number in range(CLIENTS)]
    sent = [0] * CLIENTS
    barrier = threading.Barrier(CLIENTS + 1)

    def run(number: int) -> None:
        line = _Line(address, headers)
        barrier.wait()
        until = time.perf_counter() + SECONDS
        for item in itertools.cycle(ready[number]):
            if time.perf_counter() > until:
                return
            line.timed("POST", SEND, {"items": [{**item, "uid": str(uuid7())}]})
            sent[number] += 1

    threads = [threading.Thread(target=run, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    barrier.wait()
    for thread in threads:
        thread.join()
    return sum(sent) / SECONDS
