"""The page of one step of a gender analysis: written, kept, or laid out for readers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from core.errors import Refused, Stale
from core.identifiers import uuid7
from programs.views.shared import forbid, require, version_of

from .. import writing
from ..checks import Finding, findings
from ..content import LINKS, BaselineSaid, Content, DataSaid, Row, content_of
from ..figures import Figure, now_of
from ..forms.analysis import PortalAsk
from ..forms.rows import RowForm
from ..forms.step import StepForm, with_row, without_row
from ..guidance import ASPECTS, guides, shows_aspects
from ..models import CauseScope, GenderAnalysis, Remark, Template
from ..reading import Moved, RowRead, changes, read
from ..services.analyses import refresh_figures, save_content, settle_remark
from ..services.moves import holds
from ..steps import STEPS, StepOf, step_of
from ..wording import cell_text, figures_of
from .reviews import analysis_or_404


@dataclass(frozen=True)
class RowShown:
    """A row to write in, and what stands beside it. `portal`: the row as it is stored, when its
    figures are the portal's; `change`: by how much they have moved since."""

    form: Any
    findings: list[Finding]
    remarks: list[Remark]
    figures: str = ""
    moved: Moved | None = None
    change: str = ""
    portal: DataSaid | None = None

    @property
    def pair(self) -> tuple[int, int] | None:
        row = self.portal
        return (row.women, row.women + row.men) if row and row.by_sex else None

    @property
    def origin(self) -> list[tuple[str, str]]:
        return _origin(self.portal)


@require_http_methods(["GET", "HEAD", "POST"])
def gap_step(request, uid, key):
    analysis = analysis_or_404(request, uid)
    step = _step_or_404(analysis, key)
    writes = holds(request.user, "manage_plans", analysis)
    if request.method == "POST":
        require(writes)
        return _pressed(request, analysis, step)
    form = None
    if writes and analysis.is_open:
        form = StepForm(step, content_of(analysis), analysis.version)
    return _page(request, analysis, step, form)


def _step_or_404(analysis: GenderAnalysis, key: str) -> StepOf:
    if analysis.template != Template.VILLAGE:
        for step in STEPS[analysis.template]:
            if step.key == key:
                return step
    raise Http404


# -- What was pressed --------------------------------------------------------------


def _pressed(request: HttpRequest, analysis: GenderAnalysis, step: StepOf) -> HttpResponse:
    """One of the page's buttons: rows come and go unjudged, everything else is kept first."""
    word, _colon, what = request.POST.get("do", "save").partition(":")
    stored = content_of(analysis)
    if word in ("add", "remove", "suggest", "settle"):
        data = _rearranged(request, analysis, step, word, what)
        form = StepForm(step, stored, version_of(request), data, judged=False)
        return _page(request, analysis, step, form)
    form = StepForm(step, stored, version_of(request), request.POST)
    ask = PortalAsk(request.POST) if word == "portal" else None
    if not form.is_valid() or (ask and not ask.is_valid()):
        return _page(request, analysis, step, form, ask=ask, status=422)
    content = form.content()
    if ask:
        content = replace(content, data_rows=(*content.data_rows, _portal_row(ask)))
    try:
        save_content(analysis, content, actor=request.user, version=form.version)
        if word == "refresh":
            refresh_figures(analysis, actor=request.user, version=analysis.version)
    except Stale:
        return _overtaken(request, analysis, step)
    except Refused as refusal:
        forbid(refusal)
        form.refuse(refusal)
        return _page(request, analysis, step, form, status=422)
    _say(request, analysis, stored, word)
    return redirect(_after(analysis, step, word))


def _rearranged(
    request: HttpRequest, analysis: GenderAnalysis, step: StepOf, word: str, what: str
) -> QueryDict:
    """What was typed, with a row more or less."""
    where, _colon, key = what.partition(":")
    lists = {part.rows for part in step.parts if part.rows}
    if word == "add" and where in lists:
        return with_row(request.POST, where)
    if word == "remove" and where in lists:
        messages.info(request, _("The row is off the screen; it is gone once you save."))
        return without_row(request.POST, where, key)
    if word == "suggest":
        for one in _suggested(analysis, step):
            if one.reason == what:
                return with_row(request.POST, "causes", text=one.text, scope=one.scope)
    if word == "settle" and (said := writing.open_remark(analysis, what)):
        settle_remark(said, analysis, actor=request.user)
        messages.success(request, _("The remark is marked as dealt with."))
    return request.POST


def _portal_row(ask: PortalAsk) -> DataSaid:
    said = ask.cleaned_data
    period = {"year": said["year"], "semester": said["semester"]}
    return DataSaid(uuid7(), measure=said["measure"], portal=period)


def _overtaken(request: HttpRequest, analysis: GenderAnalysis, step: StepOf) -> HttpResponse:
    """Somebody was faster: what she typed beside what is stored now; sent again, hers stays."""
    analysis = analysis_or_404(request, analysis.pk)
    stored = content_of(analysis)
    form = StepForm(step, stored, analysis.version, request.POST)
    found = changes(stored, form.content()) if form.is_valid() else []
    last = writing.last_change(analysis)
    own = last is not None and last.actor_id == request.user.pk
    stale = {"differences": found, "last": last, "own": own}
    return _page(request, analysis, step, form, stale=stale, status=409)


