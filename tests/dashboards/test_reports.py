"""Documents: their numbers are the board's, what was given out stays as it was, who may do it."""

import json
import subprocess
from datetime import date, datetime
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from docx import Document as Word

from core.errors import Refused
from core.formats import count, percent, rupiah
from core.models import AuditEntry
from dashboards.areas import find_area
from dashboards.boards import area_board
from dashboards.filters import BoardFilter
from dashboards.models import IssuedReport
from dashboards.reports.codes import ALPHABET, LENGTH, new_code, plain
from dashboards.reports.content import Subject
from dashboards.reports.document import packed, unpacked
from dashboards.reports.issuing import issue_report, settled_document
from dashboards.reports.kinds import KINDS, Kind, document_of
from programs.models import FundSource
from programs.periods import Period
from programs.services import verify_activity
from programs.services.closing import close_period, revise_period
from tests import make

from .examples import EXAMPLES

pytestmark = [pytest.mark.once, pytest.mark.django_db]

JANJU, SENAKEN, KUARO = "64.01.04.2002", "64.01.04.2008", "64.01.03.2001"
YEAR, SPRING = BoardFilter(2026), BoardFilter(2026, 1)
LATER = datetime(2027, 1, 20, 8, tzinfo=timezone.get_current_timezone())


def said(person, code: str, kind: str, flt=YEAR, **texts):
    with translation.override("id"):
        of = Subject(person, find_area(person, code), flt, date(2026, 11, 20), texts)
        return document_of(KINDS[kind], of)


def pdf_text(client, report, *more) -> str:
    body = client.get(reverse("dashboards:report-file", args=[report.code, "pdf"])).content
    done = subprocess.run(["pdftotext", "-layout", *more, "-", "-"], input=body, stdout=-1, check=1)
    return " ".join(done.stdout.decode().split())


def pages_of(body: bytes) -> int:
    done = subprocess.run(["pdfinfo", "-"], input=body, stdout=-1, check=True)
    return int(done.stdout.decode().split("Pages:")[1].split()[0])


def word_of(client, report) -> Word:
    address = reverse("dashboards:report-file", args=[report.code, "docx"])
    return Word(BytesIO(client.get(address).content))


@pytest.fixture
def officer():
    return make.officer()


@pytest.fixture
def facts(officer):
    """The worked examples in three villages, verified, and a part of them a year before; money."""
    make.village(JANJU, "Janju"), make.village(SENAKEN, "Senaken")
    make.district("64.01.03", "Kuaro"), make.village(KUARO, "Kuaro")
    for number, letter in enumerate(EXAMPLES):
        village = make.village((JANJU, SENAKEN, KUARO)[number % 3])
        program = make.program(village, title=f"Program {letter}", ceiling=50_000_000)
        money = {"budget_spent": 1_000_000 + number, "fund_source": FundSource.DANA_DESA}
        values = {**EXAMPLES[letter][0], **money}
        make.activity(program, village, verified_by=officer, **values)
        if letter in "abg":
            values |= {"held_on": date(2025, 3, 4)}
            make.activity(program, village, verified_by=officer, **values)


@pytest.fixture
def desk(client, officer, facts, settings):
    settings.SECOND_FACTOR_ASKED = False
    client.force_login(officer)
    return client


# -- The numbers are the board's ------------------------------------------------


@pytest.mark.parametrize(("kind", "code"), [("one-page", "64.01"), ("district", "64.01.04")])
def test_paper_says_the_numbers_of_the_board(desk, officer, kind, code):
    board = area_board(officer, find_area(officer, code), YEAR)

    text = pdf_text(desk, make.report(officer, code, kind))

    now, heads = board.headline, board.total.heads
    assert f"{now.involved} dari {now.judged} program" in text
    assert f"{count(heads.deciders[0])} dari {count(heads.deciders[1])}" in text
    for share in (now.share, heads.deciders, heads.coverage):
        assert percent(share) in text
    rows = board.villages if kind == "district" else board.districts
    for row in rows:
        assert f"{row.headline.involved}/{row.headline.judged}" in text.replace(" ", "")
    assert any(f"1/{pages}" in text.replace(" ", "") for pages in (1, 2))  # page x of y


