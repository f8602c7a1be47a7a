"""Webhooks: each event is told, signed, in order of its record, also to who was away a while."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Grant
from core.errors import Refused
from programs import services, webhooks
from programs.models import Activity, Delivery, Webhook
from programs.services import webhooks as acts
from programs.webhooks import posting, sending, signing, targets
from tests import make

from .receiving import Receiver, proves

pytestmark = [pytest.mark.alone, pytest.mark.django_db(transaction=True)]
EVERYTHING = ["activity.created", "activity.changed", "activity.verified", "activity.voided"]
HOOKS = "/api/v1/webhooks/"


@pytest.fixture
def receiver(settings):
    settings.WEBHOOKS_TO_LOOPBACK = True
    with Receiver() as listening:
        yield listening


@pytest.fixture
def officer():
    return make.officer()


@pytest.fixture
def hook(receiver, officer):
    made = acts.create_webhook(actor=officer, name="Kabupaten", url=receiver.url, events=EVERYTHING)
    receiver.secret = signing.secret_of(made)
    return made


def run(later: timedelta = timedelta()) -> None:
    """Tell, then send until nothing is due."""
    webhooks.tell()
    Delivery.objects.filter(state="waiting").update(next_at=timezone.now() - later)
    while webhooks.send() == sending._SOON:
        pass


def due_again() -> None:
    """The wait for the next try is over."""
    Delivery.objects.filter(state="waiting").update(next_at=timezone.now())
    while webhooks.send() == sending._SOON:
        pass


def test_events_arrive_signed_and_without_names(hook, receiver, officer):
    village = make.village()
    head = make.village_head(village)
    one = make.activity(make.program(village), village, author=head, verified_by=officer)
    services.void_activity(
        Activity.objects.get(pk=one.pk), actor=officer, version=2, reason="Tercatat dua kali"
    )
    run()
    assert [got["type"] for got in receiver.got] == [
        "activity.created",
        "activity.verified",
        "activity.voided",
    ]
    assert [got["data"]["version"] for got in receiver.got] == [1, 2, 3]
    assert [got["data"]["state"] for got in receiver.got] == ["submitted", "verified", "voided"]
    told = receiver.got[0]["data"]
    assert (told["uid"], told["village"]) == (str(one.pk), "64.01.04.2002")
    assert told["number"].startswith("6401-")
    assert head.name not in str(receiver.got)
    assert officer.name not in str(receiver.got)
    assert set(Delivery.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_only_chosen_events_of_what_the_owner_sees_and_nothing_from_before(receiver):
    here, there = make.village(), make.village("64.01.05.2003", "Lain")
    program = make.program(here, there)
    make.activity(program, here)
    head = make.village_head(here)
    made = acts.create_webhook(
        actor=head, name="Desa", url=receiver.url, events=["activity.created"]
    )
    receiver.secret = signing.secret_of(made)
    make.activity(program, there)
    mine = make.activity(program, here, author=head, verified_by=make.officer())
    run()
    assert [got["data"]["uid"] for got in receiver.got] == [str(mine.pk)]


def test_owner_who_lost_the_area_hears_nothing_of_it(hook, receiver, officer):
    Grant.objects.filter(user=officer).update(revoked_at=timezone.now())
    make.activity(make.program())
    run()
    assert receiver.got == []


def test_failures_are_tried_again_and_the_set_is_complete_in_order(hook, receiver, officer):
    """It fails, and fails again; the delivered set is the feed's, each record in its order."""
    village = make.village()
    program, head = make.program(village), make.village_head(village)
    receiver.answers = [500, 503, 500]
    made = [make.activity(program, village, author=head, verified_by=officer) for _ in range(5)]
    run()
    for _ in range(4):
        due_again()
    keys = [(got["data"]["uid"], got["data"]["version"]) for got in receiver.got]
    assert sorted(keys) == sorted((str(one.pk), version) for one in made for version in (1, 2))
    for one in made:
        assert [version for uid, version in keys if uid == str(one.pk)] == [1, 2]
    assert receiver.calls == len(keys) + 3
    assert len({got["id"] for got in receiver.got}) == 10
    hook.refresh_from_db()
    assert hook.failing_since is None


def test_later_message_of_a_record_waits_for_the_earlier_one(hook, receiver, officer):
    receiver.answers = [500]
    one = make.activity(make.program(), verified_by=officer)
    run()
    first, second = Delivery.objects.filter(record=one.pk).order_by("change_id")
    assert (first.state, first.attempts, first.tries[0]["status"]) == ("waiting", 1, 500)
    assert (second.state, second.attempts) == ("waiting", 0)
    assert receiver.got == []
    due_again()
    assert [got["data"]["version"] for got in receiver.got] == [1, 2]


