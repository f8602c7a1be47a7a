"""What the phone's pages weigh on the line, packed with gzip, heads of answers included (those of
scripts aside: their budget is of code)."""

from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

from tests import make

from ..conftest import PHONE
from .packed import packed, packed_files  # noqa: F401
from .recording import until

KB = 1000
#: The first load with all that the worker keeps: every page, for days without signal.
FIRST_LOAD, SCRIPTS, NEXT_PAGE = 100 * KB, 45 * KB, 15 * KB
READY = """async () => {
  const registration = await navigator.serviceWorker.getRegistration("/desa/");
  return Boolean(registration?.active);
}"""


@pytest.fixture
def head():
    """A village head with a year behind her: lists and programs as long as they get."""
    village = make.village()
    head = make.village_head(village)
    for n in range(6):
        program = make.program(village, title=f"Program pemberdayaan perempuan {n}")
        for _ in range(4):
            make.activity(program, village, author=head)
    return head


@pytest.fixture
def visit(browser, packed, head):  # noqa: F811
    """`visit()` → her home on a phone that was never here, and the requests it made."""
    client = Client()
    client.force_login(head)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    contexts = []

    def visit(path: str = "/desa/"):
        context = browser.new_context(base_url=packed.url, viewport=PHONE, locale="id-ID")
        contexts.append(context)
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": packed.url}
        context.add_cookies([cookie])
        page, asked = context.new_page(), []
        page.on("request", lambda request: asked.append((request.url, request.resource_type)))
        packed.forget()
        page.goto(path)
        until(lambda: page.evaluate(READY), "the worker has what it keeps", 30, page)
        page.wait_for_load_state("networkidle")
        return page, asked

    yield visit
    for context in contexts:
        context.close()


def told(sent: dict[str, int]) -> str:
    """The heaviest, for whoever has to make them lighter."""
    rows = sorted(sent.items(), key=lambda pair: -pair[1])
    return f"{sum(sent.values())} bytes: " + ", ".join(f"{path} {size}" for path, size in rows[:60])


def test_first_load_is_within_its_budget(visit, packed):  # noqa: F811
    """What the page itself asks for, data included; then all that the worker adds to it."""
    _page, asked = visit()
    paths = {urlsplit(url).path for url, _kind in asked}
    first = {path: size for path, size in packed.sent.items() if path in paths}
    bodies = packed.bodies
    scripts = {path: bodies[path] for path in first if path.endswith(".js")}

    assert sum(scripts.values()) <= SCRIPTS, told(scripts)
    assert sum(packed.sent.values()) <= FIRST_LOAD, told(packed.sent)
    ours = urlsplit(packed.url).netloc
    assert {urlsplit(url).netloc for url, _kind in asked} == {ours}
    assert [url for url, kind in asked if kind == "font"] == []


PAGES = (
    *("/desa/", "/desa/catat/", "/desa/kegiatan/", "/desa/kotak-kirim/", "/desa/bantuan/"),
    *("/desa/akun/", "/desa/capaian/", "/desa/nihil/", "/kegiatan/", "/program/"),
)


def test_next_pages_are_within_their_budget(visit, packed):  # noqa: F811
    """Each page she comes to after the first, its own data included."""
    page, _asked = visit()
    heavy = []
    for path in PAGES:
        packed.forget()
        page.goto(path)
        page.wait_for_load_state("networkidle")
        if sum(packed.sent.values()) > NEXT_PAGE:
            heavy.append(f"{path}: {told(packed.sent)}")

    assert heavy == []
