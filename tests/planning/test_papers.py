"""The printed forms: one text in PDF, Word and Excel, laid out as the official forms are."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document as Word
from docx.oxml.ns import qn

from core import paper as press
from planning.content import Content
from planning.models import BudgetLine
from planning.papers import answer as answering
from planning.papers import pdf, sheet, word
from planning.papers.cells import letters
from planning.papers.making import paper_of
from planning.papers.parts import one_line
from scripts.planning_forms import FOLDER, SHAPES, form
from tests import make

from . import paper_examples as examples
from .paper_readers import (
    counted,
    described,
    in_order,
    lines_of,
    part,
    pdf_columns,
    pdf_pages,
    pdf_text,
    sheet_columns,
    sheet_rows,
    squeezed,
    texts_of,
    word_columns,
    words_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]

GROUPS = ["Isu Gender", "Kebijakan dan Rencana ke Depan", "Pengukuran Hasil"]


@pytest.fixture
def analysis():
    return examples.analysis()


@pytest.mark.parametrize("rows", [0, 2, 30])
def test_same_text_stands_in_all_three(analysis, rows):
    said = examples.long_content(rows) if rows else Content("9L", 2027, title="Pelatihan")
    paper = paper_of(analysis, version=examples.frozen(analysis, said))

    wanted = described(paper)

    assert pdf_columns(pdf.written(paper)) == wanted
    assert word_columns(word.written(paper)) == wanted
    assert sheet_columns(sheet.written(paper)) == wanted


def test_four_steps_have_the_same_text_in_all_three():
    of = examples.analysis(replace(examples.content(), template="4L"))
    paper = paper_of(of)

    wanted = described(paper)

    assert len(wanted) == 4
    assert "Akses" in wanted[1]
    assert pdf_columns(pdf.written(paper), 4) == wanted
    assert word_columns(word.written(paper)) == wanted
    assert sheet_columns(sheet.written(paper), 4) == wanted


def test_links_are_shown_by_number(analysis):
    """The example of the domain: every cell names the cell that it answers."""
    cells = described(paper_of(analysis))

    assert "L46,P4orang(P8,0%)" in cells[1]
    assert "2025·DesaJanjuSumber:Daftarhadir" in cells[1]
    assert "12dari40desa" in cells[1]
    assert "Kontrol3.TidakadaperempuandalamTPK→data2" in cells[2]
    assert cells[3].startswith("a.SKTPKtidakmemuatperempuan→faktor3b.")
    assert "d.KWTbelumterdaftarsebagaikelompok→faktor4" in cells[4]
    assert "1.MengundanglewatKWTdanPKK→sebabb,dBiaya:Rp12.500.000dariDanaDesa" in cells[6]
    assert "8,0%→data1" in cells[7]
    assert "Target:40%Palinglambat30Juni2027" in cells[8]
    assert cells[8].endswith("→datadasar2→aksi2")


def test_letters_go_on_after_z():
    assert [letters(number) for number in (0, 25, 26, 27, 701, 702)] == [
        *("a", "z", "aa", "ab", "zz", "aaa"),
    ]


def test_official_heads_stand_over_their_columns(analysis):
    paper = paper_of(analysis)

    table = Word(BytesIO(word.written(paper))).tables[0]
    spans = {
        cell.text: int(cell._tc.tcPr.gridSpan.val)
        for cell in table.rows[0].cells
        if cell._tc.tcPr.gridSpan is not None
    }
    assert spans == dict(zip(GROUPS, (3, 2, 2), strict=True))
    assert [cell.text for cell in table.rows[2].cells] == [*map(str, range(1, 10))]
    repeated = [row._tr.trPr is not None and row._tr.trPr.find(qn("w:tblHeader")) is not None
                for row in table.rows]  # fmt: skip
    assert repeated == [True, True, True, False]

    rows = sheet_rows(sheet.written(paper))
    [groups] = [row for row in rows if GROUPS[0] in row]
    assert [groups.index(one) for one in GROUPS] == [2, 5, 7]

    text = squeezed(pdf_text(pdf.written(paper)))
    assert all(squeezed(one) in text for one in GROUPS)


def test_long_cells_go_on_over_pages_below_repeated_heads(analysis):
    paper = paper_of(analysis, version=examples.frozen(analysis, examples.long_content(30)))

    pages = pdf_pages(pdf.written(paper))

    assert len(pages) > 3
    for number, words in enumerate(pages, start=1):
        text = "".join(one[2] for one in words)
        assert all(squeezed(one) in squeezed(text) for one in ("Isu Gender", "Reformulasi"))
        assert f"Halaman{number}dari{len(pages)}" in text


def test_word_and_excel_print_lying_a4_with_page_numbers(analysis):
    paper = paper_of(analysis)

    section = Word(BytesIO(word.written(paper))).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    foot = section.footer._element.xml
    assert "NUMPAGES" in foot
    assert "Halaman" in foot

    body = sheet.written(paper)
    xml = part(body, "xl/worksheets/sheet1.xml")
    assert 'orientation="landscape"' in xml
    assert 'paperSize="9"' in xml
    assert 'fitToHeight="0"' in xml
    assert "Halaman &amp;P dari &amp;N" in xml
    assert "_xlnm.Print_Titles" in part(body, "xl/workbook.xml")


def test_no_row_of_a_sheet_is_higher_than_excel_shows(analysis):
    wordy = " ".join(f"kata{number}" for number in range(2000))
    said = examples.content(goal=wordy)
    paper = paper_of(analysis, version=examples.frozen(analysis, said))

    body = sheet.written(paper)

    assert sheet_columns(body) == described(paper)
    cells = [cell for row in sheet_rows(body) for cell in row]
    assert max(map(len, cells)) < 32_767
    narrow = [row[0] for row in sheet_rows(body) if "kata" in str(row[0])]
    assert len(narrow) > 10
    assert max(len(one) for one in narrow) < 30 * 30


NASTY = [
    '=HYPERLINK("http://127.0.0.1/";"x")',
    "+1+1",
    "@SUM(A1)",
    "<w:p>tebal</w:p> & <script>alert(1)</script>",
    "{{ 7 * 7 }} {% for x in y %} {# hilang #}",
    "{_{ 7 * 7 }_} {_% tidak %_}",
    "{{r title }} {%p if x %} {%tr endfor %}",
    "]]> &amp; &#95; %% $ {}",
]


def test_what_people_type_stays_plain_text(analysis):
    """Formulas, markup and the form's own braces: shown as typed, never run."""
    [action, *_rest] = examples.content().actions
    said = examples.content(
        title=NASTY[0],
        goal="\n".join(NASTY),
        actions=tuple(replace(action, key=examples.key(one), text=one) for one in NASTY),
    )
    paper = paper_of(analysis, version=examples.frozen(analysis, said))

    wanted = described(paper)

    assert all(squeezed(one) in wanted[0] and squeezed(one) in wanted[6] for one in NASTY)
    assert pdf_columns(pdf.written(paper)) == wanted
    assert word_columns(word.written(paper)) == wanted
    body = sheet.written(paper)
    assert sheet_columns(body) == wanted
    assert "<f>" not in part(body, "xl/worksheets/sheet1.xml")


