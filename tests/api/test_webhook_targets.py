"""Where a message may go: nowhere inside, whatever the address, the name or the answer says."""

from __future__ import annotations

import ssl
import time

import pytest

from programs.webhooks import posting, targets
from programs.webhooks.targets import Unfit

from .receiving import Receiver

pytestmark = pytest.mark.once
PUBLIC = "93.184.215.14"


@pytest.mark.asvs("1.3.6", "13.2.4")
@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.9.1", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.1"),
        *("192.168.1.1", "169.254.169.254", "100.64.0.1", "100.127.255.254", "192.0.0.8"),
        *("192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.1.1.1"),
        *("240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1"),
        *("::ffff:93.184.215.14", "::127.0.0.1", "fc00::1", "fd12:3456::1", "fe80::1"),
        *("fe80::1%eth0", "fec0::1", "ff02::1", "64:ff9b::7f00:1", "64:ff9b::5db8:d70e"),
        *("64:ff9b:1::1", "2001:db8::1", "2002:7f00:1::", "2001:0:7f00:1::", "100::1", "5f00::1"),
        *("3fff::1", "3fff:fff:ffff::1"),
        *("0.0.0.0",),  # noqa: S104  refused here, not listened on
        *("", "example.org", "127.1", "2130706433"),
    ],
)
def test_address_inside_is_refused(address):
    assert targets.is_public(address) is False


@pytest.mark.parametrize("address", [PUBLIC, "1.1.1.1", "2606:4700:4700::1111", "3ffe::1"])
def test_public_address_is_fit(address):
    assert targets.is_public(address) is True


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://contoh.go.id/", "not_https"),
        ("ftp://contoh.go.id/", "not_https"),
        ("file:///etc/passwd", "not_an_address"),
        ("gopher://contoh.go.id:443/", "not_https"),
        ("//contoh.go.id/", "not_https"),
        ("contoh.go.id", "not_an_address"),
        ("", "not_an_address"),
        ("https://", "not_an_address"),
        ("https://a:b@contoh.go.id/", "not_an_address"),
        ("https://contoh.go.id@127.0.0.1/", "not_an_address"),
        ("https://contoh.go.id/#x", "not_an_address"),
        ("https://contoh.go.id/\r\nHost: a", "not_an_address"),
        ("https://contoh.go.id\\@127.0.0.1/", "not_an_address"),
        ("https://contoh.go.id/a b", "not_an_address"),
        ("https://contoh.go.id:22/", "port"),
        ("https://contoh.go.id:80/", "port"),
        ("https://contoh.go.id:99999/", "not_an_address"),
        ("https://[::1/", "not_an_address"),
        ("http://127.0.0.1:8000/", "not_https"),
        ("https://127.0.0.1:8000/", "port"),
    ],
)
def test_address_of_another_form_is_refused(url, code):
    with pytest.raises(Unfit) as refused:
        targets.read(url)
    assert refused.value.code == code


def test_parts_of_a_good_address():
    read = targets.read("https://contoh.go.id:8443/pug?a=1")
    assert (read.host, read.port, read.path) == ("contoh.go.id", 8443, "/pug?a=1")
    assert targets.read("https://contoh.go.id").path == "/"


