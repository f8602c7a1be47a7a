"""Documents: judged by their bytes, kept once, handed out to whoever may and as nothing else."""

import re
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.errors import Refused, Stale
from core.identifiers import uuid7
from core.models import AuditEntry
from planning.models import Document
from planning.services.documents import remove_document
from planning.services.evidence import add_evidence, remove_evidence
from programs import files
from tests import make
from tests.racing import at_once

from . import bringing

pytestmark = pytest.mark.django_db
LIST, NEW = "/perencanaan/dokumen/", "/perencanaan/dokumen/baru/"


def on_disk(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def send(client, data: bytes, name: str = "sk.pdf", **answers):
    said = {"uid": uuid7(), "kind": "decree", "title": "SK Pokja PUG", "year": "2026"}
    said |= {"owner": f"opd-{make.opd().pk}", **answers}
    return client.post(NEW, {"file": SimpleUploadedFile(name, data), **said})


# -- What is taken ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (bringing.pdf(), "sk.pdf", files.PDF),
        (bringing.office("word"), "kak.docx", files.DOCX),
        (bringing.office("xl"), "data.xlsx", files.XLSX),
        (bringing.office("word"), "salah-nama.pdf", files.DOCX),
    ],
)
def test_a_document_is_kept_as_it_was_sent(client, focal, health, media, data, name, kind):
    client.force_login(focal)
    owner = f"opd-{health.pk}"
    answer = send(client, data, name, owner=owner, number="188/1/2026", dated="3-1-2026")

    [row] = Document.objects.all()
    assert answer.headers["Location"] == f"{LIST}{row.pk}/"
    assert (row.opd, row.uploaded_by, row.media_type) == (health, focal, kind)
    assert row.file_name == f"{Path(name).stem}.{files.ENDINGS[kind]}"
    [path] = on_disk(media)
    digest = sha256(data).hexdigest()
    assert path.relative_to(media).as_posix() == f"documents/{digest[:2]}/{digest}"
    assert path.read_bytes() == data
    assert AuditEntry.objects.get(action="document.add").object_id == str(row.pk)


def test_refusals_stand_beside_the_field(client, focal, media):
    client.force_login(focal)
    answer = send(client, b"MZ\x90", "sk.pdf")
    assert answer.status_code == 422
    assert "Hanya PDF, DOCX, XLSX, JPG, dan PNG" in answer.content.decode()
    late = send(client, bringing.pdf(), dated="5-3-2026", valid_until="1-3-2026")
    assert "Periksa kedua tanggal" in late.content.decode()
    assert not Document.objects.exists()
    assert not on_disk(media)


@pytest.mark.asvs("5.2.1")
def test_ten_megabytes_pass_more_do_not_and_other_pages_take_no_more(client, focal):
    client.force_login(focal)
    full = bringing.pdf()
    full = full[:-6] + b"%" * (files.MOST_BYTES - len(full)) + b"%%EOF\n"
    assert len(full) == files.MOST_BYTES
    assert send(client, full).status_code == 302
    answer = send(client, full + b"\n")
    assert answer.status_code == 422
    assert "lebih besar dari 10 MB" in answer.content.decode()
    beyond = send(client, full + b"\n" * 40_000)
    assert beyond.status_code == 413
    assert "lebih besar dari 10 MB" in beyond.content.decode()
    elsewhere = client.post("/perencanaan/bukti/salin/", {"year": "1" * 1_100_000})
    assert elsewhere.status_code == 400


def test_form_asks_for_the_safety_code(focal):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(focal)
    assert send(strict, bringing.pdf()).status_code == 403


# -- Once ------------------------------------------------------------------------------


def test_sent_twice_from_one_page_is_one(client, focal, media):
    client.force_login(focal)
    uid, data = uuid7(), bringing.pdf()
    first, again = send(client, data, uid=uid), send(client, data, uid=uid)
    assert first.headers["Location"] == again.headers["Location"]
    assert Document.objects.count() == 1
    other = send(client, bringing.pdf(), uid=uid)
    assert other.status_code == 422


def test_the_same_bytes_lie_on_disk_once(focal, health, media):
    data = bringing.pdf()
    rows = [bringing.document(focal, health, data) for _ in range(2)]
    assert len(on_disk(media)) == 1
    assert rows[0].sha256 == rows[1].sha256


def test_the_same_file_once_more_is_said_and_kept(client, focal, health):
    data, owner = bringing.pdf(), f"opd-{health.pk}"
    client.force_login(focal)
    first = send(client, data, owner=owner, title="SK lama")
    assert "Berkas yang sama" not in client.get(first.headers["Location"]).content.decode()

    again = send(client, data, owner=owner, title="SK sekali lagi")

    assert "Berkas yang sama sudah ada: SK lama." in client.get(again.url).content.decode()
    assert Document.objects.count() == 2


def test_the_same_file_of_an_office_she_does_not_see_stays_unsaid(client, focal, health):
    other = make.opd("Dinas Pertanian")
    data = bringing.pdf()
    bringing.document(make.person("opd_focal_point", opd=other), other, data)
    client.force_login(focal)

    again = send(client, data, owner=f"opd-{health.pk}")

    assert "Berkas yang sama" not in client.get(again.url).content.decode()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_bring_the_same_bytes_at_once(media):
    office, data = make.opd(), bringing.pdf()
    focal = make.person("opd_focal_point", opd=office)
    uid = uuid7()

    def other():
        return bringing.document(focal, office, data)

    def same():
        return bringing.document(focal, office, data, uid=uid, title="SK")

    made = at_once(other, other, same, same)
    assert all(isinstance(one, Document) for one in made), made
    assert Document.objects.count() == 3
    assert len(on_disk(media)) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_document_is_not_removed_while_it_becomes_evidence(media):
    office = make.opd()
    focal = make.person("opd_focal_point", opd=office)
    for _ in range(5):
        row = bringing.document(focal, office)
        area = make.regency()

        def use(row=row, area=area):
            return add_evidence(row, actor=focal, title="SK", regency=area, opd=office)

        at_once(use, lambda row=row: remove_document(row, actor=focal))
        row.refresh_from_db()
        assert bool(row.removed_at) != row.evidence.filter(removed_at=None).exists()


