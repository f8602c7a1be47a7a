"""Evidence: chosen among what one sees, tagged, looked at by somebody else, taken out."""

import re

import pytest

from core.errors import Refused, Stale
from core.models import AuditEntry
from planning.models import Document, Evidence, EvidenceTag
from planning.services.analyses import start_analysis
from planning.services.documents import remove_document
from planning.services.evidence import (
    copy_tags,
    remove_evidence,
    tag_evidence,
    verify_evidence,
)
from tests import make

from . import bringing
from .bringing import INDEXES, YEAR, names_in, seen_by

pytestmark = pytest.mark.django_db
BINDER, ZIP, ASKED = "/perencanaan/bukti/", "/perencanaan/bukti/unduh/", "/perencanaan/pertanyaan/"


# -- Choosing, tagging, taking over ----------------------------------------------------


def test_a_record_becomes_evidence_through_the_pages(client, focal, health):
    record = make.activity(make.program())
    client.force_login(focal)
    found = client.get(f"{BINDER}baru/", {"kind": "activity", "search": "bibit"})
    assert f"?activity={record.pk}" in found.content.decode()
    form = client.get(f"{BINDER}baru/", {"activity": record.pk}).content.decode()
    uid = re.search(r'name="uid" value="([^"]+)"', form)[1]
    said = {"uid": uid, "title": "Pelatihan bibit", "owner": f"opd-{health.pk}"}

    for _ in range(2):
        answer = client.post(f"{BINDER}baru/?activity={record.pk}", said)
        assert answer.headers["Location"] == f"{BINDER}{uid}/"
    piece = Evidence.objects.get()
    assert (piece.activity, piece.opd, piece.created_by) == (record, health, focal)

    page = f"{BINDER}{uid}/"
    tags = {"year": YEAR, "prerequisites": ["data", "tools"], "cycles": ["monitoring"]}
    assert client.post(f"{page}tanda/", tags).headers["Location"] == f"{page}?year={YEAR}"
    assert EvidenceTag.objects.count() == 3
    assert (
        len(re.findall(r"<input[^>]*checked", client.get(page, {"year": YEAR}).content.decode()))
        == 3
    )
    client.post(f"{page}tanda/", {"year": YEAR, "prerequisites": ["data"]})
    assert EvidenceTag.objects.get().prerequisite == "data"
    wrong = client.post(f"{page}tanda/", {"year": YEAR, "prerequisites": ["apa"]})
    assert wrong.status_code == 422


@pytest.mark.parametrize("name", ["photo", "gap"])
def test_photos_and_plans_become_evidence_too(client, focal, health, name):
    program = make.program(owner_opd=health)
    if name == "photo":
        record = make.activity(program, author=(head := make.village_head()))
        subject = make.photo(record, author=head)
    else:
        subject = start_analysis(program, actor=focal, year=YEAR)
    client.force_login(focal)
    answer = client.get(f"{BINDER}baru/", {name: subject.pk})
    assert answer.status_code == 200
    said = {"uid": subject.pk, "title": "Bukti", "owner": f"opd-{health.pk}"}
    client.post(f"{BINDER}baru/?{name}={subject.pk}", said)
    assert Evidence.objects.get().subject == subject


def test_what_she_cannot_see_is_never_evidence(client, focal, health):
    social = make.opd("Dinas Sosial")
    stranger = make.person("opd_focal_point", opd=social)
    program = make.program(owner_opd=social)
    plan = start_analysis(program, actor=stranger, year=YEAR)
    paper = bringing.document(stranger, social)
    client.force_login(focal)
    for name, subject in (("gap", plan), ("document", paper)):
        assert client.get(f"{BINDER}baru/", {name: subject.pk}).status_code == 404
        found = client.get(f"{BINDER}baru/", {"kind": name}).content.decode()
        assert str(subject.pk) not in found
        with pytest.raises(Refused):
            bringing.evidence(focal, subject, health)
    assert client.get(f"{BINDER}baru/", {"activity": "bukan"}).status_code == 404
    assert not Evidence.objects.exists()


def test_a_document_is_evidence_of_its_own_office_only(officer, focal, health):
    paper = bringing.document(focal, health)
    with pytest.raises(Refused) as refusal:
        bringing.evidence(officer, paper)
    assert refusal.value.code == "other_office"


def test_last_years_tags_are_taken_over_once(client, focal, officer, health):
    before = bringing.questions(officer, "A.1;Dulu?", "A.9;Tidak ada lagi?", year=YEAR - 1)
    bringing.questions(officer, "A.1;Sekarang?")
    piece = bringing.evidence(focal, opd=health)
    others = bringing.evidence(officer, title="Milik kabupaten")
    tags = {"prerequisites": ["data"], "questions": before.values()}
    tag_evidence(piece, YEAR - 1, actor=focal, **tags)
    tag_evidence(others, YEAR - 1, actor=officer, prerequisites=["tools"])
    client.force_login(focal)
    for expected in ("2 tanda bukti", "0 tanda bukti"):
        answer = client.post(f"{BINDER}salin/", {"year": YEAR}, follow=True)
        assert expected in answer.content.decode()
    taken = EvidenceTag.objects.filter(year=YEAR)
    assert {
        (tag.evidence, tag.prerequisite, tag.question and tag.question.text) for tag in taken
    } == {
        (piece, "data", None),
        (piece, "", "Sekarang?"),
    }
    assert copy_tags(make.regency(), YEAR - 1, YEAR, actor=officer) == 1
    with pytest.raises(Refused):
        copy_tags(
            make.regency(), YEAR - 1, YEAR, actor=make.person("leader", regency=make.regency())
        )


