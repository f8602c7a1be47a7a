"""Readings against a fixed goal, shown as ratios: 1 is the goal, less is better."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Goal:
    """`measured` in `unit` may be at most `goal`; a score (`least`) must be at least that."""

    name: str
    what: str
    unit: str
    measured: float
    goal: float
    least: bool = False

    @property
    def ratio(self) -> float:
        if self.least:
            return self.goal / self.measured if self.measured else float("inf")
        return self.measured / self.goal if self.goal else float(self.measured > 0)

    @property
    def met(self) -> bool:
        return self.ratio <= 1


def table(goals: list[Goal]) -> str:
    lines = [f"{'id':4} {'goal':58} {'read':>9} {'goal':>9} {'unit':6} {'ratio':>6}"]
    for one in goals:
        word = "met" if one.met else "MISSED"
        lines.append(
            f"{one.name:4} {one.what:58} {one.measured:9.2f} {one.goal:9.2f} {one.unit:6}"
            f" {one.ratio:6.2f}  {word}"
        )
    return "\n".join(lines)


def as_facts(goals: list[Goal]) -> list[dict]:
    return [{**one.__dict__, "ratio": one.ratio, "met": one.met} for one in goals]
