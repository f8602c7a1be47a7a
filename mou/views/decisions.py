"""Pages on which an agreement is decided on, each with its own confirmation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from core.errors import Refused
from programs.views.shared import form_page, take_refusal

from ..forms.decision import (
    AddendumForm,
    CancelForm,
    ConfirmForm,
    EvaluationForm,
    RenewForm,
    TerminateForm,
)
from ..models import Addendum, Agreement, Evaluation
from ..reading import missing_links
from ..services.agreements import (
    add_addendum,
    add_evaluation,
    cancel_agreement,
    confirm_agreement,
    renew_agreement,
    terminate_agreement,
)
from .agreements import kept_or_404, posted


@dataclass(frozen=True)
class Decision:
    """One thing that is decided: how its form is made, what it does, the words of its page."""

    form: Callable[..., Any]
    act: Callable[..., Agreement]
    title: Any
    about: Any
    button: Any
    done: Any
    danger: bool = False


def _form_of(form, agreement: Agreement, data):
    return form(data, initial={"version": agreement.version})


def _renewal_form(agreement: Agreement, data):
    return RenewForm(data, agreement=agreement)


def _added_form(form, model, agreement: Agreement, data):
    return form(data, instance=model(agreement=agreement))


def _decide(service, agreement: Agreement, form, actor) -> Agreement:
    return service(agreement, actor=actor, **form.cleaned_data)


def _add(service, agreement: Agreement, form, actor) -> Agreement:
    service(form.made(), actor=actor)
    return agreement


DECISIONS = {
    "confirm": Decision(
        form=partial(_form_of, ConfirmForm),
        act=partial(_decide, confirm_agreement),
        title=_("Put this agreement in force?"),
        about=_(
            "From its first day on it covers villages and its duties count. What was agreed then "
            "stands: dates, parties and area change by a renewal."
        ),
        button=_("Put in force"),
        done=_("The agreement is in force on its days."),
    ),
    "cancel": Decision(
        form=partial(_form_of, CancelForm),
        act=partial(_decide, cancel_agreement),
        title=_("Cancel this agreement?"),
        about=_(
            "It counts nowhere any more and stays on record with the reason. An agreement that was "
            "in force and ends early is ended by letter instead."
        ),
        button=_("Cancel the agreement"),
        done=_("The agreement is cancelled. It stays on record."),
        danger=True,
    ),
    "terminate": Decision(
        form=partial(_form_of, TerminateForm),
        act=partial(_decide, terminate_agreement),
        title=_("End this agreement early?"),
        about=_("It covers no village after its last day. What was done under it stays on record."),
        button=_("End it early"),
        done=_("The agreement ends on the day that you entered."),
        danger=True,
    ),
    "renew": Decision(
        form=_renewal_form,
        act=partial(_decide, renew_agreement),
        title=_("Renew this agreement"),
        about=_(
            "A new draft begins with the same parties, area and open duties. The agreement of now "
            "keeps its dates."
        ),
        button=_("Begin the renewal"),
        done=_("The renewal is kept as a draft. Fill in its numbers, then put it in force."),
    ),
    "addendum": Decision(
        form=partial(_added_form, AddendumForm, Addendum),
        act=partial(_add, add_addendum),
        title=_("Add an addendum"),
        about=_("What was changed in words after signing. Dates and area change by a renewal."),
        button=_("Add the addendum"),
        done=_("The addendum is on record."),
    ),
    "evaluation": Decision(
        form=partial(_added_form, EvaluationForm, Evaluation),
        act=partial(_add, add_evaluation),
        title=_("Add an evaluation"),
        about=_("How the agreement went in a period. It cannot be changed later."),
        button=_("Add the evaluation"),
        done=_("The evaluation is on record."),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def decide(request, uid, name):
    agreement = kept_or_404(request, uid)
    decision = DECISIONS[name]
    form = decision.form(agreement, posted(request))
    if form.is_valid():
        try:
            after = decision.act(agreement, form, request.user)
        except Refused as refusal:
            if refusal.code == "already_there":
                messages.info(request, refusal.problems[0].detail)
                return redirect("mou:agreement", agreement.pk)
            take_refusal(form, refusal, agreement)
        else:
            messages.success(request, decision.done)
            return redirect("mou:agreement", after.pk)
    context = {"agreement": agreement, "decision": decision, "name": name}
    if name == "confirm":
        context["missing"] = missing_links(agreement)
        if form.errors and context["missing"]:
            return render(request, _PAGE, context | {"form": form}, status=422)
    return form_page(request, _PAGE, form, **context)


_PAGE = "mou/agreement_decide.html"

urlpatterns = [
    path("<uuid:uid>/berlakukan/", decide, {"name": "confirm"}, name="agreement-confirm"),
    path("<uuid:uid>/batalkan/", decide, {"name": "cancel"}, name="agreement-cancel"),
    path("<uuid:uid>/akhiri/", decide, {"name": "terminate"}, name="agreement-terminate"),
    path("<uuid:uid>/perpanjang/", decide, {"name": "renew"}, name="agreement-renew"),
    path("<uuid:uid>/adendum/", decide, {"name": "addendum"}, name="addendum-new"),
    path("<uuid:uid>/evaluasi/", decide, {"name": "evaluation"}, name="evaluation-new"),
]
