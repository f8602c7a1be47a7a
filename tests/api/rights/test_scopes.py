"""Keys: each scope opens what the table says and no more, and no key exceeds its person."""

from collections import defaultdict

import pytest

from .calls import ANY_KEY, METHODS
from .people import BY_NAME
from .table import TABLE
from .walk import NO_SUCH_METHOD, Case, ask, calls_of, fetch, things_of
from .world import SCOPES, key_of

pytestmark = [pytest.mark.once, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def unlimited(settings):
    settings.API_CALLS_PER_MINUTE = 1_000_000


def scope_of(route, method):
    """What a key needs there; None: no key comes in."""
    return TABLE[route].scopes.get("GET" if method == "HEAD" else method)


def by_key(case, scopes):
    """What the table says that a key with these scopes gets."""
    if TABLE[case.route].is_open:
        return case.call.ok
    if case.call is NO_SUCH_METHOD and TABLE[case.route].scopes:
        return 405  # whatever the key may
    wanted = scope_of(case.route, case.method)
    return case.expected if wanted == ANY_KEY or wanted in scopes else 403


def calls(world, person, methods=METHODS, things=1):
    for route in sorted(TABLE):
        for method in methods:
            call = calls_of(route, method)[-1]
            for thing in things_of(world, route, method, call)[:things]:
                expected = call.ok if call.sight is False else call.status(person, thing)
                if call.in_body or call.anywhere:
                    expected = call.status(person, thing)
                yield Case(route, method, call, thing, person, expected)


def surprises(world, cases, key, scopes):
    found = defaultdict(list)
    for case in cases:
        answer, expected = ask(world, case, key), by_key(case, scopes)
        if answer.status != expected:
            found[str(case)].append((expected, answer.status, answer.body[:200]))
        if told := world.told(case.person, answer.text, answer.asked):
            found[str(case)].append(told)
    return dict(found)


@pytest.mark.parametrize("scope", SCOPES)
def test_one_scope_opens_what_it_names(world, scope):
    head = BY_NAME["head"]
    key = key_of(world, head.name, [scope])
    cases = [
        case for case in calls(world, head) if case.call is not NO_SUCH_METHOD or scope == SCOPES[0]
    ]
    assert surprises(world, cases, key, {scope}) == {}


WRITES_TOO = ("GET", "POST", "PUT", "PATCH", "DELETE")


@pytest.mark.parametrize("name", ["head", "ended", "foreign"])
def test_a_key_with_every_scope_is_no_more_than_its_person(world, name):
    person = BY_NAME[name]
    cases = [
        case
        for case in calls(world, person, WRITES_TOO, things=20)
        if case.call is not NO_SUCH_METHOD
    ]
    assert len(cases) > 100
    assert surprises(world, cases, world.keys[name], set(SCOPES)) == {}


def test_a_key_outlives_a_grant_and_opens_nothing(world):
    """Her grant has ended; her key works still, and shows what she sees: her own receipts."""
    for path in ("activities/", "programs/", "changes/", "involvement/villages/?year=2026"):
        answer = fetch(world, BY_NAME["ended"], "GET", f"/api/v1/{path}", key=world.keys["ended"])
        assert answer.status == 200
        assert b'"results":[]' in answer.body, path


def test_a_key_beside_a_browser_counts_as_the_key(world):
    """Whoever is signed in as an officer and sends a head's key is the head."""
    officer, head = BY_NAME["officer"], BY_NAME["head"]
    for thing in world.things["activity"]:
        answer = fetch(
            world,
            officer,
            "GET",
            f"/api/v1/activities/{thing.keys[0]}/",
            authorization=f"Bearer {world.keys[head.name]}",
        )
        assert answer.status == (200 if thing.seen_by(head) else 404), thing.name
