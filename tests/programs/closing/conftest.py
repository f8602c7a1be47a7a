"""A verified record of two villages' program, and the officer who closes its period."""

import pytest

from tests import make


@pytest.fixture
def officer():
    return make.officer()


@pytest.fixture
def program():
    return make.program(make.village(), make.village("64.01.05.2001", "Kerang"))


@pytest.fixture
def record(program, officer):
    """19 women and 24 men in March 2026, verified."""
    return make.activity(program, verified_by=officer)
