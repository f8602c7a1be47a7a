"""GET changes/: all that happened, in order, to those who may see it, and nothing skipped."""

from __future__ import annotations

import base64
import json
import random
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Grant
from core.errors import Refused
from programs import feed, services
from programs.drafts import ActivityDraft
from programs.models import Activity, Change, Program, State, Webhook
from programs.services import Target
from programs.services.changes import is_restored, renumber
from tests import make

#: Lines of a transaction still under way are not read: each write here is committed.
pytestmark = [pytest.mark.alone, pytest.mark.django_db(transaction=True)]
CHANGES = "/api/v1/changes/"


def ask(client, **query):
    return client.get(CHANGES, query)


def all_of(client, cursor=None, limit=50):
    """Every line until there are no more, and the last cursor."""
    lines = []
    while True:
        query = {"limit": limit, **({"cursor": cursor} if cursor else {})}
        answer = ask(client, **query)
        assert answer.status_code == 200, answer.content
        page = answer.json()
        lines += page["results"]
        cursor = page["cursor"]
        if not page["more"]:
            return lines, cursor


def replayed(lines):
    """What a client holds after these lines: {(type, uid): version}."""
    held = {}
    for line in lines:
        key = line["type"], line["uid"]
        if line["op"] == "deleted":
            held.pop(key, None)
        else:
            held[key] = max(line["version"], held.get(key, 0))
    return held


def seen_by(user):
    """What the tables show that person now."""
    user = type(user).objects.get(pk=user.pk)
    activities = Activity.objects.visible_to(user).exclude(state=State.VOIDED)
    programs = Program.objects.visible_to(user)
    rows = [*(("activity", str(a.pk), a.version) for a in activities)]
    rows += [("program", str(p.pk), p.version) for p in programs]
    return {(kind, uid): version for kind, uid, version in rows}


@pytest.fixture
def two_villages():
    return make.village(), make.village("64.01.04.2003", "Tepian Batang")


@pytest.fixture
def head(two_villages, client):
    person = make.village_head(two_villages[0])
    client.force_login(person)
    return person


def test_steps_of_a_record_come_in_their_order(client, head, two_villages):
    program = make.program(*two_villages)
    officer = make.officer()
    one = make.activity(program, two_villages[0], author=head, verified_by=officer)
    lines, cursor = all_of(client)
    assert [(line["type"], line["op"], line["step"], line["version"]) for line in lines] == [
        ("program", "created", None, 1),
        ("activity", "created", "submitted", 1),
        ("activity", "changed", "verified", 2),
    ]
    one.refresh_from_db()
    services.void_activity(one, actor=officer, version=one.version, reason="Dua kali")
    lines, _ = all_of(client, cursor)
    assert [(line["uid"], line["op"], line["step"]) for line in lines] == [
        (str(one.pk), "deleted", "voided")
    ]


def test_other_villages_stay_out(client, head, two_villages):
    program = make.program(*two_villages)
    make.activity(program, two_villages[1])
    own = make.activity(program, two_villages[0])
    make.program(two_villages[1])
    lines, _ = all_of(client, limit=1)
    assert [line["uid"] for line in lines] == [str(program.pk), str(own.pk)]


def test_program_that_left_the_village_is_deleted_there_only(client, head, two_villages):
    program = make.program(*two_villages)
    officer = make.officer()
    _, cursor = all_of(client)
    services.change_program(program, [Target(two_villages[1])], actor=officer, version=1)
    lines, cursor = all_of(client, cursor)
    assert [(line["type"], line["op"]) for line in lines] == [("program", "deleted")]
    client.force_login(officer)
    assert {line["op"] for line in all_of(client)[0]} == {"created", "changed"}
    program.refresh_from_db()
    targets = [Target(one) for one in two_villages]
    services.change_program(program, targets, actor=officer, version=program.version)
    client.force_login(head)
    lines, _ = all_of(client, cursor)
    assert replayed(lines) == {("program", str(program.pk)): 3}


