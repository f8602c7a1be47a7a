"""Who asks (core/asking.py): known for one request, forgotten after it, told to each connection."""

import ast

import pytest
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from core.asking import NOBODY, PORTAL, AskingMiddleware, as_portal, asker, asks
from tests import make
from tests.architecture import tree

#: Every place that asks on the portal's own account. A new one is a decision (0017): the rows it
#: reads are those of all villages, and what it tells of them has to be thought through.
PORTALS = {
    "core/health.py": 1,  # how long anything waits, for monitors, who are nobody
    "accounts/own_data.py": 1,  # what the portal holds of one person, for herself
    "dashboards/public/photos.py": 2,  # photos with two keys turned, for everybody
    "dashboards/reports/checking.py": 1,  # counts of a paper, for whoever holds it
    "mou/measured.py": 1,  # how far a duty has come, in all villages of its agreement
    "planning/figures.py": 2,  # sums of a program in all its villages
    "planning/writing.py": 1,  # causes counted over a program
    "programs/reporting.py": 1,  # the month in which the portal began
    "programs/rollups.py": 2,  # sums are of all facts
    "programs/services/photo_sweep.py": 1,  # files that no photo of any village has
    "programs/services/photos.py": 1,  # a uid that is taken
    "programs/services/submissions.py": 2,  # a uid that is taken
}


@pytest.fixture(autouse=True)
def nobody():
    asks(NOBODY)
    yield
    asks(NOBODY)


@pytest.mark.tree
def test_every_place_that_asks_for_the_portal_is_listed():
    found = {}
    for path in tree.written(".py"):
        inside = path.relative_to(tree.ROOT)
        if inside.parts[0] in tree.APPS and inside.as_posix() != "core/asking.py":
            found[inside.as_posix()] = calls_in(path.read_text())
    assert {place: count for place, count in found.items() if count} == PORTALS


def calls_in(text: str) -> int:
    named = (node.func for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    return sum(1 for one in named if getattr(one, "id", getattr(one, "attr", "")) == "as_portal")


@pytest.mark.tree
def test_the_list_would_notice_one_more():
    assert calls_in("with asking.as_portal('why'): pass\nas_portal('x')") == 2


@pytest.mark.once
def test_the_portal_asks_within_and_she_again_after_it():
    asks(7)
    with pytest.raises(LookupError), as_portal("a fault within"):
        raise LookupError(asker())
    assert asker() == "7"
    with as_portal("no fault"):
        assert asker() == PORTAL
    assert asker() == "7"


@pytest.mark.once
def test_a_request_begins_with_nobody_and_leaves_nobody():
    asks(7)  # what the thread's last request left, were it to leave anything
    seen = []

    def view(_request):
        seen.append(asker())
        asks(8)
        return HttpResponse("x")

    answer = AskingMiddleware(view)(RequestFactory().get("/"))
    assert seen == [NOBODY]
    ended(answer)
    assert asker() == NOBODY


def ended(answer):
    """All of it is out: what the server calls then, but for Django's signal."""
    for close in answer._resource_closers:
        close()


@pytest.mark.once
def test_what_is_sent_bit_by_bit_is_asked_for_by_her_to_the_end():
    def rows():
        yield asker().encode()
        yield asker().encode()

    def view(_request):
        asks(8)
        return StreamingHttpResponse(rows())

    answer = AskingMiddleware(view)(RequestFactory().get("/"))
    assert list(answer) == [b"8", b"8"]
    ended(answer)
    assert asker() == NOBODY


@pytest.mark.django_db
def test_the_session_and_the_key_each_name_their_person(client, monkeypatch):
    """A key beside a cookie: the key's person asks; a key that counts no more: nobody."""
    from accounts.services import create_token

    told = []
    monkeypatch.setattr("accounts.middleware.asks", told.append)
    monkeypatch.setattr("accounts.authentication.asks", told.append)
    head, officer = make.village_head(), make.officer()
    client.force_login(head)
    client.get("/api/v1/session/")
    assert told == [head.pk]
    made = create_token(officer, name="x", scopes=["activities:read"], days=1, actor=officer)
    for key, then in ((made.key, [NOBODY, officer.pk]), ("pug_wrong", [NOBODY])):
        told.clear()
        client.get("/api/v1/activities/", headers={"authorization": f"Bearer {key}"})
        assert told == [head.pk, *then]


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_connection_is_told_what_it_has_to_know_and_no_more():
    """Not before the first question, once for the same person, and at once for the next."""
    assert said() == ""
    asks(7)
    assert said() == "7"
    told = connection._told
    with as_portal("a test"):
        assert said() == PORTAL
    assert (told, said()) == ("7", "7")
    asks(NOBODY)
    assert said() == ""


def said() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(current_setting('pug.person', true), '')")
        return cursor.fetchone()[0]


@pytest.mark.postgres
@pytest.mark.django_db
def test_a_uid_that_another_village_used_is_a_conflict_and_tells_nothing(client):
    """The one place where a person's request has to know of a receipt that is not hers."""
    from programs.services import submit_activities

    there, here = make.village("64.01.05.2001", "Jauh"), make.village()
    draft = make.draft(make.program(there, owner_village=there), there, title="Rahasia")
    submit_activities([draft], actor=make.village_head(there), source="api")
    client.force_login(make.village_head(here))
    sent = {
        "uid": str(draft.uid),
        "program": str(make.program(here, owner_village=here).pk),
        "village": here.code,
        "title": "Pelatihan",
        "held_on": "2026-01-05",
    }
    answer = client.post("/api/v1/submissions/", {"items": [sent]}, "application/json")
    assert answer.json()["summary"]["conflict"] == 1, answer.content
    assert b"Rahasia" not in answer.content
