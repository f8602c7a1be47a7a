"""GET /api/v1/programs/ and programs/{uid}/: what a program is and where it runs."""

import pytest

from programs.models import ActivityCode
from programs.services import set_program_state
from tests import make
from villages.models import Opd

pytestmark = pytest.mark.django_db

KUARO = "64.01.03.2001"


@pytest.fixture
def program():
    code = ActivityCode.objects.create(code="2.2.03", name="Posyandu", level="kegiatan")
    return make.program(
        make.village(),
        make.village(KUARO, "Kuaro"),
        title="Posyandu",
        goal="Sehat",
        activity_code=code,
        gender_marker=2,
        ceiling=150_000_000,
    )


def test_a_program_is_told_whole(client, program):
    client.force_login(make.officer())
    answer = client.get(f"/api/v1/programs/{program.pk}/")
    found = answer.json()

    assert answer["ETag"] == '"v1"'
    office = Opd.objects.get()
    assert found["owner"] == {"level": "opd", "id": office.pk, "code": None, "name": office.name}
    assert (found["title"], found["goal"], found["activity_code"]) == (
        "Posyandu",
        "Sehat",
        "2.2.03",
    )
    assert (found["gender_marker"], found["ceiling"], found["fund_source"]) == (
        2,
        150_000_000,
        None,
    )
    assert [one["code"] for one in found["villages"]] == [KUARO, "64.01.04.2002"]
    assert found["villages"][0]["target_women"] is None


def test_an_owner_below_the_regency_has_a_code(client):
    client.force_login(make.officer())
    village = make.village()
    own = make.program(village, owner_village=village)
    of_district = make.program(village, owner_district=village.district)
    for one, level, code in ((own, "village", village.code), (of_district, "district", "64.01.04")):
        owner = client.get(f"/api/v1/programs/{one.pk}/").json()["owner"]
        assert (owner["level"], owner["code"], owner["id"]) == (level, code, None)


def test_she_reads_her_own_villages_of_it(client, program):
    client.force_login(make.village_head())
    found = client.get(f"/api/v1/programs/{program.pk}/").json()
    [row] = client.get("/api/v1/programs/").json()["results"]

    assert [one["code"] for one in found["villages"]] == row["villages"] == ["64.01.04.2002"]
    client.force_login(make.village_head(make.village("64.01.04.2008", "Senaken")))
    assert client.get(f"/api/v1/programs/{program.pk}/").status_code == 404


def test_its_version_is_its_etag(client, program):
    officer = make.officer()
    client.force_login(officer)
    address, seen = f"/api/v1/programs/{program.pk}/", {"If-None-Match": '"v1"'}

    assert client.get(address, headers=seen).status_code == 304
    assert client.head(address).status_code == 200
    set_program_state(program, "completed", actor=make.person("officer"), version=1)
    changed = client.get(address, headers=seen)
    assert (changed.status_code, changed["ETag"]) == (200, '"v2"')
    client.force_login(make.village_head(make.village("64.01.04.2008", "Senaken")))
    assert client.get(address, headers={"If-None-Match": '"v2"'}).status_code == 404
