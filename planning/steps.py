"""The steps of each form: what they are called and which parts of a content they hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from .models import Template


@dataclass(frozen=True)
class Part:
    """What a step asks for: plain fields of the analysis, or rows of one list (of `only`)."""

    fields: tuple[str, ...] = ()
    rows: str = ""
    only: tuple[str, str] | None = None


@dataclass(frozen=True)
class StepOf:
    """`key` stays the same in every form (it names the step in addresses, remarks, findings)."""

    key: str
    number: int
    title: Any
    parts: tuple[Part, ...]


_ITEM = Part(("level", "code", "title", "is_new", "goal", "audience"))
_DATA = (Part(("qualitative_reason",)), Part(rows="data_rows"))
_GOAL = Part(("new_goal", "goal_kept", "goal_reason"))

#: Columns of the official nine-step form; the printed heads group 3-5, 6-7 and 8-9.
NINE = (
    StepOf("item", 1, _("Policy, program or activity"), (_ITEM,)),
    StepOf("data", 2, _("Eye-opening data"), _DATA),
    StepOf("factors", 3, _("Gaps"), (Part(rows="factors"),)),
    StepOf("internal", 4, _("Internal causes"), (Part(rows="causes", only=("scope", "internal")),)),
    StepOf("external", 5, _("External causes"), (Part(rows="causes", only=("scope", "external")),)),
    StepOf("goal", 6, _("Reformulated goal"), (_GOAL,)),
    StepOf("actions", 7, _("Action plan"), (Part(rows="actions"),)),
    StepOf("baselines", 8, _("Baseline"), (Part(rows="baselines"),)),
    StepOf("indicators", 9, _("Gender indicators"), (Part(rows="indicators"),)),
)
#: The form for RPJMD and Renstra: issue, causes by APKM, logical framework, who is responsible.
FOUR = (
    StepOf("item", 1, _("Gender issue and its data"), (_ITEM, *_DATA)),
    StepOf(
        "causes",
        2,
        _("Causes by access, participation, control, benefit"),
        (Part(rows="factors"), Part(rows="causes")),
    ),
    StepOf(
        "framework",
        3,
        _("Impact, outcome, output and activity"),
        (_GOAL, Part(rows="baselines"), Part(rows="indicators")),
    ),
    StepOf("actions", 4, _("Activities and who is responsible"), (Part(rows="actions"),)),
)
#: A village's single page.
VILLAGE = (
    StepOf(
        "page",
        1,
        _("Village page"),
        (
            _ITEM,
            *_DATA,
            Part(rows="factors"),
            Part(rows="causes"),
            _GOAL,
            Part(rows="actions"),
            Part(rows="baselines"),
            Part(rows="indicators"),
        ),
    ),
)
STEPS: dict[str, tuple[StepOf, ...]] = {
    Template.NINE: NINE,
    Template.FOUR: FOUR,
    Template.VILLAGE: VILLAGE,
}


def step_of(template: str, where: str, scope: str = "") -> StepOf:
    """The step that holds the rows of list `where` (of `scope`), or the plain field `where`."""
    for step in STEPS[template]:
        for part in step.parts:
            if where in part.fields or (
                part.rows == where and (part.only is None or part.only[1] == scope)
            ):
                return step
    raise KeyError(where)
