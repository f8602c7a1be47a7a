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


def cases() -> list[Case]:
    officer = User.objects.get(username="officer")
    regency = Regency.objects.get(code=settings.PUG_REGENCY)
    area = find_area(officer, regency.code)
    year = Activity.objects.latest("held_on").year
    target = ProgramVillage.objects.filter(
        program__state="active", program__year_from__lte=year, program__year_to__gte=year
    ).select_related("village")[0]
    day = date(year, 1, 2)
    client = Client()
    client.force_login(officer)

    def drafts(count: int) -> list[ActivityDraft]:
        return [
            ActivityDraft(
                uid=uuid7(),
                content={
                    "program": target.program_id,
                    "village": target.village.code,
                    "held_on": day + timedelta(days=number % 20),
                    "title": "Pelatihan",
                    "women_participants": 19,
                    "men_participants": 24,
                },
            )
            for number in range(count)
        ]

    def floor_rollup():
        with connection.cursor() as cursor:
            cursor.execute(ROLLUP, [year, regency.pk])
            cursor.fetchall()

    def board():
        area_board(officer, area, BoardFilter(year=year))

    def submit(count: int):
        submit_activities(drafts(count), actor=officer, source="api")

    def submit_one_by_one(count: int):
        for _ in range(count):
            submit(1)

    return [
        Case("P1", "regency board, 144 villages | its rollup as JSON", board, floor_rollup, 1.0),
        Case(
            "P8",
            "a batch of 50 activities | 50 single ones",
            rolled_back(lambda: submit(50)),
            rolled_back(lambda: submit_one_by_one(50)),
            1 / 8,
        ),
        Case(
            "P12",
            "/ringkasan/ with 144 rows and map | villages as JSON",
            lambda: client.get(f"/ringkasan/?year={year}"),
            lambda: client.get(f"/api/v1/involvement/villages/?year={year}&limit=200"),
            3.0,
        ),
    ]


def main() -> int:
    call_command("migrate", verbosity=0)
    with override_settings(PUG_DEMO=True, ALLOWED_HOSTS=["*"]):
        call_command("seed_demo")
        readings = measure(cases())
    villages = list(Village.objects.values_list("pk", flat=True))
    wrong = len(list(differences(villages)))
    print(table(readings))
    print(f"P13  rollups against a recount: {wrong} differences (goal 0)")
    facts = {"villages": len(villages), "activities": Activity.objects.count()}
    path = keep(readings, Path(__file__).parent / "results", differences=wrong, **facts)
    print(path)
    return 0 if not wrong and all(one.met for one in readings) else 1


sys.exit(main())
