"""The faults are real: each mode of the proxy is seen by Chromium as the thing it stands for.

Plain `fetch` against the API, without any code of the phone: what the portal then holds says what
truly happened on the wire.
"""

import time

import pytest

from core.identifiers import uuid7
from programs.models import Activity, Submission
from tests import make

from . import faults
from .recording import sign_in

SEND = """async ({item, wait}) => {
  const session = await (await fetch("/api/v1/session/")).json();
  const began = performance.now();
  const took = () => Math.round(performance.now() - began);
  try {
    const reply = await fetch("/api/v1/submissions/", {
      method: "POST",
      signal: wait ? AbortSignal.timeout(wait) : undefined,
      headers: {"Content-Type": "application/json", "X-CSRFToken": session.csrf_token},
      body: JSON.stringify({items: [item]}),
    });
    const text = await reply.text();
    const json = /json/.test(reply.headers.get("Content-Type")) ? JSON.parse(text) : null;
    return {status: reply.status, url: reply.url, json, took: took(), text,
            retry: reply.headers.get("Retry-After"), redirected: reply.redirected};
  } catch (error) {
    return {status: 0, error: `${error.name}: ${error.message}`, took: took()};
  }
}"""


@pytest.fixture
def item(program, janju):
    content = make.content(program, janju)
    return {
        "uid": str(uuid7()),
        **content,
        "program": str(content["program"]),
        "held_on": "2026-03-04",
        "client_digest": "d" * 64,
    }


@pytest.fixture
def site(phone, head):
    """A signed-in page with none of the phone's own scripts on it."""
    page = phone.open()
    sign_in(page, head)
    page.route("**/*.js", lambda route: route.abort())
    page.goto("/healthz/")
    return page


def send(page, item, wait=None) -> dict:
    return page.evaluate(SEND, {"item": item, "wait": wait})


def stored() -> int:
    assert Activity.objects.count() == Submission.objects.count()
    return Activity.objects.count()


def test_a_good_network_passes_everything_on(site, item, network):
    reply = send(site, item)

    assert reply["status"] == 200
    assert reply["json"]["results"][0]["outcome"] == "accepted"
    assert stored() == 1
    [seen] = network.arrived()
    assert seen.headers["host"] == f"localhost:{network.port}"
    assert (seen.status, seen.told) == (200, 200)


def test_a_dropped_reply_leaves_the_record_behind(site, item, network):
    network.fault(faults.drop_reply, on="/submissions/", times=1)

    assert send(site, item)["error"] == "TypeError: Failed to fetch"
    assert stored() == 1  # the page thinks it failed, the portal has it
    assert network.arrived()[0].told is None
    assert send(site, item)["json"]["results"][0]["outcome"] == "duplicate"
    assert stored() == 1


def test_a_kept_connection_that_dies_makes_the_browser_send_again(site, item, network):
    network.keep_alive = True
    network.fault(faults.drop_reply, on="/submissions/", times=1)

    reply = send(site, item)

    copies = network.copies()
    assert max(copies.values()) > 1, "Chromium no longer resends: this drill proves nothing"
    assert reply["json"]["results"][0]["outcome"] == "duplicate"  # one fetch, two arrivals
    assert stored() == 1


def test_an_aborted_upload_stores_nothing(site, item, network):
    network.fault(faults.abort_half, on="/submissions/", times=1)

    assert send(site, item)["status"] == 0
    [seen] = network.arrived()
    assert 0 < len(seen.body) < int(seen.headers["content-length"])
    assert stored() == 0


@pytest.mark.parametrize(
    ("mode", "status", "retry"), [(faults.status(500), 500, None), (faults.busy(7), 503, "7")]
)
def test_a_fault_answer_never_reaches_the_portal(site, item, network, mode, status, retry):
    network.fault(mode, on="/submissions/")

    reply = send(site, item)

    assert (reply["status"], reply["retry"], reply["json"]) == (status, retry, None)
    assert stored() == 0
    network.clear()
    assert send(site, item)["status"] == 200


def test_a_late_reply_outlasts_the_patience_of_the_page(site, item, network):
    network.fault(faults.delay(1.5), on="/submissions/", times=2)

    assert send(site, item, wait=500)["error"].startswith("TimeoutError")
    assert stored() == 1
    late = send(site, item)
    assert late["took"] >= 1500
    assert late["json"]["results"][0]["outcome"] == "duplicate"


def test_a_page_of_the_operator_looks_like_success(site, item, network):
    network.fault(faults.login_page, on="/submissions/", times=1)

    reply = send(site, item)

    assert (reply["status"], reply["json"]) == (200, None)
    assert "WiFi" in reply["text"]
    assert stored() == 0


def test_a_redirect_of_the_operator_leads_off_the_portal(site, item, network, phone):
    phone.forgiven.append("wifi.operator.invalid")  # the portal's own policy stops it as well
    network.fault(faults.redirect, on="/submissions/", times=1)

    assert send(site, item)["status"] == 0
    assert network.arrived()[0].told == 302
    assert stored() == 0


def test_a_refused_request_is_not_heard_of(site, item, network):
    network.fault(faults.refuse, on="/submissions/", times=1)

    assert send(site, item)["status"] == 0
    assert network.arrived()[0].status is None
    assert stored() == 0


def test_a_dark_network_comes_back_at_the_same_address(site, item, network):
    before = network.url
    network.go_dark()
    assert site.evaluate("() => fetch('/healthz/').then(() => 'there', () => 'dark')") == "dark"

    network.listen()

    assert network.url == before
    assert send(site, item)["status"] == 200


def test_a_killed_phone_is_really_gone_and_comes_back_with_its_login(phone, head, network):
    page = phone.open()
    sign_in(page, head)
    assert phone.pids
    phone.kill()
    assert not phone.pids

    page = phone.open()
    page.goto("/desa/")
    assert "/masuk/" not in page.url
    began = time.monotonic()
    phone.close()
    assert time.monotonic() - began < 20
