"""Boards: a regency's and the nation's, worked out anew and given out again."""

from __future__ import annotations

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path
from django.utils import timezone

from accounts.models import User
from dashboards import boards
from dashboards.areas import find_area, villages_of
from dashboards.filters import BoardFilter
from villages.models import Regency

from .goals import Goal
from .measure import Case, median

ROLLUP = """
select json_agg(row_to_json(r)) from (
  select v.code, v.name, d.code as district, p.*
  from villages_village v join villages_district d on d.id = v.district_id
  left join programs_villageperiod p
    on p.village_id = v.id and p.year = %s and p.semester = 0 and p.basis = 'verified'
  where d.regency_id = %s order by v.code) r
"""
#: The nation by province from the facts themselves, one year: what nobody should have to wait for.
FACTS = """
select p.code, count(*), count(*) filter (where a.women_participants > 0),
  sum(a.women_participants), sum(a.men_participants)
from programs_activity a join villages_village v on v.id = a.village_id
join villages_district d on d.id = v.district_id join villages_regency r on r.id = d.regency_id
join villages_province p on p.id = r.province_id
where a.year = %s and a.state = 'verified' group by p.code
"""


def hello(request) -> HttpResponse:
    """The least a page can be: the whole middleware, a session, a person."""
    return HttpResponse(f"<p>{request.user.name}</p>")


urlpatterns = [
    path("hello/", hello),
    path("", include("benchmarks.api")),
    path("", include("pug_portal.urls")),
]


def asked(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        cursor.fetchall()


def regency_cases(officer: User, year: int) -> list[Case]:
    regency = Regency.objects.get(code=settings.PUG_REGENCY)
    area, flt = find_area(officer, regency.code), BoardFilter(year=year)

    def rollup():
        asked(ROLLUP, year, regency.pk)

    return [
        Case(
            "P1",
            "regency board, unchanged since asked | its rollup as JSON",
            lambda: boards.area_board(officer, area, flt),
            rollup,
            1.0,
        ),
        Case(
            "P1a",
            "its villages read anew | the same rollup",
            lambda: boards.rows_of(villages_of(officer, area), flt),
            rollup,
            2.0,
        ),
        *page_cases(officer, area.code, year),
    ]


def page_cases(officer: User, code: str, year: int) -> list[Case]:
    """Pages against the least a page can be, with the same middleware, in this process."""
    client = Client()
    client.force_login(officer)
    summary = f"/api/v1/involvement/summary/?year={year}"
    seen = {"If-None-Match": client.get(summary).headers["ETag"]}
    page = f"/wilayah/{code}/desa/?year={year}"
    json = f"/api/v1/involvement/villages/?year={year}&limit=200"

    def greet():
        client.get("/hello/")

    return [
        Case(
            "P2",
            "/ringkasan/ again | a bare page",
            lambda: client.get(f"/ringkasan/?year={year}"),
            greet,
            2.5,
        ),
        Case(
            "P2a",
            "304 of involvement/summary/ | a bare page",
            lambda: client.get(summary, headers=seen),
            greet,
            1 / 0.45,
        ),
        Case(
            "P12",
            "144 villages as a page | as JSON",
            lambda: client.get(page),
            lambda: client.get(json),
            3.0,
        ),
    ]


def regency_goals(officer: User, year: int) -> list[Goal]:
    """The overview as an officer waits for it, in this process, with all its middleware."""
    area, flt = find_area(officer, settings.PUG_REGENCY), BoardFilter(year=year)
    client = Client()
    client.force_login(officer)
    page = median(lambda: client.get(f"/ringkasan/?year={year}"))
    anew = median(lambda: boards.board_of(officer, area, villages_of(officer, area), flt))
    return [
        Goal("B1", "/ringkasan/, warm", "ms", page, 50),
        Goal("B2", "its board worked out anew", "ms", anew, 50),
    ]


def anew(reader: User, code: str) -> float:
    """Milliseconds of a board worked out anew, newest year."""
    area, flt = find_area(reader, code), BoardFilter(year=timezone.localdate().year)
    return median(lambda: boards.board_of(reader, area, villages_of(reader, area), flt))


def nation_cases(reader: User, year: int) -> list[Case]:
    nation, flt = find_area(reader, "0"), BoardFilter(year=year)

    def facts():
        asked(FACTS, year)

    return [
        Case(
            "P3",
            "nation by province, unchanged since | from the facts",
            lambda: boards.area_board(reader, nation, flt),
            facts,
            1 / 300,
        ),
        Case(
            "P3a",
            "nation by province, worked out anew | from the facts",
            lambda: boards.large_board(reader, nation, flt),
            facts,
            1.0,
        ),
    ]


def nation_goals(reader: User, year: int) -> list[Goal]:
    nation, flt = find_area(reader, "0"), BoardFilter(year=year)
    client = Client()
    client.force_login(reader)
    anew = median(lambda: boards.large_board(reader, nation, flt))
    page = median(lambda: client.get(f"/wilayah/0/?year={year}"))
    return [
        Goal("B3", "the nation's board worked out anew", "ms", anew, 300),
        Goal("B4", "/wilayah/0/, warm", "ms", page, 300),
    ]
