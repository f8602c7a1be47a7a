"""Every route below /api/v1/, and one call on one of them by one person."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from .bodies import BODIES, JSON, Sent
from .calls import Call
from .nouns import NOUNS
from .people import ANONYMOUS, BY_NAME, PEOPLE, Person, Thing
from .table import TABLE
from .world import World

BASE = "api/v1/"
#: What calls send, by name.
SENDS = BODIES | {one.__name__: one for noun in NOUNS for one in noun.BODIES}


def api_routes() -> dict[str, tuple[str, ...]]:
    """Each route of the API with the names of its parameters in their order."""
    [api] = [one for one in get_resolver().url_patterns if str(one.pattern) == BASE]
    return dict(_routes(api))


def _routes(resolver: URLResolver, given: tuple = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    for one in resolver.url_patterns:
        parameters = (*given, *one.pattern.regex.groupindex)
        if isinstance(one, URLPattern):
            yield one.name or str(one.pattern), parameters
        else:
            yield from _routes(one, parameters)


class Case(NamedTuple):
    """One person calls one method of one route about one object."""

    route: str
    method: str
    call: Call
    thing: Thing
    person: Person
    expected: int

    def __str__(self) -> str:
        about = f" of “{self.thing.name}”" if self.thing.name else ""
        return f"{self.person.name}: {self.method} {self.route}{about}"


class Answer(NamedTuple):
    status: int
    body: bytes
    headers: dict[str, str]
    asked: bytes

    @property
    def is_problem(self) -> bool:
        return self.headers.get("Content-Type") == "application/problem+json" and bool(self.body)

    @property
    def text(self) -> bytes:
        """Body and headers as text; the parts of a workbook unpacked."""
        body = self.body
        if body.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(body)) as book:
                body = b"\n".join(book.read(name) for name in book.namelist())
        return body + repr(self.headers).encode()


NO_SUCH_METHOD = Call(405, sight=False)
#: Whom a method that is not there is tried with: rights play no part in it.
PASSING_BY = [BY_NAME[name] for name in ("anonymous", "stranger", "head", "officer", "foreign")]


def calls_of(route: str, method: str) -> tuple[Call, ...]:
    """What the table says of this method; the words for all routes where it is silent."""
    found = TABLE[route].calls
    if method == "HEAD":
        return found.get("GET", (NO_SUCH_METHOD,))
    return found.get(method, (NO_SUCH_METHOD,))


def cases(world: World, route: str, method: str) -> Iterator[Case]:
    """Every call that this method of this route is put to."""
    for call in calls_of(route, method):
        for thing in things_of(world, route, method, call):
            few = call is NO_SUCH_METHOD or method == "HEAD"  # which answers as GET does
            for person in PASSING_BY if few else PEOPLE:
                expected = _expected(route, call, person, thing)
                yield Case(route, method, call, thing, person, expected)


def _expected(route: str, call: Call, person: Person, thing: Thing) -> int:
    if TABLE[route].is_open:
        return call.ok
    if call is NO_SUCH_METHOD:  # whatever the object is
        return 401 if person is ANONYMOUS else call.ok
    return call.status(person, thing)


def things_of(world: World, route: str, method: str, call: Call) -> list[Thing]:
    """All objects of the kind; where they make no difference, one that is there and one that is
    not, and for HEAD a foreign one too."""
    kind = TABLE[route].of if call.of is None else call.of
    found = world.things[kind]
    assert found, f"the world has no object of the kind {kind!r}"
    if call is NO_SUCH_METHOD:
        return [found[0], *found[1:][-1:]]
    return [found[0], *found[1:][-2:]] if method == "HEAD" else found


def address_of(case: Case) -> str:
    names = api_routes()[case.route]
    keys = dict(zip(names, case.thing.keys, strict=False)) if names else None
    return reverse(case.route, kwargs=keys) + case.call.query.format(thing=case.thing)


def ask(world: World, case: Case, key: str = "", **headers: str) -> Answer:
    """The call, by her browser or by this key. What it changed is undone."""
    sent = SENDS[case.call.sends](world, case.thing) if case.call.sends else Sent()
    if case.call.match:
        headers["if-match"] = f'"v{case.thing.version}"'
    return fetch(world, case.person, case.method, address_of(case), sent, key, **headers)


def plain(answer: Answer) -> bytes:
    """A problem document without what names the call itself."""
    found = json.loads(answer.body)
    return json.dumps({**found, "request_id": "", "instance": ""}, sort_keys=True).encode()


def fetch(
    world: World,
    person: Person,
    method: str,
    address: str,
    sent: Sent | None = None,
    key: str = "",
    undo: bool = True,
    **headers: Any,
) -> Answer:
    """One request; what it changed is undone, unless the caller does that."""
    sent = sent or Sent()
    client = world.clients[ANONYMOUS.name if key else person.name]
    if key:
        headers["authorization"] = f"Bearer {key}"
    with transaction.atomic():
        response = client.generic(
            method, address, sent.data, sent.kind if sent.data else JSON, headers=headers
        )
        body = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(undo)
    asked = address.encode() + sent.data
    return Answer(response.status_code, body, dict(response.headers), asked)


def surprises(case: Case, world: World, answer: Answer) -> Iterator[tuple[str, str]]:
    """In what the answer differs from the table and what it gives away: (about what, to whom)."""
    about = f"{case.method} {case.route} of “{case.thing.name}”"
    if answer.status != case.expected:
        code = json.loads(answer.body)["code"] if answer.is_problem else ""
        words = f"{about}: {case.expected} expected, {answer.status} {code} came"
        yield words, case.person.name
    if told := world.told(case.person, answer.text, answer.asked):
        yield f"{about} tells of {told}", case.person.name
    if answer.status >= 400 and case.method != "HEAD" and not answer.is_problem:
        yield f"{about}: {answer.status} is no problem document", case.person.name
