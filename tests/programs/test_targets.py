"""Targets: set by the office for an area and year, taken over from the area above."""

import pytest
from django.urls import reverse

from core.errors import Refused
from core.models import AuditEntry
from programs.models import InvolvementTarget
from programs.services import set_target
from programs.targets import target_of, targets_of
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    make.village()
    return make.officer()


def refusal_of(*args, **values) -> str:
    with pytest.raises(Refused) as refusal:
        set_target(*args, **values)
    return refusal.value.code


def test_an_area_takes_over_the_target_above_until_it_has_its_own(officer):
    set_target("64.01", 2026, 40, actor=officer)
    assert target_of("64.01.04.2002", 2026) == 40
    set_target("64.01.04", 2026, 50, actor=officer)
    set_target("64.01.04.2002", 2026, 60, actor=officer)
    codes = ["64.01", "64.01.04", "64.01.04.2002", "64.01.04.2003", "64.01.05", "64.02"]
    assert targets_of(codes, 2026) == {
        "64.01": 40,
        "64.01.04": 50,
        "64.01.04.2002": 60,
        "64.01.04.2003": 50,
        "64.01.05": 40,
    }
    assert target_of("64.01", 2025) is None


def test_setting_changing_and_taking_away_are_on_the_trail(officer):
    set_target("64.01", 2026, 40, actor=officer)
    set_target("64.01", 2026, 40, actor=officer)
    set_target("64.01", 2026, 45, actor=officer)
    assert set_target("64.01", 2026, None, actor=officer) is None
    assert not InvolvementTarget.objects.exists()
    entries = AuditEntry.objects.filter(object_type="involvementtarget").order_by("pk")
    assert [(one.action, one.changes["percent"]) for one in entries] == [
        ("target.set", 40),
        ("target.set", 45),
        ("target.removed", 45),
    ]


@pytest.mark.parametrize(
    ("area", "year", "percent", "code"),
    [
        ("64.01", 2026, 0, "out_of_range"),
        ("64.01", 2026, 101, "out_of_range"),
        ("64.01", 1999, 50, "unknown_value"),
        ("64.02", 2026, 50, "not_permitted"),
        ("64", 2026, 50, "not_permitted"),
        ("64.01.99", 2026, 50, "not_permitted"),
    ],
)
def test_what_cannot_be_a_target_is_refused(officer, area, year, percent, code):
    assert refusal_of(area, year, percent, actor=officer) == code


@pytest.mark.parametrize("role", ["district_officer", "leader"])
def test_targets_are_the_offices_to_set(role, officer):
    area = {"district": make.district()} if role == "district_officer" else {}
    person = make.person(role, **(area or {"regency": make.regency()}))
    assert refusal_of("64.01.04", 2026, 50, actor=person) == "not_permitted"


def send(client, person, **data):
    client.force_login(person)
    return client.post(reverse("programs:target-list") + "?year=2026", data)


def test_the_page_sets_all_at_once_or_none(client, officer):
    answer = send(client, officer, **{"64.01": "40", "64.01.04": "300"})
    assert answer.status_code == 422
    assert "Tulis angka dari 1 sampai 100." in answer.content.decode()
    assert not InvolvementTarget.objects.exists()

    assert send(client, officer, **{"64.01": "40", "64.01.04": ""}).status_code == 302
    assert target_of("64.01.04", 2026) == 40
    assert send(client, officer, **{"64.01": "", "64.01.04": ""}).status_code == 302
    assert target_of("64.01", 2026) is None


def test_who_does_not_set_them_reads_them(client, officer):
    set_target("64.01", 2026, 40, actor=officer)
    head = make.village_head()
    assert send(client, head, **{"64.01": "99"}).status_code == 403
    shown = client.get(reverse("programs:target-list"), {"year": 2026}).content.decode()
    assert "40 %" in shown
    assert 'name="64.01"' not in shown
