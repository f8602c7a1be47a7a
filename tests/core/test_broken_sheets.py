"""Sheets that are broken inside: refused in words, whatever the reader of archives says of them."""

import io
import zipfile

import pytest

from core.sheets import Unusable, read_cells

pytestmark = pytest.mark.once


def archive() -> bytearray:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as new:
        new.writestr("xl/workbook.xml", "<workbook/>")
    return bytearray(packed.getvalue())


def test_an_archive_of_a_version_that_nobody_knows_is_refused():
    broken = archive()
    broken[broken.find(b"PK\x01\x02") + 6] = 103  # "needs version 10.3 to unpack"

    with pytest.raises(Unusable):
        read_cells(bytes(broken))


def test_an_archive_whose_list_is_cut_is_refused():
    with pytest.raises(Unusable):
        read_cells(bytes(archive()[:-30]))
