"""The pages of programs: made, changed, opened and closed by those who may."""

import pytest
from django.urls import reverse

from core.identifiers import uuid7
from programs.models import ActivityCode, Program
from tests import make, typed
from tests.typed import text

pytestmark = pytest.mark.django_db
CREATE, REGISTER = "/program/baru/", "/program/desa/baru/"


@pytest.fixture
def janju():
    return make.village()


@pytest.fixture
def posyandu():
    field = ActivityCode.objects.create(code="2", name="PEMBANGUNAN DESA", level="bidang")
    return ActivityCode.objects.create(
        code="2.2.02", name="Penyelenggaraan Posyandu", level="kegiatan", parent=field
    )


def sign_in(client, person):
    client.force_login(person)
    return person


def page(name: str, program, *more) -> str:
    return reverse(f"programs:program-{name}", args=[program.pk, *more])


def owners_offered(client) -> set[str]:
    found = set()
    for value, label in client.get(CREATE).context["form"].fields["owner"].choices:
        found |= {one for one, _name in label} if isinstance(label, list) else {value}
    return found - {""}


def test_officer_makes_a_program_for_an_office(client, janju):
    sign_in(client, make.officer())
    second = make.village("64.01.04.2003", "Tepian")
    office = make.opd()

    response = client.post(
        CREATE, typed.program(f"opd:{office.pk}", target_villages=[janju.code, second.code])
    )

    program = Program.objects.get()
    assert response.url == page("detail", program)
    assert (program.owner, program.state, program.ceiling) == (office, "draft", 250_000_000)
    assert set(program.villages.all()) == {janju, second}
    shown = text(client.get(response.url))
    assert "2 – kesetaraan tujuan utama" in shown
    assert "bukan capaian" in shown


def test_same_press_twice_is_one_program(client, janju):
    sign_in(client, make.officer())
    shown = str(client.get(CREATE).context["form"]["uid"].value())
    row = typed.program(f"opd:{make.opd().pk}", target_villages=[janju.code], uid=shown)

    first, again = (
        client.post(CREATE, row),
        client.post(CREATE, row | {"title": "Lain"}, follow=True),
    )

    program = Program.objects.get()
    assert (str(program.pk), program.title) == (shown, "Sekolah perempuan")
    assert first.url == again.redirect_chain[0][0] == page("detail", program)
    assert "sudah tercatat" in text(again)
    assert f'value="{shown}"' not in text(client.get(CREATE))


def test_program_of_somebody_else_is_not_met_by_its_uid(client, janju):
    theirs = make.program(janju)
    sign_in(client, make.officer())

    response = client.post(
        CREATE,
        typed.program(f"opd:{make.opd().pk}", target_villages=[janju.code], uid=str(theirs.pk)),
    )

    assert response.status_code == 422
    assert "sudah tercatat" in text(response)
    assert Program.objects.get() == theirs


@pytest.mark.parametrize("uid", ["", "x"])
def test_program_without_a_readable_uid_is_not_made(client, janju, uid):
    sign_in(client, make.officer())

    response = client.post(CREATE, typed.program(f"opd:{make.opd().pk}", uid=uid))

    assert response.status_code == 422
    assert not Program.objects.exists()


def test_everyone_is_offered_only_the_owners_she_acts_for(client, janju):
    office, other = make.opd("Dinas Kesehatan"), make.opd("Dinas Sosial")

    sign_in(client, make.person("opd_focal_point", opd=office))
    assert owners_offered(client) == {f"opd:{office.pk}"}
    sign_in(client, make.person("district_officer", district=janju.district))
    assert owners_offered(client) == {f"district:{janju.district.pk}"}
    sign_in(client, make.village_head(janju))
    assert owners_offered(client) == {f"village:{janju.pk}"}
    sign_in(client, make.officer())
    assert owners_offered(client) == {
        f"opd:{office.pk}",
        f"opd:{other.pk}",
        f"district:{janju.district.pk}",
    }


def test_owner_of_others_is_refused(client, janju):
    other = make.opd("Dinas Sosial")
    sign_in(client, make.person("opd_focal_point", opd=make.opd()))

    response = client.post(CREATE, typed.program(f"opd:{other.pk}", target_villages=[janju.code]))

    assert response.status_code == 422
    assert Program.objects.count() == 0


