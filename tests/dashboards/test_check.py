"""Whoever holds a document may ask whether its numbers still stand; nothing else is told."""

import re
import subprocess
from datetime import datetime
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from docx import Document as Word

from core import chain
from core.models import AuditLink
from dashboards.areas import find_area
from dashboards.filters import BoardFilter
from dashboards.models import IssuedReport
from dashboards.reports.codes import grouped
from dashboards.reports.content import Subject
from dashboards.reports.issuing import issue_report
from dashboards.reports.kinds import KINDS
from programs.periods import Period
from programs.services import verify_activity
from programs.services.closing import close_period, revise_period
from tests import make

pytestmark = pytest.mark.django_db

LATER = datetime(2027, 1, 20, 8, tzinfo=timezone.get_current_timezone())
SECRET = "Penyuluhan Rahasia"


@pytest.fixture
def officer():
    return make.officer()


@pytest.fixture
def waiting(officer):
    """Two verified activities in Janju and a third that waits; the officer's report of them."""
    village = make.village()
    for women in (20, 30):
        program = make.program(village, title=f"{SECRET} {women}")
        make.activity(program, village, verified_by=officer, women_participants=women)
    return make.activity(make.program(village), village)


def page(client, report) -> str:
    answer = client.get(reverse("dashboards:check", args=[grouped(report.code)]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_anybody_reads_what_the_document_is(client, officer, waiting):
    report = make.report(officer, "64.01", "one-page")

    said = page(client, report)

    for words in (
        *("Kabupaten Paser", "2026", grouped(report.code), report.checksum),
        *("DP2KBP3A Kabupaten Paser", "2 dari 2: angka sama"),
        *("Angka sama.", "Masa laporan belum ditutup."),
    ):
        assert words in said


def test_page_says_whether_the_audit_trail_is_still_that_of_the_paper(client, officer, waiting):
    chain.seal()
    head = chain.head()
    report = make.report(officer, "64.01", "one-page")
    assert f"{head.position} · {head.hash[:16]}<br>tidak berubah sejak itu" in page(client, report)

    chain.seal()  # it grows on, and goes through the head all the same
    assert chain.head().position > head.position
    assert "tidak berubah sejak itu" in page(client, report)

    AuditLink.objects.filter(position=head.position).update(hash="f" * 64)  # computed anew
    said = page(client, report)
    assert "Jejak audit portal diubah setelah dokumen ini terbit." in said
    assert "tidak berubah sejak itu" not in said


def test_a_head_rewritten_with_the_document_is_left_for_the_paper_to_show(client, officer, waiting):
    chain.seal()
    report = make.report(officer, "64.01", "one-page")
    paper = report.audit_words
    chain.seal()
    IssuedReport.objects.update(
        **dict(zip(("audit_position", "audit_hash"), chain.head(), strict=True))
    )

    said = page(client, report)

    assert paper not in said
    assert "Bandingkan angka dan jejak audit dengan kertas Anda." in said


def test_word_bears_the_head_as_the_paper_does(client, officer, waiting):
    chain.seal()
    position, link = chain.head()
    report = make.report(officer, "64.01", "semester", semester=1)
    client.force_login(officer)

    word, paper = (
        client.get(reverse("dashboards:report-file", args=[report.code, ending])).content
        for ending in ("docx", "pdf")
    )

    said = f"Jejak audit waktu itu: {position} · {link[:16]}"
    assert said in [one.text for one in Word(BytesIO(word)).paragraphs]
    text = subprocess.run(["pdftotext", "-", "-"], input=paper, stdout=-1, check=True).stdout
    assert said in " ".join(text.decode().split())


def test_paper_of_before_heads_were_noted_says_nothing_of_them(client, officer, waiting):
    report = make.report(officer, "64.01", "one-page")
    IssuedReport.objects.update(audit_position=None, audit_hash="")
    assert "Jejak audit" not in page(client, report)


def test_nobody_and_no_program_is_named(client, officer, waiting):
    said = page(client, make.report(officer, "64.01.04.2002"))

    assert SECRET not in said
    assert officer.name not in said
    assert officer.username not in said


def test_changed_figures_are_told_then_and_now(client, officer, waiting):
    report = make.report(officer, "64.01", "one-page")
    verify_activity(waiting, actor=officer, version=waiting.version)

    said = page(client, report)

    assert "Angka berubah sejak dokumen ini terbit." in said
    assert "angka berubah: dulu 2 dari 2, sekarang 3 dari 3" in said
    assert people_of(said) == "angka berubah"
    assert not {"50", "98", "69", "141"} & set(re.findall(r"\d+", told_in(said)))


def people_of(said: str) -> str:
    """What stands beside "People counted": a word, and never a number."""
    return re.search(r"<dt>Orang yang dihitung</dt><dd>(?:<strong>)?([^<]*)", said)[1]


def told_in(said: str) -> str:
    """The counts that are laid side by side."""
    return said.split('id="compared"')[1].split("<dl")[1].split("</dl>")[0]


@pytest.mark.parametrize("kind", ["village", "one-page"])
def test_no_count_of_people_is_told(client, officer, kind):
    """The people of a report hold those whom the public pages hide."""
    village = make.village()
    program = make.program(village, title="Pendampingan korban KDRT")
    people = {
        "women_participants": 3,
        "men_participants": 37,
        "women_deciders": 2,
        "men_deciders": 9,
    }
    make.activity(program, village, verified_by=officer, **people)
    report = make.report(officer, village.code if kind == "village" else "64.01", kind)

    said = page(client, report)

    assert people_of(said) == "angka sama"
    assert "Perempuan di antara" not in said
    compared = told_in(said)
    assert not {"2", "3", "9", "11", "37", "40"} & set(re.findall(r"\d+", compared))

    make.activity(program, village, verified_by=officer, women_participants=1)
    assert people_of(page(client, report)) == "angka berubah"


@pytest.mark.parametrize(
    ("basis", "period"),
    [("reported", {}), ("verified", {"month": 3}), ("verified", {"quarter": 1})],
)
def test_figures_of_today_that_are_not_public_are_not_told(client, officer, waiting, basis, period):
    """Neither what nobody has checked, nor periods that the public pages do not have."""
    flt = BoardFilter(2026, basis=basis, **period)
    of = Subject(officer, find_area(officer, "64.01"), flt, timezone.localdate(), {})
    report = issue_report(KINDS["one-page"], of, actor=officer, now=timezone.now())
    for _more in range(4):
        village = make.village()
        make.activity(make.program(village), village, verified_by=officer)

    said = page(client, report)

    assert "angka berubah: dulu" in said
    assert "sekarang" not in told_in(said)


def test_the_office_reads_then_and_now_of_people_as_well(client, officer, waiting):
    report = make.report(officer, "64.01", "one-page")
    verify_activity(waiting, actor=officer, version=waiting.version)
    client.force_login(officer)
    answer = client.get(reverse("dashboards:report", args=[report.code]))
    said = " ".join(answer.content.decode().split())
    assert "angka berubah: dulu 50 dari 98, sekarang 69 dari 141" in said


def test_other_years_change_nothing(client, officer, waiting):
    report = make.report(officer, "64.01", "one-page", year=2025)
    verify_activity(waiting, actor=officer, version=waiting.version)

    assert "Angka sama." in page(client, report)


def test_few_people_are_not_told(client, officer):
    village = make.village()
    few = {"women_participants": 1, "men_participants": 2}
    make.activity(make.program(village), village, verified_by=officer, **few)

    said = page(client, make.report(officer, village.code))

    assert "1 dari 3" not in said
    assert "Perempuan di antara yang hadir" not in said


def test_unknown_codes_all_get_the_same_answer(client):
    """No telling apart what was never given out from what can be no code."""
    answers = [client.get(f"/cek/{code}/") for code in ("AAAAA-AAAAA", "aaaaaaaaaa", "1", "x" * 99)]

    assert {answer.status_code for answer in answers} == {404}
    pages = [answer.content.decode() for answer in answers]
    assert len({page.split("<main")[1].split("</main>")[0] for page in pages}) == 1


def test_code_may_be_typed_in_any_way(client, officer, waiting):
    report = make.report(officer, "64.01.04.2002")

    for typed in (report.code, report.code.lower(), grouped(report.code).lower()):
        assert client.get(f"/cek/{typed}/").status_code == 200


def test_page_is_not_kept_and_not_listed(client, officer, waiting):
    report = make.report(officer, "64.01.04.2002")
    answer = client.get(reverse("dashboards:check", args=[report.code]))

    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Robots-Tag"] == "noindex"
    assert client.post(answer.request["PATH_INFO"]).status_code == 405


def test_closing_after_the_report_is_told(client, officer, waiting):
    report = make.report(officer, "64.01", "one-page", semester=1)
    close_period(make.regency(), Period.from_code("2026-S1"), actor=officer, now=LATER)

    assert "sudah ditutup setelah dokumen ini terbit (revisi 1)" in page(client, report)


def test_report_of_a_closing_is_held_against_the_revision_in_force(client, officer, waiting):
    regency, when = make.regency(), Period.from_code("2026-S1")
    close_period(regency, when, actor=officer, now=LATER)
    report = make.report(officer, "64.01", "semester", semester=1)
    verify_activity(waiting, actor=officer, version=waiting.version)
    assert "Angka sama." in page(client, report)  # the closing stands, whatever came in since

    revise_period(regency, when, actor=officer, reason="Catatan susulan.", now=LATER)

    said = page(client, report)
    assert "angka berubah: dulu 2 dari 2, sekarang 3 dari 3" in said
    assert "Dokumen memuat angka penutupan revisi 1; yang berlaku sekarang revisi 2." in said


def test_altered_figures_are_said_out_loud(client, officer, waiting):
    report = make.report(officer, "64.01", "one-page")
    key = report.figures["key"] | {"involved": 1}
    IssuedReport.objects.filter(pk=report.pk).update(figures=report.figures | {"key": key})

    assert "tidak lagi cocok dengan sidik datanya" in page(client, report)


def test_check_asks_as_little_for_many_villages(client, officer, django_assert_max_num_queries):
    for place in range(1, 15):
        village = make.village(f"64.01.04.20{place:02d}", f"Desa {place}")
        make.activity(make.program(village), village, verified_by=officer)
    report = make.report(officer, "64.01", "one-page")

    with django_assert_max_num_queries(5):
        page(client, report)


def test_the_code_may_be_typed_as_it_is_printed(client, db):
    assert client.get("/cek/").status_code == 200
    assert client.get("/cek/?kode=k7qxm-3pt9r").url == "/cek/K7QXM3PT9R/"
    wrong = client.get("/cek/?kode=<script>")
    assert wrong.status_code == 404
    assert "Tidak ada dokumen dengan kode ini" in wrong.content.decode()
    assert "<script>" not in wrong.content.decode().split("<main")[1]
