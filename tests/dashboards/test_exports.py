"""Boards as files: what they add up to is what the page shows; nobody gets another's rows."""

import csv
import io
import json

import pytest

from core.models import AuditEntry
from tests import make

from .pages import plain

OTHER = "64.01.04.2003"


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def fetch(client, person, address: str):
    client.force_login(person)
    return client.get(address)


def rows_of(response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(response).decode("utf-8-sig"), newline="")))


def total(rows, name: str) -> int:
    return sum(int(row[name] or 0) for row in rows)


@pytest.fixture
def place(db):
    """Two villages: one program involves women in one of them, one has no data, one no one."""
    janju, other = make.village(), make.village(OTHER, "Tetangga")
    officer = make.officer()
    common = make.program(janju, other, title="Posyandu")
    uncounted = make.program(other, title="Jalan")
    made = {"verified_by": officer}
    make.activity(common, janju, women_participants=12, men_participants=8, **made)
    make.activity(common, other, women_participants=1, men_participants=19, **made)
    nobody = {"women_participants": None, "men_participants": None}
    make.activity(uncounted, other, **nobody, **made)
    make.activity(common, janju, title="Belum diperiksa")
    make.village("64.01.04.2009", "Sunyi")
    return janju, other, officer


def test_sums_of_the_board_as_csv_are_those_of_the_page(client, place):
    _janju, _other, officer = place
    shown = fetch(client, officer, "/ringkasan/?year=2026").context["board"]
    found = rows_of(fetch(client, officer, "/ringkasan/?year=2026&format=csv"))

    n, of = "Program yang melibatkan perempuan (n)", "Program yang melibatkan perempuan (dari)"
    assert (total(found, n), total(found, of)) == shown.headline.share == (1, 2)
    assert total(found, "Program tanpa data") == shown.headline.no_data == 1
    assert total(found, "Kegiatan yang dihitung") == shown.total.heads.activities == 3
    assert total(found, "Kegiatan masuk") == shown.total.sent == 4
    women = "Perempuan di antara yang hadir (n)"
    assert total(found, women) == shown.total.heads.women_participants == 13
    assert {row["Versi definisi"] for row in found} == {str(shown.definition)}
    assert {row["Masa"][:4] for row in found} == {"2026"}


def test_village_without_activities_has_empty_cells(client, place):
    found = rows_of(fetch(client, place[2], "/ringkasan/?year=2026&format=csv"))

    [silent] = [row for row in found if row["Desa/kelurahan"] == "Desa Sunyi"]
    assert silent["Kegiatan masuk"] == "0"
    assert silent["Program tanpa data"] == ""
    assert silent["Program yang melibatkan perempuan (dari)"] == ""


@pytest.mark.parametrize("basis", ["verified", "reported"])
def test_list_of_activities_behind_the_board_has_as_many_rows(client, place, basis):
    officer = place[2]
    page = fetch(client, officer, f"/ringkasan/?year=2026&basis={basis}")
    shown = page.context["board"]
    query = shown.flt.activities_query()
    found = rows_of(fetch(client, officer, f"/kegiatan/?{query}&format=csv"))

    assert len(found) == shown.total.heads.activities
    assert total(found, "Perempuan hadir") == shown.total.heads.women_participants


def test_filter_goes_into_the_file(client, place):
    address = "/wilayah/64.01/?year=2026&semester=1&basis=reported&owner=opd&format=csv"
    [row, *_more] = rows_of(fetch(client, place[2], address))

    assert "2026-01-01 – 2026-06-30" in row["Masa"]
    assert row["Catatan yang dihitung"] == "Semua yang dilaporkan"
    assert row["Saringan"]
    assert row["Cakupan wilayah"] == "Kabupaten Paser"


def test_villages_table_keeps_its_order_and_its_cut(client, place):
    found = rows_of(
        fetch(client, place[2], "/wilayah/64.01/desa/?year=2026&order=lowest&said=yes&format=csv")
    )
    assert [row["Desa/kelurahan"] for row in found] == ["Desa Tetangga", "Desa Janju"]


def test_programs_of_a_village_as_csv_are_those_of_its_page(client, place):
    shown = fetch(client, place[2], f"/wilayah/{OTHER}/?year=2026").context["board"]
    found = rows_of(fetch(client, place[2], f"/wilayah/{OTHER}/?year=2026&format=csv"))

    assert [(row["Program"], row["Kode tingkat"]) for row in found] == [
        (row.title, row.shown.level.code) for row in shown.rows
    ]
    assert {row["Desa/kelurahan"] for row in found} == {"Desa Tetangga"}


