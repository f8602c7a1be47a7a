"""The front through a real nginx: what it refuses, overwrites, limits and leaves out of its log."""

import json
import shutil
import tempfile
from pathlib import Path

import pytest

from programs import files, pictures

from .front import HOST, KEPT, PHOTO, Front

pytestmark = [
    pytest.mark.once,
    pytest.mark.skipif(
        not (shutil.which("nginx") or Path("/usr/sbin/nginx").exists()),
        reason="nginx is not installed",
    ),
]


@pytest.fixture(scope="module")
def front():
    with tempfile.TemporaryDirectory(prefix="pug-front-") as folder, Front(Path(folder)) as made:
        yield made


def told(answer: str) -> dict:
    assert answer.startswith("HTTP/1.1 200"), answer[:200]
    return json.loads(answer.partition("\r\n\r\n")[2])


def status(answer: str) -> int:
    return int(answer.split(" ", 2)[1])


def test_nginx_understands_the_site(front):
    said = front.tested()
    assert said.returncode == 0, said.stderr
    assert "warn" not in said.stderr


def test_caller_cannot_say_who_she_is(front):
    spoofs = ["X-Forwarded-For: 10.9.9.9", "X-Forwarded-Proto: http", "X-Forwarded-Host: evil.test"]
    spoofs += ["X-Real-IP: 10.9.9.9", "Forwarded: for=10.9.9.9", "Proxy: evil.test"]
    got = told(front.get("/", *spoofs, "X-Accel-Redirect: /-/kept/x"))["headers"]
    assert got["x-forwarded-for"] == "127.0.0.1"
    assert got["x-forwarded-proto"] == "https"
    assert not {"forwarded", "proxy", "x-real-ip", "x-forwarded-host"} & got.keys()
    assert got["host"].partition(":")[0] == HOST
    assert "10.9.9.9" not in json.dumps(got)
    assert "evil.test" not in json.dumps(got)


@pytest.mark.parametrize(
    "lines",
    [
        ["Content-Length: 4", "Transfer-Encoding: chunked"],
        ["Transfer-Encoding: chunked", "Content-Length: 4"],
        ["Content-Length: 4", "Content-Length: 5"],
        ["Transfer-Encoding: chunked, identity"],
        ["Transfer-Encoding : chunked", "Content-Length: 4"],
        ["Content-Length: +4"],
    ],
)
def test_request_of_two_lengths_is_refused(front, lines):
    head = "\r\n".join(["POST /smuggled HTTP/1.1", f"Host: {HOST}", *lines, "", ""])
    answer = front.ask(head.encode() + b"0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: x\r\n\r\n")
    assert status(answer) in (400, 501), answer[:300]
    assert "/hidden" not in answer
    assert not [line for line in front.lines() if line["path"] == "/hidden"]


def test_trace_and_other_names_are_refused(front):
    assert status(front.get("/", method="TRACE")) == 405
    assert front.ask(b"GET / HTTP/1.1\r\nHost: evil.test\r\n\r\n") == ""
    assert front.ask(b"GET / HTTP/1.1\r\nHost: evil.test\r\n\r\n", plain=True) == ""
    assert "nginx/" not in front.get("/static/none.css")


def test_plain_http_leads_pages_on_and_refuses_the_api(front):
    answer = front.get("/masuk/?next=/a", plain=True)
    assert status(answer) == 301
    assert f"Location: https://{HOST}:{front.https}/masuk/?next=/a" in answer
    answer = front.get("/api/v1/session/", plain=True)
    assert status(answer) == 403
    assert "application/problem+json" in answer
    assert "https_only" in answer
    assert "Location" not in answer


