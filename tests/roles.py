"""On PostgreSQL every request of a test is answered as pug_app, the role that serves people.

What a test prepares or looks up beside its requests, it does as the superuser of its cluster, whom
no row-level security binds: so a test that shows what a person sees shows both locks.
"""

import io
import subprocess
from contextlib import contextmanager, suppress
from pathlib import Path

from django.core.handlers.base import BaseHandler
from django.core.management import call_command
from django.db import InternalError, connection

SQL = Path(__file__).parent.parent / "deploy/database/roles.sql"
_answer = BaseHandler.get_response


def make() -> None:
    """The roles of the cluster, their rights in this test's database, and requests made by one."""
    if connection.vendor != "postgresql":
        return
    names = ["-v", "ON_ERROR_STOP=1", "-v", f"database={connection.settings_dict['NAME']}"]
    alone = ["-c", "select pg_advisory_lock(8)"]  # roles are the cluster's, and workers several
    psql(*names, *alone, "-f", str(SQL))
    call_command("secure_database", stdout=io.StringIO())
    BaseHandler.get_response = _answered_as_app


def psql(*words: str) -> str:
    """What psql prints, as the superuser of the test's cluster."""
    to = connection.settings_dict
    place = ["-h", to["HOST"], "-p", str(to["PORT"] or 5432), "-U", to["USER"], "postgres"]
    command = ["psql", "-X", "-q", *words, *place]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@contextmanager
def as_role(name: str):
    """Statements within are this role's."""
    _set(f"set role {name}")
    try:
        yield
    finally:
        with suppress(InternalError):  # a broken transaction takes the role back when it ends
            _set("reset role")


def _set(statement: str) -> None:
    """Beside Django's own cursor, which counts statements."""
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        cursor.execute(statement)


def _answered_as_app(handler, request):
    if not _may_ask():
        return _answer(handler, request)
    with as_role("pug_app"):
        return _answer(handler, request)


def _may_ask() -> bool:
    """False in a test that has no database."""
    try:
        connection.ensure_connection()
    except RuntimeError:
        return False
    return True
