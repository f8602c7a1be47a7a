"""The pages of areas and programs: what they say, to whom, and what they refuse."""

import re
from datetime import date

import pytest
from django.utils.html import strip_tags

from programs.services import verify_activity
from tests import make

from .examples import EXAMPLES

pytestmark = pytest.mark.django_db

JANJU, SENAKEN, KUARO = "64.01.04.2002", "64.01.04.2008", "64.01.03.2001"
THIS_YEAR = date.today().year  # noqa: DTZ011 - the year of the default filter


@pytest.fixture
def officer():
    return make.officer()


@pytest.fixture
def read(client):
    """`read(person, "/peta/")` → the words of the page, once it was answered with 200."""

    def read(person, address: str) -> str:
        response = visit(client, person, address)
        assert response.status_code == 200, address
        return words(response)

    return read


def visit(client, person, address: str):
    client.force_login(person)
    return client.get(address)


def words(response) -> str:
    main = response.content.decode().split("<main")[1].split("</main>")[0]
    return re.sub(r"\s+", " ", strip_tags(re.sub("<", " <", main)))


def record(of, at, letter: str, **values):
    return make.activity(of, at, **{**EXAMPLES[letter][0], **values})


# -- What they say -------------------------------------------------------------


def test_board_says_n_of_m_and_the_share(officer, read):
    village = make.village()
    for letter in ("b", "i", "f", "e"):
        record(make.program(village), village, letter, verified_by=officer)

    page = read(officer, "/ringkasan/?year=2026")

    assert "1 dari 3 program melibatkan perempuan (1 tanpa data)" in page
    assert "33,3 %" in page
    assert "2 dari 3 kegiatan yang dihitung" in page
    assert "Definisi versi 1." in page
    assert "Data belum cukup" not in page


def test_board_changes_when_the_officer_verifies(officer, read):
    activity = record(make.program(), make.village(), "b")
    assert "Belum ada kegiatan yang terverifikasi" in read(officer, "/ringkasan/?year=2026")
    assert "1 kegiatan 2026 menunggu diperiksa" in read(officer, "/ringkasan/?year=2026")

    verify_activity(activity, actor=officer, version=activity.version)

    page = read(officer, "/ringkasan/?year=2026")
    assert "1 dari 1 program melibatkan perempuan (0 tanpa data)" in page
    assert "menunggu diperiksa" not in page


def test_too_little_data_is_said_and_greyed(officer, client):
    village = make.village()
    for letter in ("b", "e"):
        record(make.program(village), village, letter, verified_by=officer)
    response = visit(client, officer, "/ringkasan/?year=2026")
    assert "Data belum cukup" in words(response)
    assert '<span class="figure-value muted">100,0 %</span>' in response.content.decode()


def test_board_without_any_report_shows_no_zero(officer, read):
    make.village()
    page = read(officer, "/ringkasan/?year=2026")
    assert "Belum ada laporan" in page
    assert "0,0 %" not in page


def test_village_without_record_is_named(officer, read):
    make.village(SENAKEN, "Senaken")
    record(make.program(), make.village(), "b", verified_by=officer)
    page = read(officer, "/wilayah/64.01/desa/?year=2026&said=no")
    assert "Desa Senaken Kecamatan Tanah Grogot" in page
    assert "Desa Janju" not in page


def test_missing_shares_are_a_dash_on_the_village_page(officer, read):
    record(make.program(), make.village(), "e", verified_by=officer)
    page = read(officer, f"/wilayah/{JANJU}/?year=2026")
    assert "Tanpa data" in page
    assert "0,0 %" not in page


def test_village_page_names_village_and_district_and_links_to_the_activities(officer, client):
    program = make.program(title="Bibit lada")
    record(program, make.village(), "b", verified_by=officer, title="Pelatihan di balai")
    record(program, make.village(), "f", title="Belum diperiksa")

    response = visit(client, officer, f"/wilayah/{JANJU}/?year=2026")
    page = words(response)

    assert "Desa Janju" in page
    assert "Kecamatan Tanah Grogot, Kabupaten Paser" in page
    assert "Bibit lada" in page
    assert "15 dari 45" in page
    assert "1 menunggu diperiksa" in page
    links = re.findall(r'href="(/kegiatan/\?[^"]+)"', response.content.decode())
    listed = words(client.get(links[0].replace("&amp;", "&")))
    assert "Pelatihan di balai" in listed
    assert "Belum diperiksa" not in listed


def test_small_group_is_said(officer, read):
    record(make.program(), make.village(), "f", verified_by=officer)
    assert "kelompok kecil" in read(officer, f"/wilayah/{JANJU}/?year=2026")


