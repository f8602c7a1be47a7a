"""`?format=csv|xlsx` on lists: the rows and the sums of the JSON, whatever the format."""

import csv
import io

import pytest
from python_calamine import CalamineWorkbook

from core import downloads
from core.models import AuditEntry
from programs.models import Activity
from tests import make

pytestmark = [pytest.mark.once, pytest.mark.django_db]

BASE = "/api/v1/"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KUARO = "64.01.03.2001"
LISTS = (
    *("activities", "programs", "provinces", "regencies", "districts", "villages", "opds"),
    *("activity-codes", "involvement/villages", "involvement/programs"),
)


@pytest.fixture
def officer(client):
    person = make.officer()
    client.force_login(person)
    return person


def csv_of(client, address: str) -> list[dict[str, str]]:
    answer = client.get(BASE + address)
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    body = b"".join(answer.streaming_content)
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


def xlsx_of(client, address: str) -> list[dict]:
    answer = client.get(BASE + address)
    assert (answer.status_code, answer["Content-Type"]) == (200, XLSX)
    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    head, *rows = book.get_sheet_by_index(0).to_python()
    return [dict(zip(head, row, strict=True)) for row in rows]


def json_of(client, address: str) -> list[dict]:
    """Every row of every page."""
    rows, url = [], BASE + address
    while url:
        answer = client.get(url).json()
        rows += answer["results"]
        url = answer["next"]
    return rows


@pytest.mark.parametrize("number", [0, 1, 300])
def test_a_file_has_every_row_of_the_list(client, officer, number):
    program = make.program()
    for at in range(number):
        make.activity(program, women_participants=at, men_participants=1)
    rows = json_of(client, "activities/?limit=200")
    women = sum(row["values"]["women_participants"] for row in rows)
    lines, cells = (
        csv_of(client, "activities/?format=csv"),
        xlsx_of(client, "activities/?format=xlsx"),
    )

    assert len(rows) == len(lines) == len(cells) == number
    assert [row["uid"] for row in rows] == [line["uid"] for line in lines]
    assert sum(int(line["women_participants"]) for line in lines) == women
    assert sum(cell["women_participants"] for cell in cells) == women


def test_columns_have_the_names_and_values_of_the_api(client, officer):
    make.activity(
        make.program(title="=HYPERLINK()"), kind="training", latitude=-1.5, longitude=116.2
    )
    [row] = json_of(client, "activities/")
    [line] = csv_of(client, "activities/?format=csv")
    values = row["values"]

    assert line["uid"] == row["uid"]
    assert line["village_code"] == row["village"]["code"] == line["village"]
    assert line["program_uid"] == row["program"]["uid"] == line["program"]
    assert (line["state"], line["kind"], line["stage"]) == (
        "submitted",
        "training",
        values["stage"],
    )
    assert (line["held_on"], line["latitude"]) == (values["held_on"], "-1.5")
    assert line["children"] == "", "not recorded is empty, never 0"
    assert line["program_title"] == "'=HYPERLINK()", "no spreadsheet runs it"
    assert set(line) >= {name for name in values if name not in row}
    assert "author" not in line
    assert [name for name in line if not name.isascii() or name != name.lower()] == []


def test_a_file_obeys_the_filter_and_the_reach(client):
    janju, kuaro = make.village(), make.village(KUARO, "Kuaro")
    program = make.program(janju, kuaro)
    here, there = make.activity(program, janju), make.activity(program, kuaro)
    client.force_login(make.officer())
    found = csv_of(client, f"activities/?format=csv&village={KUARO}&limit=1&ordering=updated_at")
    assert [line["uid"] for line in found] == [str(there.pk)]

    client.force_login(make.village_head(janju))
    assert [line["uid"] for line in csv_of(client, "activities/?format=csv")] == [str(here.pk)]
    [line] = csv_of(client, "programs/?format=csv")
    assert line["villages"] == janju.code
    assert {line["code"] for line in csv_of(client, "involvement/villages/?format=csv")} == {
        janju.code
    }
    assert {
        line["village"]
        for line in csv_of(client, "involvement/programs/?format=csv&basis=reported")
    } == {janju.code}
    client.force_login(make.person())
    assert csv_of(client, "activities/?format=csv") == []


