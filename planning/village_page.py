"""A village's single page: what its head says in plain words, as the cells of an analysis.

The page holds one row of data, at most one gap of each kind, one cause inside and one outside the
village government, one change with its cost, and one target. Links between these are made here,
so that nobody at a small screen has to draw them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from core.identifiers import uuid7

from .content import (
    ActionSaid,
    BaselineSaid,
    CauseSaid,
    Content,
    DataSaid,
    FactorSaid,
    IndicatorSaid,
)
from .figures import Figure
from .models import BaselineOf, CauseScope, FactorKind, IndicatorKind, Measure, Sex

#: What a village counts women and men among.
ABOUT = (Measure.PARTICIPANTS, Measure.DECIDERS, Measure.BENEFICIARIES)


@dataclass(frozen=True)
class VillagePage:
    """The answers. `about`: among whom women and men were counted, and are counted at the target
    (`target`: how many of a hundred are of `sex`). `gaps`: a sentence for each ticked kind of
    gap. Whole rupiah.
    """

    goal: str = ""
    about: str = Measure.PARTICIPANTS
    women: int | None = None
    men: int | None = None
    year: int | None = None
    source: str = ""
    note: str = ""
    gaps: Mapping[str, str] = field(default_factory=dict)
    internal: str = ""
    external: str = ""
    new_goal: str = ""
    change: str = ""
    sex: str = Sex.WOMEN
    target: Decimal | None = None
    due: date | None = None
    cost: int | None = None
    fund_source: str = ""


def page_of(content: Content) -> VillagePage:
    """What the page says now."""
    data = _first(content.data_rows) or DataSaid(uuid7())
    outcome = _first(content.of_kind(IndicatorKind.OUTCOME))
    action = _first(content.actions) or ActionSaid(uuid7())
    measured = (outcome.measure if outcome else "") or data.measure
    return VillagePage(
        goal=content.goal,
        about=measured if measured in ABOUT else Measure.PARTICIPANTS,
        women=data.women,
        men=data.men,
        year=data.year,
        source=data.source,
        note="" if _is_plain(data.text) else data.text,
        gaps={one.kind: one.text for one in content.factors},
        internal=_cause(content, CauseScope.INTERNAL).text,
        external=_cause(content, CauseScope.EXTERNAL).text,
        new_goal=content.new_goal,
        change=action.text,
        sex=_sex(outcome, data),
        target=outcome.target if outcome else None,
        due=outcome.due if outcome else None,
        cost=action.budget,
        fund_source=action.fund_source,
    )


def content_with(
    content: Content, page: VillagePage, figures: Mapping[str, Figure], place: str
) -> Content:
    """The content that says what the page says. Rows keep their keys.

    `figures`: the portal's own of this program; where the page says the same numbers, they stay
    the portal's. `place`: the village, as it is written.
    """
    data = _data(content, page, figures, place)
    factors = _factors(content, page, data.key if data else None)
    causes = _causes(content, page, factors)
    action = _action(content, page, causes)
    baseline = _baseline(content, page, data)
    return replace(
        content,
        goal=page.goal,
        new_goal=page.new_goal,
        goal_kept=not page.new_goal,
        data_rows=(data,) if data else (),
        factors=factors,
        causes=causes,
        actions=(action,) if action else (),
        baselines=(baseline,) if baseline else (),
        indicators=(_outcome(content, page, baseline, action),),
    )


def _sex(outcome: IndicatorSaid | None, data: DataSaid) -> str:
    """Whose number the target counts; before there is one, whoever is fewer now."""
    if outcome and outcome.target is not None:
        return Sex.MEN if outcome.sex == Sex.MEN else Sex.WOMEN
    return fewer(data.women, data.men)


def fewer(women: int | None, men: int | None) -> str:
    """Who is left behind, going by the heads: men only where there are more women."""
    return Sex.MEN if women is not None and men is not None and women > men else Sex.WOMEN


def _first(rows: tuple) -> Any:
    return rows[0] if rows else None


def _key(row: Any) -> UUID:
    return row.key if row else uuid7()


def _cause(content: Content, scope: str) -> CauseSaid:
    return _first(content.of_scope(scope)) or CauseSaid(uuid7(), scope)


def _data(
    content: Content, page: VillagePage, figures: Mapping[str, Figure], place: str
) -> DataSaid | None:
    before = next((one for one in content.data_rows if one.measure == page.about), None)
    key, told = _key(before or _first(content.data_rows)), figures.get(page.about)
    text = page.note or among(page.about)
    if told and _untouched(page, figures):
        return DataSaid(key, text, measure=page.about, portal=told.portal, place=place)
    if page.women is None and page.men is None and not page.note:
        return None
    return DataSaid(
        key,
        text,
        page.women,
        page.men,
        unit=_("people") if page.women is not None or page.men is not None else "",
        year=page.year,
        place=place,
        source=page.source,
    )


def _untouched(page: VillagePage, figures: Mapping[str, Figure]) -> bool:
    """The page says what the portal says, or leaves it to the portal. Who chooses other people to
    count and leaves the numbers as the portal had written them means the portal's own again."""
    told = [(one.women, one.men) for one in figures.values()]
    return (page.women, page.men) in (*told, (None, None))


