"""304 before the work: what a caller has already costs her and the portal next to nothing."""

from threading import Event, Thread

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import ApiToken, CallBudget
from accounts.services import create_token
from programs import feed
from programs.models import ActivityCode
from programs.services import verify_activity
from tests import make
from villages.models import Village

pytestmark = [pytest.mark.alone, pytest.mark.django_db(transaction=True)]

BASE = "/api/v1/"
LISTS = (
    *("activities", "programs", "villages", "opds", "activity-codes", "submissions"),
    *("involvement/summary", "involvement/villages", "involvement/programs"),
)
ITEMS = ("villages/64.01.04.2002", "activity-codes/2")


@pytest.fixture
def officer(client):
    ActivityCode.objects.create(code="2", name="Pembangunan Desa", level="bidang")
    person = make.officer()
    client.force_login(person)
    return person


@pytest.fixture
def record(officer):
    return make.activity(make.program())


def again(client, address: str, seen: str, **headers):
    return client.get(BASE + address, headers={"If-None-Match": seen, **headers})


def repeated(client, address: str):
    """(the tag, the answer to it, its statements); tried anew when others write meanwhile."""
    for _try in range(100):
        seen = client.get(BASE + address)["ETag"]
        with CaptureQueriesContext(connection) as asked:
            answer = again(client, address, seen)
        if answer.status_code == 304:
            break
    return seen, answer, [query["sql"] for query in asked]


def beyond_who_calls(asked: list[str]) -> list[str]:
    return [sql for sql in asked if "accounts_" not in sql and "django_session" not in sql]


@pytest.mark.parametrize("address", [*LISTS, *ITEMS])
@pytest.mark.usefixtures("record")
def test_what_has_not_changed_costs_one_look(client, officer, address):
    client.get(f"{BASE}{address}/")  # the first request of a session writes it
    seen, answer, asked = repeated(client, f"{address}/")

    assert (answer.status_code, answer["ETag"], answer.content) == (304, seen, b"")
    assert not seen.startswith("W/")
    assert "private" in answer["Cache-Control"]
    assert beyond_who_calls(asked) == [asked[-1]], "whether anything has changed"
    assert len(asked) <= 4, "session, person, grants, and that look"


@pytest.mark.usefixtures("record")
def test_a_key_pays_three_statements(client, officer):
    made = create_token(officer, name="t", scopes=["activities:read"], days=5, actor=None)
    client.logout()
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {made.key}"
    client.get(f"{BASE}activities/")  # notes that the key is in use
    _seen, answer, asked = repeated(client, "activities/")
    assert answer.status_code == 304
    assert len(beyond_who_calls(asked)) == 1
    assert len(asked) <= 3, asked


def test_what_changes_is_sent_again(client, officer, record):
    changes = {
        "activities/": lambda: verify_activity(record, actor=make.officer(), version=1),
        "involvement/villages/": lambda: make.activity(
            make.program(), verified_by=make.person("officer")
        ),
        "programs/": lambda: make.program(),
        "villages/": lambda: Village.objects.filter(name="Janju").update(name="Janju Baru"),
        "activity-codes/": lambda: ActivityCode.objects.update(name="Lain"),
        f"activities/{record.pk}/history/": lambda: verify_activity(
            make.activity(make.program()), actor=make.officer(), version=1
        ),
    }
    for address, change in changes.items():
        seen, answer, _asked = repeated(client, address)
        assert answer.status_code == 304, address
        change()
        assert again(client, address, seen).status_code == 200, address


@pytest.mark.usefixtures("record")
def test_another_person_language_format_or_address_has_another_tag(client, officer):
    seen, answer, _asked = repeated(client, "activities/")
    assert answer.status_code == 304
    assert again(client, "activities/?limit=10", seen).status_code == 200
    assert again(client, "activities/", seen, **{"Accept-Language": "en"}).status_code == 200
    assert again(client, "activities/", seen, Accept="text/csv").status_code == 200
    file = again(client, "activities/?format=csv", seen)
    assert (file.status_code, "ETag" in file) == (200, False)
    assert b"".join(file.streaming_content)
    client.force_login(make.officer())
    assert again(client, "activities/", seen).status_code == 200


def test_a_record_is_known_by_its_version(client, officer, record):
    address = f"activities/{record.pk}/"
    with CaptureQueriesContext(connection) as asked:
        answer = again(client, address, '"v1"')
    assert (answer.status_code, answer["ETag"]) == (304, '"v1"')
    assert not [query for query in asked if "women_participants" in query["sql"]]
    head = client.head(BASE + address)
    assert (head.status_code, head["ETag"], head.content) == (200, '"v1"', b"")

    verify_activity(record, actor=make.officer(), version=1)
    assert again(client, address, '"v1"')["ETag"] == '"v2"'
    client.force_login(make.village_head(make.village("64.01.03.2001", "Kuaro")))
    assert again(client, address, '"v2"').status_code == 404


@pytest.mark.parametrize("address", ["activities/", "programs/", "changes/"])
def test_what_a_key_writes_of_itself_changes_no_list(client, officer, record, address):
    """Its last use and its budget are written every minute: a poll in the next one is a 304."""
    made = create_token(officer, name="Poll", scopes=["activities:read"], days=9, actor=officer)
    client.logout()
    key = {"Authorization": f"Bearer {made.key}"}
    seen = client.get(BASE + address, headers=key)["ETag"]
    ApiToken.objects.update(last_used_at=None)
    CallBudget.objects.all().delete()

    assert again(client, address, seen, **key).status_code == 304
    make.activity(record.program)
    assert again(client, address, seen, **key).status_code == 200


@pytest.mark.postgres
def test_a_line_above_a_late_writer_is_no_stamp(officer, record):
    """Whoever commits late would not change the last line: until then the whole database counts."""
    begun, done = Event(), Event()

    def late():
        try:
            with transaction.atomic():
                make.activity(record.program)
                begun.set()
                done.wait(20)
        finally:
            connection.close()

    before = feed.stamp()
    writer = Thread(target=late)
    writer.start()
    assert begun.wait(20)
    assert feed.stamp() == before  # nothing of it is visible yet
    make.program()
    assert feed.stamp() is None
    done.set()
    writer.join()
    assert feed.stamp() not in (None, before)
