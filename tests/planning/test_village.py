"""A village's single page: begun from an activity code, written, sent; and who sees what."""

from decimal import Decimal

import pytest

from core.errors import Refused
from core.identifiers import uuid7
from planning.content import content_of
from planning.models import GenderAnalysis
from programs.models import Program
from programs.services import register_village_program
from tests import make
from tests.typed import text

from .villages import LIST, NEW, answers, begun, farming_code, page, sent, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def janju():
    return make.village()


@pytest.fixture
def farming():
    return farming_code()


@pytest.fixture
def head(janju):
    return make.village_head(janju)


@pytest.fixture
def kecamatan():
    return make.person("district_officer", district=make.district())


# -- Begun -----------------------------------------------------------------------


@pytest.mark.parametrize("role", ["village_head", "facilitator"])
def test_page_is_begun_from_an_activity_code(client, janju, farming, role):
    writer = sign_in(client, make.person(role, village=janju))
    assert "4.2.05 Pelatihan TTG Pertanian" in text(client.get(NEW))
    row = {"uid": str(uuid7()), "code": "4.2.05", "year": "2027"}

    first, again = client.post(NEW, row), client.post(NEW, row)

    made, program = GenderAnalysis.objects.get(), Program.objects.get()
    assert first.url == page("village-edit", made)
    assert again.url == page("village", made)
    assert (program.owner, program.activity_code, program.state) == (janju, farming, "active")
    assert (made.template, made.year, made.code, made.created_by) == (
        "desa",
        2027,
        "4.2.05",
        writer,
    )


def test_program_that_is_there_is_used(client, janju, farming, head):
    program = register_village_program(janju, farming, actor=head, year=2026, title="TTG")

    assert begun(janju, farming, head).program == program
    with pytest.raises(Refused) as refusal:
        begun(janju, farming, head)
    assert refusal.value.code == "already_there"


def test_word_that_is_no_activity_offers_what_may_be_meant(client, janju, farming, head):
    sign_in(client, head)
    row = {"uid": str(uuid7()), "code": "pertanian", "year": "2026"}

    asked = client.post(NEW, row)
    assert asked.status_code == 200  # a word is what the hint asks for
    assert asked.context["alike"] == [farming]
    assert "has-error" not in text(asked)
    assert asked.context["form"]["code"].value() == "pertanian"
    assert not Program.objects.exists()
    picked = client.post(NEW, row | {"pick": str(farming)})
    assert picked.url == page("village-edit", GenderAnalysis.objects.get())
    nothing = client.post(NEW, row | {"code": "terbang"})
    assert nothing.status_code == 422


def test_facilitator_registers_no_program_by_the_ordinary_door(janju, farming):
    """Only the village page opens that door to her: else it still asks for manage_programs."""
    writer = make.person("facilitator", village=janju)

    with pytest.raises(Refused) as refusal:
        register_village_program(janju, farming, actor=writer, year=2026)
    assert refusal.value.code == "not_permitted"
    assert begun(janju, farming, writer).program.created_by == writer


@pytest.mark.parametrize(
    "stranger",
    [
        lambda: make.person("facilitator", village=make.village("64.01.04.2003", "Tepian")),
        lambda: make.person("leader", regency=make.regency()),
        make.person,
    ],
)
def test_nobody_else_begins_a_page(janju, farming, stranger):
    with pytest.raises(Refused) as refusal:
        begun(janju, farming, stranger())
    assert refusal.value.code == "not_permitted"
    assert not Program.objects.exists()


# -- Written ---------------------------------------------------------------------


def test_page_becomes_linked_cells(client, janju, farming, head):
    made = sent(client, janju, farming, head)

    content = content_of(made)
    [data], [action], [outcome] = content.data_rows, content.actions, content.indicators
    assert made.state == "submitted"
    assert (data.women, data.men, data.year, data.place) == (4, 46, 2025, "Desa Janju")
    assert [(one.kind, one.data_row) for one in content.factors] == [
        ("access", data.key),
        ("participation", data.key),  # a sentence without its tick counts as ticked
    ]
    assert {one.scope for one in content.causes} == {"internal", "external"}
    assert set(action.causes) == {one.key for one in content.causes}
    assert (action.budget, action.fund_source) == (18_500_000, "dana_desa")
    assert (outcome.measure, outcome.target, outcome.unit) == ("participants", 40, "%")
    assert content.baseline_value(outcome.baseline) == Decimal("8.0")
    assert content.goal_kept


