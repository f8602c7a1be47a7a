"""An address with a name that its door does not know is refused, never read past."""

import pytest
from django.urls import NoReverseMatch, reverse

from core.identifiers import uuid7
from pug_portal.urls import urlpatterns
from tests.architecture.test_routes import World, made_world, routes

pytestmark = pytest.mark.django_db
#: Not ours: the description of the API and the page that shows it.
FOREIGN = {"schema", "docs"}
#: Parts of an address that are no identifiers.
SHORT = {"ending": "pdf", "number": 1}


def api_routes():
    for resolver in urlpatterns:
        if str(resolver.pattern) == "api/v1/":
            yield from routes(resolver)


@pytest.fixture
def world(settings) -> World:
    return made_world()


@pytest.mark.asvs("15.3.7")
def test_an_unknown_parameter_400_on_every_route(client, world):
    """404 is right too, where the thing in the address is made up."""
    client.force_login(world.people["owner"])
    client.raise_request_exception = False
    missed = {}
    for name, parameters in api_routes():
        address, made_up = _address(world, name, parameters)
        fine = {(400, "unknown_parameter"), (405, "method_not_allowed")}
        fine |= {(404, "not_found"), (403, "login_again")} if made_up else set()
        for method in () if name in FOREIGN else ("GET", "POST", "PUT", "PATCH", "DELETE"):
            answer = client.generic(
                method, f"{address}?nonsense=1", "{}", content_type="application/json"
            )
            told = (answer.status_code, not answer.streaming and answer.json().get("code"))
            if told not in fine:
                missed[f"{method} {name}"] = told
    assert missed == {}


def _address(world, name, parameters) -> tuple[str, bool]:
    given = {one: world.argument(name, one, "") for one in parameters if one != "format"}
    try:
        return reverse(name, kwargs=given or None), False
    except NoReverseMatch:  # things that this world has none of
        made_up = {one: SHORT.get(one) or uuid7() for one in given}
        return reverse(name, kwargs=made_up), True


def test_the_walk_sees_the_routes():
    assert {"activity", "programs", "submissions", "session"} <= {name for name, _ in api_routes()}
