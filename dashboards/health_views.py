"""Is the portal well? For the office: lights in words, the month's promise, the last day."""

from __future__ import annotations

import platform
import shutil
import tomllib
from dataclasses import dataclass
from datetime import datetime

import django
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from core import health

from . import health_figures
from .health_words import WORDS, Words


@dataclass(frozen=True)
class Light:
    """One part: `colour` is green, amber (nothing to fear yet) or red."""

    name: str
    words: Words
    said: str
    at: datetime | None = None

    @property
    def colour(self) -> str:
        if self.said == health.OK:
            return "green"
        bearable = self.name in health.ASIDE or self.said in health.WELL
        return "amber" if bearable else "red"

    @property
    def waits(self) -> bool:
        return self.said == health.NOT_YET

    @property
    def matter(self) -> object:
        return self.words.matter(self.said)


@require_safe
def health_page(request):
    """For who looks after people or reads the trail."""
    if not {"audit", "manage_users"} & request.user.capabilities:
        raise PermissionDenied
    report, now = health.report(), timezone.now()
    facts = report.facts
    aside = {name: part(facts) for name, part in health.ASIDE.items()} if facts else {}
    lights = [_light(name, one, report) for name, one in (report.said | aside).items()]
    hours = health_figures.last_day(now)
    context = {
        "now": now,
        "red": [one for one in lights if one.colour == "red"],
        "amber": [one for one in lights if one.colour == "amber" and not one.waits],
        "calm": [one for one in lights if one.colour == "green" or one.waits],
        "month": health_figures.this_month(now),
        "hours": hours,
        "any_hour": any(one.requests for one in hours),
        "chart": health_figures.chart(hours),
        "machine": _machine(),
    }
    return render(request, "dashboards/health.html", context)


def _light(name: str, said: str, report: health.Report) -> Light:
    mark = report.facts.marks.get(name) if report.facts else None
    return Light(name, WORDS[name], said, mark.at if mark else None)


def _machine() -> dict[str, object]:
    """What whoever helps from afar asks first."""
    disk = shutil.disk_usage(settings.VAR_DIR)
    number = ".".join(map(str, connection.get_database_version()))
    return {
        "portal": tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"][
            "version"
        ],
        "programs": f"Django {django.get_version()}, Python {platform.python_version()}",
        "database": f"{connection.display_name} {number}",
        "free": (disk.free, disk.total),
        "free_gigabytes": round(disk.free / 10**9),
    }