def test_program_page_shows_its_villages(officer, read):
    near, far = make.village(), make.village(KUARO, "Kuaro")
    program = make.program(near, far, title="Bibit lada")
    record(program, near, "b", verified_by=officer)

    page = read(officer, f"/capaian/program/{program.pk}/?year=2026")

    assert "1 dari 1 desa (0 tanpa data)" in page
    assert "Ikut memutuskan" in page
    assert "Desa Kuaro" in page
    assert "Desa Kuaro" not in read(
        make.village_head(near), f"/capaian/program/{program.pk}/?year=2026"
    )


def test_map_has_a_list_with_the_same_numbers_for_each_measure(officer, read):
    record(make.program(), make.village(), "b", verified_by=officer)
    make.village(SENAKEN, "Senaken")
    for measure, figure in (
        ("programs", "1 dari 1"),
        ("participants", "15 dari 45"),
        ("deciders", "2 dari 5"),
        ("activities", "1 dari 1"),
    ):
        page = read(officer, f"/peta/?year=2026&measure={measure}")
        assert figure in page, measure
        assert "Desa Senaken" in page
        assert "Belum ada kegiatan" in page


# -- Order of the villages -----------------------------------------------------


@pytest.mark.parametrize("address", ["/wilayah/64.01/desa/", "/peta/"])
@pytest.mark.parametrize(
    ("order", "villages"),
    [
        ("", "Janju Senaken Kuaro"),
        ("lowest", "Janju Senaken Kuaro"),
        ("highest", "Senaken Janju Kuaro"),
        ("no_data", "Kuaro Janju Senaken"),
        ("code", "Kuaro Janju Senaken"),
    ],
)
def test_villages_stand_in_the_order_asked_for(officer, client, address, order, villages):
    """Of their programs, 1 of 2 in Janju and 1 of 1 in Senaken; Kuaro counted nobody."""
    letters = {JANJU: "bi", SENAKEN: "b", KUARO: "e"}
    for code, name in ((JANJU, "Janju"), (SENAKEN, "Senaken"), (KUARO, "Kuaro")):
        village = make.village(code, name)
        for letter in letters[code]:
            record(make.program(village), village, letter, verified_by=officer)

    response = visit(client, officer, f"{address}?year=2026&order={order}")

    rows = re.findall(r'scope="row"><a[^>]*>Desa (\w+)<', response.content.decode())
    assert " ".join(rows) == villages


def test_order_is_a_link_that_keeps_the_filter(officer, client):
    record(make.program(), make.village(), "e", verified_by=officer)
    address = "/wilayah/64.01/desa/?year=2026&order=highest"
    page = visit(client, officer, address).content.decode()
    assert 'href="?year=2026&amp;order=lowest#villages"' in page
    assert '<input type="hidden" name="order" value="highest">' in page


def test_what_was_not_counted_is_first_to_do_and_leads_to_the_programs(officer, client):
    record(make.program(title="Bibit lada"), make.village(), "e", verified_by=officer)
    page = visit(client, officer, "/ringkasan/?year=2026").content.decode()
    to_do = page.split('id="to-do"')[1].split("</section>")[0]
    [link] = re.findall(r'href="(/capaian/[^"]+)"', to_do)
    assert "Bibit lada" in words(client.get(link.replace("&amp;", "&")))


# -- Paper and words -----------------------------------------------------------


def test_waiting_is_of_the_period_shown(officer, read):
    record(make.program(), make.village(), "b", held_on=date(2026, 3, 1))
    assert "menunggu diperiksa" not in read(officer, "/ringkasan/?year=2025").lower()
    assert "1 kegiatan 2026 menunggu diperiksa" in read(officer, "/ringkasan/?year=2026")


def test_every_board_says_area_period_basis_and_moment_for_paper(officer, client):
    program = make.program(title="Bibit lada")
    record(program, make.village(), "b", verified_by=officer)
    for address, name in (
        ("/ringkasan/", "Kabupaten Paser"),
        (f"/wilayah/{JANJU}/", "Desa Janju"),
        ("/peta/", "Kabupaten Paser"),
        (f"/capaian/program/{program.pk}/", "Bibit lada"),
    ):
        page = visit(client, officer, address + "?year=2026").content.decode()
        head = page.split('class="print-only">')[1].split("</p>")[0]
        assert f"{name} · Masa: 2026 · Catatan: hanya yang terverifikasi · Angka per" in head
        assert "WITA" in head


