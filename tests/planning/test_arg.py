"""The recap of gender budget, checked by hand on a small regency."""

from decimal import Decimal

import pytest

from planning import arg
from planning.arg_areas import areas_of
from planning.arg_sums import Group, Meter, Money, added, row_of
from planning.models import BudgetTotal
from tests import make
from tests.planning import money
from tests.planning.money import tag

M = 1_000_000
DIRECT, APBDES = "belanja_langsung", "total_apbdes"


def test_amounts_are_added_and_an_unknown_realisation_is_no_zero():
    assert added([]) == Money(0, 0, None)
    assert added([Money(5, 4, None), Money(1, 2, 3)]) == Money(6, 6, 3)


def test_a_share_compares_like_with_like():
    office = Group("a", 1, False, Money(30, 30))
    village = Group("a", 2, True, Money(20, 20, 5))
    of_offices = row_of("a", "A", [office, village], DIRECT, Money(300, 400, None))
    assert of_offices.money == Money(50, 50, 5)
    assert of_offices.share("plan") == (30, 300)
    assert of_offices.share("changed") == (30, 400)
    assert of_offices.share("realised") is None
    of_villages = row_of("a", "A", [office, village], APBDES, Money(100, 100, 50))
    assert of_villages.share("plan") == (20, 100)
    assert of_villages.share("realised") == (5, 50)
    assert row_of("a", "A", [office], DIRECT, None).share("plan") is None
    assert [of_villages.by_category[one].plan for one in (1, 2, 3)] == [30, 20, 0]


@pytest.mark.parametrize(
    ("now", "extra", "target", "aim", "missing"),
    [
        (98, 23, "14", 140, 19),  # 9,8 % now, 12,1 % after, 14 % is the target
        (98, 42, "14", 140, 0),
        (200, 0, "14", 140, 0),
        (0, 0, "0.33", 4, 4),  # 3,3 of 1.000, rounded up
        (1, 1, None, None, None),
    ],
)
def test_the_meter_tells_what_is_missing_for_the_target(now, extra, target, aim, missing):
    found = Meter(now, extra, 1000, Decimal(target) if target else None)
    assert (found.aim, found.missing) == (aim, missing)


@pytest.fixture
def regency(db):
    """Two offices, a district and two villages:

    health: 100 M tagged 40 (category 1), spent in Janju, 30 realised; 50 M tagged 10 (2), changed
    to 8; a waiting one with 20 (3); an untagged one.  farming: 60 M tagged 15 (2).
    the district: 10 M tagged 5 (3), spent in Tepian Batang.  Janju itself: 25 M tagged 12 (1).
    Tepian Batang: 8 M tagged 4, its statement is a draft.
    """
    janju, tepian = make.village(), make.village("64.01.04.2003", "Tepian Batang")
    health, farming = make.opd(), make.opd("Dinas Pertanian")
    under = money.statement(make.program(owner_opd=health), state="approved")
    money.line(under=under, village=janju, realised=50 * M, **tag(1, 40 * M, arg_realised=30 * M))
    money.line(under=under, plan=50 * M, **tag(2, 10 * M, arg_changed=8 * M))
    money.line(under=under)
    waiting = money.statement(make.program(owner_opd=health), state="submitted")
    money.line(under=waiting, **tag(3, 20 * M))
    signed = money.statement(make.program(owner_opd=farming), state="signed")
    money.line(under=signed, plan=60 * M, **tag(2, 15 * M))
    own = money.statement(make.program(owner_district=make.district()), state="approved")
    money.line(under=own, plan=10 * M, village=tepian, **tag(3, 5 * M))
    home = money.statement(make.program(janju, owner_village=janju), state="approved")
    money.line(under=home, plan=25 * M, **tag(1, 12 * M))
    draft = money.statement(make.program(tepian, owner_village=tepian))
    money.line(under=draft, plan=8 * M, **tag(2, 4 * M))
    money.line(farming, plan=M, **tag(3, M))  # no statement at all
    money.line(under=under, plan=M, year=2025, **tag(3, M))  # another year
    total = {"year": 2026, "source": "Perda APBD"}
    regency = make.regency()
    BudgetTotal.objects.create(regency=regency, kind=DIRECT, plan=700 * M, changed=680 * M, **total)
    BudgetTotal.objects.create(opd=health, kind=DIRECT, plan=200 * M, **total)
    BudgetTotal.objects.create(village=janju, kind=APBDES, plan=48 * M, **total)
    return regency


def read(user, area, by, kind=DIRECT):
    return arg.recap(user, 2026, by=by, area=area, kind=kind)


def told(recap, measure="plan") -> dict:
    return {one.title: one.money.of(measure) for one in recap.rows}


def test_the_recap_by_owner_adds_up_by_hand(regency):
    recap = read(make.officer(), regency, "opd")
    assert told(recap) == {
        "Dinas Kesehatan": 50 * M,
        "Dinas Pertanian": 15 * M,
        "Kecamatan Tanah Grogot": 5 * M,
        "Desa (APBDes)": 12 * M,
    }
    assert recap.whole.money == Money(82 * M, 80 * M, 30 * M)
    assert recap.whole.share("plan") == (70 * M, 700 * M)  # without the villages' own 12
    assert recap.whole.share("changed") == (68 * M, 680 * M)
    assert recap.whole.share("realised") is None
    shares = {one.title: one.share("plan") for one in recap.rows}
    assert shares["Dinas Kesehatan"] == (50 * M, 200 * M)
    assert shares["Dinas Pertanian"] is None