def test_program_taken_from_an_owner_is_deleted_for_whoever_saw_it_there(client):
    health, social = make.opd(), make.opd("Dinas Sosial")
    make.village()
    owner = make.person("opd_focal_point", opd=health)
    program = services.create_program(
        Program(title="Rancangan", owner_opd=health, year_from=2026, year_to=2026),
        [],
        actor=make.officer(),
    )
    client.force_login(owner)
    lines, cursor = all_of(client)
    assert replayed(lines) == seen_by(owner) != {}
    program.owner_opd = social
    services.change_program(program, [], actor=make.officer(), version=1)
    lines = lines + all_of(client, cursor)[0]
    assert replayed(lines) == seen_by(owner) == {}


def test_joined_events_and_outcomes_have_their_lines(client, head, two_villages):
    village = two_villages[0]
    program, officer = make.program(village), make.officer()
    first = make.activity(program, village, author=head, verified_by=officer)
    other = make.person("facilitator", village=village)
    second = make.activity(program, village, author=other)
    services.merge_twin(second, canonical=first, actor=officer)
    _, cursor = all_of(client)
    first.refresh_from_db()
    services.return_activity(first, actor=officer, version=first.version, reason="Ulangi")
    lines, cursor = all_of(client, cursor)
    assert [(line["uid"], line["step"]) for line in lines] == [
        (str(first.pk), "returned"),
        (str(second.pk), None),
    ]
    services.record_outcome(program, village, actor=officer, reached_on=date(2026, 5, 1))
    services.record_gap_approval(program, actor=officer, approved_on=date(2026, 5, 1))
    lines, _ = all_of(client, cursor)
    assert [(line["type"], line["version"]) for line in lines] == [("program", 1), ("program", 2)]


@pytest.mark.parametrize("seed", range(4))
def test_feed_from_zero_gives_what_the_tables_show(client, two_villages, seed):
    """Random work through the services; every reader's replay is what she may see."""
    rng = random.Random(seed)  # noqa: S311  not for secrets
    officer, readers = make.officer(), {}
    heads = [make.village_head(one) for one in two_villages]
    for person in (
        *heads,
        make.person("facilitator", district=make.district()),
        make.person("opd_focal_point", opd=make.opd()),
        make.person("auditor"),
    ):
        readers[person] = ([], None)
    programs = [make.program(*two_villages), make.program(two_villages[0])]
    for turn in range(40):
        _work(rng, programs, two_villages, heads, officer)
        if turn % 13 == 0:
            _follow(client, readers)
    _follow(client, readers)
    for person, (lines, _cursor) in readers.items():
        assert replayed(lines) == seen_by(person), person
        for kind, uid in {(line["type"], line["uid"]) for line in lines}:
            steps = [ln["version"] for ln in lines if (ln["type"], ln["uid"]) == (kind, uid)]
            assert steps == sorted(steps)


def _follow(client, readers):
    for person, (lines, cursor) in readers.items():
        client.force_login(person)
        new, cursor = all_of(client, cursor, limit=7)
        readers[person] = (lines + new, cursor)


def _work(rng, programs, villages, heads, officer):
    program = Program.objects.get(pk=rng.choice(programs).pk)
    place = rng.randrange(2)
    known = Activity.objects.filter(village=villages[place]).order_by("?").first()
    try:
        match rng.choice("aaavvrxccmpsh"):
            case "a":
                drafts = [make.draft(program, villages[place]) for _ in range(rng.randint(1, 3))]
                services.submit_activities(drafts, actor=heads[place], source="browser")
            case "v" if known:
                services.verify_activity(known, actor=officer, version=known.version)
            case "r" if known:
                services.return_activity(
                    known, actor=officer, version=known.version, reason="Lengkapi"
                )
            case "x" if known:
                services.void_activity(known, actor=officer, version=known.version, reason="Ganda")
            case "c" if known:
                content = make.content(known.program, villages[place], women_participants=7)
                draft = ActivityDraft(uid=known.pk, content=content)
                services.correct_activity(known, draft, actor=heads[place], version=known.version)
            case "m" if known:
                twin = Activity.objects.similar_to(known).order_by("?").first()
                if twin:
                    services.merge_twin(known, canonical=twin, actor=officer)
            case "p":
                some = rng.sample(villages, rng.randint(1, 2))
                targets = [Target(one) for one in some]
                services.change_program(program, targets, actor=officer, version=program.version)
            case "s":
                state = rng.choice(["active", "completed", "cancelled", "draft"])
                services.set_program_state(program, state, actor=officer, version=program.version)
            case "h":
                programs.append(make.program(villages[place]))
    except Refused:
        pass  # a rule said no: nothing was stored, and no line may tell of it