# -- Who -------------------------------------------------------------------------------


def test_for_others_there_is_no_document(client, focal, health):
    row = bringing.document(focal, health)
    addresses = [f"{LIST}{row.pk}/", f"{LIST}{row.pk}/berkas/", f"{LIST}{row.pk}/hapus/"]
    other = make.opd("Dinas Sosial")
    outsiders = [
        make.person(),
        make.village_head(),
        make.person("opd_focal_point", opd=other),
        make.person("opd_head", opd=other),
    ]
    for person in outsiders:
        client.force_login(person)
        assert [client.get(one).status_code for one in addresses] == [404, 404, 404], person
        assert str(row.pk) not in client.get(LIST).content.decode()
    for person in (make.officer(), make.person("auditor", opd=health)):
        client.force_login(person)
        assert client.get(addresses[1]).status_code == 200


def test_what_is_the_whole_regencys_every_office_reads_and_none_changes(client, focal):
    row = bringing.document(make.officer())
    client.force_login(focal)
    assert client.get(f"{LIST}{row.pk}/").status_code == 200
    assert client.get(f"{LIST}{row.pk}/berkas/").status_code == 200
    assert client.post(f"{LIST}{row.pk}/hapus/").status_code == 403
    row.refresh_from_db()
    assert row.removed_at is None


def test_who_only_reads_brings_nothing(client, health):
    for person in (
        make.person("opd_head", opd=health),
        make.person("leader", regency=make.regency()),
        make.village_head(),
    ):
        client.force_login(person)
        assert client.get(NEW).status_code == 403
        assert send(client, bringing.pdf()).status_code == 403
        with pytest.raises(Refused, match="perangkat daerah"):
            bringing.document(person, health)
    client.force_login(make.person("opd_focal_point", opd=make.opd("Dinas Sosial")))
    assert send(client, bringing.pdf(), owner=f"opd-{health.pk}").status_code == 422
    assert not Document.objects.exists()


# -- Handing out and taking out --------------------------------------------------------


@pytest.mark.asvs("3.2.1", "5.3.1", "5.4.1")
def test_a_file_goes_out_to_be_saved_and_as_nothing_else(client, focal, health):
    data = bringing.office("word")
    row = bringing.document(focal, health, data)
    client.force_login(focal)
    answer = client.get(f"{LIST}{row.pk}/berkas/", headers={"accept-encoding": "gzip"})
    assert b"".join(answer.streaming_content) == data
    assert answer["Content-Disposition"] == 'attachment; filename="sk.docx"'
    assert answer["Content-Type"] == files.DOCX
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert (
        answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    )
    assert answer["Cache-Control"] == "private, no-cache"
    for guess in (f"/media/documents/{row.sha256[:2]}/{row.sha256}", f"/static/{row.sha256}"):
        assert client.get(guess).status_code == 404


def test_a_removed_document_is_out_of_sight_and_kept(client, focal, health, media):
    row = bringing.document(focal, health)
    piece = bringing.evidence(focal, row, health)
    client.force_login(focal)
    refused = client.post(f"{LIST}{row.pk}/hapus/", follow=True)
    assert "dipakai sebagai bukti" in refused.content.decode()
    remove_evidence(piece, actor=focal)

    assert client.post(f"{LIST}{row.pk}/hapus/").status_code == 302
    assert client.get(f"{LIST}{row.pk}/").status_code == 404
    assert client.get(f"{LIST}{row.pk}/berkas/").status_code == 404
    assert Document.objects.get().removed_at
    assert len(on_disk(media)) == 1
    assert AuditEntry.objects.filter(action="document.remove", actor=focal).count() == 1
    with pytest.raises(Refused):
        bringing.evidence(focal, row, health)


def test_list_is_narrowed_by_kind_year_and_office(client, focal, health):
    bringing.document(focal, health, kind="decree", title="SK Focal Point")
    bringing.document(focal, health, kind="data", title="Profil gender", year=2025)
    bringing.document(make.officer(), kind="report", title="Laporan PUG")
    client.force_login(focal)

    def shown(**asked):
        text = client.get(LIST, asked).content.decode()
        return re.findall(r"SK Focal Point|Profil gender(?=</a>)|Laporan PUG", text)

    assert len(shown()) == 3
    assert shown(kind="decree") == ["SK Focal Point"]
    assert shown(year="2025") == ["Profil gender"]
    assert shown(search="laporan") == ["Laporan PUG"]
    assert client.get(LIST, {"year": "dua"}).status_code == 422
    client.force_login(make.officer())
    assert len(shown(opd=str(health.pk))) == 2


def test_a_lost_file_is_not_found(client, focal, health):
    row = bringing.document(focal, health)
    files.path_of(row.sha256).unlink()
    client.force_login(focal)
    assert client.get(f"{LIST}{row.pk}/berkas/").status_code == 404


def test_a_full_disk_leaves_no_row(focal, health, monkeypatch, media):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(Refused) as refusal:
        bringing.document(focal, health)
    assert refusal.value.code == "busy"
    assert not isinstance(refusal.value, Stale)
    assert not Document.objects.exists()
    assert not on_disk(media)
