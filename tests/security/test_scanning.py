"""Documents and the virus scanner: found, cleared, or marked as not yet scanned."""

from __future__ import annotations

import socket
import struct
from contextlib import closing
from hashlib import sha256
from threading import Thread

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core import scanning
from core.identifiers import uuid7
from core.models import Scan
from mou.models import AgreementFile
from programs import files
from tests import make
from tests.mou import made_agreements as made

pytestmark = [pytest.mark.once, pytest.mark.django_db, pytest.mark.asvs("5.4.3")]
#: The harmless text that every scanner takes for a virus; in two parts, lest one takes this file.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
UNSCANNED = "belum dipindai"


def speak(listening: socket.socket, heard: list[bytes]) -> None:
    """As clamd does on its socket: INSTREAM, chunks with their length, an answer."""
    while True:
        try:
            line, _from = listening.accept()
        except OSError:
            return
        with closing(line), line.makefile("rb") as read:
            assert read.read(10) == b"zINSTREAM\0"
            body = b""
            while size := struct.unpack("!I", read.read(4))[0]:
                body += read.read(size)
            heard.append(body)
            found = b"EICAR" in body
            line.sendall(b"stream: Eicar-Signature FOUND\0" if found else b"stream: OK\0")


@pytest.fixture
def clamd(settings, tmp_path):
    heard: list[bytes] = []
    settings.CLAMD = str(tmp_path / "clamd.sock")
    with closing(socket.socket(socket.AF_UNIX)) as listening:
        listening.bind(settings.CLAMD)
        listening.listen()
        Thread(target=speak, args=(listening, heard), daemon=True).start()
        yield heard


@pytest.fixture
def office(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    client.force_login(make.officer())
    return client


def send(office, agreement, content: bytes):
    sent = {"uid": str(uuid7()), "kind": "annex", "title": "Rencana kerja"}
    file = SimpleUploadedFile("rencana.pdf", content)
    return office.post(f"/perjanjian/{agreement.pk}/berkas/baru/", {**sent, "file": file})


@pytest.fixture
def agreement():
    return made.agreement(made.partner())


def page_of(office, agreement) -> str:
    return office.get(f"/perjanjian/{agreement.pk}/").content.decode()


def harmful() -> bytes:
    return made.PDF.replace(b"%%EOF", b"% " + EICAR + b"\n%%EOF")


def test_what_the_scanner_finds_is_refused_in_words_and_kept_nowhere(office, agreement, clamd):
    answer = send(office, agreement, harmful())
    assert answer.status_code == 422
    assert "virus" in answer.content.decode()
    assert not AgreementFile.objects.filter(title="Rencana kerja").exists()
    assert not files.path_of(sha256(harmful()).hexdigest()).exists()
    assert clamd == [harmful()]


def test_a_clean_document_carries_no_mark(office, agreement, clamd):
    assert send(office, agreement, made.PDF).status_code == 302
    assert Scan.objects.get().verdict == "clean"
    page = page_of(office, agreement)
    assert "Rencana kerja" in page
    assert UNSCANNED not in page  # the signed copy that was there before holds the same bytes


def page_of_others(agreement) -> int:
    """How many documents the agreement had before there was a scanner."""
    return agreement.files.filter(removed_at=None).exclude(title="Rencana kerja").count()


@pytest.mark.parametrize("where", ["", "/nowhere/clamd.sock", "127.0.0.1:1"])
def test_without_an_answer_it_is_kept_and_marked(office, agreement, settings, where):
    settings.CLAMD = where
    assert send(office, agreement, harmful()).status_code == 302
    assert not Scan.objects.exists()
    assert page_of(office, agreement).count(UNSCANNED) == 1 + page_of_others(agreement)


def test_what_was_kept_before_is_scanned_later_and_given_out_no_more(
    office, agreement, settings, clamd
):
    settings.CLAMD, later = "", settings.CLAMD
    send(office, agreement, harmful())
    file = AgreementFile.objects.get(title="Rencana kerja")
    assert office.get(f"/perjanjian/berkas/{file.pk}/").status_code == 200
    assert files.scan_what_waits() == 600
    settings.CLAMD = later
    assert files.scan_what_waits() == 1
    assert Scan.objects.get(digest=file.sha256).verdict == "harmful"
    assert office.get(f"/perjanjian/berkas/{file.pk}/").status_code == 404
    assert files.scan_what_waits() == 600


def test_an_answer_that_is_none_clears_nothing(settings, monkeypatch):
    monkeypatch.setattr(scanning, "ask", lambda content: "INSTREAM size limit exceeded. ERROR")
    assert scanning.judge(b"x") == ""
