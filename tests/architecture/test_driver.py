"""The database driver is the one that was measured."""

import sys
import types

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection


@pytest.mark.postgres
@pytest.mark.django_db
def test_postgresql_is_driven_by_psycopg2():
    connection.ensure_connection()
    assert connection.Database.__name__ == "psycopg2"


def test_plain_psycopg_stops_the_start(monkeypatch):
    slow = types.ModuleType("psycopg.pq")
    slow.__impl__ = "python"
    monkeypatch.setitem(sys.modules, "psycopg", types.ModuleType("psycopg"))
    monkeypatch.setitem(sys.modules, "psycopg.pq", slow)

    with pytest.raises(SystemCheckError, match="Plain psycopg is installed"):
        call_command("check")


def test_check_passes_as_installed():
    call_command("check", fail_level="ERROR")
