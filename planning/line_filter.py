"""What a list of budget lines may be narrowed by, and the same list as a file."""

from __future__ import annotations

from datetime import datetime

import django_filters as filters
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.copying import QueryRows
from core.tables import Column, Table
from programs.exports import notes_of_list, owner_words, village_words, worded
from programs.filters.shared import MOST_LETTERS, ListFilter, YearFilter
from programs.models import ArgCategory, FundSource

from .forms.line import OWNERS
from .models import APPROVED_STATES, BudgetLine, PlanState

NO_STATEMENT = "none"


def owners_with_lines(request) -> list[tuple[str, str]]:
    """Owners that have lines which she may see: "opd:7" … with their names."""
    lines = BudgetLine.objects.visible_to(request.user).order_by()
    found: list[tuple[str, str]] = []
    for kind, model in OWNERS.items():
        rows = model.objects.filter(pk__in=lines.values(f"owner_{kind}")).order_by("name")
        found += [(f"{kind}:{one.pk}", str(getattr(one, "title", one.name))) for one in rows]
    return found


class LineFilter(ListFilter):
    """Budget lines by words, owner, year, category and where their statement stands."""

    search = filters.CharFilter(label=_("Search"), method="filter_search", max_length=MOST_LETTERS)
    owner = filters.ChoiceFilter(
        label=_("Owner of the budget"),
        choices=(),
        method="filter_owner",
        empty_label=_("All"),
    )
    year = YearFilter(label=_("Year"), field_name="year")
    category = filters.ChoiceFilter(
        label=_("Category"), choices=ArgCategory.choices, empty_label=_("All")
    )
    tagged = filters.ChoiceFilter(
        label=_("ARG tag"),
        choices=(("yes", _("Tagged")), ("no", _("Not tagged"))),
        method="filter_tagged",
        empty_label=_("All"),
    )
    state = filters.ChoiceFilter(
        label=_("GBS"),
        choices=((NO_STATEMENT, _("None yet")), *PlanState.choices),
        method="filter_state",
        empty_label=_("All"),
    )
    counts = filters.ChoiceFilter(
        label=_("Counts as ARG"),
        choices=(("yes", _("Counts")), ("no", _("Does not count yet"))),
        method="filter_counts",
        empty_label=_("All"),
    )

    class Meta:
        model = BudgetLine
        fields: tuple[str, ...] = ()

    def __init__(self, *args, request, **options):
        super().__init__(*args, request=request, **options)
        self.filters["owner"].extra["choices"] = owners_with_lines(request)

    def filter_search(self, queryset, _name, words: str):
        return queryset.filter(
            Q(code__istartswith=words) | Q(name__icontains=words) | Q(account__istartswith=words)
        )

    def filter_owner(self, queryset, _name, owner: str):
        kind, key = owner.split(":")
        return queryset.filter(**{f"owner_{kind}": int(key)})

    def filter_tagged(self, queryset, _name, word: str):
        return queryset.filter(category__isnull=word == "no")

    def filter_state(self, queryset, _name, state: str):
        if state == NO_STATEMENT:
            return queryset.filter(statement=None)
        return queryset.filter(statement__state=state)

    def filter_counts(self, queryset, _name, word: str):
        if word == "yes":
            return queryset.counted()
        counted = Q(statement__isnull=False, statement__state__in=APPROVED_STATES)
        return queryset.filter(~counted, category__isnull=False)


_MONEY = (
    ("plan", _("Plan (pagu)")),
    ("changed", _("After the change")),
    ("realised", _("Realised")),
    ("arg_plan", _("Gender budget in the plan")),
    ("arg_changed", _("Gender budget after the change")),
    ("arg_realised", _("Gender budget realised")),
)
_ON_PAPER = ("plan", "realised", "arg_plan", "arg_realised")


def lines_table(rows: QuerySet[BudgetLine], found: ListFilter, now: datetime) -> Table:
    """The lines of a filtered list, in its order."""
    columns = [
        Column("year", _("Year"), "code", paper=False),
        Column("owner", _("Owner of the budget")),
        Column("code", _("Code"), "code"),
        Column("account", _("Account code"), "code", paper=False),
        Column("name", _("Description")),
        Column("fund_source", _("Fund source"), paper=False),
        Column("village", _("Village where it is spent"), paper=False),
        Column("category", _("ARG category"), "code"),
        Column("state", _("Budget statement (GBS)")),
        *(Column(name, label, "rupiah", name in _ON_PAPER) for name, label in _MONEY),
        Column("uid", _("Identifier of the line"), "code", paper=False),
    ]
    values = (
        *("year", owner_words(), "code", "account", "name"),
        worded("fund_source", FundSource.choices),
        village_words("village"),
        "category",
        worded("statement__state", PlanState.choices),
        *(name for name, _label in _MONEY),
        "pk",
    )
    expressions = [F(one) if isinstance(one, str) else one for one in values]
    lines = QueryRows(rows.select_related(None).values_list(*expressions))
    reading = [gettext("Only tagged lines under an approved statement count as gender budget.")]
    notes = notes_of_list(found, now)
    return Table("baris-anggaran", gettext("Budget lines"), columns, lines, notes, reading=reading)
