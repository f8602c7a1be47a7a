"""Every page × method × person answers as the table says, and tells nothing to who stays outside.

`make matrix` asks all of them everything. In `make test` whoever is stopped is asked everywhere,
and of those who get a page to read, one for each page in turn, and both neighbours.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from http.cookies import SimpleCookie
from zlib import crc32

import pytest
from django.db import connection, transaction
from django.urls import reverse

from tests.api.rights.browser import Browser
from tests.api.rights.conftest import media, quiet  # noqa: F401  fixtures
from tests.api.rights.walk import api_routes
from tests.architecture import test_routes as sweep
from tests.architecture.expected import Row

from .cast import FIVE, PEOPLE, enrol
from .table import RULES, name_of, page, rule_of
from .words import passes

pytestmark = pytest.mark.once
WHOLE = os.environ.get("MATRIX") == "whole"
#: So many calls the walk over the pages is at least.
FEWEST = 2_000
METHODS = ("get", "post", "put", "patch", "delete", "options", "trace")
#: Whom a method that is not there is tried with: rights play no part in it.
PASSING_BY = ("anonymous", "stranger", "owner", "officer", "foreign")
#: These read nothing of the owner's, wherever they look.
OUTSIDE = ("neighbour", *(one.name for one in PEOPLE if not passes("near", one)))
#: Asked for every page, also where they get one: what it shows must not be the owner's.
NEVER_LEFT_OUT = ("neighbour", "foreign")
TO_ADD = (
    "No rule in tests/matrix/{records,plans,registers}.py, and the five of routes.py leave open "
    "what the others get. Say there by which words of rights it goes."
)
calls: Counter[str] = Counter()


def pages() -> list[tuple[str, tuple, Row]]:
    """The sweep's rows but those of the API, which has a table of its own."""
    api = api_routes()
    return [one.values for one in sweep.rows() if one.values[0] not in api]


def marked(found):
    return [pytest.param(*one, id=name_of(one[0], one[2])) for one in found]


@pytest.mark.asvs("8.1.1")
def test_every_page_has_a_rule():
    found = {name_of(route, row): TO_ADD for route, _, row in pages() if not rule_of(route, row)}
    assert found == {}


def test_every_rule_has_a_page():
    assert sorted(RULES.keys() - {name_of(route, row) for route, _, row in pages()}) == []


def test_the_table_and_the_sweep_agree():
    """Told twice, by two hands: five answers written out, and the words they follow from."""
    differ = {}
    for route, _, row in pages():
        rule = rule_of(route, row)
        told = tuple(rule.status(one) for one in PEOPLE if one.name in FIVE) if rule else ()
        if told != row.statuses:
            differ[name_of(route, row)] = (told, row.statuses)
    assert differ == {}


