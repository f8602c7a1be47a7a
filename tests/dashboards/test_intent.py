"""Intent beside achievement: two axes, each program once, and the four aspects of one program."""

import csv
import io
import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from programs.services import record_gap_approval
from tests import make

from .pages import html, visit, words

pytestmark = pytest.mark.django_db

PAGE = "/niat-dan-capaian/"
KUARO = "64.01.03.2001"
MANY_WOMEN = {"women_participants": 8, "men_participants": 2}
NO_WOMEN = {"women_participants": 0, "men_participants": 9}
UNCOUNTED = {"women_participants": None, "men_participants": None, "total_participants": 9}


@pytest.fixture
def officer():
    return make.officer()


@pytest.fixture
def places():
    make.district("64.01.03", "Kuaro")
    return make.village(), make.village(KUARO, "Kuaro"), make.village("64.01.04.2008", "Senaken")


@pytest.fixture
def planned(officer, places):
    """Programs by what they intend and reach; only those reach that `acts` names."""
    acts = {
        "Berniat, belum jalan": ({"gender_marker": 2}, []),
        "Berniat, tanpa data": ({"gender_marker": 1}, [UNCOUNTED]),
        "Berniat, laki-laki saja": ({"gender_marker": 1}, [NO_WOMEN, NO_WOMEN, MANY_WOMEN]),
        "Berniat dan terbukti": ({"gender_marker": 1}, [MANY_WOMEN]),
        "Hanya ARG": ({"arg_category": 1}, [NO_WOMEN]),
        "Nol tetapi baik": ({"gender_marker": 0}, [MANY_WOMEN, NO_WOMEN]),
        "Belum disaring tetapi baik": ({}, [MANY_WOMEN]),
        "Belum disaring": ({}, [NO_WOMEN]),
    }
    for title, (intent, records) in acts.items():
        program = make.program(*places[: max(len(records), 1)], title=title, **intent)
        for village, record in zip(places, records, strict=False):
            make.activity(program, village, verified_by=officer, **record)


def cells(page) -> dict[str, int]:
    found = re.findall(r'data-cell="([^"]+)">([\d.]+)<', html(page))
    return {word: int(number) for word, number in found}


def titles(page, heading: str) -> list[str]:
    part = html(page).split(f'aria-labelledby="{heading}"', 1)[1].split("</section>")[0]
    return re.findall(r'scope="row"><a[^>]*>([^<]+)<', part)


@pytest.mark.usefixtures("planned")
def test_matrix_counts_each_program_once_on_both_axes(client, officer):
    """By hand: half of the villages with data is enough, a third is not."""
    found = cells(visit(client, officer, f"{PAGE}?year=2026"))
    assert found == {
        "2-idle": 1,
        "1-no_data": 1,
        "1-not": 1,
        "1-involves": 1,
        "0-involves": 1,
        "none-involves": 1,
        "none-not": 2,
    }


@pytest.mark.usefixtures("planned")
def test_each_cell_leads_to_as_many_programs(client, officer):
    page = visit(client, officer, f"{PAGE}?year=2026")
    for word, number in cells(page).items():
        listed = visit(client, officer, f"{PAGE}?year=2026&list={word}")
        assert len(titles(listed, "list")) == number, word
        assert f'data-rows="{number}"' in html(listed)


@pytest.mark.usefixtures("planned")
def test_responsive_on_paper_only_comes_worst_first_with_its_reason(client, officer):
    page = visit(client, officer, f"{PAGE}?year=2026")
    assert titles(page, "paper") == [
        "Berniat, belum jalan",
        "Berniat, tanpa data",
        "Berniat, laki-laki saja",
        "Hanya ARG",
    ]
    said = words(page)
    assert "belum ada kegiatan di 1 desa" in said
    assert "perempuan dan laki-laki tidak dihitung di 1 desa" in said
    assert "tingkat 0–1 di 2 dari 3 desa yang ada datanya" in said
    assert "Dari 5 program yang berpenanda 1 atau 2 atau punya kategori ARG, 4 belum" in said


@pytest.mark.usefixtures("planned")
def test_good_ones_that_nobody_marked_have_a_list(client, officer):
    page = visit(client, officer, f"{PAGE}?year=2026")
    assert titles(page, "unmarked") == ["Belum disaring tetapi baik", "Nol tetapi baik"]


@pytest.mark.usefixtures("planned")
def test_the_filter_narrows_both_axes(client, officer):
    page = visit(client, officer, f"{PAGE}?year=2026&district=64.01.03")
    assert cells(page) == {"1-not": 1, "0-not": 1}


