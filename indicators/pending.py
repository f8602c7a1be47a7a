"""What a reviewer decides anew: what differs from what was verified or sent before, and why.

The steps of a row say who and when; its audit trail holds what was decided on.
"""

from __future__ import annotations

from ast import literal_eval
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.formats import count, day_long, rupiah
from core.models import AuditEntry

from .answers import Held, figure, stored_answers
from .models import (
    AnswerState,
    Assessment,
    ProposalStage,
    Representation,
    ReviewState,
    Seat,
    Sex,
    VillageYear,
)
from .parts import ItemSaid, parts_of
from .seats import facts_in, said_of

#: What is compared with, the first that is there: verified, returned, sent in.
SINCE = ("verify", "return", "submit")
_FACTS = {
    "head_sex": gettext_lazy("The head"),
    "women_meeting": gettext_lazy("Special meeting of women before the Musrenbang"),
    "women_meeting_on": gettext_lazy("Date of that meeting"),
    "women_meeting_minutes": gettext_lazy("Number of the minutes"),
    "source": gettext_lazy("Source of the numbers"),
    "note": gettext_lazy("Note"),
}


@dataclass(frozen=True)
class Change:
    """One thing that says something else now. `before` None: what it said was not kept."""

    label: Any
    before: str | None
    after: str


@dataclass(frozen=True)
class Said:
    """Why, in whose words."""

    note: str
    actor: Any
    at: datetime


@dataclass(frozen=True)
class Pending:
    """A row that waits again. `since`: one of SINCE; `reason`: of its writer who changed what was
    verified; `asked`: what a reviewer wanted put right."""

    since: str
    at: datetime
    rows: Sequence[Change]
    reason: Said | None
    asked: Said | None


def pending_of(row: VillageYear) -> Pending | None:
    """None: it does not wait, or waits as it first came in."""
    if row.state != ReviewState.SUBMITTED:
        return None
    kind = row._meta.model_name
    trail = AuditEntry.objects.filter(object_type=kind, object_id=str(row.pk)).order_by("pk")
    told = [(one.action.partition(".")[2], one) for one in trail.select_related("actor")]
    since = next((name for name in SINCE if any(did == name for did, _one in told)), None)
    if since is None:
        return None
    place = max(at for at, (did, _one) in enumerate(told) if did == since)
    decided, later = told[place][1], told[place + 1 :]
    changes = [one for did, one in later if did in ("change", "answer")]
    if isinstance(row, Assessment):
        rows = list(_answers(row, decided, changes))
    else:
        rows = list(_seats(row, decided, changes))
    if since == "submit" and not rows:
        return None
    asked = _said(told[place:], "return", "reopen")
    return Pending(since, decided.at, rows, _said(later, "rewrite"), asked)


def _said(told: Sequence[tuple[str, AuditEntry]], *names: str) -> Said | None:
    """The last of these steps that says why."""
    for did, one in reversed(told):
        if did in names and one.changes.get("note"):
            return Said(one.changes["note"], one.actor, one.at)
    return None


# -- Women's seats ---------------------------------------------------------------------


def held_seats(row: VillageYear) -> dict[str, str]:
    """{fact: text} as they were decided on, for the audit trail."""
    return facts_in(said_of(Representation.objects.get(pk=row.pk)))


def _seats(
    row: VillageYear, decided: AuditEntry, changes: Sequence[AuditEntry]
) -> Iterator[Change]:
    """What was decided on beside what is said now."""
    now = held_seats(row)
    kept = decided.changes.get("values")
    before = _before(now, changes) if kept is None else kept
    for name, label in _labels().items():
        if (before.get(name) or "") != now.get(name, ""):
            yield Change(label, _words(name, before.get(name)), _words(name, now.get(name)))


