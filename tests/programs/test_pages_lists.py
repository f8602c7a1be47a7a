"""The lists: what they show, to whom, how they are narrowed, and that they stay cheap."""

import re
from datetime import date

import pytest

from programs.services import return_activity
from tests import make
from tests.typed import text

pytestmark = pytest.mark.django_db
LISTS = ("/kegiatan/", "/periksa/", "/program/")


@pytest.fixture
def janju():
    return make.village()


@pytest.fixture
def officer(client):
    person = make.officer()
    sign_in(client, person)
    return person


def sign_in(client, person):
    client.force_login(person)


def titles(response) -> list[str]:
    return [row.title for row in response.context["page"]]


def test_returned_records_stand_first_for_those_who_record(client, janju):
    head, program = make.village_head(janju), make.program(janju)
    old = make.activity(program, janju, author=head, title="Lama", held_on=date(2025, 1, 2))
    make.activity(program, janju, author=head, title="Baru")
    return_activity(old, actor=make.officer(), version=1, reason="Periksa tanggal.")
    sign_in(client, head)

    response = client.get("/kegiatan/")

    assert titles(response) == ["Lama", "Baru"]
    assert "<h1>Kegiatan saya</h1>" in text(response)
    assert titles(client.get("/kegiatan/?ordering=-held_on")) == ["Baru", "Lama"]


def test_own_list_has_months_and_counted_states(client, janju):
    head, program = make.village_head(janju), make.program(janju)
    helper = make.person("facilitator", village=janju)
    back = make.activity(program, janju, author=head, title="Lama", held_on=date(2025, 1, 2))
    make.activity(program, janju, author=helper, title="Bantuan", held_on=date(2026, 2, 2))
    make.activity(program, janju, author=head, title="Baru", verified_by=make.officer())
    return_activity(back, actor=make.officer(), version=1, reason="Periksa tanggal.")
    sign_in(client, head)

    response = client.get("/kegiatan/")

    page = text(response)
    assert re.findall(r"<h2>(.*?)</h2>", page)[:3] == [
        "Perlu perbaikan",
        "Maret 2026",
        "Februari 2026",
    ]
    assert f"dicatat oleh {helper.name}" in page
    assert f"dicatat oleh {head.name}" not in page
    tabs = response.context["tabs"]
    assert [(tab["status"], tab["total"]) for tab in tabs] == [
        ("", 3),
        ("returned", 1),
        ("submitted", 1),
        ("verified", 1),
    ]
    chosen = client.get("/kegiatan/?status=submitted&search=bantuan")
    assert titles(chosen) == ["Bantuan"]
    assert [tab["total"] for tab in chosen.context["tabs"]] == [1, 0, 1, 0]
    assert 'aria-current="page" href="?status=submitted&amp;search=bantuan"' in text(chosen)


def test_chip_shows_a_date_as_the_table_does(client, officer):
    assert "Dari tanggal: 01-02-2026" in text(client.get("/kegiatan/?held_on_after=1-2-2026"))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("search=posyandu", {"Posyandu melati"}),
        ("search=melati+janju", {"Posyandu melati"}),
        ("district=64.01.05", {"Panen raya"}),
        ("village=64.01.05.2001", {"Panen raya"}),
        ("status=verified", {"Panen raya"}),
        ("held_on_after=2026-03-04", {"Posyandu melati"}),
        ("held_on_before=3/3/2026", {"Panen raya"}),
        ("held_on_after=1-3-2026&held_on_before=31-3-2026&status=submitted", {"Posyandu melati"}),
        ("updated_since=2099-01-01T00:00:00Z", set()),
        ("", {"Posyandu melati", "Panen raya"}),
    ],
)
def test_activities_are_narrowed(client, officer, janju, query, expected):
    far = make.village("64.01.05.2001", "Rantau")
    make.activity(make.program(janju), janju, title="Posyandu melati", held_on=date(2026, 3, 4))
    make.activity(
        make.program(far),
        far,
        title="Panen raya",
        held_on=date(2026, 3, 3),
        verified_by=make.officer(),
    )

    assert set(titles(client.get(f"/kegiatan/?{query}"))) == expected