def test_profile_says_each_program_and_why(desk, officer):
    text = pdf_text(desk, make.report(officer, JANJU))

    assert "Program a" in text
    assert "Desa Janju, Kecamatan Tanah Grogot, Kabupaten Paser" in text
    assert "4/50" in text.replace(" ", "")  # example a: four women of fifty people
    assert "8,0 %" in text
    assert "A akses, P partisipasi, K kontrol, M manfaat" in text


def test_profile_has_no_phone_number_and_no_person(desk, officer):
    head = make.village_head(make.village(JANJU))
    head.phone, head.name = "081234567890", "Siti Aminah"
    head.save()

    text = pdf_text(desk, make.report(officer, JANJU))

    assert "0812" not in text
    assert "Siti" not in text
    assert officer.name not in text


def test_one_page_is_one_sheet_for_ten_districts(desk, officer):
    for number in range(11, 21):
        for place in range(3):
            village = make.village(f"64.01.{number}.200{place}", f"Desa Bernama Panjang {place}")
            make.activity(make.program(village), village, verified_by=officer)

    report = make.report(officer, "64.01", "one-page")

    body = desk.get(reverse("dashboards:report-file", args=[report.code, "pdf"])).content
    assert pages_of(body) == 1


def test_screen_and_paper_of_the_one_page_are_one(desk, officer):
    page = desk.get("/satu-halaman/?year=2026").content.decode()
    document = said(officer, "64.01", "one-page")

    numbers, sentences, *_rest = document.blocks
    for words in (*(one.value for one in numbers.items), *sentences.items):
        assert str(words) in page.replace("&#x27;", "'")


def test_word_holds_the_numbers_in_real_styles(desk, officer):
    report = make.report(officer, "64.01", "semester", semester=1)
    board = area_board(officer, find_area(officer, "64.01"), SPRING)

    word = word_of(desk, report)

    headings = [one.text for one in word.paragraphs if one.style.name == "Heading 1"]
    assert [one[0] for one in headings[:7]] == list("ABCDEFG")
    text = "\n".join(one.text for one in word.paragraphs)
    assert f"{board.headline.involved} dari {board.headline.judged} program" in text
    cells = {cell.text for table in word.tables for row in table.rows for cell in row.cells}
    spent = sum(1_000_000 + number for number in range(len(EXAMPLES)))
    called_off = sum(
        1_000_000 + number
        for number, letter in enumerate(EXAMPLES)
        if EXAMPLES[letter][0].get("event_status") == "cancelled"
    )
    assert rupiah(spent - called_off) in cells
    section = word.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert "NUMPAGES" in section.footer._element.xml
    assert all(table.style.name == "Table Grid" for table in word.tables)
    assert "w:tblHeader" in word.element.xml


def test_word_carries_the_code_that_paper_carries(desk, officer):
    from dashboards.reports.paper import png_qr

    report = make.report(officer, "64.01", "semester", semester=1)
    address = f"http://testserver/cek/{report.code[:5]}-{report.code[5:]}/"

    word = word_of(desk, report)

    pictures = [part.blob for part in word.part.package.image_parts]
    assert pictures == [png_qr(address).getvalue()]
    assert address in pdf_text(desk, report, "-raw").replace(" ", "")


def test_office_writes_its_own_paragraphs(desk, officer):
    asked = {"kind": "semester", "area": "64.01", "period": "2026-S1", "basis": "verified"}
    texts = {"problems": "Jalan putus.", "efforts": "Rapat Pokja.\nPelatihan <b>kader</b>."}

    answer = desk.post("/laporan/terbitkan/", asked | texts)

    report = IssuedReport.objects.get()
    assert answer["Location"] == reverse("dashboards:report", args=[report.code])
    lines = [one.text for one in word_of(desk, report).paragraphs]
    assert {"Jalan putus.", "Rapat Pokja.", "Pelatihan <b>kader</b>."} <= set(lines)
    assert not any("diisi oleh dinas" in line for line in lines)
    assert "Pelatihan <b>kader</b>." in pdf_text(desk, report)


