"""Ids in bodies are judged as ids in addresses, and what is not hers to write is not written."""

import json
from functools import partial

import pytest
from django.db import transaction

from accounts.models import ApiToken
from core.identifiers import uuid7
from programs.models import Activity, ImportJob, Program, Webhook
from programs.services import importing

from .bodies import HOOK, PROGRAM, Sent, as_json, item, sheet_of
from .people import BY_NAME, FOREIGN_DISTRICT, FOREIGN_VILLAGE, VILLAGE
from .walk import fetch

pytestmark = [pytest.mark.once, pytest.mark.django_db]
NOWHERE = "64.99.99.2999"
HEAD, FACILITATOR, NEIGHBOUR = (BY_NAME[name] for name in ("head", "facilitator", "neighbour"))


def send(world, person, method, path, body, **more):
    return fetch(world, person, method, f"/api/v1/{path}", as_json(body), **more)


def same_words(world, person, method, path, there, nowhere, **headers):
    """The answers to two bodies, one about what exists for others, are alike; the first of them."""
    told = []
    for body in (there, nowhere):
        answer = send(world, person, method, path, body, **headers)
        found = json.loads(answer.body)
        found |= {name: "" for name in ("request_id", "instance") if name in found}
        for result in found.get("results", ()):
            result["uid"] = ""
        told.append((answer.status, found))
        assert world.told(person, answer.text, answer.asked) == []
    assert told[0] == told[1]
    return told[0]


def uid_of(world, kind, name):
    return str(world.named(kind, name).keys[0])


@pytest.mark.parametrize("person", [HEAD, FACILITATOR, NEIGHBOUR], ids=lambda one: one.name)
def test_a_record_of_a_foreign_village_or_program(world, person):
    mine = person.areas[0]
    foreign = uid_of(world, "program", "the foreign office's")
    hers = uid_of(world, "program", "the district's")
    ask = partial(same_words, world, person, "POST", "submissions/")
    for there, nowhere in (
        (item(foreign, mine), item(uuid7(), mine)),
        (item(hers, FOREIGN_VILLAGE), item(hers, NOWHERE)),
        (item(foreign, FOREIGN_VILLAGE), item(uuid7(), NOWHERE)),
    ):
        status, found = ask({"items": [there]}, {"items": [nowhere]})
        assert (status, found["summary"]["rejected"]) == (200, 1)
        tried = partial(same_words, world, person, "POST", "submissions/?dry_run=1")
        status, found = tried({"items": [there]}, {"items": [nowhere]})
        assert found["summary"]["rejected"] == 1


def test_nobody_records_for_a_village_she_only_sees(world):
    """District officers, offices, leaders and auditors see the village; they do not record."""
    program = uid_of(world, "program", "the village's own")
    for name in ("district", "focal", "leader", "auditor", "stranger", "ended", "foreign"):
        answer = send(
            world, BY_NAME[name], "POST", "submissions/", {"items": [item(program, VILLAGE)]}
        )
        assert json.loads(answer.body)["summary"]["rejected"] == 1, name


def test_anothers_uid_tells_nothing_of_what_it_stands_for(world):
    """It is taken: that much a key of her own making must tell. Nothing else."""
    program = uid_of(world, "program", "the village's own")
    for name in ("foreign", "next door"):
        taken = item(program, VILLAGE, uid=uid_of(world, "activity", name))
        answer = send(world, HEAD, "POST", "submissions/", {"items": [taken]})
        [result] = json.loads(answer.body)["results"]
        assert result["outcome"] == "conflict"
        assert (result["number"], result["received_at"]) == (None, None)
        assert world.told(HEAD, answer.text, answer.asked) == []


def test_the_event_of_others_is_a_number_like_any_other(world):
    """`joint_event` opens nothing: an event of a foreign record is taken as an unknown one."""
    program = uid_of(world, "program", "the village's own")
    foreign = uid_of(world, "activity", "foreign")
    there, nowhere = (item(program, VILLAGE, joint_event=event) for event in (foreign, uuid7()))
    for body in (there, nowhere):
        answer = send(world, HEAD, "POST", "submissions/", {"items": [body]})
        [result] = json.loads(answer.body)["results"]
        assert result["outcome"] == "accepted"


