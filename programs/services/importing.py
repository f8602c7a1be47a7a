"""Sheets in the background: taken in, judged piece by piece, taken up again after a break.

Each piece of a sheet commits together with the job's counters and its refused rows, so that a
worker who is killed, wherever it was, leaves nothing half and nothing double. A worker holds a
job by the moment of its last beat: whoever finds another moment there has lost it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from itertools import islice
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from accounts.models import User
from core import audit
from core.errors import Problem, Refused, Stale
from core.sheets import MOST_BYTES, Unusable

from ..imports import PIECE, Drafter, Result, Row, check_header, judge_piece, open_sheet, shown
from ..models import ImportJob, ImportProblem, ImportState

logger = logging.getLogger(__name__)

#: Tries without a single piece done before a sheet is given up.
MOST_ATTEMPTS = 4
#: A worker that said nothing for so long is gone. A piece takes a second or two.
SILENCE = timedelta(seconds=60)
#: A job nobody began so long after it came has lost its task; until then it waits its turn.
LOST = timedelta(minutes=10)
#: The same file again within this time is the same press of the button.
SAME = timedelta(minutes=2)
#: Sheets of one person that may wait at once.
MOST_WAITING = 10
#: What was sent is kept so long for a second look.
KEPT = timedelta(days=30)
#: Rows of a sheet that are kept to be put right, and things wrong told of each.
MOST_NOTED, MOST_OF_A_ROW = 5_000, 10
#: The language of what is kept about rows: the one of the sheets themselves.
LANGUAGE = "id"

TOO_LARGE = gettext_lazy("The file is larger than 5 MB. Split it into smaller ones.")
UNDER_WAY = (ImportState.WAITING, ImportState.RUNNING)
_COUNTS = ("accepted", "duplicate", "conflict", "rejected")


def take_in(content: bytes, name: str, actor, dry_run: bool) -> ImportJob:
    """Keep a sheet to be judged in the background; what can be told at once is told at once.

    The same file sent again shortly after is the same job. Raises Refused: not_permitted,
    too_large, unusable, too_many_waiting.
    """
    require_log(actor)
    if len(content) > MOST_BYTES:
        raise Refused(Problem("file", "too_large", str(TOO_LARGE)))
    if not content:
        raise Refused(Problem("file", "empty", _("The file is empty. Choose another one.")))
    try:
        check_header(content)
    except Unusable as trouble:
        raise Refused(Problem("file", "unusable", str(trouble))) from trouble
    digest = sha256(content).hexdigest()
    with transaction.atomic():
        hers = _held_jobs_of(actor)
        again = hers.filter(digest=digest, dry_run=dry_run, tried=None)
        known = again.filter(
            Q(state__in=UNDER_WAY) | Q(state=ImportState.DONE, created_at__gt=timezone.now() - SAME)
        ).first()
        if known is not None:
            return known
        _refuse_too_many(hers)
        return _begin(actor, name, content, digest, dry_run=dry_run)


def apply(job: ImportJob, actor) -> ImportJob:
    """Take what was tried: a new job over the same content. Pressed twice, it is one.

    Raises Refused: not_permitted; Stale: not_tried, content_gone.
    """
    require_log(actor)
    with transaction.atomic():
        hers = _held_jobs_of(actor)
        tried = hers.get(pk=job.pk)
        if not tried.dry_run or tried.state != ImportState.DONE:
            text = _("Only a sheet that has been tried to its end can be applied.")
            raise Stale(Problem("", "not_tried", text))
        known = tried.applied.filter(state__in=[*UNDER_WAY, ImportState.DONE]).first()
        if known is not None:
            return known
        if tried.content is None:
            text = _("The sheet is no longer kept. Send it again.")
            raise Stale(Problem("file", "content_gone", text))
        _refuse_too_many(hers)
        content = bytes(tried.content)
        return _begin(actor, tried.name, content, tried.digest, dry_run=False, tried=tried)


def stop(job: ImportJob, actor) -> ImportJob:
    """Leave the rest of a sheet alone; what is recorded stays. Stale when it had ended before."""
    with transaction.atomic():
        hers = ImportJob.objects.visible_to(actor).defer("content")
        held = hers.select_for_update().get(pk=job.pk)
        if held.state not in UNDER_WAY:
            raise Stale(Problem("", "already_ended", _("This sheet has ended already.")))
        _end(held, ImportState.STOPPED)
    return held


def percent(job: ImportJob) -> int:
    """How much of its rows is judged; of a sheet not opened yet, nothing."""
    return 100 * job.judged // job.rows if job.rows else 0


def require_log(actor) -> None:
    if "log" not in actor.capabilities:
        text = _("You do not record activities of any village.")
        raise Refused(Problem("", "not_permitted", text))


def _held_jobs_of(actor):
    """Her jobs, one press of hers after the other."""
    User.objects.select_for_update().get(pk=actor.pk)
    return ImportJob.objects.visible_to(actor)


def _refuse_too_many(hers) -> None:
    if hers.filter(state__in=UNDER_WAY).count() >= MOST_WAITING:
        text = _("Ten sheets of yours are waiting already. Wait until one has ended.")
        raise Refused(Problem("file", "too_many_waiting", text))


def _begin(actor, name: str, content: bytes, digest: str, **more) -> ImportJob:
    job = ImportJob.objects.create(
        actor=actor,
        name=name.strip()[-120:] or "-",
        digest=digest,
        content=content,
        size=len(content),
        **more,
    )
    audit.record(actor, "import.received", job, size=job.size, dry_run=job.dry_run)
    _enqueue(job.pk)
    return job


def _enqueue(uid: UUID) -> None:
    from ..tasks import judge_sheet  # tasks call this module

    transaction.on_commit(partial(judge_sheet.enqueue, str(uid)))


# -- The worker ----------------------------------------------------------------


def work(uid: UUID) -> None:
    """Judge a job from where it stands to its end, if nobody else does."""
    job = _take(uid)
    if job is None:
        return
    try:
        with override(LANGUAGE):
            for _piece in _pieces(job):
                pass
    except Unusable as trouble:
        _give_up(job, str(trouble))
    except Exception:
        # It stays ours in silence: `take_up` gives it to the next worker in a while.
        logger.exception("Import %s broke down after %s rows", uid, job.judged)
        raise


def take_up() -> float:
    """Bring jobs that wait, or whose worker is gone, before a worker again. Seconds until next.

    More tasks than needed do no harm: exactly one of them gets the job.
    """
    for uid in _abandoned(timezone.now()).values_list("pk", flat=True)[:100]:
        _enqueue(uid)
    return SILENCE.total_seconds()


def empty_old() -> float:
    """Forget the content and the wrong rows of sheets nobody needs any more. Seconds until next."""
    now = timezone.now()
    over = Q(dry_run=False) & ~Q(state__in=UNDER_WAY) | Q(created_at__lt=now - KEPT)
    ImportJob.objects.filter(over, content__isnull=False).update(content=None)
    ImportProblem.objects.filter(job__created_at__lt=now - KEPT).delete()
    return timedelta(hours=6).total_seconds()


def _abandoned(now: datetime):
    """Those running in silence; those waiting whose task should long have come."""
    silent = Q(beat_at__lt=now - SILENCE) | Q(beat_at=None, created_at__lt=now - LOST)
    return ImportJob.objects.filter(silent, state__in=UNDER_WAY).order_by("created_at")


def _take(uid: UUID) -> ImportJob | None:
    """The job, now ours; None when it has ended or another worker holds it."""
    now = timezone.now()
    job = ImportJob.objects.select_related("actor").defer("content").filter(pk=uid).first()
    if job is None or job.state not in UNDER_WAY:
        return None
    if job.state == ImportState.RUNNING and job.beat_at and job.beat_at > now - SILENCE:
        return None
    ours = {"state": ImportState.RUNNING, "beat_at": now, "attempts": job.attempts + 1}
    seen = ImportJob.objects.filter(pk=uid, state=job.state, beat_at=job.beat_at)
    if not seen.filter(attempts=job.attempts).update(**ours):
        return None
    for name, value in ours.items():
        setattr(job, name, value)
    if job.attempts > MOST_ATTEMPTS:
        with override(LANGUAGE):
            _give_up(job, _stuck(job))
        return None
    return job


def _stuck(job: ImportJob) -> str:
    return _(
        "The portal tried %(times)s times and got no further than %(rows)s rows of this sheet. "
        "Those stay as they are. Send the rest as a sheet of its own: nothing is recorded twice."
    ) % {"rows": job.judged, "times": MOST_ATTEMPTS}


def _pieces(job: ImportJob) -> Iterator[None]:
    """Judge and commit one piece after the other, until the end or until the job is lost."""
    content = ImportJob.objects.values_list("content", flat=True).get(pk=job.pk)
    if content is None:
        raise Unusable(_("The sheet is no longer kept. Send it again."))
    sheet = open_sheet(bytes(content))
    if job.rows is None:
        job.rows = sheet.count()
    drafter, rows = Drafter(User.objects.get(pk=job.actor_id)), iter(sheet)
    for row in islice(rows, job.judged):
        drafter.pass_over(row)
    while job.state == ImportState.RUNNING:
        piece = list(islice(rows, PIECE))
        if not _commit(job, piece, drafter):
            return
        yield


def _commit(job: ImportJob, piece: list[Row], drafter: Drafter) -> bool:
    """One piece with its counters and refused rows, all or nothing; False: the job is lost."""
    with transaction.atomic():
        if not _still_ours(job):
            return False
        actor = User.objects.get(pk=job.actor_id)  # with the rights of this moment
        if "log" not in actor.capabilities or not actor.is_active:
            raise Unusable(_("You no longer record activities of any village."))
        results = judge_piece(piece, drafter, actor=actor, name=job.name, dry_run=job.dry_run)
        _note_refused(job, results)
        after = {name: getattr(job, name) for name in _COUNTS}
        for one in results:
            after[one.outcome.word] += 1
        after |= {"judged": job.judged + len(piece), "rows": job.rows, "attempts": 0}
        after["beat_at"] = _next_beat(job.beat_at)
        ImportJob.objects.filter(pk=job.pk).update(**after)
        for name, value in after.items():
            setattr(job, name, value)
        if job.judged >= (job.rows or 0):
            _end(job, ImportState.DONE)
    return True


def _still_ours(job: ImportJob) -> bool:
    """Whether nobody stopped it or took it over; held until commit."""
    held = ImportJob.objects.select_for_update().only("pk")
    return bool(held.filter(pk=job.pk, state=ImportState.RUNNING, beat_at=job.beat_at))


def _next_beat(before: datetime | None) -> datetime:
    """Now, and never the moment before again: the moment is what tells two workers apart."""
    now = timezone.now()
    return max(now, before + timedelta(microseconds=1)) if before else now


def _note_refused(job: ImportJob, results: list[Result]) -> None:
    """The rows that were not taken, as many as anybody will put right."""
    refused = [one for one in results if not one.outcome.ok]
    room = max(0, MOST_NOTED - job.problems.count()) if refused else 0
    ImportProblem.objects.bulk_create(
        ImportProblem(
            job=job,
            number=one.number,
            outcome=one.outcome.word,
            cells={name: text for name, cell in one.row.cells.items() if (text := shown(cell))},
            problems=[problem.as_dict() for problem in one.outcome.problems[:MOST_OF_A_ROW]],
        )
        for one in refused[:room]
    )


def _give_up(job: ImportJob, trouble: str) -> None:
    with transaction.atomic():
        if _still_ours(job):
            _end(job, ImportState.FAILED, trouble)


def _end(job: ImportJob, state: str, trouble: str = "") -> None:
    """The job has come to its end; only of a trial that ended well is the content still needed."""
    job.state, job.trouble, job.finished_at = state, trouble, timezone.now()
    names = ["state", "trouble", "finished_at"]
    if not job.dry_run or state != ImportState.DONE:
        job.content = None
        names.append("content")
    job.save(update_fields=names)
    counts = {name: getattr(job, name) for name in ("judged", *_COUNTS)}
    if job.tried_id and state == ImportState.DONE:
        ImportJob.objects.filter(pk=job.tried_id).update(content=None)
    audit.record(job.actor, f"import.{state}", job, dry_run=job.dry_run, **counts)
