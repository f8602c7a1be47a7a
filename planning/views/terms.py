"""Pages of terms of reference (KAK): made, read, filled in, moved on."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import Refused
from programs.views.shared import forbid, form_page, require, take_refusal

from ..content import unpacked
from ..forms.terms import TermsForm
from ..models import TermsOfReference
from ..passage import history_of, last_return, remarks_of
from ..services.moves import holds
from ..services.terms import (
    approve_terms,
    change_terms,
    make_terms,
    return_terms,
    sign_terms,
    submit_terms,
    what_is_missing,
)
from .moving import FORMATS, Moving, is_own, move_page, moves_for
from .statements import not_open, overtaken, statement_or_404

#: Parts of the paper that can be remarked on.
PARTS = (
    ("activity", gettext_lazy("The activity")),
    ("time", gettext_lazy("Where, when and by whom")),
    ("stages", gettext_lazy("Stages")),
    ("money", gettext_lazy("Money")),
    ("signatory", gettext_lazy("Who signs")),
)


def terms_or_404(request: HttpRequest, uid: UUID) -> TermsOfReference:
    rows = TermsOfReference.objects.visible_to(request.user).with_owners()
    return get_object_or_404(rows.select_related("statement__gap_version"), pk=uid)


@require_http_methods(["GET", "HEAD", "POST"])
def kak_new(request, uid):
    """Ask before terms are made of a statement."""
    statement = statement_or_404(request, uid)
    require(holds(request.user, "manage_plans", statement))
    there = TermsOfReference.objects.visible_to(request.user).filter(statement=statement).first()
    if there:
        return redirect("planning:kak", there.pk)
    refused = ""
    if request.method == "POST":
        try:
            made = make_terms(statement, actor=request.user)
        except Refused as refusal:
            forbid(refusal)
            refused = refusal.problems[0].detail
        else:
            messages.success(request, _("The KAK is made. Fill in what is missing."))
            return redirect("planning:kak-edit", made.pk)
    context = {"statement": statement, "refused": refused}
    return render(request, "planning/kak_new.html", context, status=422 if refused else 200)


@require_safe
def kak(request, uid):
    terms = terms_or_404(request, uid)
    history = history_of(terms)
    remarks = remarks_of(terms)
    writes = holds(request.user, "manage_plans", terms)
    context = {
        "terms": terms,
        "statement": terms.statement,
        "content": unpacked(terms.statement.gap_version.content),
        "stages": terms.stages.all(),
        "writes": writes,
        "moves": moves_for(request.user, terms),
        "problems": what_is_missing(terms) if terms.is_open and writes else [],
        "remarks": remarks,
        "returned": last_return(history),
        "history": history,
        "formats": FORMATS,
        "own": is_own(request.user, terms),
    }
    return render(request, "planning/kak.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def kak_edit(request, uid):
    terms = terms_or_404(request, uid)
    require(holds(request.user, "manage_plans", terms))
    if not terms.is_open:
        messages.info(request, not_open(terms))
        return redirect("planning:kak", terms.pk)
    form = TermsForm(request.POST or None, instance=terms)
    if "more" in request.POST:
        form = form.more()
    elif form.is_valid():
        try:
            change_terms(
                form.instance,
                form.said_stages(),
                actor=request.user,
                version=form.cleaned_data["version"],
            )
        except Refused as refusal:
            take_refusal(form, refusal, terms)
        else:
            messages.success(request, _("The KAK is saved."))
            return redirect("planning:kak", terms.pk)
    now = terms_or_404(request, uid)
    context = {
        "terms": now,
        "statement": now.statement,
        "remarks": remarks_of(now),
        "overtaken": overtaken(form, now),
    }
    return form_page(request, "planning/kak_form.html", form, **context)


def _cells(_terms: TermsOfReference) -> list[tuple]:
    return [(f"remark_{step}", str(label), step, None) for step, label in PARTS]


MOVING = Moving(
    kind="KAK",
    acts={
        "submit": submit_terms,
        "return": return_terms,
        "approve": approve_terms,
        "sign": sign_terms,
    },
    cells=_cells,
    page="planning:kak",
)


@require_http_methods(["GET", "HEAD", "POST"])
def kak_move(request, uid, move):
    return move_page(request, terms_or_404(request, uid), move, MOVING)


urlpatterns = [
    path("gbs/<uuid:uid>/kak/", kak_new, name="kak-new"),
    path("kak/<uuid:uid>/", kak, name="kak"),
    path("kak/<uuid:uid>/ubah/", kak_edit, name="kak-edit"),
    path("kak/<uuid:uid>/<plan_move:move>/", kak_move, name="kak-move"),
]
