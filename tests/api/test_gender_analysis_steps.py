"""gender-analyses/: submitted, sent back with a remark on a cell, approved; what its indicators
reached; printed."""

import pytest

from accounts.services import create_token
from core.identifiers import uuid7
from planning.content import content_of
from planning.models import GenderAnalysis, Remark
from tests import make
from tests.planning import written

pytestmark = pytest.mark.django_db
LIST = "/api/v1/gender-analyses/"


@pytest.fixture
def program():
    return make.program(make.village(), title="Pelatihan pembibitan", goal="Petani mahir")


@pytest.fixture
def focal(program):
    return written.focal_point(program)


@pytest.fixture
def officer():
    return make.officer()


def call(client, person, method, path="", body=None, seen=None, **headers):
    client.force_login(person)
    if seen is not None:
        headers["If-Match"] = f'"v{seen}"'
    send = getattr(client, method)
    if method == "get":
        return send(LIST + path, headers=headers)
    return send(LIST + path, body or {}, content_type="application/json", headers=headers)


def begun(client, person, program, **said):
    body = {"program": str(program.pk), "year": 2026, **said}
    return call(client, person, "post", body=body)


def pointers(answer) -> set:
    return {(one["pointer"], one["code"]) for one in answer.json()["errors"]}


def fresh(analysis) -> GenderAnalysis:
    return GenderAnalysis.objects.get(pk=analysis.pk)


# -- Its way -----------------------------------------------------------------------


def test_a_submission_names_every_missing_cell(client, focal, program):
    analysis = written.draft(program, by=focal)
    path = f"{analysis.pk}/"
    content = call(client, focal, "get", path).json()["content"]
    content["data_rows"][0]["source"] = ""
    content["actions"][0]["causes"] = []
    content["factors"][0]["data_row"] = None
    changed = call(client, focal, "patch", path, content, seen=analysis.version).json()
    answer = call(client, focal, "post", f"{path}submit/", seen=changed["version"])
    assert answer.status_code == 422
    assert pointers(answer) >= {
        ("/data_rows/0/source", "required"),
        ("/actions/0/causes", "unlinked"),
        ("/factors/0/data_row", "unlinked"),
    }
    read = call(client, focal, "get", path).json()
    found = {(one["pointer"], one["code"]) for one in read["findings"] if one["must"]}
    assert pointers(answer) == found
    assert (read["state"], read["version"]) == ("draft", changed["version"])


def test_returned_with_a_remark_on_one_cell_then_approved(client, focal, officer, program):
    analysis = written.draft(program, by=focal)
    path = f"{analysis.pk}/"
    sent = call(client, focal, "post", f"{path}submit/", seen=analysis.version).json()
    assert sent["state"] == "submitted"
    key = str(content_of(analysis).data_rows[0].key)
    remark = {"step": "data", "row": key, "field": "source", "text": "Daftar hadir bulan apa?"}
    back = call(
        client,
        officer,
        "post",
        f"{path}return/",
        {"remarks": [remark], "checklist": [{"code": "totals_only", "ok": True}]},
        seen=sent["version"],
    )
    assert (back.status_code, back.json()["state"]) == (200, "returned")
    told = call(client, focal, "get", f"{path}history/").json()
    [said] = told["remarks"]
    assert {name: said[name] for name in remark} == remark
    assert (said["by"], said["settled_at"]) == (officer.name, None)

    again = call(client, focal, "post", f"{path}submit/", seen=back.json()["version"]).json()
    done = call(client, officer, "post", f"{path}approve/", seen=again["version"])
    assert (done.status_code, done.json()["state"]) == (200, "approved")
    told = call(client, focal, "get", f"{path}history/").json()
    assert told["remarks"][0]["settled_at"]
    assert [one["step"] for one in told["steps"]][:2] == ["approved", "submitted"]
    versions = call(client, focal, "get", f"{path}versions/").json()["results"]
    assert [(one["number"], one["state"]) for one in versions] == [
        (2, "approved"),
        (1, "returned"),
    ]
    first = call(client, focal, "get", f"{path}versions/1/").json()
    assert first["content"]["data_rows"][0]["key"] == key
    assert call(client, focal, "get", f"{path}versions/3/").status_code == 404

    opened = call(
        client, focal, "post", f"{path}revise/", {"note": "x"}, seen=fresh(analysis).version
    )
    assert (opened.status_code, opened.json()["state"]) == (200, "draft")
    assert call(client, focal, "get", path).json()["revision"] == 2


