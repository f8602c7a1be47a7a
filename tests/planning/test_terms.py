"""Terms of reference: what they take over, what they must say, and when they are signed."""

from datetime import date

import pytest

from core.errors import Refused, Stale
from planning.content import unpacked
from planning.models import TermsOfReference
from planning.services.statements import (
    approve_statement,
    change_statement,
    make_statement,
    sign_statement,
    submit_statement,
)
from planning.services.terms import (
    StageSaid,
    approve_terms,
    change_terms,
    make_terms,
    return_terms,
    sign_terms,
    stages_of,
    submit_terms,
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
def officer():
    return make.officer()


@pytest.fixture
def head(program):
    return make.person("opd_head", opd=program.owner_opd)


@pytest.fixture
def statement(program, focal, officer):
    return stated.drafted(program, by=focal, officer=officer)


def codes_of(act, *said, **named) -> list[tuple[str, str]]:
    with pytest.raises(Refused) as refused:
        act(*said, **named)
    return [(one.field, one.code) for one in refused.value.problems]


# -- Making ----------------------------------------------------------------------


def test_it_begins_with_what_the_analysis_and_the_statement_say(statement, focal):
    statement.signatory_name = "dr. Contoh"
    change_statement(statement, actor=focal, version=statement.version)
    made = make_terms(statement, actor=focal)
    content = unpacked(statement.gap_version.content)
    assert made.purpose == content.new_goal
    assert (made.cost, made.signatory_name) == (50_000_000, "dr. Contoh")
    assert [one.label for one in stages_of(made)] == [one.text for one in content.actions]


def test_there_is_one_for_each_statement(statement, focal):
    make_terms(statement, actor=focal)
    assert codes_of(make_terms, statement, actor=focal) == [("statement", "already_there")]


def test_a_reader_makes_none(statement, head):
    assert codes_of(make_terms, statement, actor=head) == [("", "not_permitted")]


def test_terms_of_the_next_revision_begin_with_the_last_ones(program, focal, officer, head):
    first = stated.signed(program, by=focal, officer=officer, head=head)
    old = stated.terms(first, by=focal)
    stated.revised(first.analysis, by=focal, officer=officer)
    second = make_statement(first.analysis, actor=focal)

    made = make_terms(second, actor=focal)
    assert (made.legal_basis, made.cost, made.starts_on) == (
        old.legal_basis,
        old.cost,
        old.starts_on,
    )
    assert stages_of(made) == stages_of(old)

    submit_statement(second, actor=focal, version=second.version)
    approve_statement(second, actor=officer, version=second.version)
    sign_statement(second, actor=head, version=second.version, signature=stated.signature())
    old.refresh_from_db()
    assert old.state == "superseded"
    assert TermsOfReference.objects.get(pk=made.pk).state == "draft"


# -- What it says ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"starts_on": date(2025, 12, 31)}, ("starts_on", "outside_year")),
        ({"ends_on": date(2027, 1, 1)}, ("ends_on", "outside_year")),
        (
            {"starts_on": date(2026, 6, 2), "ends_on": date(2026, 6, 1)},
            ("ends_on", "order"),
        ),
        ({"months": 13}, ("months", "out_of_range")),
        ({"cost": 50_000_001}, ("cost", "over_ceiling")),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(statement, focal, values, found):
    made = make_terms(statement, actor=focal)
    for name, value in values.items():
        setattr(made, name, value)
    stages = [StageSaid("Persiapan")]
    assert codes_of(change_terms, made, stages, actor=focal, version=made.version) == [found]
    made.refresh_from_db()
    assert made.version == 1


def test_stages_are_judged_by_their_place(statement, focal):
    made = make_terms(statement, actor=focal)
    made.months = 3
    stages = [StageSaid("Persiapan", months=1), StageSaid(" ", "tanpa nama", 4)]
    assert codes_of(change_terms, made, stages, actor=focal, version=made.version) == [
        ("stages.1.label", "required"),
        ("stages.1.months", "out_of_range"),
    ]


def test_the_budget_does_not_fall_below_what_the_terms_cost(statement, focal):
    stated.terms(statement, by=focal)
    statement.total = 19_999_999
    assert codes_of(change_statement, statement, actor=focal, version=statement.version) == [
        ("total", "below_terms")
    ]


def test_submitted_too_early_it_names_everything_that_is_missing(statement, focal):
    made = make_terms(statement, actor=focal)
    change_terms(made, [], actor=focal, version=made.version)
    found = codes_of(submit_terms, made, actor=focal, version=made.version)
    assert {name for name, _code in found} == {
        *("legal_basis", "location", "starts_on", "ends_on", "months"),
        *("performer", "responsible", "stages"),
    }


def test_of_two_editors_the_second_is_told(statement, focal):
    made = stated.terms(statement, by=focal)
    seen = made.version
    change_terms(made, [StageSaid("Satu")], actor=focal, version=seen)
    with pytest.raises(Stale):
        change_terms(made, [StageSaid("Dua")], actor=focal, version=seen)
    assert [one.label for one in stages_of(made)] == ["Satu"]


# -- Its way ---------------------------------------------------------------------


def test_it_goes_its_own_way_and_is_signed_after_its_statement(statement, focal, officer, head):
    made = stated.terms(statement, by=focal)
    submit_terms(made, actor=focal, version=made.version)
    return_terms(made, actor=officer, version=made.version, note="Perjelas lokasinya")
    made.location = "Balai desa Janju"
    change_terms(made, stages_of(made), actor=focal, version=made.version)
    submit_terms(made, actor=focal, version=made.version)
    approve_terms(made, actor=officer, version=made.version)

    said = {"actor": head, "signature": stated.signature()}
    assert codes_of(sign_terms, made, version=made.version, **said) == [
        ("state", "statement_not_signed")
    ]
    submit_statement(statement, actor=focal, version=statement.version)
    approve_statement(statement, actor=officer, version=statement.version)
    sign_statement(statement, version=statement.version, **said)
    sign_terms(made, version=made.version, **said)
    assert made.state == "signed"


def test_whoever_submitted_it_does_not_approve_it(statement, officer):
    made = stated.terms(statement, by=officer)
    submit_terms(made, actor=officer, version=made.version)
    assert codes_of(approve_terms, made, actor=officer, version=made.version) == [
        ("", "own_record")
    ]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_make_them_at_once_get_one():
    program = make.program()
    by = written.focal_point(program)
    statement = stated.drafted(program, by=by)
    answers = at_once(*[lambda: make_terms(statement, actor=by) for _ in range(4)])
    assert TermsOfReference.objects.count() == 1
    assert [getattr(one, "code", "made") for one in answers].count("already_there") == 3


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_approvals_at_once_are_one():
    program = make.program()
    by = written.focal_point(program)
    made = stated.terms(stated.drafted(program, by=by), by=by)
    submit_terms(made, actor=by, version=made.version)
    people = [make.officer(), make.officer()]
    answers = at_once(
        *[
            lambda o=one: approve_terms(
                TermsOfReference.objects.get(pk=made.pk), actor=o, version=made.version
            )
            for one in people
        ]
    )
    assert sum(isinstance(answer, Refused) for answer in answers) == 1