def test_standings_and_program_are_files_too(client, place):
    officer = place[2]
    listed = rows_of(fetch(client, officer, "/capaian/?year=2026&format=csv"))
    uid = next(row["Pengenal program"] for row in listed if row["Program"] == "Posyandu")
    of_one = rows_of(fetch(client, officer, f"/capaian/program/{uid}/?year=2026&format=csv"))

    assert len(listed) == 3
    assert [row["Desa/kelurahan"] for row in of_one] == ["Desa Janju", "Desa Tetangga"]


def test_head_of_a_village_gets_nothing_of_another(client, place):
    head = make.village_head(place[0])

    assert fetch(client, head, f"/wilayah/{OTHER}/?format=csv").status_code == 404
    assert fetch(client, head, "/wilayah/64.01.04/?format=geojson").status_code == 404
    assert b"Tetangga" not in body(fetch(client, head, "/capaian/?year=2026&format=csv"))


@pytest.mark.parametrize("fmt", ["xlsx", "pdf"])
@pytest.mark.parametrize(
    "address",
    ["/ringkasan/", "/wilayah/64.01/desa/", f"/wilayah/{OTHER}/", "/peta/", "/capaian/"],
)
def test_every_board_has_the_other_formats(client, place, address, fmt):
    response = fetch(client, place[2], f"{address}?year=2026&format={fmt}")

    assert response.status_code == 200
    assert body(response)[:4] in (b"PK\x03\x04", b"%PDF")


@pytest.mark.parametrize("address", ["/ringkasan/", "/peta/", f"/wilayah/{OTHER}/"])
def test_unknown_format_names_what_to_take_away(client, place, address):
    response = fetch(client, place[2], f"{address}?year=2026&format=ods")

    assert response.status_code == 400
    assert "ods" in plain(response.content.decode())


# -- Outlines ------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["/peta/", "/wilayah/64.01/"])
def test_areas_are_geojson_with_their_metadata(client, place, address):
    response = fetch(client, place[2], f"{address}?year=2026&format=geojson")
    found = json.loads(body(response))

    assert response["Content-Type"] == "application/geo+json"
    assert found["type"] == "FeatureCollection"
    about = found["metadata"]
    assert (about["area"], about["period"], about["definition_version"]) == ("64.01", "2026", 1)
    shares = {
        one["properties"]["name"]: (
            one["properties"]["numerator"],
            one["properties"]["denominator"],
        )
        for one in found["features"]
    }
    assert shares == {"Desa Janju": (1, 1), "Desa Tetangga": (0, 1), "Desa Sunyi": (None, None)}


# -- The page of downloads -------------------------------------------------------------


def test_downloads_lead_to_files_of_the_size_they_say(client, place):
    page = fetch(client, place[2], "/unduh/?year=2026")

    for offer in page.context["offers"]:
        [first, *_more] = offer.links
        response = client.get(first[1])
        assert response.status_code == 200, offer
        if offer.rows is not None and first[0] == "CSV":
            assert len(rows_of(response)) == offer.rows, offer.title


def test_own_downloads_are_listed_and_nobody_elses(client, place):
    janju, _other, officer = place
    head = make.village_head(janju)
    body(fetch(client, head, "/kegiatan/?format=csv&year=2026"))

    assert "year=2026" in plain(client.get("/unduh/").content.decode())
    other_head = make.village_head(make.village(OTHER))
    assert "year=2026" not in plain(fetch(client, other_head, "/unduh/").content.decode())


def test_auditor_sees_downloads_within_her_reach_only(client, place):
    janju, *_rest = place
    head = make.village_head(janju)
    body(fetch(client, head, "/kegiatan/?format=csv"))
    near = make.person("auditor", regency=make.regency())
    far = make.person("auditor", regency=make.regency("64.02", "Kabupaten Kutai Kartanegara"))
    make.village("64.02.01.2001", "Jauh")

    assert list(fetch(client, near, "/unduh/").context["others"].values_list("actor")) == [
        (head.pk,)
    ]
    assert list(fetch(client, far, "/unduh/").context["others"]) == []
    assert AuditEntry.objects.filter(action="export.activities").count() == 1


def test_person_without_villages_has_nothing_to_download(client, db):
    assert fetch(client, make.person(), "/unduh/").status_code == 404
