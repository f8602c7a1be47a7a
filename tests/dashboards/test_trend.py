"""Twenty-four months of an area: judged by the one rule, missing never drawn as zero."""

import random
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from dashboards.areas import find_area
from dashboards.boards import area_board
from dashboards.filters import BoardFilter
from dashboards.trend import Trend, TrendMonth, trend_of
from programs.involvement import Headline
from tests import make

from .examples import EXAMPLES
from .pages import html, plain, section, visit

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)


@pytest.fixture
def officer():
    return make.officer()


def record(letter="b", of=None, at=None, **values):
    at = at or make.village()
    return make.activity(of or make.program(at), at, **{**EXAMPLES[letter][0], **values})


def trend(officer, flt=None, today=TODAY):
    return trend_of(officer.villages_with("view"), flt or BoardFilter(2026), today)


def at(found, year, month) -> TrendMonth:
    return next(one for one in found.months if one.first == date(year, month, 1))


# -- What it counts ------------------------------------------------------------


def test_every_month_says_what_the_board_of_that_month_says(officer):
    dice = random.Random(4)  # noqa: S311 - the same records at every run
    villages = [make.village(f"64.01.04.20{number:02}", f"Desa {number}") for number in range(1, 4)]
    programs = [
        make.program(*villages, target_group=dice.choice(("general", "men"))) for _ in "abc"
    ]
    for _number in range(40):
        record(
            dice.choice("abcefgij"),
            dice.choice(programs),
            dice.choice(villages),
            held_on=date(2026, dice.randint(1, 6), dice.randint(1, 28)),
            verified_by=dice.choice((officer, None)),
        )
    area = find_area(officer, "64.01")
    for basis in ("verified", "reported"):
        found = trend(officer, BoardFilter(2026, basis=basis))
        for month in range(1, 7):
            board = area_board(officer, area, BoardFilter(2026, month=month, basis=basis))
            assert at(found, 2026, month).headline == board.headline, (basis, month)


def test_it_ends_with_the_period_and_never_after_today(officer):
    ends = {
        BoardFilter(2026): date(2026, 11, 1),
        BoardFilter(2026, semester=1): date(2026, 6, 1),
        BoardFilter(2026, quarter=3): date(2026, 9, 1),
        BoardFilter(2025, month=2): date(2025, 2, 1),
        BoardFilter(2025): date(2025, 12, 1),
    }
    for flt, last in ends.items():
        found = trend(officer, flt)
        assert (found.last, len(found.months)) == (last, 24)
    assert trend(officer, BoardFilter(2025)).first == date(2024, 1, 1)


def test_filter_narrows_the_months_and_a_level_does_not(officer):
    village = make.village()
    women = make.program(village, target_group="women")
    record("b", women, village, verified_by=officer)
    record("i", make.program(village), village, verified_by=officer)
    assert at(trend(officer), 2026, 3).headline == Headline(1, 2, 0)
    narrow = trend(officer, BoardFilter(2026, target_group="women"))
    assert at(narrow, 2026, 3).headline == Headline(1, 1, 0)
    level = trend(officer, BoardFilter(2026, level="none"))
    assert at(level, 2026, 3).headline == Headline(1, 2, 0)


def test_it_is_read_with_one_query(officer):
    for month in range(1, 10):
        record(held_on=date(2026, month, 1), verified_by=officer)
    villages = officer.villages_with("view")
    with CaptureQueriesContext(connection) as seen:
        trend_of(villages, BoardFilter(2026), TODAY)
    assert len(seen) == 1


# -- How it is drawn -----------------------------------------------------------


def test_missing_months_are_gaps_and_nothing_bridges_them(officer):
    record("b", held_on=date(2026, 1, 5), verified_by=officer)
    record("e", held_on=date(2026, 2, 5), verified_by=officer)
    record("i", held_on=date(2026, 3, 5), verified_by=officer)
    record("b", held_on=date(2026, 4, 5), verified_by=officer)
    found = trend(officer, BoardFilter(2026, semester=1))

    assert [one.share for one in found.months[-6:]] == [(1, 1), None, (0, 1), (1, 1), None, None]
    assert len(found.points) == 3
    assert len(found.gaps) == 21
    assert len(found.paths) == 1
    zero = found.points[1]
    assert zero.y == found.floor


def test_running_month_is_marked_and_no_gap(officer):
    record("b", held_on=date(2026, 10, 5), verified_by=officer)
    assert not trend(officer).running
    assert len(trend(officer).gaps) == 22
    record("b", held_on=date(2026, 11, 5), verified_by=officer)
    found = trend(officer)
    assert found.running
    assert found.points[-1].css == "point-running"
    assert [css for css, _path in found.paths] == ["trend-running"]


@pytest.mark.parametrize(
    ("before", "now", "finding"),
    [
        (
            (2, 10),
            (5, 10),
            "lebih sering dilibatkan: 50,0 %, naik dari 20,0 %",
        ),
        (
            (5, 10),
            (2, 10),
            "lebih jarang dilibatkan: 20,0 %, turun dari 50,0 %",
        ),
        (
            (5, 10),
            (5, 10),
            "sama seringnya dilibatkan seperti sebelumnya: 50,0 %",
        ),
        (
            (0, 0),
            (1, 2),
            "Dalam 1 dari 1 bulan, paling sedikit 30 persen program",
        ),
        ((0, 0), (0, 0), "Belum ada bulan dengan program yang bisa dinilai"),
    ],
)
def test_title_is_the_finding(before, now, finding):
    months = [
        TrendMonth(date(2024 + number // 12, number % 12 + 1, 1), Headline())
        for number in range(24)
    ]
    months[3] = TrendMonth(months[3].first, Headline(*before))
    months[20] = TrendMonth(months[20].first, Headline(*now))
    with translation.override("id"):
        assert finding in Trend(tuple(months)).finding


def test_table_holds_the_same_numbers_as_the_chart(officer, client):
    dice = random.Random(7)  # noqa: S311 - the same records at every run
    for _number in range(25):
        record(
            dice.choice("abegij"), held_on=date(2026, dice.randint(1, 9), 3), verified_by=officer
        )
    answer = visit(client, officer, "/ringkasan/?year=2026")
    page = html(answer)

    drawn = re.findall(r"<circle[^>]*><title>([^<]*)</title>", page)
    assert 3 < len(drawn) < 12
    table = plain(page.split('id="trend-table"')[1].split("</table>")[0])
    for label in drawn:
        n, m, share = re.search(r": (\d+) dari (\d+) program, (.*)$", label).groups()
        assert f"{n} dari {m} {share}" in table
    assert table.count(" dari ") == len(drawn)
    assert "Kabupaten Paser" in section(answer, "trend")
