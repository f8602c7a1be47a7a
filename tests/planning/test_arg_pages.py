"""The pages of gender budget, its lines and totals, as people of each office meet them."""

from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from planning.models import ArgTarget, BudgetLine, BudgetTotal
from tests import make
from tests.planning import money
from tests.planning.money import tag
from tests.planning.paper_readers import pdf_pages

pytestmark = [pytest.mark.django_db, pytest.mark.once]

M = 1_000_000
ROOT = "/perencanaan/arg/"


def text(answer) -> str:
    return answer.content.decode()


def asked(client, address: str = "", **query):
    return client.get(f"{ROOT}{address}", query)


@pytest.fixture
def focal(client):
    person = money.focal()
    client.force_login(person)
    return person


@pytest.fixture
def officer(client):
    person = make.officer()
    client.force_login(person)
    return person


@pytest.fixture
def counted():
    """Dinas Kesehatan: 98 million of a direct spending of 1.000 million counts; 23 wait."""
    regency, health = make.regency(), make.opd()
    under = money.statement(make.program(owner_opd=health), state="approved")
    money.line(under=under, **tag(1, 98 * M, realised=50 * M, arg_realised=40 * M))
    waiting = money.statement(make.program(owner_opd=health), state="submitted")
    money.line(under=waiting, **tag(2, 23 * M))
    said = {"year": 2026, "kind": "belanja_langsung", "plan": 1000 * M, "source": "Perda APBD"}
    BudgetTotal.objects.create(regency=regency, **said)
    ArgTarget.objects.create(regency=regency, year=2026, percent=14, denominator="belanja_langsung")


# -- The recap -------------------------------------------------------------------


def test_the_officer_sees_the_share_and_what_it_would_be(client, officer, counted):
    page = text(asked(client, year=2026))
    assert "Kabupaten Paser" in page
    assert "9,8 %" in page
    assert "Kurang Rp42.000.000 untuk mencapai target" in page
    then = text(asked(client, year=2026, termasuk="diajukan"))
    assert "Bila disetujui: 9,8 % → 12,1 %" in then
    assert "Kurang Rp19.000.000 untuk mencapai target" in then
    more = text(asked(client, year=2026, termasuk="diajukan,draf", tambah="19 juta"))
    assert "Target akan tercapai" in more
    assert "Belum dihitung" in page
    assert "1 baris, Rp23.000.000" in page


def test_the_amount_shown_and_its_total_are_chosen(client, officer, counted):
    spent = text(asked(client, year=2026, money="realised"))
    assert "40.000.000" in spent
    assert "Persentase belum bisa dihitung" in spent
    other = text(asked(client, year=2026, denominator="total_apbd", by="category"))
    assert "Persentase belum bisa dihitung" in other
    assert "2 – menutup kesenjangan" in other


@pytest.mark.parametrize(
    "query",
    [
        {"year": "tahun ini"},
        {"by": "people"},
        {"area": "opd:99999"},
        {"denominator": "half"},
        {"tambah": "-5"},
        {"termasuk": "semua"},
        {"money": "much"},
    ],
)
def test_what_cannot_be_asked_is_said_in_words(client, officer, query):
    answer = asked(client, **query)
    assert answer.status_code == 422
    assert "Ada kesalahan" in text(answer)


def test_money_of_villages_stands_in_a_line_of_its_own(client, officer, counted):
    janju = make.village()
    home = money.statement(make.program(janju, owner_village=janju), state="signed")
    money.line(under=home, **tag(2, 15 * M))
    for by in ("opd", "category", "district", "village"):
        page = text(asked(client, year=2026, by=by))
        foot = page.partition("Semua yang dihitung persentasenya")[2].partition("</tr>")[0]
        assert "<strong>98.000.000</strong>" in foot
        assert "9,8" in foot
        alone = page.partition("APBDes desa (tidak termasuk persentase)")[2].partition("</tr>")[0]
        assert "<strong>15.000.000</strong>" in alone
    lines = b"".join(asked(client, year=2026, format="csv").streaming_content).decode()
    assert "APBDes desa (tidak termasuk persentase)" in lines


def test_empty_changes_are_said_to_count_with_the_plan(client, officer, counted):
    words = "yang dipakai adalah pagu"
    assert words in text(asked(client, year=2026, money="changed"))
    assert words not in text(asked(client, year=2026, money="plan"))


