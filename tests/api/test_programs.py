"""POST and PATCH of programs: every id in the body checked, every wrong value named."""

import pytest

from accounts.services import create_token
from core.identifiers import uuid7
from programs.models import Activity, Program, ProgramVillage
from programs.services import change_program, set_program_state
from programs.services.programs import Target
from tests import make
from tests.planning import written

pytestmark = pytest.mark.django_db
LIST = "/api/v1/programs/"


@pytest.fixture
def officer(client):
    person = make.officer()
    client.force_login(person)
    return person


def body(**changes) -> dict:
    return {
        "title": "Kelas ibu hamil",
        "goal": "Ibu dan ayah datang bersama",
        "owner": {"level": "opd", "id": make.opd().pk},
        "year_from": 2026,
        "year_to": 2027,
        "gender_marker": 2,
        "arg_category": 1,
        "target_group": "women",
        "fund_source": "apbd",
        "ceiling": 150_000_000,
        "state": "active",
        "villages": [{"code": make.village().code, "target_women": 40}],
        **changes,
    }


def post(client, sent, **headers):
    return client.post(LIST, sent, content_type="application/json", headers=headers)


def patch(client, program, seen, /, **sent):
    match = {"If-Match": f'"v{seen}"'} if seen else {}
    address = f"{LIST}{program.pk}/"
    return client.patch(address, sent, content_type="application/json", headers=match)


def pointers(answer) -> set:
    return {(one["pointer"], one["code"]) for one in answer.json()["errors"]}


def test_a_program_is_put_on_file(client, officer):
    answer = post(client, body())

    assert answer.status_code == 201, answer.json()
    program = Program.objects.get()
    told = {"uid": str(program.pk), "version": 1, "state": "active"}
    assert answer.json() == told
    assert (answer["ETag"], answer["Location"]) == ('"v1"', f"{LIST}{program.pk}/")
    assert (program.title, program.owner_opd, program.ceiling) == (
        "Kelas ibu hamil",
        make.opd(),
        150_000_000,
    )
    assert program.created_by == officer
    target = ProgramVillage.objects.get()
    assert (target.village.code, target.target_women, target.target_men) == (
        make.village().code,
        40,
        None,
    )


def test_what_is_read_can_be_written_again(client, officer):
    """The values of GET, without what the portal keeps itself, change nothing of the content."""
    program = make.program(make.village(), goal="x", ceiling=5)
    read = client.get(f"{LIST}{program.pk}/").json()
    own = ("version", "gap_approved_on", "benefit_target_percent", "origin")
    for name in (*own, "created_at", "updated_at"):
        read.pop(name)
    answer = patch(client, program, 1, **read)
    assert answer.status_code == 200, answer.json()
    after = client.get(f"{LIST}{program.pk}/").json()
    assert {name: after[name] for name in read} == read


def test_the_same_uid_with_the_same_content_is_the_same_program(client, officer):
    sent = body(uid=str(uuid7()))
    first, again = post(client, sent), post(client, sent)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Program.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [{"title": "Lain"}, {"ceiling": None}, {"state": "draft"}, {"villages": []}],
)
def test_the_same_uid_with_other_content_409_and_the_first_is_kept(client, officer, change):
    sent = body(uid=str(uuid7()))
    post(client, sent)
    answer = post(client, sent | {"state": "draft"} | change)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert answer.json()["current"]["values"]["title"] == "Kelas ibu hamil"
    assert Program.objects.get().state == "active"


