"""Budget statements: from which version, with which money, who moves them, what counts."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core.errors import Refused, Stale
from core.models import AuditEntry
from planning.content import unpacked
from planning.models import BudgetLine, BudgetStatement, Remark, Step
from planning.services.analyses import revise_analysis
from planning.services.moves import RemarkSaid
from planning.services.statements import (
    approve_statement,
    change_statement,
    lines_of,
    make_statement,
    return_statement,
    sign_statement,
    submit_statement,
)
from tests import make
from tests.racing import at_once

from . import stated, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def program():
    return make.program()


@pytest.fixture
def focal(program):
    return written.focal_point(program)


@pytest.fixture
def head(program):
    return make.person("opd_head", opd=program.owner_opd)


@pytest.fixture
def officer():
    return make.officer()


def counted() -> int:
    return sum(BudgetLine.objects.counted().values_list("arg_plan", flat=True))


def code_of(act, *said, **named) -> str:
    with pytest.raises(Refused) as refused:
        act(*said, **named)
    return refused.value.code


# -- Making ----------------------------------------------------------------------


def test_it_says_what_the_approved_version_says_and_not_the_later_draft(program, focal, officer):
    analysis = written.approved(program, by=focal, officer=officer)
    revise_analysis(analysis, actor=focal, version=analysis.version)
    analysis.new_goal = "Belum disetujui"
    analysis.save()

    made = make_statement(analysis, actor=focal)

    assert made.revision == 1
    assert made.year == analysis.year
    assert "Belum disetujui" not in unpacked(made.gap_version.content).goal_now


def test_without_an_approved_analysis_there_is_none(program, focal):
    analysis, _version = written.submitted(program, by=focal)
    assert code_of(make_statement, analysis, actor=focal) == "not_approved"


def test_a_second_one_of_the_same_version_is_refused(program, focal, officer):
    made = stated.approved(program, by=focal, officer=officer)
    assert code_of(make_statement, made.analysis, actor=focal) == "already_there"


def test_signatory_and_address_come_from_the_last_of_the_same_office(program, focal, officer):
    first = stated.drafted(program, by=focal, officer=officer)
    first.office_address, first.signatory_name = "Jl. Noto Sunardi", "dr. Contoh"
    first.signed_on = timezone.localdate()
    change_statement(first, actor=focal, version=first.version)
    analysis = written.approved(make.program(owner_opd=program.owner_opd), by=focal)
    elsewhere = make.program(owner_opd=make.opd("Dinas Lain"))

    made = make_statement(analysis, actor=focal)
    other = make_statement(written.approved(elsewhere), actor=written.focal_point(elsewhere))

    assert (made.office_address, made.signatory_name) == ("Jl. Noto Sunardi", "dr. Contoh")
    assert made.signed_on is None
    assert other.signatory_name == ""


@pytest.mark.parametrize("role", ["opd_head", "planner", "auditor"])
def test_readers_of_the_office_make_none(program, focal, officer, role):
    analysis = written.approved(program, by=focal, officer=officer)
    reader = make.person(role, opd=program.owner_opd)
    assert code_of(make_statement, analysis, actor=reader) == "not_permitted"
    assert not BudgetStatement.objects.exists()


# -- Money -----------------------------------------------------------------------


def test_submitted_without_money_or_lines_it_names_both(program, focal, officer):
    made = make_statement(written.approved(program, by=focal, officer=officer), actor=focal)
    with pytest.raises(Refused) as refused:
        submit_statement(made, actor=focal, version=made.version)
    assert [(one.field, one.code) for one in refused.value.problems] == [
        ("total", "required"),
        ("lines", "required"),
    ]


def test_lines_over_the_budget_are_refused_with_both_figures(program, focal, officer):
    made = stated.drafted(program, by=focal, officer=officer, total=30_000_000)
    stated.line(made, 10_000_001)
    with pytest.raises(Refused) as refused:
        submit_statement(made, actor=focal, version=made.version)
    assert refused.value.code == "over_ceiling"
    assert "Rp30.000.001" in str(refused.value)
    assert "Rp30.000.000" in str(refused.value)


def test_a_line_added_while_it_waits_is_judged_on_approval(program, focal, officer):
    made = stated.submitted(program, by=focal, officer=officer, total=20_000_000)
    stated.line(made, 1)
    assert code_of(approve_statement, made, actor=officer, version=made.version) == "over_ceiling"
    assert counted() == 0


def test_its_year_stays_when_lines_of_that_year_stand_under_it(program, focal, officer):
    made = stated.drafted(program, by=focal, officer=officer)
    made.year += 1
    assert (
        code_of(change_statement, made, actor=focal, version=made.version) == "lines_of_other_year"
    )


def test_only_a_village_attaches_it_to_its_documents(program, focal, officer):
    made = stated.drafted(program, by=focal, officer=officer)
    made.village_document = "apbdes"
    assert code_of(change_statement, made, actor=focal, version=made.version) == "unknown_value"


def test_it_counts_from_approval_and_not_before(program, focal, officer):
    made = stated.submitted(program, by=focal, officer=officer)
    assert counted() == 0
    approve_statement(made, actor=officer, version=made.version)
    assert counted() == 10_000_000


# -- Its way ---------------------------------------------------------------------


def test_whoever_submitted_it_does_not_approve_it(program, officer):
    made = stated.submitted(program, by=officer, officer=make.officer())
    assert code_of(approve_statement, made, actor=officer, version=made.version) == "own_record"
    made.refresh_from_db()
    assert made.state == "submitted"


def test_sent_back_with_a_remark_on_one_action_and_settled_on_the_next_submit(
    program, focal, officer
):
    made = stated.submitted(program, by=focal, officer=officer)
    action = unpacked(made.gap_version.content).actions[0].key
    said = [RemarkSaid("actions", "Masukan tidak cukup", row=action)]
    return_statement(made, said, actor=officer, version=made.version)
    remark = Remark.objects.get(document=made.pk)
    assert (made.state, remark.row, remark.settled_at) == ("returned", action, None)

    submit_statement(made, actor=focal, version=made.version)
    remark.refresh_from_db()
    assert remark.settled_at


def test_nothing_is_sent_back_without_a_word(program, focal, officer):
    made = stated.submitted(program, by=focal, officer=officer)
    assert (
        code_of(return_statement, made, actor=officer, version=made.version, note=" ") == "required"
    )


def test_waiting_or_approved_it_is_not_changed(program, focal, officer):
    made = stated.submitted(program, by=focal, officer=officer)
    made.total = 1
    assert code_of(change_statement, made, actor=focal, version=made.version) == "not_allowed"


def test_of_two_editors_the_second_is_told(program, focal, officer):
    made = stated.drafted(program, by=focal, officer=officer)
    seen = made.version
    made.total = 60_000_000
    change_statement(made, actor=focal, version=seen)
    late = BudgetStatement.objects.get(pk=made.pk)
    late.total = 70_000_000
    with pytest.raises(Stale):
        change_statement(late, actor=focal, version=seen)
    made.refresh_from_db()
    assert made.total == 60_000_000


def test_every_step_is_on_record(program, focal, officer, head):
    made = stated.signed(program, by=focal, officer=officer, head=head)
    steps = list(Step.objects.filter(document=made.pk).order_by("pk"))
    kinds = ["created", "changed", "submitted", "approved", "signed"]
    assert [one.kind for one in steps] == kinds
    assert [one.actor for one in steps] == [focal, focal, focal, officer, head]
    trail = AuditEntry.objects.filter(object_id=str(made.pk))
    assert trail.filter(action="budgetstatement.changed").get().changes["total"] == [
        None,
        "50000000",
    ]


# -- Signing ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left_out", "code"),
    [
        ({"place": ""}, "required"),
        ({"signed_on": None}, "required"),
        ({"signatory_title": ""}, "required"),
        ({"signatory_name": ""}, "required"),
        ({"signatory_number": ""}, "required"),
        ({"signed_on": timezone.localdate() - timedelta(days=1)}, "before_approval"),
        ({"signed_on": timezone.localdate() + timedelta(days=1)}, "future"),
    ],
)
def test_a_signature_is_whole_and_of_a_day_that_can_be(
    program, focal, officer, head, left_out, code
):
    made = stated.approved(program, by=focal, officer=officer)
    with pytest.raises(Refused) as refused:
        sign_statement(
            made, actor=head, version=made.version, signature=stated.signature(**left_out)
        )
    assert [(one.field, one.code) for one in refused.value.problems] == [(*left_out, code)]
    made.refresh_from_db()
    assert made.state == "approved"


def test_the_writer_does_not_sign_for_the_head(program, focal, officer):
    made = stated.approved(program, by=focal, officer=officer)
    assert (
        code_of(
            sign_statement, made, actor=focal, version=made.version, signature=stated.signature()
        )
        == "not_permitted"
    )


def test_a_village_head_signs_without_an_nip():
    village = make.village()
    program = make.program(village, owner_village=village)
    head, officer = make.village_head(village), make.officer()
    analysis = written.approved(program, by=head, officer=officer, template="desa")
    made = stated.filled(make_statement(analysis, actor=head), by=head)
    made.village_document = "apbdes"
    change_statement(made, actor=head, version=made.version)
    submit_statement(made, actor=head, version=made.version)
    approve_statement(made, actor=officer, version=made.version)

    said = stated.signature(signatory_number="", signatory_title="Kepala Desa")
    sign_statement(made, actor=head, version=made.version, signature=said)

    assert made.state == "signed"
    assert made.signatory_title == "Kepala Desa"


# -- Revisions -------------------------------------------------------------------


def test_gender_budget_neither_doubles_nor_drops_while_a_revision_is_made(
    program, focal, officer, head
):
    first = stated.signed(program, by=focal, officer=officer, head=head)
    stated.revised(first.analysis, by=focal, officer=officer)
    seen = [counted()]

    second = make_statement(first.analysis, actor=focal)
    seen.append(counted())
    assert [one.statement for one in lines_of(second)] == [first]
    submit_statement(second, actor=focal, version=second.version)
    approve_statement(second, actor=officer, version=second.version)
    seen.append(counted())
    assert first.analysis.statements.get(revision=1).state == "signed"
    sign_statement(second, actor=head, version=second.version, signature=stated.signature())
    seen.append(counted())

    assert seen == [10_000_000] * 4
    assert [one.statement for one in lines_of(second)] == [second]
    assert first.analysis.statements.get(revision=1).state == "superseded"
    assert (second.revision, second.total) == (2, first.total)
    assert unpacked(second.gap_version.content).goal_now == "Tujuan yang dipertajam"


def test_an_open_draft_of_the_old_version_is_replaced_with_its_lines(program, focal, officer):
    first = stated.submitted(program, by=focal, officer=officer)
    stated.revised(first.analysis, by=focal, officer=officer)

    second = make_statement(first.analysis, actor=focal)

    first.refresh_from_db()
    assert first.state == "superseded"
    assert list(second.lines.values_list("plan", flat=True)) == [20_000_000]
    assert not lines_of(first).exists()


def test_an_approved_one_counts_on_but_is_signed_no_more(program, focal, officer, head):
    first = stated.approved(program, by=focal, officer=officer)
    stated.revised(first.analysis, by=focal, officer=officer)
    make_statement(first.analysis, actor=focal)

    first.refresh_from_db()
    assert (first.state, counted()) == ("approved", 10_000_000)
    assert (
        code_of(
            sign_statement, first, actor=head, version=first.version, signature=stated.signature()
        )
        == "not_newest"
    )


# -- Many at once ----------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_make_one_at_once_get_one():
    program = make.program()
    by = written.focal_point(program)
    analysis = written.approved(program, by=by)
    answers = at_once(*[lambda: make_statement(analysis, actor=by) for _ in range(4)])
    assert BudgetStatement.objects.count() == 1
    assert sorted(getattr(one, "code", "made") for one in answers) == [
        *["already_there"] * 3,
        "made",
    ]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_is_told():
    program = make.program()
    by = written.focal_point(program)
    made = stated.submitted(program, by=by)
    one, two = make.officer(), make.officer()
    answers = at_once(
        lambda: approve_statement(
            BudgetStatement.objects.get(pk=made.pk), actor=one, version=made.version
        ),
        lambda: return_statement(
            BudgetStatement.objects.get(pk=made.pk), actor=two, version=made.version, note="x"
        ),
    )
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert [answer.code in ("changed_meanwhile", "not_allowed") for answer in refused] == [True]
    assert Step.objects.filter(document=made.pk, kind__in=("approved", "returned")).count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_revision_and_a_signature_at_once_leave_the_budget_counted_once():
    program = make.program()
    by, officer = written.focal_point(program), make.officer()
    head = make.person("opd_head", opd=program.owner_opd)
    for _ in range(3):
        first = stated.approved(make.program(owner_opd=program.owner_opd), by=by, officer=officer)
        before = counted()
        stated.revised(first.analysis, by=by, officer=officer)
        answers = at_once(
            lambda f=first: make_statement(f.analysis, actor=by),
            lambda f=first: sign_statement(
                BudgetStatement.objects.get(pk=f.pk),
                actor=head,
                version=f.version,
                signature=stated.signature(),
            ),
        )
        assert not [
            one for one in answers if isinstance(one, Exception) and not hasattr(one, "code")
        ]
        assert counted() == before
