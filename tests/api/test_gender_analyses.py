"""gender-analyses/: begun, listed, and written over the version that was seen."""

import pytest

from core.identifiers import uuid7
from planning.content import content_of
from planning.models import GenderAnalysis
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


# -- Begun and read ----------------------------------------------------------------


def test_a_new_analysis_opens_with_the_figures_of_verified_activities(
    client, focal, officer, program
):
    make.activity(program, verified_by=officer)
    answer = begun(client, focal, program)

    assert answer.status_code == 201, answer.json()
    made = GenderAnalysis.objects.get()
    assert (answer["ETag"], answer["Location"]) == ('"v1"', f"{LIST}{made.pk}/")
    read = call(client, focal, "get", f"{made.pk}/").json()
    assert (read["state"], read["year"], read["template"]) == ("draft", 2026, "9L")
    assert read["content"]["title"] == "Pelatihan pembibitan"
    assert read["owner"]["name"] == "Dinas Kesehatan"
    [row] = [one for one in read["content"]["data_rows"] if one["measure"] == "participants"]
    assert (row["women"], row["men"], row["portal"]["basis"]) == (19, 24, "verified")
    assert answer.json()["rows"]["data_rows"] == [
        one["key"] for one in read["content"]["data_rows"]
    ]
    assert {one["must"] for one in read["findings"]} >= {True}


def test_what_it_says_may_come_with_it(client, focal, program):
    key = str(uuid7())
    answer = begun(
        client,
        focal,
        program,
        code="4.2.05",
        data_rows=[{"key": key, "text": "Peserta", "women": 4, "men": 46, "year": 2025}],
        factors=[{"kind": "participation", "text": "Sedikit perempuan", "data_row": key}],
    )
    assert answer.status_code == 201, answer.json()
    content = content_of(GenderAnalysis.objects.get())
    assert (content.code, content.data_rows[0].women) == ("4.2.05", 4)
    assert str(content.factors[0].data_row) == key


def test_one_for_each_program_year_and_form(client, focal, program):
    assert begun(client, focal, program).status_code == 201
    again = begun(client, focal, program)
    assert (again.status_code, again.json()["code"]) == (422, "already_there")
    assert begun(client, focal, program, template="4L").status_code == 201


def test_sent_again_under_its_key_it_is_one(client, focal, program):
    client.force_login(focal)
    body = {"program": str(program.pk), "year": 2026}
    told = [
        client.post(
            LIST, body, content_type="application/json", headers={"Idempotency-Key": "gap-1"}
        )
        for _ in range(2)
    ]
    assert [one.status_code for one in told] == [201, 201]
    assert told[0].json()["uid"] == told[1].json()["uid"]
    assert told[1]["Idempotent-Replayed"] == "true"


def test_a_program_of_others_is_one_that_nobody_made(client, focal):
    other = make.program(owner_opd=make.opd("Dinas Pendidikan"))
    for uid in (other.pk, uuid7()):
        answer = call(client, focal, "post", body={"program": str(uid), "year": 2026})
        assert pointers(answer) == {("/program", "unknown_program")}
    assert not GenderAnalysis.objects.exists()


def test_lists_filters_and_files(client, focal, officer, program):
    mine = written.draft(program, by=focal)
    other = written.draft(make.program(owner_opd=make.opd("Dinas Pendidikan")))

    def uids(query, person=officer):
        answer = call(client, person, "get", query)
        assert answer.status_code == 200, answer.json()
        return {one["uid"] for one in answer.json()["results"]}

    assert uids("") == {str(mine.pk), str(other.pk)}
    assert uids("", focal) == {str(mine.pk)}
    assert uids(f"?opd={program.owner_opd_id}") == {str(mine.pk)}
    assert uids(f"?program={other.program_id}&year=2026&state=draft") == {str(other.pk)}
    assert uids("?state=approved") == set()
    assert uids("?template=4L") == set()
    page = call(client, officer, "get", "?limit=1&ordering=updated_at").json()
    assert [one["uid"] for one in page["results"]] == [str(mine.pk)]
    assert call(client, officer, "get", page["next"].split(LIST)[1]).json()["next"] is None
    file = b"".join(call(client, focal, "get", "?format=csv").streaming_content).decode()
    assert str(mine.pk) in file
    assert str(other.pk) not in file


