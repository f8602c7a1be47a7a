"""GET /api/v1/activities/{uid}/history/: every step, who made it and why."""

from dataclasses import replace

import pytest

from programs.services import correct_activity, return_activity, verify_activity
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def head():
    return make.village_head()


@pytest.fixture
def corrected(head):
    """Recorded by the head, sent back by an officer, put right, verified by another one."""
    program = make.program()
    draft = make.draft(program)
    activity = make.activity(program, author=head)
    sent_back = return_activity(
        activity, actor=make.officer(), version=1, reason="Berapa perempuan?"
    )
    right = replace(draft, uid=activity.pk, content=make.content(program, women_participants=21))
    correct_activity(sent_back, right, actor=head, version=2)
    verify_activity(activity.__class__.objects.get(), actor=make.officer(), version=3)
    return activity


def test_every_step_is_told_in_order(client, head, corrected):
    client.force_login(head)
    steps = client.get(f"/api/v1/activities/{corrected.pk}/history/").json()["results"]

    assert [(one["step"], one["version"]) for one in steps] == [
        ("submitted", 1),
        ("returned", 2),
        ("resubmitted", 3),
        ("verified", 4),
    ]
    assert steps[1]["reason"] == "Berapa perempuan?"
    assert steps[2]["changes"] == {"women_participants": ["19", "21"]}
    assert steps[0]["actor"] == steps[2]["actor"] == head.name != steps[1]["actor"]
    assert [one["at"] for one in steps] == sorted(one["at"] for one in steps)


def test_a_neighbour_finds_nothing(client, corrected):
    client.force_login(make.village_head(make.village("64.01.03.2001", "Kuaro")))
    assert client.get(f"/api/v1/activities/{corrected.pk}/history/").status_code == 404
    client.logout()
    assert client.get(f"/api/v1/activities/{corrected.pk}/history/").status_code == 401


def test_unknown_parameters_are_refused(client, head, corrected):
    client.force_login(head)
    address = f"/api/v1/activities/{corrected.pk}/history/?step=returned"
    assert client.get(address).json()["code"] == "unknown_parameter"
