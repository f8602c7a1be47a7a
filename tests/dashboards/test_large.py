"""Provinces and the nation: sums of their parts, for those who may read everything."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.errors import Refused
from dashboards.areas import find_area
from dashboards.boards import area_board
from dashboards.filters import BoardFilter
from programs.involvement import Headline
from tests import make

pytestmark = pytest.mark.django_db

YEAR = BoardFilter(2026)
OTHER, FAR = "64.02.01.2001", "31.01.01.1001"


@pytest.fixture
def reader():
    """Somebody who reads the whole nation, with verified records in three regencies."""
    everywhere = make.person("officer")
    for code, women, men in ((None, 5, 5), (OTHER, 1, 9), (FAR, 4, 4)):
        village = make.village(code, f"Desa {code}") if code else make.village()
        program = make.program(village, owner_village=village)
        make.activity(
            program,
            village,
            women_participants=women,
            men_participants=men,
            verified_by=everywhere,
        )
    return everywhere


def test_a_province_is_the_sum_of_its_regencies(reader):
    board = area_board(reader, find_area(reader, "64"), YEAR)

    assert [(row.code, row.headline) for row in board.districts] == [
        ("64.01", Headline(1, 1)),
        ("64.02", Headline(0, 1)),
    ]
    assert board.headline == Headline(1, 2)
    assert board.total.villages == 2
    assert board.total.heads.participants == (6, 20)
    assert board.villages == ()


def test_the_nation_is_the_sum_of_its_provinces(reader):
    board = area_board(reader, find_area(reader, "0"), YEAR)

    assert [row.code for row in board.districts] == ["31", "64"]
    assert board.headline == Headline(2, 3)
    assert board.total.villages_reporting == 3


def test_parts_agree_with_the_boards_below(reader):
    above = area_board(reader, find_area(reader, "64"), YEAR)
    for row in above.districts:
        below = area_board(reader, find_area(reader, row.code), YEAR).total
        assert (row.levels, row.heads, row.sent) == (below.levels, below.heads, below.sent)
        assert row.villages_reporting == below.villages_reporting


def test_costs_the_same_for_more_regencies(reader):
    area = find_area(reader, "0")
    with CaptureQueriesContext(
        connection,
    ) as few:
        area_board(reader, area, YEAR)
    far = make.village("32.01.01.2001", "Jauh")
    make.activity(make.program(far, owner_village=far), far)
    with CaptureQueriesContext(connection) as more:
        area_board(reader, area, YEAR)
    assert len(more) == len(few) <= 6


def test_only_for_those_who_read_everything():
    officer = make.officer()
    assert find_area(officer, "64") is None
    assert find_area(officer, "0") is None


def test_refuses_what_only_a_regency_can_answer(reader):
    with pytest.raises(Refused) as refused:
        area_board(reader, find_area(reader, "64"), BoardFilter(2026, quarter=1, owner="opd"))
    assert {problem.field for problem in refused.value.problems} == {"quarter", "owner"}


def test_no_link_leads_to_a_list_of_a_whole_province(client, reader):
    client.force_login(reader)
    page = client.get("/wilayah/64/?year=2026").text
    assert "/capaian/" not in page

    told = client.get("/capaian/?area=64&year=2026")
    assert told.status_code == 400
    assert "Pilih satu kabupaten" in told.text
