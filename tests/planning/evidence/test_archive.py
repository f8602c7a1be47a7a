"""The archive: in order, each file once, its index true, nothing in it of another office."""

import csv
import io
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from core.errors import Stale
from core.models import AuditEntry
from core.sheets import read_cells
from planning import archive
from planning.models import Document
from planning.services.analyses import start_analysis
from planning.services.evidence import (
    add_evidence,
)
from programs import files
from programs.services import void_activity
from tests import make

from . import bringing
from .bringing import INDEXES, YEAR, names_in, seen_by, zipped

pytestmark = [pytest.mark.django_db, pytest.mark.once]
BINDER, ZIP, ASKED = "/perencanaan/bukti/", "/perencanaan/bukti/unduh/", "/perencanaan/pertanyaan/"


def index_of(data: bytes) -> list[dict]:
    text = ZipFile(BytesIO(data)).read("INDEKS.csv")
    assert text.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))


class Links(HTMLParser):
    def __init__(self, text: str):
        super().__init__()
        self.found: list[str] = []
        self.tags: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag == "a":
            self.found.append(dict(attrs)["href"])


@pytest.fixture
def full(focal, officer, health):
    """A binder with a document twice, a photo, a record, a plan, and what is missing."""
    asked = bringing.questions(
        officer, "A.1;Ada SK?", "A.2;Ada SK Pokja?;kelembagaan", "B.1;Ada profil?;data"
    )
    head = make.village_head()
    program = make.program(owner_opd=health)
    record = make.activity(program, author=head, title="Pelatihan <b>bibit</b> & pupuk")
    photo = make.photo(record, author=head)
    plan = start_analysis(program, actor=focal, year=YEAR)
    data = bringing.pdf()
    first = bringing.document(focal, health, data)
    second = bringing.document(focal, health, data)
    tags = {"questions": [asked["A.1"], asked["A.2"]], "prerequisites": ["commitment"]}
    bringing.evidence(focal, first, health, "../../etc/SK Pokja 2025–2029", **tags)
    bringing.evidence(focal, second, health, "SK yang sama", prerequisites=["policy"])
    bringing.evidence(focal, photo, health, "Foto pelatihan", prerequisites=["participation"])
    bringing.evidence(focal, record, health, record.title, prerequisites=["participation"])
    bringing.evidence(focal, plan, health, "G" * 200, prerequisites=["tools"])
    bringing.evidence(focal, opd=health, title="Hanya siklus", cycles=["reporting"])
    return focal


def test_archive_is_in_order_and_holds_each_file_once(full):
    names = names_in(zipped(seen_by(full)))
    assert names[:3] == INDEXES
    assert names[3:] == [
        "1-komitmen/1.01-etc-sk-pokja-2025-2029.pdf",
        "6-alat-dan-metode-analisis/6.01-" + "g" * (80 - 9) + ".pdf",
        "7-partisipasi-masyarakat/7.01-foto-pelatihan.jpg",
        "7-partisipasi-masyarakat/7.02-pelatihan-bbibit-b-pupuk.pdf",
        "8-tanpa-prasyarat/8.01-hanya-siklus.pdf",
    ]
    assert all(len(Path(name).name) <= 80 and ".." not in name for name in names)


def test_archive_holds_what_was_kept(full):
    box = ZipFile(BytesIO(zipped(seen_by(full))))
    assert box.testzip() is None
    first = Document.objects.order_by("uid").first()
    [name] = [name for name in box.namelist() if name.startswith("1-komitmen/")]
    assert box.read(name) == files.path_of(first.sha256).read_bytes()
    photo, record = (box.read(name) for name in box.namelist() if name.startswith("7-"))
    assert photo.startswith(b"\xff\xd8\xff")
    assert record.startswith(b"%PDF-")


def test_index_says_what_the_archive_holds(full):
    data = zipped(seen_by(full))
    rows = index_of(data)
    paths = {row["Berkas"] for row in rows} - {"LAMPIRAN KOSONG"}
    assert paths == set(names_in(data)[3:])
    by_place: dict[tuple, list] = {}
    for row in rows:
        by_place.setdefault((row["Bagian"], row["Nomor"]), []).append(row["Berkas"])
    assert len(by_place) == 7 + 7 + 3
    sk = by_place["Prasyarat", "1"]
    assert by_place["Pertanyaan", "A.1"] == by_place["Pertanyaan", "A.2"] == sk
    assert by_place["Prasyarat", "2"] == sk, "the same bytes under another title"
    assert by_place["Prasyarat", "3"] == sk, "by way of its question"
    empty = {place for place, found in by_place.items() if found == ["LAMPIRAN KOSONG"]}
    assert empty >= {("Prasyarat", "4"), ("Prasyarat", "5"), ("Pertanyaan", "B.1")}
    assert by_place["Tahap siklus", "7"] == ["8-tanpa-prasyarat/8.01-hanya-siklus.pdf"]


