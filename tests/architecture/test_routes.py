"""The sweep: every route × five people gives the status that routes.py expects."""

import uuid
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from http.cookies import SimpleCookie

import pytest
from django.contrib import admin
from django.db import connection, transaction
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import User
from accounts.services import create_token
from dashboards.saved import save_view
from programs.models import Activity, ActivityCode, Program, Webhook
from programs.periods import Period
from programs.services import ask_correction, close_period, importing, submit_activities
from tests import make
from tests.security.answers import changed, lacking

from .expected import Row
from .plans import Plans
from .registers import Registers
from .routes import ROUTES

PEOPLE = ("anonymous", "stranger", "neighbour", "owner", "officer")
#: Stands in the titles of the owner's things: who may not see them must not read it anywhere.
SECRET = "Jejak-Rahasia-7f3a"
MAY_NOT_READ = PEOPLE[:3]
#: Who may do what is told alike on every database; on the second one those are asked for whom it
#: has to read most.
INSIDE = PEOPLE[3:]
#: The others, and ten more, walk the same pages in tests/matrix, and the API in tests/api/rights.
ASKED = ("anonymous", *INSIDE)


@dataclass
class World(Plans, Registers):
    """The objects behind the addresses. `argument` finds the one that a route means."""

    people: dict[str, User | None]
    program: Program
    activity: Activity
    photo_uid: uuid.UUID | None = None
    link: uuid.UUID | None = None
    secret: str = ""
    device: uuid.UUID | None = None
    token: uuid.UUID | None = None
    sent: uuid.UUID | None = None
    cookies: dict[str, SimpleCookie] = field(default_factory=dict)
    village_code: str = "64.01.04.2002"
    district_code: str = "64.01.04"
    regency_code: str = "64.01"
    province_code: str = "64"
    state: str = "completed"
    open_period: str = "2024"
    closed_period: str = "2025"
    correction_request: uuid.UUID | None = None

    @property
    def person(self) -> uuid.UUID:
        return self.people["owner"].uid

    @property
    def grant(self) -> uuid.UUID:
        return self.people["owner"].grants.get().pk

    @property
    def opd(self) -> int:
        return make.opd().pk

    @property
    def report(self) -> str:
        """The code of a document that the owner gave out of her village."""
        return make.report(self.people["owner"], self.village_code).code

    @property
    def saved_view(self) -> uuid.UUID:
        """A page that the owner keeps under a name, for herself."""
        owner = self.people["owner"]
        return save_view(actor=owner, name="Mine", path="/ringkasan/", query="").pk

    @property
    def sheet(self) -> uuid.UUID:
        """A sheet that the owner sent and that waits for its turn."""
        content = b"kode desa,program,tanggal,nama kegiatan\n"
        return importing.take_in(content, "sheet.csv", self.people["owner"], True).pk

    @property
    def hook(self) -> uuid.UUID:
        """A webhook of the owner."""
        of = {"owner": self.people["owner"], "url": "https://contoh.go.id/"}
        return Webhook.objects.create(name="Mine", events=["activity.created"], **of).pk

    @property
    def activity_code(self) -> str:
        of = {"name": "Pembangunan Desa", "level": "bidang"}
        return ActivityCode.objects.get_or_create(code="2", defaults=of)[0].code

    ending = "pdf"
    #: Parameters that are words, whatever the row is about: a step of a gender analysis, a move
    #: of a budget statement, the format of a printed form.
    key, move, fmt = "item", "kirim", "xlsx"
    WORDS = ("key", "move", "fmt")

    def parameter(self, row: Row, route: str, name: str):
        """What the row says of this parameter, else what the route means by it."""
        if name not in row.named:
            return self.argument(route, name, row.of)
        return getattr(self, row.named[name], row.named[name])

    def argument(self, route: str, parameter: str, of: str):
        """`of` when the row says so; else the parameter's own name; else the route's noun."""
        if parameter in self.WORDS:
            return getattr(self, parameter)
        if of or hasattr(self, parameter):
            found = getattr(self, of or parameter)
        elif parameter == "app_label":
            found = _an_admin_app()
        elif parameter == "code":
            found = self.village_code
        else:
            nouns = [word for word in ("activity", "program", "person", "grant") if word in route]
            found = getattr(self, nouns[0]) if nouns else "1"
        return getattr(found, "pk", found)


def _an_admin_app() -> str:
    return next(iter(admin.site._registry))._meta.app_label


def routes(resolver: URLResolver | None = None, space: str = "", given: tuple = ()):
    """Every route of the portal as (name, names of its parameters)."""
    for pattern in (resolver or get_resolver()).url_patterns:
        parameters = (*given, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLPattern):
            yield space + (pattern.name or str(pattern.pattern)), parameters
        else:
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from routes(pattern, inner, parameters)