def test_saving_twice_keeps_the_cells_keys(client, janju, farming, head):
    made = begun(janju, farming, head)
    sign_in(client, head)
    client.post(page("village-edit", made), answers(made))
    before = {one.key for _name, one in content_of(made).rows()}

    again = answers(made, women="5", participation_text="Hanya 5 dari 51")
    assert client.post(page("village-edit", made), again).status_code == 302

    content = content_of(made)
    assert {one.key for _name, one in content.rows()} == before
    assert content.data_rows[0].women == 5


def test_unfinished_page_is_saved_but_not_sent(client, janju, farming, head):
    made = begun(janju, farming, head)
    sign_in(client, head)
    empty = {name: "" for name in answers(made) if name not in ("version", "about")}
    row = answers(made, **empty) | {"goal": "Petani mahir", "control": "on", "send": "1"}
    row.pop("access")

    answer = client.post(page("village-edit", made), row)

    assert answer.status_code == 422
    errors = answer.context["form"].errors
    missing = ("women", "control_text", "internal", "change", "target", "due", "cost")
    assert set(errors) == {*missing, "fund_source"}
    shown = text(answer)
    assert "Yang Anda tulis sudah tersimpan" in shown
    assert "Isi jumlah perempuan dan laki-laki yang ada sekarang" in shown
    made.refresh_from_db()
    assert (made.state, made.goal) == ("draft", "Petani mahir")
    row |= {"version": str(answer.context["form"]["version"].value())}
    again = client.post(page("village-edit", made), row)
    assert again.status_code == 422  # she was not overtaken by herself


@pytest.mark.parametrize(
    ("change", "name", "words"),
    [
        ({"women": "empat"}, "women", "Tulis angka saja"),
        ({"men": ""}, "men", "Isi juga jumlah laki-laki"),
        ({"cost": "12.50"}, "cost", "12.500.000"),
        ({"target": "140"}, "target", "dari 0 sampai 100"),
        ({"due": "31-31-2026"}, "due", "Periksa tanggal target"),
        ({"fund_source": "bank"}, "fund_source", "dari daftar"),
        ({"target": "8", "send": "1"}, "target", "sama dengan"),
    ],
)
def test_bad_input_is_answered_beside_its_question(
    client, janju, farming, head, change, name, words
):
    made = begun(janju, farming, head)
    sign_in(client, head)

    answer = client.post(page("village-edit", made), answers(made, **change))

    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors[name])


def test_second_editor_is_shown_what_changed(client, janju, farming, head):
    made = begun(janju, farming, head)
    stale = answers(made, goal="Tujuan saya")
    sign_in(client, make.person("facilitator", village=janju))
    assert client.post(page("village-edit", made), answers(made)).status_code == 302
    sign_in(client, head)

    answer = client.post(page("village-edit", made), stale)

    assert answer.status_code == 409
    assert "Petani mahir merawat bibit" in text(answer)
    assert client.post(page("village-edit", made), answers(made, goal="Tujuan saya")).url
    made.refresh_from_db()
    assert made.goal == "Tujuan saya"


def test_numbers_of_the_portal_stay_the_portals(client, janju, farming, head):
    program = register_village_program(janju, farming, actor=head, year=2026)
    counts = {"women_participants": 6, "men_participants": 24}
    make.activity(program, janju, author=head, verified_by=make.officer(), **counts)
    made = begun(janju, farming, head)
    sign_in(client, head)

    form = client.get(page("village-edit", made)).context["form"]
    assert (form["women"].value(), form["men"].value()) == (6, 24)
    row = answers(made, women="6", men="24", data_year="", source="")
    assert client.post(page("village-edit", made), row | {"send": "1"}).status_code == 302
    [data] = content_of(made).data_rows
    assert (data.measure, data.women, data.year) == ("participants", 6, 2026)
    assert (data.portal["basis"], data.text) == ("verified", "Orang yang ikut")


