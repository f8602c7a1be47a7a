"""The write path: a batch against single activities."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.db import transaction

from accounts.models import User
from core.identifiers import uuid7
from programs.drafts import ActivityDraft
from programs.models import ProgramVillage
from programs.services import submit_activities

from .measure import Case


def rolled_back(call: Callable[[], object]) -> Callable[[], None]:
    """Run and undo: every round finds the same database."""

    def run():
        with transaction.atomic():
            call()
            transaction.set_rollback(True)

    return run


def drafts(target: ProgramVillage, count: int) -> list[ActivityDraft]:
    """Activities of one program in one village, spread over a month."""
    first = date(target.program.year_from, 1, 2)
    content = {
        "program": target.program_id,
        "village": target.village.code,
        "title": "Pelatihan",
        "women_participants": 19,
        "men_participants": 24,
    }
    return [
        ActivityDraft(uid=uuid7(), content=content | {"held_on": first + timedelta(days=n % 20)})
        for n in range(count)
    ]


def cases(officer: User) -> list[Case]:
    target = ProgramVillage.objects.filter(program__state="active")[0]

    def send(count: int):
        submit_activities(drafts(target, count), actor=officer, source="api")

    def one_by_one():
        for _ in range(50):
            send(1)

    what = "a batch of 50 activities | 50 single ones"
    return [Case("P8", what, rolled_back(lambda: send(50)), rolled_back(one_by_one), 1 / 8)]