def row_key(route: str) -> str | None:
    """The key of routes.py that speaks for a route: its own name, else the longest pattern."""
    if route in ROUTES:
        return route
    fitting = [key for key in ROUTES if "*" in key and fnmatchcase(route, key)]
    return max(fitting, key=len, default=None)


def rows() -> list[tuple[str, tuple, Row]]:
    found = {}
    for route, parameters in routes():
        expected = ROUTES.get(row_key(route), [])
        for row in expected if isinstance(expected, list) else [expected]:
            found[f"{row.method} {route} {row.of}".strip()] = (route, parameters, row)
    return [pytest.param(*value, id=key) for key, value in found.items()]


@pytest.mark.asvs("8.1.1")
def test_every_route_has_a_row():
    """Add the missing ones to routes.py: what may each of the five people do there?"""
    assert sorted({route for route, _ in routes() if row_key(route) is None}) == []


def test_every_row_has_a_route():
    used = {row_key(route) for route, _ in routes()}
    assert sorted(ROUTES.keys() - used) == []


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """One world for all rows: whatever a request changes is undone before the next."""
    with (
        django_db_blocker.unblock(),
        override_settings(SECOND_FACTOR_ASKED=False),  # its own tests stand in tests/accounts
        transaction.atomic(),
    ):
        yield made_world()
        transaction.set_rollback(True)


def made_world() -> World:
    janju, other = make.village(), make.village("64.01.04.2003", "Tetangga")
    owner = make.village_head(janju)
    program = make.program(janju, owner_village=janju, title=f"Program {SECRET}")
    world = World(
        people={
            "anonymous": None,
            "stranger": make.person(),
            "neighbour": make.village_head(other),
            "owner": owner,
            "officer": make.officer(),
        },
        program=program,
        activity=make.activity(program, janju, author=owner, title=f"Kegiatan {SECRET}"),
    )
    made = make.link(owner)
    world.link, world.secret = made.link.pk, made.secret
    world.device = make.device(owner).pk
    keyed = create_token(owner, name=SECRET, scopes=["data:read"], days=1, actor=owner)
    world.token = keyed.token.pk
    by_tool = make.draft(program, janju, title=f"Kiriman {SECRET}")
    submit_activities([by_tool], actor=owner, source="api", client=SECRET)
    world.sent = by_tool.uid
    world.photo_uid = make.photo(world.activity, author=owner).pk
    closed = close_period(make.regency(), Period(2025), actor=world.people["officer"])
    asked = ask_correction(closed, village=janju, actor=owner, reason=SECRET)
    world.correction_request = asked.pk
    world.plan()
    world.register()
    for who, person in world.people.items():
        client = Client()
        if person:
            client.force_login(person)
        world.cookies[who] = client.cookies
    return world


def ask(world: World, who: str, row: Row, address: str):
    """One request of one person; what it changed is undone."""
    client = Client(raise_request_exception=False)
    client.cookies = SimpleCookie(world.cookies[who].output(header="", sep=";"))
    kind = {"content_type": "application/json"} if row.json else {}
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        response = getattr(client, row.method)(address, row.data, **kind)
        transaction.set_rollback(True)
    response.wrote = changed(queries.captured_queries)
    return response


def body(response) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


@pytest.mark.asvs("8.2.1", "8.2.2", "8.3.1", "3.4.2", "3.4.3", "3.4.4")
@pytest.mark.asvs("3.4.5", "3.4.6", "3.4.8", "3.5.3", "4.1.1", "3.2.1", "14.3.2")
@pytest.mark.django_db
@pytest.mark.parametrize(("route", "parameters", "row"), rows())
def test_route_answers_each_person_as_written(world, route, parameters, row):
    named = {name: world.parameter(row, route, name) for name in parameters if name != "format"}
    address = row.at or reverse(route, kwargs=named or None)

    asked = ASKED if connection.vendor == "sqlite" else INSIDE
    answers = {who: ask(world, who, row, address) for who in asked}

    expected = dict(zip(PEOPLE, row.statuses, strict=True))
    assert {who: answer.status_code for who, answer in answers.items()} == {
        who: expected[who] for who in asked
    }, address
    outside = [who for who in MAY_NOT_READ if who in asked]
    leaks = [who for who in outside if SECRET.encode() in body(answers[who])]
    assert leaks == [], f"{address} shows the owner's things"
    bare = {who: lacking(answer, signed_in=who != "anonymous") for who, answer in answers.items()}
    assert {who: what for who, what in bare.items() if what} == {}, address
    if row.method in ("get", "head"):
        assert {who: answer.wrote for who, answer in answers.items() if answer.wrote} == {}, address