def test_waits_grow_and_end(hook, receiver):
    receiver.answers = [500] * 20
    make.activity(make.program())
    run()
    waits = []
    for _ in range(len(sending.DELAYS)):
        message = Delivery.objects.get()
        waits.append((message.next_at - timezone.now()).total_seconds())
        due_again()
    for wait, wanted in zip(waits, sending.DELAYS, strict=True):
        assert 0.85 * wanted < wait <= 1.1 * wanted
    message = Delivery.objects.get()
    assert (message.state, message.attempts) == ("failed", len(sending.DELAYS) + 1)
    assert message.tries[-1]["status"] == 500


def test_others_wait_while_a_receiver_is_deaf_and_go_when_it_hears(hook, receiver):
    receiver.answers = [500] * 8
    program = make.program()
    for _ in range(20):
        make.activity(program)
    webhooks.tell()
    while webhooks.send() == sending._SOON:
        pass
    assert receiver.calls == 8  # one handful, not twenty
    assert Delivery.objects.filter(attempts=0, next_at__gt=timezone.now()).count() == 12
    due_again()
    assert len(receiver.got) == 20


def test_webhook_that_is_gone_or_deaf_for_days_is_stopped(hook, receiver, officer):
    receiver.answers = [410]
    make.activity(make.program())
    run()
    hook.refresh_from_db()
    assert (hook.is_active, hook.stopped_because) == (False, "gone")
    assert Delivery.objects.get().state == "failed"
    acts.set_active(hook, True, actor=officer)
    Webhook.objects.update(failing_since=timezone.now() - timedelta(days=5, minutes=1))
    receiver.answers = [500]
    make.activity(make.program())
    run()
    hook.refresh_from_db()
    assert (hook.is_active, hook.stopped_because) == (False, "failing")


def test_stopped_and_started_again_it_is_told_of_what_happened_meanwhile(hook, receiver, officer):
    acts.set_active(hook, False, actor=officer)
    make.activity(make.program())
    run()
    assert receiver.got == []
    hook.refresh_from_db()
    acts.set_active(hook, True, actor=officer)
    run()
    assert len(receiver.got) == 1


def test_dead_address_can_be_stopped_and_another_one_is_judged(hook, officer, monkeypatch):
    Webhook.objects.update(url="https://mati.contoh.go.id/")
    hook.refresh_from_db()
    monkeypatch.setattr(targets, "resolve", lambda *asked: [])
    acts.set_active(hook, False, actor=officer)
    with pytest.raises(Refused):
        acts.change_webhook(
            hook, actor=officer, name="A", url="https://b.id/", events=EVERYTHING, is_active=True
        )
    hook.refresh_from_db()
    assert (hook.is_active, hook.url) == (False, "https://mati.contoh.go.id/")


KILLED = """
import os, signal, django
django.setup()
from django.test.utils import get_runner
from programs.webhooks import posting, sending
from programs import webhooks
real = posting.post
def dies(*arguments):
    real(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)
posting.post = dies
webhooks.tell()
webhooks.send()
"""


def test_sender_killed_between_sending_and_noting_loses_nothing(hook, receiver, officer):
    """The message arrived, nobody wrote it down: it comes again under the same id."""
    for _ in range(3):
        make.activity(make.program(), verified_by=officer)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED],
        cwd=Path(__file__).parents[2],
        env={**os.environ, **_surroundings()},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert Delivery.objects.filter(state="sent").count() == 0
    assert Delivery.objects.exclude(next_at__lte=timezone.now()).exists()  # still in its hands
    run()
    versions: dict[str, list[int]] = {}
    told = {}
    for got in receiver.got:
        told.setdefault(got["id"], got)
    for got in told.values():
        versions.setdefault(got["data"]["uid"], []).append(got["data"]["version"])
    assert sorted(versions.values()) == [[1, 2]] * 3
    assert len(receiver.got) > len(told) == 6  # at least one came twice


def _surroundings() -> dict[str, str]:
    """The test's own database for a process beside it."""
    if connection.vendor == "sqlite":
        at = f"sqlite:///{connection.settings_dict['NAME']}"
    else:
        folder = connection.settings_dict["HOST"]
        at = f"postgresql://postgres@/{connection.settings_dict['NAME']}?host={folder}"
    return {
        "DATABASE_URL": at,
        "DJANGO_SETTINGS_MODULE": "pug_portal.settings",
        "PUG_DEBUG": "1",
        "PUG_SECRET_KEY": "for-tests-only-" + "0123456789" * 4,
    }


def test_secret_differs_by_webhook_and_version_and_old_portal_secret_still_proves(
    hook, receiver, settings, officer
):
    other = acts.create_webhook(
        actor=officer, name="Lain", url=receiver.url, events=["activity.created"]
    )
    first = signing.secret_of(hook)
    assert first != signing.secret_of(other)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a" * 60, [settings.SECRET_KEY]
    signed = signing.headers_for(hook, "m", int(timezone.now().timestamp()), b"{}")
    assert signed["webhook-signature"].count("v1,") == 2
    assert proves(first, signed, b"{}")
    assert proves(signing.secret_of(hook), signed, b"{}")
    assert not proves(first, signed, b"{ }")
    acts.rotate_secret(hook, actor=officer)
    assert signing.secret_of(hook) != first


