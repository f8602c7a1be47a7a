"""One line per failure: what was sent, what arrived, what the person read."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from core.models import AuditEntry
from programs.models import Activity, Submission

from . import book


class Held(NamedTuple):
    """What the portal holds: uids of records, accepted receipts by uid with their numbers, and
    the uids of the audit rows of taking a record in.
    """

    records: list[str]
    receipts: dict[str, str]
    audited: list[str]


def held() -> Held:
    accepted = Submission.objects.filter(state="accepted")
    audited = AuditEntry.objects.filter(action="activity.submitted")
    return Held(
        [str(pk) for pk in Activity.objects.values_list("pk", flat=True)],
        {str(uid): number for uid, number in accepted.values_list("uid", "number")},
        list(audited.values_list("object_id", flat=True)),
    )


def close(
    failure: str,
    uids: Iterable[str],
    words: Iterable[str],
    *,
    began: float,
    now: Held | None = None,
    **facts,
) -> None:
    """Count what the portal holds against what the person sent, note it, and insist on it.

    Received: a record, a receipt and an audit row. Double: a record nobody sent, or one that was
    taken in twice. `words`: what was read on the screen. `facts`: proof that the fault was real.
    """
    sent, now = {str(uid) for uid in uids}, now or held()
    received = sent & set(now.records) & set(now.receipts) & set(now.audited)
    twice = sum(count - 1 for count in Counter(now.audited).values())
    line = {
        "id": failure,
        "sent": len(sent),
        "received": len(received),
        "lost": len(sent - received),
        "double": len(set(now.records) - sent) + twice,
        "seconds": round(time.monotonic() - began, 1),
        "words": list(dict.fromkeys(words)),
        **facts,
    }
    book.write(line)
    assert sent, "a drill that sends nothing proves nothing"
    assert (line["lost"], line["double"]) == (0, 0), line
