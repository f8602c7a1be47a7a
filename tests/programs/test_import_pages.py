"""/impor/: the template, the trial, what to put right, and applying it, without scripts."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from programs.models import Activity, ImportJob
from programs.services import importing
from tests import make
from tests.sheets import judged, sheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(client):
    person = make.person("facilitator", village=make.village())
    client.force_login(person)
    return person


@pytest.fixture
def program():
    return make.program(title="Pelatihan Perikanan")


def send(client, data):
    return client.post("/impor/", {"file": SimpleUploadedFile("maret.csv", data)})


def text(answer) -> str:
    return answer.content.decode()


def test_a_sheet_is_tried_looked_at_and_applied(client, head, program):
    assert "Anda belum mengirim lembar" in text(client.get("/impor/"))
    place = send(client, sheet(program, 8, wrong=4))["Location"]
    job = ImportJob.objects.get()
    waiting = text(client.get(place))
    assert "menunggu giliran" in waiting
    assert "Lihat keadaan sekarang" in waiting

    importing.work(job.pk)
    tried = text(client.get(place))
    assert "Terapkan 6 baris" in tried
    assert "Hadir perempuan" in tried
    assert "banyak" in tried
    assert not Activity.objects.exists()

    asked = text(client.get(f"{place}terapkan/"))
    assert "Terapkan 6 baris?" in asked
    assert "2 baris tidak ikut" in asked
    done = client.post(f"{place}terapkan/")["Location"]
    assert done != place
    importing.work(ImportJob.objects.get(dry_run=False).pk)
    assert Activity.objects.count() == 6
    told = text(client.get(done))
    assert "Lihat kegiatan" in told
    assert "Terapkan" not in text(client.get(place))
    assert "maret.csv" in text(client.get("/impor/"))


def test_the_poll_brings_progress_alone_and_then_the_end(client, head, program):
    job = importing.take_in(sheet(program, 4), "a.csv", head, True)
    ImportJob.objects.filter(pk=job.pk).update(state="running", rows=4, judged=1)
    poll = {"HTTP_HX_REQUEST": "true"}
    first = client.get(f"/impor/{job.pk}/", **poll)
    assert first.status_code == 200
    assert "<html" not in text(first)
    assert "1 dari 4 baris sudah diperiksa (25%)" in text(first)
    ImportJob.objects.filter(pk=job.pk).update(state="done")
    last = client.get(f"/impor/{job.pk}/", **poll)
    assert (last.status_code, last["HX-Refresh"]) == (286, "true")


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        (b"", 422, "Berkas ini kosong"),
        (b"salah;sekali\n1;2", 422, "salah"),
        (b"x" * 5_010_000, 422, "lebih besar dari 5 MB"),
        (b"x" * 5_100_000, 413, "lebih besar dari 5 MB"),
    ],
)
def test_what_cannot_be_read_is_said_beside_the_file(client, head, data, status, words):
    answer = send(client, data)
    assert answer.status_code == status
    assert words in text(answer)
    assert "Ada kesalahan" in text(answer)
    assert not ImportJob.objects.exists()


def test_no_file_chosen(client, head):
    answer = client.post("/impor/", {})
    assert answer.status_code == 422
    assert "Pilih lembar." in text(answer)


def test_failed_and_stopped_sheets_say_what_to_do(client, head, program):
    job = importing.take_in(sheet(program, 3), "a.csv", head, True)
    stopped = client.post(f"/impor/{job.pk}/hentikan/", follow=True)
    assert "Dihentikan setelah 0 baris" in text(stopped)
    late = client.post(f"/impor/{job.pk}/hentikan/", follow=True)
    assert "sudah selesai" in text(late)
    failed = judged(sheet(program, 0), head, dry_run=True)
    assert failed.state == "failed"
    assert failed.trouble in text(client.get(f"/impor/{failed.pk}/"))


def test_templates_and_files_of_rows_to_put_right(client, head, program):
    job = judged(sheet(program, 4, wrong=2), head, dry_run=True)
    for fmt, start in (("xlsx", b"PK"), ("csv", b"\xef\xbb\xbf")):
        assert client.get(f"/impor/templat/?format={fmt}").content.startswith(start)
        answer = client.get(f"/impor/{job.pk}/perbaikan/?format={fmt}")
        assert b"".join(answer.streaming_content).startswith(start)
    assert client.get("/impor/templat/?format=exe").status_code == 400


def test_links_lead_there(client, head, program):
    assert "/impor/" in text(client.get("/pendamping/"))
    assert "/impor/" in text(client.get("/kegiatan/"))
    client.force_login(make.person("auditor"))
    assert "/impor/" not in text(client.get("/kegiatan/"))
    assert client.get("/impor/").status_code == 403
