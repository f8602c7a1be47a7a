"""Budget lines through their services: who may, what a line may say, and what stands fast."""

import pytest

from core.errors import Refused, Stale
from core.identifiers import uuid7
from core.models import AuditEntry
from planning.models import BudgetLine, BudgetStatement, Step
from planning.services.lines import add_line, change_line, planned_under, remove_line
from planning.services.statements import approve_statement, submit_statement
from tests import make
from tests.planning import money, stated
from tests.racing import at_once

pytestmark = pytest.mark.django_db

M = 1_000_000


def refused(job, *args, **options) -> Refused:
    with pytest.raises(Refused) as caught:
        job(*args, **options)
    return caught.value


# -- Who may ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "may"),
    [
        (lambda: money.focal(), True),
        (lambda: make.officer(), True),
        (lambda: money.focal(make.opd("Dinas Pertanian")), False),
        (lambda: make.person("opd_head", opd=make.opd()), False),
        (lambda: make.person("planner", regency=make.regency()), False),
        (lambda: make.person("auditor", regency=make.regency()), False),
        (lambda: make.person("leader", regency=make.regency()), False),
        (lambda: make.person("district_officer", district=make.district()), False),
        (lambda: make.village_head(), False),
    ],
)
def test_lines_of_an_office_are_entered_by_its_focal_point_and_the_officer(person, may):
    line, actor = money.drawn(), person()
    if may:
        assert add_line(line, actor=actor).created_by == actor
        return
    assert refused(add_line, line, actor=actor).code == "not_permitted"
    assert not BudgetLine.objects.exists()


@pytest.mark.parametrize(
    ("role", "area", "may"),
    [
        ("village_head", {"village": ("64.01.04.2002", "Janju")}, True),
        ("facilitator", {"village": ("64.01.04.2002", "Janju")}, True),
        ("village_head", {"village": ("64.01.04.2003", "Tepian Batang")}, False),
        ("district_officer", {"district": ("64.01.04", "Tanah Grogot")}, True),
        ("opd_focal_point", {"opd": ("Dinas Kesehatan",)}, False),
    ],
)
def test_lines_of_a_village_are_entered_by_those_who_plan_for_it(role, area, may):
    area = {kind: getattr(make, kind)(*said) for kind, said in area.items()}
    actor = make.person(role, **area)
    line = money.drawn(make.village(), code="4.4.01", fund_source="dana_desa")
    if may:
        assert add_line(line, actor=actor).owner_village == make.village()
    else:
        assert refused(add_line, line, actor=actor).code == "not_permitted"


def test_what_one_office_enters_is_not_there_for_another():
    line = money.line()
    seen = BudgetLine.objects.visible_to
    assert list(seen(money.focal())) == [line]
    assert not seen(money.focal(make.opd("Dinas Pertanian"))).exists()


# -- What a line may say ---------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "field", "code", "words"),
    [
        ({"plan": -1}, "plan", "negative", "Rp1"),
        ({"realised": -5 * M}, "realised", "negative", "Rp5"),
        ({"plan": None}, "plan", "required", "pagu"),
        ({"plan": 10**16}, "plan", "too_large", "Rp10"),
        ({"code": " "}, "code", "required", ""),
        ({"name": ""}, "name", "required", ""),
        ({"name": "x" * 301}, "name", "too_long", "300"),
        ({"year": 1999}, "year", "out_of_range", "2000"),
        ({"realised": 101 * M}, "realised", "over_ceiling", "Rp101"),
        ({"changed": 60 * M, "realised": 61 * M}, "realised", "over_ceiling", "Rp60"),
        (money.tag(1, 101 * M), "arg_plan", "over_ceiling", "Rp100"),
        (money.tag(1, 1, changed=5, arg_changed=6), "arg_changed", "over_ceiling", "Rp6"),
        (money.tag(1, 1, realised=5, arg_realised=6), "arg_realised", "over_ceiling", "Rp5"),
        (money.tag(1, 1, arg_realised=6), "arg_realised", "over_ceiling", "Rp6"),
        ({"arg_plan": 5}, "category", "required", "ARG"),
        ({"category": 2}, "arg_plan", "required", ""),
    ],
)
def test_an_impossible_line_is_refused_naming_field_and_figures(said, field, code, words):
    problem = refused(add_line, money.drawn(**said), actor=money.focal()).problems[0]
    assert (problem.field, problem.code) == (field, code)
    assert words in problem.detail
    assert not BudgetLine.objects.exists()


