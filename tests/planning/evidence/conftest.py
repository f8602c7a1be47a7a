"""People of one office and of the regency, and a folder of their own for files."""

from pathlib import Path

import pytest

from tests import make


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def health():
    return make.opd()


@pytest.fixture
def focal(health):
    return make.person("opd_focal_point", opd=health)


@pytest.fixture
def officer():
    return make.officer()
