"""How long things are kept: one row for each rule, with what is due and what is done about it.

Facts that carry the number are never deleted: when
ten years are over they are told to the archive office, which decides (UU 43/2009). What other
duties clear away (programs/duties.py) stands here with what they should have cleared: a number
above 0 says that they do not run.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from accounts.models import ApiToken, Device, EnrolmentLink
from accounts.services import leave, left_before
from core.idempotency import KEPT_FOR as ANSWERS_FOR
from core.models import KeptAnswer, KeptSheet

from ..intake import KEPT_FOR as SHEETS_FOR
from ..models import (
    Activity,
    ImportJob,
    ImportProblem,
    Kept,
    Photo,
    PhotoState,
    PhotoWithdrawal,
    Submission,
    SubmissionState,
)
from ..services.importing import KEPT as CONTENT_FOR
from ..services.photo_consent import let_go, settle

YEAR = timedelta(days=365)
#: Rows that are worked on one by one in a night; the rest the night after.
A_NIGHT = 5_000
#: What duties clear every few minutes may be this late before it counts.
GRACE = timedelta(days=1)

Rows = QuerySet[Any]


class Rule(NamedTuple):
    """One rule. `due` tells the rows older than the moment that it is given; `act` does what is
    due and returns how many rows it dealt with, None: it is only told."""

    key: str
    what: Any
    span: Any
    age: timedelta
    basis: Any
    due: Callable[[datetime], Rows]
    act: Callable[[Rows], int] | None = None


def _deleted(rows: Rows) -> int:
    return rows.order_by().delete()[1].get(rows.model._meta.label, 0)


def _each(do: Callable[[Any], bool | None]) -> Callable[[Rows], int]:
    """Row by row, each in its own transaction; counted is what was not refused by the disk."""

    def act(rows: Rows) -> int:
        return sum(do(one) is not False for one in rows[:A_NIGHT])

    return act


def _photos(before: datetime) -> Rows:
    return Photo.objects.live().filter(kept=Kept.FULL, received_at__lt=before)


def _removed(before: datetime) -> Rows:
    gone = Photo.objects.filter(state=PhotoState.REMOVED, received_at__lt=before)
    return gone.exclude(kept=Kept.NOTHING)


def _withdrawn(before: datetime) -> Rows:
    return PhotoWithdrawal.objects.waiting().filter(asked_at__lt=before).select_related("photo")


def _refused(before: datetime) -> Rows:
    rows = Submission.objects.filter(state=SubmissionState.REJECTED, received_at__lt=before)
    return rows.exclude(payload={})


def _emptied(rows: Rows) -> int:
    return rows.order_by().update(payload={}, errors=[])


def _keys(before: datetime) -> Rows:
    over = Q(expires_on__lt=timezone.localdate(before)) | Q(revoked_at__lt=before)
    return ApiToken.objects.filter(over)


_LAW = _("UU 27/2022: no longer than its purpose needs")
_ARCHIVE = _("UU 43/2009: archives of government")
_SAFETY = _("safety of the portal")

RULES: tuple[Rule, ...] = (
    Rule(
        "withdrawn",
        _("Photos that somebody asked to take away"),
        _("at once, at the latest 3 × 24 hours"),
        timedelta(0),
        _("UU 27/2022: consent taken back"),
        _withdrawn,
        _each(settle),
    ),
    Rule(
        "removed",
        _("Files of removed photos"),
        _("the next night"),
        timedelta(0),
        _LAW,
        _removed,
        _each(lambda one: let_go(one, Kept.NOTHING)),
    ),
    Rule(
        "photos",
        _("Photos in full size; the thumbnail stays"),
        _("2 years"),
        2 * YEAR,
        _LAW,
        _photos,
        _each(lambda one: let_go(one, Kept.SMALL)),
    ),
    Rule(
        "refused",
        _("Content of records that were refused and not sent again"),
        _("90 days"),
        timedelta(days=90),
        _LAW,
        _refused,
        _emptied,
    ),
    Rule(
        "import_rows",
        _("Rows of sheets that were not taken"),
        _("90 days"),
        timedelta(days=90),
        _LAW,
        lambda before: ImportProblem.objects.filter(job__finished_at__lt=before),
        _deleted,
    ),
    Rule(
        "accounts",
        _("Accounts after the last task: closed, phone number and e-mail erased"),
        _("1 year"),
        YEAR,
        _LAW,
        left_before,
        _each(leave),
    ),
    Rule(
        "phones",
        _("Phones that were not used any more"),
        _("1 year"),
        YEAR,
        _LAW,
        lambda before: Device.objects.filter(last_seen_at__lt=before),
        _deleted,
    ),
    Rule(
        "links",
        _("One-time links that are over"),
        _("1 year"),
        YEAR,
        _SAFETY,
        lambda before: EnrolmentLink.objects.filter(expires_at__lt=before),
        _deleted,
    ),
    Rule("keys", _("API keys that are over"), _("1 year"), YEAR, _SAFETY, _keys, _deleted),
    Rule(
        "sessions",
        _("Logins that are over"),
        _("at once"),
        timedelta(0),
        _SAFETY,
        lambda before: Session.objects.filter(expire_date__lt=before),
        _deleted,
    ),
    Rule(
        "tries",
        _("Wrong tries to log in"),
        _("30 days"),
        timedelta(days=30),
        _SAFETY,
        lambda before: AccessAttempt.objects.filter(attempt_time__lt=before),
        _deleted,
    ),
    Rule(
        "refusals",
        _("Log of refused logins"),
        _("1 year"),
        YEAR,
        _SAFETY,
        lambda before: AccessFailureLog.objects.filter(attempt_time__lt=before),
        _deleted,
    ),
    Rule(
        "logins",
        _("Log of logins"),
        _("1 year"),
        YEAR,
        _SAFETY,
        lambda before: AccessLog.objects.filter(attempt_time__lt=before),
        _deleted,
    ),
    Rule(
        "tasks",
        _("Work done in the background"),
        _("30 days"),
        timedelta(days=30),
        _SAFETY,
        lambda before: DBTaskResult.objects.finished().filter(finished_at__lt=before),
        _deleted,
    ),
    Rule(
        "records",
        _("Records of activities: told to the archive office, deleted by nobody"),
        _("10 years"),
        10 * YEAR,
        _ARCHIVE,
        lambda before: Activity.objects.filter(held_on__lt=timezone.localdate(before)),
    ),
    Rule(
        "sheets",
        _("Lists on trial (cleared by the duties)"),
        _("1 day"),
        SHEETS_FOR + GRACE,
        _LAW,
        lambda before: KeptSheet.objects.filter(created_at__lt=before),
    ),
    Rule(
        "answers",
        _("Answers kept for calls sent twice (cleared by the duties)"),
        _("30 days"),
        ANSWERS_FOR + GRACE,
        _SAFETY,
        lambda before: KeptAnswer.objects.filter(created_at__lt=before),
    ),
    Rule(
        "imports",
        _("Sheets of activities themselves (cleared by the duties)"),
        _("30 days"),
        CONTENT_FOR + GRACE,
        _LAW,
        lambda before: ImportJob.objects.filter(content__isnull=False, created_at__lt=before),
    ),
)
