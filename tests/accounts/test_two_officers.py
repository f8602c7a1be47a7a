"""Nobody takes over a colleague's account alone (ASVS 6.4.4): two resets, two officers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import services
from core.errors import Refused
from core.models import AuditEntry
from tests import make

pytestmark = pytest.mark.django_db
ACTS = [services.reset_password, services.reset_second_factor]


@pytest.fixture(params=[ACTS, ACTS[::-1]], ids=["password first", "code first"])
def acts(request):
    return request.param


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


@pytest.mark.parametrize(("first", "then"), [("kata-sandi", "kode"), ("kode", "kata-sandi")])
def test_page_says_that_a_colleague_is_needed(client, first, then):
    colleague, officer = make.officer(), make.officer()
    client.force_login(officer)
    page = f"/kelola/pengguna/{colleague.uid}/"
    client.post(f"{page}{first}/")

    answer = client.post(f"{page}{then}/")

    assert answer.status_code == 422
    assert "Minta petugas lain" in answer.content.decode()
