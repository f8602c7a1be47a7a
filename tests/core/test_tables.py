"""Tables as files: cells of their kind, texts that no spreadsheet runs, notes that travel along."""

import csv
import io
from datetime import UTC, date, datetime
from zipfile import ZipFile

import pytest
from django.db import connection
from python_calamine import CalamineWorkbook

from core.csvs import BOM, Counted, csv_blocks
from core.tables import MARKED_SQL, Column, Table, marked, neutral
from core.workbooks import TooLong, workbook

COLUMNS = (
    Column("title", "Kegiatan"),
    Column("code", "Kode", "code"),
    Column("women", "Perempuan", "count"),
    Column("share", "Bagian", "share"),
    Column("spent", "Anggaran", "rupiah"),
    Column("held_on", "Tanggal", "day"),
    Column("seen_at", "Dilihat", "moment"),
)
ROW = (
    'Rapat, "PKK"\nke-2 🌾',
    "64.01.04.2002",
    19,
    (19, 43),
    12_500_000,
    date(2026, 3, 4),
    datetime(2026, 3, 4, 6, 5, 7, 123456, tzinfo=UTC),
)
NOTES = [("Saringan", "Tahun: 2026"), ("Versi definisi", "1")]
HARMFUL = [
    "=1+1",
    "+62811",
    "-2",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\x01=1+1",
    "\x7f=1+1",
    "＝1+1",
]
HARMLESS = ["Posyandu", "", "a=b", "a-b", "7 - 2", "'quoted'", "Émile", "🌾", "(x)"]


def table(*rows, **more) -> Table:
    return Table("uji", "Uji", COLUMNS, rows or (ROW,), NOTES, **more)


def as_csv(of: Table) -> tuple[bytes, list[list[str]]]:
    data = b"".join(csv_blocks(of, Counted()))
    return data, list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def as_sheets(of: Table, **options):
    file, _rows = workbook(of, **options)
    book = CalamineWorkbook.from_filelike(file)
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


@pytest.mark.asvs("1.2.10")
@pytest.mark.parametrize("text", HARMFUL)
def test_text_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert neutral(text).startswith("'")
    assert "\x01" not in neutral(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays_as_it_is(text):
    assert neutral(text) == text


def test_signs_that_no_file_can_hold_are_gone():
    assert neutral("a\ud800b") == "a?b"
    assert neutral("a\x00b\x1bc\x08\r") == "abc"
    assert neutral("baris\nbaru\tdan") == "baris\nbaru\tdan"


@pytest.mark.asvs("1.2.10")
@pytest.mark.postgres
@pytest.mark.django_db
def test_database_makes_the_same_texts_harmless():
    texts = [text for text in HARMFUL + HARMLESS if text]
    with connection.cursor() as cursor:
        cursor.execute(
            f"select t, {MARKED_SQL.format('t')} from unnest(%s) with ordinality as x(t, n)"
            " order by n",
            [texts],
        )
        found = cursor.fetchall()

    assert found == [(text, marked(text)) for text in texts]


def test_csv_has_numbers_days_and_notes_in_every_row():
    data, (head, row, *more) = as_csv(table())

    assert data.startswith(BOM)
    assert not more
    assert dict(zip(head, row, strict=True)) == {
        "Kegiatan": 'Rapat, "PKK"\nke-2 🌾',
        "Kode": "64.01.04.2002",
        "Perempuan": "19",
        "Bagian (n)": "19",
        "Bagian (dari)": "43",
        "Bagian (%)": "44.2",
        "Anggaran": "12500000",
        "Tanggal": "2026-03-04",
        "Dilihat": "2026-03-04T14:05:07+08:00",
        "Saringan": "Tahun: 2026",
        "Versi definisi": "1",
    }


def test_nothing_known_is_an_empty_cell_never_zero():
    _data, (_head, row) = as_csv(table(("x", *[None] * 6)))
    assert row[1:9] == [""] * 8


@pytest.mark.asvs("1.2.10")
def test_csv_and_workbook_run_no_formula():
    rows = [(text, "=2+2", -5, None, None, None, None) for text in HARMFUL]
    _data, (_head, *found) = as_csv(table(*rows))
    sheet = as_sheets(table(*rows))[0][1:]

    assert all(row[0].startswith("'") and row[1] == "'=2+2" for row in found)
    assert all(row[0].startswith("'") and row[1] == "'=2+2" for row in sheet)
    assert {row[2] for row in found} == {"-5"}
    assert {row[2] for row in sheet} == {-5.0}


def test_workbook_has_types_a_fixed_heading_and_notes():
    of = table(total=("Jumlah", "", 19, (19, 43), 12_500_000, None, None), reading=["Baca begini."])
    file, rows = workbook(of)
    data, notes = as_sheets(of)

    assert rows == 1
    assert data[0][:3] == ["Kegiatan", "Kode", "Perempuan"]
    assert data[1][:7] == ['Rapat, "PKK"\nke-2 🌾', "64.01.04.2002", 19, 19, 43, 44.2, 12_500_000]
    assert data[1][7] == date(2026, 3, 4)
    assert abs(data[1][8] - datetime(2026, 3, 4, 14, 5, 7)).total_seconds() < 1  # noqa: DTZ001
    said = dict(notes)
    assert said["Judul"] == "Uji"
    assert said["Saringan"] == "Tahun: 2026"
    assert said["Baris"] == "1"
    assert said["Jumlah: Bagian (dari)"] == "43"
    assert said["Cara membaca"] == "Baca begini."
    first = ZipFile(file).read("xl/worksheets/sheet1.xml").decode()
    assert 'state="frozen"' in first
    assert "<autoFilter" in first


@pytest.mark.asvs("1.2.1", "1.1.2")
def test_workbook_holds_signs_of_its_own_grammar_as_text():
    text = "<a> & 'b' _x0041_ \ufffe"
    assert as_sheets(table((text, *[None] * 6)))[0][1][0] == "<a> & 'b' _x0041_ "


def test_long_table_goes_on_in_further_sheets():
    rows = [("x", "", number, None, None, None, None) for number in range(1250)]
    *data, _notes = as_sheets(table(*rows), sheet_rows=600)

    assert [len(sheet) - 1 for sheet in data] == [600, 600, 50]
    assert [row[2] for sheet in data for row in sheet[1:]] == list(range(1250))


def test_workbook_of_too_many_rows_is_refused_before_it_is_whole():
    with pytest.raises(TooLong):
        workbook(table(*[ROW] * 11), most=10)


def test_row_of_another_width_is_refused():
    with pytest.raises(ValueError, match="2 cells for 7 columns"):
        as_csv(table(("a", "b")))


def test_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="Unknown kind"):
        Column("a", "A", "float")
