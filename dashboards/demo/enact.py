"""Plans put on file: every row through the services that people use."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from accounts.models import User
from core.errors import Problem, Refused
from programs.models import Activity, Origin, ProgramState
from programs.services import (
    create_program,
    record_gap_approval,
    record_outcome,
    return_activity,
    set_program_state,
    submit_activities,
    verify_activities,
    void_activity,
)

from .people import HOME_DISTRICT
from .plans import Plan, Record

#: What an author records in so many days comes in together, and is reviewed together.
WINDOW_DAYS = 21
MOST_AT_ONCE = 200
DAYS_UNTIL_REVIEW = 4
REASONS_RETURNED = (
    "Jumlah perempuan dan laki-laki belum diisi. Lihat daftar hadir.",
    "Tanggal tidak sama dengan daftar hadir. Periksa lagi.",
    "Jumlah penerima lebih besar dari daftar. Hitung ulang.",
    "Nama kegiatan kurang jelas. Tulis seperti di daftar hadir.",
    "Pilih program yang tepat: kegiatan ini milik dinas.",
)
REASON_VOIDED = "Tercatat dua kali: sudah ada di catatan lain."


def programs(plans: Iterable[Plan], people: Mapping[str, User], now: datetime) -> int:
    """Every program on file, with approved analyses and reached outcomes. Their number."""
    officer, today, count = people["officer"], timezone.localdate(now), 0
    for plan in plans:
        made = create_program(plan.program, plan.targets, actor=people[plan.maker])
        if plan.gap:
            record_gap_approval(
                made,
                actor=officer,
                approved_on=today.replace(year=made.year_from, month=2, day=10),
                benefit_target_percent=plan.gap,
            )
        for village in plan.proven:
            reached_on = today.replace(year=today.year - 1, month=12, day=15)
            record_outcome(made, village, actor=officer, reached_on=reached_on)
        count += 1
    return count


def activities(
    records: Iterable[Record],
    people: Mapping[str, User],
    now: datetime,
    origin: str,
    source_urls: Mapping[UUID, str] | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> Counter[str]:
    """Every record sent in and reviewed, the oldest window first. Their number by fate."""
    windows: dict[int, list[Record]] = defaultdict(list)
    for one in sorted(records, key=lambda one: (one.received_on, one.draft.uid)):
        windows[one.received_on.toordinal() // WINDOW_DAYS].append(one)
    fates: Counter[str] = Counter()
    for window in windows.values():
        at = min(_at(window[-1].received_on, 16), now)
        for batch in batches(window):
            _send(batch, people, at, origin, source_urls)
        _review(window, people, min(at + timedelta(days=DAYS_UNTIL_REVIEW), now))
        fates.update(one.fate for one in window)
        progress(fates.total())
    return fates


def batches(window: Iterable[Record]) -> Iterator[list[Record]]:
    """What one author sends in of a window, at most 200 at once."""
    groups: dict[str, list[Record]] = defaultdict(list)
    for one in window:
        groups[one.author].append(one)
    for _author, group in sorted(groups.items()):
        for first in range(0, len(group), MOST_AT_ONCE):
            yield group[first : first + MOST_AT_ONCE]


def _send(
    batch: Sequence[Record],
    people: Mapping[str, User],
    at: datetime,
    origin: str,
    source_urls: Mapping[UUID, str] | None,
) -> None:
    outcomes = submit_activities(
        [one.draft for one in batch],
        actor=people[batch[0].author],
        source=origin,
        origin=origin,
        source_urls=source_urls,
        now=at,
    )
    for one, outcome in zip(batch, outcomes, strict=True):
        if not outcome.ok:
            raise Refused(*outcome.problems, Problem("", "record", str(one.draft.content)))


def _review(window: Sequence[Record], people: Mapping[str, User], at: datetime) -> None:
    on_file = Activity.objects.select_related("village__district").in_bulk(
        [one.draft.uid for one in window]
    )
    to_verify: dict[str, list[Activity]] = defaultdict(list)
    for serial, one in enumerate(window):
        activity = on_file[one.draft.uid]
        reviewer = _reviewer(activity)
        if one.fate == "verified":
            to_verify[reviewer].append(activity)
        elif one.fate != "waiting":
            _refuse(activity, one.fate, people[reviewer], at, serial)
    for reviewer, verified in to_verify.items():
        verify_activities(verified, actor=people[reviewer], now=at)


def _refuse(activity: Activity, fate: str, actor: User, at: datetime, serial: int) -> None:
    if fate == "voided":
        void_activity(activity, actor=actor, version=activity.version, reason=REASON_VOIDED, now=at)
    else:
        uncounted = activity.women_share is None and activity.women_beneficiaries is None
        reason = REASONS_RETURNED[0 if uncounted else 1 + serial % (len(REASONS_RETURNED) - 1)]
        return_activity(activity, actor=actor, version=activity.version, reason=reason, now=at)


def _reviewer(activity: Activity) -> str:
    """The district officer where there is one; the office for the others."""
    home = activity.village.district.code == HOME_DISTRICT
    return "kecamatan" if home and activity.origin == Origin.SAMPLE else "officer"


def close(plans: Iterable[Plan], people: Mapping[str, User]) -> None:
    """The programs among these that run are completed."""
    for plan in plans:
        if plan.program.state == ProgramState.ACTIVE:
            set_program_state(
                plan.program,
                ProgramState.COMPLETED,
                actor=people["officer"],
                version=plan.program.version,
            )


def _at(day, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
