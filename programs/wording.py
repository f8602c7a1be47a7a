"""How an activity record is read aloud: the label and the text of each of its facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core import formats

from .drafts import FACT_FIELDS
from .models import (
    Activity,
    CountSource,
    EventStatus,
    FundSource,
    Kind,
    LowWomenReason,
    Program,
    Review,
    Stage,
)

LABELS = {
    "held_on": _("Date of the activity"),
    "program": _("Program"),
    "village": _("Village"),
    "title": _("Activity name"),
    "place": _("Place or hamlet"),
    "kind": _("Kind of activity"),
    "stage": _("Stage"),
    "event_status": _("Did it take place?"),
    "women_participants": _("Women present"),
    "men_participants": _("Men present"),
    "unrecorded_participants": _("Present, sex not recorded"),
    "total_participants": _("Everyone present"),
    "count_source": _("Where do the numbers come from?"),
    "low_women_reason": _("Why were there few women?"),
    "women_deciders": _("Women who helped decide"),
    "men_deciders": _("Men who helped decide"),
    "women_beneficiaries": _("Women who benefited"),
    "men_beneficiaries": _("Men who benefited"),
    "women_proposals_accepted": _("Women's proposals accepted"),
    "budget_spent": _("Budget spent"),
    "fund_source": _("Fund source"),
    "children": _("Children"),
    "with_disability": _("People with disabilities"),
    "elderly": _("Elderly people"),
    "women_household_heads": _("Women who head a household"),
    "note": _("Note"),
    "reference": _("Letter or minutes number"),
    "latitude": _("Latitude"),
    "longitude": _("Longitude"),
    "joint_event": _("Event shared with other villages"),
}

_CHOICES = {
    "kind": Kind,
    "stage": Stage,
    "event_status": EventStatus,
    "count_source": CountSource,
    "low_women_reason": LowWomenReason,
    "fund_source": FundSource,
}
_POINT = {"latitude", "longitude"}
_HEADS = {"children", "with_disability", "elderly"}

#: The order in which a record is read, with what is worth a line even when it is empty.
SECTIONS = (
    (
        _("What took place"),
        ("held_on", "program", "village", "title", "place", "kind", "stage", "event_status"),
    ),
    (
        _("Who was present"),
        (
            "women_participants",
            "men_participants",
            "unrecorded_participants",
            "total_participants",
            "count_source",
            "low_women_reason",
        ),
    ),
    (
        _("Who decided and who benefited"),
        (
            "women_deciders",
            "men_deciders",
            "women_beneficiaries",
            "men_beneficiaries",
            "women_proposals_accepted",
        ),
    ),
    (_("Budget"), ("budget_spent", "fund_source")),
    (
        _("Further details"),
        (
            "children",
            "with_disability",
            "elderly",
            "women_household_heads",
            "note",
            "reference",
            "latitude",
            "longitude",
        ),
    ),
)
_SHOWN_WHEN_EMPTY = {
    "women_participants",
    "men_participants",
    "women_deciders",
    "men_deciders",
    "women_beneficiaries",
    "men_beneficiaries",
    "budget_spent",
}


def program_name(program: Program) -> str:
    """A program beside its years and owner: the same title runs in many years and offices.

    "Pembinaan PKK · 2026 · Desa Janju".
    """
    first, last = program.year_from, program.year_to
    years = str(first) if first == last else f"{first}–{last}"
    opd = program.owner_opd
    owner = (opd.acronym or opd.name) if opd else program.owner_title
    known = str(last) in program.title
    return " · ".join([program.title, *([] if known else [years]), owner])


def vocabulary() -> dict[str, dict]:
    """The names of facts and of what can be chosen, for scripts that read a record aloud."""
    chosen = {name: dict(kind.choices) for name, kind in _CHOICES.items()}
    return {
        "labels": {name: str(label) for name, label in LABELS.items()},
        "choices": {
            name: {code: str(word) for code, word in words.items()}
            for name, words in chosen.items()
        },
    }


class Fact(NamedTuple):
    label: str
    text: str


class Difference(NamedTuple):
    label: str
    before: str
    after: str


def text_of(name: str, value: Any) -> str:
    """One value as a person reads it; accepts the typed value or its text in the history."""
    if value is None or value == "":
        return str(_("not filled in"))
    if name in _CHOICES:
        return str(dict(_CHOICES[name].choices).get(value, value))
    if name == "held_on":
        return formats.day_long(date.fromisoformat(str(value)))
    if name == "budget_spent":
        return formats.rupiah(int(value))
    if name in _POINT:
        return str(value).replace(".", ",")
    return formats.count(int(value)) if _is_count(name) else str(value)


def _is_count(name: str) -> bool:
    return name.startswith(("women_", "men_")) or name.endswith("_participants") or name in _HEADS


def sections(activity: Activity) -> list[tuple[str, list[Fact]]]:
    """A record as headed lists of facts; what was left empty is named only where it matters."""
    read = [(heading, _facts(activity, names)) for heading, names in SECTIONS]
    return [(str(heading), facts) for heading, facts in read if facts]


def _facts(activity: Activity, names: Iterable[str]) -> list[Fact]:
    values = ((name, _value(activity, name)) for name in names)
    return [
        Fact(str(LABELS[name]), _told(activity, name, value))
        for name, value in values
        if value not in (None, "") or name in _SHOWN_WHEN_EMPTY
    ]


def _told(activity: Activity, name: str, value: Any) -> str:
    """A value as it reads on its record: a total alone says what is missing from it."""
    if name != "total_participants" or activity.women_share:
        return text_of(name, value)
    words = ngettext(
        "%(shown)s person, women and men not counted apart",
        "%(shown)s people, women and men not counted apart",
        value,
    )
    return words % {"shown": formats.count(value)}


def _value(activity: Activity, name: str) -> Any:
    if name == "village":
        return activity.village.title
    return getattr(activity, name)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What differs between two contents, read aloud in the order of the form."""
    return [
        Difference(str(label), text_of(name, before.get(name)), text_of(name, after.get(name)))
        for name, label in LABELS.items()
        if (before.get(name) or "") != (after.get(name) or "")
    ]


def content_of(activity: Activity) -> dict[str, Any]:
    """What a record says now, by the names of a draft; the program by its title."""
    content = {name: getattr(activity, name) for name in FACT_FIELDS}
    return content | {"program": activity.program.title, "village": activity.village.code}


def history(reviews: Iterable[Review]) -> list[dict[str, Any]]:
    """The steps of a record, oldest first, each with what it changed."""
    reviews = list(reviews)
    named = {uid for one in reviews for uid in one.changes.get("program", ())}
    titles = {str(uid): one.title for uid, one in Program.objects.in_bulk(named).items()}
    return [{"step": one, "changes": list(_changes(one.changes, titles))} for one in reviews]


def _changes(changes: Mapping[str, Any], titles: Mapping[str, str]) -> Iterable[Difference]:
    for name, pair in changes.items():
        if name in LABELS and isinstance(pair, list):
            before, after = (titles.get(one, one) for one in pair)
            yield Difference(str(LABELS[name]), text_of(name, before), text_of(name, after))
