"""The way of an analysis through its pages: submitted, read, returned, approved, opened again."""

from dataclasses import replace

import pytest
from django.urls import reverse

from core.identifiers import uuid7
from planning.content import DataSaid, content_of, differences
from planning.models import PlanState, Remark, Step
from planning.services.analyses import return_analysis, save_content, start_analysis
from planning.services.moves import RemarkSaid
from planning.wording import words_of
from tests import make

from . import written
from .written import YEAR

pytestmark = pytest.mark.django_db


@pytest.fixture
def program():
    return make.program()


@pytest.fixture
def writer(program):
    return written.focal_point(program)


@pytest.fixture
def officer():
    return make.officer()


def page(name, analysis):
    return reverse(f"planning:{name}", args=[analysis.pk])


def post(client, person, name, analysis, **values):
    client.force_login(person)
    analysis.refresh_from_db()
    return client.post(page(name, analysis), {"version": analysis.version, **values})


def get(client, person, name, analysis, query=""):
    client.force_login(person)
    return client.get(page(name, analysis) + query)


# -- Submitting ------------------------------------------------------------------


def test_what_is_missing_is_named_by_step_and_row_and_there_is_no_button(client, program, writer):
    made = start_analysis(program, actor=writer, year=YEAR)
    row = DataSaid(uuid7(), text="Peserta", women=4, men=46, unit="orang", year=2025)
    save_content(made, replace(content_of(made), data_rows=(row,)), actor=writer, version=1)

    shown = get(client, writer, "gap-submit", made).content.decode()

    assert "Data 1" in shown
    assert reverse("planning:gap-step", args=[made.pk, "data"]) in shown
    assert 'name="version"' not in shown
    assert post(client, writer, "gap-submit", made).status_code == 422
    made.refresh_from_db()
    assert made.state == PlanState.DRAFT


def test_a_whole_one_shows_its_figures_and_goes_to_the_reviewer(client, program, writer):
    made = written.draft(program, by=writer)
    shown = get(client, writer, "gap-submit", made).content.decode()
    assert "Perempuan 4, laki-laki 46 orang" in shown
    answer = post(client, writer, "gap-submit", made)
    assert answer.status_code == 302
    made.refresh_from_db()
    assert made.state == PlanState.SUBMITTED


def test_a_stale_page_does_not_submit(client, program, writer):
    made = written.draft(program, by=writer)
    client.force_login(writer)
    answer = client.post(page("gap-submit", made), {"version": made.version - 1})
    assert answer.status_code == 409
    made.refresh_from_db()
    assert made.state == PlanState.DRAFT


def test_only_those_who_write_plans_submit(client, program, writer):
    made = written.draft(program, by=writer)
    head = make.person("opd_head", opd=program.owner_opd)
    stranger = make.person("opd_focal_point", opd=make.opd("Dinas Sosial"))
    assert get(client, head, "gap-submit", made).status_code == 403
    assert get(client, stranger, "gap-submit", made).status_code == 404


# -- Reviewing -------------------------------------------------------------------


def test_it_goes_back_with_a_remark_on_one_cell(client, program, writer, officer):
    made, version = written.submitted(program, by=writer)
    cause = content_of(made).causes[0]
    answer = post(
        client,
        officer,
        "gap-review",
        made,
        **{f"at_{cause.key.hex}": "text", f"say_{cause.key.hex}": "Sebutkan aturan dinas."},
        ok_totals_only="on",
    )
    assert answer.status_code == 302
    made.refresh_from_db()
    assert made.state == PlanState.RETURNED
    said = Remark.objects.get(document=made.pk)
    assert (said.step, said.row, said.field) == ("internal", cause.key, "text")
    assert said.text == "Sebutkan aturan dinas."
    version.refresh_from_db()
    assert {"code": "totals_only", "ok": True} in version.notes
    assert {"code": "other_place", "ok": False} in version.notes


def test_sending_back_without_a_word_is_asked_about(client, program, writer, officer):
    made, _version = written.submitted(program, by=writer)
    answer = post(client, officer, "gap-review", made)
    assert answer.status_code == 422
    assert "Ada kesalahan: " in answer.content.decode()
    made.refresh_from_db()
    assert made.state == PlanState.SUBMITTED


def test_it_is_approved(client, program, writer, officer):
    made, version = written.submitted(program, by=writer)
    assert post(client, officer, "gap-approve", made).status_code == 302
    made.refresh_from_db()
    version.refresh_from_db()
    assert (made.state, version.state) == (PlanState.APPROVED, PlanState.APPROVED)
    assert len(version.notes) == 7