# -- Changed -----------------------------------------------------------------------


def test_what_is_read_can_be_sent_back_and_changes_nothing(client, focal, program):
    analysis = written.draft(program, by=focal)
    before = content_of(analysis)
    read = call(client, focal, "get", f"{analysis.pk}/").json()
    answer = call(client, focal, "patch", f"{analysis.pk}/", read["content"], seen=read["version"])
    assert answer.status_code == 200, answer.json()
    assert content_of(analysis) == before


def test_a_patch_says_only_what_it_names(client, focal, program):
    analysis = written.draft(program, by=focal)
    before = content_of(analysis)
    answer = call(
        client,
        focal,
        "patch",
        f"{analysis.pk}/",
        {"audience": "Petani", "factors": [{"kind": "access", "text": "Undangan"}]},
        seen=analysis.version,
    )
    assert answer.status_code == 200, answer.json()
    assert answer["ETag"] == f'"v{analysis.version + 1}"'
    now = content_of(fresh(analysis))
    assert (now.audience, [one.text for one in now.factors]) == ("Petani", ["Undangan"])
    assert answer.json()["rows"]["factors"] == [str(now.factors[0].key)]
    assert now.data_rows == before.data_rows
    assert {one.factor for one in now.causes} == {None}  # the gap that they named is gone


WRONG = [
    ({"colour": "red"}, ("/colour", "unknown_field")),
    ({"state": "approved"}, ("/state", "unknown_field")),
    ({"factors": [{"kind": "access", "colour": 1}]}, ("/factors/0/colour", "unknown_field")),
    ({"factors": [{"kind": "wealth", "text": "x"}]}, ("/factors/0/kind", "invalid_choice")),
    ({"factors": [{"text": "x"}]}, ("/factors/0/kind", "required")),
    ({"factors": [{"kind": "access"}]}, ("/factors/0", "empty")),
    (
        {"factors": [{"kind": "access", "text": "x", "data_row": str(uuid7())}]},
        ("/factors/0/data_row", "unknown_row"),
    ),
    ({"data_rows": [{"text": "x", "women": -1}]}, ("/data_rows/0/women", "negative")),
    ({"data_rows": [{"text": "x", "women": "banyak"}]}, ("/data_rows/0/women", "invalid")),
    ({"data_rows": [{"text": "x", "year": 1850}]}, ("/data_rows/0/year", "out_of_range")),
    ({"data_rows": [{"text": "x", "value": 1.234}]}, ("/data_rows/0/value", "invalid")),
    ({"data_rows": [{"text": "x", "value": 1e15}]}, ("/data_rows/0/value", "too_large")),
    ({"data_rows": [{"text": "x", "value": "NaN"}]}, ("/data_rows/0/value", "invalid")),
    ({"data_rows": "x"}, ("/data_rows", "not_a_list")),
    ({"data_rows": [{"text": "x"}] * 201}, ("/data_rows", "too_many")),
    ({"title": "x" * 301}, ("/title", "max_length")),
    ({"level": "planet"}, ("/level", "invalid_choice")),
]


@pytest.mark.parametrize(("body", "told"), WRONG, ids=[str(one[1]) for one in WRONG])
def test_what_cannot_be_is_named_and_nothing_is_stored(client, focal, program, body, told):
    analysis = written.draft(program, by=focal)
    before = content_of(analysis)
    answer = call(client, focal, "patch", f"{analysis.pk}/", body, seen=analysis.version)
    assert answer.status_code == 422
    assert told in pointers(answer)
    assert content_of(fresh(analysis)) == before