def test_cursor_is_given_at_the_end_and_an_empty_poll_is_light(client, head, two_villages):
    make.program(*two_villages)
    lines, cursor = all_of(client)
    assert lines
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = ask(client, cursor=cursor)
    assert answer.json()["results"] == []
    assert answer.json()["more"] is False
    own = [one["sql"] for one in asked if "session" not in one["sql"]]
    assert len(own) <= 6, own  # account, grants, stamp, horizon, villages' lines, programs' lines
    with CaptureQueriesContext(connection) as asked:
        again = client.get(CHANGES, {"cursor": cursor}, headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert len([one for one in asked if "programs_" in one["sql"]]) == 1  # the last line


def test_other_reach_begins_anew(client, head, two_villages):
    make.program(*two_villages)
    _, cursor = all_of(client)
    Grant.objects.create(
        user=head, role="village_head", village=two_villages[1], valid_from=date(2020, 1, 1)
    )
    answer = ask(client, cursor=cursor)
    assert answer.status_code == 410
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "cursor_expired"
    assert "tanpa" in answer.json()["detail"]
    assert ask(client).status_code == 200


def test_cursor_of_a_database_that_was_ahead_is_refused(client, head, two_villages):
    make.program(*two_villages)
    _, cursor = all_of(client)
    xid, number, *rest = json.loads(base64.urlsafe_b64decode(cursor + "=="))
    ahead = json.dumps([xid + 1000, number, *rest]).encode()
    answer = ask(client, cursor=base64.urlsafe_b64encode(ahead).decode())
    assert (answer.status_code, answer.json()["code"]) == (410, "cursor_expired")


@pytest.mark.parametrize("cursor", ["x", "e30", "W10", "WzEsMl0", "Wy0xLCJhIixudWxsLDFd", "ÿ"])
def test_unreadable_cursor_is_said(client, head, cursor):
    answer = ask(client, cursor=cursor)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


def test_first_line_of_all_does_not_end_a_cursor(client, head, two_villages):
    lines, cursor = all_of(client)
    assert lines == []
    program = make.program(*two_villages)
    lines, _ = all_of(client, cursor)
    assert [line["uid"] for line in lines] == [str(program.pk)]


def test_renumbered_feed_begins_anew_and_loses_nothing(client, head, two_villages):
    program = make.program(*two_villages)
    make.activity(program, two_villages[0], author=head, verified_by=make.officer())
    before, cursor = all_of(client)
    Change.objects.filter(pk__gt=Change.objects.earliest("id").pk).update(xid=2**40)
    assert is_restored() is (connection.vendor == "postgresql")
    hook = Webhook.objects.create(owner=head, name="A", url="https://a.example/")
    assert renumber() == Change.objects.count()
    assert is_restored() is False
    hook.refresh_from_db()
    assert hook.read_id == Change.objects.earliest("id").pk - 1
    assert ask(client, cursor=cursor).status_code == 410
    lines, cursor = all_of(client)
    assert lines == before
    make.activity(program, two_villages[0], author=head)
    lines, _ = all_of(client, cursor)
    assert [line["op"] for line in lines] == ["created"]


def test_unknown_parameter_and_limits_are_refused(client, head):
    assert ask(client, since="1").json()["code"] == "unknown_parameter"
    assert ask(client, limit=201).json()["code"] == "out_of_range"


def test_nobody_and_a_stranger(client):
    assert ask(client).status_code == 401
    make.program()
    client.force_login(make.person())
    assert ask(client).json()["results"] == []


def test_feed_of_nobody_reads_to_the_horizon():
    make.program()
    page = feed.read(make.person(), feed.START, 10)
    assert (page.lines, page.more, page.mark) == ([], False, feed.horizon().mark)