def _say(request: HttpRequest, analysis: GenderAnalysis, before: Content, word: str) -> None:
    done = {
        "refresh": _("Saved. The figures of the portal are those of today."),
        "portal": _("Saved. The figure of the portal is added."),
    }
    messages.success(request, done.get(word, _("Saved.")))
    if lost := _unlinked(before, content_of(analysis)):
        words = ngettext(
            "%(number)s row pointed to what you took away. Choose anew what it points to.",
            "%(number)s rows pointed to what you took away. Choose anew what they point to.",
            len(lost),
        )
        said = words % {"number": len(lost)}
        messages.warning(request, format_html("{} {}", said, _links(analysis, lost)))


def _links(analysis: GenderAnalysis, steps: list[StepOf]) -> str:
    """The way to each of these steps, once, in their order."""
    words = _("Step %(number)s: %(title)s")
    named = [
        (
            reverse("planning:gap-step", args=[analysis.pk, one.key]),
            words % {"number": one.number, "title": one.title},
        )
        for one in STEPS[analysis.template]
        if one in steps
    ]
    return format_html_join(" · ", '<a href="{}">{}</a>', named)


def _unlinked(before: Content, after: Content) -> list[StepOf]:
    """Of each row that is still there and lost what it pointed to, the step that holds it."""
    gone = {one.key for _name, one in before.rows()} - {one.key for _name, one in after.rows()}
    return [
        step_of(after.template, name, getattr(one, "scope", ""))
        for name, one in before.rows()
        if one.key not in gone and _points_to(one, gone)
    ]


def _points_to(row: Row, gone: set[UUID]) -> bool:
    return any(getattr(row, name, None) in gone for name in LINKS) or bool(
        gone & set(getattr(row, "causes", ()))
    )


def _after(analysis: GenderAnalysis, step: StepOf, word: str) -> str:
    steps = STEPS[analysis.template]
    if word == "next" and step is steps[-1]:
        return reverse("planning:gap", args=[analysis.pk])
    target = steps[step.number] if word == "next" else step
    return reverse("planning:gap-step", args=[analysis.pk, target.key])


# -- The page ----------------------------------------------------------------------


def _page(
    request: HttpRequest,
    analysis: GenderAnalysis,
    step: StepOf,
    form: StepForm | None,
    *,
    ask: PortalAsk | None = None,
    stale: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    content = content_of(analysis)
    found = findings(content)
    remarks = writing.open_remarks(analysis, content)
    now = now_of(content, analysis.program) if _holds_data(step) else {}
    laid = next(one for one in read(content, now, remarks) if one.step.key == step.key)
    steps = STEPS[analysis.template]
    here = [one for one in found if one.step == step.key]
    context = {
        "analysis": analysis,
        "step": step,
        "steps_count": len(steps),
        "lines": writing.lines(content, found, remarks),
        "previous": steps[step.number - 2] if step.number > 1 else None,
        "following": steps[step.number] if step.number < len(steps) else None,
        "guides": guides(analysis.template, step.key),
        "aspects": ASPECTS if shows_aspects(analysis.template, step.key) else (),
        "form": form,
        "read": laid,
        "rows_read": [(one, _origin(content.row(one.key))) for one in laid.rows],
        "remarks": [*laid.remarks, *writing.loose(remarks, step, content)],
        "missing": [one for one in here if one.row is None],
        "stale": stale,
    }
    if form:
        beside = Beside(content, here, {one.key: one for one in laid.rows}, now)
        context["lists"] = [(one, [beside.shown(each) for each in one.forms]) for one in form.lists]
        context["suggestions"] = _suggested(analysis, step)
        context["ask"] = ask or PortalAsk(initial={"year": analysis.year, "semester": 0})
        context["has_portal"] = bool(now)
    return render(request, "planning/gap_step.html", context, status=status)


def _origin(row: Any) -> list[tuple[str, str]]:
    """Where the portal's figures in a row came from; nothing for any other row."""
    from_portal = isinstance(row, DataSaid) and row.measure
    return writing.origin(row) if from_portal else []


def _holds_data(step: StepOf) -> bool:
    return any(part.rows == "data_rows" for part in step.parts)


@dataclass(frozen=True)
class Beside:
    """What is stored of a step, to be shown beside the rows that are written."""

    content: Content
    found: list[Finding]
    laid: Mapping[UUID, RowRead]
    now: Mapping[UUID, Figure]

    def shown(self, form: RowForm) -> RowShown:
        stored = self.content.row(form.key)
        laid = self.laid.get(form.key)
        portal = stored if isinstance(stored, DataSaid) and stored.measure else None
        return RowShown(
            form,
            [one for one in self.found if one.row == form.key],
            list(laid.remarks) if laid else [],
            self._figures(stored),
            laid.moved if laid else None,
            writing.change(portal, self.now[form.key]) if portal else "",
            portal,
        )

    def _figures(self, stored: Any) -> str:
        """The figure a row stands on: of a portal row its own, of a baseline its data row's."""
        if isinstance(stored, DataSaid):
            return figures_of(stored)
        key = stored.key if isinstance(stored, BaselineSaid) else getattr(stored, "baseline", None)
        value = self.content.baseline_value(key, getattr(stored, "sex", ""))
        text = cell_text("indicators", "target", value, self.content)
        share = key and self.content.row(key) and self.content.row(key).of == "women_share"
        return f"{text} %" if text and share else text


def _suggested(analysis: GenderAnalysis, step: StepOf) -> list[writing.Suggestion]:
    """What the villages named, for a step that holds causes."""
    scopes = [
        scope
        for part in step.parts
        if part.rows == "causes"
        for scope in ([part.only[1]] if part.only else CauseScope.values)
    ]
    return writing.suggestions(analysis.program, timezone.localdate(), scopes) if scopes else []


urlpatterns = [path("gap/<uuid:uid>/langkah/<str:key>/", gap_step, name="gap-step")]
