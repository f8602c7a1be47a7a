"""Shape of the REST door and of sheets: raw values in → drafts; outcomes → answers."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from itertools import islice
from math import isfinite
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.fields import empty

from core.errors import Problem
from core.formats import storable
from core.forms import FIRST_YEAR, LAST_YEAR

from .drafts import FACT_FIELDS, ActivityDraft, Outcome
from .models import Activity, CountSource, EventStatus, FundSource, Kind, LowWomenReason, Stage
from .models.activity import MOST_RUPIAH


class HeadCount(serializers.IntegerField):
    """A whole number of people, or null for "not recorded". Bounds are the service's to judge."""

    default_error_messages = {
        "invalid": _("Fill in a whole number, for example 19."),
        "max_string_length": _("The number is too long."),
    }

    def __init__(self, **kwargs):
        super().__init__(**{"required": False, "allow_null": True, **kwargs})

    def to_internal_value(self, data):
        if isinstance(data, float) and not data.is_integer():
            self.fail("invalid")
        return super().to_internal_value(data)


class Word(serializers.ChoiceField):
    """One word of a fixed vocabulary; null and "" mean "not said"."""

    default_error_messages = {
        "invalid_choice": _("“{input}” is not one of the possible words: {words}.")
    }

    def __init__(self, vocabulary: type[models.TextChoices], **kwargs):
        self.vocabulary = vocabulary
        super().__init__(
            choices=vocabulary.choices,
            **{"required": False, "allow_null": True, "allow_blank": True, **kwargs},
        )

    def to_internal_value(self, data):
        if data == "":
            return ""
        if not isinstance(data, str) or data not in self.vocabulary.values:
            self.fail("invalid_choice", input=data, words=", ".join(self.vocabulary.values))
        return data


class Text(serializers.CharField):
    default_error_messages = {
        "max_length": _("Use at most {max_length} characters."),
        "invalid": _("Fill in text."),
    }

    def __init__(self, **kwargs):
        super().__init__(**{"required": False, "allow_null": True, "allow_blank": True, **kwargs})

    def to_internal_value(self, data):
        if isinstance(data, str) and storable(data) != data:
            self.fail("invalid")
        return super().to_internal_value(data)


class Day(serializers.DateField):
    """A day of the years that a page takes too."""

    default_error_messages = {
        "out_of_range": _("Choose a date from the years 2000 to 2100."),
        "invalid": _("Write the date as year-month-day, for example 2026-03-04."),
        "datetime": _("Write the date as year-month-day, for example 2026-03-04."),
    }

    def __init__(self, **kwargs):
        super().__init__(**{"required": False, "allow_null": True, **kwargs})

    def to_internal_value(self, value):
        day = super().to_internal_value(value)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.fail("out_of_range")
        return day


class Identifier(serializers.UUIDField):
    default_error_messages = {
        "invalid": _("This is not an identifier (UUID). Take it from the list of programs.")
    }


class Degrees(serializers.FloatField):
    default_error_messages = {
        "invalid": _("Write degrees as a number, for example -1.9012."),
        "min_value": _("The point lies off the globe. Check latitude and longitude."),
        "max_value": _("The point lies off the globe. Check latitude and longitude."),
    }

    def __init__(self, most: float, **kwargs):
        super().__init__(
            min_value=-most, max_value=most, **{"required": False, "allow_null": True, **kwargs}
        )

    def to_internal_value(self, data):
        value = super().to_internal_value(data)
        if not isfinite(value):
            self.fail("invalid")
        return value


class Moment(serializers.DateTimeField):
    """An instant of this century; the clock of a phone may be wrong, but not without end."""

    default_error_messages = {"invalid": _("Write the time as 2026-03-04T11:20:00+08:00.")}

    def to_internal_value(self, value):
        try:
            moment = super().to_internal_value(value)
        except OverflowError:
            self.fail("invalid")
        if not 2000 <= moment.year <= 2100:
            self.fail("invalid")
        return moment


def _longest(field: str) -> int | None:
    return Activity._meta.get_field(field).max_length


class ActivityItemSerializer(serializers.Serializer):
    """One item of a batch (api.md section 3). Counts are whole numbers ≥ 0, or null."""

    uid = Identifier(
        help_text="Made by the client; the record's key for ever",
        error_messages={
            "invalid": _("This is not an identifier (UUID). Make one for each record and keep it.")
        },
    )
    program = Identifier(required=False, allow_null=True)
    village = Text(max_length=13, help_text="Kemendagri code, e.g. 64.01.05.2003")
    held_on = Day(help_text="Day the activity took place; not in the future")
    title = Text(max_length=_longest("title"))
    place = Text(max_length=_longest("place"))
    stage = Word(Stage)
    kind = Word(Kind)
    event_status = Word(EventStatus)
    joint_event = Identifier(required=False, allow_null=True)
    women_participants = HeadCount()
    men_participants = HeadCount()
    unrecorded_participants = HeadCount()
    total_participants = HeadCount()
    women_deciders = HeadCount()
    men_deciders = HeadCount()
    women_beneficiaries = HeadCount()
    men_beneficiaries = HeadCount()
    women_proposals_accepted = HeadCount()
    children = HeadCount()
    with_disability = HeadCount()
    elderly = HeadCount()
    women_household_heads = HeadCount()
    count_source = Word(CountSource)
    low_women_reason = Word(LowWomenReason)
    budget_spent = HeadCount(
        help_text=f"Whole rupiah, at most {MOST_RUPIAH}",
        error_messages={"invalid": _("Fill in whole rupiah without dots, for example 12500000.")},
    )
    fund_source = Word(FundSource)
    note = Text(max_length=4000)
    reference = Text(max_length=_longest("reference"))
    latitude = Degrees(90)
    longitude = Degrees(180)
    device_time = Moment(required=False, allow_null=True)
    client_digest = Text(max_length=64)


