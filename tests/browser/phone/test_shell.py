"""The worker and its shells: offline start, updates that wait, the kill switch, nobody's names."""

import re

import pytest
from playwright.sync_api import Error, expect

from programs.phone import shell

from .faults import delay, login_page, status
from .packed import forget_build, packed, packed_files  # noqa: F401
from .recording import READY, sign_in, until

CACHED = """async () => {
  const kept = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const answer = await cache.match(request);
      const headers = JSON.stringify([...answer.headers]);
      kept.push({name, path: new URL(request.url).pathname, headers, text: await answer.text()});
    }
  }
  return kept;
}"""
CACHES = "async () => (await caches.keys()).filter((name) => name.startsWith('pug-'))"
LOOK = """async () => {
  const registration = await navigator.serviceWorker.getRegistration("/desa/");
  await registration.update();
}"""
WAITING = """async () => {
  const registration = await navigator.serviceWorker.getRegistration("/desa/");
  return Boolean(registration?.waiting);
}"""


def get_ready(page, url="/desa/"):
    """Opened once with signal: the worker has everything it needs."""
    page.goto(url)
    assert page.evaluate(READY), "the worker did not start"
    until(lambda: len(page.evaluate(CACHED)) > len(shell.PAGES), "shells are kept", page=page)


def caches_of(page) -> list[str]:
    """Names of the caches, [] while the page starts anew with the new version."""
    try:
        return page.evaluate(CACHES)
    except Error:
        return []


def is_shell(page):
    """Shells are nobody's; the portal's own pages say whose they are."""
    expect(page.locator("html:not([data-account]) body[data-phone]")).to_have_count(1)


@pytest.fixture
def new_code(monkeypatch):
    """`new_code()`: the portal is deployed anew, with another worker."""
    written = shell.worker_text()

    def new_code(mark: str = "newer") -> str:
        monkeypatch.setattr(shell, "worker_text", lambda: f"{written}\n// {mark}\n")
        forget_build()
        return shell.built().version

    yield new_code
    forget_build()


@pytest.mark.asvs("14.3.3")
def test_nothing_kept_names_anybody(screen, head, program, janju):
    get_ready(screen)
    screen.goto("/desa/kegiatan/")
    screen.goto("/desa/catat/")

    kept = screen.evaluate(CACHED)

    plan = shell.built().plan
    shells = {f"{plan['shells']}{page}/" for page in shell.PAGES}
    assert {one["path"] for one in kept} == {*plan["files"], *shells}
    rules = [one["headers"] for one in kept if one["path"] in shells]
    assert all("script-src 'self'" in headers for headers in rules)
    token = re.compile(r"csrf\w*[\"']?\s*(?:value|content|:|=)\s*[\"']?\w{20}", re.I)
    for one in kept:
        assert "set-cookie" not in one["headers"]
        if one["path"] in plan["files"]:
            continue  # code as shipped: its digest was checked when it came
        text = one["text"] + one["headers"]
        for secret in (head.name, head.username, janju.name, janju.code, program.title):
            assert secret not in text, f"{one['path']} holds {secret!r}"
        assert not token.search(text), one["path"]
        assert "csrfmiddlewaretoken" not in text


def test_killed_phone_starts_without_signal(screen, phone, network):
    get_ready(screen)
    phone.kill()
    network.go_dark()

    page = phone.open()
    answer = page.goto("/desa/")

    assert answer.from_service_worker
    is_shell(page)
    expect(page.locator("h1")).to_be_visible()
    for path in ("/desa/catat/", "/desa/kegiatan/", "/desa/kotak-kirim/", "/desa/bantuan/"):
        assert page.goto(path).ok
        is_shell(page)
    page.goto("/desa/kegiatan/0190a0b0-0000-7000-8000-000000000000/")
    expect(page.locator("body[data-phone=nosignal]")).to_be_visible()
    network.listen()


@pytest.mark.parametrize(
    "fault", [delay(8), status(500), login_page], ids=["silence", "broken", "stranger"]
)
def test_shell_stands_in(screen, network, fault):
    get_ready(screen)
    screen.goto("/desa/")
    expect(screen.locator("html[data-account]")).to_have_count(1)
    network.fault(fault, on="^/desa/$", method="GET")

    screen.goto("/desa/")

    is_shell(screen)


