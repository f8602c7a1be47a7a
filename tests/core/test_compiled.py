"""A query composed once answers as one composed anew, whatever the keys."""

from datetime import date

import pytest
from django.db.models import Count

from accounts.models import Grant, User
from core.compiled import MOST, Compiled, columns_of, made
from tests import make
from villages.models import Village

pytestmark = pytest.mark.django_db


def counted(user, role):
    found = Grant.objects.filter(user__in=user, role__in=role).order_by("user")
    return found.values("user", "user__uid").annotate(grants=Count("pk"))


def test_other_keys_get_their_own_rows(django_assert_num_queries):
    heads = [make.village_head() for _number in range(5)]
    asked = Compiled(counted)
    roles = {"village_head", "officer"}

    for some in (heads[:1], heads[1:2], heads[1:4], heads, heads[::-1]):
        keys = [head.pk for head in some]
        with django_assert_num_queries(1):
            found = asked(user=keys, role=roles)
        assert found == list(counted(keys, roles))
        assert [row["user__uid"] for row in found] == sorted(
            (head.uid for head in some), key=[head.uid for head in heads].index
        )


def test_one_text_serves_keys_up_to_the_next_power_of_two():
    asked = Compiled(counted)

    for number in (5, 6, 7, 8):
        asked(user=range(1, number + 1), role=["officer"])

    assert len(asked._known) == 1


@pytest.mark.parametrize("count", [0, MOST + 1])
def test_no_key_and_very_many_are_asked_too(count):
    head = make.village_head()
    keys = [head.pk] * count

    assert len(Compiled(counted)(user=keys, role=["village_head"])) == min(count, 1)


def test_rows_become_what_would_have_been_read():
    head = make.village_head()
    rows = Compiled(
        lambda user: Grant.objects.filter(user__in=user).values(
            *columns_of(Grant), *columns_of(User, "user__")
        )
    )

    [row] = rows(user=[head.pk])
    grant, person = made(Grant, row), made(User, row, "user__")

    assert (grant, person) == (Grant.objects.get(), head)
    assert grant.village == Village.objects.get(pk=grant.village_id)
    assert isinstance(grant.valid_from, date)
    assert not grant._state.adding
    assert person.uid == head.uid