@pytest.mark.parametrize(
    ("field", "there", "nowhere"),
    [("village", FOREIGN_VILLAGE, NOWHERE), ("program", "the foreign office's", "nothing")],
)
def test_a_correction_that_names_a_foreign_place(world, field, there, nowhere):
    if field == "program":
        there, nowhere = (uid_of(world, "program", name) for name in (there, nowhere))
    path = f"activities/{uid_of(world, 'activity', 'submitted')}/"
    status, _found = same_words(
        world, HEAD, "PATCH", path, {field: there}, {field: nowhere}, **{"if-match": '"v1"'}
    )
    assert status == 422


def test_a_program_of_foreign_villages_or_for_a_foreign_owner(world):
    mine = {**PROGRAM, "owner": {"level": "district", "code": "64.01.04"}}
    person = BY_NAME["district"]
    for there, nowhere in (
        ({"villages": [{"code": FOREIGN_VILLAGE}]}, {"villages": [{"code": NOWHERE}]}),
        (
            {"owner": {"level": "district", "code": FOREIGN_DISTRICT}},
            {"owner": {"level": "district", "code": "64.99.99"}},
        ),
        (
            {"owner": {"level": "village", "code": FOREIGN_VILLAGE}},
            {"owner": {"level": "village", "code": NOWHERE}},
        ),
    ):
        status, _ = same_words(world, person, "POST", "programs/", mine | there, mine | nowhere)
        assert status == 422
        path = f"programs/{uid_of(world, 'program', 'the district' + chr(39) + 's')}/"
        status, _ = same_words(world, person, "PATCH", path, there, nowhere, **{"if-match": '"v1"'})
        assert status == 422


def test_the_uid_of_a_foreign_program_is_kept_and_says_nothing(world):
    body = {**PROGRAM, "owner": {"level": "village", "code": VILLAGE}}
    body["uid"] = uid_of(world, "program", "the foreign office's")
    answer = send(world, HEAD, "POST", "programs/", body)
    assert answer.status == 409
    assert "current" not in json.loads(answer.body)
    assert world.told(HEAD, answer.text, answer.asked) == []


def _tried(world, person, village, program):
    """How the rows of a sheet were judged: as its errors say it."""
    job = importing.take_in(
        sheet_of(village, program, "Kelas"), "x.csv", world.user(person.name), dry_run=True
    )
    importing.work(job.pk)
    answer = fetch(world, person, "GET", f"/api/v1/imports/{job.pk}/errors/")
    [row] = json.loads(answer.body)["results"]
    told = answer.text.replace(program.encode(), b"")  # her own words come back to her
    assert world.told(person, told, answer.asked) == []
    return row["outcome"], row["problems"]


def test_rows_of_a_sheet_name_foreign_places_as_unknown_ones(world):
    foreign = world.named("program", "the foreign office's")
    with transaction.atomic():
        for there, nowhere in (
            ((FOREIGN_VILLAGE, "x"), (NOWHERE, "x")),
            ((VILLAGE, str(foreign.keys[0])), (VILLAGE, str(uuid7()))),
            ((VILLAGE, f"Program {foreign.word}"), (VILLAGE, "Program Rahasia9999z")),
        ):
            told = [_tried(world, HEAD, *where) for where in (there, nowhere)]
            assert told[0] == told[1]
            assert told[0][0] == "rejected"
        transaction.set_rollback(True)


def test_a_sheet_of_another_is_hers_neither_to_apply_nor_to_stop(world):
    job = world.named("import", "foreign").keys[0]
    for word in ("apply", "stop"):
        answer = send(world, HEAD, "POST", f"imports/{job}/{word}/", {})
        assert answer.status == 404
    assert ImportJob.objects.filter(actor=world.user("head"), tried=job).count() == 0


# -- What is not hers to write -----------------------------------------------------

