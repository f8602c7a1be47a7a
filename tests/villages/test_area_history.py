"""Areas that got another code, or left the list: what happened in them stays."""

from datetime import date

import pytest
from django.core.management.base import CommandError
from django.db.models import CASCADE

from accounts.models import Grant
from tests import make
from villages.models import AreaChange, AreaShape, District, Population, Village

JANJU = "64.01.04.2002"


@pytest.fixture
def changes(tmp_path):
    def write(*rows):
        path = tmp_path / "changes.csv"
        path.write_text("\n".join(["level,old_code,new_code,on", *rows]) + "\n")
        return path

    return write


def give_a_fact(code):
    make.person("village_head", village=Village.objects.get(code=code))


def test_code_change_keeps_the_row_and_what_hangs_on_it(load, lists, changes):
    load()
    before = Village.objects.get(code=JANJU)
    give_a_fact(JANJU)
    AreaShape.objects.create(area_code=JANJU, kind="official", rings=[], source="x")
    Population.objects.create(area_code=JANJU, year=2025, period="x", women=1, source="x")
    lists.drop(JANJU)
    lists.edit("villages", "64.01.05.2002,", "64.01.05.2014,64.01.05,Janju,desa\n64.01.05.2002,")

    said = load(code_changes=changes(f"village,{JANJU},64.01.05.2014,2026-01-31"))

    after = Village.objects.get(pk=before.pk)
    assert (after.code, after.district.code, after.ended_on) == ("64.01.05.2014", "64.01.05", None)
    assert Grant.objects.get().village == after
    assert AreaShape.objects.get().area_code == "64.01.05.2014"
    assert Population.objects.get().area_code == "64.01.05.2014"
    change = AreaChange.objects.get()
    assert (change.code, change.old_code, change.until) == (after.code, JANJU, date(2026, 1, 31))
    assert "village: 0 created, 0 renamed, 1 moved, 0 ended, 4 unchanged" in said


def test_code_changes_may_be_read_twice(load, lists, changes):
    load()
    lists.edit("villages", f"{JANJU},", "64.01.04.2020,")
    lists.edit("village_points", f"{JANJU},", "64.01.04.2020,")
    path = changes(f"village,{JANJU},64.01.04.2020,2026-01-31")
    load(code_changes=path)

    assert "Nothing to change" in load(code_changes=path)
    assert AreaChange.objects.count() == 1


def test_chain_of_codes_is_walked_from_its_end(load, lists, changes):
    load()
    pks = dict(Village.objects.values_list("name", "pk"))
    lists.edit("villages", "2003,64.01.04,Tepian Batang", "2004,64.01.04,Tepian Batang")
    lists.edit("villages", "2002,64.01.04,Janju", "2003,64.01.04,Janju")
    lists.write("village_points", "code,longitude,latitude\n64.01.04.1001,116.19,-1.91\n")

    load(
        code_changes=changes(
            f"village,{JANJU},64.01.04.2003,2026-01-31",
            "village,64.01.04.2003,64.01.04.2004,2026-01-31",
        )
    )

    assert Village.objects.get(code="64.01.04.2003").pk == pks["Janju"]
    assert Village.objects.get(code="64.01.04.2004").pk == pks["Tepian Batang"]


def test_import_without_the_changes_can_be_mended_later(load, lists, changes):
    """The new code was made anew and the old one ended: the changes join them again."""
    load()
    pk = Village.objects.get(code=JANJU).pk
    give_a_fact(JANJU)
    lists.edit("villages", f"{JANJU},", "64.01.04.2020,")
    lists.edit("village_points", f"{JANJU},", "64.01.04.2020,")
    load()
    assert Village.objects.get(pk=pk).ended_on

    load(code_changes=changes(f"village,{JANJU},64.01.04.2020,2026-01-31"))

    after = Village.objects.get(pk=pk)
    assert (after.code, after.ended_on) == ("64.01.04.2020", None)
    assert Village.objects.filter(name="Janju").count() == 1


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (f"village,{JANJU},64.01.04.2003,2026-01-31", "already the code of another village"),
        (f"village,{JANJU},64.01.04.2099,2026-01-31", "not in the list of areas"),
        (f"village,{JANJU},64.01,2026-01-31", "not the code of a village"),
        (f"hamlet,{JANJU},64.01.04.2003,2026-01-31", 'unknown level "hamlet"'),
        (f"village,{JANJU},64.01.04.2003,31/01/2026", "not a date like 2026-01-31"),
    ],
)
def test_bad_code_change_is_refused_with_its_line(load, changes, row, words):
    load()
    give_a_fact("64.01.04.2003")

    with pytest.raises(CommandError, match=words) as refusal:
        load(code_changes=changes(row))

    assert "changes.csv, line 2" in str(refusal.value)
    assert not AreaChange.objects.exists()


def test_village_that_left_goes_when_nothing_points_at_it(load, lists):
    load()
    AreaShape.objects.create(area_code=JANJU, kind="schematic", rings=[], source="x")
    lists.drop(JANJU)

    said = load()

    assert not Village.objects.filter(code=JANJU).exists()
    assert not AreaShape.objects.exists()
    assert "4 unchanged, 1 deleted" in said


def test_village_that_left_is_kept_when_a_fact_points_at_it_and_lives_when_it_returns(load, lists):
    load()
    give_a_fact(JANJU)
    whole = lists.path("villages").read_text(), lists.path("village_points").read_text()
    lists.drop(JANJU)

    said = load()

    assert Village.objects.get(code=JANJU).ended_on
    assert not Village.objects.live().filter(code=JANJU).exists()
    assert "village: 0 created, 0 renamed, 0 moved, 1 ended, 4 unchanged" in said
    assert "Nothing to change" in load()

    lists.write("villages", whole[0])
    lists.write("village_points", whole[1])
    assert "1 revived" in load()
    assert Village.objects.live().filter(code=JANJU).exists()


def test_population_figure_counts_as_a_fact(load, lists):
    load()
    Population.objects.create(area_code=JANJU, year=2025, period="x", women=1, source="x")
    lists.drop(JANJU)
    load()

    assert Village.objects.get(code=JANJU).ended_on


def test_district_that_left_stays_as_long_as_a_village_of_it_stays(load, lists):
    load()
    give_a_fact("64.01.05.2002")
    lists.drop("64.01.05")
    lists.edit("districts", "64.01.05,64.01,Kuaro\n", "")
    load()

    assert District.objects.get(code="64.01.05").ended_on
    assert Village.objects.get(code="64.01.05.2002").ended_on


def test_cut_off_list_does_not_end_half_the_country(load, lists):
    extra = "".join(f"64.01.05.2{n:03},64.01.05,Desa {n},desa\n" for n in range(100, 140))
    short = lists.path("villages").read_text()
    lists.write("villages", short + extra)
    load()
    lists.write("villages", short)

    with pytest.raises(CommandError, match="40 of 45 areas of level village are not in the list"):
        load()
    assert Village.objects.count() == 45

    load(many_may_end=True)
    assert Village.objects.count() == 5


def test_village_is_kept_when_deleting_would_take_rows_along(load, lists, monkeypatch):
    """A relation that an app declared CASCADE counts as a fact all the same."""
    load()
    give_a_fact(JANJU)
    relation = Grant._meta.get_field("village").remote_field
    monkeypatch.setattr(relation, "on_delete", CASCADE)
    lists.drop(JANJU)
    load()

    assert Village.objects.get(code=JANJU).ended_on
    assert Grant.objects.exists()