def test_a_program_for_men_stands_apart(client, officer):
    village = make.village()
    fathers = make.program(village, target_group="men", gender_marker=1)
    record_gap_approval(fathers, actor=officer, approved_on=date(2026, 1, 1))
    make.activity(fathers, village, verified_by=officer, **NO_WOMEN)
    page = visit(client, officer, f"{PAGE}?year=2026")
    assert cells(page) == {"1-men": 1}
    assert titles(page, "paper") == []
    assert "Dari 1 program yang berpenanda 1 atau 2 atau punya kategori ARG, 0 belum" in words(page)


@pytest.mark.usefixtures("planned")
def test_file_holds_the_list_that_was_asked_for(client, officer):
    def rows(query):
        answer = visit(client, officer, f"{PAGE}?year=2026&format=csv{query}")
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        return {row["Program"]: row for row in csv.DictReader(io.StringIO(text))}

    everything = rows("")
    assert len(everything) == 8
    assert everything["Berniat, laki-laki saja"]["Capaian program"] == "Belum melibatkan perempuan"
    assert everything["Belum disaring"]["Penanda gender"] == "belum disaring"
    assert set(rows("&list=unmarked")) == {"Belum disaring tetapi baik", "Nol tetapi baik"}


@pytest.mark.parametrize("word", ["nonsense", "3-not", "2-nonsense"])
def test_an_unknown_list_is_refused_by_name(client, officer, word):
    make.village()
    answer = visit(client, officer, f"{PAGE}?list={word}")
    assert [problem.field for problem in answer.context["problems"]] == ["list"]


def test_strangers_find_nothing_and_heads_their_own(client, officer, planned):
    assert visit(client, make.person(), PAGE).status_code == 404
    head = make.village_head(make.village(KUARO))
    assert sum(cells(visit(client, head, f"{PAGE}?year=2026")).values()) == 2


def test_cost_does_not_grow_with_programs(client, officer):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert visit(client, officer, f"{PAGE}?year=2026").status_code == 200
        return len(seen)

    def add(number):
        village = make.village(f"64.01.04.2{number:03}", f"Desa {number}")
        make.activity(make.program(village), village, verified_by=officer, **MANY_WOMEN)

    add(100)
    queries()
    one = queries()
    for number in range(101, 130):
        add(number)
    assert queries() == one


# -- One program: the four aspects, and what it intended ------------------------------


def test_aspects_are_counted_over_the_villages_with_data(client, officer, places):
    janju, kuaro, senaken = places
    program = make.program(*places, gender_marker=2, arg_category=2)
    record_gap_approval(program, actor=officer, approved_on=date(2026, 2, 10))
    deciders = {"women_deciders": 2, "men_deciders": 1}
    make.activity(program, janju, verified_by=officer, **MANY_WOMEN, **deciders)
    make.activity(program, kuaro, verified_by=officer, **NO_WOMEN)
    make.activity(program, senaken, verified_by=officer, **UNCOUNTED)
    page = visit(client, officer, f"/capaian/program/{program.pk}/?year=2026")
    found = {
        one.letter: (one.met, one.judged, one.uncounted) for one in page.context["board"].aspects
    }
    assert found == {"A": (1, 2, 0), "P": (1, 2, 0), "K": (1, 2, 1), "M": (0, 2, 2)}
    said = words(page)
    assert "Dihitung dari catatan 2 desa yang ada datanya; 1 desa lagi tanpa data" in said
    assert "2 – kesetaraan tujuan utama" in said
    assert "10 Februari 2026" in said
    assert "Melibatkan perempuan" in said


def test_each_village_has_a_mark_of_its_own_shape(client, officer, places):
    janju, kuaro, senaken = places
    program = make.program(*places)
    make.activity(program, janju, verified_by=officer, **MANY_WOMEN)
    make.activity(program, kuaro, verified_by=officer, **NO_WOMEN)
    page = html(visit(client, officer, f"/capaian/program/{program.pk}/?year=2026"))
    rows = dict(re.findall(r'<tr role="row"><th[^>]*><a[^>]*>([^<]+)</a>(.*?)</tr>', page, re.S))
    marks = {
        village: re.findall(r'apkm-(met|not|none)" aria-hidden="true">(\w)<', row)
        for village, row in rows.items()
    }
    assert marks["Desa Janju"] == [("met", "A"), ("met", "P"), ("none", "K"), ("none", "M")]
    assert marks["Desa Kuaro"][:2] == [("not", "A"), ("not", "P")]
    assert {shape for shape, _letter in marks["Desa Senaken"]} == {"none"}
