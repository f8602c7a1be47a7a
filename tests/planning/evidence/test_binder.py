"""The binder: one piece for several places, what is missing, the questions of a year."""

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.errors import Refused
from core.tables import Column, Table
from core.workbooks import workbook
from planning.binder import EXPIRED, EXPIRING, GONE, UNVERIFIED
from planning.models import Question
from planning.services.evidence import (
    remove_evidence,
    verify_evidence,
)
from planning.services.questions import put_questions, said_in
from programs.services import void_activity
from tests import make

from . import bringing
from .bringing import TODAY, YEAR, held, seen_by

pytestmark = pytest.mark.django_db
BINDER, ZIP, ASKED = "/perencanaan/bukti/", "/perencanaan/bukti/unduh/", "/perencanaan/pertanyaan/"


# -- What is evidence for what ---------------------------------------------------------


def test_one_piece_stands_under_several_places(focal, officer, health):
    asked = bringing.questions(
        officer, "A.1;Apakah ada SK Pokja?;kelembagaan;perencanaan", "A.2;Apakah ada pelatihan?"
    )
    tags = {"prerequisites": ["commitment"], "cycles": ["budgeting"], "questions": asked.values()}
    bringing.evidence(focal, opd=health, title="SK Pokja", **tags)
    binder = seen_by(focal)

    prerequisites, cycles = held(binder.prerequisites), held(binder.cycles)
    assert list(prerequisites) == [
        "commitment",
        "policy",
        "institution",
        "resources",
        "data",
        "tools",
        "participation",
    ]
    assert prerequisites["commitment"] == prerequisites["institution"] == ["SK Pokja"]
    assert cycles["planning"] == cycles["budgeting"] == ["SK Pokja"]
    assert [len(place.pieces) for place in binder.questions] == [1, 1]
    assert (binder.filled, binder.answered, binder.verified) == ((2, 7), (2, 2), (0, 1))
    assert [one.number for one in binder.pieces] == ["1.01"]


def test_gaps_are_named(focal, officer, health):
    bringing.questions(officer, "A.1;Apakah ada SK?", "B.1;Apakah ada profil?;data")
    old = {"dated": date(2020, 1, 1), "valid_until": TODAY - timedelta(days=1)}
    ending = {"dated": date(2020, 1, 1), "valid_until": TODAY + timedelta(days=90)}
    later = {"dated": date(2020, 1, 1), "valid_until": TODAY + timedelta(days=91)}
    for title, days in (("lama", old), ("hampir", ending), ("baru", later)):
        subject = bringing.document(focal, health, **days)
        piece = bringing.evidence(focal, subject, health, title, prerequisites=["policy"])
        if title == "baru":
            verify_evidence(piece, actor=officer)
    gaps = seen_by(focal).gaps
    found = {
        kind: [
            g.piece.evidence.title if g.piece else g.place.number for g in gaps if g.kind == kind
        ]
        for kind in ("prerequisite", "question", EXPIRED, EXPIRING, UNVERIFIED)
    }
    assert found == {
        "prerequisite": ["1", "3", "4", "5", "6", "7"],
        "question": ["A.1", "B.1"],
        EXPIRED: ["lama"],
        EXPIRING: ["hampir"],
        UNVERIFIED: ["hampir", "lama"],
    }
    assert not any(gap.kind == GONE for gap in gaps)


def test_a_record_that_was_struck_out_is_a_gap(officer):
    head = make.village_head()
    record = make.activity(make.program(), author=head)
    bringing.evidence(officer, record, title="Pelatihan", prerequisites=["tools"])
    void_activity(record, actor=head, version=record.version, reason="Salah")
    binder = seen_by(officer)
    assert [gap.piece.evidence.title for gap in binder.gaps if gap.kind == GONE] == ["Pelatihan"]


def test_the_page_shows_places_questions_and_gaps(client, officer):
    asked = bringing.questions(officer, "A.1;Apakah ada SK Pokja?", "A.2;Apakah ada profil?")
    day = timezone.localdate() - timedelta(days=1)
    subject = bringing.document(officer, valid_until=day)
    tags = {"prerequisites": ["commitment"], "questions": [asked["A.1"]], "cycles": ["reporting"]}
    bringing.evidence(officer, subject, title="SK Pokja", **tags)
    client.force_login(officer)
    text = client.get(BINDER, {"year": YEAR}).content.decode()
    for words in (
        "1. Komitmen",
        "7. Partisipasi masyarakat",
        "Tidak berlaku lagi",
        "Belum diperiksa",
        "Prasyarat tanpa bukti <strong>6</strong>",
        "Pertanyaan tanpa bukti <strong>1</strong>",
        "Apakah ada profil?",
    ):
        assert words in text, words
    cycle = client.get(BINDER, {"year": YEAR, "menurut": "siklus"}).content.decode()
    assert "2. Penganggaran" in cycle
    assert client.get(BINDER, {"year": "dua"}).status_code == 422