def test_anothers_uid_tells_nothing_of_what_it_names(client):
    far = make.village("64.71.01.2001", "Jauh")
    theirs = make.program(far, owner_village=far, title="Rahasia")
    client.force_login(make.village_head())
    owner = {"level": "village", "code": make.village().code}
    sent = body(uid=str(theirs.pk), owner=owner, villages=[], state="draft", fund_source="add")
    answer = post(client, sent)
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert "current" not in answer.json()
    assert "Rahasia" not in answer.content.decode()


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({"title": ""}, "/title", "required"),
        ({"title": None}, "/title", "null"),
        ({"title": "x" * 201}, "/title", "max_length"),
        ({"title": "a\x00"}, "/title", "invalid"),
        ({"title": {}}, "/title", "invalid"),
        ({"year_from": 1999}, "/year_from", "out_of_range"),
        ({"year_from": "abc"}, "/year_from", "invalid"),
        ({"year_to": 2025}, "/year_to", "order"),
        ({"year_to": -5}, "/year_to", "negative"),
        ({"year_to": True}, "/year_to", "invalid"),
        ({"gender_marker": 3}, "/gender_marker", "invalid_choice"),
        ({"gender_marker": [1]}, "/gender_marker", "invalid_choice"),
        ({"gender_marker": True}, "/gender_marker", "invalid_choice"),
        ({"arg_category": 0}, "/arg_category", "invalid_choice"),
        ({"target_group": "cats"}, "/target_group", "invalid_choice"),
        ({"fund_source": "x"}, "/fund_source", "invalid_choice"),
        ({"ceiling": -1}, "/ceiling", "negative"),
        ({"ceiling": 10**14}, "/ceiling", "too_large"),
        ({"ceiling": 1.5}, "/ceiling", "invalid"),
        ({"state": "completed"}, "/state", "not_allowed"),
        ({"state": "x"}, "/state", "invalid_choice"),
        ({"activity_code": "9.9.99"}, "/activity_code", "unknown_code"),
        ({"owner": None}, "/owner", "null"),
        ({"owner": 5}, "/owner", "invalid"),
        ({"owner": {"level": "king"}}, "/owner/level", "invalid_choice"),
        ({"owner": {"level": "opd"}}, "/owner", "unknown_owner"),
        ({"owner": {"level": "opd", "id": 10**10}}, "/owner/id", "too_large"),
        ({"owner": {"level": "village", "code": "64.99.01.2001"}}, "/owner", "unknown_owner"),
        ({"villages": "x"}, "/villages", "not_a_list"),
        ({"villages": [5]}, "/villages/0", "invalid"),
        ({"villages": [{}]}, "/villages/0/code", "required"),
        ({"villages": [{"code": "64.99.01.2001"}]}, "/villages/0/code", "unknown_village"),
        ({"villages": []}, "/villages", "required"),
        ({"perempuan": 1}, "/perempuan", "unknown_field"),
        ({"uid": "x"}, "/uid", "invalid"),
        ({"gap_approved_on": "2026-01-01"}, "/gap_approved_on", "unknown_field"),
    ],
)
def test_a_wrong_value_422_names_its_field(client, officer, change, pointer, code):
    for language in ("id", "en"):
        answer = post(client, body(**change), **{"Accept-Language": language})
        assert answer.status_code == 422, answer.json()
        assert (pointer, code) in pointers(answer)
        assert answer["Content-Language"] == language
        assert all(one["detail"] for one in answer.json()["errors"])
    assert not Program.objects.exists()


def test_a_target_below_zero_is_named_with_its_place(client, officer):
    villages = [{"code": make.village().code}, {"code": "64.01.04.2003", "target_men": -5}]
    answer = post(client, body(villages=villages))
    assert ("/villages/1/target_men", "negative") in pointers(answer)


def test_a_village_twice(client, officer):
    answer = post(client, body(villages=[{"code": make.village().code}] * 2))
    assert pointers(answer) == {("/villages/1/code", "repeated")}


def test_anothers_village_and_owner_are_answered_as_if_there_were_none(client):
    """Ids in a body are checked as in a path: there is no telling them from made-up ones."""
    neighbour = make.village("64.01.04.2003", "Tetangga")
    client.force_login(make.village_head())
    mine = {"level": "village", "code": make.village().code}

    def told(**change):
        answer = post(client, body(**{"owner": mine, "fund_source": "add", **change}))
        assert answer.status_code == 422
        document = answer.json()
        return document["code"], document["detail"], document["errors"]

    real, made_up = neighbour.code, "64.99.99.2999"
    assert told(villages=[{"code": real}]) == told(villages=[{"code": made_up}])
    owners = [{"level": "village", "code": code} for code in (real, made_up)]
    assert told(owner=owners[0]) == told(owner=owners[1])
    office = [{"level": "opd", "id": number} for number in (make.opd().pk, 99_999)]
    assert told(owner=office[0]) == told(owner=office[1])


def test_a_village_beyond_the_owner_is_refused(client, officer):
    here = {"level": "village", "code": make.village().code}
    there = make.village("64.01.04.2003", "Tetangga")
    answer = post(client, body(owner=here, villages=[{"code": there.code}]))
    assert ("/villages", "outside") in pointers(answer)


@pytest.mark.parametrize("role", ["auditor", "facilitator"])
def test_who_manages_no_programs_is_told_so(client, role):
    area = {"regency": make.regency()} if role == "auditor" else {"village": make.village()}
    client.force_login(make.person(role, **area))
    answer = post(client, body())
    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")
    program = make.program()
    answer = patch(client, program, 1, title="Lain")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")


