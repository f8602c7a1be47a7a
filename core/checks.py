"""System checks that refuse to start a portal which would limp without a word.

Those tagged "start" ask what only a service in earnest must fulfil: `manage.py serve` and the
systemd units ask them before anything is served, other commands do not. "web" is for the process
that people reach: manage.py check --deploy --database default --tag start --tag web
"""

import importlib
from collections.abc import Iterator, Sequence

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.db import DatabaseError, connection

START, WEB = "start", "web"

SLOW_DRIVER = Error(
    "Plain psycopg is installed. Django prefers it and fetches rows some forty times slower.",
    hint="Uninstall psycopg and keep psycopg2-binary (docs/decisions/0002-dependencies.md).",
    id="core.E001",
)
#: What stands in examples, tests and the demonstration; none of it is a secret.
KNOWN_SECRETS = ("unsafe", "insecure", "for-tests", "changeme", "change-me", "example")
FEWEST_SIGNS = 10  # different ones; a key of secrets.token_urlsafe(50) has some forty
SHORTEST = 50
#: PostgreSQL's settings without which a receipt may be given for what is lost an instant later.
LASTING = ("fsync", "synchronous_commit", "full_page_writes")

_OWNS_TABLES = """
    select exists (select from pg_class c where c.relkind in ('r', 'p')
        and c.relnamespace = current_schema()::regnamespace
        and pg_has_role(current_user, c.relowner, 'usage'))
"""
_ROLE = "select current_user, rolsuper, rolbypassrls from pg_roles where rolname = current_user"


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


@register(START, deploy=True)
def no_rehearsal(app_configs, **kwargs) -> list[Error]:
    """Debugging shows the portal's inside, the demonstration has public passwords."""
    return [
        Error(f"{name}=1 is not for a service.", hint=f"Take {name} out.", id="core.E002")
        for name, is_on in (("PUG_DEBUG", settings.DEBUG), ("PUG_DEMO", settings.PUG_DEMO))
        if is_on
    ]


@register(START, deploy=True)
def own_secrets(app_configs, **kwargs) -> list[Error]:
    """Refuse secrets that others know or can guess."""
    named = [("PUG_SECRET_KEY", settings.SECRET_KEY)]
    named += [("PUG_SECRET_KEY_FALLBACKS", key) for key in settings.SECRET_KEY_FALLBACKS]
    return [
        Error(f"{name} {why}.", hint="deploy/install.sh makes one at random.", id="core.E003")
        for name, value in named
        if (why := guessable(value))
    ]


def guessable(secret: str) -> str:
    """Why others could know this secret; "" when they cannot."""
    if len(secret) < SHORTEST:
        return f"is shorter than {SHORTEST} characters"
    if len(set(secret)) < FEWEST_SIGNS:
        return "repeats a few characters and can be guessed"
    if any(word in secret.lower() for word in KNOWN_SECRETS):
        return "is one that stands in examples, tests or the demonstration"
    return ""


@register(START, deploy=True)
def lasting_writes(app_configs, databases: Sequence[str] | None = None, **kwargs):
    """What was acknowledged must be on the disk: refuse a database that was told otherwise."""
    return _asked(_lasting, databases)


@register(START, deploy=True)
def humble_role(app_configs, databases: Sequence[str] | None = None, **kwargs):
    """Refuse a superuser or owner of tables: row-level security does not hold for them."""
    return _asked(_humble, databases)


@register(WEB, deploy=True)
def rows_are_locked(app_configs, databases: Sequence[str] | None = None, **kwargs):
    """Refuse to serve people as a role that row-level security lets pass."""
    return _asked(_locked, databases)


def _asked(question, databases: Sequence[str] | None) -> list[CheckMessage]:
    """What the database answers; nothing when no database is to be asked."""
    if "default" not in (databases or ()):
        return []
    try:
        return list(question())
    except DatabaseError as trouble:
        return [Error(f"The database does not answer: {trouble}".strip(), id="core.E004")]


def _value(statement: str):
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()


def _lasting() -> Iterator[CheckMessage]:
    if connection.vendor == "sqlite":
        if _value("PRAGMA synchronous")[0] == 0:
            yield Error("SQLite runs with synchronous=OFF and may lose writes.", id="core.E005")
        return
    for name in LASTING:
        if _value(f"show {name}")[0] == "off":
            yield Error(
                f"PostgreSQL runs with {name} = off and may lose acknowledged writes.",
                hint=f"alter system set {name} = on; then: systemctl reload postgresql",
                id="core.E005",
            )
    if _value("show data_checksums")[0] == "off":
        yield Warning(
            "PostgreSQL keeps no data checksums: a rotten disk would go unnoticed.",
            hint="pg_checksums --enable, while the cluster is stopped.",
            id="core.W001",
        )


def _humble() -> Iterator[CheckMessage]:
    if connection.vendor != "postgresql":
        return
    hint = "Connect as pug_app or pug_duty: deploy/database/roles.sql, manage.py secure_database."
    name, is_superuser, _passes = _value(_ROLE)
    if is_superuser:
        yield Error(f"The database role {name} is a superuser.", hint=hint, id="core.E006")
    elif _value(_OWNS_TABLES)[0]:
        yield Error(f"The database role {name} owns the tables.", hint=hint, id="core.E006")


def _locked() -> Iterator[CheckMessage]:
    if connection.vendor != "postgresql":
        return
    name, is_superuser, passes = _value(_ROLE)
    if passes and not is_superuser:
        yield Error(
            f"Row-level security does not hold for the database role {name}.",
            hint="The web connects as pug_app.",
            id="core.E007",
        )