@pytest.mark.parametrize("name", LISTS)
def test_every_list_is_a_file_too(client, officer, name):
    make.activity(make.program(), verified_by=officer)
    rows = json_of(client, f"{name}/")
    assert len(csv_of(client, f"{name}/?format=csv")) == len(rows)
    assert len(xlsx_of(client, f"{name}/?format=xlsx")) == len(rows)
    for kind in ("text/csv", XLSX):
        by_accept = client.get(f"{BASE}{name}/", headers={"accept": kind})
        assert by_accept["Content-Type"].partition(";")[0] == kind
        assert b"".join(by_accept.streaming_content)


def test_sums_of_a_board_are_those_of_its_file(client, officer):
    janju, kuaro = make.village(), make.village(KUARO, "Kuaro")
    for at in (janju, kuaro):
        make.activity(make.program(at), at, verified_by=officer)
    for query in ("year=2026", "year=2026&quarter=1", "year=2026&level=involved"):
        rows = json_of(client, f"involvement/villages/?{query}")
        lines = csv_of(client, f"involvement/villages/?{query}&format=csv")
        for line, row in zip(lines, rows, strict=True):
            assert line["code"] == row["code"]
            assert int(line["headline_denominator"]) == row["headline"]["denominator"]
            share = row["shares"]["participants"]
            assert line["shares_participants_women"] == (str(share["women"]) if share else "")
        rows = json_of(client, f"involvement/programs/?{query}")
        lines = csv_of(client, f"involvement/programs/?{query}&format=csv")
        told = [(one["program"], one["level"], one["sums"]["women_participants"]) for one in rows]
        assert told == [
            (one["program"], one["level"], int(one["sums_women_participants"])) for one in lines
        ]
        assert {(line["year"], line["basis"]) for line in lines} == {("2026", "verified")}


def problem(answer) -> tuple[int, str]:
    assert answer["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def test_other_formats_and_places_in_pages_are_refused(client, officer):
    unknown = client.get(f"{BASE}activities/?format=pdf")
    assert problem(unknown) == (406, "unknown_format")
    assert "csv (text/csv)" in unknown.json()["detail"]
    assert problem(client.get(f"{BASE}activities/", headers={"accept": "text/html"})) == (
        406,
        "not_acceptable",
    )
    assert problem(client.get(f"{BASE}activities/?format=csv&cursor=abc")) == (
        400,
        "not_with_a_file",
    )
    assert problem(client.get(f"{BASE}villages/64.01.04.2002/?format=csv"))[0] == 406
    assert problem(client.get(f"{BASE}activities/?format=csv&distrik=1")) == (
        400,
        "unknown_parameter",
    )


def test_too_long_and_too_many_are_told_to_tools(client, officer, monkeypatch):
    program = make.program()
    for _ in range(3):
        make.activity(program)
    monkeypatch.setattr(downloads, "MOST_SHEET_ROWS", 2)
    assert problem(client.get(f"{BASE}activities/?format=xlsx")) == (422, "too_long")

    held = [client.get(f"{BASE}activities/?format=csv") for _ in range(downloads.MOST_STREAMS)]
    busy = client.get(f"{BASE}activities/?format=csv")
    assert problem(busy) == (503, "busy")
    assert int(busy["Retry-After"]) > 0
    for answer in held:
        assert b"".join(answer.streaming_content)
    assert len(csv_of(client, "activities/?format=csv")) == Activity.objects.count()


def test_a_download_leaves_its_trace(client, officer):
    make.activity(make.program())
    csv_of(client, "activities/?format=csv&status=submitted")
    entry = AuditEntry.objects.filter(action="export.activities").get()
    assert entry.changes["rows"] == 1
    assert entry.changes["filter"] == "status=submitted"
    assert entry.changes["path"] == "/api/v1/activities/"