@pytest.mark.parametrize("role", ["leader", "facilitator"])
def test_those_without_programs_are_turned_away(client, janju, role):
    area = {"leader": {"regency": make.regency()}, "facilitator": {"village": janju}}[role]
    sign_in(client, make.person(role, **area))
    program = make.program(janju)

    addresses = [CREATE, REGISTER, page("edit", program), page("targets", program)]
    addresses.append(page("state", program, "completed"))
    assert {client.get(one).status_code for one in addresses} == {403}
    assert client.post(addresses[-1], {"version": 1}).status_code == 403
    assert client.get(page("detail", program)).status_code == 200


BAD = {
    "no name": ({"title": ""}, "title", "Isi nama program"),
    "years": ({"year_from": "2028"}, "year_to", "lebih awal"),
    "year": ({"year_from": "26"}, "year_from", "empat angka"),
    "money": ({"ceiling": "12.50"}, "ceiling", "titik pemisah ribuan"),
    "outside": ({"target_villages": ["64.02.01.2001"]}, "target_villages", "Pilih"),
}


@pytest.mark.parametrize(("change", "field", "words"), BAD.values(), ids=BAD)
def test_bad_program_is_named_beside_its_field(client, janju, change, field, words):
    sign_in(client, make.officer())
    make.village("64.01.04.2003", "Tepian")

    response = client.post(CREATE, typed.program(f"opd:{make.opd().pk}", **change))

    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert words in text(response)
    assert Program.objects.count() == 0


def test_district_program_stays_in_its_district(client, janju):
    make.village("64.01.05.2001", "Rantau")
    sign_in(client, make.officer())

    response = client.post(
        CREATE, typed.program(f"district:{janju.district.pk}", target_villages=["64.01.05.2001"])
    )

    assert response.status_code == 422
    assert "di luar wilayah" in text(response)


def test_state_moves_after_a_question(client, janju):
    sign_in(client, make.officer())
    client.post(CREATE, typed.program(f"opd:{make.opd().pk}", target_villages=[janju.code]))
    make.village("64.01.04.2003", "Tepian")
    program = Program.objects.get()
    assert page("state", program, "active") in text(client.get(page("detail", program)))
    assert "Mulai program ini?" in text(client.get(page("state", program, "active")))
    assert program.state == "draft"

    for state, version in (("active", 1), ("completed", 2), ("active", 3), ("cancelled", 4)):
        client.post(page("state", program, state), {"version": version})
        program.refresh_from_db()
        assert program.state == state
    assert "jadi langkah ini belum bisa" in text(client.get(page("state", program, "completed")))
    client.post(page("state", program, "draft"), {"version": 1})
    program.refresh_from_db()
    assert program.state == "cancelled"
    assert client.get(page("state", program, "lost")).status_code == 404


def test_program_without_villages_does_not_start(client):
    sign_in(client, make.officer())
    make.village()
    make.village("64.01.04.2003", "Tepian")
    client.post(CREATE, typed.program(f"opd:{make.opd().pk}"))
    program = Program.objects.get()

    shown = text(client.post(page("state", program, "active"), {"version": 1}, follow=True))

    assert "Pilih paling sedikit satu desa" in shown
    assert Program.objects.get().state == "draft"


@pytest.mark.parametrize(
    "code", ["2.2.02", "2.2.02 Penyelenggaraan Posyandu", "penyelenggaraan posyandu"]
)
def test_village_registers_its_own_program(client, janju, posyandu, code):
    sign_in(client, make.village_head(janju))
    assert "2.2.02 Penyelenggaraan Posyandu" in text(client.get(REGISTER))

    row = {"code": code, "year": "2026", "target_group": "women", "fund_source": "dana_desa"}
    row["uid"] = str(client.get(REGISTER).context["form"]["uid"].value())

    response, again = client.post(REGISTER, row), client.post(REGISTER, row)

    program = Program.objects.get()
    assert response.url == again.url == page("detail", program)
    assert str(program.pk) == row["uid"]
    assert (program.title, program.owner, program.state) == (
        "Penyelenggaraan Posyandu",
        janju,
        "active",
    )
    assert client.get("/kegiatan/catat/").context["form"].programs == [program]


