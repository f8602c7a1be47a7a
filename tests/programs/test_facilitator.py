"""“Desa dampingan”: which village needs the facilitator first."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import services
from accounts.reach import ENROL
from programs.models import ReviewStep
from programs.phone.facilitator import Head, accompanied
from programs.services import declare_nothing, return_activity
from tests import make
from villages.models import Village

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


@pytest.fixture
def facilitator():
    return make.person("facilitator", district=make.district())


def village(number: int):
    return make.village(f"64.01.04.20{number:02}", f"Desa {number}")


def recorded(place, days_ago: int, head=None):
    of = make.program(place)
    return make.activity(of, place, author=head, held_on=TODAY - timedelta(days=days_ago))


def rows(actor):
    villages = Village.objects.permitting(actor, ENROL).live()
    return accompanied(villages, actor, TODAY)


def test_longest_silence_comes_first(facilitator):
    fresh, never, old, older = (village(number) for number in (1, 2, 3, 4))
    recorded(fresh, 3)
    recorded(old, 40)
    recorded(older, 90)

    found = rows(facilitator)

    assert [row.village for row in found] == [never, older, old, fresh]
    assert [row.overdue for row in found] == [True, True, True, False]
    assert found[3].last == TODAY - timedelta(days=3)


def test_repairs_then_waiting_phones_come_next(facilitator):
    plain, phone, repair = village(1), village(2), village(3)
    officer = make.officer()
    recorded(plain, 1)
    waiting_head = make.village_head(phone)
    recorded(phone, 1, waiting_head)
    record = recorded(repair, 1)
    return_activity(record, reason="Jumlah belum diisi", actor=officer, version=record.version)
    services.note_waiting(make.device(waiting_head).pk, count=2)

    found = rows(facilitator)

    assert [row.village for row in found] == [repair, phone, plain]
    assert [row.returned for row in found] == [1, 0, 0]
    assert found[1].heads[0].waiting == 2
    assert ReviewStep.RETURNED in {step.step for step in record.reviews.all()}


def test_month_declared_empty_is_not_overdue(facilitator):
    silent = village(1)
    declare_nothing(silent, year=TODAY.year, month=TODAY.month, actor=make.village_head(silent))

    [row] = rows(facilitator)

    assert not row.overdue


def test_only_her_own_villages_and_todays_heads(facilitator):
    here, far = village(1), make.village("64.02.01.2001", "Far")
    head, _other = make.village_head(here), make.village_head(far)
    make.person("village_head", village=here, valid_until=TODAY - timedelta(days=1))

    [row] = rows(facilitator)

    assert [one.uid for one in row.heads] == [head.uid]


def test_statements_do_not_grow(facilitator, django_assert_max_num_queries):
    for number in range(12):
        place = village(number + 1)
        make.device(make.village_head(place))
        recorded(place, number * 5)
    actor = type(facilitator).objects.get(pk=facilitator.pk)

    with django_assert_max_num_queries(6):  # five, and her own grants
        assert len(rows(actor)) == 12


def test_page_leads_to_call_record_and_qr(client, facilitator):
    place = village(1)
    head = make.village_head(place)
    services.change_person(head, name="Ibu Siti", phone="0812-3456-789", actor=None)
    client.force_login(facilitator)

    page = client.get("/pendamping/").content.decode()

    assert "tel:+628123456789" in page
    assert "https://wa.me/628123456789" in page
    assert f"/desa/catat/?village={place.code}" in page
    assert f"/kelola/pengguna/{head.uid}/tautan/" in page
    assert client.get(f"/desa/catat/?village={place.code}").status_code == 200
    assert client.get(f"/kelola/pengguna/{head.uid}/tautan/").status_code == 200


@pytest.mark.parametrize("actor", [make.person, make.village_head])
def test_others_have_no_such_page(client, actor):
    client.force_login(actor())

    assert client.get("/pendamping/").status_code == 403


@pytest.mark.parametrize(
    ("phone", "number"),
    [
        ("0812 345 678", "62812345678"),
        ("+62 812-345-678", "62812345678"),
        ("62812345678", "62812345678"),
        ("812345678", "62812345678"),
        ("", ""),
    ],
)
def test_number_as_messengers_take_it(phone, number):
    assert Head(uid=None, name="x", phone=phone).whatsapp == number
