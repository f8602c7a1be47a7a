"""import_wilayah: the shipped lists go in whole, and a second time change nothing."""

import time

import pytest
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import AuditEntry
from tests import make
from villages.models import AreaChange, District, Opd, Population, Province, Regency, Village


def test_paser_is_loaded_with_its_parents_offices_and_points(paser):
    assert (Province.objects.count(), Regency.objects.count()) == (1, 1)
    assert (District.objects.count(), Village.objects.count()) == (10, 144)
    assert Village.objects.filter(kind="kelurahan").count() == 5
    assert not Village.objects.filter(longitude=None).exists()
    assert (Opd.objects.count(), Opd.objects.filter(district__code="64.01.04").count()) == (42, 1)
    assert Population.objects.get(year=2024).women == 141_853
    assert "village: 144 created, 0 renamed, 0 moved, 0 ended, 0 unchanged" in paser


def test_kelurahan_has_a_lurah_and_no_apbdes(paser):
    kuaro = Village.objects.get(code="64.01.05.1001")
    janju = Village.objects.get(code="64.01.04.2002")

    assert (kuaro.is_led_by_lurah, kuaro.has_apbdes) == (True, False)
    assert (janju.is_led_by_lurah, janju.has_apbdes) == (False, True)
    assert str(janju.title) == "Desa Janju"


def test_second_run_writes_nothing_and_says_so(load):
    load()
    with CaptureQueriesContext(
        connection,
    ) as seen:
        said = load()

    writes = [q["sql"] for q in seen if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert writes == []
    assert "Nothing to change" in said
    assert "village: 0 created, 0 renamed, 0 moved, 0 ended, 5 unchanged" in said


def test_the_nation_is_loaded_within_a_minute(run):
    began = time.monotonic()
    run("import_wilayah")

    assert time.monotonic() - began < 60
    assert Village.objects.count() == 83_762
    assert (District.objects.count(), Regency.objects.count()) == (7_285, 514)


def test_only_the_regency_asked_for_is_touched(load, lists):
    load()
    lists.edit("villages", "Janju", "Janju Baru")
    lists.edit("villages", "Muara Kembang", "Kembang Baru")

    load(regency="64.01")

    assert Village.objects.get(code="64.01.04.2002").name == "Janju Baru"
    assert Village.objects.get(code="64.02.01.2001").name == "Muara Kembang"


def test_unknown_regency_is_refused(load):
    with pytest.raises(CommandError, match=r"Regency 64\.99 is not in the list"):
        load(regency="64.99")


def test_dry_run_counts_and_stores_nothing(load):
    said = load(dry_run=True)

    assert "village: 5 created" in said
    assert "Dry run: nothing was stored." in said
    assert not Province.objects.exists()
    assert not AuditEntry.objects.exists()


def test_one_audit_entry_per_import_that_changed_something(load):
    load()
    load()

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.changes["village"]["created"]) == (
        "areas_imported",
        None,
        5,
    )


def test_renamed_village_keeps_its_row_and_its_old_name(load, lists):
    load()
    before = Village.objects.get(code="64.01.04.2002")
    lists.edit("villages", "Janju", "Janju Jaya")

    said = load()

    assert Village.objects.get(pk=before.pk).name == "Janju Jaya"
    change = AreaChange.objects.get()
    assert (change.code, change.old_code, change.old_name) == (before.code, before.code, "Janju")
    assert "village: 0 created, 1 renamed, 0 moved, 0 ended, 4 unchanged" in said


def test_moved_point_is_updated_and_a_missing_one_keeps_the_stored(load, lists):
    load()
    lists.edit("village_points", "116.22,-1.88", "116.23,-1.88")
    lists.edit("village_points", "64.01.04.2003,116.15,-1.90\n", "")

    said = load()

    assert Village.objects.get(code="64.01.04.2002").longitude == 116.23
    assert Village.objects.get(code="64.01.04.2003").longitude == 116.15
    assert "4 unchanged, 1 updated" in said


def test_the_offices_own_list_is_not_overwritten(run):
    make.opd("Dinas Kesehatan dan Keluarga")
    said = run("import_wilayah", regency="64.01")

    assert Opd.objects.count() == 1
    assert "left out: Dinas Kesehatan" in said


def test_corrected_population_is_not_overwritten(paser, run):
    Population.objects.filter(year=2024).update(women=1)
    run("import_wilayah", regency="64.01")

    assert Population.objects.get(year=2024).women == 1
    assert Population.objects.count() == 11