def test_a_share_of_billions_stays_on_the_paper(client, officer):
    under = money.statement(make.program(owner_opd=make.opd()), state="approved")
    money.line(under=under, plan=300 * M, **tag(2, 210 * M))
    said = {"year": 2026, "kind": "belanja_langsung", "plan": 4000 * M, "source": "Perda"}
    BudgetTotal.objects.create(regency=make.regency(), **said)
    paper = asked(client, year=2026, format="pdf").content
    words = [word for page in pdf_pages(paper) for word in page]
    [(left, _top, _text)] = [one for one in words if one[2] == "4.000.000.000"]
    assert left < 842 - 34 - 50  # A4 lying, without its margin and the figure itself
    assert not any("+08:00" in one[2] for one in words)


def test_the_recap_goes_out_as_files(client, officer, counted):
    lines = b"".join(asked(client, year=2026, format="csv").streaming_content).decode()
    assert "98000000" in lines
    book = b"".join(asked(client, year=2026, format="xlsx").streaming_content)
    rows = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(0).to_python()
    assert any("Dinas Kesehatan" in row and 98 * M in row for row in rows)
    paper = asked(client, year=2026, format="pdf")
    assert paper.content.startswith(b"%PDF")


def test_a_focal_point_sees_her_office_and_another_one_does_not(client, focal, counted):
    page = text(asked(client, year=2026))
    assert "Dinas Kesehatan" in page
    assert "98.000.000" in page
    client.force_login(money.focal(make.opd("Dinas Pertanian")))
    assert "98.000.000" not in text(asked(client, year=2026))
    health = make.opd()
    assert asked(client, year=2026, area=f"opd:{health.pk}").status_code == 422


# -- Lines -----------------------------------------------------------------------


def typed(**said) -> dict:
    return {
        "owner": f"opd:{make.opd().pk}",
        "uid": "01938a7e-0000-7000-8000-000000000001",
        "year": "2026",
        "code": "1.02.02",
        "name": "Kelas ibu hamil",
        "plan": "12,5 juta",
        **said,
    }


def test_a_line_is_entered_under_a_statement_and_its_action(client, focal):
    own = money.statement()
    key = own.gap_version.content["actions"][0]["key"]
    address = f"{ROOT}baris/baru/?gbs={own.pk}&aksi={key}"
    page = text(client.get(address))
    assert "Aksi 1" in page
    said = typed(statement=str(own.pk), action=key, category="2", arg_plan="10.000.000")
    done = client.post(address, said)
    assert done["Location"] == f"/perencanaan/gbs/{own.pk}/"
    line = BudgetLine.objects.get()
    assert (line.plan, line.arg_plan, str(line.action)) == (12_500_000, 10 * M, key)
    assert (line.statement, line.owner) == (own, make.opd())
    again = client.post(address, said)
    assert again.status_code == 302
    assert BudgetLine.objects.count() == 1


@pytest.mark.parametrize("state", ["submitted", "approved", "signed"])
def test_no_line_is_offered_under_a_statement_that_stands_fast(client, focal, state):
    own = money.statement(state=state)
    page = text(client.get(f"/perencanaan/gbs/{own.pk}/"))
    assert "/baris/baru/" not in page
    answer = client.get(f"{ROOT}baris/baru/?gbs={own.pk}", follow=True)
    assert answer.redirect_chain == [(f"/perencanaan/gbs/{own.pk}/", 302)]
    assert "hanya untuk GBS yang masih draf" in text(answer)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"arg_plan": "20 juta", "category": "1"}, "melebihi pagu baris ini, Rp12.500.000"),
        ({"realised": "-5"}, "tanpa tanda minus"),
        ({"arg_plan": "5"}, "Pilih kategori ARG"),
        ({"plan": ""}, "Isi pagu"),
        ({"owner": "opd:99999"}, "Pilih pemilik anggaran"),
    ],
)
def test_what_a_line_cannot_say_stands_beside_its_box(client, focal, said, words):
    answer = client.post(f"{ROOT}baris/baru/", typed(**said))
    assert answer.status_code == 422
    assert words in text(answer)
    assert not BudgetLine.objects.exists()


