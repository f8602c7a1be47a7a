"""The public pages: the figures of a snapshot and no others, for everybody, and kept by anybody."""

import json
from datetime import date

import pytest
from django.core.management import call_command
from django.test import Client

from dashboards.areas import find_area
from dashboards.boards import area_board
from dashboards.filters import BoardFilter
from programs.models import Program
from programs.periods import Period
from programs.services import verify_activity
from programs.services.closing import close_period, revise_period, take_snapshot
from tests import make
from villages.models import Village

from .published import HEADS, JANJU, NAMES, SENAKEN, file_of, make_examples, pages, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make.officer()


@pytest.fixture
def examples(officer):
    make_examples(officer)


# -- The same numbers ----------------------------------------------------------


@pytest.mark.usefixtures("examples")
def test_page_files_and_the_officers_board_agree(client, officer):
    publish()
    board = area_board(officer, find_area(officer, "64.01"), BoardFilter(2026))
    headline = board.total.headline
    assert headline.judged > headline.involved > 0 < headline.no_data

    text = client.get("/publik/").content.decode()
    said = f"{headline.involved} dari {headline.judged} program melibatkan perempuan"
    assert said in text
    assert f"{headline.no_data} tanpa data" in text
    for name in ("desa", "kecamatan", "program"):
        rows = file_of(client, name)
        columns = ("involved", "judged", "no_data")
        sums = tuple(sum(int(row[column] or 0) for row in rows) for column in columns)
        assert sums == (headline.involved, headline.judged, headline.no_data), name
    for name in HEADS:
        of_villages = sum(int(row[name] or 0) for row in file_of(client, "desa"))
        assert of_villages == getattr(board.total.heads, name)
        assert of_villages == sum(int(row[name] or 0) for row in file_of(client, "program-desa"))
    villages = {row["village_code"]: row for row in file_of(client, "desa", "json")["rows"]}
    shown = {row.code: (row.headline.involved, row.headline.judged) for row in board.villages}
    assert {code: (r["involved"], r["judged"]) for code, r in villages.items()} == shown


@pytest.mark.usefixtures("examples")
def test_csv_and_json_say_the_same(client):
    publish()
    for name in ("desa", "kecamatan", "program", "program-desa"):
        told = file_of(client, name, "json")["rows"]
        said = [row | row.pop("hidden", {}) for row in told]
        read = file_of(client, name)
        as_text = [
            {key: "" if value is None else str(value) for key, value in row.items()} for row in said
        ]
        assert as_text == read


@pytest.mark.usefixtures("examples")
def test_later_verification_changes_nothing_until_the_next_snapshot(client, officer):
    publish()
    before = {page: client.get(page).content for page in pages()}
    waiting = Program.objects.get(title="Program j").activities.get()

    verify_activity(waiting, actor=officer, version=waiting.version)

    assert {page: client.get(page).content for page in pages()} == before
    mark = client.get("/publik/")["ETag"]
    publish()
    assert client.get("/publik/", headers={"if-none-match": mark}).status_code == 200
    assert client.get("/publik/").content != before["/publik/"]


@pytest.mark.usefixtures("examples")
def test_page_names_its_snapshot(client):
    taken = publish()
    text = client.get(f"/publik/wilayah/{JANJU}/").content.decode()
    assert taken.checksum[:12] in text
    assert f"revisi {taken.revision}" in text
    assert f"definisi versi {taken.definition_version}" in text
    assert "Periode ini belum ditutup" in text

    take_snapshot(make.regency(), Period(2026), actor=None, closing=True)
    assert "Angka tetap 2026" in client.get("/publik/").content.decode()


@pytest.mark.usefixtures("examples")
def test_village_without_records_is_named_as_missing_and_never_as_zero(client):
    publish()
    text = client.get(f"/publik/wilayah/{SENAKEN}/").content.decode()
    assert "Belum ada kegiatan 2026 yang terverifikasi" in text
    assert "0,0 %" not in text
    about = client.get("/publik/tentang/").content.decode()
    assert "1 dari 3 desa belum punya kegiatan terverifikasi" in about
    assert "Angka berasal dari 2 dari 3 desa" in client.get("/publik/").content.decode()
    assert f"/publik/wilayah/{SENAKEN}/" in about


# -- Periods -------------------------------------------------------------------


def test_without_a_snapshot_the_pages_are_calm(client):
    make.regency()
    for page in ("/publik/", "/publik/wilayah/", "/publik/program/", "/publik/peta/"):
        answer = client.get(page)
        assert answer.status_code == 200
        assert "Belum ada angka yang diterbitkan" in answer.content.decode()
    for page in (f"/publik/wilayah/{JANJU}/", "/publik/data/desa-2026.csv"):
        assert client.get(page).status_code == 404


