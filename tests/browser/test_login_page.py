"""The first page anyone sees."""

import re

import pytest
from playwright.sync_api import expect

from tests import make

NARROW = {"width": 320, "height": 640}


def test_login_page_is_open_to_everyone(open_page, axe, fits, shot):
    page = open_page(size=NARROW)
    page.goto("/masuk/")

    assert page.locator("html").get_attribute("lang") == "id"
    assert page.locator("h1").count() == 1
    axe(page)
    fits(page)
    shot(page, "login-320")


WHOM_TO_ASK = "Akun ini belum diberi wilayah. Hubungi DP2KBP3A."


def test_stranger_is_told_whom_to_ask(page_as, axe):
    page = page_as(make.person())

    page.goto("/")

    assert WHOM_TO_ASK in page.locator("main").inner_text()
    axe(page)


@pytest.mark.parametrize("javascript", [True, False], ids=["scripts", "no scripts"])
def test_login_works_with_and_without_scripts(open_page, javascript):
    page = open_page(javascript=javascript)
    page.goto("/masuk/")
    page.locator("[name=username]").fill(make.person().username)
    page.locator("[name=password]").fill(make.PASSWORD)
    page.locator("[name=password]").press("Enter")
    expect(page).not_to_have_url(re.compile("/masuk/"))

    assert WHOM_TO_ASK in page.locator("main").inner_text()
