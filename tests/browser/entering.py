"""Signing in without drawing the pages of it: the same door, its cookies handed to the browser."""

from django.test import Client
from playwright.sync_api import BrowserContext

from tests import make


def enter(context: BrowserContext, address: str, person) -> None:
    """The browser is signed in as `person` on the portal at this address, as the form would do."""
    client = Client()
    answer = client.post("/masuk/", {"username": person.username, "password": make.PASSWORD})
    assert answer.status_code == 302, f"{person} was not let in"
    context.clear_cookies()
    context.add_cookies(
        [
            {"name": name, "value": cookie.value, "url": address}
            for name, cookie in client.cookies.items()
            if cookie.value
        ]
    )
