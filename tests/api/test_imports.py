"""imports/: a sheet sent, followed, put right and applied by a tool."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.services import create_token
from core.downloads import XLSX_TYPE
from core.sheets import read_cells
from programs.imports import COLUMNS
from programs.models import Activity, ImportJob
from programs.services import importing
from tests import make
from tests.sheets import content, judged, line, sheet

pytestmark = pytest.mark.django_db
PATH = "/api/v1/imports/"


@pytest.fixture
def head(client):
    person = make.village_head()
    client.force_login(person)
    return person


@pytest.fixture
def program():
    return make.program(title="Pelatihan Perikanan")


def send(client, data, path=PATH, **extra):
    sent = SimpleUploadedFile("kegiatan.csv", data)
    return client.post(path, {"file": sent}, **extra)


def at(job, ending="") -> str:
    return f"{PATH}{job.pk}/{ending}"


def test_from_sending_to_applying(client, head, program):
    answer = send(client, sheet(program, 10, wrong=5), PATH + "?dry_run=1")
    told = answer.json()
    assert answer.status_code == 202
    assert (told["state"], told["dry_run"], told["rows"]) == ("waiting", True, None)
    assert answer["Location"].endswith(f"{PATH}{told['uid']}/")

    importing.work(told["uid"])
    told = client.get(answer["Location"]).json()
    assert (told["state"], told["percent"], told["accepted"], told["rejected"]) == (
        *("done", 100, 8, 2),
    )
    assert not Activity.objects.exists()

    begun = client.post(f"{PATH}{told['uid']}/apply/")
    assert begun.status_code == 202
    assert begun.json()["tried"] == told["uid"]
    importing.work(begun.json()["uid"])
    assert Activity.objects.count() == 8
    listed = client.get(PATH).json()["results"]
    assert [one["uid"] for one in listed] == [begun.json()["uid"], told["uid"]]


@pytest.mark.parametrize("kind", ["text/csv", "text/csv; charset=utf-8"])
def test_a_sheet_may_be_the_body(client, head, program, kind):
    answer = client.post(PATH + "?name=maret.csv", sheet(program, 2), content_type=kind)
    assert (answer.status_code, answer.json()["name"]) == (202, "maret.csv")
    assert answer.json()["dry_run"] is False


def test_an_xlsx_is_told_by_its_content_not_its_name(client, head, program):
    data = client.get(PATH + "template/?format=xlsx").content
    answer = client.post(PATH + "?name=a.csv", data, content_type=XLSX_TYPE)
    assert answer.status_code == 202
    importing.work(answer.json()["uid"])
    job = ImportJob.objects.get()
    assert (job.state, job.accepted) == ("failed", 0)  # nothing but the example stands in it
    assert send(client, data).status_code == 202


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"a,b\n1,2", 422, "unusable"),
        (b"", 422, "empty"),
        (b"PK\x03\x04", 422, "unusable"),
        (b"x" * 5_000_001, 413, "body_too_large"),
        (b"x" * 5_100_000, 413, "body_too_large"),
    ],
)
def test_what_is_no_sheet_is_refused_at_once(client, head, data, status, code):
    for answer in (send(client, data), client.post(PATH, data, content_type="text/csv")):
        assert (answer.status_code, answer.json()["code"]) == (status, code)
        assert answer["Content-Type"] == "application/problem+json"
        assert status == 413 or answer.json()["errors"][0]["pointer"] == "/file"
    assert not ImportJob.objects.exists()


def test_a_form_without_a_file_and_other_types(client, head):
    assert client.post(PATH, {"file": "no file"}).json()["errors"][0]["pointer"] == "/file"
    assert client.post(PATH, {}, content_type="application/json").status_code == 415
    assert client.post(PATH + "?dry=1", b"a", content_type="text/csv").status_code == 400
    assert client.post(PATH + "?dry_run=2", b"a", content_type="text/csv").status_code == 400


def test_errors_by_row_in_pages_and_as_files_that_can_be_sent_back(client, head, program):
    job = judged(sheet(program, 9, wrong=3), head)
    first = client.get(at(job, "errors/?limit=2")).json()
    assert [row["number"] for row in first["results"]] == [2, 5]
    assert first["results"][0]["problems"][0]["pointer"] == "/women_participants"
    assert first["results"][0]["cells"]["women_participants"] == "banyak"
    assert [row["number"] for row in client.get(first["next"]).json()["results"]] == [8]

    for fmt in ("csv", "xlsx"):
        answer = client.get(at(job, f"errors/?format={fmt}"))
        data = b"".join(answer.streaming_content)
        table = read_cells(data)
        rows = list(table.rows())
        assert table.head[0] == "Baris"
        assert [int(float(row[0])) for row in rows] == [2, 5, 8]
        assert "Hadir perempuan: " in rows[0][-1]
    again = judged(data.replace(b"banyak", b"19") if fmt == "csv" else corrected(data), head)
    assert (again.state, again.accepted, again.rejected) == ("done", 3, 0)


def corrected(data: bytes) -> bytes:
    """The same rows with a number where a word stood, saved by another program."""
    import xlsxwriter

    table = read_cells(data)
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as workbook:
        page = workbook.add_worksheet()
        for number, cells in enumerate([table.head, *table.rows()]):
            page.write_row(number, 0, [19 if cell == "banyak" else cell for cell in cells])
    return out.getvalue()


def test_the_template_names_all_columns_and_her_villages(client, head, program):
    data = client.get(PATH + "template/").content
    assert [one.lower() for one in read_cells(data).head] == list(COLUMNS)
    told = client.get(PATH + "template/?format=csv").content.decode("utf-8-sig")
    assert "64.01.04.2002" in told
    assert program.title in told


def test_a_sheet_exists_for_its_sender_alone(client, head, program):
    job = judged(sheet(program, 2), head, dry_run=True)
    client.force_login(make.officer())
    for ending in ("", "errors/"):
        assert client.get(at(job, ending)).status_code == 404
    for ending in ("apply/", "stop/"):
        assert client.post(at(job, ending)).status_code == 404
    assert client.get(PATH).json()["results"] == []


def test_who_records_nowhere_is_told_so(client, program):
    client.force_login(make.person("auditor"))
    answer = send(client, sheet(program, 1))
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
    assert client.get(PATH + "template/").status_code == 403


def test_a_key_needs_the_scope(client, program):
    head = make.village_head()
    for scope, status in (("activities:read", 403), ("activities:write", 202)):
        made = create_token(head, name=scope, scopes=[scope], days=9, actor=head)
        answer = send(client, sheet(program, 1), HTTP_AUTHORIZATION=f"Bearer {made.key}")
        assert answer.status_code == status, answer.content


def test_apply_and_stop_say_when_they_come_too_late(client, head, program):
    job = importing.take_in(content(line(program)), "a.csv", head, True)
    assert client.post(at(job, "apply/")).json()["code"] == "not_tried"
    assert client.post(at(job, "stop/")).json()["state"] == "stopped"
    late = client.post(at(job, "stop/"))
    assert (late.status_code, late.json()["code"]) == (409, "already_ended")


def test_the_etag_changes_with_the_progress(client, head, program):
    job = importing.take_in(sheet(program, 2), "a.csv", head, True)
    first = client.get(at(job))
    tag = first["ETag"]
    assert client.get(at(job), HTTP_IF_NONE_MATCH=tag).status_code == 304
    importing.work(job.pk)
    assert client.get(at(job), HTTP_IF_NONE_MATCH=tag).status_code == 200


def test_the_same_call_under_one_key_is_one_sheet(client, head, program):
    named = {"HTTP_IDEMPOTENCY_KEY": "maret-1"}
    first, again = (send(client, sheet(program, 2), **named) for _ in range(2))
    assert first.json()["uid"] == again.json()["uid"]
    assert again["Idempotent-Replayed"] == "true"
    other = send(client, sheet(program, 3), **named)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
