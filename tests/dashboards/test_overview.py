"""The overview of an area: what needs action, four numbers, where, since when."""

import re
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programs.models import Snapshot
from programs.periods import Period
from programs.reporting import last_due_month, month_of
from programs.services import ask_correction, close_period, declare_nothing, set_target
from tests import make

from .examples import EXAMPLES
from .pages import behind, figure, html, links, plain, section, visit, words

pytestmark = pytest.mark.django_db

JANJU, SENAKEN, KUARO = "64.01.04.2002", "64.01.04.2008", "64.01.03.2001"


@pytest.fixture
def officer():
    make.district("64.01.03", "Kuaro")
    return make.officer()


def record(letter="b", at=None, of=None, **values):
    at = at or make.village()
    return make.activity(of or make.program(at), at, **{**EXAMPLES[letter][0], **values})


# -- The order of the page -----------------------------------------------------


def test_page_is_read_from_what_to_do_down_to_what_it_means(officer, client):
    record(verified_by=officer)
    record(at=make.village(KUARO, "Kuaro"), verified_by=officer)
    record()
    villages = make.village().district.regency.code
    call_command("build_schematic_map", regency=villages, verbosity=0)

    page = html(visit(client, officer, "/ringkasan/?year=2026"))

    found = [page.index(f'id="{title}"') for title in ("to-do", "how", "where", "trend", "meaning")]
    assert found == sorted(found)
    how = page[page.index('id="how"') : page.index('id="where"')]
    assert how.count('class="figure-value') == 4
    assert '<table class="data stacked compact' not in page


# -- The four numbers ----------------------------------------------------------


def test_each_number_has_value_n_of_m_change_target_age_and_meaning(officer, client):
    village = make.village()
    for letter in ("b", "i", "e"):
        record(letter, village, verified_by=officer)
    record("b", village, held_on=date(2025, 3, 4), verified_by=officer)
    answer = visit(client, officer, "/ringkasan/?year=2026")

    said = plain(figure(answer, "programs"))
    assert "50,0 % 1 dari 2 program melibatkan perempuan (1 tanpa data)" in said
    assert "turun 50,0 poin dari 2025" in said
    assert "Sasaran belum ditetapkan" in said
    for name in ("programs", "activities", "villages", "deciders"):
        shown = figure(answer, name)
        assert "Catatan terakhir" in shown
        assert f'href="#meaning-{name}"' in shown
        assert f'id="meaning-{name}"' in html(answer)
    assert "1 kegiatan lain tanpa hitungan" in plain(figure(answer, "activities"))


def test_without_a_year_before_there_is_nothing_to_compare_with(officer, client):
    record(verified_by=officer)
    said = plain(figure(visit(client, officer, "/ringkasan/?year=2026"), "programs"))
    assert "Belum ada pembanding" in said
    assert "poin" not in said


def test_target_of_the_area_and_year_is_judged(officer, client):
    village = make.village()
    for letter in ("b", "i"):
        record(letter, village, verified_by=officer)
    set_target("64.01", 2026, 50, actor=officer)
    set_target("64.01.04", 2026, 51, actor=officer)
    regency = plain(figure(visit(client, officer, "/ringkasan/?year=2026"), "programs"))
    district = figure(visit(client, officer, "/wilayah/64.01.04/?year=2026"), "programs")
    assert "Sasaran: 50 persen · tercapai" in regency
    assert "Sasaran: 51 persen · belum tercapai" in plain(district)
    deciders = plain(figure(visit(client, officer, "/ringkasan/?year=2026"), "deciders"))
    assert "28,6 % 2 dari 7 orang yang memutuskan" in deciders
    assert "Garis: 30 persen · belum tercapai" in deciders


def test_unverified_records_stand_beside_the_number_and_not_in_it(officer, client):
    record(verified_by=officer)
    record("i")
    said = plain(figure(visit(client, officer, "/ringkasan/?year=2026"), "activities"))
    assert "100,0 % 1 dari 1 kegiatan yang dihitung" in said
    assert "1 kegiatan belum diperiksa, tidak dihitung di sini" in said


def test_village_that_declared_nothing_counts_as_said_and_is_named_apart(officer, client):
    record(verified_by=officer)
    silent = make.village(SENAKEN, "Senaken")
    make.village(KUARO, "Kuaro")
    declare_nothing(silent, year=2026, month=2, actor=make.village_head(silent))

    def reported(query: str) -> str:
        answer = visit(client, officer, f"/ringkasan/?{query}")
        return plain(figure(answer, "villages"))

    assert "66,7 % 2 dari 3 desa" in reported("year=2026")
    assert "1 di antaranya menyatakan tidak ada kegiatan" in reported("year=2026")
    assert "1 dari 3 desa" in reported("year=2026&month=3")
    assert "menyatakan" not in reported("year=2026&month=3")
    assert "1 dari 3 desa" in reported("year=2026&target_group=general")


