"""The rules a draft must meet beyond its shape: who, where, which program, when."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.compiled import Compiled, columns_of, made
from core.errors import Problem
from villages.models import Village

from ..drafts import FACT_FIELDS, ActivityDraft
from ..models import Activity, Program, ProgramVillage
from ..models.activity import MOST_PEOPLE, MOST_RUPIAH
from ..models.vocabulary import APBDES_FUNDS
from ..personal import FREE_TEXTS, identity_numbers

HEAD_COUNTS = tuple(
    name
    for name in FACT_FIELDS
    if Activity._meta.get_field(name).get_internal_type() == "PositiveIntegerField"
)


@dataclass(frozen=True)
class Ground:
    """What the rules need to know about a batch: read once, in two statements."""

    today: date
    villages: dict[str, Village] = field(default_factory=dict)
    programs: dict[tuple[UUID, str], Program] = field(default_factory=dict)

    @classmethod
    def of(
        cls, drafts: Iterable[ActivityDraft], actor, now: datetime, *, held: bool = True
    ) -> Ground:
        """The villages where `actor` may log, held until commit, and the programs there.

        Held first, read then: no program can end or leave a village in between. What is only
        tried out holds nothing.
        """
        drafts = list(drafts)
        named = {draft.village for draft in drafts if draft.village}
        found = Village.objects.permitting(actor, "log").filter(code__in=named).order_by("pk")
        villages = list(found.select_for_update(no_key=True) if held else found)
        codes = {village.pk: village.code for village in villages}
        targets = _targets(village=codes, program={one.program for one in drafts if one.program})
        return cls(
            today=timezone.localdate(now),
            villages={village.code: village for village in villages},
            programs={
                (row["program_id"], codes[row["village_id"]]): made(Program, row, "program__")
                for row in targets
            },
        )


def _rows_of_targets(village: Collection[int], program: Collection[UUID]) -> QuerySet[Any, Any]:
    targets = ProgramVillage.objects.filter(village__in=village, program__in=program)
    return targets.values("program_id", "village_id", *columns_of(Program, "program__"))


_targets = Compiled(_rows_of_targets)


def judge(
    draft: ActivityDraft, ground: Ground, *, now_under: UUID | None = None
) -> tuple[Activity | None, list[Problem]]:
    """The activity that this draft describes (unsaved), or what is wrong with it.

    `now_under`: the program a record on file stands under; it may stay there after its end.
    """
    problems = list(draft.problems)
    village = ground.villages.get(draft.village or "")
    program = ground.programs.get((draft.program, draft.village or ""))  # type: ignore[arg-type]
    named = {problem.field for problem in problems}
    for found in _missing(draft, village, program):
        if found.field not in named:
            problems.append(found)
    if program and draft.held_on:
        problems += _dates(draft.held_on, program, ground.today)
    if program and program.pk != now_under:
        problems += _running(program, draft.held_on or ground.today)
    problems += _amounts(draft)
    problems += _identities(draft)
    if village and not village.has_apbdes and draft.content.get("fund_source") in APBDES_FUNDS:
        problems.append(
            Problem(
                "fund_source",
                "no_apbdes",
                _("A kelurahan has no village budget. Choose another fund source."),
            )
        )
    if problems or village is None or program is None:
        return None, problems
    activity = _activity(draft, village, program)
    problems = _own_rules(activity)
    return (None, problems) if problems else (activity, [])


def _missing(draft: ActivityDraft, village: Village | None, program: Program | None):
    """A village or program that is not given, or not one this person may log for."""
    if not draft.village:
        yield Problem("village", "required", _("Choose the village."))
    elif village is None:
        yield Problem(
            "village",
            "unknown_village",
            _("This village is not known, or not one you record for. Check the village code."),
        )
    if not draft.program:
        yield Problem("program", "required", _("Choose the program."))
    elif village is not None and program is None:
        yield Problem(
            "program",
            "not_open_here",
            _("This program does not run in this village. Choose a program of this village."),
        )
    if not draft.held_on:
        yield Problem("held_on", "required", _("Fill in the date of the activity."))
    if not (draft.content.get("title") or "").strip():
        yield Problem("title", "required", _("Fill in the name of the activity."))


def _running(program: Program, day: date):
    if not program.ran_on(day):
        yield Problem(
            "program", "program_not_active", _("This program is not running. Choose another.")
        )


def _dates(held_on: date, program: Program, today: date):
    if held_on > today:
        yield Problem(
            "held_on",
            "future",
            _("The activity has not happened yet. Record it on or after its day."),
        )
    elif held_on.year not in program.years:
        yield Problem(
            "held_on",
            "outside_program_years",
            _("The program runs from %(first)s to %(last)s. Check the date or the program.")
            % {"first": program.year_from, "last": program.year_to},
        )


def _amounts(draft: ActivityDraft):
    """No count below zero or beyond belief: it would be a slip of the finger."""
    for name in (*HEAD_COUNTS, "budget_spent"):
        value = draft.content.get(name)
        if value is None:
            continue
        most = MOST_RUPIAH if name == "budget_spent" else MOST_PEOPLE
        if value < 0:
            yield Problem(name, "negative", _("The number cannot be below 0."))
        elif value > most:
            yield Problem(name, "too_large", _("The number is too large. Check the zeros."))


def _identities(draft: ActivityDraft):
    """People are counted, never listed: the number of a person's card is nobody's business here."""
    for name in FREE_TEXTS:
        text = draft.content.get(name)
        if isinstance(text, str) and identity_numbers(text):
            words = _(
                "This holds a NIK or the number of a family card. Take it out: "
                "the portal counts people and keeps no list of them."
            )
            yield Problem(name, "identity_number", words)


def _activity(draft: ActivityDraft, village: Village, program: Program) -> Activity:
    values = {
        name: draft.content[name]
        for name in FACT_FIELDS
        if draft.content.get(name) not in (None, "")
    }
    held_on = values["held_on"]
    return Activity(
        receipt_id=draft.uid,
        village=village,
        program=program,
        year=held_on.year,
        month=held_on.month,
        **values,
    )


def _own_rules(activity: Activity) -> list[Problem]:
    """The words of Activity.clean(), which the table's constraints repeat."""
    try:
        activity.clean()
    except ValidationError as error:
        return [
            Problem(name, one.code or "invalid", " ".join(one.messages))
            for name, found in error.error_dict.items()
            for one in found
        ]
    return []