def test_activities_are_sorted_by_a_press_on_the_heading(client, officer, janju):
    program = make.program(janju)
    for title, day in (("Aren", 3), ("Bibit", 1), ("Cabai", 2)):
        make.activity(program, janju, title=title, held_on=date(2026, 3, day))

    assert 'href="?search=i&amp;ordering=held_on"' in text(client.get("/kegiatan/?search=i"))
    assert titles(client.get("/kegiatan/?ordering=held_on")) == ["Bibit", "Cabai", "Aren"]
    assert titles(client.get("/kegiatan/?ordering=-title")) == ["Cabai", "Bibit", "Aren"]
    assert 'aria-sort="descending"' in text(client.get("/kegiatan/?ordering=-title"))
    assert client.get("/kegiatan/?ordering=password").status_code == 422


def test_program_filter_takes_a_uid(client, officer, janju):
    one, other = make.program(janju), make.program(janju)
    make.activity(one, janju, title="Satu")
    make.activity(other, janju, title="Dua")

    assert titles(client.get(f"/kegiatan/?program={one.pk}")) == ["Satu"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("search=jalan", {"Jalan tani"}),
        ("owner=village", {"Jalan tani"}),
        ("owner=opd", {"Stunting"}),
        ("year=2025", {"Stunting"}),
        ("year=2026", {"Stunting", "Jalan tani"}),
        ("target_group=women", {"Stunting"}),
        ("state=completed", set()),
        ("village=64.01.04.2002", {"Stunting", "Jalan tani"}),
    ],
)
def test_programs_are_narrowed(client, officer, janju, query, expected):
    make.program(janju, title="Stunting", year_from=2024, year_to=2026, target_group="women")
    make.program(janju, title="Jalan tani", owner_village=janju, year_from=2026, year_to=2026)

    assert set(titles(client.get(f"/program/?{query}"))) == expected


def test_filter_in_use_is_shown_and_can_be_taken_off(client, officer, janju):
    make.activity(make.program(janju), janju)

    page = text(client.get("/kegiatan/?search=pelatihan&status=submitted"))

    assert "Cari: pelatihan" in page
    assert 'href="?status=submitted"' in page
    assert "Keadaan: Menunggu diperiksa" in page


@pytest.mark.parametrize("address", LISTS)
def test_empty_list_says_why(client, officer, address):
    page = text(client.get(address))

    assert 'class="empty"' in page
    assert "Hapus saringan" not in page


@pytest.mark.parametrize(
    "address", ["/kegiatan/?search=zzz", "/periksa/?district=64.01.04", "/program/?search=zzz"]
)
def test_list_emptied_by_a_filter_offers_to_clear_it(client, officer, address):
    make.district()
    page = text(client.get(address))

    assert "Tidak ada yang cocok" in page
    assert "Hapus saringan" in page


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/kegiatan/?held_on_after=3/25/2026", "Periksa hari dan bulannya"),
        ("/kegiatan/?status=lost", "Pilih salah satu"),
        ("/periksa/?district=00.00.00", "Pilih salah satu"),
        ("/program/?year=soon", "empat angka"),
        ("/program/?year=26", "empat angka"),
        ("/program/?year=1999", "2000 sampai 2100"),
        ("/program/?year=9999", "2000 sampai 2100"),
        ("/kegiatan/?updated_since=0001-01-01T00:00:00", "2000 sampai 2100"),
        ("/kegiatan/?updated_since=0001-01-01T00:00:00%2B14:00", "2000 sampai 2100"),
        ("/kegiatan/?updated_since=9999-12-31T23:59:59-12:00", "2000 sampai 2100"),
        ("/kegiatan/?held_on_after=1-1-0001", "2000 sampai 2100"),
        ("/kegiatan/?held_on_before=31-12-9999", "2000 sampai 2100"),
        pytest.param("/kegiatan/?search=" + "a" * 60_000, "200", id="long search"),
        pytest.param("/program/?search=" + "a" * 60_000, "200", id="long search of programs"),
    ],
)
def test_filter_that_cannot_be_read_says_so(client, officer, janju, address, words):
    make.activity(make.program(janju), janju, title="Tidak tampil")

    response = client.get(address)

    assert response.status_code == 422
    assert words in text(response)
    assert "Tidak tampil" not in text(response)


