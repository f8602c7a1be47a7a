"""A draft: what one door understood of one activity, before any rule has looked at it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from core.errors import Problem

from .models import CountSource, EventStatus, Kind, Stage

#: What an activity says, by the API's names (api.md section 3). The same names are the model's
#: fields, but for `program` (a uid) and `village` (a Kemendagri code).
CONTENT_FIELDS = (
    "program",
    "village",
    "held_on",
    "title",
    "place",
    "stage",
    "kind",
    "event_status",
    "joint_event",
    "women_participants",
    "men_participants",
    "unrecorded_participants",
    "total_participants",
    "women_deciders",
    "men_deciders",
    "women_beneficiaries",
    "men_beneficiaries",
    "women_proposals_accepted",
    "children",
    "with_disability",
    "elderly",
    "women_household_heads",
    "count_source",
    "low_women_reason",
    "budget_spent",
    "fund_source",
    "note",
    "reference",
    "latitude",
    "longitude",
)
#: Those that become columns of Activity as they are.
FACT_FIELDS = CONTENT_FIELDS[2:]
#: Left unsaid, these are what the record says.
DEFAULTS = {
    "stage": Stage.EXECUTION,
    "kind": Kind.OTHER,
    "event_status": EventStatus.HELD,
    "count_source": CountSource.ATTENDANCE_LIST,
    "women_proposals_accepted": 0,
}


@dataclass(frozen=True)
class ActivityDraft:
    """One activity as a door read it. `content` holds parsed values by CONTENT_FIELDS;
    a field that could not be read is missing there and named in `problems`.

    `raw` is what was sent, kept with a refused receipt so that nothing is lost.
    """

    uid: UUID
    content: Mapping[str, Any]
    problems: tuple[Problem, ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict)
    client_digest: str = ""
    device_time: datetime | None = None

    @property
    def program(self) -> UUID | None:
        return self.content.get("program")

    @property
    def village(self) -> str | None:
        return self.content.get("village")

    @property
    def held_on(self) -> date | None:
        return self.content.get("held_on")

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the content alone: the same through every door and from every clock."""
        values = {
            name: str(value)
            for name in CONTENT_FIELDS
            if (value := self.content.get(name)) not in (None, "", DEFAULTS.get(name))
        }
        text = json.dumps(values, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Outcome:
    """How one draft was judged. `word` is accepted, duplicate, conflict or rejected."""

    uid: UUID | str
    word: str
    number: str | None = None
    received_at: datetime | None = None
    client_digest: str = ""
    problems: tuple[Problem, ...] = ()

    @classmethod
    def on_receipt(cls, receipt) -> Outcome:
        """What a receipt says, when its uid is asked for again."""
        return cls(
            uid=receipt.uid,
            word=receipt.state,
            number=receipt.number,
            received_at=receipt.received_at,
            client_digest=receipt.client_digest,
            problems=tuple(Problem(**error) for error in receipt.errors),
        )

    @property
    def ok(self) -> bool:
        """The record is on file, now or since before."""
        return self.word in {"accepted", "duplicate"}
