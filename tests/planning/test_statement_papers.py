"""What a printed budget statement says of money and of results, in every format."""

from dataclasses import replace

import pytest

from planning.models import BudgetLine
from planning.papers import pdf
from planning.papers.making import paper_of
from planning.papers.parts import Rows
from planning.statement_read import read_statement
from tests import make

from . import paper_examples as examples
from .paper_readers import pdf_pages, pdf_text, squeezed, texts_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def signed():
    """Signed over 250 million, with a tagged line of 90 (ARG 70) for its first action."""
    return statement_of(examples.content())


def statement_of(said, **values):
    of = examples.statement(examples.analysis(said), said, **values)
    BudgetLine.objects.create(
        owner_opd=of.analysis.program.owner_opd, year=2027, code="4.2.05", name="Pelatihan",
        key="a", plan=90_000_000, arg_plan=70_000_000, category=2, statement=of,
        action=examples.key("invite"), created_by=make.person("officer"),
    )  # fmt: skip
    return of


def actions_of(paper) -> Rows:
    return [one for one in paper.blocks if isinstance(one, Rows)][-1]


def words_in(cell) -> str:
    return " ".join(line.text for line in cell)


def test_input_is_the_whole_line_and_its_gender_budget_as_on_the_page(signed):
    for text in texts_of(paper_of(signed)).values():
        assert "Biaya:Rp90.000.000,diantaranyaARGRp70.000.000" in text


def test_what_changes_later_leaves_a_signed_paper_as_it_was(signed):
    before = paper_of(signed).blocks
    BudgetLine.objects.update(
        changed=200_000_000, arg_changed=180_000_000, realised=20_000_000, arg_realised=10_000_000
    )

    assert paper_of(signed).blocks == before

    money = read_statement(signed).money
    assert (money.planned, money.arg) == (90_000_000, 70_000_000)
    assert (money.changed, money.arg_changed) == (200_000_000, 180_000_000)
    assert (money.realised, money.arg_realised) == (20_000_000, 10_000_000)


def test_an_action_without_an_outcome_shows_those_of_the_whole():
    said = examples.content()
    shared = replace(said, indicators=tuple(
        replace(one, action=None) if one.kind == "outcome" else one for one in said.indicators
    ))  # fmt: skip
    rows = actions_of(paper_of(statement_of(shared))).rows

    assert all("Perempuan penerima bibit" in words_in(row[4]) for row in rows)


def test_without_any_outcome_there_is_no_column_for_it():
    said = examples.content()
    without = replace(said, indicators=said.of_kind("output"))
    paper = paper_of(statement_of(without))

    assert [one.title for one in actions_of(paper).columns][-1] == "Keluaran"
    for text in texts_of(paper).values():
        assert "Hasil:" not in text
        assert "Keluaran" in text


@pytest.mark.parametrize("rows", range(1, 6))
def test_pages_are_full_and_the_signature_is_whole_beside_what_it_signs(rows):
    of = examples.statement(examples.analysis(), examples.long_content(rows))
    *_before, last = (squeezed(one) for one in pdf_text(pdf.written(paper_of(of))).split("\f")[:-1])
    at = last.index("TanaPaser,20November2026KepalaDinasKesehatan")
    assert "NIP197001011998032001" in last[at:]
    assert len(last[:at]) > 150  # no lonely signature, no few words of a row above it


def test_foot_and_mark_are_read_once_on_each_page():
    """A line that is hidden on the sheet is still read aloud and copied."""
    of = examples.analysis()
    paper = paper_of(of, version=examples.frozen(of, examples.long_content(30)))
    paper = replace(paper, mark="DRAF")

    body = pdf.written(paper)

    text, pages = squeezed(pdf_text(body)), len(pdf_pages(body))
    assert pages > 1
    assert text.count(squeezed(paper.running)) == pages
    assert text.count("DRAF") == pages
