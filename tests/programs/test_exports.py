"""The lists of activities and programs as files: her own rows, every one, in every format."""

import csv
import io
import threading
import time

import pytest
from django.db import connection
from django.utils import timezone
from python_calamine import CalamineWorkbook

from core import csvs, downloads
from core.copying import QueryRows
from core.models import AuditEntry
from core.tables import Column, Table
from tests import make

LIST = "/kegiatan/"


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def rows_of(response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(response).decode("utf-8-sig"), newline="")))


def fetch(client, person, address: str):
    client.force_login(person)
    return client.get(address)


@pytest.fixture
def place(db):
    """Two villages with an activity each, one of them of a name that invites trouble."""
    janju, other = make.village(), make.village("64.01.04.2003", "Tetangga")
    program = make.program(janju, other, title='=HYPERLINK("x"), "PKK"\nke-2 🌾')
    make.activity(program, janju, title="-Rapat; a,b", women_participants=3, men_participants=4)
    make.activity(program, other, title="Posyandu")
    return janju, other, program


def test_csv_holds_every_row_with_places_and_notes(client, place):
    found = rows_of(fetch(client, make.officer(), f"{LIST}?format=csv&year=2026"))

    assert {row["Desa/kelurahan"] for row in found} == {"Desa Janju", "Desa Tetangga"}
    assert {row["Kecamatan"] for row in found} == {"Tanah Grogot"}
    assert {row["Saringan"] for row in found} == {"Tahun: 2026"}
    assert {row["Versi definisi"] for row in found} == {"1"}
    assert all(row["Diunduh pada"].endswith("+08:00") for row in found)


@pytest.mark.asvs("1.2.10")
def test_csv_runs_no_formula_and_keeps_odd_names_whole(client, place):
    found = rows_of(fetch(client, make.officer(), f"{LIST}?format=csv&village=64.01.04.2002"))

    [row] = found
    assert row["Nama kegiatan"] == "'-Rapat; a,b"
    assert row["Program"] == '\'=HYPERLINK("x"), "PKK"\nke-2 🌾'
    assert (row["Perempuan hadir"], row["Laki-laki hadir"], row["Lansia"]) == ("3", "4", "")
    assert (row["Keadaan"], row["Masuk hitungan"]) == ("Menunggu diperiksa", "setelah diverifikasi")


@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_head_of_a_village_gets_her_own_rows_only(client, place, fmt):
    janju, _other, _program = place
    data = body(fetch(client, make.village_head(janju), f"{LIST}?format={fmt}"))

    if fmt == "xlsx":
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        data = repr(book.get_sheet_by_index(0).to_python()).encode()
    assert b"Janju" in data
    assert b"Tetangga" not in data
    assert b"Posyandu" not in data


def test_stranger_gets_headings_only(client, place):
    assert rows_of(fetch(client, make.person(), f"{LIST}?format=csv")) == []


