"""Every night what has been kept long enough goes, by the table of rules (rules.py)."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from core import audit
from core.marks import mark
from core.models import HealthMark

from .rules import RULES, Rule

MARK = "retention"


class Result(NamedTuple):
    rule: Rule
    due: int
    done: int

    @property
    def left(self) -> int:
        """What should be gone and is not; what is only told is never left."""
        return self.due - self.done if self.rule.act else 0


def due_now(now: datetime) -> list[Result]:
    """What each rule would deal with, nothing done. One statement for each."""
    return [Result(rule, rule.due(now - rule.age).count(), 0) for rule in RULES]


def last_run() -> HealthMark | None:
    """When `keep` ran last, and what it said; None: never."""
    return HealthMark.objects.filter(name=MARK).first()


def keep(now: datetime) -> list[Result]:
    """Each rule does what is due at `now`; one line of the audit trail for each that did
    something, and the mark of health, which is red when something due is left."""
    results = [_kept(rule, now) for rule in RULES]
    left = [f"{one.rule.key} {one.left}" for one in results if one.left > 0]
    done = [f"{one.rule.key} {one.done}" for one in results if one.done]
    said = f"left: {', '.join(left)}" if left else ", ".join(done) or "nothing was due"
    mark(MARK, ok=not left, detail=said)
    _note(results)
    return results


def _kept(rule: Rule, now: datetime) -> Result:
    rows = rule.due(now - rule.age)
    due = rows.count()
    return Result(rule, due, rule.act(rows) if rule.act and due else 0)


def _note(results: list[Result]) -> None:
    target = HealthMark(name=MARK)
    for one in results:
        if one.done:
            audit.record(None, f"{MARK}.{one.rule.key}", target, rows=one.done)