def _is_plain(text: str) -> bool:
    """A line of data that only names whom it counts: nobody wrote it."""
    return text in {*map(among, ABOUT), *(str(one.label) for one in Measure)}


def _factors(content: Content, page: VillagePage, data: UUID | None) -> tuple[FactorSaid, ...]:
    before = {one.kind: one for one in content.factors}
    return tuple(
        FactorSaid(_key(before.get(kind)), kind, page.gaps[kind], data)
        for kind in FactorKind.values
        if kind in page.gaps
    )


def _causes(
    content: Content, page: VillagePage, factors: tuple[FactorSaid, ...]
) -> tuple[CauseSaid, ...]:
    """A cause explains the gap it explained before; else the first."""
    said = {CauseScope.INTERNAL: page.internal, CauseScope.EXTERNAL: page.external}
    there = {one.key for one in factors}
    found = []
    for scope, text in said.items():
        before = _cause(content, scope)
        factor = before.factor if before.factor in there else next(iter(there), None)
        if text:
            found.append(CauseSaid(before.key, scope, text, factor))
    return tuple(found)


def _action(
    content: Content, page: VillagePage, causes: tuple[CauseSaid, ...]
) -> ActionSaid | None:
    if not (page.change or page.cost is not None or page.fund_source):
        return None
    return ActionSaid(
        _key(_first(content.actions)),
        text=page.change,
        causes=tuple(one.key for one in causes),
        budget=page.cost,
        fund_source=page.fund_source,
    )


def _baseline(content: Content, page: VillagePage, data: DataSaid | None) -> BaselineSaid | None:
    if data is None:
        return None
    key = _key(_first(content.baselines))
    return BaselineSaid(key, share_of(page.about), data.key, BaselineOf.WOMEN_SHARE)


def _outcome(
    content: Content, page: VillagePage, baseline: BaselineSaid | None, action: ActionSaid | None
) -> IndicatorSaid:
    return IndicatorSaid(
        _key(_first(content.of_kind(IndicatorKind.OUTCOME))),
        kind=IndicatorKind.OUTCOME,
        text=share_of(page.about, page.sex),
        baseline=baseline.key if baseline else None,
        action=action.key if action else None,
        target=page.target,
        unit="%",
        due=page.due,
        sex=page.sex,
        measure=page.about,
    )


def among(about: str) -> str:
    """Whom the numbers count, as a line of data says it."""
    return {
        Measure.PARTICIPANTS: _("People who took part"),
        Measure.DECIDERS: _("People who decided"),
        Measure.BENEFICIARIES: _("People who benefited"),
    }[Measure(about)]


def share_of(about: str, sex: str = Sex.WOMEN) -> str:
    """What baseline and target measure."""
    if sex == Sex.MEN:
        return {
            Measure.PARTICIPANTS: _("Men's share of those who take part"),
            Measure.DECIDERS: _("Men's share of those who decide"),
            Measure.BENEFICIARIES: _("Men's share of those who benefit"),
        }[Measure(about)]
    return {
        Measure.PARTICIPANTS: _("Women's share of those who take part"),
        Measure.DECIDERS: _("Women's share of those who decide"),
        Measure.BENEFICIARIES: _("Women's share of those who benefit"),
    }[Measure(about)]
