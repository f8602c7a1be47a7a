"""import_activities: what people really have in their sheets, and what the command says of it."""

import csv
import zipfile
from io import StringIO

import pytest
import xlsxwriter
from django.core.management import CommandError, call_command

from programs.models import Activity, Submission
from tests import make

pytestmark = pytest.mark.django_db

HEADER = ["Kode desa", "Program", "Tanggal", "Nama kegiatan", "Hadir perempuan", "Hadir laki-laki"]


@pytest.fixture
def head():
    return make.village_head()


@pytest.fixture
def program():
    return make.program(title="Pelatihan Perikanan Ñ")


def row(program, **values):
    cells = {
        "Kode desa": "64.01.04.2002",
        "Program": program.title,
        "Tanggal": "04/03/2026",
        "Nama kegiatan": "Pelatihan",
        "Hadir perempuan": "19",
        "Hadir laki-laki": "24",
    } | values
    return list(cells.values())


def write_csv(path, rows, delimiter=",", encoding="utf-8"):
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    return path


def write_xlsx(path, rows):
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        for number, cells in enumerate(rows):
            sheet.write_row(number, 0, cells)
    return path


def run(path, head, **options):
    """(exit code, standard output, standard error)"""
    out, err = StringIO(), StringIO()
    try:
        call_command(
            "import_activities",
            str(path),
            username=head.username,
            stdout=out,
            stderr=err,
            **options,
        )
    except SystemExit as stopped:
        return stopped.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_csv_of_any_common_make(tmp_path, head, program, delimiter, encoding):
    path = write_csv(tmp_path / "a.csv", [HEADER, row(program)], delimiter, encoding)
    code, out, err = run(path, head)
    assert (code, err) == (0, "")
    assert "accepted 1" in out
    assert Activity.objects.get().women_participants == 19


def test_xlsx_with_real_numbers(tmp_path, head, program):
    cells = row(program, **{"Hadir perempuan": 19, "Hadir laki-laki": 24.0})
    code, out, _ = run(write_xlsx(tmp_path / "a.xlsx", [HEADER, cells]), head)
    assert (code, "accepted 1" in out) == (0, True)


def test_the_same_sheet_twice_changes_nothing(tmp_path, head, program):
    path = write_csv(tmp_path / "a.csv", [HEADER, row(program), row(program)])
    run(path, head)
    _, out, _ = run(path, head)
    assert "duplicate 2" in out
    assert Activity.objects.count() == 2


def test_wrong_rows_are_named_and_right_ones_kept(tmp_path, head, program):
    rows = [
        HEADER,
        row(program),
        row(program, **{"Hadir perempuan": "-5"}),
        row(program, **{"Tanggal": "03/15/2026"}),
        row(program, **{"Program": "Tidak ada"}),
        row(program, **{"Kode desa": "64.01.04.9999"}),
    ]
    report = tmp_path / "report.csv"
    code, out, err = run(write_csv(tmp_path / "a.csv", rows), head, errors=report)

    assert code == 1
    assert "accepted 1" in out
    assert "rejected 4" in out
    for line in ("baris 3, women_participants", "baris 4, held_on", "baris 5, program"):
        assert line in err
    assert "baris 6, village" in err
    assert "baris 2" not in err
    assert {line["baris"] for line in csv.DictReader(report.open(encoding="utf-8-sig"))} == {
        "3",
        "4",
        "5",
        "6",
    }
    assert Activity.objects.count() == 1


def test_a_corrected_sheet_adds_only_what_was_refused(tmp_path, head, program):
    wrong = [HEADER, row(program), row(program, **{"Tanggal": "31/02/2026"})]
    run(write_csv(tmp_path / "a.csv", wrong), head)
    right = [HEADER, row(program), row(program, **{"Tanggal": "28/02/2026"})]
    _, out, _ = run(write_csv(tmp_path / "a.csv", right), head)
    assert "accepted 1, duplicate 1" in out


def test_dry_run_stores_nothing(tmp_path, head, program):
    path = write_csv(tmp_path / "a.csv", [HEADER, row(program)])
    _, out, _ = run(path, head, dry_run=True)
    assert "accepted 1" in out
    assert not Activity.objects.exists()


def test_a_truncated_workbook_is_refused_in_words(tmp_path, head, program):
    path = write_xlsx(tmp_path / "a.xlsx", [HEADER, *[row(program)] * 50])
    path.write_bytes(path.read_bytes()[:-400])
    with pytest.raises(CommandError, match="XLSX"):
        run(path, head)
    assert not Activity.objects.exists()


@pytest.mark.asvs("5.2.3")
def test_a_workbook_that_unpacks_beyond_bounds_is_refused(tmp_path, head):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    with pytest.raises(CommandError):
        run(path, head)


@pytest.mark.asvs("5.2.2")
@pytest.mark.parametrize(
    "content",
    [b"", b"\n\n", b"a,b\n1,2\n", b"\x89PNG\x00\x00", b"Kode desa,Program,Tanggal,Nama kegiatan\n"],
)
def test_what_is_no_sheet_of_activities_is_refused_in_words(tmp_path, head, content):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError):
        run(path, head)


@pytest.mark.asvs("5.2.1")
def test_more_than_5_mb_is_refused(tmp_path, head):
    path = tmp_path / "a.csv"
    path.write_bytes(b"x" * 20_000_000)
    with pytest.raises(CommandError, match="5 MB"):
        run(path, head)


def test_an_unknown_person_is_named(tmp_path, program):
    path = write_csv(tmp_path / "a.csv", [HEADER, row(program)])
    with pytest.raises(CommandError, match="nobody"):
        call_command("import_activities", str(path), username="nobody")


def test_a_title_that_repeats_by_year_means_the_one_that_runs_then(tmp_path, head):
    by_year = {
        year: make.program(title="Posyandu", year_from=year, year_to=year)
        for year in (2026, 2025, 2024)
    }
    path = write_csv(tmp_path / "a.csv", [HEADER, row(by_year[2026])])
    run(path, head)
    assert Activity.objects.get().program == by_year[2026]


def test_a_title_of_two_owners_is_asked_about(tmp_path, head):
    first = make.program(title="Pelatihan", owner_opd=make.opd("Dinas A"))
    make.program(title="Pelatihan", owner_opd=make.opd("Dinas B"))
    code, _, err = run(write_csv(tmp_path / "a.csv", [HEADER, row(first)]), head)
    assert code == 1
    assert "program" in err
    assert not Activity.objects.exists()


def test_a_refused_row_is_kept_with_what_could_not_be_read(tmp_path, head, program):
    run(write_csv(tmp_path / "a.csv", [HEADER, row(program, Tanggal="besok")]), head)
    assert Submission.objects.get().payload["held_on"] == "besok"