def test_the_same_rupiah_does_not_enter_two_categories():
    actor = money.focal()
    said = {"name": "Kelas  Ibu Hamil", "account": "5.1.02"}
    add_line(money.drawn(**said, **money.tag(2, 40 * M)), actor=actor)
    again = money.drawn(name="kelas ibu hamil", account="5.1.02", **money.tag(1, 40 * M))
    refusal = refused(add_line, again, actor=actor)
    assert refusal.code == "already_there"
    assert "kategori 2" in refusal.problems[0].detail
    other = make.opd("Dinas Pertanian")
    add_line(money.drawn(other, **said), actor=money.focal(other))
    add_line(money.drawn(**said, year=2027), actor=actor)
    add_line(money.drawn(**said, fund_source="apbn"), actor=actor)


def test_a_line_is_not_renamed_into_another():
    actor, first = money.focal(), money.line(name="Satu", **money.tag(3, M))
    second = money.line(name="Dua")
    second.name = "satu"
    assert refused(change_line, second, actor=actor, version=1).code == "already_there"
    first.name = "SATU"
    assert change_line(first, actor=actor, version=1).version == 2


def test_a_line_joins_a_statement_of_its_owner_and_year_only():
    actor, own = money.focal(), money.statement()
    foreign = money.statement(make.program(owner_opd=make.opd("Dinas Pertanian")))
    line = money.drawn(under=own)
    line.statement = foreign
    assert refused(add_line, line, actor=actor).code == "other_owner"
    line = money.drawn(under=own, year=2027)
    assert refused(add_line, line, actor=actor).code == "other_year"


def test_an_action_is_one_of_the_frozen_analysis():
    actor, own = money.focal(), money.statement()
    key = own.gap_version.content["actions"][0]["key"]
    unknown = money.drawn(under=own, action=uuid7())
    assert refused(add_line, unknown, actor=actor).code == "unknown_action"
    loose = money.drawn(action=key)
    assert refused(add_line, loose, actor=actor).code == "required"
    assert add_line(money.drawn(under=own, action=key), actor=actor).pk


def test_the_lines_of_a_statement_stay_within_its_total():
    actor, own = money.focal(), money.statement(total=250 * M)
    add_line(money.drawn(under=own), actor=actor)
    second = add_line(money.drawn(under=own), actor=actor)
    third = refused(add_line, money.drawn(under=own), actor=actor)
    assert third.code == "over_ceiling"
    for figure in ("Rp300.000.000", "Rp50.000.000", "Rp250.000.000"):
        assert figure in third.problems[0].detail
    second.plan = 151 * M
    assert refused(change_line, second, actor=actor, version=1).code == "over_ceiling"
    second.plan = 150 * M
    change_line(second, actor=actor, version=1)
    assert planned_under(own) == 250 * M


def changed(line, amount, actor):
    fresh = BudgetLine.objects.get(pk=line.pk)
    fresh.changed = amount
    return change_line(fresh, actor=actor, version=fresh.version)


def test_what_is_changed_stays_within_the_total_until_a_revision_is_opened():
    actor, own = money.focal(), money.statement(state="signed", total=150 * M)
    first, second = money.line(under=own), money.line(under=own, plan=50 * M)
    problem = refused(changed, first, 500 * M, actor).problems[0]
    assert (problem.field, problem.code) == ("changed", "over_ceiling")
    for words in ("Rp550.000.000", "Rp400.000.000", "Rp150.000.000", "Buka revisi GBS lebih dulu"):
        assert words in problem.detail
    changed(first, 60 * M, actor)
    changed(second, 90 * M, actor)  # one gives what the other takes
    assert refused(changed, second, 91 * M, actor).code == "over_ceiling"
    values = {"gap_version": own.gap_version, "year": 2026, "created_by": actor, "revision": 2}
    BudgetStatement.objects.create(analysis=own.analysis, total=200 * M, **values)
    changed(second, 140 * M, actor)
    assert refused(changed, second, 141 * M, actor).code == "over_ceiling"


def test_what_was_entered_above_the_total_before_may_be_lowered():
    actor, own = money.focal(), money.statement(state="signed", total=100 * M)
    line = money.line(under=own, changed=500 * M)
    assert changed(line, 400 * M, actor).version == 2


def test_a_draft_counts_what_its_lines_have_after_the_change():
    actor, own = money.focal(), money.statement(total=100 * M)
    over = money.drawn(under=own, plan=90 * M, changed=101 * M)
    assert refused(add_line, over, actor=actor).problems[0].field == "changed"