def test_a_second_category_names_the_first(client, focal):
    money.line(code="1.02.02", name="Kelas ibu hamil", **tag(2, M))
    answer = client.post(f"{ROOT}baris/baru/", typed(category="1", arg_plan="5"))
    assert answer.status_code == 422
    assert "sudah ada di kategori 2" in text(answer)
    line = BudgetLine.objects.get()
    assert f'href="{ROOT}baris/{line.pk}/">Buka baris “Kelas ibu hamil”' in text(answer)


def test_the_form_begins_with_code_and_fund_of_the_action(client, focal):
    own = money.statement(actions=2)
    content = own.gap_version.content
    content["code"] = "1.02.02.2.02"
    for action, fund in zip(content["actions"], ("apbd", "apbn"), strict=True):
        action["fund_source"] = fund
    own.gap_version.save()
    key = content["actions"][1]["key"]
    page = text(client.get(f"{ROOT}baris/baru/?gbs={own.pk}&aksi={key}"))
    assert 'value="1.02.02.2.02"' in page
    assert '<option value="apbn" selected>' in page
    both = text(client.get(f"{ROOT}baris/baru/?gbs={own.pk}"))
    assert '<option value="apbn" selected>' not in both


def test_the_list_of_statements_adds_up_money_of_one_year_only(client, officer, counted):
    address = "/perencanaan/gbs/"
    assert "Dihitung sebagai ARG" not in text(client.get(address))
    page = text(client.get(address, {"year": 2026}))
    assert "Dihitung sebagai ARG: <strong>Rp98.000.000" in page


def test_a_line_is_changed_and_the_second_editor_sees_what_is_there(client, focal):
    line = money.line()
    said = {"version": "1", "code": line.code, "name": line.name, "plan": "90.000.000"}
    assert client.post(f"{ROOT}baris/{line.pk}/", said).status_code == 302
    late = client.post(f"{ROOT}baris/{line.pk}/", said | {"plan": "80.000.000"})
    assert late.status_code == 409
    assert "Pagu Rp90.000.000" in text(late)
    assert BudgetLine.objects.get().plan == 90 * M


def test_under_an_approved_statement_the_form_asks_for_spending_only(client, focal):
    line = money.line(under=money.statement(state="signed"), **tag(1, 40 * M))
    page = text(client.get(f"{ROOT}baris/{line.pk}/"))
    assert 'name="realised"' in page
    assert 'name="plan"' not in page
    said = {"version": "1", "realised": "30 juta", "arg_realised": "20 juta", "plan": "1"}
    assert client.post(f"{ROOT}baris/{line.pk}/", said).status_code == 302
    line.refresh_from_db()
    assert (line.plan, line.realised, line.arg_realised) == (100 * M, 30 * M, 20 * M)
    assert "tidak bisa dihapus" in text(client.get(f"{ROOT}baris/{line.pk}/hapus/"))
    client.post(f"{ROOT}baris/{line.pk}/hapus/", {"version": "2"})
    assert BudgetLine.objects.filter(pk=line.pk).exists()


def test_a_line_is_taken_out_after_one_more_question(client, focal):
    line = money.line()
    assert "Hapus baris anggaran ini?" in text(client.get(f"{ROOT}baris/{line.pk}/hapus/"))
    client.post(f"{ROOT}baris/{line.pk}/hapus/", {"version": "1"})
    assert not BudgetLine.objects.exists()


@pytest.mark.parametrize(
    ("person", "opened", "kept"),
    [
        (lambda: money.focal(), 200, True),
        (lambda: make.officer(), 200, True),
        (lambda: make.person("opd_head", opd=make.opd()), 403, False),
        (lambda: make.person("auditor", opd=make.opd()), 403, False),
        (lambda: make.person("planner", regency=make.regency()), 403, False),
        (lambda: money.focal(make.opd("Dinas Pertanian")), 404, False),
        (lambda: make.village_head(), 404, False),
        (lambda: make.person("district_officer", district=make.district()), 404, False),
    ],
)
def test_who_opens_a_line_of_an_office(client, person, opened, kept):
    line = money.line()
    client.force_login(person())
    assert client.get(f"{ROOT}baris/{line.pk}/").status_code == opened
    said = {"version": "1", "code": "9", "name": "Lain", "plan": "5"}
    client.post(f"{ROOT}baris/{line.pk}/", said)
    assert client.post(f"{ROOT}baris/{line.pk}/hapus/").status_code in (302, 403, 404)
    line.refresh_from_db()
    assert (line.name == "Lain") is kept