def test_other_people_to_count_bring_their_own_numbers(client, janju, farming, head):
    program = register_village_program(janju, farming, actor=head, year=2026)
    counts = {"women_participants": 6, "men_participants": 24}
    counts |= {"women_deciders": 1, "men_deciders": 4}
    make.activity(program, janju, author=head, verified_by=make.officer(), **counts)
    made = begun(janju, farming, head)
    sign_in(client, head)

    row = answers(made, about="deciders", women="6", men="24", note="Rapat malam hari")
    client.post(page("village-edit", made), row)

    [data] = content_of(made).data_rows
    assert (data.measure, data.women, data.men) == ("deciders", 1, 4)
    form = client.get(page("village-edit", made)).context["form"]
    assert form["note"].value() == "Rapat malam hari"
    client.post(page("village-edit", made), answers(made, women="5", men="9"))
    [data] = content_of(made).data_rows
    assert (data.measure, data.women, data.source) == ("", 5, "Daftar hadir 12 Maret 2025")
    assert client.get(page("village-edit", made)).context["form"]["note"].value() == ""


def test_numbers_of_the_year_before_are_proposed(client, janju, farming, head):
    before = register_village_program(janju, farming, actor=head, year=2026, title="TTG lama")
    counts = {"women_participants": 6, "men_participants": 24}
    make.activity(before, janju, author=head, verified_by=make.officer(), **counts)
    made = begun(janju, farming, head, year=2027)
    sign_in(client, head)

    form = client.get(page("village-edit", made)).context["form"]

    assert (form["women"].value(), form["men"].value(), form["data_year"].value()) == (6, 24, 2026)
    assert "TTG lama 2026" in form["source"].value()


def test_kelurahan_has_no_village_budget(client, farming):
    kelurahan = make.village("64.01.04.1001", "Tanah Grogot")
    lurah = sign_in(client, make.village_head(kelurahan))
    made = begun(kelurahan, farming, lurah)

    assert client.post(page("village-edit", made), answers(made)).status_code == 422
    row = answers(made, fund_source="apbd", send="1")
    assert client.post(page("village-edit", made), row).status_code == 302


# -- Who sees what ---------------------------------------------------------------


def test_list_holds_the_pages_of_her_villages(client, janju, farming, head, kecamatan):
    near = begun(janju, farming, head)
    far_village = make.village("64.01.05.2001", "Rantau Jauh")
    far = begun(far_village, farming, make.village_head(far_village))

    for reader in (head, kecamatan):
        sign_in(client, reader)
        shown = text(client.get(f"{LIST}?tahun=2026"))
        assert page("village", near) in shown
        assert page("village", far) not in shown
    sign_in(client, make.officer())
    shown = text(client.get(f"{LIST}?tahun=2026"))
    assert page("village", far) in shown
    assert NEW not in shown


def test_neighbour_finds_nothing_and_a_reader_writes_nothing(client, janju, farming, head):
    made = begun(janju, farming, head)
    sign_in(client, make.village_head(make.village("64.01.04.2003", "Tepian")))
    assert client.get(page("village", made)).status_code == 404
    assert client.get(page("village-edit", made)).status_code == 404
    sign_in(client, make.person("leader", regency=make.regency()))
    assert client.get(page("village", made)).status_code == 200
    assert client.get(page("village-edit", made)).status_code == 403
    assert client.post(page("village-statement", made)).status_code == 403
    assert client.post(page("village-sign", made)).status_code == 403


def test_sent_page_is_closed_for_writing(client, janju, farming, head):
    made = sent(client, janju, farming, head)

    assert client.get(page("village-edit", made)).url == page("village", made)
    assert page("village-edit", made) not in text(client.get(page("village", made)))


def test_office_that_has_no_villages_has_an_empty_list(client, settings):
    settings.SECOND_FACTOR_ASKED = False
    sign_in(client, make.person("opd_head", opd=make.opd()))
    assert "Belum ada halaman" in text(client.get(LIST))
    sign_in(client, make.person())
    assert client.get(LIST).status_code == 403


@pytest.mark.parametrize(
    ("role", "home"),
    [("village_head", "/desa/"), ("village_head", "/desa/akun/"), ("facilitator", "/pendamping/")],
)
def test_pages_of_the_field_lead_to_the_list(client, janju, role, home):
    sign_in(client, make.person(role, village=janju))

    assert f'href="{LIST}"' in text(client.get(home))
