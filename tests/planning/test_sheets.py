"""Sheets of budget lines: read as they come, tried, and taken over whole or not at all."""

from datetime import date
from io import BytesIO

import pytest
import xlsxwriter

from core.errors import Refused, Stale
from planning.models import BudgetLine, BudgetSheet, ColumnMapping
from planning.services import sheets
from planning.sheets import guessed, open_sheet
from programs.models import ActivityCode
from tests import make
from tests.planning import money
from tests.racing import at_once

pytestmark = pytest.mark.django_db

M = 1_000_000
HEAD = ["Kode Sub Kegiatan", "Uraian", "Kode Rekening", "Sumber Dana", "Pagu", "Realisasi"]
COLUMNS = dict(
    zip(("code", "name", "account", "fund_source", "plan", "realised"), HEAD, strict=True)
)


def book(*rows, above=()) -> bytes:
    """A workbook with these rows, as a spreadsheet would write it."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "dd/mm/yyyy"}) as workbook:
        sheet = workbook.add_worksheet("RKA")
        for number, row in enumerate([*above, *rows]):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def plain(number: int, plan=100 * M, realised="") -> list:
    return [f"1.02.02.2.01.{number:04d}", f"Kelas ibu {number}", "5.1.02", "APBD", plan, realised]


def sent(content: bytes, actor, owner=None, columns=None, *, year=2026, name="rka.xlsx"):
    """The sheet of an office, its columns named."""
    owner = owner or make.opd()
    sheet = sheets.take_in(content, name, owner=owner, year=year, actor=actor)
    return sheets.map_columns(sheet, columns or COLUMNS, actor=actor)


def trial(content: bytes, owner=None, columns=None):
    actor = make.officer()
    return sheets.tried(sent(content, actor, owner, columns), actor=actor)


def refused(job, *args, **options):
    with pytest.raises(Refused) as caught:
        job(*args, **options)
    return caught.value.problems[0]


# -- Reading ---------------------------------------------------------------------


def test_headings_are_found_below_what_a_sheet_says_of_itself():
    above = [["RINCIAN BELANJA"], ["Dinas Kesehatan", "2026"], []]
    opened = open_sheet(book(HEAD, plain(1), above=above))
    assert opened.at == 4
    assert guessed(opened.headings) == COLUMNS
    assert [number for number, _cells in opened.rows()] == [5]


def test_two_columns_of_one_name_are_told_apart():
    opened = open_sheet(b"Kode;Uraian;Jumlah;Jumlah\n1;a;2;3")
    assert opened.headings == ["Kode", "Uraian", "Jumlah", "Jumlah (2)"]


@pytest.mark.parametrize(
    ("cell", "rupiah"),
    [
        ("12.500.000,00", 12_500_000),
        ("Rp 12.500.000", 12_500_000),
        ("12,5 juta", 12_500_000),
        (12_500_000.0, 12_500_000),
        (0, 0),
    ],
)
def test_amounts_are_read_as_people_write_them(cell, rupiah):
    [(number, line)] = trial(book(HEAD, plain(1, cell, "-"))).added
    assert (number, line.plan, line.realised) == (2, rupiah, None)


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        (plain(1, -5), "plan", "minus"),
        (plain(1, "banyak"), "plan", "titik"),
        (plain(1, 12.5), "plan", "rupiah bulat"),
        (plain(1, ""), "plan", "Isi pagu"),
        (plain(1, 10, 11), "realised", "Rp11"),
        (["", *plain(1)[1:]], "code", "kode"),
        (["-", *plain(1)[1:]], "code", "kode"),
        ([date(2026, 4, 1), *plain(1)[1:]], "code", "tanggal"),
        ([*plain(1)[:3], "Uang kas", 5, ""], "fund_source", "Uang kas"),
    ],
)
def test_a_row_that_cannot_be_is_named_with_its_number(row, field, words):
    found = trial(book(HEAD, plain(9), row))
    [problem] = found.problems
    assert (problem.number, problem.field) == (3, field)
    assert words in problem.detail
    assert len(found.added) == 1


def test_the_same_line_twice_in_a_sheet_names_the_other_row():
    [problem] = trial(book(HEAD, plain(1), plain(2), plain(1, 5))).problems
    assert problem.number == 4
    assert "baris 2" in problem.detail


def test_rows_of_sums_are_passed_over():
    found = trial(book(HEAD, plain(1), ["", "JUMLAH BELANJA", "", "", 100 * M, ""]))
    assert (len(found.added), found.passed, found.problems) == (1, 1, [])


def test_a_row_with_money_and_no_code_is_not_passed_over():
    found = trial(book(HEAD, plain(1), ["", "Kelas ibu 2", "", "", "", 5]))
    assert {one.field for one in found.problems} == {"code", "plan"}
    assert found.passed == 0


def test_an_office_names_the_village_where_it_spends():
    make.village()
    make.village("64.02.01.2001", "Jauh")
    columns = {"code": "Kode", "name": "Uraian", "plan": "Pagu", "village": "Desa"}
    rows = [["1", "a", 5, "Desa Janju"], ["2", "b", 5, "64.01.04.2002"], ["3", "c", 5, "Jauh"]]
    found = trial(book(["Kode", "Uraian", "Pagu", "Desa"], *rows), columns=columns)
    assert [line.village for _number, line in found.added] == [make.village()] * 2
    assert [(one.number, one.field) for one in found.problems] == [(4, "village")]


@pytest.fixture
def codes(db):
    for code, name in [
        ("4.4.01", "Pelatihan/Penyuluhan Pemberdayaan Perempuan"),
        ("4.4.02", "Pelatihan/Penyuluhan Perlindungan Anak"),
        ("4.4.03", "Pelatihan dan Penguatan Penyandang Difabel (penyandang disabilitas)"),
    ]:
        ActivityCode.objects.get_or_create(code=code, defaults={"name": name, "level": "kegiatan"})


@pytest.mark.parametrize(
    ("code", "name", "words"),
    [
        ("04.04.01.", "PELATIHAN / PENYULUHAN PEMBERDAYAAN PEREMPUAN", ""),
        ("4.4.3", "Pelatihan dan Penguatan Penyandang Difabel", ""),
        ("4.4.91", "Rembuk perempuan kampung", ""),
        ("4.4.02", "Pelatihan dan Penguatan Penyandang Difabel", "berkode 4.4.03"),
        ("4.4.02", "Posyandu balita", "Perlindungan Anak"),
        ("9.9.01", "Posyandu balita", "tidak ada dalam daftar"),
        ("kegiatan", "Posyandu balita", "4.4.01"),
    ],
)
def test_lines_of_a_village_are_found_by_code_and_name_together(codes, code, name, words):
    head = ["Kode", "Nama kegiatan", "Anggaran"]
    columns = dict(zip(("code", "name", "plan"), head, strict=True))
    found = trial(book(head, [code, name, 5 * M]), make.village(), columns)
    assert [one.detail for one in found.problems if words not in one.detail] == []
    assert len(found.added) == (not words)


# -- Whole files -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "kosong"),
        (book(HEAD, plain(1))[:-400], "terpotong atau rusak"),
        (b"PK\x03\x04 and nothing else", "terpotong atau rusak"),
        (b"%PDF-1.7 a scan", "CSV atau XLSX"),
        (b"1;2;3\n4;5;6", "judul kolom"),
        (book(HEAD), "Tidak ada baris"),
        (b"x" * 5_000_001, "5 MB"),
        (b"Kode;Uraian;Pagu\n" + b"1;a;2\n" * 20_001, "20.000"),
    ],
    ids=["empty", "cut", "fake", "pdf", "no heads", "no rows", "large", "long"],
)
def test_a_sheet_that_cannot_be_read_says_why_and_is_not_kept(content, words):
    actor = make.officer()
    problem = refused(sheets.take_in, content, "a.xlsx", owner=make.opd(), year=2026, actor=actor)
    assert problem.field == "file"
    assert words in problem.detail
    assert not BudgetSheet.objects.exists()


def test_a_sheet_is_sent_by_those_who_enter_the_lines():
    neighbour = money.focal(make.opd("Dinas Pertanian"))
    said = {"owner": make.opd(), "year": 2026, "actor": neighbour}
    assert refused(sheets.take_in, book(HEAD, plain(1)), "a", **said).code == "not_permitted"


def test_columns_are_chosen_once_each_and_kept_under_a_name():
    actor = money.focal()
    sheet = sent(book(HEAD, plain(1)), actor)
    wrong = {**COLUMNS, "realised": "Pagu"}
    assert refused(sheets.map_columns, sheet, wrong, actor=actor).code == "column_twice"
    wrong = {**COLUMNS, "plan": "Harga"}
    assert refused(sheets.map_columns, sheet, wrong, actor=actor).code == "unknown_column"
    wrong = {**COLUMNS, "plan": ""}
    assert refused(sheets.map_columns, sheet, wrong, actor=actor).code == "required"
    for _again in range(2):
        sheets.map_columns(sheet, COLUMNS, actor=actor, save_as=" SIPD  RKA ")
    assert ColumnMapping.objects.get().columns == COLUMNS
    assert not ColumnMapping.objects.visible_to(make.officer()).exists()


# -- Taking over -----------------------------------------------------------------


def test_one_row_to_put_right_and_nothing_is_stored():
    actor = money.focal()
    sheet = sent(book(HEAD, plain(1), plain(2), plain(3, -1)), actor)
    assert refused(sheets.take_over, sheet, actor=actor).code == "rows"
    assert not BudgetLine.objects.exists()
    sheet.refresh_from_db()
    assert sheet.taken is None


def test_a_sheet_is_taken_over_once():
    actor = money.focal()
    sheet = sent(book(HEAD, plain(1), plain(2, "1.500.000,00", 5)), actor)
    assert sheets.take_over(sheet, actor=actor).taken == 2
    assert sheets.take_over(sheet, actor=actor).taken == 2
    assert BudgetLine.objects.count() == 2
    line = BudgetLine.objects.get(name="Kelas ibu 2")
    assert (line.plan, line.realised, line.fund_source) == (1_500_000, 5, "apbd")
    assert (line.owner, line.created_by, line.year) == (make.opd(), actor, 2026)
    sheet.refresh_from_db()
    assert sheet.content is None
    with pytest.raises(Stale):
        sheets.tried(sheet, actor=actor)


def test_the_same_sheet_again_changes_nothing():
    actor, content = money.focal(), book(HEAD, plain(1), plain(2))
    sheets.take_over(sent(content, actor), actor=actor)
    again = sent(content, actor)
    found = sheets.tried(again, actor=actor)
    assert (found.brings, found.unchanged) == (0, 2)
    assert sheets.take_over(again, actor=actor).taken == 0
    assert set(BudgetLine.objects.values_list("version", flat=True)) == {1}


def test_the_next_month_brings_amounts_and_leaves_tags():
    actor = money.focal()
    sheets.take_over(sent(book(HEAD, plain(1), plain(2)), actor), actor=actor)
    BudgetLine.objects.filter(name="Kelas ibu 1").update(category=2, arg_plan=30 * M)
    later = sent(book(HEAD, plain(1, 100 * M, 60 * M), plain(2), plain(3)), actor)
    found = sheets.tried(later, actor=actor)
    assert (len(found.added), len(found.changed), found.unchanged) == (1, 1, 1)
    sheets.take_over(later, actor=actor)
    line = BudgetLine.objects.get(name="Kelas ibu 1")
    assert (line.realised, line.category, line.arg_plan) == (60 * M, 2, 30 * M)
    assert line.version == 2
    empty = sent(book(HEAD, plain(1)), actor)
    assert sheets.tried(empty, actor=actor).unchanged == 1


def test_a_plan_that_stands_fast_is_not_changed_by_a_sheet():
    actor, own = money.focal(), money.statement(state="approved")
    said = {"code": plain(1)[0], "name": "Kelas ibu 1", "account": "5.1.02", "fund_source": "apbd"}
    money.line(under=own, **said, **money.tag(1, 90 * M))
    [problem] = sheets.tried(sent(book(HEAD, plain(1, 120 * M)), actor), actor=actor).problems
    assert (problem.number, problem.field) == (2, "plan")
    assert "Rp100.000.000" in problem.detail
    spent = sent(book(HEAD, plain(1, 100 * M, 70 * M)), actor)
    assert sheets.take_over(spent, actor=actor).taken == 1
    assert BudgetLine.objects.get().realised == 70 * M


def test_rows_together_stay_within_the_total_of_a_statement():
    actor, own = money.focal(), money.statement(total=210 * M)
    for number in (1, 2):
        said = {"code": plain(number)[0], "name": f"Kelas ibu {number}", "account": "5.1.02"}
        money.line(under=own, fund_source="apbd", **said)
    rows = [plain(1, 106 * M), plain(2, 106 * M)]
    found = sheets.tried(sent(book(HEAD, *rows), actor), actor=actor)
    assert [one.number for one in found.problems] == [2, 3]
    assert "Rp212.000.000" in found.problems[0].detail
    swapped = [plain(1, 150 * M), plain(2, 60 * M)]
    assert sheets.take_over(sent(book(HEAD, *swapped), actor), actor=actor).taken == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_same_sheet_from_two_people_at_once_is_stored_once():
    content, people = (
        book(HEAD, *[plain(one) for one in range(40)]),
        [money.focal(), make.officer()],
    )
    ready = [sent(content, one) for one in people]
    answers = at_once(
        *[
            lambda sheet=sheet, by=by: sheets.take_over(sheet, actor=by)
            for sheet, by in zip(ready, people, strict=True)
        ]
    )
    assert BudgetLine.objects.count() == 40
    for one in answers:
        assert isinstance(one, Stale) or one.taken in (0, 40)
    assert sum(getattr(one, "taken", 0) == 40 for one in answers) == 1
