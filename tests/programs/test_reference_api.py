"""GET /api/v1/reference/: what a phone keeps so that recording needs no signal."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from programs.services import declare_nothing, return_activity, set_program_state, void_activity
from tests import make
from villages.models import Village

pytestmark = pytest.mark.django_db
PATH = "/api/v1/reference/"


@pytest.fixture
def head(client):
    person = make.village_head()
    client.force_login(person)
    return person


def read(client, **headers):
    return client.get(PATH, **headers)


def test_a_head_gets_her_village_and_its_programs(client, head):
    here = make.program(title="Posyandu")
    make.program(make.village("64.01.04.2003", "Tetangga"), title="Rahasia tetangga")
    answer = read(client)
    found = answer.json()

    assert (found["account"], found["name"]) == (head.username, head.name)
    assert found["villages"] == [
        {
            "code": "64.01.04.2002",
            "title": "Desa Janju",
            "district": "Tanah Grogot",
            "has_apbdes": True,
        }
    ]
    [program] = found["programs"]
    assert (program["uid"], program["villages"]) == (str(here.pk), ["64.01.04.2002"])
    assert program["last_used_on"] is None
    assert "Rahasia" not in answer.content.decode()


def test_a_program_she_used_says_when(client, head):
    make.activity(make.program(), author=head)
    assert read(client).json()["programs"][0]["last_used_on"] == str(timezone.localdate())


def test_a_closed_program_stays_as_long_as_a_record_on_the_phone_names_it(client, head):
    used, unused = make.program(title="Dipakai"), make.program(title="Tidak dipakai")
    make.activity(used, author=head)
    for program in (used, unused):
        set_program_state(program, "completed", actor=make.officer(), version=program.version)
    assert [(one["title"], one["state"]) for one in read(client).json()["programs"]] == [
        ("Dipakai", "completed")
    ]


def test_what_was_sent_back_comes_as_a_task_with_its_values(client, head):
    activity = make.activity(make.program(), author=head)
    officer = make.officer()
    return_activity(activity, actor=officer, version=1, reason="Lengkapi jumlah laki-laki")
    [task] = read(client).json()["tasks"]

    assert (task["uid"], task["version"]) == (str(activity.pk), 2)
    assert (task["reason"], task["asked_by"]) == ("Lengkapi jumlah laki-laki", officer.name)
    assert task["values"]["title"] == activity.title
    answer = client.patch(
        f"/api/v1/activities/{task['uid']}/",
        task["values"] | {"note": "Sudah"},
        content_type="application/json",
        HTTP_IF_MATCH=f'"v{task["version"]}"',
    )
    assert answer.status_code == 200
    assert read(client).json()["tasks"] == []


def test_recent_records_are_those_held_or_sent_of_late_and_not_voided(client, head):
    program = make.program()
    late = make.activity(program, author=head, held_on=date(2024, 5, 1), title="Kiriman lama")
    gone = make.activity(program, author=head, title="Dobel")
    void_activity(gone, actor=head, version=1, reason="Dobel")
    [one] = read(client).json()["recent"]
    assert one == {
        "uid": str(late.pk),
        "number": late.receipt.number,
        "village": "64.01.04.2002",
        "program": str(program.pk),
        "title": "Kiriman lama",
        "held_on": "2024-05-01",
        "state": "submitted",
    }


def test_helpers_are_the_nearest_first(client, head):
    def named(role, name, phone="", **area):
        person = make.person(role, **area)
        person.name, person.phone = name, phone
        person.save(update_fields=["name", "phone"])

    named("officer", "Dinas", "0800", regency=make.regency())
    named("district_officer", "Camat tanpa nomor", district=make.district())
    named("facilitator", "Pendamping", "0812 345", village=make.village())
    named("facilitator", "Orang lain", "0899", village=make.village("64.01.05.2001", "Jauh"))
    helpers = read(client).json()["helpers"]
    assert [(one["name"], one["phone"], one["role"]) for one in helpers] == [
        ("Pendamping", "0812 345", "facilitator"),
        ("Dinas", "0800", "officer"),
    ]


def test_months_without_activity_are_told(client, head):
    declare_nothing(make.village(), year=2026, month=2, actor=head)
    assert read(client).json()["nothing"] == [
        {"village": "64.01.04.2002", "year": 2026, "month": 2}
    ]


def test_unchanged_is_304_and_any_change_is_not(client, head):
    program = make.program()
    etag = read(client)["ETag"]
    assert etag.startswith('"')
    same = read(client, HTTP_IF_NONE_MATCH=etag)
    assert (same.status_code, same.content) == (304, b"")
    assert same["Cache-Control"] == "private, no-store"
    assert same["ETag"] == etag
    make.activity(program, author=head)
    assert read(client, HTTP_IF_NONE_MATCH=etag).status_code == 200


def test_one_who_records_nowhere_gets_empty_lists(client):
    client.force_login(make.person("leader", regency=make.regency()))
    make.program()
    found = read(client).json()
    assert (found["villages"], found["programs"], found["recent"]) == ([], [], [])


def test_villages_are_read_once_however_many_programs_run_there(client, monkeypatch):
    """A facilitator's programs name their villages, hers only, in the order of the codes."""
    codes = ["64.01.04.2003", "64.01.04.2001", "64.01.04.2002"]
    places = [make.village(code, f"Desa {code[-1]}") for code in codes]
    far = make.village("64.01.05.2001", "Jauh")
    person = make.person("facilitator", district=make.district())
    client.force_login(person)
    read_in = []
    plain = Village.from_db.__func__

    def counted(cls, *args):
        read_in.append(1)
        return plain(cls, *args)

    monkeypatch.setattr(Village, "from_db", classmethod(counted))

    def built() -> int:
        read_in.clear()
        assert read(client).status_code == 200
        return len(read_in)

    make.program(*places, far)
    few = built()
    for _ in range(4):
        make.program(*places, far)
    assert built() == few
    programs = read(client).json()["programs"]
    assert [one["villages"] for one in programs] == [sorted(codes)] * 5


def statements(client) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert read(client).status_code == 200
    return len(seen)


def test_statements_do_not_grow_with_records(client, head):
    officer = make.officer()

    def more(times):
        for _ in range(times):
            activity = make.activity(make.program(), author=head)
            return_activity(activity, actor=officer, version=1, reason="Lengkapi")

    more(1)
    read(client)  # the first request of a session writes it
    few = statements(client)
    more(6)
    assert statements(client) == few
    assert few <= 14
