"""Phones of a village head on a bad network (faults.py), and the ledger of what became of it.

`make test` runs a small number of records through each failure; `make drill` sets DRILL=1 and
runs them all at their full number, with the tests marked `drill`.
"""

import os
import shutil

import pytest
from playwright.sync_api import Page

from tests import make

from . import book
from .faults import FaultProxy
from .killing import Phone
from .lab import Lab
from .recording import Recorder, sign_in
from .screens import hand, sound  # noqa: F401

FULL = os.environ.get("DRILL") == "1"


def pytest_collection_modifyitems(items):
    if FULL:
        return
    for item in items:
        if "drill" in item.keywords and "phone" in item.path.parts:
            item.add_marker(pytest.mark.skip(reason="a long drill: make drill runs it"))


def pytest_terminal_summary(terminalreporter):
    if book.lines:
        terminalreporter.section("ledger")
        terminalreporter.write_line(book.table(book.lines))


@pytest.fixture
def many():
    """`many(3, 20)` → how many records: 3 in the quick run, 20 in the drill."""
    return lambda few, full: full if FULL else few


@pytest.fixture
def network(live_server, settings):
    """The road from the phone to the portal; faults.py says what can befall it."""
    settings.SECOND_FACTOR_ASKED = False  # its own tests stand in tests/accounts
    with FaultProxy(live_server.url) as network:
        yield network


@pytest.fixture
def janju():
    return make.village()


@pytest.fixture
def program(janju):
    return make.program(janju, title="Kelas ibu hamil dan gizi keluarga")


@pytest.fixture
def head(janju, program):
    return make.village_head(janju)


@pytest.fixture
def new_phone(browser, network, tmp_path):
    """`new_phone()` → a phone out of the box, on the bad network. Errors of scripts fail."""
    phones: list[Phone] = []

    def new_phone() -> Phone:
        folder = tmp_path / f"phone-{len(phones)}"
        chromium = shutil.which("chromium")
        phones.append(Phone(browser.browser_type, folder, network.url, executable=chromium))
        return phones[-1]

    yield new_phone
    for phone in phones:
        phone.close()
    assert [trouble for phone in phones for trouble in phone.troubles] == []


@pytest.fixture
def phone(new_phone) -> Phone:
    return new_phone()


@pytest.fixture
def screen(phone, head) -> Page:
    """The village head's home on her phone, signed in and ready to be without signal."""
    page = phone.open()
    sign_in(page, head)
    return page


@pytest.fixture
def recorder(screen, program, janju) -> Recorder:
    return Recorder(screen, program, janju)


@pytest.fixture
def lab(browser, network, program, janju, head):
    """The queue's modules on a bare page, the village head signed in."""
    context = browser.new_context(base_url=network.url, locale="id-ID")
    context.set_default_timeout(10_000)
    lab = Lab(context, program, janju, head)
    lab.sign_in()
    lab.open()
    yield lab
    context.close()
