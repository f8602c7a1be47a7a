"""SEC-04: the letter about a breach, whole, from the audit trail, in time."""

from __future__ import annotations

import time
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.services import disable_person
from core.models import AuditEntry
from programs.privacy.breach import BLANK
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def written(*, ago: timedelta = timedelta(hours=2), **options) -> str:
    now, said = timezone.localtime(), StringIO()
    given = {
        "since": f"{now - ago:%Y-%m-%dT%H:%M:%S}",
        "until": f"{now + timedelta(minutes=1):%Y-%m-%dT%H:%M:%S}",
        "what": "Kata sandi diketahui orang lain.",
        **options,
    }
    named = [f"--{name}={value}" for name, value in given.items()]
    call_command("breach_letter", *named, stdout=said, stderr=StringIO())
    return said.getvalue()


def test_letter_is_whole_and_true(client, officer, head, activity):
    for number in range(12):
        make.village(f"64.01.04.20{10 + number}", f"Desa {number}")
    colleague = make.officer()
    client.force_login(officer)
    client.get(f"/kelola/pengguna/{head.uid}/data/salinan/")
    client.get(f"/kelola/pengguna/{colleague.uid}/data/salinan/")
    disable_person(officer, actor=colleague)

    began = time.monotonic()
    letter = written(accounts=officer.username)
    assert time.monotonic() - began < 10

    for said in (
        "Pasal 46 Undang-Undang Nomor 27 Tahun 2022",
        "Lembaga Pelindungan Data Pribadi",
        "1. Data yang terungkap",
        "nomor telepon pemegang akun",
        "2. Kapan dan bagaimana",
        "Kata sandi diketahui orang lain.",
        f"{officer.name} ({officer.username})",
        "13 desa dan kelurahan",
        "3. Upaya penanganan",
        f"akun {officer.username} ditutup pada",
        "memverifikasi kegiatan: 1 kali",
    ):
        assert said in letter
    assert letter.count(": mengunduh berkas “person”\n") == 2  # both downloads, with their moments
    assert "{" not in letter
    assert BLANK in letter  # number, name: by hand


def test_letter_leaves_out_what_others_did_and_when(client, officer, head, activity):
    client.force_login(officer)
    client.get(f"/kelola/pengguna/{head.uid}/data/salinan/")
    of_head = written(accounts=head.username, to="subjek")
    assert "mengunduh berkas" not in of_head
    assert "nomor telepon pemegang akun" not in of_head
    assert "Janju" in of_head
    earlier = timezone.localtime() - timedelta(days=3)
    before = {"since": f"{earlier:%Y-%m-%dT%H:%M}", "until": f"{earlier:%Y-%m-%dT23:59}"}
    assert "mengunduh berkas" not in written(accounts=officer.username, **before)


def test_time_that_is_over_is_told(officer):
    found = timezone.localtime() - timedelta(hours=73)
    with pytest.raises(SystemExit):
        written(accounts=officer.username, found=f"{found:%Y-%m-%dT%H:%M}")


def test_unknown_account_and_missing_window_are_refused(officer):
    with pytest.raises(CommandError, match="siapa"):
        written(accounts="siapa")
    with pytest.raises(CommandError, match="--blank"):
        call_command("breach_letter", "--accounts", officer.username)


def test_letter_on_paper(tmp_path, officer):
    path = tmp_path / "surat.pdf"
    written(accounts=officer.username, pdf=path)
    assert path.read_bytes().startswith(b"%PDF")
    assert not AuditEntry.objects.filter(action__startswith="breach").exists()
