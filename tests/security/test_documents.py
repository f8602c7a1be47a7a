"""What is asked to be written down is written down, and says what the code does."""

from __future__ import annotations

import re

import pytest

from accounts import known, lockout, pace, passwords
from accounts.middleware import FIELD, OFFICE
from accounts.services.tokens import LONGEST_KEY_LIFE, MOST_KEYS
from core import csp_reports, sheets
from programs import files, pictures
from tests.architecture import tree

pytestmark = pytest.mark.tree
THREATS = (tree.ROOT / "docs" / "threats.md").read_text()
SECURITY = (tree.ROOT / "SECURITY.md").read_text()


def section(title: str) -> str:
    found = re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", THREATS, re.M | re.S)
    assert found, f"docs/threats.md has no section {title}"
    return found[1]


@pytest.mark.asvs("6.1.1", "2.1.3", "15.1.3")
@pytest.mark.parametrize(
    "figure",
    [
        f"| {pace.WRITES.most:,} an hour",
        f"| {pace.FILES.most} an hour",
        "| 5, then 1, 2, 4 … 60 minutes",
        f"| {known.MOST} in {known.WITHIN.seconds // 60} minutes",
        f"| {MOST_KEYS}, 10 |",
        f"| {csp_reports.MOST_LINES} lines an hour",
        "| 600 a minute (`PUG_PAGES_PER_MINUTE`)",
        "| 600 a minute (`PUG_API_PER_MINUTE`)",
    ],
)
def test_limits_are_written_as_they_are(figure):
    assert figure in section("Limits")
    assert lockout.LONGEST.seconds == 60 * 60


@pytest.mark.asvs("5.1.1")
def test_uploads_are_written_as_they_are():
    told = section("Uploads")
    assert f"{pictures.MOST_BYTES // 1_000_000} MB, 40 million pixels" in told
    assert f"{files.MOST_BYTES // 1_000_000} MB; {files.MOST_ENTRIES:,} parts" in told
    assert f"{files.MOST_UNPACKED // 1_000_000} MB unpacked, ratio {files.MOST_RATIO}" in told
    assert f"{sheets.MOST_BYTES // 1_000_000} MB; {sheets.MOST_ENTRIES} parts" in told
    assert f"{sheets.MOST_UNPACKED // 1_000_000} MB unpacked, ratio {sheets.MOST_RATIO}" in told


@pytest.mark.asvs("7.1.1", "7.1.2")
def test_sessions_are_written_as_they_are():
    told = section("Sessions")
    assert (OFFICE.idle.seconds, OFFICE.absolute.seconds) == (30 * 60, 12 * 3600)
    assert (FIELD.idle.days, FIELD.absolute.days) == (30, 180)
    assert "30 minutes idle, 12 hours at most" in told
    assert "30 and 180 days" in told
    assert "Any number of logins at once" in told
    assert "days without\n  signal" in section("Trade-offs, named")


@pytest.mark.asvs("6.1.2", "6.1.3")
def test_ways_in_and_words_are_written_as_they_are():
    told = section("Ways in")
    assert all(word in told for word in passwords.LOCAL_WORDS)
    assert f"at most {LONGEST_KEY_LIFE} days" in told
    for way in ("code of an app", "One-time link", "Start password", "API key", "console"):
        assert way in told


@pytest.mark.asvs("11.1.1", "11.1.2")
def test_keys_and_their_change_are_written_down():
    told = section("Keys")
    for word in ("PUG_SECRET_KEY_FALLBACKS", "Argon2id", "SHA-256", "age key", "TLS key", "0400"):
        assert word in told
    assert "encrypts nothing itself" in told


@pytest.mark.asvs("13.1.1")
def test_connections_are_written_down():
    told = section("Connections")
    for word in ("database", "mail server", "clamd", "webhook receivers", "no redirects"):
        assert word in told


@pytest.mark.asvs("16.1.1")
def test_logs_are_written_down():
    told = section("Logs")
    for word in ("journald", "audit trail", "1 year", "for ever", "Who reads"):
        assert word in told


@pytest.mark.asvs("15.1.1")
def test_times_for_mending_are_written_down():
    words = " ".join(SECURITY.split())
    assert "critical ones are mended within 7 days" in words
    assert "high ones within 30" in words
    assert "within 48 hours" in words


@pytest.mark.asvs("3.5.4", "12.2.2", "13.3.2")
def test_the_deploy_page_says_what_the_office_must_bring():
    page = tree.ROOT / "docs" / "deploy.md"
    if not page.exists():
        pytest.skip("docs/deploy.md comes with deploy/")
    told = " ".join(page.read_text().split()).lower()
    assert "host name" in told or "hostname" in told or "nama host" in told
    assert "certificate" in told
    assert "0400" in told


@pytest.mark.asvs("6.1.1")
def test_trade_offs_and_attackers_are_named():
    assert section("Who might attack, and how far she gets").count("\n| ") >= 8
    assert section("Trade-offs, named").count("\n- **") >= 6