def _before(now: Mapping[str, str], changes: Sequence[AuditEntry]) -> dict[str, str | None]:
    """Where nothing was decided on yet, or before it was kept: what the changes replaced."""
    first: dict[str, str | None] = {}
    for entry in changes:
        for name, value in entry.changes.items():
            if name != "changed":  # the names of what changed while it was open
                first.setdefault(name, value[0])
    return {**now, **first}


def _labels() -> dict[str, Any]:
    """Everything that a year says, in the order of its page."""
    proposals = {f"proposals_{one}": _stage_label(one) for one in ProposalStage}
    return {**{str(one): one.label for one in Seat}, **proposals, **_FACTS}


def _stage_label(stage: ProposalStage) -> str:
    return _("Proposals of women: %(stage)s") % {"stage": stage.label}


def _words(name: str, text: str | None) -> str:
    """A value of the audit trail as the page says it."""
    if not text:
        return "–"
    if name == "head_sex":
        return str(Sex(text).label)
    if name == "women_meeting":
        return _("It took place") if text == "True" else _("It did not take place")
    if name == "women_meeting_on":
        return day_long(date.fromisoformat(text))
    if name in _FACTS:
        return text
    first, second = literal_eval(text)
    if not name.startswith("proposals_"):
        return _("%(n)s of %(m)s") % {"n": count(first), "m": count(second)}
    number = ngettext("%(n)s proposal", "%(n)s proposals", first) % {"n": count(first)}
    return number if second is None else f"{number}, {rupiah(second)}"


# -- Scorecards ------------------------------------------------------------------------


def held_answers(row: Assessment) -> dict[str, list[str | None]]:
    """{item code: [state, figure, evidence]} as they were decided on, for the audit trail; what is
    for reviewers only is not written down a second time."""
    shut = {one.code for one in parts_of(row.instrument).items if one.restricted}
    return {code: _kept(one) for code, one in _stored(row).items() if code not in shut}


def seal_of(row: Assessment, nonce: str = "") -> str:
    """Whether the restricted answers are the same again can be checked with it, by this portal
    alone; it tells nothing of them, and of the same answers is another one each time."""
    shut = {one.code for one in parts_of(row.instrument).items if one.restricted}
    held = sorted((code, *_kept(one)) for code, one in _stored(row).items() if code in shut)
    nonce = nonce or get_random_string(22)
    return f"{nonce}:{salted_hmac(nonce, repr(held), algorithm='sha256').hexdigest()}"


def _shut_differs(row: Assessment, decided: AuditEntry) -> bool:
    seal = decided.changes.get("checksum", "")
    return bool(seal) and not constant_time_compare(seal, seal_of(row, seal.partition(":")[0]))


def _stored(row: Assessment) -> dict[str, Held]:
    return stored_answers([row])[row.pk]


def _kept(one: Held) -> list[str | None]:
    return [one.state, None if one.value is None else f"{one.value.normalize():f}", one.evidence]


def _answers(
    row: Assessment, decided: AuditEntry, changes: Sequence[AuditEntry]
) -> Iterator[Change]:
    """What was decided on beside what is answered now."""
    kept: Mapping[str, list] | None = decided.changes.get("answers")
    touched = {code for entry in changes for code in entry.changes.get("items", ())}
    now = {code: _kept(one) for code, one in _stored(row).items()}
    nothing, differs = _kept(Held()), _shut_differs(row, decided)
    for item in parts_of(row.instrument).items:
        after = now.get(item.code, nothing)
        label = f"{item.code} · {item.title}"
        if kept is None or item.restricted:
            if item.code in touched or (item.restricted and differs):
                yield Change(label, None, _answer(item, after))
        elif (before := kept.get(item.code, nothing)) != after:
            yield Change(label, _answer(item, before), _answer(item, after))


def _answer(item: ItemSaid, kept: Sequence[str | None]) -> str:
    state, value, evidence = kept
    told = [str(AnswerState(str(state)).label), value and figure(item, Decimal(value)), evidence]
    return " · ".join(one for one in told if one)
