"""Lists of this app as files: columns as the database gives them, in the words of the page.

The queries carry no Python per row, so that PostgreSQL can write a million rows by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Case, Expression, F, QuerySet, Value, When
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.copying import QueryRows
from core.tables import Column, Table
from villages.models import Village

from .filters.shared import ListFilter
from .involvement import DEFINITION_VERSION
from .models import (
    ArgCategory,
    CountSource,
    EventStatus,
    FundSource,
    GenderMarker,
    Kind,
    LowWomenReason,
    Origin,
    ProgramState,
    Stage,
    State,
    TargetGroup,
)

#: What a sheet of paper has room for; files hold every column.
_ON_PAPER = frozenset(
    {
        *("held_on", "title", "village", "district", "program", "owner", "kind", "state"),
        *("women_participants", "men_participants", "women_deciders", "men_deciders"),
        *("year_from", "year_to", "target_group", "ceiling", "villages"),
    }
)


@dataclass(frozen=True)
class Source:
    """One column and where in the query it comes from."""

    name: str
    label: Any
    kind: str
    value: str | Expression

    def column(self, paper: frozenset[str]) -> Column:
        return Column(self.name, self.label, self.kind, self.name in paper)


def worded(path: str, choices: Iterable[tuple[Any, Any]]) -> Expression:
    """The code of a vocabulary as the page's word for it; nothing stays nothing."""
    words = [When(**{path: code}, then=Value(str(label))) for code, label in choices]
    return Case(*words, default=Value(""))


def village_words(path: str) -> Expression:
    """As villages are called: "Desa Janju"."""
    kind = worded(f"{path}__kind", Village.Kind.choices)
    return Concat(kind, Value(" "), F(f"{path}__name"))


def owner_words(path: str = "") -> Expression:
    """Whose a program is: the office, "Kecamatan Kuaro" or "Desa Janju"."""
    district = Concat(
        Value(_("District %(name)s") % {"name": ""}), F(f"{path}owner_district__name")
    )
    return Case(
        When(**{f"{path}owner_opd__isnull": False}, then=F(f"{path}owner_opd__name")),
        When(**{f"{path}owner_district__isnull": False}, then=district),
        default=village_words(f"{path}owner_village"),
    )


def counting_words() -> Expression:
    """Whether a record enters the number: on which basis, or not (ActivityQuerySet.counted)."""
    held = {"event_status": EventStatus.HELD, "same_event_as__isnull": True}
    return Case(
        When(kind=Kind.ADMINISTRATION, then=Value(_("no"))),
        When(state=State.VERIFIED, **held, then=Value(_("yes"))),
        When(state=State.SUBMITTED, **held, then=Value(_("once verified"))),
        default=Value(_("no")),
    )


def activity_sources() -> list[Source]:
    """Every column of the list of activities. People's names are not among them."""
    return [
        Source("receipt", gettext_lazy("Receipt number"), "code", "receipt__number"),
        Source("held_on", gettext_lazy("Date"), "day", "held_on"),
        Source("title", gettext_lazy("Activity name"), "text", "title"),
        *_place_sources("village"),
        Source("place", gettext_lazy("Place"), "text", "place"),
        Source("program", gettext_lazy("Program"), "text", "program__title"),
        Source(
            "program_owner",
            gettext_lazy("Owner of the program"),
            "text",
            owner_words("program__"),
        ),
        _word("stage", gettext_lazy("Stage"), Stage),
        _word("kind", gettext_lazy("Kind of activity"), Kind),
        _word("event_status", gettext_lazy("Did it take place?"), EventStatus),
        _word("state", gettext_lazy("State"), State),
        Source("counts", gettext_lazy("Enters the figures"), "text", counting_words()),
        *_head_sources(),
        _word("count_source", gettext_lazy("Source of the numbers"), CountSource),
        _word("low_women_reason", gettext_lazy("Why few women?"), LowWomenReason),
        Source("budget_spent", gettext_lazy("Budget spent"), "rupiah", "budget_spent"),
        _word("fund_source", gettext_lazy("Fund source"), FundSource),
        Source("received_at", gettext_lazy("Received at"), "moment", "receipt__received_at"),
        Source("updated_at", gettext_lazy("Last changed"), "moment", "updated_at"),
        _word("origin", gettext_lazy("Origin"), Origin),
        Source("uid", gettext_lazy("Identifier of the activity"), "code", "pk"),
        Source("program_uid", gettext_lazy("Identifier of the program"), "code", "program_id"),
    ]


