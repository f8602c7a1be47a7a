"""Wrong passwords: the account waits longer and longer, its neighbours do not."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.utils import timezone

from accounts.lockout import closed_until, delay
from tests import make

pytestmark = pytest.mark.django_db


WRONG = "not-her-password"


def attempt(client, username, word=WRONG, **extra):
    return client.post("/masuk/", {"username": username, "password": word}, **extra)


def fail(client, username, times):
    return [attempt(client, username).status_code for _ in range(times)]


def let_pass(username, minutes):
    """As if the last wrong try had been that much earlier."""
    for row in AccessAttempt.objects.filter(username=username):
        AccessAttempt.objects.filter(pk=row.pk).update(
            attempt_time=row.attempt_time - timedelta(minutes=minutes, seconds=1)
        )


@pytest.mark.asvs("6.3.1", "6.1.1")
@pytest.mark.parametrize(
    ("failures", "minutes"),
    [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (9, 16), (10, 32), (11, 60), (500, 60)],
)
def test_delay_grows_to_an_hour(failures, minutes):
    assert delay(failures) == timedelta(minutes=minutes)


@pytest.mark.asvs("6.3.1")
def test_fifth_wrong_try_starts_the_wait(client):
    person = make.village_head()

    assert fail(client, person.username, 5) == [422, 422, 422, 422, 429]

    answer = attempt(client, person.username, make.PASSWORD)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 60
    assert "akun ini menunggu 1 menit" in answer.content.decode()


def test_wait_grows_after_each_further_try(client):
    person = make.village_head()
    fail(client, person.username, 5)

    for failures, minutes in [(6, 2), (7, 4), (8, 8)]:
        let_pass(person.username, delay(failures - 1).total_seconds() / 60)
        now = timezone.now()
        assert attempt(client, person.username).status_code == 429
        wait = closed_until(person.username, now) - now
        assert timedelta(minutes=minutes) <= wait < timedelta(minutes=minutes, seconds=5)


def test_trying_during_the_wait_does_not_lengthen_it(client):
    person = make.village_head()
    fail(client, person.username, 5)
    before = closed_until(person.username, timezone.now())

    fail(client, person.username, 10)

    assert closed_until(person.username, timezone.now()) == before


def test_right_password_after_the_wait_resets_the_count(client):
    person = make.village_head()
    fail(client, person.username, 5)
    let_pass(person.username, 1)

    assert attempt(client, person.username, make.PASSWORD).status_code == 302
    client.logout()

    assert fail(client, person.username, 5) == [422, 422, 422, 422, 429]


def test_changing_address_or_browser_does_not_help(client):
    person = make.village_head()

    answers = [
        attempt(
            client,
            person.username,
            REMOTE_ADDR=f"10.0.0.{number}",
            headers={"user-agent": f"Phone {number}"},
        ).status_code
        for number in range(6)
    ]

    assert answers == [422, 422, 422, 422, 429, 429]


@pytest.mark.asvs("6.3.1", "2.4.1")
def test_neighbour_at_the_same_address_is_not_kept_waiting(client):
    person, neighbour = make.village_head(), make.person()
    fail(client, person.username, 12)

    assert attempt(client, neighbour.username, make.PASSWORD).status_code == 302


def test_one_persons_login_does_not_forget_anothers_failures(client):
    person, neighbour = make.village_head(), make.person()
    fail(client, person.username, 5)
    let_pass(person.username, 1)
    attempt(client, person.username)
    let_pass(person.username, 1.5)  # two minutes are due

    attempt(client, neighbour.username, make.PASSWORD)
    client.logout()

    assert attempt(client, person.username, make.PASSWORD).status_code == 429


@pytest.mark.asvs("6.3.8")
def test_unknown_name_waits_like_any_other(client):
    assert fail(client, "nobody.here", 6) == [422, 422, 422, 422, 429, 429]


@pytest.mark.asvs("16.2.5")
def test_no_password_is_written_down(client):
    attempt(client, "nobody.here", "a-secret-of-mine")

    row = AccessAttempt.objects.get()
    assert "a-secret-of-mine" not in row.post_data + row.get_data


def change_password(client, old, new="kandilo sungai malam"):
    return client.post(
        "/kata-sandi/", {"old_password": old, "new_password1": new, "new_password2": new}
    )


def test_present_password_is_guessed_no_faster_on_its_own_page(client):
    person = make.village_head()
    client.force_login(person)

    answers = [change_password(client, WRONG).status_code for _ in range(5)]

    assert answers == [422, 422, 422, 422, 429]
    assert change_password(client, make.PASSWORD).status_code == 429
    person.refresh_from_db()
    assert person.check_password(make.PASSWORD)
    kept = AccessAttempt.objects.get()
    for secret in (WRONG, "kandilo"):
        assert secret not in kept.post_data + kept.get_data


def test_right_present_password_forgets_the_wrong_ones(client):
    person = make.village_head()
    client.force_login(person)
    change_password(client, WRONG)

    assert change_password(client, make.PASSWORD).status_code == 302

    assert not AccessAttempt.objects.exists()
    assert client.get("/kata-sandi/").status_code == 200