#: About the sending, not about the activity.
_ENVELOPE = {"uid", "device_time", "client_digest"}


def read_item(item: Any) -> ActivityDraft | Outcome:
    """One item as a draft that names what could not be read, field by field.

    Without a readable uid there is nothing to keep a receipt under: the item is refused at once.
    """
    if not isinstance(item, Mapping):
        return Outcome("", "rejected", problems=(Problem("", "invalid", str(_NOT_AN_OBJECT)),))
    values, problems = _read(item)
    if "uid" not in values:
        named = storable(str(item.get("uid", "")))[:64]
        return Outcome(named, "rejected", problems=tuple(problems))
    return ActivityDraft(
        uid=values["uid"],
        content={name: value for name, value in values.items() if name not in _ENVELOPE},
        problems=tuple(problems),
        raw=_plain(item),
        client_digest=values.get("client_digest") or "",
        device_time=values.get("device_time"),
    )


_NOT_AN_OBJECT = _("An item must be an object with the fields of one activity.")
#: Names not known here that one answer lists.
MOST_UNKNOWN = 20
_UNKNOWN_FIELD = _("This name is not known here. Check the spelling.")


def unknown_field(name: object) -> Problem:
    return Problem(storable(str(name))[:60], "unknown_field", str(_UNKNOWN_FIELD))


def unknown_fields(names: Iterable[object], known: Container[object]) -> list[Problem]:
    """The first of them only: a body of nothing else would be answered with ten times its size."""
    unknown = (name for name in names if name not in known)
    return [unknown_field(name) for name in islice(unknown, MOST_UNKNOWN)]


def _read(item: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    values: dict[str, Any] = {}
    problems = unknown_fields(item, _FIELDS)
    for name in _FIELDS:
        value, found = read_field(name, item.get(name, empty))
        problems += found
        if value is not None:
            values[name] = value
    return values, problems


def read_field(name: str, value: Any) -> tuple[Any, list[Problem]]:
    """One field of an item: its value, None when nothing is said; or what is wrong with it."""
    try:
        return _FIELDS[name].run_validation(value), []
    except serializers.SkipField:
        return None, []
    except serializers.ValidationError as error:
        found = _details(error)
        return None, [Problem(name, one.code, storable(str(one))) for one in found]


def _details(error: serializers.ValidationError) -> list:
    return error.detail if isinstance(error.detail, list) else [error.detail]


#: Deeper than any record; what lies below is left out of the evidence.
_DEEPEST = 20


def _plain(value: Any, depth: int = 0) -> Any:
    """What was sent, fit for a JSON column of either database."""
    if depth > _DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        return {storable(str(name)): _plain(one, depth + 1) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one, depth + 1) for one in value]
    if value is None or isinstance(value, bool | int):
        return value
    return value if isinstance(value, float) and isfinite(value) else storable(str(value))


_FIELDS = ActivityItemSerializer().fields


#: Words that a record may leave unsaid.
UNSAID = {"low_women_reason", "fund_source"}


def item_row(activity: Activity) -> dict[str, Any]:
    """What a record says now, by the names of an item and in its shapes: what may be sent back."""
    content = {name: getattr(activity, name) for name in FACT_FIELDS}
    content |= {name: content[name] or None for name in UNSAID}
    return {
        "program": str(activity.program_id),
        "village": activity.village.code,
        **content,
        "held_on": activity.held_on.isoformat(),
        "joint_event": str(activity.joint_event) if activity.joint_event else None,
    }


class ActivityContentSerializer(ActivityItemSerializer):
    """An item without what concerns its sending: what a record says."""

    uid = None
    device_time = None
    client_digest = None


class ProblemSerializer(serializers.Serializer):
    pointer = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class OutcomeSerializer(serializers.Serializer):
    """How one item was judged, in the order sent."""

    uid = serializers.CharField()
    client_digest = serializers.CharField(allow_blank=True)
    outcome = serializers.ChoiceField(["accepted", "duplicate", "conflict", "rejected"])
    number = serializers.CharField(allow_null=True)
    received_at = serializers.DateTimeField(allow_null=True)
    errors = ProblemSerializer(many=True)


class BatchSerializer(serializers.Serializer):
    items = ActivityItemSerializer(many=True, help_text="1 to 200 items")


class BatchSummarySerializer(serializers.Serializer):
    accepted = serializers.IntegerField()
    duplicate = serializers.IntegerField()
    conflict = serializers.IntegerField()
    rejected = serializers.IntegerField()


class BatchAnswerSerializer(serializers.Serializer):
    results = OutcomeSerializer(many=True)
    summary = BatchSummarySerializer()


def outcome_row(outcome: Outcome) -> dict[str, Any]:
    """One outcome as the API says it."""
    return {
        "uid": str(outcome.uid),
        "client_digest": outcome.client_digest,
        "outcome": outcome.word,
        "number": outcome.number,
        "received_at": outcome.received_at,
        "errors": [
            {
                "pointer": f"/{one.field}" if one.field else "",
                "code": one.code,
                "detail": one.detail,
            }
            for one in outcome.problems
        ],
    }
