"""What waits for one person in planning, kind by kind; the same for the page and the reminders."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core import formats

from . import waiting
from .models import (
    BudgetStatement,
    GenderAnalysis,
    Indicator,
    PlanState,
    Template,
    TermsOfReference,
)

#: More of one kind than this are counted, not listed.
MOST = 5


@dataclass(frozen=True)
class Task:
    """One thing to do. `late`: its day has passed."""

    title: str
    owner: str
    note: str
    url: str
    late: bool = False


@dataclass(frozen=True)
class Group:
    """All tasks of one kind: the first of them, and how many more there are."""

    kind: str
    title: Any
    tasks: tuple[Task, ...]
    more: int

    @property
    def count(self) -> int:
        return len(self.tasks) + self.more


@dataclass(frozen=True)
class Kind:
    """One kind of task: what it is called, who may have it, its rows and how one is said.

    `needs`: one of these capabilities; without any of them nothing is asked of the database.
    """

    key: str
    title: Any
    needs: frozenset[str]
    rows: Callable[[Any, date], QuerySet]
    task: Callable[[Any, date], Task]


def groups_of(user, today: date, only: Collection[str] | None = None) -> list[Group]:
    """What waits for her, in the order of the list; at most two statements for each kind."""
    asked = [one for one in KINDS if only is None or one.key in only]
    found = [_group(one, user, today) for one in asked if one.needs & user.capabilities]
    return [one for one in found if one is not None]


def _group(kind: Kind, user, today: date) -> Group | None:
    rows = kind.rows(user, today)
    first = list(rows[: MOST + 1])
    if not first:
        return None
    more = rows.count() - MOST if len(first) > MOST else 0
    tasks = tuple(kind.task(one, today) for one in first[:MOST])
    return Group(kind.key, kind.title, tasks, more)


# -- How one is said -----------------------------------------------------------


def page_of(analysis: GenderAnalysis) -> str:
    """The address of the page of an analysis."""
    village = analysis.template == Template.VILLAGE
    return reverse("planning:village" if village else "planning:gap", args=[analysis.pk])


def _analysis(analysis: GenderAnalysis, today: date) -> Task:
    said = getattr(analysis, "remarks", None)
    note = _remarks(said) if said else _since(analysis, today)
    return Task(str(analysis), analysis.owner_title, note, page_of(analysis))


def _remarks(number: int) -> str:
    words = ngettext("%(number)s remark to answer", "%(number)s remarks to answer", number)
    return words % {"number": formats.count(number)}


def _since(document, today: date) -> str:
    return _("since %(day)s") % {"day": formats.day_long(timezone.localdate(document.updated_at))}


def _analysis_at(name: str) -> Callable[[Any, date], Task]:
    def task(analysis: GenderAnalysis, today: date) -> Task:
        url = reverse(name, args=[analysis.pk])
        return Task(str(analysis), analysis.owner_title, _since(analysis, today), url)

    return task


def _statement(one: BudgetStatement, today: date) -> Task:
    said = getattr(one, "remarks", None)
    note = _remarks(said) if said else _since(one, today)
    village = one.analysis.template == Template.VILLAGE
    url = page_of(one.analysis) if village else reverse("planning:gbs", args=[one.pk])
    return Task(str(one.analysis), one.analysis.owner_title, note, url)


def _terms(one: TermsOfReference, today: date) -> Task:
    said = getattr(one, "remarks", None)
    note = _remarks(said) if said else _since(one, today)
    analysis = one.statement.analysis
    return Task(str(analysis), analysis.owner_title, note, reverse("planning:kak", args=[one.pk]))


def _result(one: Indicator, today: date) -> Task:
    late = one.due is not None and one.due < today
    words = _("was to be reached by %(day)s") if late else _("to be reached by %(day)s")
    url = reverse("planning:gap-results", args=[one.analysis_id])
    note = words % {"day": formats.day_long(one.due)}
    return Task(str(one), one.analysis.owner_title, note, url, late)


_WRITERS = frozenset({"manage_plans", "plan_village"})
_DECIDERS = frozenset({"approve_plans"})
_SIGNERS = frozenset({"sign_plans", "sign_village"})

KINDS: tuple[Kind, ...] = (
    Kind(
        "gap_fix",
        gettext_lazy("GAP that came back with remarks"),
        _WRITERS,
        waiting.in_state(GenderAnalysis, PlanState.RETURNED),
        _analysis,
    ),
    Kind(
        "gap_finish",
        gettext_lazy("GAP drafts to finish"),
        _WRITERS,
        waiting.in_state(GenderAnalysis, PlanState.DRAFT),
        _analysis,
    ),
    Kind(
        "gap_review",
        gettext_lazy("GAP to review"),
        _DECIDERS,
        waiting.deciding(GenderAnalysis),
        _analysis_at("planning:gap-review"),
    ),
    Kind(
        "gap_check",
        gettext_lazy("GAP to compare with Renja and RKPD"),
        frozenset({"check_plans"}),
        waiting.to_check,
        _analysis_at("planning:gap-review"),
    ),
    Kind(
        "gbs_make",
        gettext_lazy("Approved GAP without a GBS"),
        _WRITERS,
        waiting.to_make,
        _analysis,
    ),
    Kind(
        "gbs_fix",
        gettext_lazy("GBS that came back"),
        _WRITERS,
        waiting.in_state(BudgetStatement, PlanState.RETURNED),
        _statement,
    ),
    Kind(
        "gbs_finish",
        gettext_lazy("GBS drafts to finish and submit"),
        _WRITERS,
        waiting.in_state(BudgetStatement, PlanState.DRAFT),
        _statement,
    ),
    Kind(
        "gbs_review",
        gettext_lazy("GBS to approve"),
        _DECIDERS,
        waiting.deciding(BudgetStatement),
        _statement,
    ),
    Kind(
        "gbs_sign",
        gettext_lazy("GBS to sign"),
        _SIGNERS,
        waiting.signing(BudgetStatement),
        _statement,
    ),
    Kind(
        "kak_fix",
        gettext_lazy("KAK that came back"),
        _WRITERS,
        waiting.in_state(TermsOfReference, PlanState.RETURNED),
        _terms,
    ),
    Kind(
        "kak_finish",
        gettext_lazy("KAK drafts to finish and submit"),
        _WRITERS,
        waiting.in_state(TermsOfReference, PlanState.DRAFT),
        _terms,
    ),
    Kind(
        "kak_review",
        gettext_lazy("KAK to approve"),
        _DECIDERS,
        waiting.deciding(TermsOfReference),
        _terms,
    ),
    Kind(
        "kak_sign",
        gettext_lazy("KAK to sign"),
        _SIGNERS,
        waiting.signing(TermsOfReference),
        _terms,
    ),
    Kind(
        "results",
        gettext_lazy("Results to enter"),
        _WRITERS,
        waiting.to_realise,
        _result,
    ),
)
