"""What is sent again under a uid on file: the same is one row, anything else is told, none lost."""

from datetime import date

import pytest

from core.errors import Stale
from core.identifiers import uuid7
from mou.models import Addendum, AgreementFile, Body, BodyMember, Partner, Training
from mou.services import agreements, partners
from mou.services.institutions import add_body, add_training
from tests import make
from tests.mou import made_agreements as made
from tests.racing import at_once

pytestmark = pytest.mark.django_db
HELD_ON = date(2026, 3, 4)


def post(client, person, path: str, **body):
    client.force_login(person)
    kind = "application/json"
    answer = client.post(f"/api/v1/{path}", body, content_type=kind)
    return answer.status_code, answer.json().get("code")


def test_an_addendum_or_a_file_of_another_agreement_is_not_taken_for_sent(client):
    officer, tpp = make.officer(), made.partner()
    first, second = made.agreement(tpp), made.agreement(tpp)
    said = {"uid": str(uuid7()), "dated": "2026-03-01", "text": "Kader ikut"}
    for of, text, answer in (
        (first, "Kader ikut", (201, None)),
        (first, "Kader ikut", (201, None)),
        (first, "Lain", (409, "conflict")),
        (second, "Kader ikut", (409, "conflict")),
    ):
        sent = {**said, "text": text}
        assert post(client, officer, f"agreements/{of.pk}/addenda/", **sent) == answer
    assert Addendum.objects.get().text == "Kader ikut"

    def bring(of):
        file = AgreementFile(pk=said["uid"], agreement=of, kind="annex", title="Rencana")
        return agreements.add_file(file, made.PDF, actor=officer, file_name="a.pdf")

    assert str(bring(first).pk) == str(bring(first).pk)
    with pytest.raises(Stale):
        bring(second)


def test_a_uid_of_another_regency_is_refused_without_telling_whose(client):
    officer, foreign = make.officer(), make.regency("64.02", "Kabupaten Lain")
    body = Body(regency=foreign, kind="driver", name="Rahasia")
    add_body(body, actor=None)
    training = Training(regency=foreign, title="Rahasia", held_on=HELD_ON, women=1, men=1)
    add_training(training, actor=None)
    partner = partners.add_partner(
        Partner(regency=foreign, name="Rahasia", kind="media"), actor=None
    )
    for path, row, said in (
        ("bodies/", body, {"kind": "driver", "name": "Tim"}),
        ("trainings/", training, {"title": "T", "held_on": "2026-03-04", "women": 1, "men": 1}),
        ("partners/", partner, {"kind": "media", "name": "Radio"}),
    ):
        sent = {**said, "uid": str(row.pk)}
        assert post(client, officer, path, **sent) == (409, "conflict"), path
    assert Body.objects.get().name == "Rahasia"
    own = {"uid": str(uuid7()), "kind": "driver", "name": "Tim"}
    own["members"] = [{"name": "Ani", "sex": "f"}]
    assert post(client, officer, "bodies/", **own) == (201, None)
    assert post(client, officer, "bodies/", **own) == (201, None)
    assert post(client, officer, "bodies/", **{**own, "name": "Lain"}) == (409, "conflict")
    assert BodyMember.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_equal_ones_at_once_are_one():
    regency, keys = make.regency(), [uuid7(), uuid7(), uuid7()]

    def body():
        row = Body(pk=keys[0], regency=regency, kind="driver", name="Tim")
        return add_body(row, actor=None, members=[BodyMember(pk=keys[1], name="Ani", sex="f")])

    def training():
        facts = {"title": "PPRG", "held_on": HELD_ON, "women": 1, "men": 1}
        return add_training(Training(pk=keys[2], regency=regency, **facts), actor=None)

    assert [one.pk for one in at_once(body, body)] == [keys[0]] * 2
    assert [one.pk for one in at_once(training, training)] == [keys[2]] * 2
    assert (Body.objects.count(), Training.objects.count()) == (1, 1)