def test_the_three_indexes_say_the_same(full):
    box = ZipFile(BytesIO(zipped(seen_by(full))))
    plain = list(csv.reader(io.StringIO(box.read("INDEKS.csv").decode("utf-8-sig"))))
    sheet = read_cells(box.read("INDEKS.xlsx"))
    assert list(sheet.head) == plain[0][:12]
    assert [row[11] for row in sheet.rows()] == [row[11] for row in plain[1:]]
    page = Links(box.read("INDEKS.html").decode())
    assert page.found == [row[11] for row in plain[1:] if row[11] != "LAMPIRAN KOSONG"]
    assert "script" not in page.tags
    text = box.read("INDEKS.html").decode()
    assert text.count("LAMPIRAN KOSONG") == sum(row[11] == "LAMPIRAN KOSONG" for row in plain[1:])
    assert "<b>bibit" not in text


def test_the_same_content_is_the_same_bytes(full, monkeypatch):
    first = zipped(seen_by(full))
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert zipped(seen_by(full)) == first


def test_a_lost_file_is_an_empty_attachment(full):
    for path in (files.path_of(one.sha256) for one in Document.objects.all()):
        path.unlink(missing_ok=True)
    data = zipped(seen_by(full))
    assert not [name for name in names_in(data) if name.startswith("1-")]
    lost = [row for row in index_of(data) if "SK Pokja" in row["Bukti"]]
    assert {row["Berkas"] for row in lost} == {"LAMPIRAN KOSONG"}


def test_records_beyond_the_press_come_as_pages(full, monkeypatch):
    monkeypatch.setattr(archive, "MOST_PRINTED", 1)
    box = ZipFile(BytesIO(zipped(seen_by(full))))
    [name] = [name for name in box.namelist() if name.endswith("pupuk.html")]
    text = box.read(name).decode()
    assert "Pelatihan &lt;b&gt;bibit&lt;/b&gt; &amp; pupuk" in text
    assert "Perempuan yang hadir" in text or "19" in text
    assert "script" not in Links(text).tags


def test_too_much_is_said_in_words(client, full, monkeypatch):
    client.force_login(full)
    for name, most in (("MOST_FILES", 2), ("MOST_SIZE", 100)):
        with monkeypatch.context() as fewer:
            fewer.setattr(archive, name, most)
            answer = client.get(ZIP, {"year": YEAR})
            assert answer.status_code == 422
            assert "Terlalu banyak untuk satu ZIP" in answer.content.decode()
    answer = client.get(ZIP, {"year": YEAR})
    assert answer["Content-Type"] == "application/zip"
    assert answer["Content-Disposition"] == f'attachment; filename="bukti-pug-{YEAR}.zip"'
    assert len(names_in(b"".join(answer.streaming_content))) == 8
    assert AuditEntry.objects.filter(action="export.binder", actor=full).count() == 1


def test_one_office_gets_its_own_and_the_regencys(full, officer):
    bringing.evidence(officer, title="Perbup PUG", prerequisites=["policy"])
    social = make.opd("Dinas Sosial")
    worker = make.person("opd_focal_point", opd=social)
    bringing.evidence(worker, opd=social, title="SK Sosial", prerequisites=["policy"])
    titles = {one.evidence.title for one in seen_by(officer, opd=social).pieces}
    assert titles == {"Perbup PUG", "SK Sosial"}
    assert {one.evidence.title for one in seen_by(worker).pieces} == titles


def test_what_lies_with_another_office_is_not_packed(officer, health, focal):
    """The regency's evidence of a plan that one office alone may read."""
    plan = start_analysis(make.program(owner_opd=health), actor=focal, year=YEAR)
    bringing.evidence(officer, plan, title="GAP Dinkes", prerequisites=["tools"])
    other = make.person("opd_focal_point", opd=make.opd("Dinas Sosial"))
    [piece] = seen_by(other).pieces
    assert not piece.readable
    assert len(names_in(zipped(seen_by(other)))) == 3
    assert len(names_in(zipped(seen_by(officer)))) == 4


def test_evidence_sent_twice_is_one_and_never_another(focal, health):
    first, second = (bringing.document(focal, health) for _ in range(2))
    said = {"actor": focal, "title": "SK", "regency": make.regency(), "opd": health}
    made = add_evidence(first, uid=first.pk, **said)
    assert add_evidence(first, uid=first.pk, **said) == made
    with pytest.raises(Stale):
        add_evidence(second, uid=first.pk, **said)


def test_a_record_that_was_struck_out_is_not_packed(officer):
    head = make.village_head()
    record = make.activity(make.program(), author=head)
    bringing.evidence(officer, record, title="Pelatihan", prerequisites=["tools"])
    assert len(names_in(zipped(seen_by(officer)))) == 4
    void_activity(record, actor=head, version=record.version, reason="Salah")
    data = zipped(seen_by(officer))
    assert names_in(data) == INDEXES
    assert {row["Berkas"] for row in index_of(data)} == {"LAMPIRAN KOSONG"}