@pytest.mark.asvs("1.3.6")
@pytest.mark.parametrize(
    "url",
    [
        *("https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f.1/"),
        *("https://0/", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://localhost/"),
    ],
)
def test_ways_to_write_this_machine_are_refused(url):
    """Through the machine's own resolver: what it understands is judged, not what was written."""
    answer = posting.post(url, b"{}", {})
    assert (answer.status, answer.trouble) == (0, "not_public")


@pytest.mark.asvs("1.3.6")
def test_one_inner_address_among_public_ones_is_enough(monkeypatch):
    monkeypatch.setattr(targets, "resolve", lambda *asked: [PUBLIC, "10.0.0.1"])
    with pytest.raises(Unfit, match="not_public"):
        targets.addresses_of(targets.read("https://contoh.go.id/"), 1)


def test_name_that_nobody_knows(monkeypatch):
    monkeypatch.setattr(targets, "resolve", lambda *asked: [])
    assert posting.post("https://contoh.go.id/", b"{}", {}).trouble == "unknown"


@pytest.mark.asvs("1.3.6")
def test_name_that_answers_differently_the_second_time(monkeypatch):
    """Rebinding: it is asked once, and the connection goes to what was judged."""
    answers, reached = iter([[PUBLIC], ["127.0.0.1"]]), []

    def connect(address, timeout):
        reached.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(targets, "resolve", lambda *asked: next(answers))
    monkeypatch.setattr(posting.socket, "create_connection", connect)
    assert posting.post("https://contoh.go.id/", b"{}", {}).trouble == "unreachable"
    assert reached == [(PUBLIC, 443)]
    assert next(answers) == ["127.0.0.1"]  # never asked for


@pytest.mark.asvs("12.3.2", "12.3.1")
def test_certificate_is_judged_by_the_name(monkeypatch):
    """The name goes into the handshake although the connection goes to a number."""
    asked = {}

    def wrap(self, line, server_hostname, **options):
        asked.update(name=server_hostname, verify=self.verify_mode, host=self.check_hostname)
        raise ssl.SSLCertVerificationError("not this name")

    with Receiver() as receiver:
        port = receiver.server.server_port
        monkeypatch.setattr(targets, "resolve", lambda *asked: [PUBLIC])
        real = posting.socket.create_connection
        monkeypatch.setattr(
            posting.socket, "create_connection", lambda to, timeout: real(("127.0.0.1", port))
        )
        monkeypatch.setattr(ssl.SSLContext, "wrap_socket", wrap)
        assert posting.post("https://contoh.go.id/", b"{}", {}).trouble == "certificate"
        assert receiver.calls == 0
    assert asked == {"name": "contoh.go.id", "verify": ssl.CERT_REQUIRED, "host": True}


@pytest.fixture
def receiver(settings):
    settings.WEBHOOKS_TO_LOOPBACK = True
    with Receiver() as listening:
        yield listening


def test_loopback_is_reached_only_where_the_settings_allow(receiver, settings):
    receiver.behaviour = lambda call: (call.send_response(204), call.end_headers())
    assert posting.post(receiver.url, b"{}", {}).status == 204
    assert posting.post(receiver.url.replace("127.0.0.1", "[::1]"), b"{}", {}).status == 0
    settings.WEBHOOKS_TO_LOOPBACK = False
    assert posting.post(receiver.url, b"{}", {}).trouble == "not_https"
    assert receiver.calls == 1


@pytest.mark.asvs("15.3.2")
def test_redirect_is_an_answer_and_is_not_followed(receiver):
    def redirect(call):
        call.send_response(302)
        call.send_header("Location", receiver.url)
        call.send_header("Content-Length", "0")
        call.end_headers()

    receiver.behaviour = redirect
    answer = posting.post(receiver.url, b"{}", {})
    assert (answer.status, answer.taken, receiver.calls) == (302, False, 1)


def test_proxy_of_the_surroundings_is_not_asked(receiver, monkeypatch):
    for name in ("http_proxy", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://10.255.255.1:3128")
    receiver.behaviour = lambda call: (call.send_response(204), call.end_headers())
    assert posting.post(receiver.url, b"{}", {}).status == 204


@pytest.mark.parametrize("where", ["head", "body"])
def test_answer_that_drips_is_cut(receiver, monkeypatch, where):
    """Each piece comes in time; all of it would take for ever."""
    monkeypatch.setattr(posting, "PATIENCE", 0.6)

    def drip(call):
        if where == "body":
            call.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        else:
            call.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        for _ in range(40):
            call.wfile.write(b"a")
            time.sleep(0.1)

    receiver.behaviour = drip
    begun = time.monotonic()
    answer = posting.post(receiver.url, b"{}", {})
    assert (answer.taken, answer.trouble) == (False, "too_slow")
    assert time.monotonic() - begun < 2


def test_large_answer_is_not_read_to_its_end(receiver):
    sent = []

    def flood(call):
        call.send_response(200)
        call.end_headers()
        try:
            for _ in range(2000):
                call.wfile.write(b"x" * 65536)
                sent.append(65536)
        except OSError:
            pass

    receiver.behaviour = flood
    answer = posting.post(receiver.url, b"{}", {})
    assert answer.taken
    time.sleep(0.2)
    assert sum(sent) < 20_000_000  # what the sockets hold on their way; not 131 MB


def test_answer_that_is_none(receiver):
    receiver.behaviour = lambda call: call.wfile.write(b"hello\r\n\r\n")
    assert posting.post(receiver.url, b"{}", {}).trouble == "unreadable"
    receiver.behaviour = lambda call: call.connection.close()
    assert posting.post(receiver.url, b"{}", {}).taken is False
