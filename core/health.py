"""Is the portal fit to serve? Each part answers "ok", or what is wrong in words without secrets."""

import shutil
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from .models import HealthMark

LEAST_FREE_SHARE = 0.10
LEAST_FREE_BYTES = 500_000_000


def readiness() -> dict[str, str]:
    """Each part of the portal with "ok" or its trouble. A part that cannot be asked is unwell."""
    return {name: part() for name, part in PARTS.items()}


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        return "does not answer"
    return "ok"


def _disk() -> str:
    disk = shutil.disk_usage(settings.VAR_DIR)
    if disk.free < LEAST_FREE_BYTES or disk.free < LEAST_FREE_SHARE * disk.total:
        return "nearly full"
    return "ok"


def _rollups() -> str:
    """What `rebuild_rollups --check` found last; nothing to say before its first run."""
    try:
        mark = HealthMark.objects.filter(name="rollups").first()
    except (DatabaseError, InterfaceError):
        return "cannot be read"
    return "ok" if mark is None or mark.ok else "differ from the facts"


PARTS: dict[str, Callable[[], str]] = {
    "database": _database,
    "disk": _disk,
    "rollups": _rollups,
}