def test_too_many_without_data_make_the_number_grey(officer, client):
    for letter in ("b", "e"):
        record(letter, verified_by=officer)
    shown = figure(visit(client, officer, "/ringkasan/?year=2026"), "programs")
    assert '<span class="figure-value muted">100,0 %</span>' in shown
    assert "Data belum cukup" in shown


@pytest.mark.parametrize(
    ("name", "of"), [("programs", "program"), ("activities", "kegiatan"), ("villages", "desa")]
)
def test_numbers_lead_to_lists_as_long_as_they_say(officer, client, name, of):
    for letter in ("b", "i", "e", "b", "c"):
        record(letter, verified_by=officer)
    record("b", at=make.village(KUARO, "Kuaro"), verified_by=officer)
    record("b", of=make.program(), at=make.village(), held_on=date(2025, 1, 2))
    make.village(SENAKEN, "Senaken")
    for address in ("/ringkasan/?year=2026", "/wilayah/64.01.04/?year=2026&semester=1"):
        shown = figure(visit(client, officer, address), name)
        n, m = re.search(rf">(\d+) dari (\d+) {of}", shown).groups()
        part, whole = behind(shown, name), behind(shown, f"{name}-whole")
        assert (rows_of(client.get(part)), rows_of(client.get(whole))) == (int(n), int(m)), address


def rows_of(answer) -> int:
    assert answer.status_code == 200
    table = html(answer).split("<tbody", 1)[1].split("</tbody>")[0]
    return table.count("<tr")


# -- What needs action ---------------------------------------------------------


def test_villages_that_owe_the_last_month_come_first(officer, client):
    month = last_due_month(timezone.localdate())
    record(held_on=month, verified_by=officer)
    for code, name in ((SENAKEN, "Senaken"), (KUARO, "Kuaro")):
        make.village(code, name)
    said = make.village(SENAKEN)
    assert "2 dari 3 desa belum melapor" in section(visit(client, officer, "/ringkasan/"), "to-do")

    declare_nothing(said, year=month.year, month=month.month, actor=make.village_head(said))

    answer = visit(client, officer, "/ringkasan/")
    assert section(answer, "to-do").startswith("Perlu tindakan 1 dari 3 desa belum melapor untuk")
    part = html(answer).split('id="to-do"')[1]
    assert links(part)[0].startswith("/pelaporan/")
    assert client.get(links(part)[0]).status_code == 200


def test_district_board_leads_to_its_own_villages(officer, client):
    month = last_due_month(timezone.localdate())
    record(held_on=month, verified_by=officer)
    make.village(SENAKEN, "Senaken")
    answer = visit(client, officer, "/wilayah/64.01.04/")
    assert "1 dari 2 desa belum melapor" in section(answer, "to-do")
    address = links(html(answer).split('id="to-do"')[1])[0]
    assert address.startswith("/pelaporan/?")
    assert "district=64.01.04" in address


def test_nothing_to_do_is_said(officer, client):
    today = timezone.localdate()
    program = make.program(year_to=today.year + 1)  # else its end is spoken of
    for day in (month_of(today, -2), month_of(today, -1), today):
        record(of=program, held_on=day, verified_by=officer)
    answer = visit(client, officer, "/ringkasan/")
    assert "Tidak ada yang menunggu" in section(answer, "to-do")


def test_request_to_correct_closed_figures_waits_for_who_may_close(officer, client):
    village = make.village()
    record(held_on=date(2025, 3, 4), verified_by=officer)
    head = make.village_head(village)
    closed: Snapshot = close_period(make.regency(), Period(2025, "semester", 1), actor=officer)
    ask_correction(closed, village=village, actor=head, reason="Ada daftar hadir yang tertinggal")
    said = "1 permintaan perbaikan masa yang sudah ditutup"
    assert said in section(visit(client, officer, "/ringkasan/?year=2026"), "to-do")
    leader = make.person("leader", regency=make.regency())
    assert said not in section(visit(client, leader, "/ringkasan/?year=2026"), "to-do")


# -- Where ---------------------------------------------------------------------


def test_districts_stand_from_the_highest_share_down(officer, client):
    record("i", verified_by=officer)
    record("b", at=make.village(KUARO, "Kuaro"), verified_by=officer)
    page = html(visit(client, officer, "/ringkasan/?year=2026"))
    rank = page.split('class="stack rank"')[1].split("<details")[0]
    assert links(rank) == ["/wilayah/64.01.03/?year=2026", "/wilayah/64.01.04/?year=2026"]
    assert "0 dari 1 · 0,0 %" in plain(rank)


