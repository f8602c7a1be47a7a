"""Paper reads our own static files and nothing else; a machine that cannot print says so."""

import sys

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.test import RequestFactory

from core import paper
from core.downloads import MOST_PAPER_ROWS, download
from core.tables import Column, Table
from tests import make


def table(rows: int) -> Table:
    columns = (Column("name", "Nama"), Column("share", "Bagian", "share"))
    found = [(f"=Baris {number}", (1, 3)) for number in range(rows)]
    return Table("uji", "Uji coba", columns, found, [("Saringan", "Tahun: 2026")])


@pytest.fixture
def asked(db):
    request = RequestFactory().get("/kegiatan/", {"format": "pdf", "year": "2026"})
    request.user, request.session = make.officer(), {}
    return request


@pytest.mark.asvs("13.2.5")
@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/gambar.png",
        "https://example.org/x.css",
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "asset:tidak-ada.png",
    ],
)
def test_paper_fetches_from_nowhere_else(address):
    with pytest.raises(ValueError, match=r"disallowed|No such"):
        paper._fetcher().fetch(address)


@pytest.mark.asvs("13.2.5", "5.3.2")
@pytest.mark.parametrize("address", ["asset:../manage.py", "asset:css/../../manage.py"])
def test_paper_never_leaves_the_static_folders(address):
    with pytest.raises((SuspiciousFileOperation, ValueError)):
        paper._fetcher().fetch(address)


def test_paper_reads_static_files_and_data():
    assert b"svg" in paper._fetcher().fetch("asset:img/logo.svg").read()
    assert paper._fetcher().fetch("data:text/plain,abc").read() == b"abc"


def test_table_is_printed(asked):
    response = download(table(3), "pdf", request=asked)

    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith('attachment; filename="uji-')
    assert response.content.startswith(b"%PDF-")


def test_too_long_a_list_names_the_way_out(asked):
    response = download(table(MOST_PAPER_ROWS + 1), "pdf", request=asked)

    assert response.status_code == 422
    page = response.content.decode()
    assert "?format=csv&amp;year=2026" in page or "?year=2026&amp;format=csv" in page


def test_machine_without_pango_says_so(asked, monkeypatch):
    monkeypatch.setitem(sys.modules, "weasyprint", None)  # as where its libraries are missing

    response = download(table(3), "pdf", request=asked)

    assert response.status_code == 503
    assert "Pango" in response.content.decode()
