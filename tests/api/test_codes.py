"""GET /api/v1/activity-codes/: the annex of Permendagri 20/2018 for tools."""

import pytest

from accounts.services import create_token
from programs.models import ActivityCode
from tests import make

pytestmark = pytest.mark.django_db

CODES = "/api/v1/activity-codes/"


@pytest.fixture
def codes(client):
    field = ActivityCode.objects.create(code="2", name="Pembangunan Desa", level="bidang")
    part = ActivityCode.objects.create(
        code="2.2", name="Kesehatan", level="sub_bidang", parent=field
    )
    ActivityCode.objects.create(code="2.2.03", name="Posyandu", level="kegiatan", parent=part)
    client.force_login(make.person())
    return client


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["2", "2.2", "2.2.03"]),
        ("?level=sub_bidang", ["2.2"]),
        ("?parent=2.2", ["2.2.03"]),
        ("?search=posy", ["2.2.03"]),
        ("?search=2.2", ["2.2", "2.2.03"]),
        ("?parent=9", []),
    ],
)
def test_codes_are_narrowed(codes, query, found):
    answer = codes.get(CODES + query).json()
    assert [one["code"] for one in answer["results"]] == found
    assert answer["count"] == len(found)


def test_one_code_names_the_line_above(codes):
    assert codes.get(f"{CODES}2.2.03/").json() == {
        "code": "2.2.03",
        "name": "Posyandu",
        "level": "kegiatan",
        "parent": "2.2",
        "women_relevance": "",
    }
    assert codes.get(f"{CODES}2/").json()["parent"] is None
    assert codes.get(f"{CODES}9.9/").status_code == 404


def test_unknown_names_and_levels_are_refused(codes):
    assert codes.get(f"{CODES}?name=x").json()["code"] == "unknown_parameter"
    assert codes.get(f"{CODES}?level=x").status_code == 400


def test_any_key_reads_them_and_nobody_else(codes):
    codes.logout()
    assert codes.get(CODES).status_code == 401
    made = create_token(make.person(), name="t", scopes=["webhooks:manage"], days=5, actor=None)
    bearer = {"authorization": f"Bearer {made.key}"}
    assert codes.get(CODES, headers=bearer).status_code == 200
    assert codes.get(f"{CODES}2/", headers=bearer).status_code == 200
    assert codes.post(CODES, {}, headers=bearer).status_code in (403, 405)
