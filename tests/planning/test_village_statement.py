"""A village's page reviewed, made a GBS Desa and signed; and what the village records move."""

import pytest

from planning.content import content_of
from planning.models import BudgetLine, BudgetStatement
from planning.realised import realised
from planning.services.analyses import approve_analysis, return_analysis
from planning.services.lines import add_line
from planning.services.moves import RemarkSaid
from planning.services.statements import approve_statement
from tests import make
from tests.typed import text

from .villages import answers, approved, begun, farming_code, page, sent, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def janju():
    return make.village()


@pytest.fixture
def farming():
    return farming_code()


@pytest.fixture
def head(janju):
    return make.village_head(janju)


@pytest.fixture
def kecamatan():
    return make.person("district_officer", district=make.district())


def test_remark_is_shown_and_answered(client, janju, farming, head, kecamatan):
    made = sent(client, janju, farming, head)
    cause = content_of(made).causes[0]
    said = [RemarkSaid("page", "Ini sebab dari luar", row=cause.key, field="text")]
    return_analysis(made, said, actor=kecamatan, version=made.version)

    assert "Ini sebab dari luar" in text(client.get(page("village", made)))
    assert "Ini sebab dari luar" in text(client.get(page("village-edit", made)))
    row = answers(made, internal="Tidak ada dana sesi siang", send="1")
    assert client.post(page("village-edit", made), row).status_code == 302
    assert "Ini sebab dari luar" not in text(client.get(page("village", made)))


def test_money_of_the_page_goes_into_the_statement(client, janju, farming, head, kecamatan):
    made = approved(client, janju, farming, head, kecamatan)
    assert page("village-statement", made) in text(client.get(page("village", made)))
    asked = client.get(page("village-statement", made))
    assert f'value="{head.name}"' in text(asked)
    assert "Rp18.500.000" in text(asked)
    assert not BudgetStatement.objects.exists()
    row = {"category": "2", "attached_to": "rkpdes", "signatory": "Siti Aminah"}

    assert client.post(page("village-statement", made), row).status_code == 302

    closed = client.get(page("village-statement", made))
    assert "GBS Desa sudah dibuat" in text(closed)
    assert "<form" not in text(closed).split("<main")[1].split("</main")[0]
    [statement], [line] = BudgetStatement.objects.all(), BudgetLine.objects.all()
    assert (statement.state, statement.total) == ("submitted", 18_500_000)
    assert (statement.village_document, statement.year) == ("rkpdes", 2026)
    assert (line.statement, line.plan, line.arg_plan) == (statement, 18_500_000, 18_500_000)
    assert (line.category, line.fund_source, line.owner) == (2, "dana_desa", janju)
    assert str(line.action) == statement.gap_version.content["actions"][0]["key"]


def test_only_the_village_head_signs(client, janju, farming, head, kecamatan):
    helper = make.person("facilitator", village=janju)
    made = approved(client, janju, farming, helper, kecamatan)
    row = {"category": "2", "attached_to": "rkpdes", "signatory": "Siti Aminah"}
    client.post(page("village-statement", made), row)
    statement = BudgetStatement.objects.get()
    approve_statement(statement, actor=kecamatan, version=statement.version)
    seal = {"version": str(statement.version)}

    assert "Tanda tangani" not in text(client.get(page("village", made)))
    assert client.get(page("village-sign", made)).status_code == 403
    assert client.post(page("village-sign", made), seal).status_code == 403
    sign_in(client, head)
    assert page("village-sign", made) in text(client.get(page("village", made)))
    asked = text(client.get(page("village-sign", made)))
    for words in (
        "Tanda tangani sebagai Siti Aminah",
        "Kepala Desa Janju",
        "tidak bisa dibatalkan",
    ):
        assert words in asked
    assert client.post(page("village-sign", made), {"version": "1"}).status_code == 409
    statement.refresh_from_db()
    assert statement.state == "approved"  # somebody else's version
    client.post(page("village-sign", made), seal)
    statement.refresh_from_db()
    assert (statement.state, statement.signatory_title) == ("signed", "Kepala Desa Janju")
    assert "Ditandatangani oleh Siti Aminah" in text(client.get(page("village", made)))
    assert "<form" not in text(client.get(page("village-sign", made))).split("<main")[1]


def test_line_of_the_budget_that_was_there_is_taken(client, janju, farming, head, kecamatan):
    made = approved(client, janju, farming, head, kecamatan)
    values = {"code": "4.2.05", "name": "Pelatihan", "fund_source": "dana_desa"}
    line = BudgetLine(owner_village=janju, year=2026, plan=20_000_000, **values)
    add_line(line, actor=head)
    row = {"category": "2", "attached_to": "apbdes", "signatory": "Siti Aminah"}

    assert client.post(page("village-statement", made), row).status_code == 302

    line = BudgetLine.objects.get()
    assert (line.plan, line.arg_plan, line.category) == (20_000_000, 18_500_000, 2)
    assert BudgetStatement.objects.get().total == 20_000_000


def test_kelurahan_makes_no_statement(client, farming, kecamatan):
    kelurahan = make.village("64.01.04.1001", "Tanah Grogot")
    lurah = sign_in(client, make.village_head(kelurahan))
    made = begun(kelurahan, farming, lurah)
    client.post(page("village-edit", made), answers(made, fund_source="apbd", send="1"))
    made.refresh_from_db()
    approve_analysis(made, actor=kecamatan, version=made.version)

    assert "Kelurahan tidak punya anggaran desa" in text(client.get(page("village", made)))
    row = {"category": "2", "attached_to": "rkpdes", "signatory": "Lurah"}
    assert client.post(page("village-statement", made), row).status_code == 422
    assert not BudgetStatement.objects.exists()


def test_village_records_move_the_target(client, janju, farming, head, kecamatan):
    made = approved(client, janju, farming, head, kecamatan)
    begins = text(client.get(page("village", made)))
    assert "Belum ada catatan yang sudah diperiksa" in begins
    assert "belum tercapai" not in begins
    counts = {"women_participants": 15, "men_participants": 15}
    make.activity(made.program, janju, author=head, verified_by=make.officer(), **counts)

    [outcome] = realised(made, content_of(made))
    assert outcome.reached
    shown = text(client.get(page("village", made)))
    assert "50,0 %" in shown
    assert "15 perempuan dari 30 orang" in shown
