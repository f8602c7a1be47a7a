"""The villages a program is meant for: chosen, kept, and given targets."""

import re

import pytest
from django.urls import reverse

from programs.models import Program
from tests import make, typed
from villages.models import Village

pytestmark = pytest.mark.django_db
CREATE = "/program/baru/"


@pytest.fixture
def janju():
    return make.village()


@pytest.fixture
def officer(client):
    person = make.officer()
    client.force_login(person)
    return person


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def page(name: str, program) -> str:
    return reverse(f"programs:program-{name}", args=[program.pk])


def test_whole_district_is_chosen_at_once(client, officer, janju):
    make.village("64.01.04.2003", "Tepian")
    make.village("64.01.05.2001", "Rantau")

    client.post(
        CREATE,
        typed.program(
            f"opd:{make.opd().pk}", whole_districts=["64.01.04"], target_villages=["64.01.04.2002"]
        ),
    )

    assert set(Program.objects.get().villages.values_list("code", flat=True)) == {
        "64.01.04.2002",
        "64.01.04.2003",
    }


def test_program_is_changed_and_keeps_its_targets(client, officer, janju):
    second = make.village("64.01.04.2003", "Tepian")
    program = make.program(janju)
    program.targets.update(target_women=40)
    form = client.get(page("edit", program)).context["form"]
    assert form.initial["target_villages"] == [janju.code]
    row = typed.program(
        "", version="1", title="Nama baru", target_villages=[janju.code, second.code]
    )

    response = client.post(page("edit", program), row)

    program.refresh_from_db()
    assert (response.status_code, program.title, program.version) == (302, "Nama baru", 2)
    assert dict(program.targets.values_list("village__code", "target_women")) == {
        janju.code: 40,
        second.code: None,
    }
    late = client.post(page("edit", program), row)
    assert late.status_code == 409
    assert "baru saja diubah orang lain" in text(late)
    assert 'name="version" value="2"' in text(late)


def test_targets_beyond_the_boxes_stay(client, officer, janju):
    """An ended village has no box; it keeps its target all the same."""
    second, ended = make.village("64.01.04.2003", "Tepian"), make.village("64.01.04.2004", "Lama")
    program = make.program(janju, second, ended)
    program.targets.filter(village=ended).update(target_women=5)
    Village.objects.filter(pk=ended.pk).update(ended_on="2026-01-31")

    client.post(
        page("edit", program), typed.program("", version="1", target_villages=[second.code])
    )

    assert dict(program.targets.values_list("village__name", "target_women")) == {
        "Tepian": None,
        "Lama": 5,
    }


def test_national_officer_edits_in_the_regency_of_the_office(client, janju, monkeypatch):
    monkeypatch.setattr("programs.forms.program.MOST_VILLAGES", 2)
    client.force_login(make.person("officer"))
    make.village("64.01.04.2003", "Tepian")
    there = [make.village(f"64.02.01.200{n}", f"Jauh {n}") for n in (1, 2)]
    office = make.opd("Dinas Jauh", regency=there[0].district.regency)
    program = make.program(there[0], owner_opd=office)

    offered = client.get(page("edit", program)).context["form"].choosable
    client.post(
        page("edit", program), typed.program("", version="1", target_villages=[there[1].code])
    )

    assert offered == there
    assert [village.name for village in program.villages.all()] == ["Jauh 2"]


def test_every_village_of_a_large_regency_may_be_ticked(client, officer, janju):
    codes = [f"64.01.04.{number}" for number in range(2101, 2901)]
    Village.objects.bulk_create(
        Village(code=code, name=code, kind="desa", district=janju.district) for code in codes
    )

    response = client.post(CREATE, typed.program(f"opd:{make.opd().pk}", target_villages=codes))

    program = Program.objects.get()
    assert (response.status_code, program.targets.count()) == (302, 800)
    goals = {f"target_women-{code}": "3" for code in codes} | {"version": "1"}
    assert client.post(page("targets", program), goals).status_code == 302
    assert program.targets.filter(target_women=3).count() == 800


def test_village_with_activities_is_not_taken_out(client, officer, janju):
    second = make.village("64.01.04.2003", "Tepian")
    program = make.program(janju, second)
    make.activity(program, janju)

    response = client.post(
        page("edit", program), typed.program("", version="1", target_villages=[second.code])
    )

    assert response.status_code == 422
    assert "Desa Janju sudah mempunyai kegiatan" in text(response)
    assert program.targets.count() == 2


def test_targets_are_set_district_by_district(client, officer, janju):
    near, far = make.village("64.01.04.2003", "Tepian"), make.village("64.01.05.2001", "Rantau")
    program = make.program(janju, near, far)
    program.targets.filter(village=far).update(target_men=7)
    address = f"{page('targets', program)}?district=64.01.04"
    assert "Rantau" not in [v.name for v, _fields in client.get(address).context["form"].table()]

    bad = client.post(address, {"version": "1", "target_women-all": "banyak"})
    assert bad.status_code == 422
    response = client.post(
        address,
        {"version": "1", "target_women-all": "30", f"target_women-{janju.code}": "12"},
    )

    assert response.status_code == 302
    assert list(program.targets.values_list("village__name", "target_women", "target_men")) == [
        ("Janju", 12, None),
        ("Tepian", 30, None),
        ("Rantau", None, 7),
    ]