def test_a_return_says_what_is_to_be_put_right(client, focal, officer, program):
    analysis, _version = written.submitted(program, by=focal)
    version, path = fresh(analysis).version, f"{analysis.pk}/return/"
    key = str(uuid7())
    for body, told in (
        ({}, ("/note", "required")),
        ({"remarks": [{"step": "data"}]}, ("/remarks/0/text", "required")),
        ({"remarks": [{"step": "moon", "text": "x"}]}, ("/remarks/0/step", "unknown_value")),
        (
            {"remarks": [{"step": "data", "row": key, "text": "x"}]},
            ("/remarks/0/row", "unknown_row"),
        ),
        ({"state": "approved", "note": "x"}, ("/state", "unknown_field")),
        ({"checklist": [{"code": "moon", "ok": True}]}, ("/checklist/0/code", "invalid_choice")),
    ):
        answer = call(client, officer, "post", path, body, seen=version)
        assert told in pointers(answer), answer.json()
    assert not Remark.objects.exists()


def test_nobody_decides_on_what_she_submitted(client, officer, program):
    analysis, _version = written.submitted(program, by=officer)
    version = fresh(analysis).version
    for word in ("approve", "return"):
        answer = call(
            client, officer, "post", f"{analysis.pk}/{word}/", {"note": "x"}, seen=version
        )
        assert (answer.status_code, answer.json()["code"]) == (403, "own_record")


def test_what_was_submitted_is_taken_back(client, focal, officer, program):
    analysis, version = written.submitted(program, by=focal)
    path = f"{analysis.pk}/withdraw/"
    seen = fresh(analysis).version
    head = make.person("opd_head", opd=program.owner_opd)
    assert call(client, head, "post", path, seen=seen).status_code == 403
    assert call(client, focal, "post", path, seen=seen - 1).status_code == 412

    answer = call(client, focal, "post", path, seen=seen)

    assert (answer.status_code, answer.json()["state"]) == (200, "draft")
    version.refresh_from_db()
    assert version.state == "returned"
    again = call(client, focal, "post", path, seen=seen + 1)
    assert (again.status_code, again.json()["code"]) == (409, "step_not_possible")
    step = call(client, focal, "get", f"{analysis.pk}/history/").json()["steps"][0]
    assert step["step"] == "withdrawn"


def test_who_may_take_which_step(client, focal, officer, program):
    analysis, _version = written.submitted(program, by=focal)
    version = fresh(analysis).version
    planner = make.person("planner", regency=make.regency())
    stranger = make.person("opd_focal_point", opd=make.opd("Dinas Pendidikan"))
    for person, word, status in (
        (focal, "approve", 403),
        (planner, "approve", 403),
        (stranger, "approve", 404),
        (focal, "check", 403),
    ):
        answer = call(client, person, "post", f"{analysis.pk}/{word}/", {"note": "x"}, seen=version)
        assert answer.status_code == status, (person, word)
    told = call(client, planner, "post", f"{analysis.pk}/check/", {"note": "Sesuai RKPD"})
    assert (told.status_code, told.json()["version"]) == (200, version)
    step = call(client, focal, "get", f"{analysis.pk}/history/").json()["steps"][0]
    assert (step["step"], step["note"], step["by"]) == ("checked", "Sesuai RKPD", planner.name)


def test_a_step_from_the_wrong_state_and_over_an_old_version(client, focal, officer, program):
    analysis = written.draft(program, by=focal)
    path, version = f"{analysis.pk}/", analysis.version
    early = call(client, officer, "post", f"{path}approve/", seen=version)
    assert (early.status_code, early.json()["code"]) == (409, "step_not_possible")
    assert call(client, officer, "post", f"{path}approve/").status_code == 428
    assert call(client, focal, "post", f"{path}submit/", seen=version).status_code == 200
    late = call(client, officer, "post", f"{path}approve/", seen=version)
    assert (late.status_code, late.json()["current"]["state"]) == (412, "submitted")
    assert fresh(analysis).state == "submitted"


# -- Figures and results -----------------------------------------------------------


def test_figures_now_beside_those_it_holds(client, focal, officer, program):
    make.activity(program, verified_by=officer)
    uid = begun(client, focal, program).json()["uid"]
    make.activity(program, verified_by=officer, women_participants=6, men_participants=1)
    rows = call(client, focal, "get", f"{uid}/figures/").json()["results"]
    [one] = [row for row in rows if row["measure"] == "participants"]
    assert (one["held"]["women"], one["now"]["women"], one["moved"]) == (19, 25, True)
    answer = call(client, focal, "post", f"{uid}/refresh/", seen=1)
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    rows = call(client, focal, "get", f"{uid}/figures/").json()["results"]
    assert not any(row["moved"] for row in rows)


