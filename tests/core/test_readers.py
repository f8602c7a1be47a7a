"""What the environment may say of letters, the due day and the portal's own address."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from pug_portal import env


@pytest.mark.parametrize(("said", "day"), [("", 10), ("1", 1), ("28", 28)])
def test_the_due_day(monkeypatch, said, day):
    monkeypatch.delenv("PUG_REPORT_DAY", raising=False)
    if said:
        monkeypatch.setenv("PUG_REPORT_DAY", said)
    assert env.day_of_month("PUG_REPORT_DAY", 10) == day


@pytest.mark.parametrize("said", ["0", "29", "-1", "ten"])
def test_a_day_that_some_month_lacks_is_refused(monkeypatch, said):
    monkeypatch.setenv("PUG_REPORT_DAY", said)
    with pytest.raises(ImproperlyConfigured):
        env.day_of_month("PUG_REPORT_DAY", 10)


def test_without_a_mail_server_letters_go_to_the_console():
    assert env.mail("") == {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}


@pytest.mark.parametrize(
    ("url", "port", "starttls", "tls"),
    [
        ("smtp://mail.example", 25, False, False),
        ("smtp+tls://pug:s%40fe@mail.example", 587, True, False),
        ("smtps://pug:s%40fe@mail.example:2465", 2465, False, True),
    ],
)
def test_a_mail_server(url, port, starttls, tls):
    found = env.mail(url)
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"]) == ("mail.example", port)
    assert (found["EMAIL_USE_TLS"], found["EMAIL_USE_SSL"]) == (starttls, tls)
    assert found["EMAIL_HOST_PASSWORD"] == ("s@fe" if "@" in url else "")


@pytest.mark.parametrize("url", ["mail.example", "http://mail.example", "smtp://", "console://"])
def test_an_unknown_mail_server_stops_the_start(url):
    with pytest.raises(ImproperlyConfigured):
        env.mail(url)


@pytest.mark.parametrize(
    ("said", "found"),
    [("https://pug.example/", "https://pug.example"), ("", "https://else.example")],
)
def test_the_own_address(monkeypatch, said, found):
    monkeypatch.delenv("PUG_ADDRESS", raising=False)
    if said:
        monkeypatch.setenv("PUG_ADDRESS", said)
    assert env.address("PUG_ADDRESS", "https://else.example") == found


@pytest.mark.parametrize("said", ["pug.example", "ftp://pug.example", "https://pug.example/pug"])
def test_an_address_that_is_none_is_refused(monkeypatch, said):
    monkeypatch.setenv("PUG_ADDRESS", said)
    with pytest.raises(ImproperlyConfigured):
        env.address("PUG_ADDRESS", "https://else.example")
