"""What the tests of privacy begin with: files of their own, a photo of a verified record."""

import pytest

from tests import make


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.SECOND_FACTOR_ASKED = False  # its own tests stand in tests/accounts
    return tmp_path


@pytest.fixture
def head():
    return make.village_head()


@pytest.fixture
def officer():
    return make.officer()


@pytest.fixture
def activity(head, officer):
    village = make.village()
    program = make.program(village, title="Kebun bersama")
    return make.activity(program, village, author=head, verified_by=officer)


@pytest.fixture
def photo(activity, head):
    """Its author says that the people in it agreed."""
    return make.photo(activity, author=head, is_public=True)
