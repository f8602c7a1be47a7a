"""What a gender analysis still lacks (a gate on submitting) and what reviewers usually send back
(guidance). Pure: reads a content, touches nothing.

The rules are those of the nine-step form as it is taught to planners of regional offices, with
the links between cells that the printed form cannot hold (data → gap → cause → action, data →
baseline → indicator).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .content import CauseSaid, Content, DataSaid, IndicatorSaid
from .models import CauseScope, IndicatorKind, Template
from .steps import step_of

#: Data older than this many years before the budget year are asked about.
OLD_DATA = 3
#: How people write the unit of a share.
PERCENT = ("%", "persen")

#: What reviewers usually send back, for their list: (code, what to look for).
CHECKLIST: tuple[tuple[str, Any], ...] = (
    ("totals_only", gettext_lazy("Figures are split by women and men")),
    ("other_place", gettext_lazy("The data are about this area, not copied from another")),
    ("awareness_only", gettext_lazy("“Lack of awareness” is not the only cause")),
    ("cause_unanswered", gettext_lazy("Every action answers a cause")),
    ("activity_as_indicator", gettext_lazy("Indicators measure a change, not that it took place")),
    ("baseline_missing", gettext_lazy("Every outcome starts from a baseline")),
    ("external_as_internal", gettext_lazy("Internal causes are the office's own")),
)

_AWARENESS = ("kesadaran", "pemahaman", "kurang paham", "awareness")
_OUTSIDE = ("adat", "budaya", "norma", "masyarakat", "keluarga", "suami", "geografis", "cuaca")
_TOOK_PLACE = ("terlaksananya", "terselenggaranya", "dilaksanakannya", "jumlah kegiatan")


@dataclass(frozen=True)
class Finding:
    """One thing to put right: the step, the list and row (None: the step itself), the field.

    `must`: it stands in the way of submitting; else it is advice.
    """

    step: str
    where: str
    row: UUID | None
    field: str
    code: str
    detail: str
    must: bool = True

    @property
    def pointer(self) -> str:
        """As a refusal names it: step.list.row.field."""
        return ".".join((self.step, self.where, str(self.row or ""), self.field))


class _Sheet:
    """A content that is being judged: makes findings that know their step."""

    def __init__(self, content: Content):
        self.content = content

    def lacks(
        self,
        where: str,
        field: str,
        code: str,
        detail: str,
        *,
        row: Any = None,
        scope: str = "",
        must: bool = True,
    ) -> Finding:
        scope = scope or getattr(row, "scope", "")
        step = step_of(self.content.template, where or field, scope).key
        key = row.key if row is not None else None
        return Finding(step, where, key, field, code, detail, must)


Rule = Callable[[Content, _Sheet], Iterator[Finding]]


def findings(content: Content) -> list[Finding]:
    """Everything found, in the order of the form."""
    sheet = _Sheet(content)
    return [one for rule in RULES[content.template] for one in rule(content, sheet)]


def gate(content: Content) -> list[Finding]:
    """What stands in the way of submitting."""
    return [one for one in findings(content) if one.must]


# -- Step 1 ----------------------------------------------------------------------


def _item(content: Content, sheet: _Sheet) -> Iterator[Finding]:
    if not content.title:
        yield sheet.lacks("", "title", "required", _("Write what is analysed, as in the plan."))
    if not content.code and content.template != Template.FOUR:
        words = _("Write its code in the planning document, for example 2.08.02.2.01.")
        yield sheet.lacks("", "code", "required", words)
    if not content.goal:
        yield sheet.lacks("", "goal", "required", _("Write the goal as the plan states it."))


# -- Step 2 ----------------------------------------------------------------------


def _data(content: Content, sheet: _Sheet) -> Iterator[Finding]:
    if not content.data_rows:
        words = _("Add at least one row of data on women and men.")
        yield sheet.lacks("data_rows", "", "required", words)
    elif not any(_whole(one) for one in content.data_rows) and not content.qualitative_reason:
        yield from _no_split(content, sheet)
    for row in content.data_rows:
        yield from _data_row(content, row, sheet)


def _no_split(content: Content, sheet: _Sheet) -> Iterator[Finding]:
    if content.template == Template.FOUR and any(
        one.value is not None and one.year and one.source for one in content.data_rows
    ):
        return  # an index such as the IPG tells of the gap by itself
    words = _(
        "At least one row needs women and men with year, place and source; or write why there "
        "are no such figures."
    )
    yield sheet.lacks("data_rows", "women", "not_split", words)


def _whole(row: DataSaid) -> bool:
    return row.by_sex and bool(row.year and row.place and row.source)


def _data_row(content: Content, row: DataSaid, sheet: _Sheet) -> Iterator[Finding]:
    def lacks(field: str, code: str, words: str, *, must: bool = True) -> Finding:
        return sheet.lacks("data_rows", field, code, words, row=row, must=must)

    if (row.women is None) != (row.men is None):
        missing = "women" if row.women is None else "men"
        yield lacks(missing, "one_sex", _("Fill in women and men both, or neither."))
    counted = row.by_sex or row.value is not None
    if not counted and not row.text:
        yield lacks("text", "required", _("Write what the data show."))
    if counted and not row.source:
        yield lacks("source", "required", _("Name the source of the figures."))
    if counted and not row.year:
        yield lacks("year", "required", _("Write the year of the figures."))
    if row.by_sex and not row.place:
        yield lacks("place", "required", _("Write the place the figures are about."))
    if row.value is not None and not row.by_sex and not row.measure:
        words = _("This is a total. Are there figures for women and men?")
        yield lacks("women", "totals_only", words, must=False)
    if row.year and row.year < content.year - OLD_DATA:
        words = _("These figures are old. Are there newer ones?")
        yield lacks("year", "old_data", words, must=False)
    if not row.measure:
        yield from _typed_figures(content, row, lacks)


def _typed_figures(
    content: Content, row: DataSaid, lacks: Callable[..., Finding]
) -> Iterator[Finding]:
    """Figures that nobody can have counted."""
    share = row.unit.strip().lower() in PERCENT
    if share and row.value is not None and not 0 <= row.value <= 100:  # noqa: PLR2004
        yield lacks("value", "out_of_range", _("A figure in per cent lies between 0 and 100."))
    if row.year and row.year > content.year:
        words = _("This year comes after the budget year %(year)s. Check the year.")
        yield lacks("year", "too_late", words % {"year": content.year})


# -- Steps 3 to 5 ----------------------------------------------------------------


def _factors(content: Content, sheet: _Sheet) -> Iterator[Finding]:
    if not content.factors:
        words = _("Add at least one gap in access, participation, control or benefit.")
        yield sheet.lacks("factors", "", "required", words)
    for row in content.factors:
        if not row.text:
            words = _("Describe the gap in one sentence.")
            yield sheet.lacks("factors", "text", "required", words, row=row)
        if row.data_row is None:
            words = _("Choose the row of data that shows this gap.")
            yield sheet.lacks("factors", "data_row", "unlinked", words, row=row)


def _causes_of(scope: str) -> Rule:
    def rule(content: Content, sheet: _Sheet) -> Iterator[Finding]:
        rows = content.of_scope(scope)
        if not rows:
            internal = scope == CauseScope.INTERNAL
            words = (
                _("Add at least one cause that lies in the office itself.")
                if internal
                else _("Add at least one cause that lies outside the office.")
            )
            yield sheet.lacks("causes", "", "required", words, scope=scope)
        for row in rows:
            yield from _cause(row, rows, sheet)

    return rule


def _cause(row: CauseSaid, rows: Iterable[CauseSaid], sheet: _Sheet) -> Iterator[Finding]:
    if not row.text:
        yield sheet.lacks("causes", "text", "required", _("Write the cause."), row=row)
    if row.factor is None:
        words = _("Which gap does this cause explain?")
        yield sheet.lacks("causes", "factor", "unlinked", words, row=row, must=False)
    said = row.text.lower()
    if len(list(rows)) == 1 and any(one in said for one in _AWARENESS):
        words = _("“Lack of awareness” is rarely the only cause. What keeps it so?")
        yield sheet.lacks("causes", "text", "awareness_only", words, row=row, must=False)
    if row.scope == CauseScope.INTERNAL and any(one in said for one in _OUTSIDE):
        words = _("This sounds like a cause outside the office. Does it belong to the next step?")
        yield sheet.lacks("causes", "text", "external_as_internal", words, row=row, must=False)


def _any_cause(content: Content, sheet: _Sheet) -> Iterator[Finding]:
    """For the forms that hold all causes in one step."""
    if not content.causes:
        yield sheet.lacks("causes", "", "required", _("Add at least one cause of the gap."))
    for row in content.causes:
        yield from _cause(row, content.causes, sheet)


# -- Step 6 ----------------------------------------------------------------------


def _goal(content: Content, sheet: _Sheet) -> Iterator[Finding]:
    if content.goal_kept:
        if not content.goal_reason:
            words = _("Write why the goal is responsive already.")
            yield sheet.lacks("", "goal_reason", "required", words)
    elif not content.new_goal:
        words = _("Write the new goal, or tick that the old one is responsive already.")
        yield sheet.lacks("", "new_goal", "required", words)
    elif content.new_goal.strip() == content.goal.strip():
        words = _("The new goal is the old one. Change it, or tick that it can stay.")
        yield sheet.lacks("", "new_goal", "unchanged", words)


# -- Step 7 ----------------------------------------------------------------------


def _actions(content: Content, sheet: _Sheet) -> Iterator[Finding]:
    if not content.actions:
        yield sheet.lacks("actions", "", "required", _("Add at least one action."))
    for row in content.actions:
        if not row.text:
            yield sheet.lacks("actions", "text", "required", _("Write the action."), row=row)
        if not row.causes:
            words = _("Choose at least one cause that this action answers.")
            yield sheet.lacks("actions", "causes", "unlinked", words, row=row)
        if content.template == Template.FOUR and not row.responsible:
            words = _("Write who is responsible.")
            yield sheet.lacks("actions", "responsible", "required", words, row=row)
    answered = {key for row in content.actions for key in row.causes}
    for cause in content.causes:
        if content.actions and cause.key not in answered:
            words = _("No action answers the cause “%(cause)s”.") % {"cause": cause.text[:80]}
            yield sheet.lacks("actions", "causes", "cause_unanswered", words, must=False)


def _money(content: Content, sheet: _Sheet) -> Iterator[Finding]:
    """A village says on the same page what it costs and from which fund."""
    if content.actions and not any(one.budget for one in content.actions):
        row = content.actions[0]
        yield sheet.lacks("actions", "budget", "required", _("Write what it costs."), row=row)
    for row in content.actions:
        if row.budget and not row.fund_source:
            words = _("Choose the fund source.")
            yield sheet.lacks("actions", "fund_source", "required", words, row=row)


# -- Steps 8 and 9 ---------------------------------------------------------------


def _baselines(content: Content, sheet: _Sheet) -> Iterator[Finding]:
    if not content.baselines and not content.qualitative_reason:
        words = _("Add at least one baseline from the data of step 2.")
        yield sheet.lacks("baselines", "", "required", words)
    yield from _baseline_rows(content, sheet)


def _baseline_rows(content: Content, sheet: _Sheet) -> Iterator[Finding]:
    for row in content.baselines:
        if row.data_row is None:
            words = _("Choose the row of data that this baseline is taken from.")
            yield sheet.lacks("baselines", "data_row", "unlinked", words, row=row)
        elif content.baseline_value(row.key) is None and not content.qualitative_reason:
            words = _("That row of data does not hold this figure. Choose another figure or row.")
            yield sheet.lacks("baselines", "of", "no_figure", words, row=row)


def _indicators(*kinds: str) -> Rule:
    def rule(content: Content, sheet: _Sheet) -> Iterator[Finding]:
        for kind in kinds:
            if not content.of_kind(kind):
                words = {"kind": str(IndicatorKind(kind).label).lower()}
                said = _("Add at least one indicator of the kind “%(kind)s”.") % words
                yield sheet.lacks("indicators", "kind", f"no_{kind}", said)
        for row in content.indicators:
            yield from _indicator(content, row, sheet)

    return rule


def _indicator(content: Content, row: IndicatorSaid, sheet: _Sheet) -> Iterator[Finding]:
    def lacks(field: str, code: str, words: str, *, must: bool = True) -> Finding:
        return sheet.lacks("indicators", field, code, words, row=row, must=must)

    needed = {
        "text": _("Write what the indicator measures."),
        "unit": _("Write the unit of the target."),
        "due": _("Write by when the target is to be reached."),
        "sex": _("Choose whom the indicator counts."),
    }
    for field, words in needed.items():
        if not getattr(row, field):
            yield lacks(field, "required", words)
    if row.target is None:
        yield lacks("target", "required", _("Write the target."))
    elif row.unit == "%" and not 0 <= row.target <= 100:
        yield lacks("target", "out_of_range", _("A target in per cent lies between 0 and 100."))
    yield from _against_baseline(content, row, lacks)
    if row.due and row.due.year < content.year:
        yield lacks("due", "too_early", _("This day lies before the budget year."), must=False)
    if any(one in row.text.lower() for one in _TOOK_PLACE):
        words = _("That something took place is no result. What will be different?")
        yield lacks("text", "activity_as_indicator", words, must=False)
    if row.kind == IndicatorKind.OUTPUT and row.action is None and content.actions:
        yield lacks("action", "unlinked", _("Which action brings this output?"), must=False)


def _against_baseline(
    content: Content, row: IndicatorSaid, lacks: Callable[..., Finding]
) -> Iterator[Finding]:
    if row.baseline is None:
        if row.kind == IndicatorKind.OUTCOME and content.baselines:
            words = _("Choose the baseline from which this outcome is measured.")
            yield lacks("baseline", "unlinked", words)
        return
    start = content.baseline_value(row.baseline, row.sex)
    if start is not None and start == row.target:
        words = _("The target is the same as its baseline. Nothing would change.")
        yield lacks("target", "same_as_baseline", words)


RULES: dict[str, tuple[Rule, ...]] = {
    Template.NINE: (
        _item,
        _data,
        _factors,
        _causes_of(CauseScope.INTERNAL),
        _causes_of(CauseScope.EXTERNAL),
        _goal,
        _actions,
        _baselines,
        _indicators(IndicatorKind.OUTPUT, IndicatorKind.OUTCOME),
    ),
    Template.FOUR: (
        _item,
        _data,
        _factors,
        _any_cause,
        _goal,
        _baseline_rows,
        _indicators(IndicatorKind.IMPACT, IndicatorKind.OUTCOME, IndicatorKind.OUTPUT),
        _actions,
    ),
    Template.VILLAGE: (
        _item,
        _data,
        _factors,
        _any_cause,
        _actions,
        _money,
        _baseline_rows,
        _indicators(IndicatorKind.OUTCOME),
    ),
}
