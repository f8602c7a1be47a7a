"""System checks that refuse to start a portal which would limp without a word."""

import importlib

from django.core.checks import Error, register

SLOW_DRIVER = Error(
    "Plain psycopg is installed. Django prefers it and fetches rows some forty times slower.",
    hint="Uninstall psycopg and keep psycopg2-binary (docs/decisions/0002-dependencies.md).",
    id="core.E001",
)


@register
def database_driver(app_configs, **kwargs) -> list[Error]:
    """Refuse psycopg 3 without its C part: Django would choose it over psycopg2."""
    return [SLOW_DRIVER] if driver_in_python() else []


def driver_in_python() -> bool:
    """True when psycopg 3 is importable and runs in Python rather than in C."""
    try:
        return importlib.import_module("psycopg.pq").__impl__ == "python"
    except ImportError:
        return False
