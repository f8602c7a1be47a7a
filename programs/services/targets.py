"""The share of programs that are to involve women, set by the office for an area and year."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Problem, Refused
from villages.models import Level, level_of

from ..models import InvolvementTarget
from ..periods import EARLIEST, LATEST
from .closing import CLOSE
from .records import not_permitted


@transaction.atomic
def set_target(
    area_code: str, year: int, percent: int | None, *, actor, now: datetime | None = None
) -> InvolvementTarget | None:
    """The regency, district or village is to reach `percent` (1–100) in `year`; None: no target
    of its own. Set twice is once. Refused for an area that is not wholly the actor's."""
    if not _hers(area_code, actor):
        raise not_permitted()
    if not EARLIEST <= year <= LATEST:
        raise Refused(Problem("year", "unknown_value", _("Choose a year, such as 2026.")))
    if percent is not None and not 1 <= percent <= 100:
        raise Refused(Problem("percent", "out_of_range", _("Write a number from 1 to 100.")))
    held = InvolvementTarget.objects.select_for_update().filter(area_code=area_code, year=year)
    before = held.first()
    if (before.percent if before else None) == percent:
        return before
    if percent is None:
        if before:
            audit.record(actor, "target.removed", before, **_told(before))
            held.delete()
        return None
    now = now or timezone.now()
    target, _new = InvolvementTarget.objects.update_or_create(
        area_code=area_code,
        year=year,
        defaults={"percent": percent, "set_by": actor, "set_at": now},
    )
    audit.record(
        actor, "target.set", target, **_told(target), before=before.percent if before else None
    )
    return target


def _told(target: InvolvementTarget) -> dict:
    return {"area": target.area_code, "year": target.year, "percent": target.percent}


def _hers(area_code: str, actor) -> bool:
    reach = {
        Level.REGENCY: actor.regencies_with,
        Level.DISTRICT: actor.districts_with,
        Level.VILLAGE: actor.villages_with,
    }.get(level_of(area_code) or Level.PROVINCE)
    return reach is not None and reach(CLOSE).filter(code=area_code).exists()
