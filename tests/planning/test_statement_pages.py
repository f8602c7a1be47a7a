"""Pages of GBS, KAK and results: what they show, to whom, and what they refuse in words."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from core.identifiers import uuid7
from planning.content import content_of
from planning.models import BudgetStatement, Realisation, Remark, TermsOfReference
from planning.services.analyses import (
    approve_analysis,
    save_content,
    start_analysis,
    submit_analysis,
)
from planning.services.statements import change_statement, make_statement
from planning.services.terms import submit_terms
from tests import make

from . import stated, written

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def program():
    return make.program(make.village(), make.village("64.01.04.2003", "Tepian Batang"))


@pytest.fixture
def focal(program):
    return written.focal_point(program)


@pytest.fixture
def head(program):
    return make.person("opd_head", opd=program.owner_opd)


@pytest.fixture
def officer():
    return make.officer()


def get(client, person, name, *args, status=200, **query):
    client.force_login(person)
    answer = client.get(reverse(f"planning:{name}", args=args), query)
    assert answer.status_code == status, answer.content.decode()[:500]
    return answer.content.decode()


def post(client, person, name, *args, status=302, **data):
    client.force_login(person)
    answer = client.post(reverse(f"planning:{name}", args=args), data)
    assert answer.status_code == status, answer.content.decode()[-3000:]
    return answer.content.decode()


SIGNATURE = {
    "place": "Tana Paser",
    "signatory_title": "Kepala Dinas",
    "signatory_name": "dr. Contoh",
    "signatory_number": "198001012005012001",
}


# -- The whole way ---------------------------------------------------------------


def test_from_an_approved_gap_to_a_signed_gbs(client, program, focal, head, officer):
    analysis = written.approved(program, by=focal, officer=officer)
    assert reverse("planning:gbs-new", args=[analysis.pk]) in get(client, focal, "gbs-list")
    post(client, focal, "gbs-new", analysis.pk)
    made = BudgetStatement.objects.get()

    page = get(client, focal, "gbs", made.pk)
    assert "Catat paling sedikit satu baris anggaran" in page
    said = {"version": made.version, "year": made.year, "total": "50 juta"}
    post(client, focal, "gbs-edit", made.pk, **said)
    made.refresh_from_db()
    assert made.total == 50_000_000
    stated.line(made)

    post(client, focal, "gbs-move", made.pk, "kirim", version=made.version)
    made.refresh_from_db()
    said = {"version": made.version, "remark_0": "Perinci masukannya", "note": ""}
    said |= {"remark_money": "", "remark_signatory": ""}
    post(client, officer, "gbs-move", made.pk, "kembalikan", **said)
    remark = Remark.objects.get(document=made.pk)
    assert remark.row == content_of(analysis).actions[0].key
    page = get(client, focal, "gbs", made.pk)
    assert f"#aksi-{remark.row}" in page
    assert "Perinci masukannya" in page

    made.refresh_from_db()
    post(client, focal, "gbs-move", made.pk, "kirim", version=made.version)
    made.refresh_from_db()
    post(client, officer, "gbs-move", made.pk, "setujui", version=made.version, note="")
    made.refresh_from_db()
    today = timezone.localdate().strftime("%d-%m-%Y")
    said = {"version": made.version, "signed_on": today, **SIGNATURE}
    post(client, head, "gbs-move", made.pk, "tandatangani", **said)
    page = get(client, head, "gbs", made.pk)
    assert "Ditandatangani oleh dr. Contoh" in page
    assert "Rp10.000.000" in get(client, head, "gbs-list")


def test_a_kak_is_made_filled_in_and_sent(client, program, focal, officer):
    statement = stated.drafted(program, by=focal, officer=officer)
    post(client, focal, "kak-new", statement.pk)
    made = TermsOfReference.objects.get()
    said = {
        "version": made.version,
        "stages": 2,
        "legal_basis": "Perbup",
        "purpose": "Menguasai pembibitan",
        "beneficiaries": "50 petani",
        "location": "Balai desa",
        "starts_on": "1-3-2026",
        "ends_on": "31 Mei 2026",
        "months": "3",
        "performer": "Bidang",
        "responsible": "Kepala Bidang",
        "cost": "20.000.000",
        "stage_0_label": "Persiapan",
        "stage_1_label": "Pelatihan",
        "stage_1_months": "2",
    }
    more = post(client, focal, "kak-edit", made.pk, status=200, **said, more="1")
    assert 'name="stage_2_label"' in more
    assert "Menguasai pembibitan" in more
    assert "Ada kesalahan" not in more

    post(client, focal, "kak-edit", made.pk, **said)
    made.refresh_from_db()
    assert (made.ends_on, made.cost) == (date(2026, 5, 31), 20_000_000)
    assert [(one.label, one.months) for one in made.stages.all()] == [
        ("Persiapan", None),
        ("Pelatihan", 2),
    ]
    post(client, focal, "kak-move", made.pk, "kirim", version=made.version)
    assert "Pelatihan" in get(client, officer, "kak", made.pk)


def test_a_stage_that_is_wrong_is_named_at_its_own_place(client, program, focal, officer):
    made = stated.terms(stated.drafted(program, by=focal, officer=officer), by=focal)
    said = {"version": made.version, "stages": 3, "months": "2", "stage_2_months": "9"}
    page = post(client, focal, "kak-edit", made.pk, status=422, **said)
    assert "Beri nama tahap ini." in page
    assert "#id_stage_2_label" in page
    assert made.stages.count() == 2


# -- What the village logs moved --------------------------------------------------


def test_the_page_says_which_indicators_the_village_logs_have_moved(
    client, program, focal, officer
):
    made = make_statement(written.approved(program, by=focal, officer=officer), actor=focal)
    assert "Belum satu pun dari 2 indikator" in get(client, focal, "gbs", made.pk)

    values = {"women_participants": 10, "men_participants": 40}
    make.activity(program, verified_by=officer, **values)
    page = get(client, focal, "gbs", made.pk)
    assert "1 dari 2 indikator bergerak" in page
    assert "10 perempuan di antara 50 orang" in page
    assert "20 %" in page
    assert "8 %" in page

    make.activity(program, women_participants=900, men_participants=0)  # not verified: no figure
    assert "10 perempuan di antara 50 orang" in get(client, focal, "gbs", made.pk)


def test_a_result_by_hand_needs_a_word_on_how_it_is_known(client, program, focal, officer):
    analysis, row = by_hand(program, focal, officer)
    said = {"indicator": row.key, "value": "45,5", "reached_on": "1-3-2026"}
    page = post(client, focal, "gap-results", analysis.pk, status=422, **said)
    assert "tulis bagaimana hasil itu diketahui" in page

    village = {"village": "64.01.04.2003"}
    post(client, focal, "gap-results", analysis.pk, note="Survei KWT", **said, **village)
    entry = Realisation.objects.get()
    assert (entry.value, entry.village.code) == (Decimal("45.5"), "64.01.04.2003")
    page = get(client, focal, "gap-results", analysis.pk)
    assert "45,5 %" in page
    assert "Survei KWT" in page
    assert "Di 1 dari 2 desa" in page


def test_a_result_entered_by_mistake_is_taken_back(client, program, focal, officer):
    analysis, row = by_hand(program, focal, officer)
    said = {"indicator": row.key, "reached_on": "1-3-2026", "note": "Survei KWT"}
    page = post(client, focal, "gap-results", analysis.pk, status=422, value="140", **said)
    assert "antara 0 dan 100" in page
    post(client, focal, "gap-results", analysis.pk, value="99", **said)
    entry = Realisation.objects.get()
    address = reverse("planning:result-withdraw", args=[entry.pk])
    assert address in get(client, focal, "gap-results", analysis.pk)

    reader = make.person("auditor", opd=program.owner_opd)
    assert address not in get(client, reader, "gap-results", analysis.pk)
    assert client.post(address).status_code == 403
    client.force_login(focal)
    assert "tidak dihitung lagi" in client.get(address).content.decode()
    assert client.post(address).status_code == 302
    page = get(client, focal, "gap-results", analysis.pk)
    assert "Ditarik kembali" in page
    assert "Survei KWT" in page
    assert address not in page
    assert client.post(address).status_code == 422


def by_hand(program, focal, officer):
    """An approved analysis whose outcome people enter themselves."""
    made = start_analysis(program, actor=focal, year=written.YEAR)
    said = written.whole(content_of(made))
    outcome = replace(said.indicators[1], key=uuid7(), measure="")
    said = replace(said, indicators=(said.indicators[0], outcome))
    save_content(made, said, actor=focal, version=made.version)
    submit_analysis(made, actor=focal, version=made.version)
    approve_analysis(made, actor=officer, version=made.version)
    return made, outcome


def test_results_are_read_by_those_who_do_not_enter_them(client, program, focal, officer):
    analysis, row = by_hand(program, focal, officer)
    reader = make.person("auditor", opd=program.owner_opd)
    assert "Catat hasil" not in get(client, reader, "gap-results", analysis.pk)
    said = {"indicator": row.key, "value": "1", "reached_on": "1-3-2026", "note": "x"}
    post(client, reader, "gap-results", analysis.pk, status=403, **said)
    assert not Realisation.objects.exists()


# -- Who --------------------------------------------------------------------------


def test_another_office_does_not_see_it(client, program, focal, officer):
    made = stated.terms(stated.drafted(program, by=focal, officer=officer), by=focal)
    stranger = make.person("opd_focal_point", opd=make.opd("Dinas Lain"))
    for name, key in (
        ("gbs", made.statement_id),
        ("gbs-edit", made.statement_id),
        ("kak", made.pk),
    ):
        get(client, stranger, name, key, status=404)
    get(client, stranger, "gap-results", made.statement.analysis_id, status=404)
    get(client, stranger, "gbs-new", made.statement.analysis_id, status=404)
    post(client, stranger, "gbs-move", made.statement_id, "kirim", status=404, version=1)
    assert "Pelatihan pembibitan" not in get(client, stranger, "gbs-list")


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("opd_focal_point", {"gbs-edit", "kirim"}),
        ("opd_head", {"tandatangani"}),
        ("planner", set()),
        ("auditor", set()),
    ],
)
def test_people_of_the_office_open_what_is_theirs_to_do(client, program, officer, role, may):
    made = stated.drafted(program, by=written.focal_point(program), officer=officer)
    person = make.person(role, opd=program.owner_opd)
    get(client, person, "gbs", made.pk)
    get(client, person, "gbs-edit", made.pk, status=200 if "gbs-edit" in may else 403)
    for word in ("kirim", "kembalikan", "setujui", "tandatangani"):
        get(client, person, "gbs-move", made.pk, word, status=200 if word in may else 403)


def test_own_submission_is_a_403_in_words(client, program, officer):
    made = stated.submitted(program, by=officer, officer=make.officer())
    client.force_login(officer)
    answer = client.post(
        reverse("planning:gbs-move", args=[made.pk, "setujui"]), {"version": made.version}
    )
    assert answer.status_code == 403
    assert "Anda sendiri ikut menulis" in answer.content.decode()
    assert "/setujui/" not in get(client, officer, "gbs", made.pk)


# -- What cannot be ----------------------------------------------------------------


def test_of_two_editors_the_second_sees_what_was_saved(client, program, focal, officer):
    made = stated.drafted(program, by=focal, officer=officer)
    seen = made.version
    made.total = 60_000_000
    change_statement(made, actor=focal, version=seen)
    said = {"version": seen, "year": made.year, "total": "70.000.000"}
    page = post(client, focal, "gbs-edit", made.pk, status=409, **said)
    assert "60.000.000" in page
    assert "70.000.000" in page
    assert f'name="version" value="{made.version}"' in page
    made.refresh_from_db()
    assert made.total == 60_000_000


def test_a_move_on_an_older_page_is_409(client, program, focal, officer):
    made = stated.submitted(program, by=focal, officer=officer)
    said = {"version": made.version - 1, "note": ""}
    post(client, officer, "gbs-move", made.pk, "setujui", status=409, **said)
    made.refresh_from_db()
    assert made.state == "submitted"


def test_over_the_budget_the_page_names_both_figures(client, program, focal, officer):
    made = stated.drafted(program, by=focal, officer=officer, total=10_000_000)
    page = post(client, focal, "gbs-move", made.pk, "kirim", status=422, version=made.version)
    assert "Rp20.000.000" in page
    assert "Rp10.000.000" in page


@pytest.mark.parametrize("total", ["-5", "12.50", "sepuluh juta"])
def test_money_that_cannot_be_read_is_asked_for_again(client, program, focal, officer, total):
    made = stated.drafted(program, by=focal, officer=officer)
    said = {"version": made.version, "year": made.year, "total": total}
    page = post(client, focal, "gbs-edit", made.pk, status=422, **said)
    assert "Ada kesalahan" in page
    made.refresh_from_db()
    assert made.total == 50_000_000


def test_what_waits_for_review_is_not_edited(client, program, focal, officer):
    made = stated.terms(stated.drafted(program, by=focal, officer=officer), by=focal)
    submit_terms(made, actor=focal, version=made.version)
    post(client, focal, "kak-edit", made.pk, version=made.version, stages=1, purpose="Lain")
    made.refresh_from_db()
    assert made.purpose != "Lain"


def test_the_kak_is_signed_after_the_gbs_and_says_so(client, program, focal, head, officer):
    made = stated.terms(stated.drafted(program, by=focal, officer=officer), by=focal)
    submit_terms(made, actor=focal, version=made.version)
    post(client, officer, "kak-move", made.pk, "setujui", version=made.version, note="")
    made.refresh_from_db()
    said = {"version": made.version, "signed_on": timezone.localdate().isoformat(), **SIGNATURE}
    page = post(client, head, "kak-move", made.pk, "tandatangani", status=422, **said)
    assert "Tandatangani GBS lebih dahulu" in page


def test_the_list_is_narrowed_and_says_what_counts(client, program, focal, officer):
    stated.approved(program, by=focal, officer=officer)
    other = make.program(owner_opd=make.opd("Dinas Lain"))
    stated.drafted(other, by=written.focal_point(other), officer=officer, plan=4_000_000)
    page = get(client, officer, "gbs-list")
    assert "Rp10.000.000" in page
    assert "Rp2.000.000" in page
    assert "belum dihitung" in page
    page = get(client, officer, "gbs-list", state="draft")
    assert "Rp10.000.000" not in page
    assert "Tidak ada GBS" in get(client, officer, "gbs-list", year=2031)
    get(client, officer, "gbs-list", year="x", status=422)


def test_the_list_asks_the_database_as_often_for_many_as_for_one(
    client, focal, officer, django_assert_max_num_queries
):
    def add(number: int) -> None:
        for _ in range(number):
            one = make.program(owner_opd=make.opd("Dinas Lain"))
            stated.drafted(one, by=written.focal_point(one), officer=officer)

    client.force_login(officer)
    address = reverse("planning:gbs-list")
    add(1)
    client.get(address)
    with django_assert_max_num_queries(100) as one:
        client.get(address)
    add(5)
    with django_assert_max_num_queries(len(one)):
        client.get(address)
