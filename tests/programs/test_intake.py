"""Lists that come in as sheets: template, trial, put right, taken over once, gone after a day."""

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.errors import Problem, Refused
from core.forms import CountField, WordedForm
from core.models import AuditEntry, KeptSheet
from core.sheets import MOST_BYTES, read_cells
from programs import intake
from programs.imports.files import book
from programs.intake import Intake, WordField
from tests import make
from villages.models import Opd

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NEW = "/impor-daftar/offices/"


class OfficeRow(WordedForm, forms.Form):
    """An office of the regency, as a list for these tests."""

    name = forms.CharField(label="Nama kantor", max_length=200)
    kind = WordField(label="Jenis", choices=Opd.Kind.choices)
    staff = CountField(label="Pegawai", required=False)

    def __init__(self, data=None, *, user, **options):
        super().__init__(data, **options)


def save(form: OfficeRow, actor) -> Opd:
    said = form.cleaned_data
    if Opd.objects.filter(name=said["name"]).exists():
        raise Refused(Problem("name", "already_there", "Kantor ini sudah tercatat."))
    return Opd.objects.create(regency=make.regency(), name=said["name"], kind=said["kind"])


OFFICES = Intake(
    "offices",
    "Kantor",
    OfficeRow,
    save,
    lambda user: "manage_agreements" in user.capabilities,
    "programs:program-list",
    {"name": "Dinas Contoh", "kind": "Badan", "staff": "12"},
)
ALL = (OFFICES,)


@pytest.fixture
def officer(settings):
    settings.INTAKES = ["tests.programs.test_intake.ALL"]
    make.village()
    return make.officer()


@pytest.fixture
def signed_in(client, officer):
    client.force_login(officer)
    return client


def filled(template: bytes, *rows: list) -> bytes:
    """The template as somebody fills it in: the example goes, her rows come."""
    return book({"Isian": [list(read_cells(template).head), *rows]}, "Kantor")


def send(client, content: bytes, name: str = "kantor.xlsx"):
    return client.post(NEW, {"file": SimpleUploadedFile(name, content)})


def test_from_the_template_to_the_list(signed_in):
    template = signed_in.get(f"{NEW}templat/").content
    table = read_cells(template)
    assert table.head == ["Nama kantor", "Jenis", "Pegawai"]
    assert list(table.rows()) == [["Dinas Contoh", "Badan", "12"]]
    words = ZipFile(BytesIO(template)).read("xl/worksheets/sheet2.xml").decode()
    assert all(str(label) in words for label in Opd.Kind.labels)

    right = ["Badan Satu", "BADAN", "12"]
    wrong = filled(
        template, right, ["Badan Dua", "toko", "3.5"], ["", " ", ""], ["Badan Satu", "dinas"]
    )
    tried = signed_in.get(send(signed_in, wrong).headers["Location"])
    problems = tried.context["trial"].problems
    assert [(one.number, one.title, one.cell) for one in problems] == [
        (3, "Jenis", "toko"),
        (3, "Pegawai", "3.5"),
        (5, "Nama kantor", "Badan Satu"),
    ]
    assert "Kantor ini sudah tercatat." in tried.text
    assert not Opd.objects.exists()
    taken = signed_in.post(tried.request["PATH_INFO"] + "ambil/", follow=True)
    assert taken.status_code == 200
    assert not Opd.objects.exists()  # one bad row, and nothing is stored

    sheet = send(signed_in, filled(template, right, ["Badan Dua", "dinas", ""]))
    place = sheet.headers["Location"]
    assert "2 baris" in signed_in.get(place).text
    assert not Opd.objects.exists()
    for _pressed_twice in range(2):
        assert signed_in.post(place + "ambil/").headers["Location"] == place
    assert set(Opd.objects.values_list("name", "kind")) == {
        ("Badan Satu", "badan"),
        ("Badan Dua", "dinas"),
    }
    assert "2 baris" in signed_in.get(place).text
    kept = KeptSheet.objects.get(taken_at__isnull=False)
    assert (kept.rows, kept.content) == (2, None)
    assert AuditEntry.objects.get(action="sheet.taken_over").changes["rows"] == 2


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "kosong.csv"),
        (b"%PDF-1.4 surat", "surat.csv"),
        (b"PK\x03\x04 rusak", "rusak.xlsx"),
        (b"Nama kantor;Jenis\n", "kepala.csv"),
        (b"Kantor;Jenis\nBadan;badan\n", "tanpa-kolom.csv"),
        (b"Nama kantor;Jenis\n" + b"Badan;badan\n" * (intake.MOST_ROWS + 1), "panjang.csv"),
    ],
)
def test_what_is_no_list(signed_in, content, name):
    assert send(signed_in, content, name).status_code == 422
    assert not KeptSheet.objects.exists()


