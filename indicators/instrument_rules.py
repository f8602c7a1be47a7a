"""When an instrument may be kept as a draft, and when it may be adopted: every reason in words.

A field of a problem names the list and the code, like `items.DR01`; "weights" is the sum.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from core.errors import Problem

from .computed import COMPUTED
from .models import ItemKind
from .parts import InstrumentSaid, Parts

WHOLE = 100


def draft_problems(said: InstrumentSaid) -> list[Problem]:
    """What cannot even be kept: a code twice, a name of something that is not there."""
    return [*_head(said), *_twice(said.parts), *_unknown(said.parts)]


def adoption_problems(said: InstrumentSaid) -> list[Problem]:
    """What stands in the way of using it; [] when nothing does."""
    found = draft_problems(said)
    if not said.parts.items:
        found.append(Problem("items", "empty", _("Nothing is asked yet. Add an item.")))
    if said.scored:
        found += [*_weights(said.parts), *_levels(said.parts), *_measured(said.parts)]
    return found


def _head(said: InstrumentSaid) -> Iterator[Problem]:
    if not said.title.strip():
        yield Problem("title", "required", _("Write a title."))
    if said.last_year is not None and said.last_year < said.first_year:
        words = _("The last year lies before the first. Check both years.")
        yield Problem("last_year", "order", words)


def _twice(parts: Parts) -> Iterator[Problem]:
    lists = {
        "pillars": [one.code for one in parts.pillars],
        "items": [one.code for one in parts.items],
        "levels": [one.code for one in parts.levels],
    }
    for name, codes in lists.items():
        for code in _repeated(codes):
            words = _("The code %(code)s stands there twice. Each needs its own.")
            yield Problem(f"{name}.{code}", "repeated", words % {"code": code})
    for least in _repeated(one.least for one in parts.levels):
        words = _("Two levels begin at %(score)s. Each needs its own score.")
        yield Problem("levels", "repeated", words % {"score": least})


def _unknown(parts: Parts) -> Iterator[Problem]:
    pillars, levels = {one.code for one in parts.pillars}, {one.code for one in parts.levels}
    items = {one.code for one in parts.items}
    for item in parts.items:
        if item.pillar and item.pillar not in pillars:
            words = _("Item %(code)s names the pillar %(pillar)s, which is not there.")
            named = {"code": item.code, "pillar": item.pillar}
            yield Problem(f"items.{item.code}", "unknown_value", words % named)
        if item.computed and item.computed not in COMPUTED:
            words = _("The portal cannot fill in %(name)s.") % {"name": item.computed}
            yield Problem(f"items.{item.code}", "unknown_value", words)
    for gate in parts.gates:
        if gate.item not in items:
            words = _("The gate “%(gate)s” names an item that is not there.")
            yield Problem("gates", "unknown_value", words % {"gate": gate.words})
        if gate.cap not in levels:
            words = _("The gate “%(gate)s” names a level that is not there.")
            yield Problem("gates", "unknown_value", words % {"gate": gate.words})


def _weights(parts: Parts) -> Iterator[Problem]:
    total = sum(one.weight for one in parts.pillars)
    if total != WHOLE:
        words = _("The weights sum to %(sum)s. They have to sum to 100.") % {"sum": total}
        yield Problem("weights", "out_of_range", words)
    for pillar in parts.pillars:
        if not parts.of_pillar(pillar.code):
            words = _("The pillar %(pillar)s has no item.") % {"pillar": pillar.title}
            yield Problem(f"pillars.{pillar.code}", "empty", words)


def _levels(parts: Parts) -> Iterator[Problem]:
    least = [one.least for one in parts.levels]
    if not least or min(least) != 0:
        words = _("The levels have to begin at 0 and go upwards. Add one from 0.")
        yield Problem("levels", "order", words)
    if any(one > WHOLE for one in least):
        yield Problem("levels", "out_of_range", _("A level begins above 100. Nobody reaches it."))


def _measured(parts: Parts) -> Iterator[Problem]:
    for item in parts.items:
        if not item.pillar:
            words = _("Item %(code)s belongs to no pillar.") % {"code": item.code}
            yield Problem(f"items.{item.code}", "required", words)
        if item.kind != ItemKind.STATE and item.aim is None:
            words = _("Item %(code)s is a figure without a target: it gives no score.")
            yield Problem(f"items.{item.code}", "required", words % {"code": item.code})


def _repeated(values: Iterable) -> list:
    return [one for one, times in Counter(values).items() if times > 1]