@pytest.mark.parametrize("code", ["", "2", "9.9.99", "menjahit"])
def test_unknown_activity_code_is_refused(client, janju, posyandu, code):
    sign_in(client, make.village_head(janju))

    row = {"uid": str(uuid7()), "code": code, "year": "2026", "target_group": "women"}
    response = client.post(REGISTER, row)

    assert response.status_code == 422
    assert list(response.context["form"].errors) == ["code"]
    assert Program.objects.count() == 0


def test_word_offers_what_may_be_meant(client, janju, posyandu):
    sign_in(client, make.village_head(janju))
    row = {"uid": str(uuid7()), "code": "posyandu", "year": "2026", "target_group": "women"}

    response = client.post(REGISTER, row | {"title": "Mawar"})
    assert 'value="2.2.02 Penyelenggaraan Posyandu" aria-label="Pilih 2.2.02' in text(response)
    assert response.context["form"].alike == [posyandu]

    picked = client.post(REGISTER, row | {"title": "Mawar", "pick": str(posyandu)})
    form = picked.context["form"]
    assert picked.status_code == 200
    assert (form["code"].value(), form["title"].value()) == (str(posyandu), "Mawar")
    assert form["uid"].value() == row["uid"]
    assert Program.objects.count() == 0


@pytest.mark.parametrize(("year", "words"), [("1999", "2000 sampai 2100"), ("26", "empat angka")])
def test_year_out_of_reach_says_the_range(client, janju, posyandu, year, words):
    sign_in(client, make.village_head(janju))
    row = {"uid": str(uuid7()), "code": "2.2.02", "year": year, "target_group": "women"}

    assert words in text(client.post(REGISTER, row))


def test_same_program_twice_is_asked_about_once(client, janju, posyandu):
    sign_in(client, make.village_head(janju))
    row = {"code": "2.2.02", "year": "2026", "target_group": "women", "again": "False"}
    first, second = str(uuid7()), str(uuid7())
    assert client.post(REGISTER, row | {"uid": first}).status_code == 302

    asked = client.post(REGISTER, row | {"uid": second})
    assert asked.status_code == 422
    assert "Desa ini sudah punya “Penyelenggaraan Posyandu” untuk tahun 2026" in text(asked)
    assert 'type="checkbox" name="again"' in text(asked)
    assert client.post(REGISTER, row | {"uid": second, "year": "2027"}).status_code == 302
    third = row | {"uid": str(uuid7()), "again": "on"}
    assert client.post(REGISTER, third).status_code == 302
    assert Program.objects.count() == 3


def test_kelurahan_registers_without_village_budget(client, posyandu):
    kelurahan = make.village("64.01.04.1001", "Tanah Grogot")
    sign_in(client, make.village_head(kelurahan))
    row = {"uid": str(uuid7()), "code": "2.2.02", "year": "2026", "target_group": "general"}

    assert client.post(REGISTER, row | {"fund_source": "add"}).status_code == 422
    assert client.post(REGISTER, row | {"fund_source": "apbd"}).status_code == 302


def test_list_of_codes_fills_the_form(client, janju, posyandu):
    sign_in(client, make.village_head(janju))

    response = client.get(f"{REGISTER}?village={janju.code}&code=2.2.02+Penyelenggaraan+Posyandu")

    assert response.context["form"]["code"].value() == "2.2.02 Penyelenggaraan Posyandu"


def test_program_page_shows_only_villages_and_activities_in_sight(client, janju):
    far = make.village("64.01.05.2001", "Rantau Jauh")
    program = make.program(janju, far)
    make.activity(program, far, title="Kegiatan jauh")
    make.activity(program, janju, title="Kegiatan dekat")
    sign_in(client, make.village_head(janju))

    shown = text(client.get(page("detail", program)))

    assert "Kegiatan dekat" in shown
    assert "Kegiatan jauh" not in shown
    assert "Rantau Jauh" not in shown


def test_recording_from_a_program_starts_with_it(client, janju):
    sign_in(client, make.officer())
    make.village("64.01.04.2003", "Tepian")
    make.program(janju)
    program = make.program(janju)

    response = client.get(f"/kegiatan/catat/?program={program.pk}")

    assert response.context["form"].village == janju  # the only village it runs in
    assert response.context["form"]["program"].value() == program.pk