def test_a_body_beyond_measure_is_not_read(signed_in):
    answer = send(signed_in, b"x" * (MOST_BYTES + 30_000))
    assert (answer.status_code, KeptSheet.objects.count()) == (413, 0)
    assert "Nama kantor" in answer.text  # the columns are still told


def test_whose_sheet_it_is(signed_in, officer, client):
    place = send(signed_in, b"Nama kantor;Jenis\nBadan;badan\n", "k.csv").headers["Location"]
    assert signed_in.get("/impor-daftar/others/").status_code == 404
    for person, status in ((make.officer(), 404), (make.village_head(), 403)):
        client.force_login(person)
        assert client.get(place).status_code == status
        assert client.post(place + "ambil/").status_code == status
    assert client.get(NEW).status_code == 403
    assert client.get(f"{NEW}templat/").status_code == 403
    assert not Opd.objects.exists()


def test_after_a_day_it_is_gone(signed_in, officer):
    one, two = (
        send(signed_in, f"Nama kantor;Jenis\nBadan {n};badan\n".encode(), "k.csv") for n in "ab"
    )
    signed_in.post(one.headers["Location"] + "ambil/")
    intake.forget()
    assert KeptSheet.objects.count() == 2
    left = KeptSheet.objects.get(taken_at=None)
    KeptSheet.objects.update(created_at=timezone.now() - timedelta(days=1, minutes=1))
    intake.forget()
    assert signed_in.get(one.headers["Location"]).status_code == 200  # what became of it
    assert signed_in.get(two.headers["Location"]).status_code == 404
    with pytest.raises(Refused) as refusal:
        intake.take_over(OFFICES, left, actor=officer)
    assert refusal.value.code == "content_gone"


def test_words_and_headings_in_either_language(officer):
    """A page in English reads the template, which is Indonesian; and codes, and headings anyhow."""
    content = "nama  KANTOR;kind;staff;Catatan\nBadan Satu;Badan;;x\nKantor Dua;badan;3;\n"
    sheet = intake.take_in(OFFICES, content.encode(), "k.csv", actor=officer)
    trial = intake.tried(OFFICES, sheet, actor=officer)
    assert (trial.rows, trial.problems, trial.unknown) == (2, (), ("Catatan",))


def lines(*names: str) -> bytes:
    return "".join(["Nama kantor;Jenis\n", *(f"{name};badan\n" for name in names)]).encode()


def test_a_sheet_is_tried_once_when_it_is_sent(signed_in, officer, monkeypatch):
    place = send(signed_in, lines("Badan Satu"), "k.csv").headers["Location"]
    monkeypatch.setattr(intake, "_run", None)  # whoever reads it, runs nothing
    assert signed_in.get(place).context["trial"].rows == 1
    wrong = KeptSheet.objects.get()
    wrong.trial["problems"] = [[2, "Jenis", "toko", "Pilih jenis."]]
    wrong.save()
    assert "Pilih jenis." in signed_in.get(place).text
    signed_in.post(place + "ambil/")  # and a sheet with something to put right is not run again
    KeptSheet.objects.update(trial=None)  # broken off
    assert "Kirim ulang" in signed_in.get(place).text
    signed_in.post(place + "ambil/")
    assert not Opd.objects.exists()


def test_a_list_that_takes_too_long_is_to_be_split(signed_in, officer, monkeypatch):
    kept = send(signed_in, lines("Badan Satu", "Badan Dua"), "k.csv").headers["Location"]
    monkeypatch.setattr(intake, "MOST_SECONDS", -1.0)
    answer = send(signed_in, lines("Badan Satu", "Badan Dua"), "k.csv")
    assert answer.status_code == 422
    assert "beberapa lembar" in answer.text
    assert KeptSheet.objects.count() == 1  # the first alone
    assert "beberapa lembar" in signed_in.post(kept + "ambil/", follow=True).text
    assert not Opd.objects.exists()


def test_few_sheets_wait_and_one_is_tried_at_a_time(signed_in, officer):
    places = [
        send(signed_in, lines(f"Badan {number}"), "k.csv").headers["Location"]
        for number in range(intake.MOST_WAITING + 2)
    ]
    found = [signed_in.get(place).status_code for place in places]
    assert found == [404, 404, 200, 200, 200]
    KeptSheet.objects.create(actor=officer, intake="offices", name="k.csv", content=b"x")
    assert send(signed_in, lines("Badan Lain"), "k.csv").status_code == 422
    KeptSheet.objects.filter(trial__isnull=True).update(
        created_at=timezone.now() - intake.TRIED_FOR
    )
    assert send(signed_in, lines("Badan Lain"), "k.csv").status_code == 302