@pytest.mark.parametrize("address", ["/kegiatan/?search=", "/kegiatan/catat/?search="])
def test_search_of_many_words_is_answered(client, officer, janju, address):
    make.village("64.01.04.2003", "Tepian")
    make.activity(make.program(janju), janju)
    assert client.get(address + "+".join("b" * 99)).status_code == 200
    for hostile in ("+".join("b" * 1500), "a" * 60_000):
        assert client.get(address + hostile).status_code in (200, 422)


def test_list_is_paged(client, officer, janju):
    program = make.program(janju)
    head = make.village_head(janju)
    for number in range(52):
        make.activity(program, janju, author=head, title=f"Kegiatan {number}")

    response = client.get("/kegiatan/")
    assert len(titles(response)) == 50
    assert "1–50 dari 52" in text(response)
    assert len(titles(client.get("/kegiatan/?page=2"))) == 2
    assert len(titles(client.get("/kegiatan/?page=zzz"))) == 50


@pytest.mark.parametrize("address", LISTS)
def test_list_costs_the_same_for_one_row_and_for_thirty(
    client, officer, janju, address, count_queries
):
    def rows(number):
        for _ in range(number):
            place = make.village(f"64.01.04.20{number + _:02}", f"Desa {number + _}")
            author = make.village_head(place)
            make.activity(make.program(place, owner_village=place), place, author=author)

    make.program(janju)  # so that every box has something to choose from the start
    rows(1)
    client.get(address)  # what is read once per process or session
    few = count_queries(lambda: client.get(address))
    rows(29)
    assert len(client.get(address).context["page"]) >= 30
    assert count_queries(lambda: client.get(address)) == few


def test_record_page_costs_the_same_with_a_long_history(client, officer, janju, count_queries):
    program, head = make.program(janju), make.village_head(janju)
    short = make.activity(program, janju, author=head)
    long = make.activity(program, janju, author=head, held_on=date(2026, 4, 1))
    for number in range(12):
        helper = make.person("facilitator", village=janju)
        client.force_login(helper)
        client.post(f"/kegiatan/{long.pk}/benarkan/")
        assert long.reviews.count() == number + 2
    sign_in(client, officer)
    client.get("/kegiatan/")  # what is read once per process or session
    few = count_queries(lambda: client.get(f"/kegiatan/{short.pk}/"))

    assert count_queries(lambda: client.get(f"/kegiatan/{long.pk}/")) == few


@pytest.fixture
def count_queries():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def count(act) -> int:
        with CaptureQueriesContext(connection) as caught:
            act()
        return len(caught)

    return count


def test_village_sees_only_its_own(client, janju):
    other = make.village("64.01.04.2003", "Tetangga")
    make.activity(make.program(other, title="Program tetangga"), other, title="Milik tetangga")
    sign_in(client, make.village_head(janju))

    assert titles(client.get("/kegiatan/")) == []
    assert titles(client.get("/program/")) == []


def test_opd_reads_its_regency(client, janju):
    make.activity(make.program(janju), janju, title="Kelas ibu")
    sign_in(client, make.person("opd_focal_point", opd=make.opd("Dinas Sosial")))

    response = client.get("/kegiatan/")

    assert titles(response) == ["Kelas ibu"]
    assert "Catat kegiatan" not in text(response)