def test_board_of_one_district_ranks_its_villages(officer, client):
    record("i", verified_by=officer)
    record("b", at=make.village(SENAKEN, "Senaken"), verified_by=officer)
    page = html(visit(client, officer, "/wilayah/64.01.04/?year=2026"))
    rank = page.split('class="stack rank"')[1]
    assert links(rank)[:2] == [f"/wilayah/{SENAKEN}/?year=2026", f"/wilayah/{JANJU}/?year=2026"]


# -- States --------------------------------------------------------------------


def test_year_without_records_says_so_and_shows_no_number(officer, client):
    record(verified_by=officer)
    page = words(visit(client, officer, "/ringkasan/?year=2019"))
    assert "Belum ada catatan untuk 2019." in page
    assert "Hapus saringan" in page
    assert "%" not in section(visit(client, officer, "/ringkasan/?year=2019"), "how")


def test_filter_that_fits_nothing_says_so_with_a_way_out(officer, client):
    record(verified_by=officer)
    answer = visit(client, officer, "/ringkasan/?year=2026&fund_source=csr")
    assert "Tidak ada kegiatan 2026 yang cocok dengan saringan ini." in words(answer)
    assert '<a class="button secondary" href="?">Hapus saringan</a>' in html(answer)


def test_period_that_is_not_over_is_said(officer, client):
    today = timezone.localdate()
    record(held_on=today - timedelta(days=1), verified_by=officer)
    year = (today - timedelta(days=1)).year
    if year == today.year:
        assert f"Masa {year} belum selesai" in words(
            visit(client, officer, f"/ringkasan/?year={year}")
        )
    record(held_on=date(2025, 3, 4), verified_by=officer)
    assert "belum selesai" not in section(visit(client, officer, "/ringkasan/?year=2025"), "how")


# -- The table of villages -----------------------------------------------------


def test_table_of_villages_holds_every_village_and_their_sum(officer, client):
    record("b", verified_by=officer)
    record("e", verified_by=officer)
    record("i", at=make.village(SENAKEN, "Senaken"), verified_by=officer)
    make.village(KUARO, "Kuaro & Sons <b>")
    answer = visit(client, officer, "/wilayah/64.01/desa/?year=2026")
    page = html(answer)
    assert rows_of(answer) == 3
    assert "Kuaro &amp; Sons &lt;b&gt;" in page
    total = plain("<" + page.split("<tfoot")[1].split("</tfoot>")[0])
    assert "Semua 3 desa 1 dari 2 · 50,0 % 1 3" in total
    assert "Program menurut tingkat: Ikut memutuskan 1, Tanpa data 1" in page


def test_village_that_declared_is_said_in_the_table(officer, client):
    record(verified_by=officer)
    silent = make.village(SENAKEN, "Senaken")
    declare_nothing(silent, year=2026, month=2, actor=make.village_head(silent))
    page = words(visit(client, officer, "/wilayah/64.01/desa/?year=2026&said=yes"))
    assert "Tidak ada kegiatan, menurut pernyataan" in page
    answer = visit(client, officer, "/wilayah/64.01/desa/?year=2026&said=no")
    assert "Tidak ada desa yang cocok dengan pilihan ini." in words(answer)


def test_table_of_villages_is_of_a_regency_or_a_district_of_hers(officer, client):
    record(verified_by=officer)
    make.village(KUARO, "Kuaro")
    for code, status in (("64.01", 200), ("64.01.04", 200), (JANJU, 404), ("64", 404), ("x", 404)):
        assert visit(client, officer, f"/wilayah/{code}/desa/").status_code == status, code
    district = make.person("district_officer", district=make.district())
    assert visit(client, district, "/wilayah/64.01/desa/").status_code == 404
    assert visit(client, district, "/wilayah/64.01.04/desa/").status_code == 200


# -- Cost ----------------------------------------------------------------------


def test_cost_of_the_pages_does_not_grow_with_villages(officer, client):
    record(verified_by=officer)
    record(held_on=date(2025, 3, 4), verified_by=officer)
    addresses = ("/ringkasan/?year=2026", "/wilayah/64.01/desa/?year=2026", "/wilayah/64.01.04/")

    def costs() -> list[int]:
        client.force_login(officer)
        found = []
        for address in addresses:
            with CaptureQueriesContext(connection) as seen:
                assert client.get(address).status_code == 200
            found.append(len(seen))
        return found

    costs()  # the first pages of a process read what it keeps
    before = costs()
    for number in range(100, 130):
        record(at=make.village(f"64.01.04.2{number}", f"Desa {number}"))
    assert costs() == before