def test_table_of_aspects_is_explained(officer, read):
    record(make.program(), make.village(), "b", verified_by=officer)
    page = read(officer, f"/wilayah/{JANJU}/?year=2026")
    assert "Partisipasi: paling sedikit 30 persen yang hadir adalah perempuan." in page


# -- Filters -------------------------------------------------------------------


def test_filter_stays_in_links_and_has_chips(officer, client):
    record(make.program(), make.village(), "b", held_on=date(2025, 2, 1))
    query = "?year=2025&semester=1&basis=reported"

    response = visit(client, officer, "/ringkasan/" + query)

    shown = response.content.decode()
    assert f"/wilayah/64.01/desa/{query}".replace("&", "&amp;") in shown
    page = words(response)
    assert "Semester 1" in page
    assert "Hapus semua saringan" in page
    assert "1 dari 1 program" in page
    assert "1 dari 1 program" not in words(
        client.get("/ringkasan/?year=2025&semester=2&basis=reported")
    )


def test_default_is_the_newest_year_with_records(officer, read):
    record(make.program(), make.village(), "b", held_on=date(2024, 2, 1), verified_by=officer)
    assert "1 dari 1 program melibatkan perempuan" in read(officer, "/ringkasan/")


def test_default_is_this_year_when_nothing_is_on_file(officer, read):
    make.village()
    assert f"Belum ada kegiatan {THIS_YEAR} yang dikirim" in read(officer, "/ringkasan/")


@pytest.mark.parametrize(
    ("address", "unknown"),
    [
        ("/ringkasan/?year=abc&semester=1", "Tahun: abc"),
        ("/ringkasan/?year=1999", "Tahun: 1999"),
        ("/ringkasan/?year=٢٠٢٦", "Tahun: ٢٠٢٦"),
        (f"/wilayah/{JANJU}/?semester=3", "Masa: 3"),
        ("/peta/?basis=guess", "Catatan: guess"),
        ("/peta/?measure=heads", "Ukuran: heads"),
        ("/peta/?order=best", "Urutan: best"),
        ("/wilayah/64.01/desa/?order=best", "Urutan: best"),
        ("/wilayah/64.01/desa/?said=perhaps", "Desa: perhaps"),
        ("/ringkasan/?opd=999999", "Perangkat daerah: 999999"),
        ("/ringkasan/?owner=me", "Pemilik program: me"),
        ("/ringkasan/?level=9", "Tingkat program: 9"),
        ("/ringkasan/?fund_source=gold", "Sumber dana: gold"),
    ],
)
def test_unknown_value_is_named_with_a_way_out(officer, client, address, unknown):
    make.village()
    response = visit(client, officer, address)
    assert response.status_code == 400
    assert unknown in words(response)
    [first] = re.findall(r'class="chip" href="([^"]*)"', response.content.decode())
    clean = address.split("?")[0] + first.replace("&amp;", "&")
    assert client.get(clean).status_code == 200


# -- Whom ----------------------------------------------------------------------


def test_each_person_is_led_to_her_own_area(client):
    make.village(KUARO, "Kuaro")
    head = make.village_head()
    district = make.person("district_officer", district=make.district())
    helper = make.person("facilitator", village=make.village())
    helper.grants.create(
        role="facilitator", village=make.village(SENAKEN, "Senaken"), valid_from=date(2020, 1, 1)
    )

    assert visit(client, head, "/ringkasan/").url == f"/wilayah/{JANJU}/"
    assert visit(client, district, "/ringkasan/").url == "/wilayah/64.01.04/"
    assert "Desa Anda" in words(visit(client, helper, "/ringkasan/"))
    assert "Kuaro" not in words(visit(client, helper, "/ringkasan/"))
    assert visit(client, make.person(), "/ringkasan/").status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/wilayah/64.01/", "/wilayah/64.01.04/", f"/wilayah/{KUARO}/", "/peta/", "/wilayah/64/"],
)
def test_area_outside_the_reach_is_not_there(client, address):
    make.village(KUARO, "Kuaro")
    head = make.village_head()
    assert visit(client, head, address).status_code == 404


def test_program_outside_the_reach_is_not_there(client):
    far = make.village(KUARO, "Kuaro")
    program = make.program(far, owner_village=far)
    answer = visit(client, make.village_head(), f"/capaian/program/{program.pk}/")
    assert answer.status_code == 404


def test_unknown_shapes_of_codes_are_not_there(officer, client):
    for code in ("64", "6401", "64.01.04.9999", "x", "64.01.99"):
        assert visit(client, officer, f"/wilayah/{code}/").status_code == 404, code


def test_nobody_writes_to_a_board(officer, client):
    client.force_login(officer)
    assert client.post("/ringkasan/").status_code == 405