def test_remarks_are_not_lost_by_approving(client, program, writer, officer):
    made, _version = written.submitted(program, by=writer)
    answer = post(client, officer, "gap-approve", made, say_goal="Tujuan kurang tegas.")
    assert answer.status_code == 422
    assert "Tujuan kurang tegas." in answer.content.decode()
    made.refresh_from_db()
    assert made.state == PlanState.SUBMITTED


def test_nobody_reviews_what_she_submitted(client, program):
    officer = make.officer()
    made, _version = written.submitted(program, by=officer)
    shown = get(client, officer, "gap-review", made).content.decode()
    assert "Anda sendiri yang mengirim GAP ini" in shown
    assert page("gap-approve", made) not in shown
    assert post(client, officer, "gap-approve", made).status_code == 403
    assert post(client, officer, "gap-review", made, note="x").status_code == 403
    made.refresh_from_db()
    assert made.state == PlanState.SUBMITTED


def test_a_stale_decision_is_a_conflict(client, program, writer, officer):
    made, _version = written.submitted(program, by=writer)
    client.force_login(officer)
    old = {"version": made.version - 1, "note": "Perbaiki data."}
    for name in ("gap-review", "gap-approve"):
        assert client.post(page(name, made), old).status_code == 409
    made.refresh_from_db()
    assert made.state == PlanState.SUBMITTED


def test_the_second_reviewer_is_told_that_it_is_decided(client, program, writer, officer):
    made, _version = written.submitted(program, by=writer)
    seen = made.version
    post(client, officer, "gap-approve", made)
    client.force_login(make.officer())
    answer = client.post(page("gap-review", made), {"version": seen, "note": "Perbaiki."})
    assert answer.status_code in (409, 422)
    assert page("gap-approve", made) not in answer.content.decode()


def test_who_may_read_the_review(client, program, writer, officer):
    made, _version = written.submitted(program, by=writer)
    stranger = make.officer(regency=make.regency("64.02", "Kabupaten Kutai Barat"))
    head = make.person("opd_head", opd=program.owner_opd)
    assert get(client, officer, "gap-review", made).status_code == 200
    assert get(client, writer, "gap-review", made).status_code == 403
    assert get(client, head, "gap-review", made).status_code == 403
    assert get(client, stranger, "gap-review", made).status_code == 404
    assert post(client, writer, "gap-approve", made).status_code == 403
    assert post(client, stranger, "gap-approve", made).status_code == 404


def test_the_planner_notes_her_word_and_the_reviewer_reads_it(client, program, writer, officer):
    made, _version = written.submitted(program, by=writer)
    planner = make.person("planner", regency=make.regency())
    assert get(client, planner, "gap-review", made).status_code == 200
    assert post(client, planner, "gap-approve", made).status_code == 403
    assert post(client, planner, "gap-check", made, note="").status_code == 422
    assert post(client, planner, "gap-check", made, note="Sesuai Renja 2026.").status_code == 302
    assert Step.objects.filter(document=made.pk, kind="checked").count() == 1
    assert "Sesuai Renja 2026." in get(client, officer, "gap-review", made).content.decode()
    assert post(client, officer, "gap-check", made, note="x").status_code == 403


def test_what_the_portal_found_stands_beside_the_list(client, program, writer, officer):
    made = written.draft(program, by=writer)
    content = content_of(made)
    changed = replace(content.causes[0], text="Norma adat di masyarakat")
    said = replace(content, causes=(changed, *content.causes[1:]))
    save_content(made, said, actor=writer, version=made.version)
    post(client, writer, "gap-submit", made)
    shown = get(client, officer, "gap-review", made).content.decode()
    assert "Sebab internal 1</strong> · " in shown


def test_the_second_version_says_what_changed_and_was_remarked(client, program, writer, officer):
    made, _version = written.submitted(program, by=writer)
    cause = content_of(made).causes[0]
    said = RemarkSaid("internal", "Sebutkan nomor SK.", cause.key, "text")
    return_analysis(made, [said], actor=officer, version=made.version)
    content = content_of(made)
    causes = (replace(cause, text="SK TPK 12/2025 tanpa perempuan"), *content.causes[1:])
    save_content(made, replace(content, causes=causes), actor=writer, version=made.version)
    post(client, writer, "gap-submit", made)

    shown = get(client, officer, "gap-review", made).content.decode()

    assert "Sebutkan nomor SK." in shown
    assert "1 perbedaan" in shown
    assert "SK TPK tidak memuat perempuan" in shown  # before
    assert "SK TPK 12/2025 tanpa perempuan" in shown  # after