def _head_sources() -> list[Source]:
    labels = {
        "women_participants": gettext_lazy("Women present"),
        "men_participants": gettext_lazy("Men present"),
        "unrecorded_participants": gettext_lazy("Present, not counted by sex"),
        "total_participants": gettext_lazy("People present in all"),
        "women_deciders": gettext_lazy("Women deciding"),
        "men_deciders": gettext_lazy("Men deciding"),
        "women_beneficiaries": gettext_lazy("Women benefiting"),
        "men_beneficiaries": gettext_lazy("Men benefiting"),
        "women_proposals_accepted": gettext_lazy("Proposals of women taken up"),
        "children": gettext_lazy("Children"),
        "with_disability": gettext_lazy("With a disability"),
        "elderly": gettext_lazy("Elderly"),
        "women_household_heads": gettext_lazy("Women heading a household"),
    }
    return [Source(name, label, "count", name) for name, label in labels.items()]


def _place_sources(path: str) -> list[Source]:
    return [
        Source("village", gettext_lazy("Village"), "text", village_words(path)),
        Source("village_code", gettext_lazy("Village code"), "code", f"{path}__code"),
        Source("district", gettext_lazy("District"), "text", f"{path}__district__name"),
        Source("regency", gettext_lazy("Regency"), "text", f"{path}__district__regency__name"),
    ]


def _word(name: str, label: Any, vocabulary: Any, path: str = "") -> Source:
    return Source(name, label, "text", worded(path or name, vocabulary.choices))


def program_sources() -> list[Source]:
    """Every column of the list of programs."""
    return [
        Source("program", gettext_lazy("Program"), "text", "title"),
        Source("owner", gettext_lazy("Owner of the program"), "text", owner_words()),
        Source("year_from", gettext_lazy("First year"), "code", "year_from"),
        Source("year_to", gettext_lazy("Last year"), "code", "year_to"),
        _word("state", gettext_lazy("State"), ProgramState, "state"),
        _word("target_group", gettext_lazy("Target group"), TargetGroup, "target_group"),
        _word("gender_marker", gettext_lazy("Gender marker"), GenderMarker, "gender_marker"),
        _word("arg_category", gettext_lazy("ARG category"), ArgCategory, "arg_category"),
        _word("fund_source", gettext_lazy("Fund source"), FundSource, "fund_source"),
        Source("ceiling", gettext_lazy("Budget ceiling"), "rupiah", "ceiling"),
        _word("origin", gettext_lazy("Origin"), Origin, "origin"),
        Source("program_uid", gettext_lazy("Identifier of the program"), "code", "pk"),
    ]


def activities_table(rows: QuerySet, found: ListFilter, now: datetime) -> Table:
    """The records of a filtered list, in its order. `rows` are narrowed to the reader's reach."""
    return _table("kegiatan", _("Activities"), activity_sources(), rows, found, now, "activities")


def programs_table(rows: QuerySet, found: ListFilter, now: datetime) -> Table:
    """The programs of a filtered list; `rows` carry `reach`, the number of their villages."""
    reach = Source("villages", gettext_lazy("Villages"), "count", "reach")
    return _table("program", _("Programs"), [*program_sources(), reach], rows, found, now)


def _table(
    name: str,
    title: str,
    sources: Sequence[Source],
    rows: QuerySet,
    found: ListFilter,
    now: datetime,
    record_as: str = "",
) -> Table:
    expressions = [
        F(source.value) if isinstance(source.value, str) else source.value for source in sources
    ]
    return Table(
        name,
        title,
        [source.column(_ON_PAPER) for source in sources],
        QueryRows(rows.select_related(None).values_list(*expressions)),
        notes_of_list(found, now),
        reading=[_("An empty cell means: not recorded. It is never zero.")],
        record_as=record_as,
    )


def notes_of_list(found: ListFilter, now: datetime) -> list[tuple[str, str]]:
    """What a file of a list says of itself: filter, definition, moment."""
    words = "; ".join(str(chip["label"]) for chip in found.chips())
    notes = [
        (_("Filter"), words or _("none: everything within reach")),
        (_("Definition version"), str(DEFINITION_VERSION)),
        (_("Downloaded at"), timezone.localtime(now).isoformat(sep=" ", timespec="seconds")),
    ]
    if settings.PUG_DEMO:
        notes.append((_("Sample data"), _("invented, not the state of any village")))
    return notes
