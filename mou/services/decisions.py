"""What is decided on an agreement: in force, cancelled, ended early, renewed; what came after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, versions
from core.errors import Problem, Refused, Stale
from core.formats import day_long, one_line

from .. import rights
from ..models import Addendum, Agreement, Evaluation, FileKind, Obligation
from .parties import areas_of, said_of, write_areas, write_parties
from .texts import tidy

#: Of the signed text, what a renewal begins with.
_CARRIED = (
    *("regency", "lead", "form", "title", "parent", "subject", "purpose", "scope", "result"),
    *("funding", "source", "is_example"),
)
_DUTY = ("position", "text", "measure", "stage", "unit", "target")


def missing_of(agreement: Agreement) -> list[Problem]:
    """What has to be known before it is in force; [] when nothing is missing. All `required`."""
    return [Problem(field, "required", words) for field, words in _missing(agreement)]


@transaction.atomic
def confirm_agreement(agreement: Agreement, *, actor, version: int) -> Agreement:
    """It is in force on its days. Refused: already_there where it was before; what is missing."""
    held = _held(agreement, actor)
    if held.confirmed_at:
        words = _("This agreement was put in force before.")
        raise Refused(Problem("", "already_there", words))
    if missing := missing_of(held):
        raise Refused(*missing)
    versions.swap(agreement, version, confirmed_at=timezone.now(), confirmed_by=actor)
    audit.record(actor, "agreement.confirmed", agreement)
    return agreement


@transaction.atomic
def cancel_agreement(agreement: Agreement, *, actor, version: int, note: str) -> Agreement:
    """It counts nowhere any more and stays on record. Refused: reason_missing (note); in_use
    where others are made under it or renew it; not_allowed where it was ended by letter."""
    held = _held(agreement, actor)
    if not note.strip():
        words = _("Say why it is cancelled: whoever reads this later will ask.")
        raise Refused(Problem("note", "reason_missing", words))
    if held.terminated_on:
        words = _("This agreement was ended by letter. It stays on record as it is.")
        raise Refused(Problem("", "not_allowed", words))
    kin = held.children.filter(cancelled_at=None) | held.renewals.filter(cancelled_at=None)
    if other := kin.first():
        words = _("“%(title)s” rests on this agreement. Cancel that one first.")
        raise Refused(Problem("", "in_use", words % {"title": other.title}))
    versions.swap(agreement, version, cancelled_at=timezone.now())
    audit.record(actor, "agreement.cancelled", agreement, note=note.strip())
    return agreement


@transaction.atomic
def terminate_agreement(
    agreement: Agreement, *, actor, version: int, last_day: date, reason: str, letter: str
) -> Agreement:
    """`last_day` is its last one. Refused: reason_missing (reason), required (letter),
    days_in_order (last_day), not_allowed where it is not confirmed or was ended before."""
    held = _require_confirmed(_held(agreement, actor))
    if held.terminated_on:
        words = _("This agreement was ended by letter before.")
        raise Refused(Problem("", "already_there", words))
    letter = one_line(letter)
    if problems := list(_against_ending(held, last_day, reason.strip(), letter)):
        raise Refused(*problems)
    said = {
        "terminated_on": last_day,
        "termination_reason": reason.strip(),
        "termination_letter": letter,
    }
    versions.swap(agreement, version, **said)
    audit.record(actor, "agreement.terminated", agreement, last_day=str(last_day))
    return agreement


@transaction.atomic
def renew_agreement(
    agreement: Agreement, *, actor, starts_on: date, ends_on: date | None
) -> Agreement:
    """A draft that renews it, with its parties, area and open duties; nothing of it changes.

    Refused: already_there where a renewal is on file; days_in_order; not_allowed.
    """
    held = _require_confirmed(_held(agreement, actor))
    if other := held.renewals.filter(cancelled_at=None).first():
        raise Refused(Problem("", "already_there", _renewed_already(other)))
    if held.terminated_on:
        words = _("This agreement was ended by letter. Make a new one instead.")
        raise Refused(Problem("", "not_allowed", words))
    before = held.ends_on or held.starts_on
    if before and starts_on <= before:
        words = _("It begins after %(day)s, when the agreement that it renews is over.")
        words %= {"day": day_long(before)}
        raise Refused(Problem("starts_on", "days_in_order", words))
    if ends_on and ends_on < starts_on:
        words = _("It ends before it begins. Check both days.")
        raise Refused(Problem("ends_on", "days_in_order", words))
    child = Agreement(
        renews=held,
        starts_on=starts_on,
        ends_on=ends_on,
        created_by=actor,
        **{name: getattr(held, name) for name in _CARRIED},
    )
    child.save(force_insert=True)
    write_parties(child, said_of(held.parties.all()))
    write_areas(child, areas_of(held))
    _carry_duties(held, child)
    audit.record(actor, "agreement.created", child, title=child.title, renews=str(held.pk))
    audit.record(actor, "agreement.renewed", held, by=str(child.pk))
    return child


def add_addendum(addendum: Addendum, *, actor) -> Addendum:
    """What was changed in words is on record. Refused: not_allowed, days_in_order, future;
    Stale (conflict) where its uid names something else."""
    agreement = _require_confirmed(_whole(addendum.agreement, actor))
    _refuse_future("dated", addendum.dated)
    if agreement.signed_on and addendum.dated < agreement.signed_on:
        words = _("The addendum is older than the agreement. Check its date.")
        raise Refused(Problem("dated", "days_in_order", words))
    return _add(addendum, actor, "agreement.addendum_added", {"number": addendum.number})


def add_evaluation(evaluation: Evaluation, *, actor) -> Evaluation:
    """How it went in a period is on record. Refused: not_allowed, days_in_order, future;
    Stale (conflict) where its uid names something else."""
    agreement = _require_confirmed(_whole(evaluation.agreement, actor))
    _refuse_future("period_until", evaluation.period_until)
    if evaluation.period_until < evaluation.period_from:
        words = _("The period ends before it begins. Check both days.")
        raise Refused(Problem("period_until", "days_in_order", words))
    if agreement.starts_on and evaluation.period_until < agreement.starts_on:
        words = _("The period lies before the agreement begins. Check both days.")
        raise Refused(Problem("period_from", "days_in_order", words))
    return _add(evaluation, actor, "agreement.evaluated", {"until": str(evaluation.period_until)})


def _missing(agreement: Agreement) -> Iterator[tuple[str, str]]:
    if not agreement.number_first:
        yield "number_first", _("The number that the first party gave it.")
    if not agreement.number_second:
        yield "number_second", _("The number that the second party gave it.")
    if not agreement.signed_on:
        yield "signed_on", _("The date of signature.")
    if not agreement.starts_on:
        yield "starts_on", _("The day from which it is in force.")
    if not (agreement.ends_on or agreement.open_ended):
        yield "ends_on", _("Its last day, or that it has no end.")
    yield from _missing_signatures(agreement)
    if not agreement.obligations.filter(ended_at=None).exists():
        yield "obligations", _("At least one duty of a party.")
    if not agreement.files.filter(kind=FileKind.AGREEMENT, removed_at=None).exists():
        yield "files", _("The signed agreement as a PDF.")


def _missing_signatures(agreement: Agreement) -> Iterator[tuple[str, str]]:
    parties = list(agreement.parties.select_related("partner", "opd"))
    if len(parties) < 2:
        yield "parties", _("Two parties at least.")
    for one in parties:
        if not (one.signatory_name and one.signatory_title):
            words = _("Who signed for %(party)s, with name and position.")
            yield "parties", words % {"party": one.organisation}


def _against_ending(held: Agreement, last: date, reason: str, letter: str) -> Iterator[Problem]:
    if held.starts_on and last < held.starts_on:
        words = _("It had not begun on this day. Check the day, or cancel the agreement.")
        yield Problem("last_day", "days_in_order", words)
    if held.ends_on and last >= held.ends_on:
        words = _("It ends on %(day)s anyway. Choose an earlier day.")
        yield Problem("last_day", "days_in_order", words % {"day": day_long(held.ends_on)})
    if not reason:
        yield Problem("reason", "reason_missing", _("Say why it ends early."))
    if not letter:
        yield Problem("letter", "required", _("Fill in the number of the letter that ends it."))


def _held(agreement: Agreement, actor) -> Agreement:
    """The row as it stands, kept from others until the end of the transaction."""
    return _whole(Agreement.objects.select_for_update().get(pk=agreement.pk), actor)


def _whole(agreement: Agreement, actor) -> Agreement:
    rights.require(actor, agreement.regency)
    if agreement.cancelled_at:
        words = _("This agreement is cancelled. It stays as it is.")
        raise Refused(Problem("", "not_allowed", words))
    return agreement


def _require_confirmed(agreement: Agreement) -> Agreement:
    if agreement.confirmed_at is None:
        words = _("This agreement is still a draft. Put it in force first.")
        raise Refused(Problem("", "not_allowed", words))
    return agreement


def _renewed_already(other: Agreement) -> str:
    if other.confirmed_at:
        return _("This agreement is renewed already. Renew the newer one.")
    return _("A renewal is on file as a draft already. Finish it, or cancel it.")


def _carry_duties(old: Agreement, new: Agreement) -> None:
    """Open duties, party by party; the days on which they are due are agreed anew."""
    parties = {one.position: one for one in new.parties.all()}
    places = [one.pk for one in old.parties.all()]
    Obligation.objects.bulk_create(
        Obligation(
            agreement=new,
            party=parties[places.index(one.party_id) + 1],
            **{name: getattr(one, name) for name in _DUTY},
        )
        for one in old.obligations.filter(ended_at=None)
    )


def _refuse_future(field: str, day: date) -> None:
    if day > timezone.localdate():
        words = _("This day has not come yet. Choose today or an earlier day.")
        raise Refused(Problem(field, "future", words))


def _add(row: models.Model, actor, action: str, facts: dict) -> models.Model:
    """The unsaved row is on record once, however often its page is sent."""
    row.created_by = actor  # type: ignore[attr-defined]
    tidy(row)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            audit.record(actor, action, row.agreement, **facts)  # type: ignore[attr-defined]
    except IntegrityError:
        return _known(row)
    return row


def _known(row: models.Model) -> models.Model:
    """What this uid named before, when it says the same of the same agreement."""
    names = [one.attname for one in row._meta.concrete_fields if one.name != "created_at"]
    same = {name: getattr(row, name) for name in names}
    if known := type(row)._base_manager.filter(**same).first():
        return known
    words = _("Something else was sent from this page before. Open the page anew.")
    raise Stale(Problem("", "conflict", words))