def test_the_list_is_narrowed_and_goes_out_as_a_file(client, officer, counted):
    money.line(name="Belum bertanda")
    everything = text(asked(client, "baris/", year=2026))
    assert everything.count("/perencanaan/arg/baris/0") == 3
    for query, words, number in [
        ({"tagged": "no"}, "Belum bertanda", 1),
        ({"counts": "yes"}, "Rp98.000.000", 1),
        ({"counts": "no"}, "Rp23.000.000", 1),
        ({"state": "none"}, "Belum bertanda", 1),
        ({"state": "submitted", "category": "2"}, "Rp23.000.000", 1),
        ({"owner": f"opd:{make.opd().pk}"}, "Rp98.000.000", 3),
        ({"search": "belum"}, "Belum bertanda", 1),
    ]:
        page = text(asked(client, "baris/", **query))
        assert words in page, query
        assert page.count("/perencanaan/arg/baris/0") == number, query
    assert "Tidak ada baris" in text(asked(client, "baris/", year=2030))
    assert asked(client, "baris/", owner="opd:0").status_code == 422
    rows = b"".join(asked(client, "baris/", format="csv").streaming_content).decode()
    assert rows.count("Dinas Kesehatan") == 3


# -- Totals ----------------------------------------------------------------------


def test_totals_and_target_are_entered(client, officer):
    regency = make.regency()
    address = f"{ROOT}acuan/?year=2026&place=regency:{regency.pk}"
    said = {
        "plan-belanja_langsung": "1.000.000.000",
        "source-belanja_langsung": "Perda APBD 2026",
        "plan-total_apbd": "1,5 miliar",
        "source-total_apbd": "Perda APBD 2026",
    }
    assert client.post(address, said).status_code == 302
    assert BudgetTotal.objects.get(kind="total_apbd").plan == 1_500 * M
    done = client.post(address, {"percent": "12,5", "denominator": "total_apbd"})
    assert done.status_code == 302
    assert str(ArgTarget.objects.get().percent) == "12.50"
    client.post(address, {"pressed": "1"})
    assert BudgetTotal.objects.count() == 2
    client.post(address, said | {"plan-total_apbd": "", "source-total_apbd": ""})
    assert BudgetTotal.objects.get().kind == "belanja_langsung"
    assert "Perda APBD 2026" in text(client.get(address))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"plan-total_apbd": "5"}, "Tulis sumber angka ini"),
        ({"source-total_apbd": "x", "realised-total_apbd": "5"}, "Isi pagu seluruhnya"),
        (
            {"plan-total_apbd": "5", "realised-total_apbd": "6", "source-total_apbd": "x"},
            "Realisasi Rp6 melebihi anggarannya, Rp5",
        ),
        ({"percent": "101", "denominator": "total_apbd"}, "terlalu besar"),
        ({"percent": "0", "denominator": "total_apbd"}, "di atas 0"),
        ({"percent": "5", "denominator": "half"}, "Pilih"),
    ],
)
def test_an_impossible_total_is_refused_in_words(client, officer, said, words):
    answer = client.post(f"{ROOT}acuan/?year=2026", said)
    assert answer.status_code == 422
    assert words in text(answer)
    assert not BudgetTotal.objects.exists()


def test_totals_are_entered_where_one_plans_and_read_elsewhere(client, counted):
    regency, health = make.regency(), make.opd()
    client.force_login(money.focal())
    said = {"plan-total_apbd": "5", "source-total_apbd": "DPA"}
    assert client.post(f"{ROOT}acuan/?place=regency:{regency.pk}", said).status_code == 404
    assert client.post(f"{ROOT}acuan/?place=opd:{health.pk}&year=2026", said).status_code == 302
    client.force_login(make.village_head())
    home = f"{ROOT}acuan/?place=village:{make.village().pk}&year=2026"
    said = {"plan-total_apbdes": "5", "source-total_apbdes": "Perdes"}
    assert client.post(home, said).status_code == 302
    client.force_login(make.person("auditor", regency=regency))
    page = client.get(f"{ROOT}acuan/?year=2026")
    assert "Perda APBD" in text(page)
    assert "Simpan acuan" not in text(page)
    assert client.post(f"{ROOT}acuan/?year=2026", said).status_code == 403
    assert BudgetTotal.objects.count() == 3
