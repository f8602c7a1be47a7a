"""Commands about people, and the page generated from the table of rights."""

from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from accounts.capabilities import CAPABILITIES, Role
from accounts.management.commands.rights_table import MEANING, table
from accounts.models import ApiToken, User
from tests import make


def run(*args, **options) -> str:
    out = StringIO()
    call_command(*args, stdout=out, stderr=StringIO(), **options)
    return out.getvalue().strip()


@pytest.mark.django_db
def test_create_token_prints_a_key_that_works(client):
    person = make.village_head()

    key = run("create_token", person.username, "--scopes", "data:read", "--days", "30")

    answer = client.get("/api/v1/session/", headers={"authorization": f"Bearer {key}"})
    assert answer.json()["user"]["username"] == person.username
    assert ApiToken.objects.get().scopes == ["data:read"]


@pytest.mark.django_db
def test_create_token_for_nobody_says_so():
    with pytest.raises(CommandError, match="Nobody signs in as 'nobody'"):
        run("create_token", "nobody")
    with pytest.raises(CommandError, match="365"):
        run("create_token", make.person().username, "--days", "366")


@pytest.mark.django_db
def test_revoke_token_ends_one_key_or_all_of_a_person(client):
    person = make.village_head()
    first, second, third = (run("create_token", person.username) for _ in range(3))

    def work() -> list[int]:
        headers = [{"authorization": f"Bearer {key}"} for key in (first, second, third)]
        return [client.get("/api/v1/session/", headers=one).status_code for one in headers]

    run("revoke_token", first[4:12])
    assert work() == [401, 200, 200]

    assert "2" in run("revoke_token", "--user", person.username)
    assert work() == [401, 401, 401]


@pytest.mark.django_db
@pytest.mark.parametrize("words", [["AAAAAAAA"], ["--user", "nobody"], []])
def test_revoke_token_for_nothing_says_so(words):
    with pytest.raises(CommandError):
        run("revoke_token", *words)


@pytest.mark.django_db
def test_add_person_makes_the_first_officer():
    make.regency()

    start = run("add_person", "first", "--name", "First", "--role", "officer", "--area", "64.01")

    person = User.objects.get(username="first")
    assert person.check_password(start)
    assert "manage_users" in person.capabilities


@pytest.mark.django_db
@pytest.mark.parametrize(
    "options",
    [["--role", "officer", "--area", "99.99"], ["--role", "village_head"]],
)
def test_add_person_refuses_what_a_page_would_refuse(options):
    with pytest.raises(CommandError):
        run("add_person", "first", "--name", "First", *options)
    assert not User.objects.exists()


@pytest.mark.asvs("8.1.1")
def test_page_of_rights_is_the_table_in_code():
    written = (settings.BASE_DIR / "docs" / "rights.md").read_text(encoding="utf-8")

    assert written == table(), "run: manage.py rights_table > docs/rights.md"


def test_every_role_and_capability_is_explained():
    assert set(CAPABILITIES) == set(Role.values)
    assert set(MEANING) == frozenset().union(*CAPABILITIES.values())
