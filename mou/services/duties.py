"""Duties of agreements: written down, changed, taken out; progress entered by hand."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, versions
from core.errors import Problem, Refused, Stale

from .. import rights
from ..models import Agreement, DutyMeasure, Obligation, ObligationEntry
from ..standing import last_day
from .texts import tidy


def add_obligation(obligation: Obligation, *, actor) -> Obligation:
    """The unsaved duty is part of its agreement, after the others.

    Sent again from the same page it stays one; Stale where its uid names another.
    Refused: not_permitted, fixed (the agreement is cancelled), and what `_problems` finds.
    """
    _require(obligation.agreement, actor)
    tidy(obligation)
    _refuse(_problems(obligation))
    try:
        with transaction.atomic():
            held = Agreement.objects.select_for_update().get(pk=obligation.agreement_id)
            obligation.position = held.obligations.count()
            obligation.save(force_insert=True)
            audit.record(actor, "obligation.created", obligation, agreement=str(held.pk))
    except IntegrityError:
        return _known(obligation)
    return obligation


@transaction.atomic
def change_obligation(obligation: Obligation, *, actor, version: int) -> Obligation:
    """What the changed instance says is stored over `version`, else Stale.

    Refused: not_permitted, fixed (taken out, or the agreement is cancelled), in_use (a duty with
    progress entered by hand cannot begin to count itself), and what `_problems` finds.
    """
    _require(obligation.agreement, actor)
    _refuse(_out(obligation))
    _refuse(_problems(obligation))
    if obligation.measure != DutyMeasure.HAND and _entries(obligation).exists():
        words = _("Progress was entered by hand. Withdraw it first, then let the portal count.")
        raise Refused(Problem("measure", "in_use", words))
    tidy(obligation)
    if changes := versions.keep(obligation, version):
        audit.record(actor, "obligation.changed", obligation, **changes)
    return obligation


@transaction.atomic
def end_obligation(obligation: Obligation, *, actor, version: int) -> Obligation:
    """The duty is taken out of the agreement; what is known of it stays. Twice is once."""
    _require(obligation.agreement, actor)
    if obligation.ended_at is None:
        versions.swap(obligation, version, ended_at=timezone.now())
        audit.record(actor, "obligation.ended", obligation)
    return obligation


def enter_progress(entry: ObligationEntry, *, actor) -> ObligationEntry:
    """The unsaved entry says how far a duty had come on a day: the whole so far.

    Sent again from the same page it stays one; Stale where its uid names another. Refused:
    not_permitted; fixed (the duty counts itself or was taken out, the agreement is cancelled);
    future; already_there (somebody entered that day before).
    """
    duty = entry.obligation
    _require(duty.agreement, actor)
    _refuse(_problems_of_entry(entry))
    entry.created_by = actor
    try:
        with transaction.atomic():
            entry.save(force_insert=True)
            said = {"reached_on": str(entry.reached_on), "value": entry.value}
            audit.record(actor, "obligation.progress", duty, **said)
    except IntegrityError:
        return _known_entry(entry)
    return entry


@transaction.atomic
def withdraw_progress(entry: ObligationEntry, *, actor, reason: str = "") -> ObligationEntry:
    """The entry counts no more; the one before it does. `reason` stands in the audit trail."""
    _require(entry.obligation.agreement, actor)
    rows = ObligationEntry.objects.filter(pk=entry.pk, withdrawn_at=None)
    if rows.update(withdrawn_at=timezone.now()):
        said = {"reached_on": str(entry.reached_on), "value": entry.value, "reason": reason}
        audit.record(actor, "obligation.withdrawn", entry.obligation, **said)
    entry.refresh_from_db(fields=["withdrawn_at"])
    return entry


def _require(agreement: Agreement, actor) -> None:
    rights.require(actor, agreement.regency)
    if agreement.cancelled_at:
        words = _("This agreement is cancelled. It stays as it is.")
        raise Refused(Problem("", "fixed", words))


def _refuse(problems: Iterator[Problem]) -> None:
    if found := list(problems):
        raise Refused(*found)


def _out(obligation: Obligation) -> Iterator[Problem]:
    if obligation.ended_at:
        words = _("This duty was taken out of the agreement. It stays as it is.")
        yield Problem("", "fixed", words)


def _problems(one: Obligation) -> Iterator[Problem]:
    """outside, not_allowed, out_of_range, days_in_order."""
    agreement, bound = one.agreement, one.measure != DutyMeasure.HAND
    if one.party.agreement_id != agreement.pk:
        words = _("Choose a party of this agreement.")
        yield Problem("party", "outside", words)
    if bound and one.party.partner_id is None:
        words = _("Only a partner's people are counted. Choose “Entered by hand” for an office.")
        yield Problem("measure", "not_allowed", words)
    if one.stage and not bound:
        words = _("A stage can be chosen only where the portal counts. Leave it empty.")
        yield Problem("stage", "not_allowed", words)
    if one.target == 0:
        words = _("Write a target of at least 1, or leave it empty.")
        yield Problem("target", "out_of_range", words)
    last = last_day(agreement)
    if one.due_on and agreement.starts_on and one.due_on < agreement.starts_on:
        words = _("The duty is due before the agreement begins. Check the day.")
        yield Problem("due_on", "days_in_order", words)
    elif one.due_on and last and one.due_on > last:
        words = _("The duty is due after the agreement's last day. Check the day.")
        yield Problem("due_on", "days_in_order", words)


def _problems_of_entry(entry: ObligationEntry) -> Iterator[Problem]:
    duty = entry.obligation
    yield from _out(duty)
    if duty.measure != DutyMeasure.HAND:
        words = _("This duty is counted by the portal. Nothing is entered by hand.")
        yield Problem("", "fixed", words)
    if entry.reached_on > timezone.localdate():
        words = _("The day lies ahead. Write today's date or an earlier one.")
        yield Problem("reached_on", "future", words)


def _entries(obligation: Obligation):
    return ObligationEntry.objects.filter(obligation=obligation, withdrawn_at=None)


def _known(obligation: Obligation) -> Obligation:
    """What this uid named before, when it is the same duty."""
    same = {"agreement": obligation.agreement_id, "text": obligation.text}
    if known := Obligation.objects.filter(pk=obligation.pk, **same).first():
        return known
    raise _conflict()


def _known_entry(entry: ObligationEntry) -> ObligationEntry:
    rows = ObligationEntry.objects.filter(obligation=entry.obligation_id)
    same = {"reached_on": entry.reached_on, "value": entry.value, "created_by": entry.created_by}
    if known := rows.filter(pk=entry.pk, **same).first():
        return known
    if rows.filter(reached_on=entry.reached_on, withdrawn_at=None).exists():
        words = _("Progress of this day was entered before. Withdraw it first to correct it.")
        raise Refused(Problem("reached_on", "already_there", words))
    raise _conflict()


def _conflict() -> Stale:
    words = _("Something else was sent from this page before. Open the page anew.")
    return Stale(Problem("", "conflict", words))