def test_too_long_a_paragraph_comes_back(desk):
    asked = {"kind": "semester", "area": "64.01", "period": "2026-S1", "basis": "verified"}

    answer = desk.post("/laporan/terbitkan/", asked | {"efforts": "x" * 4001})

    assert answer.status_code == 422
    assert not IssuedReport.objects.exists()


# -- What was given out stays ---------------------------------------------------


def test_second_printing_says_what_the_first_one_said(desk, officer):
    village = make.village(JANJU)
    waiting = make.activity(make.program(village, title="Program baru"), village)
    report = make.report(officer, "64.01", "one-page")
    before = pdf_text(desk, report).split("Diterbitkan")[0].split("WITA", 1)[1]

    verify_activity(waiting, actor=officer, version=waiting.version)

    assert pdf_text(desk, report).split("Diterbitkan")[0].split("WITA", 1)[1] == before
    now = said(officer, "64.01", "one-page")
    assert now.key.judged == report.figures["key"]["judged"] + 1


def test_downloading_counts_nothing(desk, officer, django_assert_max_num_queries):
    report = make.report(officer, "64.01", "semester", semester=1)
    address = reverse("dashboards:report-file", args=[report.code, "docx"])

    with django_assert_max_num_queries(8) as seen:  # session, person, grants, the report
        desk.get(address)
    assert not any("programvillagemonth" in one["sql"] for one in seen.captured_queries)


def test_same_content_is_issued_once_a_day(desk, officer):
    first, second = (make.report(officer, JANJU) for _time in range(2))

    assert first.code == second.code
    assert AuditEntry.objects.filter(action="report.issued").count() == 1


def test_document_survives_its_json(officer, facts):
    for kind, code, flt in (
        ("village", JANJU, YEAR),
        ("district", "64.01.04", YEAR),
        ("one-page", "64.01", YEAR),
        ("semester", "64.01", SPRING),
    ):
        once = packed(said(officer, code, kind, flt))
        assert packed(unpacked(json.loads(json.dumps(once)))) == once


def test_altered_content_is_seen(desk, officer):
    report = make.report(officer, JANJU)
    IssuedReport.objects.filter(pk=report.pk).update(figures=report.figures | {"title": "Lain"})

    page = desk.get(reverse("dashboards:report", args=[report.code])).content.decode()

    assert "tidak lagi cocok dengan sidik datanya" in page


def test_document_is_made_anew_when_records_change_meanwhile(officer, facts):
    village = make.village(JANJU)
    program = make.program(village)
    of = Subject(officer, find_area(officer, JANJU), YEAR, date(2026, 11, 20), {})
    usual, left = KINDS["village"], [1]

    def disturbed(of):
        found = usual.make(of)
        if left:
            left.pop()
            make.activity(program, village, verified_by=officer)
        return found

    kind = Kind("village", "", "", usual.levels, disturbed)
    assert settled_document(kind, of).key == usual.make(of).key

    left.extend([1] * 10)
    with pytest.raises(Refused):
        settled_document(kind, of)


# -- The semester and its closing -----------------------------------------------


def test_closed_semester_shows_the_figures_of_its_closing(officer, facts):
    regency, when = make.regency(), Period.from_code("2026-S1")
    open_key = said(officer, "64.01", "semester", SPRING).key
    close_period(regency, when, actor=officer, now=LATER)
    village = make.village(KUARO)
    make.activity(make.program(village), village, verified_by=officer)

    closed = said(officer, "64.01", "semester", SPRING)
    assert (closed.key.judged, closed.revision) == (open_key.judged, 1)
    assert any("sudah ditutup" in value for _label, value in closed.facts)

    revise_period(regency, when, actor=officer, reason="Catatan susulan.", now=LATER)
    revised = said(officer, "64.01", "semester", SPRING)
    assert (revised.key.judged, revised.revision) == (open_key.judged + 1, 2)