def test_workbook_of_the_list_has_types(client, place):
    data = body(fetch(client, make.officer(), f"{LIST}?format=xlsx&ordering=title"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    head, first, _second = book.get_sheet_by_name("Data").to_python()
    row = dict(zip(head, first, strict=True))
    notes = dict(book.get_sheet_by_name("Catatan").to_python())

    assert row["Tanggal"].isoformat() == "2026-03-04"
    assert row["Perempuan hadir"] == 3
    assert row["Nama kegiatan"] == "'-Rapat; a,b"
    assert notes["Baris"] == "2"
    assert notes["Versi definisi"] == "1"


def test_list_is_printed(client, place):
    response = fetch(client, make.officer(), f"{LIST}?format=pdf")
    assert body(response).startswith(b"%PDF-")


def test_programs_are_a_file_too(client, place):
    found = rows_of(fetch(client, make.officer(), "/program/?format=csv"))

    [row] = found
    assert row["Pemilik program"] == "Dinas Kesehatan"
    assert (row["Tahun pertama"], row["Desa"]) == ("2024", "2")
    assert row["Program"].startswith("'=")


@pytest.mark.parametrize("address", [LIST, "/program/"])
def test_unknown_format_is_refused(client, place, address):
    assert fetch(client, make.officer(), f"{address}?format=ods").status_code == 400


def test_broken_filter_gives_the_page_with_its_problem_not_a_file(client, place):
    response = fetch(client, make.officer(), f"{LIST}?format=csv&status=lost")
    assert response.status_code == 422
    assert response["Content-Type"].startswith("text/html")


@pytest.mark.asvs("16.3.3")
def test_every_download_of_activities_leaves_a_trace(client, place):
    officer = make.officer()
    body(fetch(client, officer, f"{LIST}?format=csv&year=2026"))

    [entry] = AuditEntry.objects.filter(action="export.activities")
    assert entry.actor == officer
    assert entry.changes == {
        "format": "csv",
        "filter": "year=2026",
        "path": LIST,
        "rows": 2,
        "whole": True,
    }


def test_reader_who_leaves_is_noted_with_what_she_got(client, place):
    response = fetch(client, make.officer(), f"{LIST}?format=csv")
    next(iter(response.streaming_content))
    for close in response._resource_closers:  # what closing does, but for the connection
        close()

    [entry] = AuditEntry.objects.filter(action="export.activities")
    assert entry.changes["whole"] is False


def test_workbook_beyond_its_limit_is_refused_with_a_way_out(client, place, monkeypatch):
    monkeypatch.setattr(downloads, "MOST_SHEET_ROWS", 1)
    response = fetch(client, make.officer(), f"{LIST}?format=xlsx")

    assert response.status_code == 422
    assert "format=csv" in response.content.decode()


def test_page_offers_the_files_with_its_filter(client, place):
    page = fetch(client, make.officer(), f"{LIST}?year=2026").content.decode()

    assert "?year=2026&amp;format=csv" in page
    assert 'value="http://testserver/kegiatan/?year=2026"' in page


# -- Straight out of PostgreSQL ------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_copy_writes_the_same_bytes_as_the_iterator(client, monkeypatch):
    village = make.village("64.01.04.2004", 'Koma, "Kutip"')
    program = make.program(village, title="+62\r\nbaris; 🌾\\N \\. \x1b")
    for number, title in enumerate(["=1", "a,b", 'c"d', "\\.", " e ", "\rf", "g\th", "ü", "0012"]):
        make.activity(program, village, title=title, place="" if number % 2 else "@balai")
    officer = make.officer()
    now = timezone.now()
    monkeypatch.setattr("programs.views.activities.timezone.now", lambda: now)

    copied = body(fetch(client, officer, f"{LIST}?format=csv"))
    monkeypatch.setattr(QueryRows, "may_be_copied", property(lambda self: False))
    iterated = body(fetch(client, officer, f"{LIST}?format=csv"))

    assert copied == iterated
    assert len(list(csv.reader(io.StringIO(copied.decode("utf-8-sig"), newline="")))) == 10


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_copy_ends_when_the_reader_leaves():
    rows = make_many()
    blocks = csvs.csv_blocks(rows, csvs.Counted())
    next(blocks)
    next(blocks)
    blocks.close()

    assert "copy" not in {one.name for one in threading.enumerate()}
    for _try in range(100):  # the server notices in its own time
        if not copying():
            break
        time.sleep(0.1)
    assert copying() == 0


def copying() -> int:
    """How many COPY statements the server is busy with."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_stat_activity where query ilike 'copy %' and state = 'active'"
        )
        return cursor.fetchone()[0]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_trouble_in_the_database_breaks_the_file_off():
    broken = make_many("1 / (2000 - n)")
    with pytest.raises(Exception, match="division by zero"):
        list(csvs.csv_blocks(broken, csvs.Counted()))


def make_many(expression: str = "n"):
    """A table whose rows the database makes up as they are read."""

    class Made(QueryRows):
        def __init__(self):
            self.rows = AuditEntry.objects.values_list("pk")

        def _statement(self, columns, rest):
            return f"select {expression} from generate_series(1, 3000000) n", ()

    return Table("uji", "Uji", [Column("n", "n", "count")], Made())
