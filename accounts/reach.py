"""How far an officer's hand goes: over which areas and which people she may decide."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils import timezone

from villages.models import District, Opd, Regency, Village

from .capabilities import ENROLLED_BY_FACILITATORS, FIELD_ROLES
from .models import User

LEVELS = {Village: "village", District: "district", Regency: "regency", Opd: "opd"}
MANAGE = "manage_users"
ENROL = "enrol"


def level_of(area: models.Model | None) -> str:
    """The word ROLE_AREAS uses for this area: village, district, regency, opd or everything."""
    return "everything" if area is None else LEVELS[type(area)]


def covers(actor: User, area: models.Model | None) -> bool:
    """`actor` looks after the people of this whole area (None = everything)."""
    if actor.covers_everything_with(MANAGE):
        return True
    if area is None:
        return False
    reach = {
        "village": actor.villages_with,
        "district": actor.districts_with,
        "regency": actor.regencies_with,
        "opd": actor.opds_with,
    }[level_of(area)](MANAGE)
    return reach.filter(pk=area.pk).exists()


def may_manage(actor: User, person: User) -> bool:
    """`actor` may change this account: it is not her own, and no right of it lies beyond her reach.

    Otherwise an officer of one regency could reset the password of a national officer who
    once helped there, and sign in as her.
    """
    if actor.pk == person.pk or MANAGE not in actor.capabilities:
        return False
    if (person.is_staff or person.is_superuser) and not actor.is_superuser:
        return False
    return lies_within(person, actor)


def lies_within(person: User, actor: User) -> bool:
    """Every right of hers lies in the actor's reach; when all have lapsed, every one she had; when
    she never had any, her home does.

    Otherwise whoever gives a newcomer of another office her first task would make her account hers.
    """
    if not person.grants.exists():
        return actor.covers_everything_with(MANAGE) or (
            person.home_id is not None
            and actor.regencies_with(MANAGE).filter(pk=person.home_id).exists()
        )
    standing = person.grants.standing_on(timezone.localdate())
    rights = standing if standing.exists() else person.grants.all()
    return not rights.exclude(pk__in=rights.permitting(actor, MANAGE)).exists()


def check_may_manage(actor: User | None, person: User) -> None:
    """Raise PermissionDenied unless `actor` (None: the console) may change this account."""
    if actor is not None and not may_manage(actor, person):
        raise PermissionDenied


def may_enrol(actor: User, person: User) -> bool:
    """`actor` may make a one-time link that signs this person in on a phone.

    Only for open accounts whose every task is in the field: offices have a second factor, and a
    link would go round it. Whoever may change the account may; so may a facilitator, for the
    heads of villages she accompanies.
    """
    if actor.pk == person.pk or not person.may_enter or person.is_staff or person.is_superuser:
        return False
    standing = person.grants.standing_on(timezone.localdate())
    roles = set(standing.values_list("role", flat=True))
    if not roles or not roles <= FIELD_ROLES:
        return False
    return may_manage(actor, person) or (
        roles <= ENROLLED_BY_FACILITATORS
        and not standing.exclude(village__in=actor.villages_with(ENROL)).exists()
    )


def check_may_enrol(actor: User | None, person: User) -> None:
    """Raise PermissionDenied unless `actor` (None: the console) may make her a link."""
    if actor is not None and not may_enrol(actor, person):
        raise PermissionDenied


def needs(capability: str) -> Callable:
    """A page for those who hold `capability` anywhere; others get 403."""

    def decorate(view: Callable) -> Callable:
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if capability not in request.user.capabilities:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate
