"""Rounds, ratios and the table. A case runs beside its floor, in shuffled order, every round."""

from __future__ import annotations

import json
import platform
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROUNDS = 9


@dataclass(frozen=True)
class Case:
    """`work` against `floor`: the goal is the highest ratio of their medians (wall clock)."""

    name: str
    what: str
    work: Callable[[], object]
    floor: Callable[[], object]
    goal: float


@dataclass(frozen=True)
class Reading:
    name: str
    what: str
    goal: float
    work_ms: float
    floor_ms: float

    @property
    def ratio(self) -> float:
        return self.work_ms / self.floor_ms

    @property
    def met(self) -> bool:
        return self.ratio <= self.goal


def measure(cases: list[Case], rounds: int = ROUNDS) -> list[Reading]:
    """Medians over `rounds`, after one round that is not counted."""
    times: dict[tuple[str, str], list[float]] = {}
    runs = [(case.name, kind, getattr(case, kind)) for case in cases for kind in ("work", "floor")]
    for number in range(rounds + 1):
        random.shuffle(runs)
        for name, kind, call in runs:
            begun = time.perf_counter()
            call()
            if number:
                spent = (time.perf_counter() - begun) * 1000
                times.setdefault((name, kind), []).append(spent)
    return [
        Reading(
            case.name,
            case.what,
            case.goal,
            statistics.median(times[case.name, "work"]),
            statistics.median(times[case.name, "floor"]),
        )
        for case in cases
    ]


def median(call: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Milliseconds of one call, after one that is not counted."""
    times = []
    for _ in range(rounds + 1):
        begun = time.perf_counter()
        call()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times[1:])


def table(readings: list[Reading]) -> str:
    lines = [f"{'id':4} {'work':52} {'work ms':>9} {'floor ms':>9} {'ratio':>7} {'goal':>7}"]
    for one in readings:
        word = "met" if one.met else "MISSED"
        lines.append(
            f"{one.name:4} {one.what:52} {one.work_ms:9.1f} {one.floor_ms:9.1f}"
            f" {one.ratio:7.2f} {one.goal:7.2f}  {word}"
        )
    return "\n".join(lines)


def keep(readings: list[Reading], folder: Path, **facts: object) -> Path:
    """The readings as JSON, with the machine they were read on."""
    path = folder / f"{time.strftime('%Y%m%d-%H%M%S')}.json"
    body = {
        "machine": platform.platform(),
        "python": platform.python_version(),
        **facts,
        "readings": [{**one.__dict__, "ratio": one.ratio, "met": one.met} for one in readings],
    }
    path.write_text(json.dumps(body, indent=1), encoding="utf-8")
    return path
