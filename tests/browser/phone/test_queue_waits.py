"""When a record goes again: waits that double, waits the portal asks for, an end to waiting."""

import pytest

from .faults import busy, status

SUBMISSIONS = "/api/v1/submissions/"


def test_the_waits_double_from_30_seconds_to_30_minutes_and_never_end(lab):
    longest = lab.run(
        """() => { Math.random = () => 1; return [1, 2, 3, 6, 7, 8, 5000].map(pug.backoff); }"""
    )
    assert [wait / 1000 for wait in longest] == [30, 60, 120, 960, 1800, 1800, 1800]
    assert lab.run("() => { Math.random = () => 0; return pug.backoff(9); }") == 0


def test_after_a_failure_the_record_rests_until_its_time(lab, network):
    network.fault(status(500), on=SUBMISSIONS, times=1)
    lab.run("() => { Math.random = () => 1; }")
    uid = lab.enqueue()
    lab.send()
    row = lab.row(uid)

    assert 29_000 < row["next_at"] - row["last_try_at"] < 40_000
    lab.run("() => pug.send()")
    assert len(network.arrived()) == 1
    lab.send()  # the person pressed "Kirim sekarang"
    lab.received(uid)


def test_a_clock_that_was_put_back_does_not_hold_a_record(lab):
    uid = lab.enqueue()
    lab.run(
        """async (uid) => pug.put("queue", {...await pug.get("queue", uid), tries: 1,
             next_at: Date.now() + 400 * 86400000})""",
        uid,
    )
    lab.run("() => pug.send()")
    lab.received(uid)


def test_a_wait_the_portal_asks_for_holds_for_every_record_and_every_press(lab, network):
    network.fault(busy(3), on=SUBMISSIONS, times=1)
    first, second = lab.enqueue(), lab.enqueue()
    lab.send()
    lab.send()
    assert len(network.arrived()) == 1

    lab.page.wait_for_timeout(3_100)
    lab.send()
    lab.received(first)
    lab.received(second)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "120"}, 120),
        ({"Retry-After": "99999999"}, 86_400),
        (  # measured by the portal's clock, for the phone's may be a year ahead
            {
                "Retry-After": "Wed, 04 Mar 2026 08:10:00 GMT",
                "Date": "Wed, 04 Mar 2026 08:00:00 GMT",
            },
            600,
        ),
        ({"Retry-After": "Wed, 04 Mar 2026 08:10:00 GMT"}, 300),
        ({"Retry-After": "Mon, 01 Jan 2024 00:00:00 GMT"}, 0),
        ({"Retry-After": "soon"}, 0),
        ({}, 0),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(lab, headers, seconds):
    now = 1_772_611_500_000  # 4 March 2026 08:05:00 UTC
    code = "([headers, now]) => pug.retryAfter(new Headers(headers), now)"
    assert lab.run(code, [headers, now]) == seconds


@pytest.mark.parametrize(("given", "seconds"), [({}, 60), ({"seconds": 180}, 180)])
def test_a_request_is_given_up_after_its_time(lab, given, seconds):
    lab.page.clock.install()
    lab.open()
    lab.run(
        """(given) => {
          window.fetch = (url, { signal }) => new Promise((_, fail) => {
            signal.addEventListener("abort", () => fail(new DOMException("", "AbortError")));
          });
          window.answer = null;
          pug.request("session/", given).then((answer) => (window.answer = answer));
        }""",
        given,
    )
    lab.page.clock.run_for(1000 * (seconds - 1))
    assert lab.run("() => answer") is None
    lab.page.clock.run_for(2000)
    assert lab.run("() => answer") == {"status": 0, "reason": "timeout"}
    assert lab.run("() => [pug.TEXT_SECONDS, pug.PHOTO_SECONDS]") == [60, 180]