RECORD = {
    "state": "verified",
    "version": 9,
    "author": "officer",
    "author_id": 1,
    "number": "6401-2603-99999",
    "received_at": "2020-01-01T00:00:00Z",
    "created_at": "2020-01-01T00:00:00Z",
    "updated_at": "2020-01-01T00:00:00Z",
    "origin": "demo",
    "source_url": "https://contoh.go.id/",
    "same_event_as": str(uuid7()),
    "receipt": str(uuid7()),
    "verified": True,
    "year": 2020,
    "month": 1,
    "reviews": [],
    "photos": [],
}


@pytest.mark.asvs("15.3.3", "8.2.3")
@pytest.mark.parametrize("field", RECORD)
def test_no_correction_writes_what_the_portal_writes(world, field):
    thing = world.named("activity", "submitted")
    answer = send(
        world,
        HEAD,
        "PATCH",
        f"activities/{thing.keys[0]}/",
        {field: RECORD[field]},
        **{"if-match": '"v1"'},
    )
    assert (answer.status, json.loads(answer.body)["code"]) == (422, "unknown_field")
    assert Activity.objects.get(pk=thing.keys[0]).version == 1


@pytest.mark.asvs("15.3.3", "8.2.3")
@pytest.mark.parametrize("field", RECORD)
def test_no_new_record_carries_what_the_portal_writes(world, field):
    program = uid_of(world, "program", "the village's own")
    one = item(program, VILLAGE, **{field: RECORD[field]})
    with transaction.atomic():
        answer = send(world, HEAD, "POST", "submissions/", {"items": [one]}, undo=False)
        [result] = json.loads(answer.body)["results"]
        assert result["outcome"] == "rejected"
        assert [error["code"] for error in result["errors"]] == ["unknown_field"]
        assert not Activity.objects.filter(pk=one["uid"]).exists()
        transaction.set_rollback(True)


@pytest.mark.parametrize("word", ["verify", "return", "void", "confirm"])
def test_a_step_says_its_reason_and_nothing_else(world, word):
    thing = world.named("activity", "submitted")
    for extra in ({"state": "verified"}, {"version": 9}, {"actor": "head"}, {"at": "2020-01-01"}):
        body = ({"reason": "Periksa"} if word in ("return", "void") else {}) | extra
        answer = send(
            world,
            BY_NAME["officer"],
            "POST",
            f"activities/{thing.keys[0]}/{word}/",
            body,
            **{"if-match": '"v1"'},
        )
        assert (answer.status, json.loads(answer.body)["code"]) == (422, "unknown_field"), extra


PROGRAMS = {
    "version": 9,
    "created_by": 1,
    "created_at": "2020-01-01T00:00:00Z",
    "updated_at": "2020-01-01T00:00:00Z",
    "origin": "demo",
    "closed_at": "2020-01-01T00:00:00Z",
    "gap_approved_on": "2020-01-01",
    "benefit_target_percent": 90,
    "owner_opd": 1,
    "owner_opd_id": 1,
    "activities": [],
}


@pytest.mark.asvs("15.3.3", "8.2.3")
@pytest.mark.parametrize("field", PROGRAMS)
def test_no_program_is_written_what_the_portal_writes(world, field):
    body = {**PROGRAM, "owner": {"level": "village", "code": VILLAGE}, field: PROGRAMS[field]}
    answer = send(world, HEAD, "POST", "programs/", body)
    assert (answer.status, json.loads(answer.body)["code"]) == (422, "unknown_field")

    path = f"programs/{uid_of(world, 'program', 'the village' + chr(39) + 's own')}/"
    answer = send(world, HEAD, "PATCH", path, {field: PROGRAMS[field]}, **{"if-match": '"v1"'})
    assert (answer.status, json.loads(answer.body)["code"]) == (422, "unknown_field")


