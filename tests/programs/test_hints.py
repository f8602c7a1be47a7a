"""Hints on a record: told twice already, outside its village, after its program. None blocks."""

from datetime import date, timedelta

import pytest

from programs.flags import flags
from programs.models import Activity, Program
from programs.services import set_program_state, submit_activities, void_activity
from tests import make
from villages.models import AreaShape

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 4)
#: A square of a tenth of a degree.
SQUARE = [[[[116.1, -1.9], [116.2, -1.9], [116.2, -1.8], [116.1, -1.8], [116.1, -1.9]]]]


@pytest.fixture
def program():
    return make.program(make.village(), make.village("64.01.04.2003", "Tetangga"))


def near(program, day=DAY, title="Lain sama sekali", at=None):
    rows = Activity.objects.near(at or make.village(), program, day, title)
    return list(rows.values_list("title", flat=True))


@pytest.mark.parametrize(("apart", "found"), [(-2, 0), (-1, 1), (0, 1), (1, 1), (2, 0)])
def test_same_program_within_a_day(program, apart, found):
    make.activity(program, title="Kelas ibu", held_on=DAY)
    assert near(program, DAY + timedelta(days=apart)) == ["Kelas ibu"] * found


@pytest.mark.parametrize(
    ("title", "apart", "found"), [(" kelas IBU ", 0, 1), ("Kelas ibu", 1, 0), ("Kelas", 0, 0)]
)
def test_same_title_on_the_same_day_under_another_program(program, title, apart, found):
    make.activity(program, title="Kelas ibu", held_on=DAY)
    other = make.program()
    assert len(near(other, DAY + timedelta(days=apart), title)) == found


def test_voided_records_and_neighbours_are_not_similar(program):
    gone = make.activity(program, held_on=DAY)
    void_activity(gone, actor=make.village_head(), version=1, reason="Dobel")
    make.activity(program, make.village("64.01.04.2003"), held_on=DAY)
    assert near(program) == []
    assert len(near(program, at=make.village("64.01.04.2003"))) == 1


@pytest.mark.parametrize("day", [date.min, date.max])
def test_a_day_beyond_the_calendar_is_near_nothing(program, day):
    assert near(program, day) == []


def outline(kind: str):
    AreaShape.objects.create(area_code="64.01.04.2002", kind=kind, rings=SQUARE, source="uji")


def said_outside(program, **point) -> bool:
    return any(
        "outside" in flag or "luar desa" in flag for flag in flags(make.activity(program, **point))
    )


@pytest.mark.parametrize(
    ("longitude", "latitude", "outside"),
    [(116.15, -1.85, False), (116.2015, -1.85, False), (116.25, -1.85, True), (116.15, -1.5, True)],
)
def test_a_point_is_held_against_the_official_outline(program, longitude, latitude, outside):
    outline("official")
    assert said_outside(program, longitude=longitude, latitude=latitude) is outside


def test_without_an_official_outline_or_a_point_nothing_is_said(program):
    outline("schematic")
    assert not said_outside(program, longitude=120.0, latitude=3.0)
    assert not said_outside(program)


def test_the_officer_reads_it_and_may_verify_all_the_same(client, program):
    outline("official")
    activity = make.activity(program, longitude=117.0, latitude=-1.85)
    client.force_login(make.officer())
    page = client.get(f"/periksa/{activity.pk}/").content.decode()
    assert str(flags(activity)[0]) in page
    client.post(f"/kegiatan/{activity.pk}/terima/", {"version": activity.version})
    assert Activity.objects.get().state == "verified"


# -- A program closed while the record waited on a phone --------------------------


def closed(program, state="completed"):
    return set_program_state(program, state, actor=make.person("officer"), version=program.version)


@pytest.mark.parametrize("state", ["completed", "cancelled"])
def test_what_took_place_before_the_end_is_taken_and_flagged(program, state):
    closed(program, state)
    activity = make.activity(program)
    assert any("program" in flag.lower() for flag in flags(activity))


def test_what_came_in_before_the_end_is_not_flagged(program):
    activity = make.activity(program)
    closed(program)
    assert flags(Activity.objects.with_places().get(pk=activity.pk)) == []


def test_what_takes_place_after_the_end_is_refused(program):
    program = closed(program)
    Program.objects.filter(pk=program.pk).update(closed_at=program.closed_at - timedelta(days=400))
    [outcome] = submit_activities(
        [make.draft(program)], actor=make.village_head(), source="browser"
    )
    assert [one.code for one in outcome.problems] == ["program_not_active"]


def test_a_program_that_never_ran_takes_nothing(program):
    planned = closed(make.program(state="draft"), "cancelled")
    [outcome] = submit_activities(
        [make.draft(planned)], actor=make.village_head(), source="browser"
    )
    assert [one.code for one in outcome.problems] == ["program_not_active"]


def test_taken_up_again_it_runs(program):
    again = closed(closed(program), "active")
    assert again.closed_at is None
    assert flags(make.activity(again)) == []
