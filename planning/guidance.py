"""What stands beside each step of a gender analysis: what goes in, how to judge it, and one
example, which was made up for teaching and is no record of any village.

The words follow the nine-step form as planners of regional offices are taught it; the four-step
form asks for the same things in other bundles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from .models import FactorKind, Template

#: A lazy text, or None where nothing is to be said.
Words = Any


@dataclass(frozen=True)
class Guide:
    """`what` goes into the step, how to `judge` it, and what stands there in the `example`."""

    what: Words
    judge: Sequence[Words]
    example: Sequence[Words]


@dataclass(frozen=True)
class Aspect:
    """One of the four aspects in which a gap shows (APKM)."""

    name: Words
    meaning: Words
    test: Words


ASPECTS = (
    Aspect(
        FactorKind.ACCESS.label,
        _("The chance to get a resource, a service or information."),
        _("Who can reach it? Think of the place, the hours, the cost, the way people are told."),
    ),
    Aspect(
        FactorKind.PARTICIPATION.label,
        _("Taking part, above all in deciding and carrying out."),
        _("Who does take part, and as what?"),
    ),
    Aspect(
        FactorKind.CONTROL.label,
        _("The power to decide what resources and results are used for."),
        _("Who decides, leads, signs, owns?"),
    ),
    Aspect(
        FactorKind.BENEFIT.label,
        _("The gain that people really have in the end."),
        _("Who is better off at the end, and by how much?"),
    ),
)

_GUIDES: dict[str, Guide] = {
    "item": Guide(
        _(
            "Name what is analysed exactly as it stands in the planning document: its level, "
            "its code, its goal and whom it is meant for."
        ),
        (
            _("The code is the one of the planning document, so that the GBS can be matched."),
            _("The goal is copied as it is. It is put right later, with the new goal."),
        ),
        (
            _("Village activity 4.2.05, training in simple farming technology, Desa Contoh."),
            _("Goal: farmers master the care of seedlings."),
        ),
    ),
    "data": Guide(
        _(
            "Show the gap with figures of women and men. The portal has filled in the verified "
            "activities of this program. Add other figures and what people said."
        ),
        (
            _("At least one row has women and men, with year, place and source."),
            _("The figures are about this area, not copied from another one."),
            _("A total alone shows no gap."),
        ),
        (
            _("Training of 2025: 46 men, 4 women."),
            _("Growers of pepper and vegetables: 120 men, 95 women (farmers' groups, 2025)."),
            _("Interview: the training began at 19.30 in a house 6 km away."),
        ),
    ),
    "factors": Guide(
        _(
            "Say in which of four aspects the gap shows. Write only those that matter here, and "
            "tie each to the row of data in which it is seen."
        ),
        (
            _("One sentence a gap, with a figure where there is one."),
            _("Say who has less than whom."),
        ),
        (
            _("Access: invitations go to the heads of farmers' groups, who are all men."),
            _("Participation: 8% of those trained were women."),
            _("Control: none of the 5 members of the TPK is a woman."),
            _("Benefit: seedlings were handed only to those trained."),
        ),
    ),
    "internal": Guide(
        _(
            "What in your own office keeps the gap open? Its rules, its staff, its budget, its "
            "ways of working."
        ),
        (
            _("Your office can change it by itself."),
            _("“Lack of awareness” alone explains nothing. Ask what keeps it so."),
        ),
        (
            _("The TPK decree names no women."),
            _("There is no budget for a session by day or for looking after children."),
            _("The committee takes “farmer” to mean the head of a household."),
        ),
    ),
    "external": Guide(
        _("What outside your office keeps the gap open? Custom, family, distance, other offices."),
        (
            _("It lies outside what your office decides."),
            _("It is known from the data or from talks, not supposed."),
        ),
        (
            _("Women are not expected to travel at night."),
            _("Few women own a motorbike."),
            _("The women farmers' group is not registered yet."),
        ),
    ),
    "goal": Guide(
        _(
            "Write the goal anew so that it answers the gaps and causes. If the old goal does so "
            "already, tick that and say why."
        ),
        (
            _("Women and men both appear in it."),
            _("It answers the gaps and causes that were found."),
        ),
        (_("Women and men growers master seedling care and receive seedlings fairly."),),
    ),
    "actions": Guide(
        _("What will be done differently? Each action goes against at least one cause."),
        (
            _("Every cause is answered by an action."),
            _("It says who does what; “raising awareness” is too little."),
        ),
        (
            _("Invite through the women farmers' group and PKK."),
            _("Hold the session by day in the village hall, with a corner for children."),
            _("At least 2 women in the TPK."),
            _("Hand out half of the seedlings through the women farmers' group."),
        ),
    ),
    "baselines": Guide(
        _(
            "Choose the figures from which you start. They are taken from the eye-opening data "
            "and never typed again."
        ),
        (
            _("It measures what the new goal speaks of."),
            _("It can be measured again in the same way at the end of the year."),
        ),
        (
            _("Women among those trained: 8% (4 of 50)."),
            _("Women in the TPK: 0 of 5."),
            _("Women among those who received seedlings: 4 of 50."),
        ),
    ),
    "indicators": Guide(
        _(
            "How will it show that the gap is closing? An output comes from an action; an outcome "
            "is what becomes different for women and men."
        ),
        (
            _("It has a unit, a target and a day, and says whom it counts."),
            _("The target differs from its baseline."),
            _("That an activity took place is no indicator."),
        ),
        (
            _("Output: at least 40% of those trained are women, 2 of 5 in the TPK."),
            _("Outcome: at least 40% of those who receive seedlings are women."),
            _("Outcome: women growers who use the method rise from 12% to 40% by December."),
        ),
    ),
}

#: Which of the guides the steps of the four-step form bundle.
_BUNDLES = {
    "item": ("item", "data"),
    "causes": ("factors", "internal", "external"),
    "framework": ("goal", "baselines", "indicators"),
    "actions": ("actions",),
}


def guides(template: str, key: str) -> tuple[Guide, ...]:
    """What stands beside step `key` of this form."""
    names = _BUNDLES[key] if template == Template.FOUR else (key,)
    return tuple(_GUIDES[name] for name in names)


def shows_aspects(template: str, key: str) -> bool:
    """The step asks in which aspect the gap shows."""
    return key == ("causes" if template == Template.FOUR else "factors")
