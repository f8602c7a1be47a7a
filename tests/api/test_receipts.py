"""GET /api/v1/submissions/: what the caller herself has sent, and how it was judged."""

import pytest
from django.utils import timezone

from programs.services import submit_activities
from tests import make

pytestmark = pytest.mark.django_db

LIST = "/api/v1/submissions/"


@pytest.fixture
def head(client):
    person = make.village_head()
    client.force_login(person)
    return person


@pytest.fixture
def sent(head):
    """One record by the browser; by a tool one more, and one that was refused."""
    program = make.program()
    by_hand = make.activity(program, author=head)
    good = make.draft(program, title="Rapat")
    bad = make.draft(program, title="Tanpa hari", held_on=None)
    bad.raw["title"] = "Tanpa hari"
    submit_activities([good, bad], actor=head, source="api", client="skrip/1.0")
    make.activity(program, author=make.village_head())  # somebody else's
    return by_hand.pk, good.uid, bad.uid


def found(client, query="") -> set[str]:
    answer = client.get(LIST + query)
    assert answer.status_code == 200, answer.json()
    return {row["uid"] for row in answer.json()["results"]}


def test_her_own_receipts_are_listed_with_their_titles(client, sent):
    by_hand, good, bad = map(str, sent)
    rows = {row["uid"]: row for row in client.get(LIST).json()["results"]}

    assert set(rows) == {by_hand, good, bad}
    assert (rows[good]["outcome"], rows[good]["title"]) == ("accepted", "Rapat")
    assert (rows[good]["source"], rows[good]["client"]) == ("api", "skrip/1.0")
    assert (rows[bad]["outcome"], rows[bad]["title"]) == ("rejected", "Tanpa hari")
    assert rows[bad]["errors"]
    assert rows[bad]["number"] is None
    one = client.get(f"{LIST}{good}/").json()
    assert one.items() <= rows[good].items()


def test_receipts_are_narrowed(client, sent):
    by_hand, good, bad = map(str, sent)
    later = timezone.now().isoformat().replace("+", "%2B")
    cases = {
        "?state=rejected": {bad},
        "?state=accepted&source=browser": {by_hand},
        "?client=skrip/1.0": {good, bad},
        "?received_since=2020-01-01T00:00:00Z": {by_hand, good, bad},
        f"?received_since={later}": set(),
    }
    for query, wanted in cases.items():
        assert found(client, query) == wanted, query
    assert client.get(f"{LIST}?state=claimed").status_code == 400
    assert client.get(f"{LIST}?uid=1").status_code == 400


def test_pages_by_position(client, sent):
    first = client.get(f"{LIST}?limit=2").json()
    rest = client.get(first["next"]).json()
    pages = [row["uid"] for page in (first, rest) for row in page["results"]]
    assert sorted(pages) == sorted(map(str, sent))
    assert rest["next"] is None