def test_what_a_program_reads_back_is_not_written(world):
    """`outcome_reached_on` and names may be sent back as they were read; they change nothing."""
    program = world.named("program", "the village's own")
    row = {"code": VILLAGE, "outcome_reached_on": "2026-01-01", "name": "Nama lain"}
    with transaction.atomic():
        answer = send(
            world,
            HEAD,
            "PATCH",
            f"programs/{program.keys[0]}/",
            {"villages": [row]},
            undo=False,
            **{"if-match": '"v1"'},
        )
        assert answer.status == 200, answer.body
        [target] = Program.objects.get(pk=program.keys[0]).targets.all()
        assert target.outcome_reached_on is None
        assert target.village.name != "Nama lain"
        transaction.set_rollback(True)


TOKENS = {
    "user": 1,
    "user_id": 1,
    "id": str(uuid7()),
    "digest": "0" * 64,
    "lookup": "AAAAAAAA",
    "key": "pug_" + "A" * 51,
    "expires_on": "2036-01-01",
    "created_at": "2020-01-01T00:00:00Z",
    "revoked_at": "2020-01-01T00:00:00Z",
    "last_used_at": "2020-01-01T00:00:00Z",
}
HOOKS = {
    "owner": 1,
    "owner_id": 1,
    "uid": str(uuid7()),
    "secret": "whsec_AAAA",
    "secret_version": 9,
    "read_xid": 9,
    "read_id": 9,
    "stopped_because": "x",
    "failing_since": "2020-01-01T00:00:00Z",
    "created_at": "2020-01-01T00:00:00Z",
    "ended_at": "2020-01-01T00:00:00Z",
}


def _without_effect(answer, row, field, sent):
    """Refused, or the row says something else than what was sent, and is hers."""
    if answer.status >= 400:
        assert answer.status in (400, 422)
        return
    assert str(getattr(row(), field, None)) != str(sent)


@pytest.mark.parametrize("field", TOKENS)
def test_a_key_is_made_for_herself_alone(world, field):
    body = {"name": "Baru", "scopes": ["data:read"], "days": 30, field: TOKENS[field]}
    with transaction.atomic():
        answer = send(world, HEAD, "POST", "tokens/", body, undo=False)
        made = ApiToken.objects.filter(name="Baru")
        _without_effect(answer, made.get, field, TOKENS[field])
        assert all(one.user == world.user("head") for one in made)
        transaction.set_rollback(True)


@pytest.mark.parametrize("field", HOOKS)
def test_a_webhook_is_made_for_herself_alone(world, field):
    body = {"name": "Baru", "url": HOOK, "events": ["activity.verified"], field: HOOKS[field]}
    hook = world.named("webhook", "head").keys[0]
    with transaction.atomic():
        answer = send(world, HEAD, "POST", "webhooks/", body, undo=False)
        made = Webhook.objects.filter(name="Baru")
        _without_effect(answer, made.get, field, HOOKS[field])
        assert all(one.owner == world.user("head") for one in made)

        before = Webhook.objects.values().get(pk=hook)
        send(world, HEAD, "PATCH", f"webhooks/{hook}/", {field: HOOKS[field]}, undo=False)
        assert Webhook.objects.values().get(pk=hook) == before
        transaction.set_rollback(True)


def test_a_form_with_a_sheet_names_neither_its_owner_nor_its_state(world):
    line = sheet_of(VILLAGE, uid_of(world, "program", "the village's own"), "Kelas").decode()
    parts = {"actor": "1", "state": "done", "accepted": "9", "dry_run": "0"}
    form = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in parts.items()
    )
    form += '--b\r\nContent-Disposition: form-data; name="file"; filename="x.csv"\r\n'
    form += f"Content-Type: text/csv\r\n\r\n{line}\r\n--b--\r\n"
    sent = Sent(form.encode(), "multipart/form-data; boundary=b")
    with transaction.atomic():
        answer = fetch(world, HEAD, "POST", "/api/v1/imports/?dry_run=1", sent, undo=False)
        if answer.status == 202:
            job = ImportJob.objects.get(pk=json.loads(answer.body)["uid"])
            assert (job.actor, job.state, job.accepted) == (world.user("head"), "waiting", 0)
            assert job.dry_run
        else:
            assert answer.status in (400, 422)
        transaction.set_rollback(True)