def test_codes_of_excel_are_read_as_they_were_typed(analysis):
    """_x0041_ would be an A; Excel takes the code of "_" before it for that sign itself."""
    said = examples.content(goal="_x0041_")
    paper = paper_of(analysis, version=examples.frozen(analysis, said))

    assert "_x005F_x0041_" in part(sheet.written(paper), "xl/sharedStrings.xml")


def test_what_no_paper_can_hold_is_left_out(analysis):
    said = examples.content(goal="Baris\x01 satu\x0b\x0cBaris\ufffe dua\n\nBaris\ttiga")
    paper = paper_of(analysis, version=examples.frozen(analysis, said))

    wanted = described(paper)

    assert "BarissatuBarisduaBaristiga" in wanted[0]
    assert one_line("Baris\x00 satu\ud800") == "Baris satu"  # neither is ever stored
    assert word_columns(word.written(paper)) == wanted
    assert sheet_columns(sheet.written(paper)) == wanted
    assert pdf_columns(pdf.written(paper)) == wanted


def test_statement_says_the_same_in_all_three(analysis):
    of = examples.statement(analysis)
    BudgetLine.objects.create(
        owner_opd=analysis.program.owner_opd, year=2027, code="4.2.05", name="Pelatihan", key="a",
        plan=90_000_000, arg_plan=40_000_000, category=2, statement=of,
        action=examples.key("invite"), created_by=make.person("officer"),
    )  # fmt: skip
    paper = paper_of(of)

    wanted, texts = lines_of(paper), texts_of(paper)

    assert in_order(wanted, texts["docx"])
    assert in_order(wanted, texts["xlsx"])
    assert not words_of(paper) - counted(pdf_text(pdf.written(paper)))
    for text in texts.values():
        assert "Rp250.000.000" in text  # the whole activity
        assert "Rp40.000.000" in text  # what of it answers the gap
        assert "Ditandatangani20November2026" in text
        assert "TanaPaser,20November2026KepalaDinasKesehatandr.SitiAminah" in text
        assert "NIP197001011998032001" in text


