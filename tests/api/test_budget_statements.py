"""budget-statements/ and their terms: made from an approved analysis, filled with money, signed."""

import pytest
from django.utils import timezone

from core.identifiers import uuid7
from planning.content import content_of
from planning.models import BudgetStatement, TermsOfReference
from tests import make
from tests.planning import stated, written

pytestmark = pytest.mark.django_db
LIST = "/api/v1/budget-statements/"
SIGNATURE = {
    "place": "Tana Paser",
    "signatory_title": "Kepala Dinas",
    "signatory_name": "dr. Contoh",
    "signatory_rank": "Pembina",
    "signatory_number": "198001012005012001",
}


@pytest.fixture
def program():
    return make.program(make.village(), title="Pelatihan pembibitan")


@pytest.fixture
def focal(program):
    return written.focal_point(program)


@pytest.fixture
def head(program):
    return make.person("opd_head", opd=program.owner_opd)


@pytest.fixture
def officer():
    return make.officer()


def call(client, person, method, path="", body=None, seen=None, **headers):
    client.force_login(person)
    if seen is not None:
        headers["If-Match"] = f'"v{seen}"'
    if method == "get":
        return client.get(LIST + path, headers=headers)
    send = getattr(client, method)
    return send(LIST + path, body or {}, content_type="application/json", headers=headers)


def pointers(answer) -> set:
    return {(one["pointer"], one["code"]) for one in answer.json()["errors"]}


def test_from_an_approved_analysis_to_a_signed_statement(client, focal, head, officer, program):
    analysis = written.approved(program, by=focal, officer=officer)
    made = call(client, focal, "post", body={"analysis": str(analysis.pk)})
    assert made.status_code == 201, made.json()
    path = f"{made.json()['uid']}/"
    assert (made["ETag"], made["Location"]) == ('"v1"', LIST + path)
    read = call(client, focal, "get", path).json()
    assert (read["state"], read["revision"], read["gap_version"]) == ("draft", 1, 1)
    assert read["content"]["new_goal"] == content_of(analysis).new_goal

    early = call(client, focal, "post", f"{path}submit/", seen=1)
    assert pointers(early) == {("/total", "required"), ("/lines", "required")}
    body = SIGNATURE | {"total": 50_000_000, "office_address": "Jl. Contoh 1"}
    filled = call(client, focal, "patch", path, body, seen=1)
    assert (filled.status_code, filled.json()["version"]) == (200, 2)
    stated.line(BudgetStatement.objects.get())
    sent = call(client, focal, "post", f"{path}submit/", seen=2)
    assert (sent.status_code, sent.json()["state"]) == (200, "submitted")

    remark = {"step": "money", "field": "total", "text": "Sesuaikan dengan DPA"}
    back = call(client, officer, "post", f"{path}return/", {"remarks": [remark]}, seen=3)
    assert (back.status_code, back.json()["state"]) == (200, "returned")
    assert call(client, focal, "get", f"{path}history/").json()["remarks"][0]["text"]
    call(client, focal, "post", f"{path}submit/", seen=4)
    done = call(client, officer, "post", f"{path}approve/", seen=5)
    assert (done.status_code, done.json()["state"]) == (200, "approved")

    assert call(client, focal, "post", f"{path}sign/", seen=6).status_code == 403
    bare = call(client, head, "post", f"{path}sign/", seen=6)
    assert pointers(bare) == {("/signed_on", "required")}
    today = timezone.localdate().isoformat()
    signed = call(client, head, "post", f"{path}sign/", {"signed_on": today}, seen=6)
    assert (signed.status_code, signed.json()["state"]) == (200, "signed"), signed.json()
    kept = BudgetStatement.objects.get()
    assert (kept.signatory_name, kept.place) == ("dr. Contoh", "Tana Paser")


def test_no_statement_without_an_approved_analysis(client, focal, program):
    analysis = written.draft(program, by=focal)
    answer = call(client, focal, "post", body={"analysis": str(analysis.pk)})
    assert pointers(answer) == {("/analysis", "not_approved")}
    assert not BudgetStatement.objects.exists()


def test_an_analysis_of_others_is_one_that_nobody_made(client, focal, officer):
    other = written.approved(make.program(owner_opd=make.opd("Dinas Pendidikan")))
    for uid in (other.pk, uuid7()):
        answer = call(client, focal, "post", body={"analysis": str(uid)})
        assert pointers(answer) == {("/analysis", "unknown_analysis")}
    leader = make.person("leader", regency=make.regency())
    answer = call(client, leader, "post", body={"analysis": str(other.pk)})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")


def test_only_what_is_typed_can_be_changed(client, focal, program):
    made = stated.drafted(program, by=focal)
    path, seen = f"{made.pk}/", made.version
    for body, told in (
        ({"content": {}}, ("/content", "unknown_field")),
        ({"revision": 2}, ("/revision", "unknown_field")),
        ({"total": -1}, ("/total", "negative")),
        ({"year": 1999}, ("/year", "out_of_range")),
        ({"year": None}, ("/year", "null")),
        ({"signed_on": "kemarin"}, ("/signed_on", "invalid")),
        ({"village_document": "buku"}, ("/village_document", "invalid_choice")),
    ):
        answer = call(client, focal, "patch", path, body, seen=seen)
        assert told in pointers(answer), answer.json()
    read = call(client, focal, "get", path).json()
    again = call(client, focal, "patch", path, read["values"], seen=seen)
    assert again.status_code == 200, again.json()