def test_figures_that_moved_since_are_said(client, program, officer):
    make.activity(program, verified_by=officer, women_participants=19, men_participants=24)
    writer = written.focal_point(program)
    made = start_analysis(program, actor=writer, year=YEAR)
    opening = content_of(made)
    whole = written.whole(opening)
    whole = replace(whole, data_rows=(*opening.data_rows, *whole.data_rows))
    save_content(made, whole, actor=writer, version=made.version)
    post(client, writer, "gap-submit", made)
    assert "portal sudah berubah" not in get(client, officer, "gap-review", made).content.decode()

    make.activity(
        program, verified_by=officer, women_participants=5, men_participants=0, title="Kelas kedua"
    )

    shown = get(client, officer, "gap-review", made).content.decode()
    assert "Perempuan 19, laki-laki 24 orang" in shown
    assert "Perempuan 24, laki-laki 24 orang" in shown


# -- Comparing and opening again -------------------------------------------------


def test_two_versions_are_compared_in_words(client, program, writer, officer):
    made, _version = written.submitted(program, by=writer)
    return_analysis(made, [], actor=officer, version=made.version, note="Tambah data.")
    content = content_of(made)
    row = DataSaid(uuid7(), text="Anggota TPK", women=0, men=5, unit="orang", year=2025)
    gone = content.indicators[0]
    changed = replace(
        content,
        data_rows=(*content.data_rows, row),
        indicators=content.indicators[1:],
        new_goal="Tujuan baru",
    )
    save_content(made, changed, actor=writer, version=made.version)

    shown = get(client, writer, "gap-compare", made, "?a=1&b=kini").content.decode()

    assert "Baris ditambahkan" in shown
    assert "Baris dihapus" in shown
    assert "Tujuan baru" in shown
    assert gone.text in shown
    assert get(client, writer, "gap-compare", made, "?a=1&b=9").status_code == 404
    assert get(client, writer, "gap-compare", made, "?a=1&b=1").status_code == 200
    stranger = make.person("opd_focal_point", opd=make.opd("Dinas Sosial"))
    assert get(client, stranger, "gap-compare", made).status_code == 404


def test_without_a_version_there_is_nothing_to_compare(client, program, writer):
    made = written.draft(program, by=writer)
    shown = get(client, writer, "gap-compare", made).content.decode()
    assert "Belum ada yang dikirim" in shown


def test_a_difference_that_reads_the_same_is_left_out(program, writer):
    made = written.draft(program, by=writer)
    before = content_of(made)
    row = replace(before.data_rows[0], portal={"taken_at": "2026-01-01"})
    after = replace(before, data_rows=(row,))
    assert differences(before, after)
    assert words_of(differences(before, after), before, after, "9L") == []


def test_an_approved_one_is_opened_for_a_new_revision(client, program, writer, officer):
    made = written.approved(program, by=writer, officer=officer)
    shown = get(client, writer, "gap-revise", made).content.decode()
    assert "revisi 2" in shown
    client.force_login(writer)
    stale = {"version": made.version - 1, "note": "Data baru"}
    assert client.post(page("gap-revise", made), stale).status_code == 409
    assert post(client, writer, "gap-revise", made, note="Data baru").status_code == 302
    made.refresh_from_db()
    assert (made.state, made.revision) == (PlanState.DRAFT, 2)
    assert post(client, writer, "gap-revise", made).status_code == 422
    head = make.person("opd_head", opd=program.owner_opd)
    assert get(client, head, "gap-revise", made).status_code == 403


def test_the_queries_of_a_review_do_not_grow_with_its_rows(
    client, program, writer, officer, django_assert_max_num_queries
):
    made = written.draft(program, by=writer)
    content = content_of(made)
    many = tuple(replace(content.data_rows[0], key=uuid7()) for _ in range(30))
    said = replace(content, data_rows=(*content.data_rows, *many))
    save_content(made, said, actor=writer, version=made.version)
    post(client, writer, "gap-submit", made)
    client.force_login(officer)
    with django_assert_max_num_queries(40):
        client.get(page("gap-review", made))
