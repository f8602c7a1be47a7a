"""Every route × method × object × person answers as the table of rights says, and tells nothing
of what does not exist for the caller."""

import sys
from collections import defaultdict

import pytest

from .calls import METHODS
from .table import TABLE
from .walk import api_routes, ask, cases, plain, surprises

pytestmark = pytest.mark.once
ALL = [(method, route) for route in sorted(TABLE) for method in METHODS]
#: So many calls the walk is at least.
FEWEST = 1_500
TO_ADD = (
    "No row in tests/api/rights/table.py, nor in a module of nouns.py. Say there for each method "
    "who may: signed_in(…), sees(…), may(word, …), and give the world the object behind it."
)


def test_every_route_has_a_row():
    assert {route: TO_ADD for route in api_routes() if route not in TABLE} == {}


def test_every_row_has_a_route():
    assert sorted(TABLE.keys() - api_routes().keys()) == []


@pytest.mark.django_db
def test_the_walk_is_long(world):
    calls = sum(1 for method, route in ALL for _ in cases(world, route, method))
    sys.stdout.write(f"\nMatrix of the API: {calls} calls, each of them below\n")
    assert calls > FEWEST


@pytest.mark.asvs("8.2.1", "8.2.2", "8.3.1", "8.4.1")
@pytest.mark.django_db
@pytest.mark.parametrize(("method", "route"), ALL)
def test_each_answer_is_as_written(world, method, route):
    found, refusals = defaultdict(list), defaultdict(set)
    for case in cases(world, route, method):
        answer = ask(world, case)
        for words, person in surprises(case, world, answer):
            found[words].append(person)
        if answer.status == 404 and answer.is_problem:
            refusals[case.person.name, case.call].add(plain(answer))
    assert dict(found) == {}
    told_apart = {who: words for (who, _), words in refusals.items() if len(words) > 1}
    assert told_apart == {}, "what is there, but not for her, is answered unlike what is not there"