def test_the_recap_by_category_adds_up_by_hand(regency):
    recap = read(make.officer(), regency, "category")
    assert [one.money.plan for one in recap.rows] == [52 * M, 25 * M, 5 * M]
    assert [recap.whole.by_category[one].plan for one in (1, 2, 3)] == [52 * M, 25 * M, 5 * M]
    assert [one.share("plan") for one in recap.rows] == [
        (40 * M, 700 * M),
        (25 * M, 700 * M),
        (5 * M, 700 * M),
    ]


@pytest.mark.parametrize("by", arg.WAYS)
def test_the_share_and_its_rupiah_are_of_the_same_lines(regency, by):
    recap = read(make.officer(), regency, by)
    assert recap.compared.whole.money.plan == recap.compared.whole.share("plan")[0] == 70 * M
    assert recap.apart.whole.money.plan == 12 * M
    assert recap.apart.whole.share("plan") is None
    for part in (recap.compared, recap.apart):
        assert sum(one.money.plan for one in part.rows) == part.whole.money.plan
        assert sum(one.lines for one in part.rows) == part.whole.lines
    assert recap.compared.whole.lines + recap.apart.whole.lines == recap.whole.lines == 5


def test_money_of_an_office_counts_where_it_is_spent_once(regency):
    by_village = told(read(make.officer(), regency, "village"))
    assert by_village == {
        "Desa Janju, Tanah Grogot": 52 * M,
        "Desa Tepian Batang, Tanah Grogot": 5 * M,
        "Tidak terikat pada satu desa": 25 * M,
    }
    by_district = told(read(make.officer(), regency, "district"))
    assert by_district == {"Tanah Grogot": 57 * M, "Tidak terikat pada satu kecamatan": 25 * M}
    for by in arg.WAYS:
        assert read(make.officer(), regency, by).whole.money.plan == 82 * M


def test_a_village_compares_its_own_money_with_its_apbdes(regency):
    assert read(make.village_head(), make.village(), "category").whole.money.plan == 12 * M
    recap = read(make.officer(), make.village(), "category", APBDES)
    assert recap.whole.money.plan == 52 * M
    assert recap.whole.share("plan") == (12 * M, 48 * M)
    rows = read(make.officer(), regency, "village", APBDES).rows
    assert [one.share("plan") for one in rows] == [(12 * M, 48 * M), None, None]


def test_village_totals_together_make_a_district_only_when_none_is_missing(regency):
    user, district = make.officer(), make.district()
    assert read(user, district, "category", APBDES).whole.total is None
    BudgetTotal.objects.create(
        village=make.village("64.01.04.2003"), kind=APBDES, plan=52 * M, year=2026, source="x"
    )
    assert read(user, district, "category", APBDES).whole.share("plan") == (12 * M, 100 * M)
    assert read(user, regency, "opd", APBDES).whole.share("plan") == (12 * M, 100 * M)


def test_a_change_that_leaves_less_than_the_tag_counts_what_is_left(regency):
    health = make.opd("RSUD")
    under = money.statement(make.program(owner_opd=health), state="approved")
    money.line(under=under, plan=50 * M, changed=6 * M, **tag(2, 10 * M))
    recap = read(make.officer(), health, "category")
    assert recap.whole.money == Money(10 * M, 6 * M, None)


def test_each_reader_sees_her_part(regency):
    health = make.opd()
    focal = money.focal(health)
    assert read(focal, health, "category").whole.money.plan == 50 * M
    assert read(focal, make.opd("Dinas Pertanian"), "category").whole.money.plan == 0
    kinds = [str(kind) for kind, _choices in areas_of(focal)]
    assert "Kabupaten" not in kinds
    assert areas_of(focal)[0][1] == [(f"opd:{health.pk}", "Dinas Kesehatan")]
    assert areas_of(make.officer())[0][1][0][0] == f"regency:{regency.pk}"


def test_what_if_adds_what_waits_and_what_is_in_draft(regency):
    user = make.officer()
    waiting = arg.waiting(user, 2026, regency)
    plans = {state: sum(one.money.plan for one in groups) for state, groups in waiting.items()}
    assert plans == {
        "": M,
        "approved": 67 * M,
        "signed": 15 * M,
        "submitted": 20 * M,
        "draft": 4 * M,
    }
    whole = read(user, regency, "opd").whole
    said = {"target": Decimal("14"), "kind": DIRECT, "waiting": waiting}
    now = arg.meter(whole, "plan", **said)
    assert (now.now, now.after, now.missing) == (70 * M, 70 * M, 28 * M)
    then = arg.meter(whole, "plan", thought=["diajukan", "draf"], extra=M, **said)
    assert (then.after, then.missing) == (91 * M, 7 * M)  # the draft is a village's own
    assert arg.meter(whole, "realised", **said) is None
