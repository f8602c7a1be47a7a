"""The pages of sheets of budget lines: sent, mapped, tried and taken over without scripts."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from planning.models import BudgetLine, BudgetSheet
from tests import make
from tests.planning import money
from tests.planning.test_sheets import HEAD, book, plain

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ROOT = "/perencanaan/arg/"


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def focal(client):
    person = money.focal()
    client.force_login(person)
    return person


def send(client, content: bytes, name="rka.xlsx"):
    said = {"owner": f"opd:{make.opd().pk}", "year": "2026"}
    return client.post(f"{ROOT}impor/", said | {"file": SimpleUploadedFile(name, content)})


def columns(**said) -> dict:
    names = ("code", "name", "account", "fund_source", "plan", "realised")
    return dict(zip(names, HEAD, strict=True)) | said


def test_a_sheet_is_sent_mapped_tried_and_taken_over(client, focal):
    place = send(client, book(HEAD, plain(1), plain(2)))["Location"]
    asked_for = text(client.get(place))
    assert '<option value="Kode Sub Kegiatan" selected>' in asked_for
    assert "Kelas ibu 1" in asked_for
    tried = client.post(place, columns(save_as="RKA SIPD"))["Location"]
    page = text(client.get(tried))
    assert "2 baris, Rp200.000.000" in page
    assert "Baris 2" in page
    assert not BudgetLine.objects.exists()
    assert client.post(f"{tried}ambil/")["Location"] == tried
    assert BudgetLine.objects.count() == 2
    assert "2 baris diambil alih" in text(client.get(tried))
    client.post(f"{tried}ambil/")
    assert BudgetLine.objects.count() == 2
    again = send(client, book(HEAD, plain(1), plain(2)))["Location"]
    assert "seperti pilihan “RKA SIPD”" in text(client.get(again))
    page = text(client.get(client.post(again, columns())["Location"]))
    assert "Tidak ada yang perlu diambil alih" in page
    assert "/ambil/" not in page


def test_columns_that_are_not_read_are_named(client, focal):
    head, row = [*HEAD, "Kategori ARG", "Nilai ARG"], [*plain(1), 2, 5]
    place = send(client, book(head, row))["Location"]
    page = text(client.get(client.post(place, columns())["Location"]))
    assert "tidak dipakai dari lembar ini: Kategori ARG; Nilai ARG." in page
    place = send(client, book(HEAD, plain(1)))["Location"]
    page = text(client.get(client.post(place, columns())["Location"]))
    assert "tidak dipakai" not in page


def test_rows_to_put_right_are_numbered_and_nothing_is_stored(client, focal):
    wrong = [plain(number, "banyak") for number in range(2, 122)]
    place = send(client, book(HEAD, plain(1), *wrong))["Location"]
    tried = client.post(place, columns())["Location"]
    page = text(client.get(tried))
    assert "Baris 3" in page
    assert "100 pertama dari 120" in page
    assert "Baris 103" not in page
    assert "/ambil/" not in page
    client.post(f"{tried}ambil/")
    assert not BudgetLine.objects.exists()
    file = b"".join(client.get(f"{tried}perbaikan/?format=csv").streaming_content).decode()
    assert file.count("banyak") == 120
    assert "122" in file


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        (b"", 422, "kosong"),
        (book(HEAD, plain(1))[:-300], 422, "terpotong atau rusak"),
        (b"%PDF-1.7", 422, "CSV atau XLSX"),
        (b"\xff\xd8\xff\xe1foto" * 9, 422, "CSV atau XLSX"),
        (b"x" * 5_010_000, 422, "5 MB"),
        (b"x" * 5_100_000, 413, "5 MB"),
    ],
    ids=["empty", "cut", "pdf", "photo", "large", "beyond"],
)
def test_a_broken_sheet_is_told_beside_the_form(client, focal, content, status, words):
    answer = send(client, content)
    assert answer.status_code == status
    assert words in text(answer)
    assert not BudgetSheet.objects.exists()


def test_a_column_chosen_twice_or_not_at_all_is_named(client, focal):
    place = send(client, book(HEAD, plain(1)))["Location"]
    twice = client.post(place, columns(realised="Pagu"))
    assert twice.status_code == 422
    assert "sudah dipilih" in text(twice)
    missing = client.post(place, columns(plan=""))
    assert "Pilih kolom yang berisi pagu" in text(missing)


def test_a_sheet_is_its_senders_alone(client, focal):
    place = send(client, book(HEAD, plain(1)))["Location"]
    client.force_login(make.officer())
    for end in ("", "../", "../perbaikan/"):
        assert client.get(f"{place}{end}", follow=False).status_code == 404
    assert client.post(f"{place}../ambil/").status_code == 404
    client.force_login(make.person("auditor", regency=make.regency()))
    assert client.get(f"{ROOT}impor/").status_code == 403


def test_a_sheet_ends_with_the_task_that_sent_it(client, focal):
    """What stands in the lines of an office is not told through a sheet that was kept."""
    place = send(client, book(HEAD, plain(1)))["Location"]
    tried = client.post(place, columns())["Location"]
    assert client.get(tried).status_code == 200
    focal.grants.update(opd=make.opd("Dinas Lain"))
    for address in (place, tried, f"{tried}perbaikan/?format=csv"):
        assert client.get(address).status_code == 404
    assert client.post(f"{tried}ambil/").status_code == 404


def test_a_row_of_ten_thousand_columns_is_refused_at_once(client, focal):
    for wide in (500, 12_000):
        heads = ";".join(f"k{n}" for n in range(wide)) + ";uraian;pagu"
        answer = send(client, f"a;b;c\n{heads}\n".encode(), "rka.csv")
        assert answer.status_code == 422
        assert "kolom" in text(answer)
    assert not BudgetSheet.objects.exists()
