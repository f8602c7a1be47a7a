"""The number: what "a program involves women" means. Nothing else in the portal decides it.

One program in one village in one period is judged from the sums of its activities. The
definition is the project's own (docs/number.md); the 30 % line follows the policy target of
SDGs Desa goal 5. The rule stands here twice, as a pure function and as one SQL expression, and
a property test holds the two together. Shares are compared as integers: 7 men and 3 women are
30 % exactly, and inside.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Case, F, IntegerChoices, IntegerField, Q, Value, When
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _

DEFINITION_VERSION = 1
WOMEN_PERCENT = 30
#: Below this many people present a share is marked "small group".
SMALL_GROUP = 5
#: From this many deciders on, their share is firm control.
FIRM_DECIDERS = 3
#: The headline counts from this level.
HEADLINE = 2
#: Above this share of programs without data the headline says "not enough data yet".
MOST_WITHOUT_DATA_PERCENT = 30
#: A program of several villages involves women when so many of those with data do.
PROGRAM_VILLAGES_PERCENT = 50


class Level(IntegerChoices):
    """Where one program in one village in one period stands. 0–4 are the ladder."""

    NOT_COUNTED = -2, _("No activity yet")
    NO_DATA = -1, _("No data")
    NONE = 0, _("Not involved")
    PRESENT = 1, _("Present")
    MEANINGFUL = 2, _("Meaningful participation")
    DECIDING = 3, _("Takes part in deciding")
    EQUAL_RESULTS = 4, _("Equal results proven")
    MEN_WITH_GENDER_GOAL = 9, _("Men reached for an equality goal")

    @property
    def code(self) -> str:
        """The API's word: not_counted, no_data, none, present …"""
        return self.name.lower()


#: Levels of the ladder: the denominator of the headline.
JUDGED = (Level.NONE, Level.PRESENT, Level.MEANINGFUL, Level.DECIDING, Level.EQUAL_RESULTS)
#: What lists and boards may be narrowed to: one level, or the headline's numerator or denominator.
NAMED_LEVELS: dict[str, tuple[Level, ...]] = {
    **{one.code: (one,) for one in Level},
    "involved": tuple(one for one in JUDGED if one >= HEADLINE),
    "judged": JUDGED,
}


@dataclass(frozen=True)
class Sums:
    """Sums over the eligible activities of one program, village and period.

    People are person-activities, each from records that hold both sexes. `*_estimated` are
    beneficiaries that were only estimated: they prove access, never benefit.
    """

    activities: int = 0
    counted: int = 0
    women_participants: int = 0
    men_participants: int = 0
    women_beneficiaries: int = 0
    men_beneficiaries: int = 0
    women_estimated: int = 0
    women_deciders: int = 0
    men_deciders: int = 0
    women_proposals_accepted: int = 0

    @classmethod
    def of(cls, row: Mapping[str, Any], prefix: str = "") -> Sums:
        return cls(**{field.name: row[prefix + field.name] or 0 for field in fields(cls)})


@dataclass(frozen=True)
class Plan:
    """What the program intends, as far as the level depends on it."""

    men_only: bool = False
    gender_marker: int | None = None
    gap_approved: bool = False
    benefit_target_percent: int | None = None
    outcome_reached: bool = False

    @property
    def men_for_equality(self) -> bool:
        return self.men_only and (self.gender_marker or 0) >= 1 and self.gap_approved

    @property
    def benefit_percent(self) -> int:
        """The share of beneficiaries to reach: the approved GAP's own target, else the 30 %."""
        return (self.gap_approved and self.benefit_target_percent) or WOMEN_PERCENT


@dataclass(frozen=True)
class Aspects:
    """The four aspects of involvement (APKM), computed from counts; nobody ticks a box."""

    access: bool
    participation: bool
    control: bool
    benefit: bool
    firm_control: bool
    small_group: bool


def reaches(women: int, men: int, percent: int = WOMEN_PERCENT) -> bool:
    """Whether women make up at least `percent` of a group that has anybody in it."""
    return women + men > 0 and 100 * women >= percent * (women + men)


def aspects(sums: Sums, plan: Plan = Plan()) -> Aspects:  # noqa: B008 - frozen
    deciders = sums.women_deciders + sums.men_deciders
    firm = deciders >= FIRM_DECIDERS and reaches(sums.women_deciders, sums.men_deciders)
    few_but_one = 1 <= deciders < FIRM_DECIDERS and sums.women_deciders >= 1
    present = sums.women_participants + sums.men_participants
    return Aspects(
        access=sums.women_participants + sums.women_beneficiaries + sums.women_estimated >= 1,
        participation=reaches(sums.women_participants, sums.men_participants),
        control=firm or few_but_one or sums.women_proposals_accepted >= 1,
        benefit=reaches(sums.women_beneficiaries, sums.men_beneficiaries, plan.benefit_percent),
        firm_control=firm,
        small_group=0 < present < SMALL_GROUP,
    )


