"""Shape of a program as a client writes it: a JSON body → what is wanted, or what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from core.errors import Problem, Refused
from core.problems import refusal_of
from villages.models import Village

from .models import (
    ActivityCode,
    ArgCategory,
    FundSource,
    GenderMarker,
    Program,
    ProgramState,
    TargetGroup,
)
from .models.activity import MOST_PEOPLE, MOST_RUPIAH
from .serializers import HeadCount, Identifier, Text, Word, unknown_fields
from .services import Target
from .services.programs import PLAIN_FIELDS

_FILL_IN = {"required": gettext_lazy("This is missing."), "null": gettext_lazy("This is missing.")}
_A_LIST = dict.fromkeys(
    ("not_a_list", "null"), gettext_lazy("Send a list of objects with “code” and targets.")
)
_TARGETS = ("target_activities", "target_women", "target_men")
#: More villages than a province has.
_MOST_VILLAGES = 2_000


class Whole(HeadCount):
    """A whole number from `least` to `most`, or null."""

    default_error_messages = {
        **_FILL_IN,
        "negative": gettext_lazy("The number cannot be below 0."),
        "too_large": gettext_lazy("The number is too large. Check the zeros."),
        "out_of_range": gettext_lazy("Write a year from 2000 to 2100."),
    }

    def __init__(self, most: int, **kwargs):
        self.most = most
        super().__init__(**kwargs)

    def to_internal_value(self, data) -> int:
        value = super().to_internal_value(data)
        if value < 0:
            self.fail("negative")
        if value > self.most:
            self.fail("too_large")
        return value


class Year(Whole):
    def __init__(self, **kwargs):
        super().__init__(9999, required=True, allow_null=False, **kwargs)

    def to_internal_value(self, data) -> int:
        value = super().to_internal_value(data)
        if not 2000 <= value <= 2100:
            self.fail("out_of_range")
        return value


class OneOf(serializers.ChoiceField):
    """One number of a fixed list; null = not said."""

    default_error_messages = {
        "invalid_choice": gettext_lazy("“{input}” is not on the list: {words}.")
    }

    def __init__(self, vocabulary, **kwargs):
        self.words = ", ".join(str(one) for one in vocabulary.values)
        super().__init__(vocabulary.choices, required=False, allow_null=True, **kwargs)

    def to_internal_value(self, data):
        if type(data) is not int or data not in self.choices:
            self.fail("invalid_choice", input=str(data)[:40], words=self.words)
        return data


class NamedOwnerSerializer(serializers.Serializer):
    """Whose the program is: an office by `id`, a district or a village by `code`."""

    default_error_messages = {
        "invalid": gettext_lazy("Send an object, for example {{“level”: “opd”, “id”: 4}}.")
    }
    level = serializers.ChoiceField(
        ["opd", "district", "village"],
        error_messages=_FILL_IN
        | {"invalid_choice": gettext_lazy("Known: opd, district, village.")},
    )
    id = Whole(2**31 - 1)
    code = Text(max_length=13)
    name = Text(max_length=400, help_text="As it is read; not looked at")


class NamedVillageSerializer(serializers.Serializer):
    """One village; a target that is not named stays as it is, null takes it away."""

    default_error_messages = {
        "invalid": gettext_lazy("Send an object, for example {{“code”: “64.01.04.2002”}}.")
    }
    code = Text(max_length=13, required=True, allow_null=False, error_messages=_FILL_IN)
    target_activities = Whole(MOST_PEOPLE)
    target_women = Whole(MOST_PEOPLE)
    target_men = Whole(MOST_PEOPLE)
    name = Text(max_length=400, help_text="As it is read; not looked at")
    outcome_reached_on = Text(max_length=10, help_text="As it is read; not looked at")


class ProgramBodySerializer(serializers.Serializer):
    """What a client says of a program. In a PATCH, what is not named stays as it is."""

    uid = Identifier(required=False, help_text="Made by the client; the program's key for ever")
    title = Text(max_length=200, required=True, allow_null=False, error_messages=_FILL_IN)
    goal = Text(max_length=4000)
    owner = NamedOwnerSerializer(error_messages=_FILL_IN)
    year_from = Year()
    year_to = Year()
    activity_code = Text(max_length=12, help_text="Permendagri 20/2018, as in activity-codes/")
    gender_marker = OneOf(GenderMarker)
    arg_category = OneOf(ArgCategory)
    target_group = Word(TargetGroup)
    fund_source = Word(FundSource)
    ceiling = Whole(MOST_RUPIAH, help_text=f"Whole rupiah, at most {MOST_RUPIAH}")
    state = Word(ProgramState, help_text="New: draft or active")
    villages = NamedVillageSerializer(
        many=True,
        required=False,
        help_text="The whole list: who is not on it is taken out",
        error_messages=_A_LIST,
    )


@dataclass
class Wanted:
    """What a body asks for: columns by name, targets (None: not named), state (None: as it is)."""

    columns: dict[str, Any] = field(default_factory=dict)
    targets: list[Target] | None = None
    state: str | None = None

    def stands(self, program: Program) -> bool:
        """Whether the program on file says all of this."""
        return (
            all(getattr(program, name) == value for name, value in self.columns.items())
            and self.state in (None, program.state)
            and (self.targets is None or set(self.targets) == set(standing(program).values()))
        )


def standing(program: Program) -> dict[int, Target]:
    """The program's targets on file by their village's pk."""
    rows = program.targets.select_related("village__district")
    return {
        row.village_id: Target(row.village, *(getattr(row, name) for name in _TARGETS))
        for row in rows
    }


def read_program(body: Any, user, program: Program | None = None) -> Wanted:
    """What `body` asks for, within the reach of `user`; with `program`, of its columns on file.

    Refused with every problem by field, those of shape first. An owner or a village beyond her
    reach is answered as one that does not exist.
    """
    said, problems = _said(body, partial=program is not None)
    wanted = Wanted(state=said.get("state") or None)
    plain = {name: said[name] for name in PLAIN_FIELDS if name in said}
    for name in ("goal", "fund_source"):
        if name in plain:
            plain[name] = plain[name] or ""
    if "target_group" in plain:
        plain["target_group"] = plain["target_group"] or TargetGroup.GENERAL
    wanted.columns |= plain
    if said.get("owner"):
        wanted.columns |= _owner(said["owner"], user, problems)
    if "activity_code" in said:
        wanted.columns["activity_code_id"] = _code(said["activity_code"], problems)
    if said.get("villages") is not None:
        wanted.targets = _targets(said["villages"], user, program, problems)
    if problems:
        raise Refused(*problems)
    return wanted


def _said(body: Mapping[str, Any], *, partial: bool) -> tuple[Mapping[str, Any], list[Problem]]:
    """The fields that can be read, and what is wrong with the others."""
    shape = ProgramBodySerializer(data=body, partial=partial)
    problems = unknown_fields(body, shape.fields)
    if not shape.is_valid():
        error = serializers.ValidationError(shape.errors)
        problems += refusal_of(error.get_full_details()).problems
        return {}, problems
    said = shape.validated_data
    if said.get("title", "-") == "":
        problems.append(Problem("title", "required", _("Fill in the name of the program.")))
    if len(said.get("villages") or ()) > _MOST_VILLAGES:
        problems.append(Problem("villages", "too_many", _("A program has too many villages.")))
        return {}, problems
    return said, problems


def _owner(named: Mapping[str, Any], user, problems: list[Problem]) -> dict[str, Any]:
    """The three owner columns, one of them set; a problem when it is not hers to act for."""
    level, today = named["level"], timezone.localdate()
    found = {
        "opd": lambda: (
            user.opds_with("manage_programs")
            .exclude(valid_until__lt=today)
            .filter(pk=named.get("id"))
        ),
        "district": lambda: _live(user.districts_with("manage_programs"), named),
        "village": lambda: _live(user.villages_with("manage_programs"), named),
    }[level]()
    owner = found.values_list("pk", flat=True).first()
    if owner is None:
        words = _("This owner is not known, or not one whose programs you manage.")
        problems.append(Problem("owner", "unknown_owner", words))
    columns = dict.fromkeys(("owner_opd_id", "owner_district_id", "owner_village_id"))
    return columns | {f"owner_{level}_id": owner}


def _live(areas, named: Mapping[str, Any]):
    return areas.filter(ended_on=None, code=named.get("code") or "")


def _code(text: str | None, problems: list[Problem]) -> int | None:
    if not text:
        return None
    lines = ActivityCode.objects.filter(level=ActivityCode.Level.ACTIVITY, code=text)
    line = lines.values_list("pk", flat=True).first()
    if line is None:
        words = _("This activity code is not known. Take it from activity-codes/.")
        problems.append(Problem("activity_code", "unknown_code", words))
    return line


def _targets(rows: list, user, program: Program | None, problems: list[Problem]) -> list[Target]:
    """One target a village named, and those of villages that she does not see, which stay."""
    before = standing(program) if program else {}
    codes = [row["code"] for row in rows]
    seen = Village.objects.visible_to(user).select_related("district")
    hers = {one.code: one for one in seen.filter(Q(ended_on=None, code__in=codes))}
    kept = set(seen.filter(pk__in=before).values_list("pk", flat=True))
    hers |= {one.village.code: one.village for key, one in before.items() if key in kept}
    found: dict[str, Target] = {}
    for place, row in enumerate(rows):
        village = hers.get(row["code"])
        if village is None or row["code"] in found:
            problems.append(_bad_village(place, repeated=village is not None))
            continue
        old = before.get(village.pk)
        found[village.code] = Target(
            village, *(row.get(name, getattr(old, name, None)) for name in _TARGETS)
        )
    return [*found.values(), *(one for key, one in before.items() if key not in kept)]


def _bad_village(place: int, *, repeated: bool) -> Problem:
    where = f"villages.{place}.code"
    if repeated:
        return Problem(where, "repeated", _("This village is on the list twice."))
    words = _("This village is not known, or not one you see. Check the village code.")
    return Problem(where, "unknown_village", words)
