"""A real Chromium on a real server: pages are opened, filled in and looked at.

    def test_officer_opens_the_board(page_as, axe, shot):
        page = page_as(make.officer())
        page.goto("/ringkasan/")
        axe(page)
        shot(page, "board")

Pictures are drawn only where $SCREENSHOTS names a folder to keep them in.
"""

import os
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from .entering import enter

# Playwright keeps an event loop in this thread; Django's ORM is used beside it, never inside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}


def pytest_collection_modifyitems(items):
    """All tests of this folder drive the browser and commit what they make."""
    for item in items:
        if "browser" in Path(item.path).parts:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser():
    chromium = shutil.which("chromium")
    assert chromium, "Chromium is missing: scripts/setup.sh dev installs it."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser, live_server, settings):
    """`open_page(width=, javascript=)` → a page of a fresh visitor. Errors of scripts and a
    broken Content Security Policy fail the test.
    """
    settings.SECOND_FACTOR_ASKED = False  # its own tests stand in tests/accounts
    contexts, troubles = [], []

    def listen(page: Page) -> Page:
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on(
            "console",
            lambda line: "Content Security" in line.text and troubles.append(line.text),
        )
        return page

    def open_page(*, size: dict | None = None, javascript: bool = True) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport=size or DESK,
            java_script_enabled=javascript,
            locale="id-ID",
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        return listen(context.new_page())

    yield open_page
    for context in contexts:
        context.close()
    assert troubles == []


@pytest.fixture
def page(open_page):
    return open_page()


@pytest.fixture
def page_as(open_page, live_server):
    """`page_as(person)` → a blank page of a browser in which that person has signed in."""

    def page_as(person, **options) -> Page:
        page = open_page(**options)
        enter(page.context, live_server.url, person)
        return page

    return page_as


@pytest.fixture(scope="session")
def axe():
    """`axe(page)` fails on any breach of WCAG 2.2 A or AA and says where it is."""
    rules = {"runOnly": {"type": "tag", "values": list(WCAG)}, "resultTypes": ["violations"]}

    def axe(page: Page) -> None:
        page.wait_for_load_state()
        found = Axe().run(page, options=rules).response["violations"]
        assert [
            f"{breach['id']}: {node['target']} {node['failureSummary']}"
            for breach in found
            for node in breach["nodes"]
        ] == [], page.url

    return axe


@pytest.fixture(scope="session")
def shot():
    """`shot(page, "board")` → keeps a picture of the whole page where somebody wants to look."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)

    def shot(page: Page, name: str) -> None:
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)

    return shot


@pytest.fixture(scope="session")
def fits():
    """`fits(page)` fails when the page scrolls sideways at its present width."""

    def fits(page: Page) -> None:
        page.wait_for_load_state()  # a page that has only just begun has no root to measure
        wide = page.locator("html").evaluate("root => root.scrollWidth - root.clientWidth")
        assert wide <= 0, f"{page.url} is {wide} px too wide"

    return fits
