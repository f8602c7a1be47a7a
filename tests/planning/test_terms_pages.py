"""The form of the KAK: every problem in one round, and what it says by itself."""

import pytest
from django.urls import reverse

from planning.models import TermsOfReference
from tests import make

from . import stated, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def program():
    return make.program(make.village())


@pytest.fixture
def focal(program):
    return written.focal_point(program)


@pytest.fixture
def terms(client, program, focal):
    statement = stated.drafted(program, by=focal, officer=make.officer())
    client.force_login(focal)
    return stated.terms(statement, by=focal)


def edit(client, terms: TermsOfReference, **said):
    values = {"version": terms.version, "stages": 1, **said}
    return client.post(reverse("planning:kak-edit", args=[terms.pk]), values)


def test_days_months_and_money_are_answered_in_one_round(client, terms):
    wrong = {"starts_on": "32-1-2026", "ends_on": "31-5-2031", "months": "13"}

    answer = edit(client, terms, **wrong, cost="900.000.000.000", stage_0_months="5")

    assert answer.status_code == 422
    wanted = {"starts_on", "ends_on", "months", "cost", "stage_0_label"}
    assert set(answer.context["form"].errors) == wanted


def test_days_in_the_wrong_order_are_said_once(client, terms):
    answer = edit(client, terms, starts_on="1-5-2026", ends_on="1-3-2026", months="99")

    errors = answer.context["form"].errors
    assert set(errors) == {"ends_on", "months"}
    assert len(errors["ends_on"]) == 1


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [("1-3-2026", "31-5-2026", 3), ("15-1-2026", "20-1-2026", 1), ("1-1-2026", "31-12-2026", 12)],
)
def test_duration_left_empty_is_that_of_the_days(client, terms, first, last, months):
    assert edit(client, terms, starts_on=first, ends_on=last, months="").status_code == 302
    terms.refresh_from_db()
    assert terms.months == months


def test_duration_that_was_written_stays(client, terms):
    edit(client, terms, starts_on="1-3-2026", ends_on="31-5-2026", months="2")
    terms.refresh_from_db()
    assert terms.months == 2


def test_what_is_needed_before_sending_is_not_called_optional(client, terms):
    page = client.get(reverse("planning:kak-edit", args=[terms.pk])).content.decode()

    label = page.split('for="id_location"')[1].split("</label>")[0]
    assert "(perlu sebelum dikirim)" in label
    limits = page.split('for="id_limits"')[1].split("</label>")[0]
    assert "(boleh dikosongkan)" in limits
    address = reverse("planning:gbs-edit", args=[terms.statement_id])
    total = client.get(address).content.decode().split('for="id_total"')[1].split("</label>")[0]
    assert "(perlu sebelum dikirim)" in total