def test_as_many_queries_for_thirty_as_for_one(focal, officer, health):
    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert seen_by(focal).gaps
        return len(caught)

    record = make.activity(make.program())
    subjects = [bringing.document(focal, health), record]
    for one in subjects:
        bringing.evidence(focal, one, health, prerequisites=["policy"])
    few = count()
    for number in range(30):
        bringing.evidence(focal, subjects[number % 2], health, cycles=["planning"])
    assert count() == few


# -- Questions -------------------------------------------------------------------------


def test_questions_are_pasted_in_peoples_words(client, officer):
    client.force_login(officer)
    rows = (
        "kode;pertanyaan\nA.1;Ada SK?;Kelembagaan;Perencanaan\n\nA.2;Dana; cukup?\t\nB.1;Data?;5;1"
    )
    rows = rows.replace("A.2;Dana; cukup?\t", "A.2\tDana; cukup?\tsumber daya\t")
    answer = client.post(ASKED, {"year": YEAR, "rows": rows})
    assert answer.headers["Location"] == f"{ASKED}?year={YEAR}"
    found = Question.objects.values_list("code", "text", "prerequisite", "cycle")
    assert list(found) == [
        ("A.1", "Ada SK?", "institution", "planning"),
        ("A.2", "Dana; cukup?", "resources", ""),
        ("B.1", "Data?", "data", "planning"),
    ]
    shown = client.get(ASKED, {"year": YEAR}).content.decode()
    again = re.search(r"<textarea[^>]*>\s*(.*?)</textarea>", shown, re.DOTALL)[1]
    before = list(Question.objects.values())
    client.post(ASKED, {"year": YEAR, "rows": again})
    assert list(Question.objects.values()) == before


def test_one_broken_row_and_nothing_is_stored(client, officer):
    asked = bringing.questions(officer, "A.1;Ada SK?")
    client.force_login(officer)
    lines = (
        "A.1;Diubah?;data",
        "B.1;Ada apa?;komitmen palsu",
        ";Tanpa kode",
        "C.1",
        "A.1;Dua kali?",
        "D.1;E?;;siklus apa",
    )
    rows = "\n".join(lines)
    answer = client.post(ASKED, {"year": YEAR, "rows": rows})
    assert answer.status_code == 422
    text = answer.content.decode()
    for words in (
        "Baris 2: “komitmen palsu” bukan salah satu dari tujuh prasyarat.",
        "Baris 3: Awali dengan kode pertanyaan",
        "Baris 4: Tulis pertanyaannya setelah kode",
        "Baris 5: Kode A.1 sudah ada di baris 1.",
        "Baris 6: “siklus apa” bukan salah satu dari tujuh tahap siklus.",
    ):
        assert words in text, words
    assert list(Question.objects.values_list("code", "text")) == [("A.1", asked["A.1"].text)]


def test_a_question_with_evidence_stays_in_the_list(focal, officer, health):
    asked = bringing.questions(officer, "A.1;Ada SK?", "A.2;Ada profil?")
    piece = bringing.evidence(focal, opd=health, questions=[asked["A.1"]])
    with pytest.raises(Refused) as refusal:
        bringing.questions(officer, "A.2;Ada profil?")
    assert refusal.value.code == "has_evidence"
    bringing.questions(officer, "A.1;Ada SK baru?")
    assert [tag.question.text for tag in piece.tags.all()] == ["Ada SK baru?"]
    remove_evidence(piece, actor=focal)
    assert list(bringing.questions(officer, "B.1;Lain?")) == ["B.1"]


def test_questions_come_as_a_sheet(client, officer):
    table = Table(
        "tanya",
        "Tanya",
        [Column(name, name) for name in ("kode", "pertanyaan", "prasyarat", "siklus")],
        [("A.1", "Ada SK?", "komitmen", ""), ("A.2", "Ada profil?", "data", "pelaporan")],
    )
    client.force_login(officer)
    for data, name in (
        (workbook(table)[0].read(), "a.xlsx"),
        (b"1,Ada SK?,,\n2.10,Ada profil?,data,", "a.csv"),
    ):
        sent = {"year": YEAR, "rows": "X;diabaikan", "file": SimpleUploadedFile(name, data)}
        assert client.post(ASKED, sent).status_code == 302
        codes = list(Question.objects.values_list("code", flat=True))
        assert codes == (["A.1", "A.2"] if name == "a.xlsx" else ["1", "2.10"])
    broken = {"year": YEAR, "file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04 rusak")}
    assert client.post(ASKED, broken).status_code == 422
    assert Question.objects.count() == 2


def test_only_the_regencys_own_enter_questions(client, focal):
    client.force_login(focal)
    assert "<textarea" not in client.get(ASKED).content.decode()
    assert client.post(ASKED, {"year": YEAR, "rows": "A.1;Ada?"}).status_code == 403
    with pytest.raises(Refused):
        put_questions(make.regency(), YEAR, said_in("A.1;Ada?"), actor=focal)
