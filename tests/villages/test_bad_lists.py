"""A list that cannot be used is refused in words, with file and line; nothing is stored."""

import gzip

import pytest
from django.core.management.base import CommandError

from core.models import AuditEntry
from villages.models import Opd, Province

ROW = "64.01.04.2002,64.01.04,Janju,desa"

FAULTS = [
    (
        "villages",
        "code,parent_code,name,kind",
        "code,name,kind",
        "line 1: columns missing: parent_code",
    ),
    ("villages", "code,parent_code,name,kind", "code;parent_code;name;kind", "not semicolons"),
    ("villages", ROW, "64.01.04.2002,64.01.99,Janju,desa", 'line 3: unknown parent "64.01.99"'),
    ("villages", ROW, "64.01.04.2002,64.01.05,Janju,desa", "does not begin with its parent's code"),
    ("villages", ROW, "6401042002,64.01.04,Janju,desa", 'line 3: "6401042002" is not the code'),
    ("villages", ROW, "64.01.04.1001,64.01.04,Janju,desa", "64.01.04.1001 occurs twice"),
    ("villages", ROW, "64.01.04.2002,64.01.04,,desa", "line 3: 64.01.04.2002 needs a name"),
    ("villages", ROW, "64.01.04.2002,64.01.04,Janju,dusun", 'unknown kind "dusun"'),
    ("villages", ROW, "64.01.04.2002,64.01.04,Janju", "line 3: fewer cells"),
    ("villages", ROW, ROW + ",x", "line 3: more cells"),
    ("districts", "64.01.04,64.01,", "64.01.04,64.77,", "districts.csv, line 2: unknown parent"),
    ("village_points", "116.22,-1.88", "-1.88,116.22", "longitude and latitude look swapped"),
    ("village_points", "116.22,-1.88", "16.22,-1.88", "lies outside Indonesia"),
    ("village_points", "116.22,-1.88", "116.22,x", "must be numbers"),
    ("village_points", "64.01.04.2002,116", "64.01.04.2999,116", 'unknown village "64.01.04.2999"'),
]


@pytest.mark.parametrize(("name", "old", "new", "words"), FAULTS)
def test_faulty_list_is_refused(load, lists, name, old, new, words):
    lists.edit(name, old, new)

    with pytest.raises(CommandError) as refusal:
        load()

    assert words in str(refusal.value)
    assert f"{name}.csv" in str(refusal.value)
    assert not Province.objects.exists()
    assert not AuditEntry.objects.exists()


def test_latin_1_is_named_with_its_line(load, lists):
    text = lists.path("villages").read_text().replace("Lolo", "Lol\u00f3")
    lists.write("villages", text.encode("latin-1"))

    with pytest.raises(CommandError, match=r"villages\.csv, line 5: not UTF-8"):
        load()


def test_cut_off_packed_file_is_refused(load, lists):
    packed = gzip.compress(lists.path("villages").read_bytes())
    lists.path("villages").unlink()
    (lists.folder / "wilayah" / "villages.csv.gz").write_bytes(packed[:-20])

    with pytest.raises(CommandError, match="cut off"):
        load()


def test_missing_and_empty_lists_are_refused(load, lists):
    lists.write("villages", "code,parent_code,name,kind\n")
    with pytest.raises(CommandError, match="no rows"):
        load()
    lists.path("villages").unlink()
    with pytest.raises(CommandError, match=r"villages\.csv: not found"):
        load()


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("opd.csv", "name,acronym,kind,area_code,evidence,source\nX,X,club,64.01,,\n", "kind"),
        (
            "population.csv",
            "area_code,year,period,male,female,total,source,note\n64.01,2024,a,1,2,4,b,\n",
            "female 2 \\+ male 1 is not total 4",
        ),
    ],
)
def test_faulty_list_of_a_regency_undoes_the_areas_too(load, lists, file, text, words):
    (lists.folder / "paser").mkdir()
    (lists.folder / "paser" / file).write_text(text)

    with pytest.raises(CommandError, match=f"{file}, line 2: .*{words}"):
        load()

    assert not Province.objects.exists()
    assert not Opd.objects.exists()
