"""A village has a new head: the old task ends, the new person gets hers and a way in."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.capabilities import Role
from accounts.drafts import GrantDraft
from accounts.models import Grant, User

from .grants import end_grant
from .links import NewLink, make_link
from .persons import add_person


@dataclass(frozen=True)
class Newcomer:
    """A person who is not in the portal yet."""

    username: str
    name: str
    phone: str = ""


@transaction.atomic
def hand_over(held: Grant, newcomer: Newcomer, *, actor: User | None) -> NewLink:
    """From today the village's head is the newcomer, who may sign in by the link (shown once).

    The old head's task ends at once; her records keep her name. All of it happens or nothing:
    refused or forbidden is what ending the task, adding a person and making a link refuse.
    """
    if held.role != Role.VILLAGE_HEAD:
        raise ValueError("Only the task of a village head is handed over.")
    today = timezone.localdate()
    end_grant(held, on=today, actor=actor)
    draft = GrantDraft(Role.VILLAGE_HEAD, held.village, valid_from=today)
    made = add_person(
        username=newcomer.username,
        name=newcomer.name,
        phone=newcomer.phone,
        grants=[draft],
        actor=actor,
    )
    return make_link(made.person, actor=actor)