def level(sums: Sums, plan: Plan = Plan()) -> Level:  # noqa: B008 - frozen
    """The level of one program in one village in one period, definition version 1."""
    if sums.activities == 0:
        return Level.NOT_COUNTED
    if sums.counted == 0:
        return Level.NO_DATA
    women_hold_a_part = (sums.women_deciders + sums.women_beneficiaries + sums.women_estimated) >= 1
    if plan.men_for_equality and not women_hold_a_part:
        return Level.MEN_WITH_GENDER_GOAL
    return _on_the_ladder(sums, plan, aspects(sums, plan))


def _on_the_ladder(sums: Sums, plan: Plan, found: Aspects) -> Level:
    if not (found.access or sums.women_deciders or sums.women_proposals_accepted):
        return Level.NONE
    if not (found.participation or found.benefit or found.firm_control):
        return Level.PRESENT
    if not (found.control and (found.participation or found.benefit)):
        return Level.MEANINGFUL
    proven = plan.gap_approved and plan.outcome_reached
    if not (found.participation and found.benefit and proven):
        return Level.DECIDING
    return Level.EQUAL_RESULTS


def level_expression(prefix: str = "sum_", plan: str = "plan_") -> Case:
    """`level` as SQL, over columns or annotations named `<prefix><Sums field>` and
    `<plan>men_only|gender_marker|gap_approved|benefit_target_percent|outcome_reached`."""

    def s(name: str) -> F:
        return F(prefix + name)

    def at_least(women: str, men: str, percent: Any) -> Q:
        share = GreaterThanOrEqual(100 * s(women), percent * (s(women) + s(men)))
        return Q(**{f"{prefix}{women}__gt": 0}) & Q(share)

    def some(name: str) -> Q:
        return Q(**{f"{prefix}{name}__gte": 1})

    def planned(name: str, value: Any = True) -> Q:
        return Q(**{plan + name: value})

    participation = at_least("women_participants", "men_participants", Value(WOMEN_PERCENT))
    own_target = planned("gap_approved") & planned("benefit_target_percent__isnull", False)
    benefit = (
        own_target
        & at_least("women_beneficiaries", "men_beneficiaries", F(plan + "benefit_target_percent"))
    ) | (~own_target & at_least("women_beneficiaries", "men_beneficiaries", Value(WOMEN_PERCENT)))
    few = Q(**{f"{prefix}men_deciders__lt": FIRM_DECIDERS - s("women_deciders")})
    firm = ~few & at_least("women_deciders", "men_deciders", Value(WOMEN_PERCENT))
    control = firm | (few & some("women_deciders")) | some("women_proposals_accepted")
    access = some("women_participants") | some("women_beneficiaries") | some("women_estimated")
    held_part = some("women_deciders") | some("women_beneficiaries") | some("women_estimated")
    men_goal = planned("men_only") & planned("gender_marker__gte", 1) & planned("gap_approved")
    proven = planned("gap_approved") & planned("outcome_reached")
    return Case(
        When(Q(**{prefix + "activities": 0}), then=Value(Level.NOT_COUNTED)),
        When(Q(**{prefix + "counted": 0}), then=Value(Level.NO_DATA)),
        When(men_goal & ~held_part, then=Value(Level.MEN_WITH_GENDER_GOAL)),
        When(
            ~(access | some("women_deciders") | some("women_proposals_accepted")),
            then=Value(Level.NONE),
        ),
        When(~(participation | benefit | firm), then=Value(Level.PRESENT)),
        When(~(control & (participation | benefit)), then=Value(Level.MEANINGFUL)),
        When(~(participation & benefit & proven), then=Value(Level.DECIDING)),
        default=Value(Level.EQUAL_RESULTS),
        output_field=IntegerField(),
    )


@dataclass(frozen=True)
class Headline:
    """ "n of m programs involve women, k without data". 0 of 0 is no share, not 0 %."""

    involved: int = 0
    judged: int = 0
    no_data: int = 0

    @property
    def share(self) -> tuple[int, int] | None:
        return (self.involved, self.judged) if self.judged else None

    @property
    def enough_data(self) -> bool:
        """False when too many programs have no data for the share to be read as a finding."""
        everyone = self.judged + self.no_data
        return 100 * self.no_data <= MOST_WITHOUT_DATA_PERCENT * everyone

    def __add__(self, other: Headline) -> Headline:
        return Headline(
            self.involved + other.involved,
            self.judged + other.judged,
            self.no_data + other.no_data,
        )


def headline(levels: Iterable[int]) -> Headline:
    """Count levels into the headline; areas are added up, shares never averaged."""
    found = list(levels)
    return Headline(
        involved=sum(HEADLINE <= one <= Level.EQUAL_RESULTS for one in found),
        judged=sum(one in JUDGED for one in found),
        no_data=sum(one == Level.NO_DATA for one in found),
    )


def program_involves(villages: Headline) -> bool | None:
    """Whether a program counts once as involving women, from its villages; None without data."""
    if not villages.judged:
        return None
    return 100 * villages.involved >= PROGRAM_VILLAGES_PERCENT * villages.judged