def test_tags_are_for_questions_of_that_year(focal, officer, health):
    asked = bringing.questions(officer, "A.1;Dulu?", year=YEAR - 1)
    piece = bringing.evidence(focal, opd=health, prerequisites=["data"])
    with pytest.raises(Refused) as refusal:
        tag_evidence(piece, YEAR, actor=focal, questions=asked.values())
    assert refusal.value.code == "other_year"
    assert EvidenceTag.objects.get().prerequisite == "data"
    tag_evidence(piece, YEAR, actor=focal)
    assert not EvidenceTag.objects.exists()


# -- Looking at it, taking it out ------------------------------------------------------


def test_nobody_verifies_what_she_brought(client, officer):
    second = make.officer()
    piece = bringing.evidence(officer, prerequisites=["data"])
    chosen = bringing.evidence(second, bringing.document(officer), prerequisites=["data"])
    client.force_login(officer)
    for one in (piece, chosen):
        assert client.post(f"{BINDER}{one.pk}/periksa/").status_code == 403
        assert "Anda sendiri yang membawanya" in client.get(f"{BINDER}{one.pk}/").content.decode()
    client.force_login(second)
    assert client.post(f"{BINDER}{piece.pk}/periksa/").status_code == 302
    piece.refresh_from_db()
    assert piece.verified_by == second
    with pytest.raises(Stale):
        verify_evidence(piece, actor=second)
    assert AuditEntry.objects.filter(action="evidence.verify").count() == 1


def test_an_office_does_not_verify(client, focal, officer, health):
    mate = make.person("opd_focal_point", opd=health)
    piece = bringing.evidence(focal, opd=health)
    client.force_login(mate)
    assert client.post(f"{BINDER}{piece.pk}/periksa/").status_code == 403
    client.force_login(officer)
    assert client.post(f"{BINDER}{piece.pk}/periksa/").status_code == 302


def test_evidence_taken_out_is_gone_and_frees_its_document(client, focal, health):
    piece = bringing.evidence(focal, opd=health, prerequisites=["data"])
    client.force_login(focal)
    assert client.get(f"{BINDER}{piece.pk}/hapus/").status_code == 200
    assert client.post(f"{BINDER}{piece.pk}/hapus/").status_code == 302
    assert client.get(f"{BINDER}{piece.pk}/").status_code == 404
    assert not seen_by(focal).pieces
    remove_document(piece.document, actor=focal)
    assert Document.objects.get().removed_at
    with pytest.raises(Stale):
        remove_evidence(piece, actor=focal)


def test_for_other_offices_there_is_no_evidence(client, focal, officer, health):
    piece = bringing.evidence(focal, opd=health, title="SK rahasia", prerequisites=["data"])
    addresses = [f"{BINDER}{piece.pk}/", f"{BINDER}{piece.pk}/hapus/"]
    other = make.person("opd_focal_point", opd=make.opd("Dinas Sosial"))
    client.force_login(other)
    assert [client.get(one).status_code for one in addresses] == [404, 404]
    for act in ("tanda", "periksa", "hapus"):
        assert client.post(f"{BINDER}{piece.pk}/{act}/", {"year": YEAR}).status_code == 404
    assert "SK rahasia" not in client.get(BINDER, {"year": YEAR}).content.decode()
    answer = client.get(ZIP, {"year": YEAR})
    assert names_in(b"".join(answer.streaming_content)) == INDEXES
    assert client.get(ZIP, {"year": YEAR, "opd": health.pk}).status_code == 302
    for person in (make.person(), make.village_head()):
        client.force_login(person)
        for address in (BINDER, ZIP, ASKED, f"{BINDER}baru/"):
            assert client.get(address).status_code == 403
        assert client.get(addresses[0]).status_code == 404
    client.force_login(make.person("opd_head", opd=health))
    assert client.get(addresses[0]).status_code == 200
    assert client.post(f"{BINDER}{piece.pk}/tanda/", {"year": YEAR}).status_code == 403


def test_the_page_of_a_record_offers_it_to_offices_with_a_binder(client, focal, officer):
    record = make.activity(make.program())
    district = make.person("district_officer", district=make.district())
    offered = {}
    for person in (focal, officer, district, make.village_head()):
        client.force_login(person)
        page = client.get(f"/kegiatan/{record.pk}/").content.decode()
        offered[person] = f"/perencanaan/bukti/baru/?activity={record.pk}" in page
    assert list(offered.values()) == [True, True, False, False]


def test_a_program_leads_to_its_plans(client, focal, health):
    program = make.program(owner_opd=health)
    start_analysis(program, actor=focal, year=2026)
    start_analysis(make.program(owner_opd=health, title="Lain"), actor=focal, year=2026)
    client.force_login(focal)
    address = f"/perencanaan/gap/?program={program.pk}"
    assert address in client.get(f"/program/{program.pk}/").content.decode()
    page = client.get(address).content.decode()
    assert program.title in page
    assert ">Lain<" not in page