def test_terms_say_the_same_in_all_three(analysis):
    paper = paper_of(examples.terms(examples.statement(analysis)))

    wanted, texts = lines_of(paper), texts_of(paper)

    assert wanted[:3] == ["1.Dasarhukum", "Inpres9/2000", "Permendagri67/2011"]
    assert in_order(wanted, texts["docx"])
    assert in_order(wanted, texts["xlsx"])
    assert not words_of(paper) - counted(pdf_text(pdf.written(paper)))
    assert "1Februari2027sampai30April2027" in texts["pdf"]


def test_village_page_and_statement_stay_on_one_sheet():
    of = examples.analysis(Content("desa", 2027), owner_village=make.village())
    said = examples.content("desa")
    said = replace(said, factors=said.factors[:2])
    signed = examples.statement(of, said, village_document="rkpdes", signatory_name="Aminah")

    for paper in (paper_of(of, version=of.versions.get()), paper_of(signed)):
        texts = texts_of(paper)

        assert len(pdf_pages(pdf.written(paper))) == 1
        assert in_order(lines_of(paper), texts["docx"])
        assert in_order(lines_of(paper), texts["xlsx"])
        for text in texts.values():
            assert "☑1.Akses:Undangan" in text
            assert "☐Kontrol" in text
            assert "SekretarisDesa,koordinatorPPKD" in text
    assert "RKPDes2027" in texts["pdf"]
    assert paper.heads == ("PEMERINTAH KABUPATEN PASER", "KECAMATAN TANAH GROGOT", "DESA JANJU")


def test_drafts_and_examples_say_so_on_every_page():
    of = examples.analysis(origin="sample")
    texts = texts_of(paper_of(of))
    approved = paper_of(of, version=examples.frozen(of))

    assert "CONTOH·DRAF" in texts["pdf"]
    assert "Datacontoh" in texts["docx"]
    assert "Datacontoh" in texts["xlsx"]
    assert approved.mark == "CONTOH"
    assert ("Status", "Disetujui 5 November 2026") in approved.facts
    top = Word(BytesIO(word.written(approved))).sections[0].header.paragraphs[0].text
    assert top == "CONTOH"


def test_papers_are_indonesian_on_an_english_screen(analysis, client):
    reader = make.officer()
    client.force_login(reader)
    client.cookies["django_language"] = "en"

    response = client.get(reverse("planning:gap-print", args=[analysis.pk, "docx"]))

    assert GROUPS[0] in Word(BytesIO(response.content)).tables[0].rows[0].cells[2].text


def test_downloads_are_named_by_what_they_are(analysis, client):
    client.force_login(make.officer())
    examples.frozen(analysis), examples.frozen(analysis, examples.long_content(1))
    address = reverse("planning:gap-print", args=[analysis.pk, "xlsx"])

    draft, second = client.get(address), client.get(f"{address}?versi=2")

    assert draft["Content-Disposition"].endswith('"gap-dinas-kesehatan-2027-draf.xlsx"')
    assert second["Content-Disposition"].endswith('"gap-dinas-kesehatan-2027-v2.xlsx"')
    assert second["Content-Type"] == sheet.MEDIA_TYPE
    assert "keadaan1menurut" in "".join(sheet_columns(second.content))


