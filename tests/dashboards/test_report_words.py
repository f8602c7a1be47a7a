"""The sentences and the decision of the one page: made from figures, by rules."""

from datetime import date

import pytest
from django.utils import translation

from dashboards.areas import find_area
from dashboards.filters import BoardFilter
from dashboards.reports.content import Subject
from dashboards.reports.document import Ask
from dashboards.reports.kinds import KINDS, document_of
from tests import make

pytestmark = pytest.mark.django_db

KUARO = "64.01.03.2001"


@pytest.fixture
def officer():
    return make.officer()


def one_page(person):
    with translation.override("id"):
        area = find_area(person, "64.01")
        of = Subject(person, area, BoardFilter(2026), date(2026, 11, 20), {})
        return document_of(KINDS["one-page"], of)


def test_sentences_say_what_cannot_be_compared(officer):
    village = make.village()
    make.activity(make.program(village), village, verified_by=officer)

    _numbers, sentences, *_rest = one_page(officer).blocks

    assert sentences.items[0].startswith("Pada 2026, 1 dari 1 program")
    assert "Belum ada pembanding" in sentences.items[1]


def test_sentences_say_that_data_are_too_few(officer):
    village = make.village()
    make.activity(make.program(village), village, verified_by=officer)
    nobody = {"women_participants": None, "men_participants": None, "total_participants": 50}
    make.activity(make.program(village), village, verified_by=officer, **nobody)

    _numbers, sentences, *_rest = one_page(officer).blocks

    assert "1 dari 2 program tanpa data" in sentences.items[0]


def test_change_is_said_in_points(officer):
    village = make.village()
    program, other = make.program(village), make.program(village)
    few = {"women_participants": 1, "men_participants": 40}
    for year, values in ((2025, few), (2026, {})):
        for one in (program, other):
            values = values if one is program else {}
            make.activity(one, village, verified_by=officer, held_on=date(year, 3, 4), **values)

    _numbers, sentences, *_rest = one_page(officer).blocks

    assert sentences.items[1] == "Itu 50,0 poin lebih tinggi daripada 2025 (1 dari 2)."


def ask_of(officer) -> Ask:
    return one_page(officer).blocks[-1]


def test_decision_names_who_brings_the_missing_reports(officer):
    village = make.village()
    make.activity(make.program(village), village, verified_by=officer)
    make.village(KUARO, "Kuaro"), make.village("64.01.03.2002", "Diam")

    ask = ask_of(officer)

    assert "2 dari 3 desa (66,7 %) belum melapor" in ask.why
    assert "Camat" in ask.text
    assert "(2)" in ask.text


def test_decision_asks_for_the_review_of_what_waits(officer):
    village = make.village()
    program = make.program(village)
    make.activity(program, village, verified_by=officer)
    for _one in range(3):
        make.activity(program, village)

    assert "Kepala DP2KBP3A" in ask_of(officer).text


def test_decision_asks_for_nothing_when_nothing_is_amiss(officer):
    village = make.village()
    make.activity(make.program(village), village, verified_by=officer)

    assert ask_of(officer).title == "Tidak ada keputusan yang diminta"
