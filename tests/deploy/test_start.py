"""What stops the start of a service: asked by `serve` and by the units (core/checks.py)."""

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connection

from core import checks

GOOD = "h3-" + "kTq7Lw2ZrB" * 6


def words(*tags: str) -> str:
    """Everything that would stop a start."""
    found = run_checks(
        tags=list(tags or [checks.START]), include_deployment_checks=True, databases=["default"]
    )
    return "\n".join(one.msg for one in found if one.is_serious())


@pytest.fixture
def service(settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = GOOD, []
    settings.DEBUG = settings.PUG_DEMO = False


@pytest.mark.once
@pytest.mark.parametrize(
    ("secret", "why"),
    [
        ("short", "shorter than 50"),
        ("a" * 60, "can be guessed"),
        ("unsafe-for-development-only-" + GOOD, "stands in examples"),
        ("for-tests-only-" + "0123456789" * 4, "stands in examples"),
        (GOOD, ""),
    ],
)
@pytest.mark.django_db
def test_secret_that_others_know_is_refused(service, settings, secret, why):
    settings.SECRET_KEY = secret
    assert (why in words()) if why else ("SECRET_KEY" not in words())

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = GOOD, [secret]
    assert ("FALLBACKS" in words()) is bool(why)


@pytest.mark.once
@pytest.mark.parametrize("name", ["DEBUG", "PUG_DEMO"])
@pytest.mark.django_db
def test_rehearsal_is_no_service(service, settings, name):
    assert "not for a service" not in words()
    setattr(settings, name, True)
    assert "not for a service" in words()


@pytest.mark.django_db
def test_database_that_may_lose_writes_is_refused(service):
    """Both test databases do not wait for the disk: they must not serve."""
    if connection.vendor == "sqlite":
        assert "synchronous=OFF" in words()
        return
    said = words()
    for name in checks.LASTING:
        assert f"PostgreSQL runs with {name} = off" in said
    with connection.cursor() as cursor:
        cursor.execute("set synchronous_commit = on")
    assert "synchronous_commit" not in words()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_roles_that_row_security_lets_pass_are_refused(service):
    if connection.vendor != "postgresql":
        pytest.skip("roles are PostgreSQL's")
    assert "is a superuser" in words()
    with connection.cursor() as cursor:
        cursor.execute("drop role if exists try_app")
        cursor.execute("create role try_app bypassrls")
        cursor.execute("create role try_owner")
        cursor.execute("grant create, usage on schema public to try_owner, try_app")
        try:
            cursor.execute("set role try_app")
            assert "superuser" not in words()
            assert "owns" not in words()
            assert "does not hold for the database role try_app" in words(checks.WEB)
            cursor.execute("reset role; set role try_owner; create table tried (a int)")
            assert "try_owner owns the tables" in words()
            assert words(checks.WEB) == ""
        finally:
            cursor.execute("reset role; drop table if exists tried")
            for role in ("try_app", "try_owner"):
                cursor.execute(f"drop owned by {role}; drop role {role}")


@pytest.mark.django_db
def test_serve_asks(service, settings):
    settings.SECRET_KEY = "a" * 60
    with pytest.raises(CommandError, match="can be guessed"):
        call_command("serve", port=1)


@pytest.mark.once
@pytest.mark.django_db
def test_other_commands_do_not_ask():
    """Tests, drills and `make demo` run on databases that do not wait for the disk."""
    assert settings.SECRET_KEY.startswith("for-tests")
    call_command("check")
