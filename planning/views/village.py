"""A village's one-page GAP and GBS: the list, a new page, the page itself and what became of it."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import Refused, Stale
from core.formats import rupiah
from programs.forms.register import activity_codes
from programs.models import FundSource, Program
from programs.views.shared import (
    chosen_village,
    forbid,
    form_page,
    page_of,
    pick_village,
    require,
    take_refusal,
)
from villages.models import Village

from ..checks import findings
from ..content import Content, content_of, differences
from ..forms.village import (
    VillagePageForm,
    VillageStartForm,
    advice_of,
    initial_of,
    planning_year,
)
from ..models import (
    APPROVED_STATES,
    FactorKind,
    GenderAnalysis,
    PlanState,
)
from ..realised import realised
from ..services.moves import holds, may
from ..services.outcomes import approved_content, approved_version
from ..services.village import (
    earlier_figures,
    figures_of,
    open_remarks,
    save_village_page,
    start_village_analysis,
    steps_of,
    submit_village,
)
from ..village_page import VillagePage, among, content_with, fewer
from ..village_page import page_of as said_on
from ..wording import words_of
from .village_statement import (
    statement_of,
    village_page_or_404,
    village_pages,
    writers_villages,
)

MOST_OWN = 12


# -- The list --------------------------------------------------------------------


@require_safe
def village_list(request):
    """The pages of her villages, of one year; every year that has some is offered."""
    require("view" in request.user.capabilities)
    rows = village_pages(request)
    years = sorted({planning_year(), *rows.values_list("year", flat=True)}, reverse=True)
    asked = request.GET.get("tahun", "")
    known = asked.isdecimal() and int(asked) in years
    year = int(asked) if known else _first_year(request, rows)
    found = rows.filter(year=year).order_by(
        "program__owner_village__district__name", "program__owner_village__name", "title", "pk"
    )
    writes = writers_villages(request)
    context = {
        "page": page_of(request, found),
        "year": year,
        "years": years,
        "may_write": writes.exists(),
        "several": writes.count() != 1,
    }
    return render(request, "planning/village_list.html", context)


def _first_year(request: HttpRequest, rows: QuerySet[GenderAnalysis]) -> int:
    """The newest year in which something waits for her; else the newest that has a page."""
    hers = Q(program__owner_village__in=writers_villages(request))
    unwritten = Q(state__in=(PlanState.DRAFT, PlanState.RETURNED))
    unsigned = Q(statements__state=PlanState.APPROVED)
    reviews = GenderAnalysis.objects.permitting(request.user, "approve_plans")
    unread = Q(state=PlanState.SUBMITTED, pk__in=reviews.values("pk"))
    waiting = rows.filter((hers & (unwritten | unsigned)) | unread)
    newest = waiting.aggregate(year=Max("year"))["year"]
    return newest or rows.aggregate(year=Max("year"))["year"] or planning_year()


# -- A new page ------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def village_new(request):
    """Choose the activity of the village budget; its page opens with what is known already."""
    villages = writers_villages(request)
    village = chosen_village(request, villages)
    if village is None:
        return pick_village(request, villages)
    form = _start_form(request)
    if form.is_valid() and (answer := _started(request, form, village)):
        return answer
    alike = form.alike
    if alike and len(form.errors) == 1:  # a word, as the hint asks for: it is no mistake
        form = VillageStartForm(initial=request.POST.dict())
    context = {"village": village, "codes": activity_codes(), "own": _own(village, form)}
    context["alike"] = alike
    return form_page(request, "planning/village_new.html", form, **context)


def _start_form(request: HttpRequest) -> VillageStartForm:
    """As sent; an activity that was picked from a list stands in place of what was typed."""
    if "pick" in request.POST:
        return VillageStartForm(request.POST.dict() | {"code": request.POST["pick"]})
    return VillageStartForm(request.POST or None)


def _own(village: Village, form: VillageStartForm) -> list[Program]:
    """What the village has planned already, the newest first: most pages begin from one of them."""
    rows = village.own_programs.exclude(activity_code=None).select_related("activity_code")
    seen: dict[int, Program] = {}
    for one in rows.order_by("-year_to", "title", "pk")[: 3 * MOST_OWN]:
        seen.setdefault(one.activity_code_id, one)
    return list(seen.values())[:MOST_OWN]


def _started(request, form: VillageStartForm, village: Village) -> HttpResponse | None:
    """To the page that is begun, or that was begun before; None: the form says why not."""
    told = form.cleaned_data
    try:
        made = start_village_analysis(
            village, told["code"], actor=request.user, year=told["year"], uid=told["uid"]
        )
    except Refused as refusal:
        there = village_pages(request).filter(
            program__owner_village=village, program__activity_code=told["code"], year=told["year"]
        )
        if refusal.code == "already_there" and (before := there.first()):
            messages.info(request, refusal.problems[0].detail)
            return redirect("planning:village", before.pk)
        forbid(refusal)
        form.refuse(refusal)
        return None
    return redirect("planning:village-edit", made.pk)


# -- Writing ---------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def village_edit(request, uid):
    """The whole page at once: save it for later, or save and send it."""
    analysis = village_page_or_404(request, uid)
    require(holds(request.user, "manage_plans", analysis))
    if not analysis.is_open:
        messages.info(request, _("This page is not open for writing now."))
        return redirect("planning:village", analysis.pk)
    village, figures = analysis.program.owner, figures_of(analysis)
    content = content_of(analysis)
    form = VillagePageForm(
        request.POST or None,
        village=village,
        initial=_initial(analysis, content, figures),
    )
    context = {"analysis": analysis, "village": village, "figures": _told(figures)}
    if form.is_valid():
        if answer := _saved(request, form, analysis, context):
            return answer
    elif "send" in request.POST:
        form.lack_answers()
    context["remarks"] = open_remarks(analysis)
    return form_page(request, "planning/village_edit.html", form, **context)


def _initial(analysis: GenderAnalysis, content: Content, figures) -> dict:
    """What was said; on a page that has no numbers yet, those of the year before."""
    page = said_on(content)
    values = initial_of(page, analysis.version, analysis.year)
    earlier = None if content.data_rows or figures else earlier_figures(analysis)
    if earlier is None:
        return values
    program, told = earlier
    about, one = next(iter(told.items()))
    words = _("PUG portal, verified records: %(program)s %(year)s")
    source = words % {"program": program.title, "year": one.year}
    values |= {"about": about, "women": one.women, "men": one.men}
    values |= {"sex": fewer(one.women, one.men)}
    return values | {"data_year": one.year, "source": source[:200]}


def _told(figures) -> list[dict]:
    """The portal's own numbers of this activity, as the page shows them."""
    return [
        {"who": among(about), "women": one.women, "men": one.men, "year": one.year}
        for about, one in figures.items()
    ]


