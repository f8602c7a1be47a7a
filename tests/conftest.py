"""What every test gets. Settings of a test run stand in tests/settings.py."""

import pytest
from django.conf import settings
from django.db import connection

from . import guards, roles


def pytest_collection_modifyitems(items):
    """Tests marked `postgres` are skipped, with the reason, where SQLite is the database."""
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        return
    reason = pytest.mark.skip(reason="needs PostgreSQL: row locks and parallel writers")
    for item in items:
        if "postgres" in item.keywords:
            item.add_marker(reason)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Tables that are only ever added to are emptied between tests all the same."""
    with django_db_blocker.unblock():
        guards.lift()
        roles.make()


@pytest.fixture
def append_only(db):
    """The triggers of the append-only tables stand, as the migrations made them."""
    guards.restore()
    yield
    if not connection.in_atomic_block:  # else they go with the transaction of the test
        guards.lift()
