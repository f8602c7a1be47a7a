"""Which villages agreements and facilitators reach."""

from datetime import date

import pytest

from mou.coverage import (
    accompanied_codes,
    agreements_of,
    coverage_of,
    covered_codes,
    months_before,
)
from mou.models import Agreement
from mou.standing import stands
from tests import make
from tests.mou import made_agreements as made
from tests.mou.test_duties import member
from villages.models import Village

TODAY = date(2026, 10, 1)


@pytest.fixture
def paser(db):
    """Two districts. The first is covered for long, one of its villages active; one village of the
    second by an agreement that ends soon; the kelurahan by none that is in force."""
    active, idle = make.village(), make.village("64.01.04.2003", "Sepi")
    soon, none = make.village("64.01.05.2001", "Segera"), make.village("64.01.05.1001", "Kota")
    partner, other = made.partner(), made.partner("PPDI", "association")
    made.agreement(partner, areas=[active.district], ends_on=date(2027, 12, 31))
    both = [soon, make.village("64.01.05.2002", "Juga")]  # two places, one agreement
    made.agreement(other, areas=both, starts_on=date(2026, 9, 1), ends_on=date(2026, 11, 30))
    made.agreement(other, areas=[none], confirmed=False)
    made.agreement(other, areas=[none], starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31))
    made.agreement(other, areas=[none], starts_on=date(2027, 1, 1), ends_on=None)
    pld = make.person("facilitator", village=active)
    make.person("facilitator", district=active.district)
    make.person("facilitator", village=none, valid_until=date(2026, 9, 30))
    member(partner, pld, date(2026, 1, 1))
    program = make.program(active, idle)
    make.activity(program, active, author=pld, held_on=date(2026, 7, 1))
    make.activity(program, idle, held_on=date(2026, 9, 9))  # by its head, not by the partner
    return partner


def states(found) -> dict[str, str]:
    return {one.village.name: one.state for one in found.rows}


def test_four_kinds_of_village(paser):
    found = coverage_of(make.officer(), make.regency(), TODAY)
    wanted = {
        "Janju": "active",
        "Sepi": "idle",
        "Segera": "ending",
        "Juga": "ending",
        "Kota": "none",
    }
    assert states(found) == wanted
    assert (found.villages, found.desa, found.kelurahan) == (5, 4, 1)
    assert (found.covered, found.covered_desa, found.ending, found.idle) == (4, 4, 2, 1)
    assert found.without_facilitator == 4
    support = {one.village.name: one.support for one in found.rows}
    wanted = {
        "Janju": "own",
        "Sepi": "district",
        "Segera": "nobody",
        "Juga": "nobody",
        "Kota": "nobody",
    }
    assert support == wanted
    [soon] = [one for one in found.rows if one.village.name == "Segera"]
    assert soon.days_left == 61


def test_the_reader_chooses_partner_and_months(paser):
    officer = make.officer()
    only = states(coverage_of(officer, make.regency(), TODAY, partner=paser))
    assert only == {
        "Janju": "active",
        "Sepi": "idle",
        "Segera": "none",
        "Juga": "none",
        "Kota": "none",
    }
    strict = states(coverage_of(officer, make.regency(), TODAY, months=2))
    assert strict["Janju"] == "idle"
    patient = states(coverage_of(officer, make.regency(), TODAY, months=12))
    assert patient["Sepi"] == "active"  # no agreement there is a year old
    head = make.village_head(Village.objects.get(name="Kota"))
    assert states(coverage_of(head, make.regency(), TODAY)) == {"Kota": "none"}


def test_the_number_is_a_plain_query_over_agreements(paser):
    """The same number by the agreements' own words, village by village."""
    standing = Agreement.objects.filter(stands("active", TODAY) | stands("ending", TODAY))
    plain = {
        village.code
        for village in Village.objects.select_related("district")
        if any(
            not one.areas.exists()
            or one.areas.filter(village=village).exists()
            or one.areas.filter(district=village.district).exists()
            for one in standing
        )
    }
    found = coverage_of(make.officer(), make.regency(), TODAY)
    assert {one.village.code for one in found.rows if one.covered} == plain
    villages = Village.objects.filter(district__regency=make.regency())
    assert covered_codes(villages, TODAY) == plain
    assert accompanied_codes(villages, TODAY) == {"64.01.04.2002"}
    for village in villages.select_related("district"):
        assert bool(agreements_of(village, TODAY)) == (village.code in plain)


def test_more_villages_cost_no_more_queries(paser, django_assert_max_num_queries):
    officer = make.officer()
    assert officer.capabilities
    with django_assert_max_num_queries(99) as few:
        coverage_of(officer, make.regency(), TODAY)
    for number in range(5):
        place = make.village(f"64.01.04.20{10 + number}", f"Baru {number}")
        made.agreement(made.partner(f"Mitra {number}"), areas=[place])
    with django_assert_max_num_queries(99) as many:
        coverage_of(officer, make.regency(), TODAY)
    assert len(many) == len(few)


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 10, 1), 3, date(2026, 7, 1)),
        (date(2026, 5, 31), 3, date(2026, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 1, 15), 13, date(2024, 12, 15)),
    ],
)
def test_months_before(day, months, before):
    assert months_before(day, months) == before
