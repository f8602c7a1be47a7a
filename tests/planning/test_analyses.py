"""A gender analysis from its first draft to its approval, and what becomes of it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from core.errors import Refused, Stale
from core.identifiers import uuid7
from core.models import AuditEntry
from planning.checks import findings, gate
from planning.content import DataSaid, content_of, differences, packed, unpacked
from planning.models import DataRow, GenderAnalysis, Remark, Step
from planning.reading import read
from planning.services.analyses import (
    approve_analysis,
    check_plan,
    return_analysis,
    revise_analysis,
    save_content,
    settle_remark,
    start_analysis,
    submit_analysis,
)
from planning.services.moves import RemarkSaid
from planning.statement_read import indicator_words
from programs.models import Program
from tests import make

from . import written
from .written import YEAR

pytestmark = pytest.mark.django_db


@pytest.fixture
def program():
    return make.program(make.village(), make.village("64.01.04.2003", "Tepian Batang"))


def record(program, officer, village=None, **values):
    return make.activity(program, village, verified_by=officer, **values)


# -- What an indicator starts from ------------------------------------------------


def test_an_indicator_that_counts_men_starts_from_their_share(program):
    content = content_of(written.draft(program))
    start = content.baselines[0].key
    assert content.baseline_value(start, "women") == Decimal("8.0")
    assert content.baseline_value(start, "men") == Decimal("92.0")
    men = replace(content.indicators[1], sex="men", target=Decimal(92), measure="")
    men_said = replace(content, indicators=(content.indicators[0], men))
    assert [one.code for one in findings(men_said) if one.row == men.key] == ["same_as_baseline"]
    assert "dari 92 % menjadi" in indicator_words(men_said, men)
    [cells] = [row for step in read(men_said, {}) for row in step.rows if row.key == men.key]
    assert any("92,0 %" in cell.text for cell in cells.cells)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"value": Decimal(140), "unit": "%"}, "out_of_range"),
        ({"value": Decimal(140), "unit": "Persen"}, "out_of_range"),
        ({"year": YEAR + 1}, "too_late"),
        ({"value": Decimal(140), "unit": "orang"}, None),
        ({"value": Decimal(100), "unit": "%"}, None),
        ({"year": YEAR}, None),
    ],
)
def test_a_figure_that_cannot_be_stands_in_the_way(program, values, code):
    content = content_of(written.draft(program))
    row = replace(content.data_rows[0], **values)
    stops = {one.code for one in gate(replace(content, data_rows=(row,)))}
    assert stops == ({code} if code else set())


# -- Beginning -------------------------------------------------------------------


def test_it_begins_with_the_verified_figures_of_the_program(program):
    officer = make.officer()
    record(program, officer, women_participants=19, men_participants=24)
    record(program, officer, make.village("64.01.04.2003"), women_participants=1)
    make.activity(program, women_participants=500, men_participants=0)  # nobody looked at it yet

    made = start_analysis(program, actor=written.focal_point(program), year=YEAR)

    rows = {one.measure: one for one in content_of(made).data_rows}
    assert (rows["participants"].women, rows["participants"].men) == (20, 48)
    assert rows["participants"].portal["basis"] == "verified"
    assert rows["participants"].portal["definition"] == 1
    assert (rows["villages"].value, rows["villages"].whole) == (1, 2)
    assert made.title == program.title


def test_without_records_it_begins_with_an_empty_second_step(program):
    made = start_analysis(program, actor=written.focal_point(program), year=YEAR)
    assert content_of(made).data_rows == ()


def test_one_for_each_program_year_and_form(program):
    by = written.focal_point(program)
    start_analysis(program, actor=by, year=YEAR)
    start_analysis(program, actor=by, year=YEAR, template="4L")
    with pytest.raises(Refused) as refused:
        start_analysis(program, actor=by, year=YEAR)
    assert refused.value.code == "already_there"
    assert GenderAnalysis.objects.count() == 2


@pytest.mark.parametrize(
    ("role", "area"),
    [
        ("opd_focal_point", lambda: {"opd": make.opd("Dinas Lain")}),
        ("leader", lambda: {"regency": make.regency()}),
        ("village_head", lambda: {"village": make.village()}),
        ("officer", lambda: {"regency": make.regency("64.02", "Kabupaten Lain")}),
    ],
)
def test_others_do_not_write_for_this_office(program, role, area):
    with pytest.raises(Refused) as refused:
        start_analysis(program, actor=make.person(role, **area()), year=YEAR)
    assert refused.value.code == "not_permitted"


def test_a_year_outside_the_program_is_refused(program):
    with pytest.raises(Refused) as refused:
        start_analysis(program, actor=written.focal_point(program), year=2031)
    assert refused.value.code == "outside_program_years"


# -- Writing ---------------------------------------------------------------------


def test_what_is_written_is_read_back_with_its_links(program):
    by = written.focal_point(program)
    made = start_analysis(program, actor=by, year=YEAR)
    said = written.whole(content_of(made))
    save_content(made, said, actor=by, version=made.version)
    assert content_of(made) == said
    assert unpacked(packed(said)) == said


def test_a_row_taken_out_leaves_the_others_with_the_link_emptied(program):
    by = written.focal_point(program)
    made = written.draft(program, by=by)
    said = replace(content_of(made), data_rows=())
    save_content(made, said, actor=by, version=made.version)
    now = content_of(made)
    assert now.factors[0].data_row is None
    assert now.baselines[0].data_row is None
    assert {one.code for one in findings(now) if one.must} >= {"unlinked", "required"}


def test_figures_of_the_portal_cannot_be_typed(program):
    officer, by = make.officer(), written.focal_point(program)
    record(program, officer)
    made = start_analysis(program, actor=by, year=YEAR)
    row = content_of(made).data_rows[0]
    said = replace(content_of(made), data_rows=(replace(row, women=9999, text="Peserta"),))
    save_content(made, said, actor=by, version=made.version)
    [kept] = content_of(made).data_rows
    assert (kept.women, kept.text) == (19, "Peserta")

    new = DataSaid(uuid7(), women=77, men=1, measure="deciders", portal={"year": 2026})
    said = replace(content_of(made), data_rows=(kept, new))
    save_content(made, said, actor=by, version=made.version)
    assert content_of(made).data_rows[1].women == 0


def test_a_row_of_another_analysis_is_not_taken_over(program):
    mine = written.draft(program)
    other_program = make.program(owner_opd=make.opd("Dinas Lain"))
    stranger = written.focal_point(other_program)
    theirs = start_analysis(other_program, actor=stranger, year=YEAR)
    stolen = content_of(mine).data_rows[0]
    with pytest.raises(Refused) as refused:
        save_content(
            theirs,
            replace(content_of(theirs), data_rows=(replace(stolen, text="x"),)),
            actor=stranger,
            version=theirs.version,
        )
    assert refused.value.code == "other_record"
    assert DataRow.objects.get(pk=stolen.key).text == stolen.text


def test_the_second_of_two_editors_is_told(program):
    by = written.focal_point(program)
    made = written.draft(program, by=by)
    seen = made.version
    first = replace(content_of(made), goal="Tujuan pertama")
    save_content(made, first, actor=by, version=seen)
    with pytest.raises(Stale):
        save_content(made, replace(first, goal="Kedua"), actor=by, version=seen)
    assert content_of(made).goal == "Tujuan pertama"


def test_every_change_leaves_a_trace(program):
    by = written.focal_point(program)
    made = written.draft(program, by=by)
    said = replace(content_of(made), goal="Tujuan lain")
    save_content(made, said, actor=by, version=made.version)
    entry = AuditEntry.objects.filter(action="genderanalysis.changed").first()
    assert entry.changes["changed"] == ["goal"]
    assert [one.kind for one in Step.objects.filter(document=made.pk)][-1] == "created"


# -- Submitting and reviewing ----------------------------------------------------


def broken(content, name):
    """The whole content with one link or figure missing."""
    action, baseline = content.actions[0], content.baselines[0]
    indicator = content.indicators[1]
    return {
        "action": lambda: replace(content, actions=(replace(action, causes=()),)),
        "baseline": lambda: replace(content, baselines=(replace(baseline, data_row=None),)),
        "target": lambda: replace(
            content, indicators=(content.indicators[0], replace(indicator, target=Decimal("8.0")))
        ),
        "one sex": lambda: replace(content, data_rows=(replace(content.data_rows[0], men=None),)),
        "goal": lambda: replace(content, new_goal=content.goal),
    }[name]()


@pytest.mark.parametrize(
    ("name", "step", "code"),
    [
        ("action", "actions", "unlinked"),
        ("baseline", "baselines", "unlinked"),
        ("target", "indicators", "same_as_baseline"),
        ("one sex", "data", "one_sex"),
        ("goal", "goal", "unchanged"),
    ],
)
def test_submitting_names_the_step_and_the_row(program, name, step, code):
    by = written.focal_point(program)
    made = written.draft(program, by=by)
    whole = content_of(made)
    save_content(made, broken(whole, name), actor=by, version=made.version)
    with pytest.raises(Refused) as refused:
        submit_analysis(made, actor=by, version=made.version)
    found = next(one for one in refused.value.problems if one.code == code)
    where = found.field.split(".")
    assert where[0] == step
    assert name == "goal" or where[2] in {str(row.key) for _list, row in whole.rows()}
    assert made.versions.count() == 0


@pytest.mark.parametrize("template", ["9L", "4L"])
def test_a_whole_analysis_may_be_submitted_in_both_forms(program, template):
    made, version = written.submitted(program, template=template)
    assert made.state == "submitted"
    assert version.number == 1
    assert unpacked(version.content) == content_of(made)


def test_returned_with_a_remark_corrected_and_approved(program):
    by, officer = written.focal_point(program), make.officer()
    made, first = written.submitted(program, by=by)
    cause = content_of(made).causes[0]
    said = RemarkSaid("internal", "Ini sebab eksternal", cause.key, "text")
    return_analysis(made, [said], actor=officer, version=made.version)
    first.refresh_from_db()
    assert (made.state, first.state) == ("returned", "returned")
    [remark] = Remark.objects.filter(document=made.pk, settled_at=None)
    assert (remark.row, remark.number) == (cause.key, 1)

    better = replace(
        content_of(made),
        causes=(replace(cause, text="Tidak ada anggaran sesi siang"), content_of(made).causes[1]),
    )
    save_content(made, better, actor=by, version=made.version)
    settle_remark(remark, made, actor=by)
    second = submit_analysis(made, actor=by, version=made.version)
    assert second.number == 2
    [change] = differences(unpacked(first.content), unpacked(second.content))
    assert (change.row, change.after) == (cause.key, "Tidak ada anggaran sesi siang")

    ticked = [{"code": "totals_only", "ok": True}]
    approve_analysis(made, actor=officer, version=made.version, checklist=ticked)
    second.refresh_from_db()
    assert (made.state, second.state, second.notes) == ("approved", "approved", ticked)
    assert Program.objects.get(pk=program.pk).gap_approved_on is not None


def test_nobody_approves_what_she_submitted(program):
    officer = make.officer()
    made, _version = written.submitted(program, by=officer)
    with pytest.raises(Refused) as refused:
        approve_analysis(made, actor=officer, version=made.version)
    assert refused.value.code == "own_record"


@pytest.mark.parametrize("role", ["opd_focal_point", "opd_head", "planner"])
def test_only_the_reviewing_office_approves(program, role):
    made, _version = written.submitted(program)
    area = {"regency": make.regency()} if role == "planner" else {"opd": program.owner_opd}
    with pytest.raises(Refused) as refused:
        approve_analysis(made, actor=make.person(role, **area), version=made.version)
    assert refused.value.code == "not_permitted"


def test_the_planning_board_says_its_word_without_deciding(program):
    made, _version = written.submitted(program)
    board = make.person("planner", regency=make.regency())
    check_plan(made, actor=board, note="Sesuai RKPD 2026")
    assert Step.objects.filter(document=made.pk).first().note == "Sesuai RKPD 2026"
    assert made.state == "submitted"


def test_what_was_submitted_cannot_be_changed(program):
    by = written.focal_point(program)
    made, _version = written.submitted(program, by=by)
    with pytest.raises(Refused) as refused:
        save_content(made, content_of(made), actor=by, version=made.version)
    assert refused.value.code == "not_allowed"


def test_an_empty_return_says_what_is_missing(program):
    made, _version = written.submitted(program)
    with pytest.raises(Refused) as refused:
        return_analysis(made, [], actor=make.officer(), version=made.version)
    assert refused.value.problems[0].field == "note"


def test_a_revision_leaves_the_approved_version_in_force(program):
    by, officer = written.focal_point(program), make.officer()
    made = written.approved(program, by=by, officer=officer)
    revise_analysis(made, actor=by, version=made.version)
    assert (made.state, made.revision) == ("draft", 2)
    save_content(made, replace(content_of(made), goal="Lain"), actor=by, version=made.version)
    submit_analysis(made, actor=by, version=made.version)
    assert [one.state for one in made.versions.all()] == ["submitted", "approved"]
    approve_analysis(made, actor=officer, version=made.version)
    assert [one.state for one in made.versions.all()] == ["approved", "superseded"]


def test_nobody_approves_what_she_helped_to_write(program):
    by, officer = written.focal_point(program), make.officer()
    made = written.draft(program, by=by)
    changed = replace(content_of(made), goal="Tujuan dari peninjau")
    save_content(made, changed, actor=officer, version=made.version)
    submit_analysis(made, actor=by, version=made.version)
    with pytest.raises(Refused) as refused:
        approve_analysis(made, actor=officer, version=made.version)
    assert refused.value.code == "own_record"
    approve_analysis(made, actor=make.officer(), version=made.version)


def test_a_text_that_no_form_holds_is_refused(program):
    by = written.focal_point(program)
    made = written.draft(program, by=by)
    whole = content_of(made)
    rows = tuple(replace(whole.actions[0], key=uuid7(), text="a" * 4000) for _ in range(21))
    with pytest.raises(Refused) as refused:
        save_content(made, replace(whole, actions=rows), actor=by, version=made.version)
    assert refused.value.code == "too_long"
