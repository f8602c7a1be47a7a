"""Paser's scale: 144 villages and the demonstration year, on a private PostgreSQL."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path

import django

django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import override_settings

from accounts.models import User
from core.identifiers import uuid7
from dashboards.areas import find_area
from dashboards.boards import area_board
from dashboards.filters import BoardFilter
from programs.drafts import ActivityDraft
from programs.models import Activity, ProgramVillage
from programs.rollups import differences
from programs.services import submit_activities
from villages.models import Regency, Village

from . import goals, lighthouse, phone
from .measure import Case, keep, measure, table

ROLLUP = """
select json_agg(row_to_json(r)) from (
  select v.code, v.name, d.code as district, p.*
  from villages_village v join villages_district d on d.id = v.district_id
  left join programs_villageperiod p
    on p.village_id = v.id and p.year = %s and p.semester = 0 and p.basis = 'verified'
  where d.regency_id = %s order by v.code) r
"""


def rolled_back(call):
    """Run and undo: every round finds the same database."""

    def run():
        with transaction.atomic():
            call()
            transaction.set_rollback(True)

    return run


def drafts(target: ProgramVillage, count: int) -> list[ActivityDraft]:
    """Activities of one program in one village, spread over a month."""
    first = date(target.program.year_from, 1, 2)
    content = {
        "program": target.program_id,
        "village": target.village.code,
        "title": "Pelatihan",
        "women_participants": 19,
        "men_participants": 24,
    }
    return [
        ActivityDraft(uid=uuid7(), content=content | {"held_on": first + timedelta(days=n % 20)})
        for n in range(count)
    ]


def cases() -> list[Case]:
    officer = User.objects.get(username="officer")
    regency = Regency.objects.get(code=settings.PUG_REGENCY)
    year = Activity.objects.latest("held_on").year
    return [
        _board(officer, regency, year),
        _batch(officer, ProgramVillage.objects.filter(program__state="active")[0]),
        _page(officer, year),
    ]


def _board(officer: User, regency: Regency, year: int) -> Case:
    area, asked = find_area(officer, regency.code), BoardFilter(year=year)

    def floor():
        with connection.cursor() as cursor:
            cursor.execute(ROLLUP, [year, regency.pk])
            cursor.fetchall()

    what = "regency board, 144 villages | its rollup as JSON"
    return Case("P1", what, lambda: area_board(officer, area, asked), floor, 1.0)


def _batch(officer: User, target: ProgramVillage) -> Case:
    def send(count: int):
        submit_activities(drafts(target, count), actor=officer, source="api")

    def one_by_one():
        for _ in range(50):
            send(1)

    what = "a batch of 50 activities | 50 single ones"
    return Case("P8", what, rolled_back(lambda: send(50)), rolled_back(one_by_one), 1 / 8)


def _page(officer: User, year: int) -> Case:
    client = Client()
    client.force_login(officer)
    page, json = f"/ringkasan/?year={year}", f"/api/v1/involvement/villages/?year={year}&limit=200"
    what = "/ringkasan/ with 144 rows and map | villages as JSON"
    return Case("P12", what, lambda: client.get(page), lambda: client.get(json), 3.0)


def main() -> int:
    call_command("migrate", verbosity=0)
    with override_settings(PUG_DEMO=True, ALLOWED_HOSTS=["*"]):
        call_command("seed_demo")
        readings = measure(cases())
    villages = list(Village.objects.values_list("pk", flat=True))
    wrong = len(list(differences(villages)))
    print(table(readings))
    print(f"P13  rollups against a recount: {wrong} differences (goal 0)")
    on_phone = phone_goals()
    print(goals.table(on_phone))
    facts = {
        "villages": len(villages),
        "activities": Activity.objects.count(),
        "phone": goals.as_facts(on_phone),
    }
    path = keep(readings, Path(__file__).parent / "results", differences=wrong, **facts)
    print(path)
    met = all(one.met for one in [*readings, *on_phone])
    return 0 if met and not wrong else 1


def phone_goals() -> list[goals.Goal]:
    session = phone.signed_in()
    with phone.portal() as address:
        return [*phone.measure(session), *lighthouse.measure(address, session)]


sys.exit(main())
