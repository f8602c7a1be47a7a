"""Strict readers of the environment: an unknown name or value stops the start, in words."""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

KNOWN = {
    "PUG_ADDRESS",
    "PUG_ALLOWED_HOSTS",
    "PUG_API_PER_MINUTE",
    "PUG_CSRF_TRUSTED_ORIGINS",
    "PUG_DEBUG",
    "PUG_DEMO",
    "PUG_EMAIL_FROM",
    "PUG_EMAIL_URL",
    "PUG_PHONE_KILL",
    "PUG_MONTH_GOAL",
    "PUG_REGENCY",
    "PUG_REPORT_DAY",
    "PUG_SECRET_KEY",
    "PUG_SECRET_KEY_FALLBACKS",
    "PUG_TRUSTED_PROXIES",
    "PUG_VAR",
}


def refuse_unknown(environ: Mapping[str, str] = os.environ) -> None:
    """A misspelt setting is refused rather than silently ignored."""
    unknown = sorted(name for name in environ if name.startswith("PUG_") and name not in KNOWN)
    if unknown:
        raise ImproperlyConfigured(
            f"Unknown setting {', '.join(unknown)}. Known: {', '.join(sorted(KNOWN))}."
        )


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def words(name: str) -> list[str]:
    """A comma-separated list, blanks dropped."""
    return [word.strip() for word in text(name).split(",") if word.strip()]


def flag(name: str) -> bool:
    value = text(name, "0")
    if value not in {"0", "1", ""}:
        raise ImproperlyConfigured(f"{name} must be 0 or 1, not {value!r}.")
    return value == "1"


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
        "ENGINE": "django.db.backends.postgresql",
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