def _saved(request, form: VillagePageForm, analysis, context: dict) -> HttpResponse | None:
    """Onwards, once the page is saved (and sent, when that was pressed); None: it says why not."""
    version, page = form.cleaned_data["version"], form.page()
    try:
        save_village_page(analysis, page, actor=request.user, version=version)
    except Refused as refusal:
        if isinstance(refusal, Stale):
            context["theirs"] = _theirs(analysis, page)
        take_refusal(form, refusal, analysis)
        return None
    if "send" not in request.POST:
        messages.success(request, _("The page is saved."))
        return redirect("planning:village", analysis.pk)
    try:
        submit_village(analysis, actor=request.user, version=analysis.version)
    except Refused as refusal:
        forbid(refusal)
        form.lack(refusal)
        form.renew(analysis.version)
        context["kept"] = True
        return None
    messages.success(request, _("The page is sent. The district office or DP2KBP3A reads it."))
    return redirect("planning:village", analysis.pk)


def _theirs(analysis: GenderAnalysis, page: VillagePage) -> list:
    """What the other person wrote differently, in words."""
    now = content_of(analysis)
    mine = content_with(now, page, figures_of(analysis), analysis.program.owner.title)
    return words_of(differences(mine, now), mine, now, analysis.template)


# -- What became of it -----------------------------------------------------------


@require_safe
def village_page(request, uid):
    """State, remarks, what the page says, the GBS Desa, and what the records have moved."""
    analysis = village_page_or_404(request, uid)
    content, user = content_of(analysis), request.user
    writes = holds(user, "manage_plans", analysis)
    approved = approved_version(analysis)
    context = {
        "analysis": analysis,
        "village": analysis.program.owner,
        **_shown(said_on(content)),
        "may_write": writes and analysis.is_open,
        "may_review": may(user, "approve", analysis),
        "may_revise": writes and analysis.state in APPROVED_STATES,
        "remarks": open_remarks(analysis) if analysis.state == PlanState.RETURNED else (),
        "advice": advice_of(findings(content)) if writes and analysis.is_open else (),
        "results": realised(analysis, approved_content(approved)) if approved else (),
        "steps": steps_of(analysis),
        **statement_of(request, analysis, approved),
    }
    return render(request, "planning/village_page.html", context)


def _shown(page: VillagePage) -> dict:
    """The answers as they are read."""
    everyone = (page.women or 0) + (page.men or 0)
    return {
        "said": page,
        "who": among(page.about),
        "share": (page.women, everyone) if page.women is not None and everyone else None,
        "gaps": [(FactorKind(kind).label, text) for kind, text in page.gaps.items()],
        "cost": rupiah(page.cost) if page.cost is not None else "",
        "fund": dict(FundSource.choices).get(page.fund_source, ""),
    }


urlpatterns = [
    path("desa/", village_list, name="village-list"),
    path("desa/baru/", village_new, name="village-new"),
    path("desa/<uuid:uid>/", village_page, name="village"),
    path("desa/<uuid:uid>/ubah/", village_edit, name="village-edit"),
]
