"""F23, F25 and the clock of F26: much waits, the portal falls over, a certificate is wrong."""

import base64
import hashlib
import shutil
import ssl
import subprocess
import time
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from .faults import FaultProxy
from .killing import Phone
from .recording import Recorder, sign_in
from .served import Portal

pytestmark = pytest.mark.drill

SUBMISSIONS = "/api/v1/submissions/"
ALL_RECEIVED = "Semua sudah diterima"
TEN_MINUTES = 600


def test_f23_two_hundred_records_after_a_month(phone, recorder, many):
    n = many(10, 200)
    recorder.ready()
    phone.context.set_offline(True)
    clock = phone.context.clock
    clock.set_system_time(datetime.now() - timedelta(days=30))  # noqa: DTZ005
    recorder.by_hand(held_on="04-03-2026")
    recorder.by_outbox(n - 1)
    clock.set_system_time(datetime.now())  # noqa: DTZ005
    recorder.page.goto("/desa/")
    recorder.bar(f"{n} catatan menunggu sejak 30 hari")

    phone.context.set_offline(False)
    cdp = phone.context.new_cdp_session(recorder.page)
    line = {"latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
    cdp.send("Network.emulateNetworkConditions", {"offline": False, **line})
    began = time.monotonic()
    recorder.send_now(wait=False)
    recorder.drained(TEN_MINUTES)
    recorder.bar(ALL_RECEIVED)
    recorder.close("F23", drained_in=round(time.monotonic() - began))


SEED = """
import json
from tests import make
janju = make.village()
program = make.program(janju, title="Kelas ibu hamil dan gizi keluarga")
head = make.village_head(janju)
print(json.dumps([str(program.pk), head.username]))
"""


def test_f25_portal_and_database_are_killed_during_the_drain(browser, tmp_path, many):
    n = many(20, 500)
    chromium = shutil.which("chromium")
    with Portal(tmp_path) as portal, FaultProxy(portal.url) as network:
        program, username = portal.ask(SEED)
        phone = Phone(browser.browser_type, tmp_path / "phone", network.url, executable=chromium)
        page = phone.open()
        try:
            sign_in(page, SimpleNamespace(username=username))
            recorder = Recorder(
                page, SimpleNamespace(pk=program), SimpleNamespace(code="64.01.04.2002")
            )
            recorder.ready()
            phone.context.set_offline(True)
            recorder.by_hand()
            recorder.by_outbox(n - 1)
            phone.context.set_offline(False)
            struck = _strike_until_drained(recorder, portal, most=many(3, 12))
            recorder.bar(ALL_RECEIVED)
            failed = sum(1 for one in network.arrived() if one.told != 200)
            assert failed, "no request met a fallen portal: this drill proves nothing"
            recorder.close("F25", now=portal.held(), failed_posts=failed, **struck)
        finally:
            phone.close()
        assert phone.troubles == []


def _strike_until_drained(recorder, portal, most: int) -> dict[str, int]:
    """Kill one of three things each time some more records came through; count the blows."""
    blows = {
        "workers_killed": portal.kill_worker,
        "portal_killed": portal.restart,
        "database_crashed": portal.database.crash,
    }
    struck = dict.fromkeys(blows, 0)
    whole = len(recorder.uids)
    deadline = time.monotonic() + TEN_MINUTES
    while waiting := len(recorder.waiting()):
        assert time.monotonic() < deadline, f"{waiting} of {whole} still wait"
        recorder.send_now(wait=False)
        if (whole - waiting) * most >= whole * sum(struck.values()) and sum(struck.values()) < most:
            name = list(blows)[sum(struck.values()) % 3]
            blows[name]()
            struck[name] += 1
        recorder.page.wait_for_timeout(200)
    assert all(struck.values()), struck
    return struck


def _certificate(folder, name: str, *validity: str) -> tuple[ssl.SSLContext, str]:
    """A certificate for localhost, and the print of its key by which Chromium may trust it."""
    key, cert = folder / f"{name}.key", folder / f"{name}.crt"
    new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
    files = ["-keyout", str(key), "-out", str(cert), "-addext", "subjectAltName=DNS:localhost"]
    subprocess.run([*new, *files, *validity], check=True, capture_output=True)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(cert, key)
    der = ["openssl", "pkey", "-in", str(key), "-pubout", "-outform", "DER"]
    public = subprocess.run(der, check=True, capture_output=True).stdout
    return context, base64.b64encode(hashlib.sha256(public).digest()).decode()


def test_f26_the_certificate_is_not_trusted(
    browser, live_server, settings, tmp_path, head, program, janju, many
):
    settings.SECOND_FACTOR_ASKED = False
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    good, trusted = _certificate(tmp_path, "good", "-days", "30")
    stranger, _ = _certificate(tmp_path, "stranger", "-days", "1")
    with FaultProxy(live_server.url, tls=good) as network:
        chromium = shutil.which("chromium")
        phone = Phone(browser.browser_type, tmp_path / "phone", network.url, executable=chromium)
        phone.extra = [f"--ignore-certificate-errors-spki-list={trusted}"]
        page = phone.open()
        try:
            sign_in(page, head)
            recorder = Recorder(page, program, janju)
            recorder.ready()
            network.tls = stranger
            network.go_dark()
            network.listen()
            recorder.by_hand()
            recorder.by_outbox(many(2, 5) - 1)
            recorder.send_now()
            assert network.arrived() == [], "the record went over an untrusted line"
            assert recorder.states() == {"queued"}
            recorder.bar("Tidak ada sinyal. Catatan aman di HP ini.")
            network.tls = good
            network.go_dark()
            network.listen()
            recorder.send_now()
            recorder.drained()
            recorder.bar(ALL_RECEIVED)
            recorder.close("F26 certificate")
        finally:
            phone.close()
        assert phone.troubles == []