def test_results_of_the_approved_indicators(client, focal, officer, program):
    analysis = written.approved(program, by=focal, officer=officer)
    path = f"{analysis.pk}/results/"
    make.activity(program, verified_by=officer, women_participants=30, men_participants=20)
    told = call(client, focal, "get", path).json()
    assert told["version"] == 1
    output, outcome = told["results"]
    assert (outcome["value"], outcome["part"], outcome["whole"]) == (60.0, 30, 50)
    assert (outcome["by"], outcome["reached"], outcome["baseline"]) == ("portal", True, 8.0)
    assert (output["by"], output["value"], output["reached"]) == ("", None, False)


def test_a_result_is_entered_by_hand_with_a_word_on_how_it_is_known(
    client, focal, officer, program
):
    analysis = written.approved(program, by=focal, officer=officer, measure="")
    outcome = str(content_of(analysis).of_kind("outcome")[0].key)
    path = f"{analysis.pk}/results/"
    said = {"indicator": outcome, "value": 41.5, "reached_on": "2026-03-04"}
    bare = call(client, focal, "post", path, said)
    assert pointers(bare) == {("/note", "required")}
    outside = call(client, focal, "post", path, said | {"note": "x", "village": "64.01.99.2999"})
    assert pointers(outside) == {("/village", "unknown_village")}
    done = call(client, focal, "post", path, said | {"note": "Daftar hadir"})
    assert done.status_code == 201, done.json()
    row = next(
        one
        for one in call(client, focal, "get", path).json()["results"]
        if one["indicator"] == outcome
    )
    assert (row["value"], row["by"], row["as_of"]) == (41.5, "hand", "2026-03-04")


@pytest.mark.parametrize(
    ("form", "kind", "begins"),
    [
        ("pdf", "application/pdf", b"%PDF-"),
        ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml", b"PK"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml", b"PK"),
    ],
)
def test_an_item_is_printed(client, focal, program, form, kind, begins):
    analysis = written.draft(program, by=focal)
    answer = call(client, focal, "get", f"{analysis.pk}/?format={form}")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith(kind)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert body.startswith(begins)
    assert call(client, focal, "get", f"{analysis.pk}/?format=csv").status_code == 406
    stranger = make.person("opd_focal_point", opd=make.opd("Dinas Pendidikan"))
    assert call(client, stranger, "get", f"{analysis.pk}/?format={form}").status_code == 404


def test_a_village_head_writes_her_own_page(client):
    village = make.village()
    program = make.program(village, owner_village=village)
    head = make.village_head(village)
    answer = begun(client, head, program, template="desa")
    assert answer.status_code == 201, answer.json()
    assert begun(client, head, program).status_code == 422  # the nine steps are an office's
    neighbour = make.village_head(make.village("64.01.04.2003", "Tetangga"))
    uid = answer.json()["uid"]
    assert call(client, neighbour, "get", f"{uid}/").status_code == 404
    kept = call(client, head, "patch", f"{uid}/", {"goal": "Bersama"}, seen=1)
    assert kept.status_code == 200


def test_a_key_may_do_what_its_scopes_say(client, focal, program):
    analysis = written.draft(program, by=focal)
    old = create_token(
        focal, name="a", scopes=["activities:read", "activities:write"], days=9, actor=focal
    )
    may = create_token(focal, name="b", scopes=["plans:write"], days=9, actor=focal)

    def asked(key, method, **more):
        headers = {"Authorization": f"Bearer {key}", **more.pop("headers", {})}
        return getattr(client, method)(f"{LIST}{analysis.pk}/", headers=headers, **more)

    body = {"data": {"goal": "x"}, "content_type": "application/json"}
    assert asked(old.key, "get").json()["code"] == "missing_scope"
    assert asked(old.key, "patch", **body).json()["code"] == "missing_scope"
    assert asked(may.key, "get").json()["code"] == "missing_scope"
    late = asked(may.key, "patch", headers={"If-Match": '"v1"'}, **body)
    assert late.status_code == 412
    assert "content" not in late.json()["current"]
    assert "differences" not in late.json()


def test_a_later_day_is_no_result(client, focal, officer, program):
    analysis = written.approved(program, by=focal, officer=officer, measure="")
    outcome = str(content_of(analysis).of_kind("outcome")[0].key)
    said = {"indicator": outcome, "value": -1, "reached_on": "2100-01-01", "note": "x"}
    answer = call(client, focal, "post", f"{analysis.pk}/results/", said)
    assert pointers(answer) == {("/value", "negative"), ("/reached_on", "future")}
