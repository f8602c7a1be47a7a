"""The first page anyone sees."""

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


def test_login_works_without_javascript(page_as):
    page = page_as(make.person(), javascript=False)

    assert WHOM_TO_ASK in page.locator("main").inner_text()
