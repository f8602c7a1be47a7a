"""What a village's page asks and says, to whom: the year it opens on, the target, whose words."""

import pytest

from planning.content import content_of
from planning.realised import realised
from planning.services.analyses import approve_analysis
from tests import make
from tests.typed import text

from .villages import LIST, answers, approved, begun, farming_code, page, sent, sign_in

pytestmark = pytest.mark.django_db


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


# -- The year the list opens on ----------------------------------------------------


def test_list_opens_on_the_year_in_which_something_waits(client, janju, farming, head, kecamatan):
    sign_in(client, head)
    assert "Belum ada halaman" in text(client.get(LIST))  # next year's, as long as there is none
    waits = sent(client, janju, farming, head)
    begun(janju, farming, head, year=2027)

    assert client.get(LIST).context["year"] == 2027  # hers to go on with
    sign_in(client, kecamatan)
    assert client.get(LIST).context["year"] == 2026  # hers to read
    approve_analysis(waits, actor=kecamatan, version=waits.version)
    assert client.get(LIST).context["year"] == 2027
    assert client.get(f"{LIST}?tahun=2026").context["year"] == 2026


# -- The target --------------------------------------------------------------------


def test_where_men_are_few_the_target_counts_men(client, janju, farming, head, kecamatan):
    made = begun(janju, farming, head)
    sign_in(client, head)
    row = answers(made, women="48", men="2", sex="men", target="30", send="1")
    assert client.post(page("village-edit", made), row).status_code == 302
    made.refresh_from_db()
    approve_analysis(made, actor=kecamatan, version=made.version)

    [outcome] = content_of(made).indicators
    assert (outcome.sex, outcome.target) == ("men", 30)
    assert outcome.text == "Bagian laki-laki di antara yang ikut"
    [stands] = realised(made, content_of(made))
    assert stands.baseline == 4
    shown = text(client.get(page("village", made)))
    assert "30 dari 100 adalah laki-laki" in shown
    counts = {"women_participants": 12, "men_participants": 8}
    make.activity(made.program, janju, author=head, verified_by=make.officer(), **counts)
    shown = text(client.get(page("village", made)))
    assert "40,0 %" in shown
    assert "12 perempuan dari 20 orang" in shown
    assert "tercapai" in shown


def test_whoever_is_fewer_is_proposed(client, janju, farming, head):
    made = begun(janju, farming, head)
    sign_in(client, head)
    client.post(page("village-edit", made), answers(made, women="48", men="2", target=""))

    assert client.get(page("village-edit", made)).context["form"]["sex"].value() == "men"


def test_target_beyond_a_hundred_is_answered_in_a_sentence(client, janju, farming, head):
    made = begun(janju, farming, head)
    sign_in(client, head)

    answer = client.post(page("village-edit", made), answers(made, target="140"))

    words = "Tulis target dari 0 sampai 100, karena dihitung dari 100 orang."
    assert answer.context["form"].errors["target"] == [words]


# -- One round ---------------------------------------------------------------------


def test_all_that_is_missing_is_named_beside_what_is_wrong(client, janju, farming, head):
    made = begun(janju, farming, head)
    sign_in(client, head)
    gone = {"cost": "", "internal": "", "external": "", "access_text": ""}

    answer = client.post(page("village-edit", made), answers(made, target="140", send="1", **gone))

    errors = answer.context["form"].errors
    assert set(errors) == {"target", "cost", "internal", "access_text"}
    assert errors["access_text"] == ["Tulis kesenjangannya dalam satu kalimat."]
    saved = client.post(page("village-edit", made), answers(made, target="140", **gone))
    assert set(saved.context["form"].errors) == {"target"}


def test_gaps_are_closed_until_something_stands_in_them(client, janju, farming, head):
    made = begun(janju, farming, head)
    sign_in(client, head)
    assert text(client.get(page("village-edit", made))).count("<details open>") == 0
    client.post(page("village-edit", made), answers(made))

    assert text(client.get(page("village-edit", made))).count("<details open>") == 2


# -- Whose words -------------------------------------------------------------------


def test_reviewer_of_a_village_reads_words_of_the_village(client, janju, farming, head, kecamatan):
    made = sent(client, janju, farming, head)
    sign_in(client, kecamatan)

    shown = text(client.get(page("gap-review", made)))
    assert "Catatan untuk desa" in shown
    assert "Sebab internal memang milik desa sendiri" in shown
    assert "Catatan untuk perangkat daerah" not in shown
    its_page = text(client.get(page("village", made)))
    assert "Menunggu tinjauan Anda" in its_page
    assert "Menunggu tinjauan DP2KBP3A" not in its_page


def test_reviewer_is_not_offered_the_statement(client, janju, farming, head, kecamatan):
    made = approved(client, janju, farming, head, kecamatan)
    sign_in(client, kecamatan)

    shown = text(client.get(page("village", made)))
    assert page("village-statement", made) not in shown
    assert "Sekarang buat GBS Desa" not in shown