def test_open_semester_says_so(officer, facts):
    document = said(officer, "64.01", "semester", SPRING)
    assert any("belum ditutup" in value for _label, value in document.facts)


@pytest.mark.parametrize("changes", [{"period": "2026"}, {"basis": "reported"}, {"area": JANJU}])
def test_semester_report_refuses_what_it_cannot_say(desk, changes):
    asked = {"kind": "semester", "area": "64.01", "period": "2026-S1", "basis": "verified"}

    assert desk.post("/laporan/terbitkan/", asked | changes).status_code == 422
    assert desk.get("/laporan/pratinjau/", asked | changes).status_code == 400
    assert not IssuedReport.objects.exists()


# -- Who may -----------------------------------------------------------------------


def test_village_head_issues_her_own_profile_and_no_other(client, facts):
    client.force_login(make.village_head(make.village(JANJU)))
    asked = {"kind": "village", "area": JANJU, "period": "2026", "basis": "verified"}

    assert client.post("/laporan/terbitkan/", asked | {"area": SENAKEN}).status_code == 422
    assert client.post("/laporan/terbitkan/", asked).status_code == 302
    report = IssuedReport.objects.get()
    assert report.figures["office"] == "Pemerintah Desa Janju"
    assert client.get(reverse("dashboards:report", args=[report.code])).status_code == 200


def test_report_is_seen_where_its_whole_area_is_seen(client, officer, facts):
    ours, whole = make.report(officer, JANJU), make.report(officer, "64.01", "one-page")
    client.force_login(make.village_head(make.village(JANJU)))

    page = client.get("/laporan/").content.decode()

    assert ours.code[:5] in page
    assert whole.code[:5] not in page
    for route, more in (("report", []), ("report-file", ["pdf"])):
        address = reverse(f"dashboards:{route}", args=[whole.code, *more])
        assert client.get(address).status_code == 404


def test_list_says_which_numbers_changed(desk, officer):
    village = make.village(JANJU)
    waiting = make.activity(make.program(village), village)
    make.report(officer, JANJU)
    assert "angka berubah" not in desk.get("/laporan/").content.decode()

    verify_activity(waiting, actor=officer, version=waiting.version)

    assert "angka berubah" in desk.get("/laporan/").content.decode()


def test_no_file_in_a_form_the_kind_does_not_have(desk, officer):
    report = make.report(officer, JANJU)
    address = reverse("dashboards:report-file", args=[report.code, "docx"])
    assert desk.get(address).status_code == 404


def test_codes_are_random_and_read_back():
    codes = {new_code() for _one in range(200)}

    assert len(codes) == 200
    assert all(len(code) == LENGTH and set(code) <= set(ALPHABET) for code in codes)
    assert plain("k7qxm-3pt9r") == "K7QXM3PT9R"
    assert plain("K7QXM-3PT9") == plain("O0000-00000") == plain("") == ""


def test_taken_code_is_not_given_twice(officer, facts, monkeypatch):
    first = make.report(officer, JANJU)
    waiting = iter([first.code, "AAAAACCCCC"])
    monkeypatch.setattr("dashboards.reports.issuing.new_code", lambda: next(waiting))

    assert make.report(officer, SENAKEN).code == "AAAAACCCCC"


def test_cost_of_a_document_does_not_grow_with_its_villages(
    officer, facts, django_assert_max_num_queries
):
    for place in range(3, 20):
        village = make.village(f"64.01.04.20{place:02d}", f"Desa {place}")
        make.activity(make.program(village), village, verified_by=officer)

    with django_assert_max_num_queries(40):
        said(officer, "64.01", "one-page")
    with django_assert_max_num_queries(40):
        said(officer, "64.01", "semester", SPRING)


def test_issue_report_writes_who_and_what(officer, facts):
    of = Subject(officer, find_area(officer, JANJU), YEAR, date(2026, 11, 20), {})
    report = issue_report(KINDS["village"], of, actor=officer, now=LATER)

    entry = AuditEntry.objects.get(action="report.issued")
    assert (entry.actor, entry.object_id) == (officer, report.code)
    assert entry.changes["checksum"] == report.checksum