@pytest.mark.usefixtures("examples")
def test_only_published_periods_are_offered(client):
    publish()
    publish(Period(2026, "semester", 1))
    publish(Period(2026, "month", 3))
    text = client.get("/publik/?year=2026&semester=1").content.decode()
    assert "semester 1 tahun 2026" in text
    assert "Maret 2026" not in text
    assert "?year=2026&amp;semester=1" in text  # the menu keeps to the period
    for query in ("year=2019", "year=2026&semester=2", "year=2026-03", "year=abc", "semester=1"):
        assert client.get(f"/publik/?{query}").status_code == 404, query
    assert client.get("/publik/data/desa-2026-S1.csv").status_code == 200
    assert client.get("/publik/data/desa-2026-S2.csv").status_code == 404
    assert client.get("/publik/?utm_source=x&page=9").status_code == 200


def said_of(client, period="2025"):
    """Everything that names the snapshot of a period: the page's mark, its foot, the catalogue."""
    answer = client.get(f"/publik/?year={period}")
    catalogue = client.get("/publik/data/katalog.json")
    [told] = [
        (one["closed"], one["version"], one["snapshot_sha256"])
        for one in json.loads(catalogue.content)["dataset"]
        if one["version"].startswith(f"{period} ") and "/desa-" in str(one["distribution"])
    ]
    return answer["ETag"], catalogue["ETag"], answer.content.decode(), told


def test_closed_period_is_published_from_its_newest_closing(client, officer):
    last_year, program = Period(2025), make.program()
    make.activity(program, held_on=date(2025, 3, 4), verified_by=officer)
    publish()  # of this year: the catalogue's own edition
    publish(last_year)
    close_period(make.regency(), last_year, actor=officer)
    first = said_of(client)
    assert first[3][:2] == (True, "2025 revision 1")

    make.activity(make.program(), held_on=date(2025, 4, 4), verified_by=officer)
    publish(last_year)  # dated figures newer than the closing, with another sum
    assert said_of(client) == first
    assert "1 dari 1 program" in first[2]

    reason = "Ibu Aminah melapor"
    revised = revise_period(make.regency(), last_year, actor=officer, reason=reason)
    publish(last_year)
    second = said_of(client)
    assert second[3] == (True, "2025 revision 2", revised.checksum)
    assert second[0] != first[0]
    assert second[1] != first[1]  # the catalogue tells of every period
    assert "2 dari 2 program" in second[2]
    assert "Angka tetap 2025, revisi 2 tanggal" in second[2]
    assert reason not in second[2]
    for page in pages_of_2025():
        assert reason not in client.get(page).content.decode(), page


def pages_of_2025():
    return (
        *("/publik/wilayah/64.01/?year=2025", f"/publik/wilayah/{JANJU}/?year=2025"),
        *("/publik/data/?year=2025", "/publik/data/desa-2025.json", "/publik/data/katalog.json"),
    )


@pytest.mark.usefixtures("examples")
def test_village_that_got_a_new_code_is_listed_once(client):
    publish()
    assert len(file_of(client, "desa")) == 3
    new = "64.01.03.2099"
    Village.objects.filter(code=JANJU).update(code=new)
    codes = [row["village_code"] for row in file_of(client, "desa")]
    assert sorted(codes) == sorted(NAMES)  # as the snapshot names it
    assert client.get(f"/publik/wilayah/{JANJU}/").status_code == 200
    assert client.get(f"/publik/wilayah/{new}/").status_code == 404
    assert "dari 3 desa" in client.get("/publik/").content.decode()


@pytest.mark.usefixtures("examples")
def test_village_without_records_bears_its_name_of_today(client):
    publish()
    address = f"/publik/wilayah/{SENAKEN}/"
    before = client.get(address)
    assert "Desa Senaken" in before.content.decode()
    Village.objects.filter(code=SENAKEN).update(name="Sungai Baru")
    after = client.get(address, headers={"if-none-match": before["ETag"]})
    assert after.status_code == 200
    assert "Desa Sungai Baru" in after.content.decode()


# -- Files ---------------------------------------------------------------------