@pytest.mark.asvs("8.1.1")
def test_the_document_is_of_this_table():
    with open("docs/web-rights.md") as kept:
        assert kept.read() == "\n".join(page()) + "\n"


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker, media, quiet):  # noqa: F811
    """The sweep's world and the whole cast, made once; what a call changes is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = sweep.made_world()
        enrol(made.people)
        made.clients = {}
        for name, person in made.people.items():
            made.clients[name] = Browser()
            if person:
                made.clients[name].enter(person)
            made.cookies[name] = made.clients[name].cookies.output(header="", sep=";")
        yield made
        transaction.set_rollback(True)
    said = f"\nMatrix of the pages: {calls['asked']} calls, {calls['surprise']} surprises\n"
    sys.stdout.write(said)


def asked_about(name: str, rule) -> list:
    """Everybody; in the short form not all of those who get the page."""
    if WHOLE:
        return list(PEOPLE)
    inside = [one for one in PEOPLE if rule.status(one) == 200 and one.name != "anonymous"]
    chosen = inside[crc32(name.encode()) % len(inside)] if inside else None
    asked = {*NEVER_LEFT_OUT, chosen.name if chosen else ""}
    return [one for one in PEOPLE if one not in inside or one.name in asked]


def address_of(world, route: str, parameters: tuple, row: Row) -> str:
    named = {one: world.parameter(row, route, one) for one in parameters if one != "format"}
    return row.at or reverse(route, kwargs=named or None)


def ask(world, who: str, method: str, address: str, row: Row | None = None):
    """One request; what it changed is undone."""
    calls["asked"] += 1
    client = world.clients[who]
    client.cookies = SimpleCookie(world.cookies[who])  # one call may have signed her out
    sent = row.data if row else {}
    kind = {"content_type": "application/json"} if row and row.json else {}
    with transaction.atomic():
        answer = getattr(client, method)(address, sent, **kind)
        answer.read = sweep.body(answer)
        transaction.set_rollback(True)
    return answer


@pytest.mark.asvs("8.2.1", "8.2.2", "8.4.1", "8.3.1")
@pytest.mark.django_db
@pytest.mark.parametrize(("route", "parameters", "row"), marked(pages()))
def test_each_answers_as_the_table_says(world, route, parameters, row):
    rule, address = rule_of(route, row), address_of(world, route, parameters, row)
    surprises, leaks = {}, []
    for person in asked_about(name_of(route, row), rule):
        answer = ask(world, person.name, row.method, address, row)
        if answer.status_code != rule.status(person):
            surprises[person.name] = (answer.status_code, "not", rule.status(person))
        if person.name in OUTSIDE and sweep.SECRET.encode() in answer.read:
            leaks.append(person.name)
    calls["surprise"] += len(surprises) + len(leaks)
    assert surprises == {}, address
    assert leaks == [], f"{address} shows the owner's things"


#: What a machine or a browser may ask by any method.
ANY_METHOD = {"core:healthz": 200, "core:readyz": 200, "core:home": 302, "accounts:login": 302}
#: Django's own class answers OPTIONS with the methods it has.
TELLS_METHODS = {"accounts:logout", "accounts:password-change", "accounts:reauthenticate"}


def missing() -> list[tuple[str, tuple, Row, list[str]]]:
    """Each page with the methods that no row speaks of."""
    found: dict[str, tuple] = {}
    for route, parameters, row in pages():
        if not route.startswith("admin:"):  # Django's own, for staff
            kept = found.setdefault(route, (route, parameters, row, [*METHODS]))
            kept[3][:] = [one for one in kept[3] if one != row.method]
    return list(found.values())


@pytest.mark.asvs("4.1.4", "3.5.3")
@pytest.mark.django_db
def test_methods_that_a_page_does_not_have_do_nothing(world):
    """405 (or the login page), and not one row is written."""
    told = {}
    for route, parameters, row, methods in missing():
        address = address_of(world, route, parameters, row)
        for method in methods:
            for who in PASSING_BY if WHOLE else ("officer",):
                answer, wrote = watched(world, who, method, address)
                if answer.status_code not in stopped(who, method, route) or wrote:
                    told[f"{who}: {method} {route}"] = (answer.status_code, wrote)
    calls["surprise"] += len(told)
    assert told == {}


def stopped(who: str, method: str, route: str) -> set[int]:
    found = {405 if method == "trace" else ANY_METHOD.get(route, 405)}
    if who == "anonymous":
        found |= {302, 405}
    return found | {200} if method == "options" and route in TELLS_METHODS else found


def watched(world, who: str, method: str, address: str):
    """The answer, and what was written meanwhile."""
    wrote = []

    def watch(execute, sql, values, many, context):
        writes = sql.lstrip().split(" ", 1)[0].lower() in {"insert", "update", "delete"}
        if writes and "django_session" not in sql:  # when she was last seen, once a minute
            wrote.append(sql[:80])
        return execute(sql, values, many, context)

    with connection.execute_wrapper(watch):
        answer = ask(world, who, method, address)
    return answer, wrote


@pytest.mark.django_db
def test_the_walk_is_long(world):
    rules = [(name_of(route, row), rule_of(route, row)) for route, _, row in pages()]
    assert sum(len(asked_about(name, rule)) for name, rule in rules if rule) > FEWEST
