"""Periods: closed, revised with a reason, asked to be corrected. What was closed never changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core import audit
from core.errors import Problem, Refused, Stale
from villages.models import Regency, Village, VillageQuerySet

from .. import closing as reads
from .. import rollups
from ..involvement import DEFINITION_VERSION
from ..models import (
    Activity,
    Basis,
    CorrectionRequest,
    NothingToReport,
    ProgramVillageMonth,
    RequestState,
    Review,
    Snapshot,
    SnapshotRow,
)
from ..periods import Period
from .records import not_permitted

CLOSE = "close_periods"
#: Dated snapshots are kept this long, counted in snapshots of one period.
KEPT = 35


@transaction.atomic
def take_snapshot(
    regency: Regency,
    period: Period,
    *,
    actor,
    closing: bool,
    reason: str = "",
    now: datetime | None = None,
) -> Snapshot:
    """The verified figures of a regency and period are on file as they stand at this moment.

    All its villages are held meanwhile, in the order every writer takes them: what was committed
    before is in, what comes later is not. The revision counts up from 1, apart for closings and
    for dated snapshots. It asks nobody's right: `close_period` and `revise_period` do.
    """
    villages = _hold(regency)
    now = now or timezone.now()
    rows = reads.rows_now(villages, period)
    taken = Snapshot.objects.create(
        regency=regency,
        year=period.year,
        kind=period.kind,
        number=period.number,
        closing=closing,
        revision=_last_revision(regency, period, closing) + 1,
        reason=reason,
        definition_version=DEFINITION_VERSION,
        summary=_summary(villages, period, now),
        checksum=reads.checksum_of(rows),
        taken_at=now,
        taken_by=actor,
    )
    for row in rows:
        row.snapshot = taken
    SnapshotRow.objects.bulk_create(rows, batch_size=1000)
    return taken


def _hold(regency: Regency) -> VillageQuerySet:
    villages = Village.objects.filter(district__regency=regency)
    rollups.lock(villages.values_list("pk", flat=True))
    return villages


def _last_revision(regency: Regency, period: Period, closing: bool) -> int:
    taken = Snapshot.objects.of(period).filter(regency=regency, closing=closing)
    return taken.aggregate(last=Max("revision"))["last"] or 0


def _summary(villages: VillageQuerySet, period: Period, now: datetime) -> dict[str, Any]:
    """What no row says. `newest`: when a record of the period last changed, ISO 8601 or None;
    `seen`: the steps under way when it was taken that are in it (`closing.steps_since`)."""
    found = checklist(villages, period)
    days = (period.first_day, period.last_day)
    held = Activity.objects.filter(village__in=villages, held_on__range=days)
    newest = held.aggregate(newest=Max("updated_at"))["newest"]
    steps = Review.objects.filter(reads.touching(period), activity__village__in=villages)
    seen = steps.filter(at__gte=now - reads.UNDER_WAY).values_list("pk", flat=True)
    return {
        **{name: found[name] for name in ("villages", "reporting", "nothing_declared", "waiting")},
        "newest": newest.isoformat() if newest else None,
        "seen": sorted(map(str, seen)),
    }


def checklist(villages: VillageQuerySet, period: Period) -> dict[str, int]:
    """How complete the records of a period are: what an officer weighs before she closes it.

    `missing`: villages from which neither a record nor a word of "nothing to report" came.
    """
    live = villages.live()
    sent = ProgramVillageMonth.objects.filter(village__in=villages, basis=Basis.REPORTED)
    reporting = set(sent.within(period).values_list("village", flat=True))
    months = {"year": period.year, "month__in": list(period.months)}
    nothing = NothingToReport.objects.in_force().filter(village__in=live, **months)
    silent = set(nothing.values_list("village", flat=True)) - reporting
    known = set(live.values_list("pk", flat=True))
    days = (period.first_day, period.last_day)
    waiting = Activity.objects.waiting().filter(village__in=villages, held_on__range=days)
    return {
        "villages": len(known),
        "reporting": len(known & reporting),
        "nothing_declared": len(silent),
        "missing": len(known - reporting - silent),
        "waiting": waiting.count(),
    }


def may_close(regency: Regency, user) -> bool:
    """She closes the periods of this whole regency."""
    return user.regencies_with(CLOSE).filter(pk=regency.pk).exists()


@transaction.atomic
def close_period(
    regency: Regency, period: Period, *, actor, now: datetime | None = None
) -> Snapshot:
    """The period is closed: its figures can be cited from now on. Refused before it is over, and
    when it is closed already. Records of it that come in later are kept and move today's figures
    alone."""
    _require_may_close(regency, actor)
    _require_over(period, now)
    _hold(regency)
    if reads.is_closed(regency.code, period):
        raise Stale(
            Problem(
                "",
                "closed_already",
                _("This period is closed already. Make a revision if its figures must change."),
            )
        )
    taken = take_snapshot(regency, period, actor=actor, closing=True, now=now)
    _note(actor, "period.closed", taken)
    return taken


@transaction.atomic
def revise_period(
    regency: Regency, period: Period, *, actor, reason: str, now: datetime | None = None
) -> Snapshot:
    """The closed figures are made anew from today's facts, beside the earlier ones, which stay.

    Refused without a reason, while the period is open, and when nothing has changed since.
    """
    _require_may_close(regency, actor)
    reason = _words("reason", reason)
    _hold(regency)
    before = reads.closing_of(regency.code, period)
    if before is None:
        raise Refused(Problem("", "not_closed", _("This period is not closed yet.")))
    taken = take_snapshot(regency, period, actor=actor, closing=True, reason=reason, now=now)
    if _same(before, taken):
        raise Refused(
            Problem(
                "",
                "nothing_changed",
                _("Today's figures are those that were closed, so there is nothing to revise."),
            )
        )
    _note(actor, "period.revised", taken, reason=reason)
    return taken


def _same(before: Snapshot, after: Snapshot) -> bool:
    return (before.checksum, before.definition_version) == (
        after.checksum,
        after.definition_version,
    )


def may_ask(village: Village, user) -> bool:
    """Whoever records or reviews in the village."""
    hers = Village.objects.permitting(user, "log") | Village.objects.permitting(user, "verify")
    return hers.filter(pk=village.pk).exists()


@transaction.atomic
def ask_correction(
    snapshot: Snapshot, *, village: Village, actor, reason: str, now: datetime | None = None
) -> CorrectionRequest:
    """The office is asked to make the closed figures of a village anew.

    Refused without a reason, for a village that is not hers or not of that regency, and while
    she has an open request for the village and period: she waits for its answer.
    """
    inside = village.code.startswith(snapshot.regency.code + ".")
    if not (may_ask(village, actor) and inside and snapshot.closing):
        raise not_permitted()
    reason = _words("reason", reason)
    rollups.lock([village.pk])
    if _open_requests(snapshot).filter(village=village, asked_by=actor).exists():
        raise Refused(
            Problem(
                "",
                "asked_already",
                _("You asked this already. The office has yet to answer."),
            )
        )
    asked = CorrectionRequest.objects.create(
        snapshot=snapshot,
        village=village,
        reason=reason,
        asked_by=actor,
        asked_at=now or timezone.now(),
    )
    told = {"period": snapshot.period.code, "village": village.code}  # why: she and the office
    audit.record(actor, "correction_request.asked", asked, **told)
    return asked


def _open_requests(snapshot: Snapshot):
    """Those to any revision of its period."""
    of = Snapshot.objects.of(snapshot.period).filter(regency=snapshot.regency_id)
    return CorrectionRequest.objects.filter(snapshot__in=of, state=RequestState.OPEN)


@transaction.atomic
def answer_request(
    request: CorrectionRequest, *, actor, accept: bool, answer: str, now: datetime | None = None
) -> CorrectionRequest:
    """The office says yes, with the revision that answers it, or no; either with its reason,
    which only she who asked and the office read.

    A revision made since she asked answers her too when nothing has changed after it. An officer
    may answer her own request: a revision only counts anew what others verified, and she could
    make it unasked, so a second pair of eyes here would guard nothing. Stale when somebody else
    answered first.
    """
    regency = request.snapshot.regency
    _require_may_close(regency, actor)
    answer = _words("answer", answer)
    _hold(regency)
    now = now or timezone.now()
    revision = _revision_for(request, actor, now) if accept else None
    answered = CorrectionRequest.objects.filter(pk=request.pk, state=RequestState.OPEN).update(
        state=RequestState.ACCEPTED if accept else RequestState.DECLINED,
        answer=answer,
        answered_by=actor,
        answered_at=now,
        revision=revision,
    )
    if not answered:
        raise Stale(Problem("", "answered_already", _("Somebody answered this request already.")))
    request.refresh_from_db()
    number = revision.revision if revision else None
    audit.record(actor, f"correction_request.{request.state}", request, revision=number)
    return request


def _revision_for(request: CorrectionRequest, actor, now: datetime) -> Snapshot:
    """Its reason is read by everybody who may open the period; the answer is hers who asked."""
    regency, period = request.snapshot.regency, request.snapshot.period
    newest = reads.closing_of(regency.code, period)
    if newest and newest.taken_at > request.asked_at:
        rows = reads.rows_now(Village.objects.filter(district__regency=regency), period)
        if newest.checksum == reads.checksum_of(rows):
            return newest
    with translation.override(settings.LANGUAGE_CODE):
        reason = _("at a request for correction")
    return revise_period(regency, period, actor=actor, reason=reason, now=now)


@transaction.atomic
def take_dated(regency: Regency, period: Period, *, now: datetime) -> Snapshot | None:
    """Today's figures for the public pages; None when those of today are on file already, and
    for a closed period: it is published from its closing.

    Keeps the last KEPT of the period; closings are never touched.
    """
    _hold(regency)
    if reads.is_closed(regency.code, period):
        return None
    taken = take_snapshot(regency, period, actor=None, closing=False, now=now)
    dated = Snapshot.objects.of(period).filter(regency=regency, closing=False)
    before = dated.filter(revision=taken.revision - 1).first()
    today = timezone.localdate(now)
    if before and _same(before, taken) and timezone.localdate(before.taken_at) == today:
        taken.delete()
        return None
    dated.filter(revision__lte=taken.revision - KEPT).delete()
    return taken


def _require_may_close(regency: Regency, actor) -> None:
    if not may_close(regency, actor):
        raise not_permitted()


def _require_over(period: Period, now: datetime | None) -> None:
    if period.last_day >= timezone.localdate(now or timezone.now()):
        raise Refused(
            Problem("", "not_over", _("This period is not over yet, so it cannot be closed."))
        )


def _words(field: str, text: str) -> str:
    if not text.strip():
        raise Refused(Problem(field, "reason_missing", _("Write the reason in a few words.")))
    return text.strip()


def _note(actor, action: str, taken: Snapshot, **told: Any) -> None:
    said = {"period": taken.period.code, "revision": taken.revision, "checksum": taken.checksum}
    audit.record(actor, action, taken, **said, **told)
