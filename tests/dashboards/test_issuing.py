"""Giving a report out: from figures at rest, and under the portal's own address."""

from datetime import date

import pytest

from dashboards.areas import find_area
from dashboards.filters import BoardFilter
from dashboards.reports.content import Subject
from dashboards.reports.issuing import settled_document
from dashboards.reports.kinds import KINDS, Kind
from tests import make

pytestmark = pytest.mark.django_db

YEAR = BoardFilter(2026)


@pytest.fixture
def officer():
    return make.officer()


@pytest.fixture
def program(officer):
    """One of Janju's, with a verified activity."""
    program = make.program(make.village())
    make.activity(program, verified_by=officer)
    return program


def test_document_is_made_anew_when_a_program_changes_meanwhile(officer, program):
    of = Subject(officer, find_area(officer, "64.01.04.2002"), YEAR, date(2026, 11, 20), {})
    usual, left = KINDS["village"], [1]

    def disturbed(of):
        found = usual.make(of)
        if left:
            left.pop()
            program.title += " baru"
            program.save()
        return found

    kind = Kind("village", "", "", usual.levels, disturbed)
    assert settled_document(kind, of) == usual.make(of)


def test_paper_bears_the_portals_own_address_where_it_was_set(client, officer, program, settings):
    settings.SITE_ADDRESS = "https://pug.example.go.id"
    report = make.report(officer, "64.01.04.2002")
    client.force_login(officer)
    page = client.get(f"/laporan/{report.code}/").content.decode()
    assert f"https://pug.example.go.id/cek/{report.code[:5]}-{report.code[5:]}/" in page
    assert "testserver" not in page
