"""Whose session carries whose records."""

import pytest
from django.contrib.sessions.models import Session

from tests import make

from .faults import pass_on

SUBMISSIONS = "/api/v1/submissions/"


def test_a_login_that_ran_out_stops_the_queue_and_keeps_everything(lab, network):
    uids = [lab.enqueue() for _ in range(2)]
    Session.objects.all().delete()
    lab.send()

    assert lab.status() | {"since": 0} == _status("login", 2)
    assert network.arrived() == []
    lab.sign_in()
    lab.open()
    lab.send()
    for uid in uids:
        lab.received(uid)


def _status(state: str, n: int) -> dict:
    return {"state": state, "n": n, "since": 0, "last": "", "old": False}


def test_a_login_that_runs_out_between_question_and_sending_keeps_the_record(lab, network):
    uid = lab.enqueue()

    async def log_out_first(call):
        call.seen.headers.pop("cookie", None)
        await pass_on(call)

    network.fault(log_out_first, on=SUBMISSIONS, times=1)
    lab.send()

    assert lab.row(uid)["state"] == "queued"
    assert lab.status()["state"] == "login"


def test_the_records_of_one_person_never_travel_in_the_session_of_another(lab, network):
    uid = lab.enqueue()
    lab.sign_in(make.village_head(lab.village))
    lab.open()  # a shell left open: it still belongs to the first one
    lab.send()

    assert network.arrived() == []
    assert lab.row(uid)["state"] == "queued"
    assert lab.status()["state"] == "login"


def test_another_account_sees_nothing_of_the_first(lab):
    lab.enqueue()
    lab.run("() => pug.setAccount('other')")
    assert lab.run("() => pug.waiting()") == []
    assert lab.status()["state"] == "none"


def _with_old_token(times: int) -> str:
    return """(times) => {
      const real = window.fetch;
      let left = times;
      window.fetch = async (url, options) => {
        const answer = await real(url, options);
        if (!url.includes("/session/") || left-- <= 0) return answer;
        const facts = { ...(await answer.json()), csrf_token: "x".repeat(64) };
        const fake = Response.json(facts);
        Object.defineProperty(fake, "type", { value: "basic" });
        return fake;
      };
    }"""


@pytest.mark.parametrize(("times", "ends"), [(1, None), (2, "help")])
def test_a_token_renewed_elsewhere_is_fetched_once_more(lab, network, times, ends):
    lab.run(_with_old_token(times), times)
    uid = lab.enqueue()
    lab.send()

    assert [one.told for one in network.arrived()] == [403, 403 if ends else 200]
    assert (lab.row(uid) or {}).get("state") == ends


def test_a_record_out_of_reach_goes_again_once_the_office_opened_the_way(lab):
    uid = lab.enqueue()
    grant = lab.head.grants.get()
    elsewhere, home = make.village("64.01.04.2003", "Tepian Batang"), grant.village
    type(grant).objects.filter(pk=grant.pk).update(village=elsewhere)
    lab.send()
    assert lab.row(uid)["state"] == "help"

    type(grant).objects.filter(pk=grant.pk).update(village=home)
    lab.run("(uid) => pug.tryAgain(uid)", uid)
    lab.send()
    lab.received(uid)