def test_two_senders_at_once_send_each_message_once(hook, receiver):
    from tests.racing import at_once

    program = make.program()
    for _ in range(6):
        make.activity(program)
    at_once(webhooks.tell, webhooks.tell)
    assert Delivery.objects.count() == 6
    if connection.vendor == "postgresql":
        at_once(webhooks.send, webhooks.send)
        assert len(receiver.got) == len({got["id"] for got in receiver.got})
    due_again()
    assert {got["data"]["uid"] for got in receiver.got} == {
        str(one) for one in Activity.objects.values_list("pk", flat=True)
    }


def test_old_messages_are_tidied_away(hook):
    make.activity(make.program())
    run()
    Delivery.objects.update(created_at=timezone.now() - timedelta(days=31))
    webhooks.tidy()
    assert Delivery.objects.count() == 0


# -- The doors -----------------------------------------------------------------


def test_made_changed_tried_and_ended_by_rest(client, receiver, officer):
    client.force_login(officer)
    asked = {"name": "Kabupaten", "url": receiver.url, "events": ["activity.verified"]}
    made = client.post(HOOKS, asked, content_type="application/json")
    assert made.status_code == 201
    assert made["Cache-Control"] == "no-store"
    receiver.secret = made.json()["secret"]
    assert receiver.secret.startswith("whsec_")
    own = f"{HOOKS}{made.json()['uid']}/"
    assert "secret" not in client.get(own).json()
    assert [one["uid"] for one in client.get(HOOKS).json()["results"]] == [made.json()["uid"]]

    sent = client.post(f"{own}test/")
    assert (sent.status_code, sent.json()["state"]) == (202, "waiting")
    run()
    assert receiver.got[0]["type"] == "webhook.test"
    [kept] = client.get(f"{own}deliveries/", {"state": "sent"}).json()["results"]
    assert kept["tries"][0]["status"] == 200
    assert client.get(f"{own}deliveries/", {"state": "failed"}).json()["results"] == []
    again = client.post(f"{own}deliveries/{kept['uid']}/redeliver/")
    assert again.status_code == 202
    run()
    assert [got["id"] for got in receiver.got] == [kept["uid"]] * 2

    rotated = client.post(f"{own}rotate/").json()["secret"]
    assert rotated != receiver.secret
    changed = client.patch(own, {"is_active": False}, content_type="application/json")
    assert changed.json()["is_active"] is False
    assert client.post(f"{own}test/").json()["code"] == "stopped"
    assert client.delete(own).status_code == 204
    assert client.get(own).status_code == 404
    assert client.get(HOOKS).json()["results"] == []


def test_webhooks_are_ones_own(client, hook):
    client.force_login(make.officer())
    own = f"{HOOKS}{hook.pk}/"
    assert client.get(own).status_code == 404
    assert client.delete(own).status_code == 404
    for ending in ("rotate/", "test/", f"deliveries/{hook.pk}/redeliver/"):
        assert client.post(own + ending).status_code == 404
    assert client.get(f"{own}deliveries/").status_code == 404
    assert client.get(HOOKS).json()["results"] == []


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"url": "http://contoh.go.id/"}, "/url"),
        ({"url": "https://dalam.contoh.go.id/"}, "/url"),
        ({"events": []}, "/events"),
        ({"events": ["activity.read"]}, "/events/0"),
        ({"name": " "}, "/name"),
    ],
)
def test_refused_webhooks(client, officer, monkeypatch, values, pointer):
    monkeypatch.setattr(targets, "resolve", lambda *asked: ["10.1.2.3"])
    client.force_login(officer)
    asked = {"name": "A", "url": "https://a.example/", "events": ["activity.created"], **values}
    answer = client.post(HOOKS, asked, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert pointer in {one["pointer"] for one in answer.json()["errors"]}
    assert not Webhook.objects.exists()


def test_ten_are_enough(hook, receiver, officer):
    for _ in range(9):
        acts.create_webhook(actor=officer, name="A", url=receiver.url, events=EVERYTHING)
    with pytest.raises(Refused, match="10"):
        acts.create_webhook(actor=officer, name="A", url=receiver.url, events=EVERYTHING)


def test_name_that_turned_inward_is_not_sent_to(hook, monkeypatch, settings):
    """Public when it was made, inside when it is told: refused on every try."""
    Webhook.objects.update(url="https://contoh.go.id/")
    monkeypatch.setattr(targets, "resolve", lambda *asked: ["169.254.169.254"])
    monkeypatch.setattr(posting.socket, "create_connection", pytest.fail)
    make.activity(make.program())
    run()
    assert Delivery.objects.get().tries[0]["detail"] == "not_public"
