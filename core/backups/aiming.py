"""Django's own connection, turned to another database for a while: the one being restored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections
from django.utils.module_loading import import_string


def database_of(url: str) -> dict[str, Any]:
    """Django's settings for a database's URL; those of the portal's own where it is empty."""
    if not url:
        return dict(connections[DEFAULT_DB_ALIAS].settings_dict)
    found = import_string(settings.DATABASE_OF)(url, Path(settings.VAR_DIR) / "pug.sqlite3")
    return connections.configure_settings({DEFAULT_DB_ALIAS: found})[DEFAULT_DB_ALIAS]


@contextmanager
def at(database: Mapping[str, Any]) -> Iterator[None]:
    """Everything that asks the database asks this one. The connections end with it."""
    before, known = connections[DEFAULT_DB_ALIAS], connections.settings
    connections.settings = {**known, DEFAULT_DB_ALIAS: _patient(database)}
    connections[DEFAULT_DB_ALIAS] = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS].close()
        connections.settings = known
        connections[DEFAULT_DB_ALIAS] = before


def _patient(database: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing is limited in time while a database is built."""
    options = dict(database.get("OPTIONS", {}))
    if "options" in options:
        options["options"] += " -c statement_timeout=0 -c idle_in_transaction_session_timeout=0"
    return {**database, "OPTIONS": options}
