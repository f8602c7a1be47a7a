"""Nobody takes over a colleague's account alone (ASVS 6.4.4): two resets, two officers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import services
from accounts.models import EnrolmentLink, User
from core.errors import Refused
from core.models import AuditEntry
from tests import make

from .linking import OWN, page_of, signed_in

pytestmark = pytest.mark.django_db
ACTS = [services.reset_password, services.reset_second_factor]


@pytest.fixture(params=[ACTS, ACTS[::-1]], ids=["password first", "code first"])
def acts(request):
    return request.param


@pytest.mark.asvs("6.4.4", "6.4.3")
def test_one_officer_resets_only_one_of_the_two(acts):
    colleague, officer = make.officer(), make.officer()
    first, second = acts
    first(colleague, actor=officer)

    with pytest.raises(Refused) as refusal:
        second(colleague, actor=officer)

    assert refusal.value.code == "second_officer_needed"
    second(colleague, actor=make.officer())


def test_closing_the_account_first_is_no_way_round(acts):
    colleague, officer = make.officer(), make.officer()
    services.disable_person(colleague, actor=officer)
    acts[0](colleague, actor=officer)

    with pytest.raises(Refused):
        acts[1](colleague, actor=officer)


def test_same_reset_again_and_another_person_are_free(acts):
    officer = make.officer()
    colleague = make.officer()
    acts[0](colleague, actor=officer)
    acts[0](colleague, actor=officer)
    acts[1](make.officer(), actor=officer)


def test_three_days_later_it_is_a_new_case(acts):
    colleague, officer = make.officer(), make.officer()
    acts[0](colleague, actor=officer)
    AuditEntry.objects.update(at=timezone.now() - timedelta(hours=72, seconds=1))

    acts[1](colleague, actor=officer)


def test_console_does_both(acts):
    colleague = make.officer()
    for act in acts:
        act(colleague, actor=None)


# -- A link is a password too --------------------------------------------------------------------


def now_only(person, role: str, area, actor) -> User:
    """Her one task ends and she gets this one, as an officer may do."""
    today = timezone.localdate()
    services.end_grant(person.grants.standing_on(today).get(), on=today, actor=actor)
    services.grant(person, services.GrantDraft(role, area, valid_from=today), actor=actor)
    return User.objects.get(pk=person.pk)


def link_for(colleague, actor) -> User:
    """The way round: a colleague is made a facilitator for the length of a link."""
    person = now_only(colleague, "facilitator", make.village(), actor)
    services.use_link(services.make_link(person, actor=actor).link, OWN)
    return now_only(person, "officer", make.regency(), actor)


def test_who_made_her_link_does_not_reset_her_code():
    colleague, officer = make.officer(), make.officer()
    colleague = link_for(colleague, officer)

    with pytest.raises(Refused) as refusal:
        services.reset_second_factor(colleague, actor=officer)

    assert refusal.value.code == "second_officer_needed"
    services.reset_second_factor(colleague, actor=make.officer())


def test_who_reset_her_code_makes_her_no_link():
    colleague, officer = make.officer(), make.officer()
    services.reset_second_factor(colleague, actor=officer)
    colleague = now_only(colleague, "facilitator", make.village(), officer)

    with pytest.raises(Refused) as refusal:
        services.make_link(colleague, actor=officer)
    client = signed_in(officer)
    answer = client.post(page_of(colleague))

    assert refusal.value.code == "second_officer_needed"
    assert answer.status_code == 422
    assert "Minta petugas lain" in answer.content.decode()
    assert not EnrolmentLink.objects.exists()
    services.make_link(colleague, actor=make.officer())


def test_links_and_codes_are_free_after_three_days_for_others_and_at_the_console():
    colleague, officer = make.officer(), make.officer()
    colleague = link_for(colleague, officer)
    services.reset_second_factor(make.officer(), actor=officer)
    services.reset_second_factor(colleague, actor=None)
    AuditEntry.objects.update(at=timezone.now() - timedelta(hours=72, seconds=1))

    services.reset_second_factor(colleague, actor=officer)


@pytest.mark.parametrize(("first", "then"), [("kata-sandi", "kode"), ("kode", "kata-sandi")])
def test_page_says_that_a_colleague_is_needed(client, first, then):
    colleague, officer = make.officer(), make.officer()
    client.force_login(officer)
    page = f"/kelola/pengguna/{colleague.uid}/"
    client.post(f"{page}{first}/")

    answer = client.post(f"{page}{then}/")

    assert answer.status_code == 422
    assert "Minta petugas lain" in answer.content.decode()
