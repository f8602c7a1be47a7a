"""What a board counts: worked examples by hand, periods, bases, owners, and its cost."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashboards.achievements import program_board, village_board
from dashboards.areas import find_area
from dashboards.boards import area_board, own_board
from dashboards.filters import BoardFilter
from dashboards.standings import every_pair, owner_rows
from programs.involvement import Headline, Level
from programs.services import verify_activity, void_activity
from tests import make

from .examples import EXAMPLES

pytestmark = pytest.mark.django_db

YEAR = BoardFilter(2026)
REPORTED = BoardFilter(2026, basis="reported")
JANJU, SENAKEN, KUARO = "64.01.04.2002", "64.01.04.2008", "64.01.03.2001"


def record(of, at, letter: str, *, verified_by=None, **values):
    return make.activity(of, at, verified_by=verified_by, **{**EXAMPLES[letter][0], **values})


def regency(user, flt=YEAR):
    return area_board(user, find_area(user, "64.01"), flt)


def village_page(user, code: str, flt=YEAR):
    return village_board(user, find_area(user, code), flt)


@pytest.fixture
def officer():
    return make.officer()


@pytest.fixture
def examples(officer):
    """All worked examples, verified: a–d1 in Janju, d2–g in Senaken, h–j in Kuaro."""
    places = {"a": JANJU, "b": JANJU, "c": JANJU, "d1": JANJU}
    places |= {"d2": SENAKEN, "e": SENAKEN, "f": SENAKEN, "g": SENAKEN}
    make.village(SENAKEN, "Senaken"), make.village(KUARO, "Kuaro")
    for letter in EXAMPLES:
        village = make.village(places.get(letter, KUARO))
        record(make.program(village), village, letter, verified_by=officer)


# -- The number ----------------------------------------------------------------


@pytest.mark.usefixtures("examples")
def test_examples_add_up_over_the_regency(officer):
    """By hand: level ≥ 2 are b c d2 g j (5); judged are a b c d1 d2 f g i j (9); e has no data;
    h was cancelled and is in no denominator."""
    board = regency(officer)

    assert board.headline == Headline(involved=5, judged=9, no_data=1)
    assert board.headline.enough_data
    assert [row.headline for row in board.villages] == [
        Headline(2, 4, 0)
        if row.code == JANJU
        else Headline(1, 2, 0)
        if row.code == KUARO
        else Headline(2, 3, 1)
        for row in board.villages
    ]
    assert board.total.heads.called_off == 1
    assert board.not_counted == 1  # the program of h


@pytest.mark.usefixtures("examples")
def test_districts_are_sums_of_villages(officer):
    tanah_grogot, kuaro = sorted(regency(officer).districts, key=lambda row: row.code)[::-1]

    assert tanah_grogot.headline == Headline(4, 7, 1)
    assert kuaro.headline == Headline(1, 2, 0)
    assert tanah_grogot.villages == 2


@pytest.mark.usefixtures("examples")
def test_shares_are_sums_of_heads(officer):
    """Present, by hand: women 4+15+30+1+2+0+3 = 55, men 46+30+0+3+3+20+7 = 109."""
    heads = regency(officer).total.heads

    assert heads.participants == (55, 164)
    assert heads.deciders == (0 + 2 + 0 + 1 + 2 + 0, 5 + 5 + 3 + 5 + 5 + 2)
    assert heads.beneficiaries == (4, 50)
    assert heads.coverage == (8, 9)  # all counted ones but i


@pytest.mark.usefixtures("examples")
def test_village_page_tells_levels_and_reasons(officer):
    rows = village_page(officer, JANJU).rows
    reached = sorted(row.verified.level for row in rows)

    assert reached == [Level.PRESENT, Level.PRESENT, Level.MEANINGFUL, Level.DECIDING]
    deciding = next(row.shown for row in rows if row.shown.level == Level.DECIDING)
    found = deciding.aspects
    assert (found.access, found.participation, found.control, found.benefit) == (1, 1, 1, 0)
    assert deciding.heads.participants == (15, 45)


@pytest.mark.parametrize("letter", EXAMPLES)
def test_each_example_on_the_village_page(officer, letter):
    village = make.village()
    record(make.program(village), village, letter, verified_by=officer)

    [row] = village_page(officer, JANJU).rows

    assert row.verified.level == EXAMPLES[letter][1]


def test_small_group_is_marked(officer):
    village = make.village()
    record(make.program(village), village, "f", verified_by=officer)
    [row] = village_page(officer, JANJU).rows
    assert row.shown.small_group


# -- Period and basis ----------------------------------------------------------


def test_headline_changes_when_a_record_is_verified(officer):
    activity = record(make.program(), make.village(), "b")
    assert regency(officer).headline == Headline()
    assert regency(officer, REPORTED).headline == Headline(1, 1, 0)
    assert regency(officer).waiting == 1

    verify_activity(activity, actor=officer, version=activity.version)

    assert regency(officer).headline == Headline(1, 1, 0)
    assert regency(officer).waiting == 0


def test_voided_record_leaves_every_basis(officer):
    activity = record(make.program(), make.village(), "b", verified_by=officer)
    activity.refresh_from_db()
    void_activity(activity, actor=officer, version=activity.version, reason="Salah desa")
    assert regency(officer).headline == regency(officer, REPORTED).headline == Headline()


def test_reported_and_verified_stand_side_by_side_on_the_village_page(officer):
    program, village = make.program(), make.village()
    record(program, village, "f", verified_by=officer)
    record(program, village, "g")  # together 3 women of 9: 33 %

    board = village_page(officer, JANJU)

    [row] = board.rows
    assert (row.verified.level, row.reported.level) == (Level.PRESENT, Level.MEANINGFUL)
    assert row.differs
    assert (board.verified, board.reported) == (Headline(0, 1, 0), Headline(1, 1, 0))
    assert board.unverified == 1


def test_june_and_july_are_two_semesters(officer):
    program = make.program()
    record(program, make.village(), "b", held_on=date(2026, 6, 30), verified_by=officer)
    record(program, make.village(), "i", held_on=date(2026, 7, 1), verified_by=officer)

    def headline(semester):
        return regency(officer, BoardFilter(2026, semester)).headline

    assert headline(1) == Headline(1, 1, 0)
    assert headline(2) == Headline(0, 1, 0)
    assert headline(0) == Headline(0, 1, 0)  # together 15 of 65 present, 2 of 7 deciding
    assert regency(officer, BoardFilter(2025)).headline == Headline()


# -- What is shown apart -------------------------------------------------------


def test_village_without_any_record_is_on_the_list(officer):
    make.village(SENAKEN, "Senaken")
    record(make.program(), make.village(), "b", verified_by=officer)

    board = regency(officer)

    assert [row.code for row in board.silent] == [SENAKEN]
    assert {row.code for row in board.villages} == {JANJU, SENAKEN}
    assert (board.total.villages, board.total.villages_reporting) == (2, 1)


def test_unverified_village_is_not_silent(officer):
    record(make.program(), make.village(), "b")
    [row] = regency(officer).villages
    assert (row.heads.activities, row.sent, row.unverified) == (0, 1, 1)
    assert regency(officer).silent == ()


def test_no_report_at_all_is_no_zero_percent(officer):
    """domain reference 3.5, row 24."""
    make.village()
    board = regency(officer)
    assert board.nothing_sent
    assert board.headline.share is None
    assert board.total.heads.participants is None


def test_too_many_without_data_are_not_read_as_a_finding(officer):
    village = make.village()
    for letter in ("b", "e"):
        record(make.program(village), village, letter, verified_by=officer)
    assert not regency(officer).headline.enough_data


def test_program_of_many_villages_counts_once_from_half_of_them(officer):
    villages = [make.village(), make.village(SENAKEN, "Senaken"), make.village(KUARO, "Kuaro")]
    half, less = make.program(*villages), make.program(*villages)
    for village, letter in zip(villages, "bie", strict=True):
        record(half, village, letter, verified_by=officer)
    for village, letter in zip(villages, "bii", strict=True):
        record(less, village, letter, verified_by=officer)

    board = regency(officer)

    assert board.headline == Headline(involved=2, judged=5, no_data=1)
    assert board.distinct == Headline(involved=1, judged=2, no_data=0)
    assert program_board(officer, half, YEAR).involves is True
    assert program_board(officer, less, YEAR).involves is False


def test_programs_for_women_only_are_shown_apart(officer):
    village = make.village()
    record(make.program(village, target_group="women"), village, "c", verified_by=officer)
    record(make.program(village), village, "i", verified_by=officer)

    board = regency(officer)

    assert board.headline == Headline(1, 2, 0)
    assert board.total.women_only == Headline(1, 1, 0)
    assert board.others == Headline(0, 1, 0)
    assert village_page(officer, JANJU).women_only == Headline(1, 1, 0)


def test_owners_have_their_own_rows(officer):
    village = make.village()
    clinic = make.program(village, owner_opd=make.opd("Dinas Kesehatan"))
    record(clinic, village, "b", verified_by=officer)
    make.program(village, owner_opd=make.opd("Dinas Kesehatan"))
    record(make.program(village, owner_village=village), village, "i", verified_by=officer)
    make.program(village, owner_district=village.district)

    health, district, own = owner_rows(every_pair(officer.villages_with("view"), YEAR))

    assert (health.title, health.programs, health.not_counted) == ("Dinas Kesehatan", 2, 1)
    assert health.levels.headline == health.distinct == Headline(1, 1, 0)
    assert (district.programs, district.not_counted) == (1, 1)
    assert own.levels.headline == Headline(0, 1, 0)


def test_planned_program_without_activity_is_on_the_village_page(officer):
    make.program(make.village(), title="Jalan usaha tani")
    [row] = village_page(officer, JANJU).rows
    assert (row.title, row.shown.level) == ("Jalan usaha tani", Level.NOT_COUNTED)
    assert village_page(officer, JANJU, BoardFilter(2031)).rows == ()


# -- Reach and cost ------------------------------------------------------------


def test_areas_outside_or_partly_in_reach_do_not_exist():
    make.village(KUARO)
    head = make.village_head()
    district_officer = make.person("district_officer", district=make.district())
    assert find_area(head, JANJU)
    assert not find_area(head, "64.01.04")
    assert not find_area(head, KUARO)
    assert find_area(district_officer, "64.01.04")
    assert not find_area(district_officer, "64.01")
    assert not find_area(make.person(), JANJU)
    assert not find_area(make.officer(), "64")
    assert not find_area(make.officer(), "99.99")


def test_facilitator_has_a_board_of_her_villages_alone(officer):
    others = make.village(KUARO, "Kuaro")
    record(make.program(others), others, "b", verified_by=officer)
    helper = make.person("facilitator", village=make.village())
    board = own_board(helper, YEAR)
    assert [row.code for row in board.villages] == [JANJU]
    assert board.headline == Headline()


def test_program_board_keeps_to_the_villages_in_reach(officer):
    near, far = make.village(), make.village(KUARO, "Kuaro")
    program = make.program(near, far)
    record(program, near, "b", verified_by=officer)
    record(program, far, "i", verified_by=officer)

    assert program_board(officer, program, YEAR).headline == Headline(1, 2, 0)
    assert program_board(make.village_head(near), program, YEAR).headline == Headline(1, 1, 0)


def test_program_board_tells_of_its_own_records(officer):
    village = make.village()
    program, other = make.program(village), make.program(village)
    own = record(program, village, "b", verified_by=officer)
    record(other, village, "b")
    own.refresh_from_db()

    board = program_board(officer, program, YEAR)

    assert (board.waiting, board.newest) == (0, own.updated_at)
    assert program_board(officer, other, YEAR).waiting == 1
    assert village_page(officer, village.code).waiting == 1


def queries_of(ask) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        ask()
    return len(seen)


def test_cost_of_a_board_does_not_grow_with_villages(officer):
    area = find_area(officer, make.regency().code)
    village = make.village()
    program = make.program(village)
    record(program, village, "b", verified_by=officer)
    asks = (
        lambda: area_board(officer, area, YEAR),
        lambda: village_board(officer, find_area(officer, JANJU), YEAR),
        lambda: program_board(officer, program, YEAR),
    )
    one = [queries_of(ask) for ask in asks]

    more = [make.village(f"64.01.04.2{number:03}", f"Desa {number}") for number in range(100, 129)]
    for each in more:
        record(make.program(each), each, "b")

    assert [queries_of(ask) for ask in asks] == one
    assert one[0] <= 6


@pytest.mark.usefixtures("examples")
def test_programs_without_activity_do_not_depend_on_the_level_asked_for(officer):
    """A program on another level is left out of the figures; it is not one without activity."""
    whole = regency(officer)
    for level in ("involved", "present", "no_data"):
        assert regency(officer, BoardFilter(2026, level=level)).not_counted == whole.not_counted