def test_over_which_version(client, focal, officer, program):
    made = stated.drafted(program, by=focal)
    path, seen = f"{made.pk}/", made.version
    assert call(client, focal, "patch", path, {"total": 1}).status_code == 428
    assert call(client, officer, "patch", path, {"total": 60_000_000}, seen=seen).status_code == 200
    late = call(client, focal, "patch", path, {"total": 70_000_000}, seen=seen)
    assert (late.status_code, late.json()["code"]) == (412, "changed_meanwhile")
    assert late.json()["current"]["values"]["total"] == 60_000_000
    head = make.person("opd_head", opd=program.owner_opd)
    assert call(client, head, "patch", path, {"total": 1}, seen=seen).status_code == 403
    early = call(client, officer, "post", f"{path}approve/", seen=seen + 1)
    assert (early.status_code, early.json()["code"]) == (409, "step_not_possible")


def test_approved_it_is_filled_in_no_more(client, focal, officer, program):
    made = stated.approved(program, by=focal, officer=officer)
    made.refresh_from_db()
    answer = call(client, focal, "patch", f"{made.pk}/", {"total": 1}, seen=made.version)
    assert (answer.status_code, answer.json()["code"]) == (409, "not_correctable")


def test_lists_filters_and_files(client, focal, officer, program):
    mine = stated.drafted(program, by=focal)
    other = stated.drafted(make.program(owner_opd=make.opd("Dinas Pendidikan")), by=make.officer())

    def uids(query, person=officer):
        answer = call(client, person, "get", query)
        assert answer.status_code == 200, answer.json()
        return {one["uid"] for one in answer.json()["results"]}

    assert uids("") == {str(mine.pk), str(other.pk)}
    assert uids("", focal) == {str(mine.pk)}
    assert uids(f"?opd={program.owner_opd_id}&year=2026&state=draft") == {str(mine.pk)}
    assert uids(f"?analysis={other.analysis_id}") == {str(other.pk)}
    assert uids(f"?program={program.pk}") == {str(mine.pk)}
    assert uids("?owner=village") == set()
    file = b"".join(call(client, focal, "get", "?format=csv").streaming_content).decode()
    assert str(mine.pk) in file
    assert str(other.pk) not in file


def test_unchanged_is_304(client, focal, program):
    made = stated.drafted(program, by=focal)
    first = call(client, focal, "get", f"{made.pk}/")
    mark = {"If-None-Match": first["ETag"]}
    assert call(client, focal, "get", f"{made.pk}/", **mark).status_code == 304
    call(client, focal, "patch", f"{made.pk}/", {"total": 60_000_000}, seen=made.version)
    assert call(client, focal, "get", f"{made.pk}/", **mark).status_code == 200


def test_the_terms_of_a_statement(client, focal, officer, program):
    made = stated.approved(program, by=focal, officer=officer)
    path = f"{made.pk}/terms/"
    assert call(client, focal, "get", path).status_code == 404
    begun = call(client, focal, "post", path)
    assert (begun.status_code, begun["Location"]) == (201, LIST + path)
    assert call(client, focal, "post", path).json()["code"] == "already_there"
    read = call(client, focal, "get", path).json()
    assert (read["state"], read["statement"]) == ("draft", str(made.pk))
    missing = call(client, focal, "post", f"{path}submit/", seen=1)
    assert ("/legal_basis", "required") in pointers(missing)
    body = {
        "legal_basis": "Perbup Paser tentang PUG",
        "beneficiaries": "50 petani",
        "location": "Balai desa",
        "starts_on": f"{made.year}-03-01",
        "ends_on": f"{made.year}-05-31",
        "months": 3,
        "performer": "Bidang Penyuluhan",
        "responsible": "Kepala Bidang",
        "cost": 20_000_000,
        "stages": [{"label": "Persiapan", "months": 1}, {"label": "Pelatihan", "months": 2}],
    }
    for wrong, told in (
        ({"stages": [{"label": "x", "months": 99, "day": 1}]}, ("/stages/0/day", "unknown_field")),
        ({"cost": 10**12}, ("/cost", "over_ceiling")),
        ({"ends_on": f"{made.year}-02-01"}, ("/ends_on", "order")),
    ):
        answer = call(client, focal, "patch", path, body | wrong, seen=1)
        assert told in pointers(answer), answer.json()
    filled = call(client, focal, "patch", path, body, seen=1)
    assert filled.status_code == 200, filled.json()
    sent = call(client, focal, "post", f"{path}submit/", seen=2)
    assert (sent.status_code, sent.json()["state"]) == (200, "submitted"), sent.json()
    own = call(client, focal, "post", f"{path}approve/", seen=3)
    assert own.status_code == 403
    remark = {"step": "time", "text": "Kapan mulai?"}
    back = call(client, officer, "post", f"{path}return/", {"remarks": [remark]}, seen=3)
    assert back.json()["state"] == "returned"
    call(client, focal, "post", f"{path}submit/", seen=4)
    assert call(client, officer, "post", f"{path}approve/", seen=5).status_code == 200
    head = make.person("opd_head", opd=program.owner_opd)
    unsigned = call(client, head, "post", f"{path}sign/", seen=6)
    assert pointers(unsigned) == {("/state", "statement_not_signed")}
    assert [one.label for one in TermsOfReference.objects.get().stages.all()] == [
        "Persiapan",
        "Pelatihan",
    ]


@pytest.mark.parametrize(("form", "begins"), [("pdf", b"%PDF-"), ("docx", b"PK"), ("xlsx", b"PK")])
def test_items_are_printed(client, focal, officer, program, form, begins):
    made = stated.approved(program, by=focal, officer=officer)
    stated.terms(made, by=focal)
    for path in (f"{made.pk}/", f"{made.pk}/terms/"):
        answer = call(client, focal, "get", f"{path}?format={form}")
        assert answer.status_code == 200
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert body.startswith(begins)
