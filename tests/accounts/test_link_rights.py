"""Who may make a one-time link for whom."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts import services
from accounts.links import opened_by
from accounts.models import EnrolmentLink, Grant, User
from tests import make

from .linking import facilitator_here, head_here, page_of, signed_in

pytestmark = pytest.mark.django_db


def head_far():
    return make.village_head(make.village("64.02.01.2001", "Far"))


def two_tasks(first: dict, second: dict):
    person = make.person(**first)
    Grant.objects.create(user=person, valid_from="2020-01-01", **second)
    return person


def head_who_is_officer_too():
    return two_tasks(
        {"role": "village_head", "village": make.village()},
        {"role": "district_officer", "district": make.district()},
    )


def head_of_two_villages():
    other = make.village("64.01.04.2003", "Tetangga")
    return two_tasks(
        {"role": "village_head", "village": make.village()},
        {"role": "village_head", "village": other},
    )


def closed_head():
    person = head_here()
    services.disable_person(person, actor=None)
    return person


def staff_head():
    person = head_here()
    User.objects.filter(pk=person.pk).update(is_staff=True)
    return person


def former_head():
    return make.person("village_head", village=make.village(), valid_until="2021-01-01")


OFFICER_MAY = [head_here, facilitator_here, head_of_two_villages]
FACILITATOR_MAY = [head_here]
NOBODY_MAY = [make.person, head_who_is_officer_too, closed_head, staff_head, former_head]


@pytest.mark.parametrize("whom", [*OFFICER_MAY, head_far, make.officer, *NOBODY_MAY])
def test_officer_makes_links_for_field_people_in_her_reach(whom):
    person, officer = whom(), make.officer()

    answer = signed_in(officer).post(page_of(person))

    expected = 200 if whom in OFFICER_MAY else 404 if whom is head_far else 403
    if whom is staff_head:
        expected = 403  # a grant makes her visible, the admin's rights put her out of reach
    assert answer.status_code == expected
    assert EnrolmentLink.objects.count() == (whom in OFFICER_MAY)


@pytest.mark.parametrize(
    "whom",
    [head_here, facilitator_here, head_of_two_villages, head_far, make.officer, *NOBODY_MAY],
)
def test_facilitator_makes_links_for_heads_of_her_villages_only(whom):
    person, facilitator = whom(), facilitator_here()

    answer = signed_in(facilitator).post(page_of(person))

    assert (answer.status_code == 200) == (whom in FACILITATOR_MAY)
    assert answer.status_code in {200, 403, 404}
    assert EnrolmentLink.objects.count() == (whom in FACILITATOR_MAY)


@pytest.mark.parametrize(
    "actor",
    [
        make.person,
        head_here,
        lambda: make.person("district_officer", district=make.district()),
        lambda: make.person("leader", regency=make.regency()),
        lambda: make.person("auditor", regency=make.regency()),
        lambda: make.person("opd_focal_point", opd=make.opd()),
        lambda: make.person("opd_head", opd=make.opd()),
        lambda: make.person("planner", regency=make.regency()),
        lambda: make.person("facilitator", village=make.village("64.01.04.2003", "Tetangga")),
        lambda: make.person("facilitator", village=make.village(), valid_until="2021-01-01"),
    ],
)
def test_nobody_else_makes_or_withdraws_links(actor):
    head, caller = head_here(), actor()
    made = make.link(head)
    client = signed_in(caller)

    assert client.get(page_of(head)).status_code in {403, 404}
    assert client.post(page_of(head)).status_code in {403, 404}
    assert client.post(f"/kelola/tautan/{made.link.pk}/cabut/").status_code in {403, 404}
    with pytest.raises(PermissionDenied):
        services.make_link(head, actor=caller)
    with pytest.raises(PermissionDenied):
        services.revoke_link(made.link, actor=caller)
    assert opened_by(made.secret) == made.link


def test_nobody_makes_a_link_for_herself():
    for person in (make.officer(), facilitator_here()):
        assert signed_in(person).post(page_of(person)).status_code in {403, 404}
    assert not EnrolmentLink.objects.exists()
