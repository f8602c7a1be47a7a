"""partners/, agreements/, facilitators/, coverage/, bodies/ and trainings/ over REST."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mou.models import Agreement, Body, BodyMember, Membership, Partner
from mou.services.institutions import add_body
from tests import make
from tests.mou import made_agreements, made_facilitators

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def officer():
    return make.officer()


@pytest.fixture
def head():
    return make.village_head()


def call(client, person, method, path, body=None, seen=None, **headers):
    client.force_login(person)
    if seen is not None:
        headers["If-Match"] = seen if isinstance(seen, str) else f'"v{seen}"'
    address = f"/api/v1/{path}"
    if method == "get":
        return client.get(address, headers=headers)
    kind = "application/json"
    return getattr(client, method)(address, body or {}, content_type=kind, headers=headers)


def told(answer) -> set:
    return {(one["pointer"], one["code"]) for one in answer.json()["errors"]}


def running() -> dict:
    """Days of an agreement that is in force today and ends far away."""
    return {"starts_on": TODAY() - timedelta(days=30), "ends_on": TODAY() + timedelta(days=400)}


def test_a_partner_is_entered_read_and_changed(client, officer, head):
    body = {"name": "Ikatan Bidan", "kind": "association", "contact_phone": "0811555"}
    key = {"Idempotency-Key": "partner-1"}
    made = call(client, officer, "post", "partners/", body, **key)
    assert (made.status_code, made["ETag"]) == (201, '"v1"')
    again = call(client, officer, "post", "partners/", body, **key)
    assert (again["Idempotent-Replayed"], Partner.objects.count()) == ("true", 1)
    path = f"partners/{made.json()['uid']}/"
    assert made["Location"] == f"/api/v1/{path}"
    twin = call(client, officer, "post", "partners/", {**body, "name": "ikatan bidan"})
    assert told(twin) == {("/name", "already_there")}

    assert call(client, officer, "patch", path, {"acronym": "IBI"}).status_code == 428
    assert call(client, officer, "patch", path, {"acronym": "IBI"}, seen=1)["ETag"] == '"v2"'
    late = call(client, officer, "patch", path, {"acronym": "X"}, seen=1)
    assert (late.status_code, late.json()["current"]["values"]["acronym"]) == (412, "IBI")
    assert call(client, officer, "get", path).json()["contact_phone"] == "0811555"

    [row] = call(client, head, "get", "partners/").json()["results"]
    assert (row["name"], row["contact_phone"]) == ("Ikatan Bidan", None)
    files = b"".join(call(client, head, "get", "partners/?format=csv").streaming_content)
    assert b"Ikatan Bidan" in files
    assert b"0811555" not in files
    assert call(client, head, "patch", path, {"acronym": "X"}, seen=2).status_code == 403


def test_an_agreement_from_draft_to_renewal(client, officer, head):
    partner = made_agreements.partner()
    body = {
        "form": "cooperation",
        "title": "Pendampingan desa",
        "parties": [{"opd": make.opd().pk}, {"partner": str(partner.pk)}],
        "areas": [make.district().code],
    }
    made = call(client, officer, "post", "agreements/", body)
    assert made.status_code == 201, made.json()
    path = f"agreements/{made.json()['uid']}/"
    read = call(client, officer, "get", path)
    draft = read.json()
    assert (draft["standing"], draft["areas"][0]["level"]) == ("draft", "district")
    assert {"pointer": "/number_first", "code": "required"}.items() <= draft["missing"][0].items()
    assert call(client, head, "get", path).status_code == 404  # a draft is the office's

    said = {name: str(day) for name, day in running().items()}
    said |= {"number_first": "1/2026", "number_second": "2/2026", "signed_on": said["starts_on"]}
    said |= {"source": "Naskah", "parties": [{**one, **SIGNED} for one in body["parties"]]}
    assert call(client, officer, "patch", path, said, seen=read["ETag"]).status_code == 200
    duty = {"party": 2, "text": "Melatih kader", "target": 4, "unit": "kali"}
    duty = call(client, officer, "post", f"{path}obligations/", duty).json()["uid"]
    assert told(call(client, officer, "post", f"{path}confirm/", seen=2)) == {
        ("/files", "required")
    }
    made_agreements.signed(Agreement.objects.get())
    assert call(client, officer, "post", f"{path}confirm/", seen=2).status_code == 200
    entry = {"reached_on": str(TODAY()), "value": 4}
    assert call(client, officer, "post", f"obligations/{duty}/progress/", entry).status_code == 201

    live = call(client, head, "get", path).json()
    assert (live["standing"], live["missing"]) == ("active", [])
    assert live["obligations"][0]["progress"]["reached"] is True
    assert live["coverage"] == {"villages": 1, "active": 0, "idle": 0, "without_facilitator": 1}
    [file] = call(client, officer, "get", f"{path}files/").json()["results"]
    assert (file["kind"], file["size"]) == ("agreement", len(made_agreements.PDF))

    fixed = call(client, officer, "patch", path, {"ends_on": None}, seen=3)
    assert told(fixed) == {("/ends_on", "fixed")}
    days = {"starts_on": str(TODAY() + timedelta(days=401))}
    renewal = call(client, officer, "post", f"{path}renew/", days).json()["uid"]
    assert call(client, officer, "get", path).json()["renewals"] == [renewal]
    assert call(client, head, "get", path).json()["renewals"] == []


SIGNED = {"signatory_name": "Amir", "signatory_title": "Kepala"}


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"title": ""}, ("/title", "blank")),
        ({"form": "pact"}, ("/form", "invalid_choice")),
        ({"colour": 1}, ("/colour", "unknown_field")),
        ({"regency": "64.02"}, ("/regency", "unknown_value")),
        ({"areas": ["64.02.01"]}, ("/areas/0", "unknown_value")),
        ({"parties": [{}]}, ("/parties/0", "required")),
        ({"parties": [{"opd": 999_999}]}, ("/parties/0/opd", "unknown_value")),
        ({"parties": [{"opd": 1, "who": 1}]}, ("/parties/0/who", "unknown_field")),
        ({"starts_on": "2026-02-01", "ends_on": "2026-01-01"}, ("/ends_on", "days_in_order")),
    ],
)
def test_what_cannot_be_is_refused_in_words(client, officer, changes, wanted):
    make.regency("64.02")
    body = {"form": "mou", "title": "Nota", "source": "Naskah", **changes}
    answer = call(client, officer, "post", "agreements/", body)
    assert answer.status_code == 422
    assert wanted in told(answer), answer.json()
    assert not Agreement.objects.exists()


def test_texts_of_one_line_are_stored_as_one(client, officer):
    body = {"form": "mou", "title": "Kerja\r\nBcc: x@y.z", "scope": "Satu\nDua"}
    made = call(client, officer, "post", "agreements/", body)
    assert made.status_code == 201
    one = Agreement.objects.get()
    assert (one.title, one.scope) == ("Kerja Bcc: x@y.z", "Satu\nDua")
    said = {"title": "Kerja\u2028sama"}
    assert call(client, officer, "patch", f"agreements/{one.pk}/", said, seen=1).status_code == 200
    one.refresh_from_db()
    assert one.title == "Kerja sama"
    partner = {"name": "Ikatan\nBidan", "kind": "association"}
    assert call(client, officer, "post", "partners/", partner).status_code == 201
    again = call(client, officer, "post", "partners/", {**partner, "name": "Ikatan Bidan"})
    assert told(again) == {("/name", "already_there")}


def test_one_area_named_often_costs_as_much_as_once(client, officer):
    village, other = make.village(), make.village("64.01.05.2001")

    def cost(areas: list[str]) -> int:
        body = {"form": "mou", "title": "Nota", "areas": areas}
        with CaptureQueriesContext(connection) as asked:
            assert call(client, officer, "post", "agreements/", body).status_code == 201
        return len(asked)

    named = [village.code, other.district.code]
    first = cost(named)  # the first call of a session writes to it
    assert cost(named * 100) <= first
    assert Agreement.objects.last().areas.count() == 2
    far = {"form": "mou", "title": "Nota", "areas": [village.code] * 2_001}
    assert told(call(client, officer, "post", "agreements/", far)) == {("/areas", "max_length")}


def test_agreements_by_standing_village_and_last_day(client, officer):
    partner, village = made_agreements.partner(), make.village()
    here = made_agreements.agreement(partner, areas=[village.district], **running())
    made_agreements.agreement(partner, areas=[make.village("64.01.05.2001")], confirmed=False)

    def found(query: str) -> list[str]:
        rows = call(client, officer, "get", f"agreements/?{query}").json()["results"]
        return [row["uid"] for row in rows]

    assert len(found("")) == 2
    for query in (
        "standing=active",
        f"village={village.code}",
        f"partner={partner.pk}&standing=active",
        f"ends_before={here.ends_on + timedelta(days=1)}&standing=active",
    ):
        assert found(query) == [str(here.pk)], query
    assert found(f"ends_before={here.ends_on}&standing=active") == []


def test_people_of_partners_are_the_offices_business(client, officer, head):
    leader, person = make.person("leader", regency=make.regency()), make.village_head()
    partner = made_facilitators.partner()
    body = {"partner": str(partner.pk), "username": person.username, "kind": "pld"}
    body |= {"contract": "K-77", "valid_from": str(TODAY())}
    made = call(client, officer, "post", "facilitators/", body)
    assert made.status_code == 201, made.json()
    path = f"facilitators/{made.json()['uid']}/"
    far, near = make.village("64.01.05.2001"), make.village()
    said = {"area": far.code, "valid_from": str(TODAY())}
    task = call(client, officer, "post", f"{path}assignments/", said)
    assert (task.status_code, task.json()["area"]["code"]) == (201, far.code)
    twice = call(client, officer, "post", f"{path}assignments/", said)
    assert told(twice) == {("/area", "overlapping")}

    read = call(client, officer, "get", path).json()
    assert (read["contract"], [one["area"]["code"] for one in read["assignments"]]) == (
        "K-77",
        [far.code],
    )
    assert call(client, leader, "get", path).json()["contract"] is None
    assert call(client, head, "get", path).status_code == 404
    assert call(client, head, "get", "facilitators/").json()["results"] == []
    end = f"assignments/{task.json()['id']}/end/"
    assert call(client, leader, "post", end, {"on": str(TODAY())}).status_code == 403
    assert call(client, officer, "post", end, {"on": str(TODAY())}).status_code == 200
    assert call(client, officer, "get", path).json()["assignments"] == []
    gone = call(client, officer, "patch", path, {"withdrawn": True}, seen=1)
    assert (gone.status_code, Membership.objects.get().withdrawn_at is None) == (200, False)
    assert near.code not in str(read)


def test_coverage_is_of_the_villages_she_sees(client, officer, head):
    make.village("64.01.05.2001", "Jauh")
    made_agreements.agreement(made_agreements.partner(), areas=[make.district()], **running())
    made_facilitators.facilitator(make.village())
    all_of_it = call(client, officer, "get", "coverage/").json()
    assert (all_of_it["villages"], all_of_it["covered"]) == (2, 1)
    [row] = call(client, head, "get", "coverage/").json()["results"]
    assert (row["village"]["name"], row["state"], row["support"]) == ("Janju", "active", "own")
    assert len(row["agreements"]) == len(row["facilitators"]) == 1
    file = b"".join(call(client, head, "get", "coverage/?format=csv").streaming_content)
    assert b"Janju" in file
    assert row["facilitators"][0].encode() not in file
    assert call(client, officer, "get", "coverage/?months=99").status_code == 400


def test_members_of_bodies_are_named_to_the_offices(client, officer, head):
    member = {"name": "Siti", "sex": "f", "position": "chair", "opd": make.opd().pk}
    body = {"kind": "working_group", "name": "Pokja PUG", "members": [member]}
    made = call(client, officer, "post", "bodies/", body)
    assert made.status_code == 201, made.json()
    path = f"bodies/{made.json()['uid']}/"
    [siti] = call(client, officer, "get", path).json()["members"]
    assert (siti["name"], siti["trainings"]) == ("Siti", 0)
    training = {"title": "PPRG", "held_on": "2026-03-04", "women": 1, "men": 0}
    training["members"] = [siti["uid"]]
    assert call(client, officer, "post", "trainings/", training).status_code == 201
    more = {"members": [{"name": "Budi", "sex": "m"}]}
    assert call(client, officer, "patch", path, more, seen=1)["ETag"] == '"v2"'
    assert call(client, head, "get", path).status_code == 404
    district = make.person("district_officer", district=make.district())
    seen = call(client, district, "get", path).json()
    assert (seen["women"], seen["men"], seen["trained_women"], seen["members"]) == (1, 1, 1, None)
    [held] = call(client, district, "get", "trainings/").json()["results"]
    assert held["members"] is None
    follows = {"kind": "working_group", "name": "Pokja PUG", "replaces": made.json()["uid"]}
    follows |= {"valid_from": str(TODAY())}
    assert call(client, officer, "post", "bodies/", follows).status_code == 201
    assert Body.objects.get(version=3).valid_until == TODAY() - timedelta(days=1)


def test_lists_cost_the_same_however_long(client, officer):
    partner = made_agreements.partner()
    client.force_login(officer)

    def grow(number: int) -> None:
        place = make.village(f"64.01.05.200{number}")
        made_agreements.agreement(partner, areas=[place], starts_on=date(2026, number, 1))
        made_facilitators.facilitator(place, of=partner)
        body = Body(regency=make.regency(), kind="technical", name=f"Tim {number}")
        add_body(body, actor=None, members=[BodyMember(name="A", sex="f", opd=make.opd())])

    def cost(path: str) -> int:
        client.get(f"/api/v1/{path}")  # the first call of a session writes to it
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/api/v1/{path}").status_code == 200
        return len(asked)

    paths = ("agreements/", "facilitators/", "bodies/", "partners/", "coverage/")
    grow(1)
    before = {path: cost(path) for path in paths}
    for number in (2, 3, 4):
        grow(number)
    assert {path: cost(path) for path in paths} == before


@pytest.mark.alone  # any transaction beside it moves the moment
@pytest.mark.django_db(transaction=True)
def test_an_item_is_unchanged_until_anything_moves(client, officer):
    """Its version stays while days and progress move: the ETag says both."""
    agreement = made_agreements.agreement(made_agreements.partner(), **running())
    path = f"agreements/{agreement.pk}/"
    client.force_login(officer)
    client.get("/api/v1/session/")  # the first call of a session writes to it
    mark = {"If-None-Match": client.get(f"/api/v1/{path}")["ETag"]}
    assert mark["If-None-Match"].startswith('"v2-')
    assert client.get(f"/api/v1/{path}", headers=mark).status_code == 304
    made_agreements.promise(agreement, "Satu lagi")
    assert client.get(f"/api/v1/{path}", headers=mark).status_code == 200
