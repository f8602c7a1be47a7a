"""What every test gets. Settings of a test run stand in tests/settings.py."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from . import guards, roles

TESTS = Path(__file__).parent


#: Boards, plans, agreements, indices: read what intake, rights and the number have written.
READING = {"dashboards", "planning", "mou", "indicators", "privacy"}
ONE_TURN = {"once", "tree", "browser"}


def pytest_collection_modifyitems(items):
    """What reads is marked `service`; `postgres` is skipped, with the reason, on SQLite."""
    for item in items:
        if item.path.relative_to(TESTS).parts[0] in READING and not ONE_TURN & {*item.keywords}:
            item.add_marker("service")
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


@pytest.fixture(scope="session")
def lay_tables(django_db_setup, django_db_blocker):
    """lay_tables(folder): empty tables for a portal that a test starts with PUG_VAR=folder.

    Copied from this run's own, which takes a moment; `manage.py migrate` takes half a minute.
    """

    def lay(folder) -> None:
        with django_db_blocker.unblock(), closing(sqlite3.connect(folder / "pug.sqlite3")) as new:
            connection.ensure_connection()
            connection.connection.backup(new)

    return lay


@pytest.fixture
def append_only(db):
    """The triggers of the append-only tables stand, as the migrations made them."""
    guards.restore()
    yield
    if not connection.in_atomic_block:  # else they go with the transaction of the test
        guards.lift()
