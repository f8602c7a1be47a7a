"""Strict readers of the environment: an unknown name or value stops the start, in words."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


class Setting(NamedTuple):
    """One name of the environment; docs/settings.md is made from these (settings_page.py)."""

    meaning: str
    default: str = ""
    secret: bool = False  # may come as NAME_FILE, the path of a file that holds it


KNOWN = {
    "DATABASE_URL": Setting(
        "Where the data lies: `postgresql://role@/name?host=/run/postgresql`, or `sqlite:///path`",
        "SQLite file in `PUG_VAR`",
        secret=True,
    ),
    "PUG_ACCEL": Setting(
        "1: nginx sends the bytes of photos and documents after the portal has checked the rights",
        "0",
    ),
    "PUG_ADDRESS": Setting(
        "What letters call the portal: `https://host`", "`https://` and the first allowed host"
    ),
    "PUG_ALLOWED_HOSTS": Setting("Host names the portal answers to, separated by commas"),
    "PUG_API_PER_MINUTE": Setting("Calls one API key may make in a minute", "600"),
    "PUG_AUDIT_HEADS": Setting(
        "Folder at a second place (a share that is mounted) where the head of the audit chain is "
        "written every day",
        "none: no head leaves the server",
    ),
    "PUG_AUDIT_MAIL": Setting(
        "Who gets that head by letter, and any fault of the chain: addresses, with commas between"
    ),
    "PUG_BACKUP_DIR": Setting("Folder of the encrypted backups", "`backups` in `PUG_VAR`"),
    "PUG_BACKUP_RECIPIENTS": Setting(
        "File of the age public keys for which backups are encrypted", "no backup is made"
    ),
    "PUG_BACKUP_SECOND": Setting(
        "Second place for the backups: a mounted folder, or `user@host:/folder` for rsync",
        "one place only",
    ),
    "PUG_CSRF_TRUSTED_ORIGINS": Setting(
        "Other `https://` addresses whose forms are believed, separated by commas"
    ),
    "PUG_DEBUG": Setting("1: for developers; shows the inside of errors. Never in service", "0"),
    "PUG_DEMO": Setting("1: the demonstration with public passwords, on this machine only", "0"),
    "PUG_EMAIL_FROM": Setting("Sender of letters", "Portal PUG <pug@localhost>"),
    "PUG_EMAIL_URL": Setting(
        "Mail server: `smtp+tls://user:password@host:587`, `smtps://…` or `smtp://…`",
        "letters go to the log only",
        secret=True,
    ),
    "PUG_LOG": Setting(
        "`json`, one line a record, or `text`, for a terminal", "json; text in the demonstration"
    ),
    "PUG_PHONE_KILL": Setting("1: takes the phone's offline worker away (decision 0008)", "0"),
    "PUG_MONTH_GOAL": Setting("Records asked of a village each month", "4"),
    "PUG_REGENCY": Setting("Kemendagri code of the regency that runs this portal", "64.01"),
    "PUG_REPORT_DAY": Setting("Day of the next month until which a report is in time", "10"),
    "PUG_SECRET_KEY": Setting(
        "Signs sessions, links and API keys: 50 characters or more, made at random",
        "none: the start is refused",
        secret=True,
    ),
    "PUG_SECRET_KEY_FALLBACKS": Setting(
        "Earlier secret keys, separated by commas, while a new one is taking over", secret=True
    ),
    "PUG_CLAMD": Setting(
        "Virus scanner: the path of clamd's socket, or host:port; documents are marked as not yet "
        "scanned without it"
    ),
    "PUG_PAGES_PER_MINUTE": Setting("Requests one signed-in person may make in a minute", "600"),
    "PUG_PASSWORD_BSSN": Setting(
        "1: new passwords need small and capital letters, a digit and a sign (where an audit by "
        "BSSN 4/2021 asks for it)",
        "0",
    ),
    "PUG_SECURITY_CONTACT": Setting(
        "Whom `/.well-known/security.txt` names: `mailto:…` or `https://…`",
        "`mailto:keamanan@` and the host of `PUG_ADDRESS`",
    ),
    "PUG_TRUSTED_PROXIES": Setting(
        "How many proxies of ours stand in front; what they say of address and https is believed",
        "0",
    ),
    "PUG_VAR": Setting("Folder of photos, documents and packed pages", "`var` beside the code"),
}


def refuse_unknown(environ: Mapping[str, str] = os.environ) -> None:
    """A misspelt setting is refused rather than silently ignored."""
    names = names_known()
    unknown = sorted(name for name in environ if name.startswith("PUG_") and name not in names)
    if unknown:
        raise ImproperlyConfigured(
            f"Unknown setting {', '.join(unknown)}. Known: {', '.join(sorted(names))}."
        )


def names_known() -> set[str]:
    """Every name that may be set, the _FILE forms of secrets among them."""
    return {*KNOWN, *(f"{name}_FILE" for name, setting in KNOWN.items() if setting.secret)}


def text(name: str, default: str = "") -> str:
    """The value, or the default of the one who asks; a secret also from the file NAME_FILE names.

    ImproperlyConfigured: both are set, or the file cannot be read or is open to everybody.
    """
    if KNOWN[name].secret and os.environ.get(f"{name}_FILE", "").strip():
        return _from_file(name, Path(os.environ[f"{name}_FILE"].strip()))
    return os.environ.get(name, default).strip()


def secret(name: str) -> str:
    """A secret: the value of NAME, or of the file that NAME_FILE names; "" when neither is set."""
    if not KNOWN[name].secret:
        raise ImproperlyConfigured(f"{name} is not listed as a secret in pug_portal/env.py.")
    return text(name)


def _from_file(name: str, path: Path) -> str:
    if os.environ.get(name, "").strip():
        raise ImproperlyConfigured(f"Set {name} or {name}_FILE, not both.")
    try:
        value, mode = path.read_text(encoding="utf-8").strip(), path.stat().st_mode
    except (OSError, UnicodeDecodeError) as reason:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read: {reason}.") from reason
    if mode & 0o007:
        raise ImproperlyConfigured(f"{name}_FILE is open to everybody. Type: chmod 0400 {path}")
    return value


def words(name: str) -> list[str]:
    """A comma-separated list, blanks dropped."""
    return [word.strip() for word in text(name).split(",") if word.strip()]


def flag(name: str) -> bool:
    value = text(name, "0")
    if value not in {"0", "1", ""}:
        raise ImproperlyConfigured(f"{name} must be 0 or 1, not {value!r}.")
    return value == "1"


def one_of(name: str, choices: tuple[str, ...], default: str) -> str:
    value = text(name, default)
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of {', '.join(choices)}, not {value!r}.")
    return value


def whole(name: str, default: int) -> int:
    value = text(name, str(default))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def day_of_month(name: str, default: int) -> int:
    """A day that every month has."""
    day = whole(name, default)
    if not 1 <= day <= 28:
        raise ImproperlyConfigured(f"{name} must be a day from 1 to 28, not {day}.")
    return day


def address(name: str, default: str) -> str:
    """Where the portal is found, as letters and messages name it: https://host, without a path."""
    value = text(name, default)
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        raise ImproperlyConfigured(f"{name} must be like https://pug.example.go.id, not {value!r}.")
    return f"{parts.scheme}://{parts.netloc}"


