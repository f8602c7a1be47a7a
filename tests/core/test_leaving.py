"""The exit guarantee: the package loads elsewhere with the same rows, and holds no secret."""

import csv
import hashlib
import json
import sqlite3
import subprocess
import zipfile
from io import StringIO

import pytest
from django.conf import settings as configured
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils.module_loading import import_string

from accounts.models import User
from core.leaving import contents
from programs.models import Activity
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def package(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    head = make.village_head()
    program = make.program(head.grants.get().village)
    for title in ('Rapat "desa", lama\nbaru', "Ellipsis", "=1+1"):
        make.activity(program, author=head, title=title)
    folder = tmp_path / "package"
    call_command("export_package", str(folder), stdout=StringIO())
    return folder


def described(package):
    return json.loads((package / "datapackage.json").read_text())


def rows_of(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_file_is_as_described(package):
    for one in described(package)["resources"]:
        content = (package / one["path"]).read_bytes()
        assert one["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        rows = rows_of(package / one["path"])
        assert len(rows) == one["pug:rows"]
        if rows:
            assert list(rows[0]) == [field["name"] for field in one["schema"]["fields"]]


def test_rows_and_sums_are_those_of_the_portal(package):
    rows = rows_of(package / "data" / "programs_activity.csv")
    assert {row["title"] for row in rows} == set(Activity.objects.values_list("title", flat=True))
    assert {row["uid"] for row in rows} == {str(one.pk) for one in Activity.objects.all()}
    loaded = sqlite3.connect(":memory:")
    loaded.execute("create table activity (women integer)")
    loaded.executemany(
        "insert into activity values (?)", [(row["women_participants"] or None,) for row in rows]
    )
    [(total,)] = loaded.execute("select sum(women) from activity")
    mine = Activity.objects.values_list("women_participants", flat=True)
    assert total == sum(one or 0 for one in mine)


def test_no_secret_leaves(package):
    written = {one["title"].lower(): one for one in described(package)["resources"][:-1]}
    classes = import_string(configured.DATA_CLASSES)
    assert written
    assert {classes[name].letter for name in written} <= {"T", "I"}
    columns = {
        f"{name}.{f['name']}" for name, one in written.items() for f in one["schema"]["fields"]
    }
    assert not columns & set(import_string(configured.SECRET_FIELDS))
    everything = b"".join(path.read_bytes() for path in package.rglob("*.csv"))
    for password in User.objects.values_list("password", flat=True):
        assert password.encode() not in everything


def test_a_secret_column_would_leave_without_its_line(settings, monkeypatch):
    """The control: what keeps the password in is the list, and it is asked."""
    monkeypatch.setattr("pug_portal.data_classes.SECRET_FIELDS", frozenset())
    [people] = [table for table in contents.tables() if table.name == "accounts_user"]
    assert "password" in [field.name for field in people.fields]


@pytest.mark.postgres
def test_the_script_loads_it_elsewhere(package):
    own = connection.settings_dict
    name = f"{own['NAME']}_left"[-60:]
    url = f"postgresql://{own['USER']}@/{name}?host={own['HOST']}"
    with connection.cursor() as cursor:
        cursor.execute(f'create database "{name}"')
    try:
        psql = ["psql", "-X", "-q", "-d", url]
        subprocess.run([*psql, "-f", "load.sql"], cwd=package, check=True, capture_output=True)
        asked = "select count(*), sum(women_participants) from programs_activity"
        said = subprocess.run([*psql, "-Atc", asked], check=True, capture_output=True, text=True)
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'drop database "{name}"')
    mine = [one or 0 for one in Activity.objects.values_list("women_participants", flat=True)]
    assert said.stdout.strip() == f"{len(mine)}|{sum(mine)}"


def test_a_zip_holds_the_same_and_nothing_is_written_over(package, tmp_path):
    target = tmp_path / "package.zip"
    call_command("export_package", str(target), stdout=StringIO())
    with zipfile.ZipFile(target) as archive:
        names = set(archive.namelist())
    assert names == {p.relative_to(package).as_posix() for p in package.rglob("*") if p.is_file()}
    with pytest.raises(CommandError, match="stands already"):
        call_command("export_package", str(target), stdout=StringIO())