UID = "0190a1b2-0000-7000-8000-000000000000"
SHEET = 5_000_000 + 20_000


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/kegiatan/catat/", 1_000_000),
        ("/api/v1/submissions/", 1_000_000),
        (f"/kegiatan/{UID}/foto/", pictures.MOST_BYTES + 20_000),
        (f"/api/v1/activities/{UID}/photos/{UID}/", pictures.MOST_BYTES),
        ("/api/v1/imports/", SHEET),
        ("/impor/", SHEET),
        ("/impor-daftar/mitra/", SHEET),
        ("/perencanaan/arg/impor/", SHEET),
        ("/perencanaan/dokumen/baru/", files.MOST_BYTES + 20_000),
        (f"/perjanjian/{UID}/berkas/baru/", files.MOST_BYTES + 20_000),
        (f"/perjanjian/kelembagaan/{UID}/sk/", files.MOST_BYTES + 20_000),
    ],
)
def test_body_is_let_in_up_to_the_portals_limit(front, path, most):
    """A little more gets in too, so that the portal's own words are read; much more does not."""
    assert told(front.get(path, method="POST", body=b"x" * (most + 1)))["bytes"] == most + 1
    head = f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: {most + 400_000}\r\n\r\n"
    answer = front.ask(head.encode(), first=True)
    assert status(answer) == 413
    assert ("application/problem+json" in answer) is path.startswith("/api/")


def test_photo_is_sent_by_nginx_with_the_portals_headers(front):
    answer = front.get("/photo")
    assert answer.endswith(PHOTO.decode("latin-1"))
    for name, value in {**KEPT, "X-Request-ID": "the-id", "Content-Type": "image/jpeg"}.items():
        assert f"{name}: {value}\r\n" in answer
    assert "X-Accel" not in answer
    assert status(front.get("/-/kept/photos/ab/one.jpg")) == 404
    assert status(front.get("/-/503.html")) == 404


def test_static_files_stay_for_a_year(front):
    answer = front.get("/static/a.0123.css")
    assert "max-age=31536000, immutable" in answer
    assert "nosniff" in answer
    assert status(front.get("/static/../media/photos/ab/one.jpg")) == 200  # the portal's page of it
    assert PHOTO.decode("latin-1") not in front.get("/static/../media/photos/ab/one.jpg")


def test_log_names_the_request_and_no_secret(front):
    for path in ("/masuk/tautan/s3cr3t/", "/m%61suk/tautan/s3cr3t/", "/cari/?search=s3cr3t"):
        told(front.get(path))
    text = (front.folder / "log/pug-access.log").read_text()
    assert "s3cr3t" not in text
    last = front.lines()[-3:]
    assert [line["path"] for line in last] == ["/masuk/tautan/-", "/masuk/tautan/-", "/cari/"]
    assert {line["request_id"] for line in last} == {"the-id"}


def test_one_village_behind_one_address_is_spared_and_a_machine_is_not(front):
    """Three hundred pages at once pass; two thousand do not."""
    many = (
        b"".join(f"GET /many HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode() for _ in range(300))
        + f"GET /last HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode()
    )
    assert "HTTP/1.1 429" not in front.ask(many)
    found = "".join(front.ask(many) for _ in range(6))
    assert "HTTP/1.1 429" in found
    assert "Retry-After: 60" in found


def test_away_is_said_with_a_time_to_come_again(tmp_path):
    """Last: the portal behind this front is taken away."""
    tmp_path.chmod(0o755)
    with tempfile.TemporaryDirectory(prefix="pug-front-") as folder, Front(Path(folder)) as front:
        (Path(folder) / "web.sock").unlink()
        page, api = front.get("/desa/"), front.get("/api/v1/session/")
        assert status(page) == status(api) == 503
        assert "Retry-After: 60" in page
        assert "belum dapat menjawab" in page
        assert "application/problem+json" in api
        (Path(folder) / "var/maintenance.html").write_text("sedang dirawat")
        assert "sedang dirawat" not in front.get("/desa/")
        (Path(folder) / "var/maintenance.on").touch()
        assert "sedang dirawat" in front.get("/desa/")