@pytest.mark.usefixtures("examples")
def test_every_file_says_what_it_is(client):
    taken = publish()
    metadata = file_of(client, "desa", "json")["metadata"]
    assert metadata["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert "ODbL" in metadata["rights"]
    assert metadata["snapshot_sha256"] == taken.checksum
    assert metadata["status"] == "official"
    assert {one["name"] for one in metadata["columns"]} == set(file_of(client, "desa")[0])
    assert all(one["description"] for one in metadata["columns"])
    catalogue = json.loads(client.get("/publik/data/katalog.json").content)
    addresses = [
        file["downloadURL"].removeprefix("http://testserver")
        for dataset in catalogue["dataset"]
        for file in dataset["distribution"]
    ]
    assert len(addresses) == 10
    assert {client.get(address).status_code for address in addresses} == {200}
    assert client.get(addresses[0])["Access-Control-Allow-Origin"] == "*"


@pytest.mark.usefixtures("examples")
def test_geojson_holds_the_outline_of_each_village(client):
    for code, (longitude, latitude) in zip(
        NAMES, ((116.2, -1.9), (116.25, -1.85), (116.1, -1.8)), strict=True
    ):
        village = make.village(code)
        type(village).objects.filter(pk=village.pk).update(longitude=longitude, latitude=latitude)
    call_command("build_schematic_map", regency="64.01", verbosity=0)
    publish()
    features = file_of(client, "desa", "geojson")["features"]
    assert {one["properties"]["village_code"] for one in features} == set(NAMES)
    assert {one["geometry"]["type"] for one in features} == {"MultiPolygon"}
    assert "<svg" in client.get("/publik/peta/").content.decode()


def test_sample_figures_say_so_on_every_page_and_in_every_row(client, officer):
    program = make.program(title="Program b", origin="sample")
    make.activity(program, verified_by=officer)
    publish()
    rekaan = "Semua angka ini rekaan"
    for page in ("/publik/", f"/publik/wilayah/{JANJU}/", f"/publik/program/{program.pk}/"):
        assert rekaan in client.get(page).content.decode()
    for name in ("desa", "kecamatan", "program", "program-desa"):
        rows = file_of(client, name)
        assert {row["status"] for row in rows} == {"invented sample data"}
    answer = client.get("/publik/data/desa-2026.csv")
    assert "contoh-desa-2026.csv" in answer["Content-Disposition"]


def test_title_that_looks_like_a_formula_is_harmless_in_the_file(client, officer):
    make.activity(make.program(title='=HYPERLINK("http://x")'), verified_by=officer)
    publish()
    [row] = file_of(client, "program")
    assert row["program"] == '\'=HYPERLINK("http://x")'


# -- Kept by anybody -----------------------------------------------------------


@pytest.mark.usefixtures("examples")
def test_answers_are_the_same_for_everybody_and_may_be_kept(client, officer):
    publish()
    insider = Client()
    insider.force_login(officer)
    insider.cookies["django_language"] = "en"
    for page in pages():
        answer, inside = client.get(page), insider.get(page)
        assert "public" in answer["Cache-Control"], page
        assert "max-age=" in answer["Cache-Control"]
        assert "Cookie" not in answer.get("Vary", "")
        assert not answer.cookies, page
        assert not inside.cookies
        assert (inside.content, inside["ETag"]) == (answer.content, answer["ETag"])
        assert officer.username not in inside.content.decode()
        again = client.get(page, headers={"if-none-match": answer["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert "max-age=" in again["Cache-Control"]
        assert not again.cookies


def test_session_of_a_reader_is_not_touched(officer, django_assert_num_queries):
    make.regency()
    insider = Client()
    insider.force_login(officer)
    key = insider.cookies["sessionid"].value
    before = dict(insider.session.items())
    answer = insider.get("/publik/koreksi/")
    assert answer.status_code == 200
    assert insider.cookies["sessionid"].value == key
    assert dict(insider.session.items()) == before
    with django_assert_num_queries(2):  # the periods that are published; the newest outline
        insider.get("/publik/koreksi/")


def test_only_reading_is_answered():
    strict = Client(enforce_csrf_checks=True)
    for method in ("post", "put", "patch", "delete", "options"):
        assert getattr(strict, method)("/publik/").status_code == 405, method
    assert strict.head("/publik/").status_code == 200


@pytest.mark.usefixtures("examples")
def test_what_a_reader_types_is_bounded_and_escaped(client):
    publish()
    answer = client.get("/publik/wilayah/", {"cari": "<script>alert(1)</script>"})
    assert "<script>alert" not in answer.content.decode()
    assert "&lt;script&gt;" in answer.content.decode()
    assert client.get("/publik/wilayah/", {"cari": "x" * 5000}).status_code == 200
    assert client.get("/publik/wilayah/", {"cari": "a\x00"}).status_code == 400
    assert "Desa Janju" in client.get("/publik/wilayah/", {"cari": "janj"}).content.decode()
    for address in ("99.99", "64", "64.01.04.9999", "x" * 40):
        assert client.get(f"/publik/wilayah/{address}/").status_code == 404
    for name in ("orang-2026.csv", "desa-2026.exe", "desa-2026-Q1.csv", "program-2026.geojson"):
        assert client.get(f"/publik/data/{name}").status_code == 404


@pytest.mark.usefixtures("examples")
def test_page_speaks_english_when_the_address_says_so(client):
    publish()
    text = client.get("/publik/?lang=en").content.decode()
    assert '<html lang="en"' in text
    assert "programs involve women" in text
    assert 'href="/publik/data/?lang=en"' in text
    assert '<html lang="id"' in client.get("/publik/?lang=xx").content.decode()


def test_search_machines_may_read_the_public_pages_alone(client):
    text = client.get("/robots.txt").content.decode()
    assert "Allow: /publik/" in text
    assert text.rstrip().endswith("Disallow: /")


def test_login_page_leads_to_the_public_pages(client):
    assert 'href="/publik/"' in client.get("/masuk/").content.decode()