def contact(name: str, site: str) -> str:
    """Whom to tell of a weakness: mailto: or https:, by default keamanan@ the portal's own host."""
    value = text(name, f"mailto:keamanan@{urlsplit(site).hostname}")
    if urlsplit(value).scheme not in {"mailto", "https"} or len(value.split()) != 1:
        raise ImproperlyConfigured(f"{name} must begin with mailto: or https://, not {value!r}.")
    return value


def mail(url: str) -> dict:
    """Django's EMAIL_ settings for a URL: smtp://, smtp+tls:// (STARTTLS) or smtps://, each
    user:password@host:port. Without one, letters are written to the console and go nowhere.
    """
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    parts = urlsplit(url)
    ports = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    if parts.scheme not in ports or not parts.hostname:
        raise ImproperlyConfigured(
            "PUG_EMAIL_URL must be like smtp+tls://user:password@host:587, smtps://… or smtp://…"
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or ports[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
    }


def database(url: str, sqlite_file: Path) -> dict:
    """Django's DATABASES entry for a URL; without one, the SQLite file (WAL, IMMEDIATE)."""
    if not url:
        return _sqlite(str(sqlite_file))
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(unquote(parts.path))
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            f"DATABASE_URL must start with postgresql:// or sqlite://, not {parts.scheme!r}."
        )
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "core.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or parts.hostname or "",
        "PORT": str(parts.port or query.pop("port", "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "options": "-c statement_timeout=15000 -c idle_in_transaction_session_timeout=30000"
            " -c jit=off",  # no page asks so much that compiling the question pays
            "connect_timeout": 5,  # seconds: a server that is away is told of quickly
            "tcp_user_timeout": 20_000,  # milliseconds that a silent network is waited for
            **query,
        },
    }


def _sqlite(path: str) -> dict:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;"
                " PRAGMA cache_size=-64000; PRAGMA mmap_size=1073741824;"
            ),
        },
    }
