"""Browser form, REST and sheet: two parsers, one judgement. Every case goes through every door."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from core.identifiers import uuid7
from programs.models import Activity, VillagePeriod
from tests import make

pytestmark = pytest.mark.django_db

DOORS = {}


def door(function):
    DOORS[function.__name__] = function
    return function


@door
def by_browser(client, head, row, tmp_path):
    client.force_login(head)
    form = {
        "uid": row["uid"],
        "event_status": "held",
        "count_source": "attendance_list",
        "stage": "execution",
        "date_confirmed": "on",
    } | {name: "" if value is None else value for name, value in row.items()}
    client.post(f"/kegiatan/catat/?village={row['village']}", form)


@door
def by_api(client, head, row, tmp_path):
    client.force_login(head)
    client.post("/api/v1/submissions/", {"items": [row]}, content_type="application/json")


@door
def by_sheet(client, head, row, tmp_path):
    path = tmp_path / "sheet.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, row)
        writer.writeheader()
        writer.writerow(row)
    try:
        call_command(
            "import_activities", path, username=head.username, stdout=StringIO(), stderr=StringIO()
        )
    except SystemExit:
        return


def row_of(program, village) -> dict:
    return {
        "uid": str(uuid7()),
        "program": str(program.pk),
        "village": village.code,
        "held_on": "2026-03-04",
        "title": "Pelatihan pembibitan",
        "kind": "training",
        "women_participants": 19,
        "men_participants": 24,
    }


def tomorrow() -> str:
    return str(timezone.localdate() + timedelta(days=1))


#: (what is changed, whether it is accepted)
CASES = {
    "plain": ({}, True),
    "nobody counted": ({"women_participants": None, "men_participants": None}, True),
    "zero women": ({"women_participants": 0}, True),
    "total alone": (
        {"women_participants": None, "men_participants": None, "total_participants": 40},
        True,
    ),
    "total adds up": ({"total_participants": 43}, True),
    "total does not add up": ({"total_participants": 50}, False),
    "unrecorded people add up": ({"total_participants": 45, "unrecorded_participants": 2}, True),
    "negative women": ({"women_participants": -5}, False),
    "word for men": ({"men_participants": "abc"}, False),
    "half a man": ({"men_participants": 1.5}, False),
    "immense": ({"women_participants": 10**12}, False),
    "tomorrow": ({"held_on": tomorrow()}, False),
    "before the program": ({"held_on": "2020-03-04"}, False),
    "month first": ({"held_on": "03/14/2026"}, False),
    "no title": ({"title": ""}, False),
    "unknown kind": ({"kind": "party"}, False),
    "negative budget": ({"budget_spent": -1}, False),
    "cancelled": ({"event_status": "cancelled"}, True),
    "deciders beyond those present": ({"women_deciders": 30, "men_deciders": 30}, True),
    "off the globe": ({"latitude": 95, "longitude": 10}, False),
    "women without men": ({"men_participants": None}, False),
    "men without women": ({"men_beneficiaries": 4}, False),
    "half a point": ({"latitude": -1.9}, False),
    "a NIK in the note": ({"note": "Ketua: 6401044107850003"}, False),
    "an amount in the note": ({"note": "Rp 1.250.000, rekening 5.1.02.01.01.0024"}, True),
}


@pytest.mark.asvs("2.2.1", "2.2.2", "2.2.3")
@pytest.mark.parametrize("by", DOORS)
@pytest.mark.parametrize("case", CASES)
def test_every_door_agrees(client, tmp_path, by, case):
    change, accepted = CASES[case]
    village, program = make.village(), make.program()
    head = make.village_head(village)
    row = row_of(program, village) | change

    DOORS[by](client, head, row, tmp_path)
    DOORS[by](client, head, row, tmp_path)  # a second send changes nothing

    assert Activity.objects.count() == (1 if accepted else 0)
    assert VillagePeriod.objects.exists() == accepted


def test_what_came_by_one_door_is_known_at_the_others(client, tmp_path):
    village, program = make.village(), make.program()
    head = make.village_head(village)
    row = row_of(program, village)
    for by in DOORS.values():
        by(client, head, row, tmp_path)
    [receipt] = Activity.objects.select_related("receipt")
    assert receipt.receipt.source == "browser"
    answer = client.post("/api/v1/submissions/", {"items": [row]}, content_type="application/json")
    assert answer.json()["results"][0]["outcome"] == "duplicate"
