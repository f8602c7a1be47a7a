"""Programs: registered, changed, opened and closed; and what the planning room reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from core import audit
from core.errors import Problem, Refused, Stale
from core.identifiers import uuid7
from villages.models import Village

from .. import rollups
from ..models import ActivityCode, Origin, Program, ProgramState, ProgramVillage
from ..models.vocabulary import APBDES_FUNDS
from .changes import note_program

#: The allowed moves of a program.
MOVES: dict[str, frozenset[str]] = {
    ProgramState.DRAFT: frozenset({ProgramState.ACTIVE, ProgramState.CANCELLED}),
    ProgramState.ACTIVE: frozenset({ProgramState.COMPLETED, ProgramState.CANCELLED}),
    ProgramState.COMPLETED: frozenset({ProgramState.ACTIVE}),
    ProgramState.CANCELLED: frozenset({ProgramState.DRAFT}),
}
PLAIN_FIELDS = (
    "title",
    "goal",
    "owner_opd_id",
    "owner_district_id",
    "owner_village_id",
    "year_from",
    "year_to",
    "activity_code_id",
    "gender_marker",
    "arg_category",
    "target_group",
    "fund_source",
    "ceiling",
)


@dataclass(frozen=True)
class Target:
    """A program runs in this village, with what it means to reach there (whole numbers)."""

    village: Village
    target_activities: int | None = None
    target_women: int | None = None
    target_men: int | None = None


@transaction.atomic
def create_program(
    program: Program, targets: Sequence[Target], *, actor, by: str = "manage_programs"
) -> Program:
    """The program is on file as `program.state` says, with its villages.

    Its uid is made where it is first typed, so a second press is refused as `already_there`.
    `by`: the capability over its owner that the door asks for.
    """
    _require(program, actor, by)
    _check(program, targets)
    program.created_by = actor
    _insert(program)
    ProgramVillage.objects.bulk_create(_rows(program, targets))
    audit.record(actor, "program.created", program, title=program.title)
    note_program(program.pk, created=True)
    return program


@transaction.atomic
def change_program(program: Program, targets: Sequence[Target], *, actor, version: int) -> Program:
    """The program says what the unsaved instance says; Stale when someone was faster.

    A village that already has activities under it cannot be taken out, nor can a year; nor its
    owner, when there are plans.
    """
    rollups.lock_program(program.pk)
    before = Program.objects.get(pk=program.pk)
    _require(before, actor)
    _require(program, actor)
    _check(program, targets)
    _check_years(program)
    _check_owner(before, program)
    values = {name: getattr(program, name) for name in PLAIN_FIELDS}
    _swap(before, version, **values)
    left = _set_targets(program, targets)
    changes = audit.difference({name: getattr(before, name) for name in PLAIN_FIELDS}, values)
    audit.record(actor, "program.changed", program, **changes)
    note_program(program.pk, left=[*left, *_left_owner(before, program)])
    rollups.refresh_program(program.pk)
    program.refresh_from_db()
    return program


@transaction.atomic
def set_program_state(program: Program, state: str, *, actor, version: int) -> Program:
    """Open, close, cancel or take up again, along MOVES.

    Closed, it still takes the records of what took place until then: a phone may have been
    without signal.
    """
    _require(program, actor)
    rollups.lock_program(program.pk)
    if state not in MOVES[program.state]:
        raise Refused(
            Problem("state", "not_allowed", _("A program cannot go from this state to that one."))
        )
    if state == ProgramState.ACTIVE and not program.targets.exists():
        raise Refused(
            Problem("villages", "required", _("Choose at least one village before starting."))
        )
    stops = program.state == ProgramState.ACTIVE
    _swap(program, version, state=state, closed_at=timezone.now() if stops else None)
    audit.record(actor, "program.state", program, state=[program.state, state])
    note_program(program.pk)
    program.refresh_from_db()
    return program


def register_village_program(
    village: Village,
    code: ActivityCode,
    *,
    actor,
    year: int,
    title: str = "",
    target_group: str = "general",
    fund_source: str = "",
    ceiling: int | None = None,
    origin: str = Origin.FIELD,
    uid: UUID | None = None,
    by: str = "manage_programs",
) -> Program:
    """A village's own program from one line of Permendagri 20/2018; active at once.

    `by`: as in `create_program`.
    """
    program = Program(
        uid=uid or uuid7(),
        title=title.strip() or code.name,
        owner_village=village,
        activity_code=code,
        year_from=year,
        year_to=year,
        target_group=target_group,
        fund_source=fund_source,
        ceiling=ceiling,
        state=ProgramState.ACTIVE,
        origin=origin,
    )
    return create_program(program, [Target(village)], actor=actor, by=by)


@transaction.atomic
def record_gap_approval(
    program: Program, *, actor, approved_on: date | None, benefit_target_percent: int | None = None
) -> None:
    """The planning room approved (or, with None, withdrew) this program's gender analysis."""
    Program.objects.filter(pk=program.pk).update(
        gap_approved_on=approved_on,
        benefit_target_percent=benefit_target_percent,
        version=F("version") + 1,
    )
    audit.record(actor, "program.gap_approved", program, approved_on=str(approved_on))
    note_program(program.pk)
    rollups.refresh_program(program.pk)