def test_an_office_spends_in_its_own_regency_and_a_village_at_home():
    actor, far = money.focal(), make.village("64.02.01.2001", "Jauh")
    assert refused(add_line, money.drawn(village=far), actor=actor).code == "outside"
    near = make.village("64.01.04.2003", "Tepian Batang")
    head = make.village_head()
    at_home = money.drawn(make.village(), village=near)
    assert refused(add_line, at_home, actor=head).code == "not_for_villages"
    urban = make.village("64.01.04.1001", "Tanah Grogot")
    paid = money.drawn(urban)
    assert refused(add_line, paid, actor=make.officer()).code == "no_apbdes"


# -- What stands fast ------------------------------------------------------------


@pytest.mark.parametrize("state", ["submitted", "approved", "signed"])
def test_under_an_approved_statement_only_change_and_realisation_are_entered(state):
    actor = money.focal()
    line = money.line(under=money.statement(state=state), **money.tag(1, 40 * M))
    for name, value in [("plan", 90 * M), ("category", 2), ("arg_plan", 41 * M), ("name", "B")]:
        fresh = BudgetLine.objects.get(pk=line.pk)
        setattr(fresh, name, value)
        problem = refused(change_line, fresh, actor=actor, version=1).problems[0]
        assert (problem.field, problem.code) == (name, "locked")
    fresh = BudgetLine.objects.get(pk=line.pk)
    fresh.changed, fresh.realised = 80 * M, 60 * M
    fresh.arg_changed, fresh.arg_realised = 30 * M, 20 * M
    assert change_line(fresh, actor=actor, version=1).version == 2
    assert refused(remove_line, fresh, actor=actor, version=2).code == "locked"
    joining = money.drawn(under=fresh.statement)
    assert refused(add_line, joining, actor=actor).code == "locked"
    assert BudgetLine.objects.count() == 1


def test_a_line_under_a_draft_is_taken_out_and_leaves_a_trace():
    actor, line = money.focal(), money.line(under=money.statement())
    assert refused(remove_line, line, actor=make.village_head(), version=1).code == "not_permitted"
    with pytest.raises(Stale):
        remove_line(line, actor=actor, version=9)
    remove_line(line, actor=actor, version=1)
    assert not BudgetLine.objects.exists()
    entry = AuditEntry.objects.get(action="budgetline.removed")
    assert entry.changes["plan"] == [None, "100000000"]


def test_of_two_editors_the_second_is_told():
    actor, line = money.focal(), money.line()
    mine = BudgetLine.objects.get(pk=line.pk)
    line.plan = 1
    change_line(line, actor=actor, version=1)
    mine.plan = 2
    with pytest.raises(Stale):
        change_line(mine, actor=actor, version=1)
    assert BudgetLine.objects.get().plan == 1
    assert AuditEntry.objects.get(action="budgetline.changed").changes["plan"] == [
        "100000000",
        "1",
    ]


def test_owner_and_year_of_a_line_stay():
    line = money.line()
    line.year = 2027
    assert refused(change_line, line, actor=make.officer(), version=1).code == "fixed"


# -- At the same moment ----------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_lines_at_once_do_not_overfill_one_ceiling():
    for _round in range(5):
        actor, own = money.focal(), money.statement(total=150 * M)
        drawn = [money.drawn(under=BudgetStatement.objects.get(pk=own.pk)) for _ in range(4)]
        answers = at_once(*[lambda one=one, by=actor: add_line(one, actor=by) for one in drawn])
        problems = [one for one in answers if isinstance(one, Refused)]
        assert [one.code for one in problems] == ["over_ceiling"] * 3
        assert planned_under(own) == 100 * M


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_same_line_from_two_people_at_once_is_one():
    for serial in range(5):
        people = [money.focal(), make.officer()]
        drawn = [money.drawn(name=f"Sama {serial}") for _ in people]
        answers = at_once(
            *[
                lambda one=one, by=by: add_line(one, actor=by)
                for one, by in zip(drawn, people, strict=True)
            ]
        )
        problems = [one for one in answers if isinstance(one, Exception)]
        assert [one.code for one in problems] == ["already_there"]
    assert BudgetLine.objects.count() == 5


def test_whoever_entered_the_money_does_not_decide_on_the_statement():
    program, officer = make.program(), make.officer()
    focal = money.focal(program.owner_opd)
    made = stated.drafted(program, by=focal)
    for name in ("Satu", "Dua"):
        add_line(money.drawn(under=made, name=name, plan=M), actor=officer)
    assert Step.objects.filter(document=made.pk, actor=officer).count() == 1
    submit_statement(made, actor=focal, version=made.version)
    assert (
        refused(approve_statement, made, actor=officer, version=made.version).code == "own_record"
    )
    approve_statement(made, actor=make.officer(), version=made.version)
