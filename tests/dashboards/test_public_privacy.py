"""Nobody is known by the public pages: no word of a record, no small number of people in need."""

import random
import re

import pytest
from django.db.models import F

from dashboards.public.guarded import GUARDED_WORDS
from dashboards.public.publishing import publication_of
from programs.involvement import Level
from programs.models import Program, Snapshot, SnapshotRow
from programs.periods import Period
from tests import make

from .published import (
    HEADS,
    JANJU,
    KUARO,
    SECRET,
    SENAKEN,
    file_of,
    make_examples,
    pages,
    publish,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make.officer()


@pytest.fixture
def examples(officer):
    make_examples(officer)


@pytest.mark.usefixtures("examples")
def test_no_word_of_a_record_and_no_person_is_shown(client, officer):
    publish()
    for page in pages():
        answer = client.get(page)
        assert answer.status_code == 200, page
        for word in (SECRET, "Rapat di rumah", officer.username, "photo"):
            assert word not in answer.content.decode(), page


SHELTERED = {
    "target group": {"target_group": "elderly"},
    "title": {"title": "Pendampingan korban KDRT"},
}


@pytest.mark.parametrize("by", SHELTERED)
def test_small_numbers_of_guarded_programs_are_hidden_everywhere(client, officer, by):
    janju, senaken = make.village(), make.village(SENAKEN, "Senaken")
    program = make.program(janju, senaken, **SHELTERED[by])
    for village, women in ((janju, 3), (senaken, 17)):
        people = {"women_participants": women, "men_participants": 29}
        make.activity(program, village, verified_by=officer, **people)
    publish(closing=True)

    page = client.get(f"/publik/wilayah/{JANJU}/").content.decode()
    assert "tidak ditampilkan" in page
    assert not re.search(r"\b3 dari 32\b", page)
    [here, there] = sorted(file_of(client, "program-desa"), key=lambda row: row["village_code"])
    assert (here["women_participants"], here["men_participants"]) == ("*", "*")
    assert (there["women_participants"], there["men_participants"]) == ("17", "29")
    [one] = file_of(client, "program")
    assert (one["women_participants"], one["men_participants"]) == ("*", "*")
    for row in (*file_of(client, "desa"), *file_of(client, "kecamatan")):
        assert row["women_participants"] == ""  # in no sum of a place
    record = file_of(client, "program-desa", "json")["rows"][0]
    assert record["women_participants"] is None
    assert record["hidden"]["women_participants"] == "*"


def test_guarded_numbers_of_a_semester_are_withheld(client, officer):
    """A year less one semester is the other one."""
    program = make.program(target_group="children")
    make.activity(program, verified_by=officer, women_participants=12, men_participants=9)
    publish(Period(2026, "semester", 1), closing=True)
    [row] = file_of(client, "program-desa", period="2026-S1")
    assert (row["women_participants"], row["men_participants"]) == ("*", "*")


def test_two_editions_of_an_open_year_do_not_tell_what_came_in_between(client, officer):
    """Dated figures of today less those of yesterday would be the people of one record."""
    program = make.program(target_group="elderly")
    many = {"women_participants": 12, "men_participants": 9, "children": 30}
    editions = []
    for people in (many, {"women_participants": 1, "men_participants": 0, "children": 1}):
        make.activity(program, verified_by=officer, **people)
        publish()
        rows = [file_of(client, name)[0] for name in ("program-desa", "program", "desa")]
        editions.append([{k: row.get(k) for k in (*HEADS, "children")} for row in rows])
    assert editions[0] == editions[1]
    assert {editions[0][0][name] for name in HEADS} == {"open"}
    assert editions[0][2]["children"] == "open"
    later = "tidak ditampilkan sebelum periode ditutup"
    page = client.get(f"/publik/wilayah/{JANJU}/").content.decode()
    assert page.count(">tidak ditampilkan<") == 3
    assert page.count(f">{later}<") == 1  # the children
    assert f"jumlah orang {later}" in page
    assert client.get(f"/publik/program/{program.pk}/").content.decode().count(f">{later}<") == 3

    publish(closing=True)
    [row] = file_of(client, "program-desa")
    assert (row["women_participants"], row["men_participants"]) == ("13", "9")
    assert file_of(client, "desa")[0]["children"] == "31"


def test_children_are_hidden_where_few(client, officer):
    janju, senaken = make.village(), make.village(SENAKEN, "Senaken")
    kuaro = make.village(KUARO, "Kuaro")
    program = make.program(janju, senaken, kuaro)
    for village, children in ((janju, 2), (senaken, 40), (kuaro, 0)):
        make.activity(program, village, verified_by=officer, children=children)
    publish(closing=True)
    found = {row["village_code"]: row["children"] for row in file_of(client, "desa")}
    assert found == {JANJU: "*", SENAKEN: "40", KUARO: ""}
    whole = client.get("/publik/").content.decode().split("Anak yang dijangkau")[1]
    assert re.sub(r"<[^>]+>", "", whole.split("</dd>")[0]).strip() == "tidak ditampilkan"


@pytest.mark.parametrize("seed", range(8))
def test_no_hidden_number_follows_from_all_that_is_published(client, seed):
    """Random counts: whatever the small ones are, all that is published stays the very same."""
    random_rows(random.Random(seed))  # noqa: S311 - dice, no secret
    before = all_files(client)
    assert any(cell == "*" for rows in before for row in rows for cell in row.values())
    guarded = SnapshotRow.objects.exclude(target_group="general")
    for name in HEADS:
        small = guarded.filter(**{f"{name}__range": (1, 4)})
        small.update(**{name: 5 - F(name)})  # 1 becomes 4, and 2 becomes 3
    publication_of.cache_clear()
    assert all_files(client) == before

    for place in before[0]:
        here = [row for row in before[3] if row["village_code"] == place["village_code"]]
        counted = [row for row in here if row["target_group"] == "general"]
        for name in HEADS:
            assert int(place[name] or 0) == sum(int(row[name] or 0) for row in counted)


def all_files(client):
    return [file_of(client, name) for name in ("desa", "kecamatan", "program", "program-desa")]


def random_rows(dice: random.Random) -> None:
    """A snapshot of six villages and eight programs, every other one guarded, counts 0 to 12."""
    villages = [make.village(f"64.01.0{3 + n % 2}.200{n}", f"Desa {n}") for n in range(6)]
    taken = Snapshot.objects.create(
        regency=make.regency(),
        year=2026,
        kind="year",
        closing=True,
        definition_version=1,
        checksum="0" * 64,
        taken_at="2026-11-01T00:00:00Z",
    )
    for number in range(8):
        group = "general" if number % 2 else ("children", "elderly", "disability")[number // 2 % 3]
        program = make.program(*villages, title=f"Program {number}", target_group=group)
        for village in dice.sample(villages, dice.randint(1, 6)):
            SnapshotRow.objects.create(
                snapshot=taken,
                program=program,
                village=village,
                village_code=village.code,
                village_title=village.title,
                district_code=village.code[:8],
                district_name=village.district.name,
                program_title=program.title,
                owner_title="Dinas",
                target_group=group,
                level=Level.PRESENT,
                activities=1,
                counted=1,
                **{name: dice.randint(0, 12) for name in HEADS},
            )


@pytest.mark.usefixtures("examples")
def test_withdrawn_program_is_not_named_yet_stays_in_the_sums(client):
    publish()
    before = file_of(client, "desa")
    gone = Program.objects.get(title="Program b")
    Program.objects.filter(pk=gone.pk).update(state="cancelled")

    assert client.get(f"/publik/program/{gone.pk}/").status_code == 404
    for page in ("/publik/program/", f"/publik/wilayah/{JANJU}/", f"/publik/wilayah/{KUARO}/"):
        assert "Program b" not in client.get(page).content.decode()
    assert not [row for row in file_of(client, "program-desa") if row["program"] == "Program b"]
    assert file_of(client, "desa") == before


@pytest.mark.parametrize(
    "title",
    [
        "Pendampingan ODGJ",
        "Kunjungan ODHA",
        "Penyuluhan HIV/AIDS",
        "Pemeriksaan TBC",
        "Skrining TB paru",
        "Rehabilitasi pecandu",
        "Bahaya narkoba",
        "Santunan anak yatim",
        "Santunan yatim-piatu",
        "Bantuan anak piatu",
        "Cegah pernikahan anak",
        "Cegah perkawinan usia anak",
        "Stop perkawinan anak",
        "Pencegahan pernikahan dini",
        "Dispensasi nikah",
        "Bantuan penyandang cacat",
        "Sekolah ABK",
        "Pendampingan ABH",
        "Konseling KTD",
        "Kehamilan tidak diinginkan",
        "Pengelolaan rumah aman",
        "Kepala keluarga perempuan mandiri",
        "Perempuan kepala keluarga",
        "Kelompok PEKKA",
        "Sosialisasi UU PKDRT",
        "Tolak KDRT!",
        "Dukungan korbannya",
        "Perdagangan orang",
        "Perdagangan  anak",
        "Gugus TPPO",
        "Pekerja migran bermasalah",
        "Lansia telantar",
        "Warga terlantar",
        "Anak berkebutuhan khusus",
        "Anak berhadapan dengan hukum",
        "Tunanetra dan tuna rungu",
        "Modal usaha janda",
    ],
)
def test_name_of_a_sensitive_program_is_recognised(title):
    for said in (title, title.upper(), title.lower()):
        assert GUARDED_WORDS.search(said), said


@pytest.mark.parametrize(
    "title",
    [
        "Posyandu balita",
        "Perdagangan hasil tani",
        "Anak sehat",
        "Lomba abkari",
        "Pelatihan menjahit",
        "Sosialisasi KTDD",
        "Rumah amanah",
        "Jembatan baru",
        "Tabungan perempuan",
        "Penyembelihan kurban",
        "Kesehatan ibu hamil",
        "Rehabilitasi jalan",
    ],
)
def test_name_of_another_program_is_left_alone(title):
    assert not GUARDED_WORDS.search(title)