@transaction.atomic
def record_outcome(program: Program, village: Village, *, actor, reached_on: date | None) -> None:
    """An outcome indicator of the approved analysis was reached in this village (None: not)."""
    ProgramVillage.objects.filter(program=program, village=village).update(
        outcome_reached_on=reached_on
    )
    audit.record(actor, "program.outcome", program, village=village.code, on=str(reached_on))
    note_program(program.pk)
    rollups.refresh_program(program.pk)


def _left_owner(before: Program, now: Program) -> list[int]:
    """A village of the owner it is taken from: whoever saw it there sees that village."""
    owner = before.owner
    if owner == now.owner:
        return []
    if before.owner_village_id:
        return [before.owner_village_id]
    if before.owner_opd:
        area = Village.objects.filter(district__regency=before.owner_opd.regency)
    else:
        area = Village.objects.filter(district=before.owner_district)
    return list(area.values_list("pk", flat=True)[:1])


def _insert(program: Program) -> None:
    try:
        with transaction.atomic():
            program.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(
            Problem("uid", "already_there", _("This program is already on file."))
        ) from error


def _require(program: Program, actor, by: str = "manage_programs") -> None:
    """She holds `by` over this owner (opd, district or village)."""
    owners = {
        "owner_opd_id": actor.opds_with,
        "owner_district_id": actor.districts_with,
        "owner_village_id": actor.villages_with,
    }
    for name, reach in owners.items():
        owner = getattr(program, name)
        if owner and reach(by).filter(pk=owner).exists():
            return
    raise Refused(Problem("owner", "not_permitted", _("You cannot manage programs of this owner.")))


def _check(program: Program, targets: Sequence[Target]) -> None:
    """The rules between a program and its villages."""
    problems = []
    if program.year_to < program.year_from:
        problems.append(Problem("year_to", "order", _("The last year lies before the first year.")))
    if program.owner_village and (
        program.fund_source in APBDES_FUNDS and not program.owner_village.has_apbdes
    ):
        problems.append(
            Problem(
                "fund_source",
                "no_apbdes",
                _("A kelurahan has no village budget. Choose another fund source."),
            )
        )
    if program.state == ProgramState.ACTIVE and not targets:
        problems.append(
            Problem("villages", "required", _("Choose at least one village before starting."))
        )
    if any(not _reaches(program, target.village) for target in targets):
        problems.append(
            Problem("villages", "outside", _("A village lies outside the owner's area."))
        )
    if problems:
        raise Refused(*problems)


def _reaches(program: Program, village: Village) -> bool:
    """Whether the owner's area contains the village."""
    if program.owner_village_id:
        return program.owner_village_id == village.pk
    if program.owner_district_id:
        return program.owner_district_id == village.district_id
    office = program.owner_opd
    return office is not None and office.regency_id == village.district.regency_id


def _check_years(program: Program) -> None:
    outside = program.activities.exclude(year__range=(program.year_from, program.year_to))
    if outside.live().exists():
        raise Refused(
            Problem("year_from", "has_activities", _("There are activities outside these years."))
        )


def _check_owner(before: Program, now: Program) -> None:
    """Whose plans hang on it keeps it: others could read, approve or sign them for a moment."""
    if before.owner != now.owner and any(
        import_string(name)(before) for name in settings.OWNER_KEPT_BY
    ):
        words = _("There are plans (GAP, GBS) for this program; it stays with its owner.")
        raise Refused(Problem("owner", "has_plans", words))


def _swap(program: Program, version: int, **values) -> None:
    swapped = Program.objects.filter(pk=program.pk, version=version).update(
        version=F("version") + 1, **values
    )
    if not swapped:
        raise Stale(
            Problem(
                "version",
                "changed_meanwhile",
                _("Somebody changed this program in the meantime. Look at it again."),
            )
        )


def _rows(program: Program, targets: Sequence[Target]):
    for one in targets:
        yield ProgramVillage(
            program=program,
            village=one.village,
            target_activities=one.target_activities,
            target_women=one.target_women,
            target_men=one.target_men,
        )


def _set_targets(program: Program, targets: Sequence[Target]) -> list[int]:
    """The villages of the program are these; pks of those that are so no longer."""
    kept = {one.village.pk for one in targets}
    leaving = program.targets.exclude(village__in=kept)
    held = Village.objects.filter(
        pk__in=program.activities.live().values("village"), targets__in=leaving
    ).first()
    if held:
        raise Refused(
            Problem(
                "villages",
                "has_activities",
                _("%(village)s already has activities under this program.")
                % {"village": held.title},
            )
        )
    left = list(leaving.values_list("village", flat=True))
    leaving.delete()
    ProgramVillage.objects.bulk_create(
        _rows(program, targets),
        update_conflicts=True,
        unique_fields=["program", "village"],
        update_fields=["target_activities", "target_women", "target_men"],
    )
    return left
