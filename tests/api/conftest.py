"""What the tests of the API share."""

import pytest

from .described import document


@pytest.fixture
def described() -> dict:
    """The API's description as a running portal serves it."""
    return document()
