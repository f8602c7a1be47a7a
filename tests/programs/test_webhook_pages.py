"""“Webhook”: made, its secret shown once, tried, stopped, removed; each the person's own."""

from __future__ import annotations

import time

import pytest

from core.models import AuditEntry
from programs import webhooks
from programs.models import Delivery, Webhook
from programs.services import webhooks as acts
from programs.webhooks.signing import secret_of
from tests import make
from tests.api.receiving import Receiver

pytestmark = pytest.mark.django_db


@pytest.fixture
def receiver(settings):
    settings.WEBHOOKS_TO_LOOPBACK = True
    with Receiver() as listening:
        yield listening


@pytest.fixture
def officer(client):
    person = make.officer()
    client.force_login(person)
    client.get("/")
    session = client.session
    session["proved_at"] = time.time()
    session.save()
    return person


@pytest.fixture
def hook(receiver, officer):
    made = acts.create_webhook(
        actor=officer, name="Kabupaten", url=receiver.url, events=["activity.verified"]
    )
    receiver.secret = secret_of(made)
    return made


def page(client, address, status=200):
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode()


def test_made_and_its_secret_is_shown_once(client, officer, receiver):
    assert "Anda belum punya webhook" in page(client, "/webhook/")
    form = {"name": "Papan", "url": receiver.url, "events": ["activity.created"]}
    answer = client.post("/webhook/baru/", form)
    made = Webhook.objects.get(owner=officer)
    assert secret_of(made) in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert "whsec_" not in page(client, f"/webhook/{made.pk}/")
    assert "Papan" in page(client, "/webhook/")


def test_address_inside_is_refused_beside_its_field(client, officer):
    form = {"name": "Papan", "url": "https://localhost/", "events": ["activity.created"]}
    answer = client.post("/webhook/baru/", form)
    assert answer.status_code == 422
    assert "jaringan tertutup" in answer.content.decode()
    assert not Webhook.objects.exists()


def test_old_login_proves_itself_before_a_secret_is_made(client, hook):
    session = client.session
    session["proved_at"] = session["began_at"] = 1
    session.save()
    for address in ("/webhook/baru/", f"/webhook/{hook.pk}/kunci-rahasia/"):
        assert client.post(address).status_code in (302, 403)
    assert Webhook.objects.get().secret_version == 1


def test_example_is_sent_and_its_answer_shown_and_sent_again(client, hook, receiver):
    client.post(f"/webhook/{hook.pk}/contoh/")
    webhooks.send()
    assert receiver.got[0]["type"] == "webhook.test"
    assert "menjawab 200" in page(client, f"/webhook/{hook.pk}/")
    [message] = Delivery.objects.all()
    client.post(f"/webhook/{hook.pk}/pesan/{message.pk}/kirim/")
    webhooks.send()
    assert [got["id"] for got in receiver.got] == [str(message.pk)] * 2


def test_stopped_changed_rotated_and_removed(client, hook, receiver):
    own = f"/webhook/{hook.pk}/"
    client.post(f"{own}jalan/")
    assert "Dihentikan" in page(client, own)
    client.post(f"{own}contoh/")
    assert not Delivery.objects.exists()
    client.post(f"{own}jalan/")
    form = {"name": "Baru", "url": receiver.url, "events": ["activity.voided"]}
    assert client.post(f"{own}ubah/", form).status_code == 302
    shown = client.post(f"{own}kunci-rahasia/").content.decode()
    hook.refresh_from_db()
    assert (hook.name, hook.events, hook.secret_version) == ("Baru", ["activity.voided"], 2)
    assert secret_of(hook) in shown
    assert "Hapus" in page(client, f"{own}hapus/")
    assert client.post(f"{own}hapus/").status_code == 302
    page(client, own, 404)


def test_another_persons_webhook_does_not_exist(client, hook):
    client.force_login(make.officer())
    page(client, f"/webhook/{hook.pk}/", 404)
    for ending in ("jalan/", "contoh/", "hapus/", f"pesan/{hook.pk}/kirim/"):
        assert client.post(f"/webhook/{hook.pk}/{ending}").status_code == 404


def test_trail_tells_the_host_and_nothing_that_lets_one_in(officer, receiver):
    """Path and query of an address are often its password; only its owner reads them."""
    told = {"name": "Papan", "events": ["activity.voided"]}
    made = acts.create_webhook(actor=officer, url=f"{receiver.url}?token=rahasia-1", **told)
    url = f"{receiver.url}rahasia-2?token=rahasia-3"
    acts.change_webhook(made, actor=officer, url=url, is_active=False, **told)
    made.refresh_from_db()
    assert made.url == url
    entries = AuditEntry.objects.filter(object_type="webhook", object_id=str(made.pk))
    host = f"http://127.0.0.1:{receiver.server.server_port}"
    assert {one.action: one.changes["url"] for one in entries} == {
        "webhook.created": host,
        "webhook.changed": [host, host],
    }
    assert "rahasia" not in str(list(entries.values_list("changes", flat=True)))
