"""Every figure leads to the list that adds up to it: random facts, random filters, real links."""

from contextlib import suppress

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from programs.involvement import HEADLINE, JUDGED, NAMED_LEVELS, Level
from tests import make
from tests.typed import text

from .behind import FACTS, JANJU, KUARO, SENAKEN, Place, by_hand, filters, links, sum_line
from .examples import EXAMPLES

pytestmark = pytest.mark.django_db

REGENCY = {JANJU, SENAKEN, KUARO}
#: Boards by address, and the villages below each.
BOARDS = {"64.01": REGENCY, "64.01.04": {JANJU, SENAKEN}, JANJU: {JANJU}}


class Undone(Exception):
    """Takes back what an example recorded."""


def summed(client: Client, link) -> int | tuple[int, int]:
    """What the list behind a link adds up to, in the terms of the figure."""
    page = client.get(link.url)
    assert page.status_code == 200, link
    said = sum_line(page)
    if link.kind in ("rows", "programs", "programs-whole"):
        return said.get("rows", 0)
    if link.kind == "deciders":
        women = said.get("women-deciders", 0)
        return women, women + said.get("men-deciders", 0)
    if link.kind in ("villages", "villages-whole"):
        return page.content.count(b'scope="row"><a href=')
    if "called_off" in link.url:
        return said["called-off"]
    return said.get("activities", 0)


def agrees(client: Client, page) -> int:
    """Follow every link on a board that carries a number; how many there were."""
    found = links(page)
    for link in found:
        wanted = (link.part, link.whole) if link.kind == "deciders" else link.part
        assert summed(client, link) == wanted, link
    return len(found)


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],  # making a failing example smaller takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    facts=FACTS,
    asked=st.lists(st.tuples(filters(), st.sampled_from(list(BOARDS))), min_size=2, max_size=2),
    cancel=st.booleans(),
)
def test_each_number_of_a_board_is_what_its_list_adds_up_to(client, facts, asked, cancel):
    with suppress(Undone), transaction.atomic():
        place = Place()
        place.record(facts, cancel=cancel)
        client.force_login(place.officer)
        for said, code in asked:
            check(client, place.address(said), code)
        raise Undone


def check(client: Client, said: dict, code: str) -> None:
    said = {name: value for name, value in said.items() if code == "64.01" or name != "district"}
    page = client.get(reverse("dashboards:area", args=[code]), said)
    assert page.status_code == 200
    agrees(client, page)
    agrees_on_people(client, page, said, code)
    agrees_with_facts(client, said, code)
    agrees_with_api(client, page, said, code)


def agrees_on_people(client: Client, page, said: dict, code: str) -> None:
    board = page.context["board"]
    heads = board.heads if code == JANJU else board.total.heads
    listed = sum_line(client.get(reverse("programs:activity-list"), {**said, "area": code}))
    for name, there in (
        ("participants", "present"),
        ("deciders", "deciders"),
        ("beneficiaries", "beneficiaries"),
    ):
        for sex in ("women", "men"):
            assert getattr(heads, f"{sex}_{name}") == listed[f"{sex}-{there}"], name
    assert (heads.activities, heads.counted) == (listed["activities"], listed["counted"])


def agrees_with_facts(client: Client, said: dict, code: str) -> None:
    """The list against the records counted one by one, and the four that share its head."""
    lists = sum_line(client.get(reverse("dashboards:standings"), {**said, "area": code}))
    kept = NAMED_LEVELS.get(said.get("level"), tuple(Level))
    found = {name: value for name, value in said.items() if name != "level"}
    counted = {
        level: number for level, number in by_hand(found, BOARDS[code]).items() if level in kept
    }
    involved = [level for level in JUDGED if level >= HEADLINE]
    assert lists.get("judged", 0) == sum(counted.get(level, 0) for level in JUDGED)
    assert lists.get("involved", 0) == sum(counted.get(level, 0) for level in involved)
    assert lists.get("no-data", 0) == counted.get(Level.NO_DATA, 0)
    assert lists.get("rows", 0) - lists.get("idle", 0) == sum(counted.values())


def agrees_with_api(client: Client, page, said: dict, code: str) -> None:
    answer = client.get("/api/v1/involvement/summary/", {**said, "area": code})
    assert answer.status_code == 200, answer.json()
    answer, board = answer.json(), page.context["board"]
    told = answer["headline"]
    assert (told["numerator"], told["denominator"], told["no_data"]) == (
        board.headline.involved,
        board.headline.judged,
        board.headline.no_data,
    )


def test_lists_of_a_district_and_a_village_hold_every_row_of_every_head(client):
    """Twelve villages, each with what its own head recorded."""
    officer = make.officer()
    client.force_login(officer)
    for number in range(12):
        district = "64.01.04" if number < 7 else "64.01.03"
        village = make.village(f"{district}.2{number:03}", f"Desa {number}")
        head = make.village_head(village)
        for _ in range(1 + number % 3):
            program = make.program(village, owner_village=village)
            women = 4 if number % 2 else 0
            make.activity(
                program,
                village,
                author=head,
                verified_by=officer if number % 4 else None,
                women_participants=women,
                men_participants=6,
            )
    for code in ("64.01.04", "64.01.04.2001", "64.01.03.2009"):
        for basis in ("verified", "reported"):
            board = client.get(f"/wilayah/{code}/?year=2026&basis={basis}")
            assert agrees(client, board) >= 3
            rows = sum_line(client.get(f"/capaian/?area={code}&year=2026&basis={basis}"))
            headline = board.context["board"].headline
            assert (headline.involved, headline.judged) == (rows["involved"], rows["judged"])


def test_program_board_leads_to_its_rows_and_records(client):
    place = Place()
    client.force_login(place.officer)
    for at, letter in ((0, "b"), (1, "e"), (2, "i")):
        make.activity(
            place.programs[0],
            place.villages[at],
            verified_by=place.officer,
            **EXAMPLES[letter][0],
        )
    page = client.get(f"/capaian/program/{place.programs[0].pk}/?year=2026")
    assert agrees(client, page) == 6  # three levels; activities, counted, with women


def test_list_of_records_says_where_one_came_from_and_leads_back(client):
    place = Place()
    client.force_login(place.officer)
    program = place.programs[0]
    make.activity(program, place.villages[0], verified_by=place.officer)
    page = client.get(
        "/kegiatan/",
        {"year": 2026, "semester": 1, "basis": "verified", "program": program.pk, "counted": 1},
    )
    assert program.title in text(page)
    assert "semester 1 tahun 2026" in text(page)
    back = f"/capaian/program/{program.pk}/?year=2026&amp;semester=1&amp;basis=verified"
    assert f'href="{back}"' in text(page)


def test_list_costs_the_same_for_one_program_and_for_thirty(client):
    officer = make.officer()
    client.force_login(officer)
    village = make.village()

    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/capaian/?area=64.01&year=2026").status_code == 200
        return len(seen)

    make.activity(make.program(village), village, verified_by=officer)
    make.program(village)
    cost()  # the first visit of a session writes it
    one = cost()
    for _ in range(29):
        make.activity(make.program(village), village, verified_by=officer)
        make.program(village)
    assert cost() == one
