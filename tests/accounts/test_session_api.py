"""`GET /api/v1/session/`."""

from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone

from tests import make

pytestmark = pytest.mark.django_db
WHO = "/api/v1/session/"


def who(person) -> dict:
    client = Client()
    client.force_login(person)
    return client.get(WHO).json()


def test_village_head_learns_who_she_is():
    head = make.village_head()

    told = who(head)

    assert told["user"] == {"username": head.username, "name": head.name}
    plans = ["plan_village", "sign_village"]
    assert told["capabilities"] == sorted(["log", "manage_programs", "view", *plans])
    assert told["areas"] == [{"level": "village", "code": "64.01.04.2002", "name": "Desa Janju"}]
    server = datetime.fromisoformat(told["server_time"])
    assert abs((timezone.now() - server).total_seconds()) < 60


@pytest.mark.parametrize(
    ("role", "area", "level"),
    [
        ("district_officer", lambda: {"district": make.district()}, "district"),
        ("officer", lambda: {"regency": make.regency()}, "regency"),
        ("opd_focal_point", lambda: {"opd": make.opd()}, "opd"),
        ("opd_head", lambda: {"opd": make.opd()}, "opd"),
        ("planner", lambda: {"regency": make.regency()}, "regency"),
        ("leader", dict, "everything"),
    ],
)
def test_each_kind_of_area_is_told(role, area, level):
    assert [row["level"] for row in who(make.person(role, **area()))["areas"]] == [level]


def test_stranger_learns_that_she_may_nothing():
    told = who(make.person())

    assert (told["capabilities"], told["areas"]) == ([], [])


def test_csrf_token_is_the_one_a_post_needs():
    client = Client(enforce_csrf_checks=True)
    client.force_login(make.person())

    told = client.get(WHO).json()["csrf_token"]

    assert client.post("/keluar/").status_code == 403
    assert client.post("/keluar/", headers={"x-csrftoken": told}).status_code == 302


def test_anonymous_gets_401_and_no_redirect(client):
    answer = client.get(WHO)

    assert answer.status_code == 401
    assert answer.json()["code"] == "not_authenticated"
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_answer_is_in_no_cache(client):
    client.force_login(make.person())

    assert "no-store" in client.get(WHO)["Cache-Control"]