@pytest.mark.parametrize("fmt", ["pdf", "docx", "xlsx"])
def test_every_paper_comes_in_every_format(analysis, client, fmt):
    client.force_login(make.officer())
    statement = examples.statement(analysis)
    terms = examples.terms(statement)

    for name, document in (("gap", analysis), ("gbs", statement), ("kak", terms)):
        response = client.get(reverse(f"planning:{name}-print", args=[document.pk, fmt]))

        assert response.status_code == 200
        assert response.content.startswith(b"%PDF" if fmt == "pdf" else b"PK")
        assert f'filename="{name}-dinas-kesehatan-2027-' in response["Content-Disposition"]


def test_other_offices_find_nothing(analysis, client):
    statement = examples.statement(analysis)
    terms = examples.terms(statement)
    stranger = make.person("opd_focal_point", opd=make.opd("Dinas Pertanian"))
    owner = make.person("opd_focal_point", opd=analysis.program.owner_opd)
    documents = (("gap", analysis), ("gbs", statement), ("kak", terms))

    for person, wanted in ((stranger, 404), (owner, 200)):
        client.force_login(person)
        for name, document in documents:
            address = reverse(f"planning:{name}-print", args=[document.pk, "docx"])
            assert client.get(address).status_code == wanted


@pytest.mark.parametrize("asked", ["odt", "pdf.exe"])
def test_other_formats_are_not_found(analysis, client, asked):
    client.force_login(make.officer())
    assert client.get(f"/perencanaan/gap/{analysis.pk}/cetak/{asked}/").status_code == 404


@pytest.mark.parametrize("version", ["3", "0", "dua", "-1", "99999999", "²"])
def test_versions_that_are_not_there_are_not_found(analysis, client, version):
    client.force_login(make.officer())
    examples.frozen(analysis)
    address = reverse("planning:gap-print", args=[analysis.pk, "docx"])
    assert client.get(address, {"versi": version}).status_code == 404


@pytest.mark.parametrize(("fmt", "lock"), [("pdf", press._press), ("xlsx", answering._desk)])
def test_one_file_at_a_time(analysis, client, monkeypatch, fmt, lock):
    monkeypatch.setattr(press, "WAIT", 0.01)
    client.force_login(make.officer())

    with lock:
        response = client.get(reverse("planning:gap-print", args=[analysis.pk, fmt]))

    assert response.status_code == 503
    assert response["Retry-After"]


@pytest.mark.parametrize("of", SHAPES)
def test_shipped_word_forms_are_what_the_script_lays_out(of):
    """Another archive program packs differently; the parts are compared."""
    shipped, made = (FOLDER / f"{of}.docx").read_bytes(), form(SHAPES[of])
    for name in ("word/document.xml", "word/footer1.xml", "word/styles.xml"):
        assert part(shipped, name) == part(made, name)


def test_statement_without_signature_leaves_room_for_it(analysis):
    of = examples.statement(analysis, state="draft", place="", signed_on=None, signatory_name="",
                            signatory_title="", signatory_rank="", signatory_number="")  # fmt: skip
    signed = paper_of(of).signature

    assert signed.place.startswith("....")
    assert set(signed.name) == {"."}
    assert signed.lines == ()
    assert paper_of(of).mark == "DRAF"


def test_kak_of_few_words_is_whole(analysis):
    """Empty fields are dashes, never a missing chapter."""
    empty = dict.fromkeys(
        ("legal_basis", "purpose", "beneficiaries", "location", "limits", "performer"), ""
    )
    of = examples.terms(examples.statement(analysis), **empty, starts_on=None, ends_on=None,
                        months=None, cost=None, responsible="")  # fmt: skip
    of.stages.all().delete()

    wanted = lines_of(paper_of(of))

    assert sum(one[:2] in ("1.", "2.", "6.", "7.") for one in wanted) >= 4
    assert wanted[wanted.index("1.Dasarhukum") + 1] == "–"
    assert date(2027, 1, 1).year == of.statement.year