def test_a_program_outside_her_reach_is_not_there(client):
    far = make.village("64.71.01.2001", "Jauh")
    program = make.program(far, owner_village=far)
    client.force_login(make.village_head())
    assert patch(client, program, 1, title="Lain").status_code == 404


def test_a_change_names_the_version_seen(client, officer):
    program = make.program()
    assert patch(client, program, None, title="Lain").json()["code"] == "version_missing"
    answer = patch(client, program, 1, title="Lain", year_to=2028)
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    assert answer["ETag"] == '"v2"'
    program.refresh_from_db()
    assert (program.title, program.year_from, program.year_to) == ("Lain", 2024, 2028)


def test_another_version_412_with_what_stands(client, officer):
    program = make.program()
    other = Program.objects.get(pk=program.pk)
    other.title = "Nama baru"
    change_program(other, [Target(make.village())], actor=make.officer(), version=1)

    answer = patch(client, program, 1, ceiling=7)

    assert (answer.status_code, answer.json()["code"]) == (412, "changed_meanwhile")
    current = answer.json()["current"]
    assert (current["version"], current["values"]["title"]) == (2, "Nama baru")
    assert Program.objects.get().ceiling is None


def test_the_same_change_again_is_received_again(client, officer):
    program = make.program()
    first = patch(client, program, 1, title="Lain", state="completed").json()
    again = patch(client, program, 1, title="Lain", state="completed")
    assert (again.status_code, again.json()) == (200, first)
    client.force_login(make.officer())
    assert patch(client, program, 1, title="Lain").status_code == 412


def test_a_key_that_may_only_write_learns_no_values(client, officer):
    program = make.program()
    client.logout()
    key = create_token(officer, name="k", scopes=["activities:write"], days=30, actor=None).key
    answer = client.patch(
        f"{LIST}{program.pk}/",
        {"title": "Lain"},
        content_type="application/json",
        headers={"If-Match": '"v9"', "Authorization": f"Bearer {key}"},
    )
    assert answer.json()["current"] == {"version": 1, "state": "active"}


def test_the_state_moves_along_its_ways(client, officer):
    program = make.program()
    assert patch(client, program, 1, state="completed").json()["state"] == "completed"
    refused = patch(client, program, 2, state="cancelled")
    assert pointers(refused) == {("/state", "not_allowed")}
    assert patch(client, program, 2, state="active").status_code == 200


def test_a_refused_state_undoes_the_rest_of_the_change(client, officer):
    program = make.program()
    set_program_state(program, "completed", actor=officer, version=1)
    assert patch(client, program, 2, title="Lain", state="cancelled").status_code == 422
    assert Program.objects.get().title != "Lain"


def test_targets_not_named_stay_and_null_takes_them_away(client, officer):
    janju, other = make.village(), make.village("64.01.04.2003", "Tetangga")
    program = make.program(janju)
    rows = [{"code": janju.code, "target_women": 40, "target_men": 30}, {"code": other.code}]
    assert patch(client, program, 1, villages=rows).status_code == 200
    patch(client, program, 2, villages=[{"code": janju.code, "target_men": None}])
    row = ProgramVillage.objects.get()
    assert (row.village, row.target_women, row.target_men) == (janju, 40, None)


def test_a_village_with_activities_cannot_be_taken_out(client, officer):
    program = make.program(make.village(), make.village("64.01.04.2003", "Tetangga"))
    make.activity(program)
    answer = patch(client, program, 1, villages=[{"code": "64.01.04.2003"}])
    assert ("/villages", "has_activities") in pointers(answer)
    assert Activity.objects.count() == 1


def test_the_body_names_another_program(client, officer):
    program = make.program()
    assert pointers(patch(client, program, 1, uid=str(uuid7()))) == {("/uid", "other_record")}


def test_a_body_that_is_no_object_400(client, officer):
    for sent in ("[]", "5", '"x"', "null"):
        answer = client.post(LIST, sent, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (400, "not_an_item"), sent


def test_programs_are_not_deleted(client, officer):
    assert client.delete(f"{LIST}{make.program().pk}/").status_code == 405


def test_an_owner_whose_plans_hang_on_it_keeps_it(client, officer):
    """Lent to another for a moment, a budget statement could be read or signed there."""
    program = make.program()
    owner = program.owner_opd
    written.draft(program)
    answer = patch(client, program, 1, owner={"level": "district", "code": "64.01.04"})
    assert ("/owner", "has_plans") in pointers(answer)
    program.refresh_from_db()
    assert program.owner_opd == owner