def test_patient_person_gets_the_portal(screen, network):
    """`?online=1` waits for the portal, however long it takes."""
    get_ready(screen)
    network.fault(delay(4), on="^/desa/catat/", method="GET")
    screen.goto("/desa/catat/")
    is_shell(screen)

    screen.goto("/desa/catat/?online=1")

    expect(screen.locator("html[data-account]")).to_have_count(1)


@pytest.mark.asvs("14.2.2")
def test_strangers_answers_are_never_kept(phone, head, network):
    """An operator's login page in the place of shells: the worker does not come to life."""
    rule = network.fault(login_page, on="^/desa/cangkang/", method="GET")
    page = phone.open()
    sign_in(page, head)
    until(lambda: network.arrived("/desa/cangkang/", "GET"), "the worker asked", page=page)
    page.wait_for_timeout(500)
    assert not [one for one in page.evaluate(CACHED) if "cangkang" in one["path"]]
    network.rules.remove(rule)

    get_ready(page)

    assert "WiFi" not in str(page.evaluate(CACHED))


def test_update_waits_for_the_open_form(screen, new_code):
    get_ready(screen)
    screen.goto("/desa/catat/")
    old = screen.evaluate(CACHES)
    version = new_code()

    screen.evaluate(LOOK)
    expect(screen.locator("[data-update]")).to_have_text(
        "Ada versi baru. Dipakai setelah catatan ini selesai."
    )
    other = screen.context.new_page()
    other.goto("/desa/kegiatan/")  # no form here, but one in the other window
    expect(other.locator("[data-update]")).to_be_visible()
    assert screen.evaluate(WAITING)
    assert set(old) < set(screen.evaluate(CACHES))

    screen.goto("/desa/")

    until(
        lambda: caches_of(screen) == [f"pug-shell-{version}"],
        "the new version is in use",
        page=screen,
    )
    expect(screen.locator("[data-update]")).to_have_count(0)


def test_kill_switch_takes_the_worker_and_leaves_the_records(screen, settings):
    get_ready(screen)
    screen.evaluate(
        """async () => {
          const store = await import("/static/js/phone/store.js");
          const account = await store.account();
          const row = {uid: "d1", account, step: 1, changed_at: Date.now()};
          await store.put("drafts", {...row, values: {title: "Posyandu"}});
        }"""
    )
    settings.PHONE_KILL = True

    screen.goto("/desa/")

    gone = """async () => !(await navigator.serviceWorker.getRegistrations()).length
      && !(await caches.keys()).some((name) => name.startsWith("pug-"))"""
    until(lambda: screen.evaluate(gone), "worker and caches are gone", page=screen)
    answer = screen.goto("/desa/")
    assert not answer.from_service_worker
    row = screen.evaluate(
        """async () => (await import("/static/js/phone/store.js")).get("drafts", "d1")"""
    )
    assert row["values"] == {"title": "Posyandu"}

    settings.PHONE_KILL = False
    get_ready(screen)


def test_names_by_content_start_without_signal(packed, new_phone, head):  # noqa: F811
    """Collected, hashed and packed, as the demonstration serves it."""
    phone = new_phone()
    phone.url = packed.url
    page = phone.open()
    sign_in(page, head)
    get_ready(page)
    paths = {one["path"] for one in page.evaluate(CACHED) if one["path"].startswith("/static/")}
    assert paths
    assert [path for path in paths if not re.search(r"\.[0-9a-f]{12}\.\w+$", path)] == []
    phone.kill()
    packed.stop()

    page = phone.open()
    page.goto("/desa/catat/")

    is_shell(page)
    expect(page.locator("h1")).to_be_visible()
    loaded = page.evaluate("() => performance.getEntriesByType('resource').map((one) => one.name)")
    scripts = [one for one in loaded if one.endswith(".js")]
    assert scripts
    assert [one for one in scripts if not re.search(r"\.[0-9a-f]{12}\.js$", one)] == []
