"""A grant before it is given, and what may be wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Problem

from .capabilities import CAPABILITIES, ENTRUSTED, ROLE_AREAS, Role
from .models import Grant, User
from .reach import covers, level_of, lies_within


@dataclass(frozen=True)
class GrantDraft:
    """A grant not yet given. `area`: a Village, District, Regency, Opd, or None = everything."""

    role: str
    area: models.Model | None
    valid_from: date
    valid_until: date | None = None
    note: str = ""


def problems_of(draft: GrantDraft) -> list[Problem]:
    """What is wrong with the grant itself."""
    problems = []
    if level_of(draft.area) not in ROLE_AREAS[Role(draft.role)]:
        problems.append(Problem("area", "wrong_area", _("Choose an area that fits this role.")))
    if draft.valid_until and draft.valid_until < draft.valid_from:
        problems.append(
            Problem("valid_until", "ends_before_start", _("Choose a last day after the first day."))
        )
    return problems


def problems_of_reach(actor: User | None, person: User, draft: GrantDraft) -> list[Problem]:
    """Why this actor may not give it; `actor=None` (the console) may."""
    if actor is None:
        return []
    if actor.pk == person.pk:
        return [Problem("", "own_account", _("You cannot change your own tasks. Ask a colleague."))]
    holds_role = CAPABILITIES[Role(draft.role)] - ENTRUSTED <= actor.capabilities
    if not holds_role or not covers(actor, draft.area):
        return [Problem("area", "outside_reach", _("Choose an area that you look after."))]
    if not lies_within(person, actor) and not _has_standing(person):
        # Else a task given here would make a lapsed account from elsewhere hers to change.
        words = _("This person had tasks outside your area. Ask an officer who looks after those.")
        return [Problem("", "past_elsewhere", words)]
    return []


def _has_standing(person: User) -> bool:
    return person.grants.standing_on(timezone.localdate()).exists()


def overlapping(person: User, draft: GrantDraft) -> models.QuerySet[Grant]:
    """Her grants of the same role over the same area on some of the same days."""
    area: dict = dict.fromkeys(Grant.AREAS)
    if draft.area is not None:
        area[level_of(draft.area)] = draft.area
    rows = person.grants.standing_on(draft.valid_from).filter(role=draft.role, **area)
    return rows.filter(valid_from__lte=draft.valid_until) if draft.valid_until else rows
