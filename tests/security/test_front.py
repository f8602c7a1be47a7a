"""The front and the database as deploy/ sets them up: read as text, tried where they run."""

from __future__ import annotations

import re

import pytest

from pug_portal.env import database, mail
from tests.architecture import tree

pytestmark = pytest.mark.tree


@pytest.fixture(scope="module")
def front() -> str:
    """The configuration of nginx that deploy/ brings."""
    found = [
        path.read_text()
        for path in tree.files()
        if "deploy" in path.parts and "nginx" in path.as_posix() and path.is_file()
    ]
    text = "\n".join(one for one in found if "listen" in one or "ssl_protocols" in one)
    if not text:
        pytest.skip("no configuration of nginx in deploy/")
    return re.sub(r"#[^\n]*", "", text)


@pytest.mark.asvs("12.1.1")
def test_the_front_speaks_tls_1_2_and_1_3_only(front):
    [told] = set(re.findall(r"ssl_protocols\s+([^;]+);", front))
    assert told.split() == ["TLSv1.2", "TLSv1.3"]


@pytest.mark.asvs("12.1.2")
def test_the_front_offers_no_weak_cipher(front):
    for told in re.findall(r"ssl_ciphers\s+([^;]+);", front):
        assert not re.search(r"(?<!!)\b(RC4|3?DES|MD5|NULL|EXPORT|aNULL|CBC3?)\b", told)
        assert re.search(r"ECDHE|HIGH", told)
    assert "ssl_ciphers" in front


@pytest.mark.asvs("12.1.3")
def test_no_identity_is_taken_from_a_certificate_of_the_caller(front):
    assert "ssl_verify_client" not in front
    served = [p for p in tree.written(".py") if not tree.name(p).startswith(("tests/", "deploy/"))]
    assert not [tree.name(p) for p in served if "SSL_CLIENT" in p.read_text()]


@pytest.mark.asvs("4.1.3", "15.3.4")
def test_the_front_overwrites_what_callers_say_of_themselves(front):
    assert re.search(r"proxy_set_header\s+X-Forwarded-For\s+\$(remote_addr|proxy_add_x)", front)
    assert re.search(r"proxy_set_header\s+X-Forwarded-Proto\s+(\$scheme|https)", front)


@pytest.mark.asvs("12.3.3")
def test_behind_the_front_all_stays_on_this_machine(front):
    for told in re.findall(r"(?:proxy_pass\s+https?://|server\s+)([\w.\[\]:/-]+:\d+)", front):
        assert told.startswith(("127.0.0.1:", "[::1]:", "localhost:")), told


@pytest.mark.asvs("12.3.1")
@pytest.mark.parametrize(
    ("url", "host", "options"),
    [
        ("postgresql://pug_app@/pug?host=/run/postgresql", "/run/postgresql", {}),
        (
            "postgresql://a:b@db.example/pug?sslmode=verify-full&sslrootcert=/etc/ca.pem",
            "db.example",
            {"sslmode": "verify-full", "sslrootcert": "/etc/ca.pem"},
        ),
    ],
)
def test_the_database_is_reached_by_socket_or_tls(tmp_path, url, host, options):
    made = database(url, tmp_path / "x")
    assert made["HOST"] == host
    assert options.items() <= made["OPTIONS"].items()


@pytest.mark.asvs("12.3.1")
@pytest.mark.parametrize(
    ("url", "key"), [("smtp+tls", "EMAIL_USE_TLS"), ("smtps", "EMAIL_USE_SSL")]
)
def test_letters_go_out_by_tls(url, key):
    assert mail(f"{url}://u:p@mail.example")[key] is True


@pytest.mark.asvs("13.2.1", "13.2.2", "13.2.3")
def test_database_roles_have_no_default_password_and_their_own_rights():
    sql = (tree.ROOT / "deploy" / "database" / "roles.sql").read_text().lower()
    for role in ("pug_owner", "pug_app", "pug_duty", "pug_read", "pug_backup"):
        assert role in sql
    assert not re.search(r"password\s+'[^':%]+'", sql)
    assert not re.search(
        r"pug_app[^;]*\b(superuser|createrole|createdb|bypassrls)\b(?<!no)", sql
    ) or ("nosuperuser" in sql)


@pytest.mark.asvs("13.3.1", "13.3.2", "11.2.3")
def test_a_secret_may_stand_in_a_file_that_only_its_owner_reads(tmp_path, monkeypatch):
    from django.core.exceptions import ImproperlyConfigured

    from pug_portal import env

    file = tmp_path / "key"
    file.write_text("k" * 60 + "\n")
    file.chmod(0o400)
    monkeypatch.delenv("PUG_SECRET_KEY", raising=False)
    monkeypatch.setenv("PUG_SECRET_KEY_FILE", str(file))
    assert env.secret("PUG_SECRET_KEY") == "k" * 60
    file.chmod(0o444)
    with pytest.raises(ImproperlyConfigured):
        env.secret("PUG_SECRET_KEY")


@pytest.mark.asvs("13.3.1", "11.2.3")
@pytest.mark.parametrize(
    "secret", ["short", "a" * 60, "unsafe-for-development-only" * 3, "changeme" * 8]
)
def test_a_secret_that_others_could_know_is_refused(secret):
    from core.checks import guessable

    assert guessable(secret)
    assert not guessable("x9-kTq7Lw2Zr8vBn4Mf6Hs1Yd3Gp5Jc0RaXeUiOoWqEtPlKzVb")
