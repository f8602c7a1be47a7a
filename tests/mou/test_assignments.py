"""Assignments: given, refused twice, ended, handed over; records keep their author."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Grant, User
from core.errors import Refused
from core.models import AuditEntry
from mou.load import facilitated, loads_of
from mou.services.assignments import (
    assign,
    assign_all,
    end_assignment,
    facilitators_of,
    hand_over,
    wider,
)
from mou.services.newcomers import Newcomer
from mou.without import without
from programs.intake import intakes, take_in, take_over
from programs.models import Activity
from tests import make
from tests.racing import at_once
from villages.models import Village

from . import made_facilitators as made
from .made_facilitators import TODAY

pytestmark = pytest.mark.django_db
YEAR = {"valid_from": date(2026, 1, 2), "valid_until": date(2026, 12, 31)}


def names(village) -> list[str]:
    return [one.user.name for one in facilitators_of(village, TODAY())]


@pytest.mark.parametrize(
    ("first", "last", "word"),
    [
        (date(2026, 12, 31), date(2027, 6, 30), "overlapping"),
        (date(2025, 1, 1), date(2026, 1, 2), "overlapping"),
        (date(2025, 1, 1), None, "overlapping"),
        (date(2027, 1, 1), date(2027, 12, 31), ""),
        (date(2025, 1, 1), date(2026, 1, 1), ""),
    ],
)
def test_the_same_village_twice_on_one_day_is_refused_in_words(first, last, word):
    person, village = make.person(), make.village()
    assign(person, village, actor=make.officer(), **YEAR)

    if not word:
        assign(person, village, actor=make.officer(), valid_from=first, valid_until=last)
        return
    with pytest.raises(Refused) as refusal:
        assign(person, village, actor=make.officer(), valid_from=first, valid_until=last)
    assert refusal.value.code == word
    assert "Janju" in refusal.value.problems[0].detail
    assert "2026" in refusal.value.problems[0].detail
    assert Grant.objects.filter(user=person).count() == 1


def test_a_village_inside_her_district_is_allowed_and_told():
    person, village = make.person(), make.village()
    assign(person, village.district, actor=None, **YEAR)

    assign(person, village, actor=None, **YEAR)
    [held] = wider(person, [village], YEAR["valid_from"], YEAR["valid_until"])
    assert held.district == village.district


def test_many_villages_are_all_given_or_none():
    person, officer = make.person(), make.officer()
    far = make.village("64.02.01.2001", "Di luar")
    villages = [make.village(), make.village("64.01.04.2003", "Pepara")]
    assign(person, villages[1], actor=None, **YEAR)

    with pytest.raises(Refused) as refusal:
        assign_all(person, [*villages, far], actor=officer, **YEAR)
    assert [one.code for one in refusal.value.problems] == ["overlapping", "outside_reach"]
    assert Grant.objects.filter(user=person).count() == 1


def test_who_lacks_the_reach_neither_gives_nor_ends():
    village = make.village()
    elsewhere = make.officer(regency=make.regency("64.02", "Kabupaten Lain"))
    person = made.facilitator(village)
    [held] = person.grants.all()

    with pytest.raises(Refused) as refusal:
        assign(make.person(), village, actor=elsewhere, **YEAR)
    assert refusal.value.code == "outside_reach"
    with pytest.raises(PermissionDenied):
        end_assignment(held, actor=elsewhere, on=TODAY())
    with pytest.raises(Refused) as refusal:
        assign(make.officer(), village, actor=make.person(), **YEAR)
    assert refusal.value.code == "outside_reach"


def test_a_hand_over_today_stops_the_first_at_once_and_leaves_her_records():
    village, second = make.village(), make.village("64.01.04.2003", "Pepara")
    first, other = made.facilitator(village, second), made.facilitator()
    officer = make.officer()
    record = make.activity(make.program(village), village, author=first, verified_by=officer)
    before = Activity.objects.values().get(pk=record.pk)
    yesterday = TODAY() - timedelta(days=1)

    done = hand_over(first, other, actor=officer, on=yesterday, areas=[village])

    assert [one.area for one in done.made] == [village]
    assert Activity.objects.values().get(pk=record.pk) == before
    first, other = User.objects.get(pk=first.pk), User.objects.get(pk=other.pk)
    assert set(first.villages_with("log")) == {second}
    assert set(other.villages_with("log")) == {village}
    assert list(Activity.objects.visible_to(first)) == []
    assert names(village) == [other.name]
    assert AuditEntry.objects.filter(action="assignment.hand_over").count() == 1

    hand_over(other, first, actor=officer, on=yesterday)  # undone the same way
    assert names(village) == [first.name]


def test_a_hand_over_in_time_leaves_nobody_out_and_no_day_twice():
    village = make.village()
    first, other = made.facilitator(village), made.facilitator()
    last = TODAY() + timedelta(days=20)

    hand_over(first, other, actor=None, on=last, valid_until=last + timedelta(days=365))

    days = [(one.user, one.valid_from, one.valid_until) for one in Grant.objects.all()]
    assert (first, TODAY() - timedelta(days=10), last) in days
    assert (other, last + timedelta(days=1), last + timedelta(days=365)) in days
    assert names(village) == [first.name]
    for day, who in [(last, first), (last + timedelta(days=1), other)]:
        assert [one.user for one in facilitators_of(village, day)] == [who]


def test_a_newcomer_takes_over_once_and_has_no_password():
    village = make.village()
    first, officer = made.facilitator(village), make.officer()
    last = TODAY() + timedelta(days=5)
    somebody = Newcomer("Siti Aminah, S.Pd.", "0812 3456 789")

    done = hand_over(first, somebody, actor=officer, on=last)
    assert done.to_person.username == "siti.aminah"
    assert not done.to_person.has_usable_password()
    with pytest.raises(Refused) as refusal:
        hand_over(first, somebody, actor=officer, on=last)
    assert refusal.value.code == "already_there"
    assert User.objects.filter(username__startswith="siti").count() == 1


def test_a_refused_hand_over_changes_nothing():
    village, second = make.village(), make.village("64.01.04.2003", "Pepara")
    first, other = made.facilitator(village, second), made.facilitator(second)
    before = list(Grant.objects.order_by("pk").values())

    for to_person in (other, first):
        with pytest.raises(Refused):
            hand_over(first, to_person, actor=make.officer(), on=TODAY() - timedelta(days=1))
    assert list(Grant.objects.filter(role="facilitator").order_by("pk").values()) == before


def test_load_and_villages_without_anybody_take_a_fixed_number_of_queries(
    django_assert_max_num_queries,
):
    villages = [make.village(f"64.01.04.20{n:02}", f"Desa {n:02}") for n in range(1, 9)]
    rest = make.village("64.01.05.2001", "Kendarom")
    busy, idle = made.facilitator(*villages[:5]), made.facilitator()
    near = made.facilitator(kind="pd")
    assign(near, villages[0].district, actor=None, valid_from=TODAY())
    make.activity(make.program(villages[0]), villages[0], author=busy, held_on=TODAY())

    officer = make.officer()
    with django_assert_max_num_queries(7):
        loads = loads_of([busy, idle, near], officer, TODAY())
    assert [(one.villages, one.recent, one.heavy) for one in loads] == [
        (5, 1, True),
        (0, 0, False),
        (8, 0, False),
    ]
    rows = Village.objects.all()
    assert set(facilitated(rows, TODAY())) == {one.pk for one in villages[:5]}
    with django_assert_max_num_queries(3):
        bare = without(rows, TODAY())
    assert {one.village for one in bare} == {*villages[5:], rest}
    assert {one.near for one in bare} == {(near.name,), ()}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_same_sheet_taken_over_twice_at_once_makes_one_account():
    make.village()
    officers, lists = [make.officer(), make.officer()], intakes()["facilitators"]
    made.partner()
    text = (
        "name;phone;kind;partner;valid_from;villages\nSiti;0812 3456 789;PLD;TPP;2-1-2026;Janju\n"
    )
    sheets = [take_in(lists, text.encode(), "a.csv", actor=one) for one in officers]

    answers = at_once(
        *[
            lambda sheet=sheet, by=by: take_over(lists, sheet, actor=by)
            for sheet, by in zip(sheets, officers, strict=True)
        ]
    )

    assert [one.rows for one in answers] == [1, 1]
    assert User.objects.filter(name="Siti").count() == 1
    assert Grant.objects.filter(role="facilitator").count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_officers_at_once_give_one_assignment():
    person, village = make.person(), make.village()
    officers = [make.officer(), make.officer()]

    answers = at_once(
        *[lambda one=one: assign(person, village, actor=one, **YEAR) for one in officers]
    )

    refusals = [one for one in answers if isinstance(one, Refused)]
    assert [one.code for one in refusals] == ["overlapping"]
    assert Grant.objects.filter(user=person).count() == 1