def test_a_key_twice_and_the_key_of_anothers_row_are_refused(client, focal, program):
    analysis = written.draft(program, by=focal)
    other = written.draft(make.program(owner_opd=make.opd("Dinas Pendidikan")))
    before = content_of(other)
    taken = str(before.data_rows[0].key)
    path, seen = f"{analysis.pk}/", analysis.version
    rows = [{"key": taken, "text": "Milik orang"}]
    answer = call(client, focal, "patch", path, {"data_rows": rows}, seen=seen)
    assert pointers(answer) == {("/data_rows", "other_record")}
    assert content_of(other) == before

    mine = str(uuid7())
    rows = [{"key": mine, "text": "a"}, {"key": mine, "text": "b"}]
    answer = call(client, focal, "patch", path, {"data_rows": rows}, seen=seen)
    assert ("/data_rows/1/key", "repeated") in pointers(answer)


def test_the_portals_figures_are_nobodys_to_type(client, focal, officer, program):
    make.activity(program, verified_by=officer)
    uid = begun(client, focal, program).json()["uid"]
    rows = call(client, focal, "get", f"{uid}/").json()["content"]["data_rows"]
    rows[0] |= {"women": 99, "portal": {"basis": "reported"}}
    assert call(client, focal, "patch", f"{uid}/", {"data_rows": rows}, seen=1).status_code == 200
    kept = call(client, focal, "get", f"{uid}/").json()["content"]["data_rows"][0]
    assert (kept["women"], kept["portal"]["basis"]) == (19, "verified")


def test_over_which_version(client, focal, program):
    analysis = written.draft(program, by=focal)
    seen, path = analysis.version, f"{analysis.pk}/"
    assert call(client, focal, "patch", path, {"goal": "x"}).status_code == 428
    assert call(client, focal, "patch", path, {"goal": "Satu"}, seen=seen).status_code == 200
    colleague = written.focal_point(program)
    late = call(client, colleague, "patch", path, {"goal": "Dua"}, seen=seen)
    assert (late.status_code, late.json()["code"]) == (412, "changed_meanwhile")
    told = late.json()
    assert told["current"]["version"] == seen + 1
    assert told["current"]["content"]["goal"] == "Satu"
    assert told["differences"] == [{"pointer": "/goal", "row": None, "now": "Satu", "sent": "Dua"}]
    assert fresh(analysis).goal == "Satu"


def test_a_row_that_differs_is_pointed_at_where_it_stands(client, focal, program):
    analysis = written.draft(program, by=focal)
    path, seen = f"{analysis.pk}/", analysis.version
    content = call(client, focal, "get", path).json()["content"]
    call(client, focal, "patch", path, {"audience": "x"}, seen=seen)
    content["data_rows"][0]["women"] = 5
    colleague = written.focal_point(program)
    late = call(
        client, colleague, "patch", path, {"data_rows": content["data_rows"]}, seen=seen
    ).json()
    key = content["data_rows"][0]["key"]
    assert late["differences"] == [
        {"pointer": "/data_rows/0/women", "row": key, "now": 4, "sent": 5}
    ]


def test_her_own_change_sent_again_is_on_file(client, focal, program):
    analysis = written.draft(program, by=focal)
    path, seen = f"{analysis.pk}/", analysis.version
    for _ in range(2):
        answer = call(client, focal, "patch", path, {"goal": "Satu"}, seen=seen)
        assert (answer.status_code, answer.json()["version"]) == (200, seen + 1)


def test_submitted_it_is_changed_no_more(client, focal, program):
    analysis, _version = written.submitted(program, by=focal)
    version = fresh(analysis).version
    for method, path in (("patch", ""), ("post", "refresh/")):
        answer = call(client, focal, method, f"{analysis.pk}/{path}", {}, seen=version)
        assert (answer.status_code, answer.json()["code"]) == (409, "not_correctable")
        assert answer.json()["current"]["state"] == "submitted"


def test_unchanged_is_304_and_a_new_version_is_not(client, focal, program):
    analysis = written.draft(program, by=focal)
    first = call(client, focal, "get", f"{analysis.pk}/")
    mark = {"If-None-Match": first["ETag"]}
    assert call(client, focal, "get", f"{analysis.pk}/", **mark).status_code == 304
    call(client, focal, "patch", f"{analysis.pk}/", {"goal": "x"}, seen=analysis.version)
    assert call(client, focal, "get", f"{analysis.pk}/", **mark).status_code == 200
