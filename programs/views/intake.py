"""Pages of lists that come in as sheets: template, sending, what it would do, taking over."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.downloads import XLSX_TYPE, as_attachment
from core.errors import Refused
from core.forms import WordedForm
from core.models import KeptSheet
from core.sheets import MOST_BYTES

from .. import intake as sheets
from ..forms.shared import Refusable
from ..intake import Intake
from .shared import forbid, form_page, require

#: What the form weighs beside its file, in bytes.
WRAPPING = 20_000


class SheetForm(Refusable, WordedForm, forms.Form):
    """One list as a sheet."""

    file = forms.FileField(
        label=gettext_lazy("File of the list"),
        help_text=gettext_lazy("XLSX or CSV, at most 5 MB and 2,000 rows."),
        allow_empty_file=True,  # the service says that there is nothing in it
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
    )

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.fields["file"].error_messages["required"] = _("Choose a sheet.")


@csrf_exempt  # so that a body beyond measure is answered before anything reads it
@require_http_methods(["GET", "HEAD", "POST"])
def intake_new(request, key):
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES + WRAPPING:
        form = SheetForm({}, {})
        form.errors.clear()
        form.add_error("file", _("The file is larger than 5 MB. Split it into smaller ones."))
        context = {"form": form, **_about(request, _intake_or_404(request, key))}
        return render(request, "programs/intake_new.html", context, status=413)
    return _intake_new(request, key)


@csrf_protect
def _intake_new(request, key):
    intake = _intake_or_404(request, key)
    sent = request.method == "POST"
    form = SheetForm(request.POST if sent else None, request.FILES if sent else None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            sheet = sheets.take_in(intake, file.read(), file.name, actor=request.user)
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
        else:
            return redirect("programs:intake-sheet", key, sheet.pk)
    return form_page(request, "programs/intake_new.html", form, **_about(request, intake))


def _about(request, intake: Intake) -> dict:
    columns = [
        {"label": one.label, "needed": one.required, "help": one.help_text}
        for one in intake.columns(request.user).values()
    ]
    return {"intake": intake, "columns": columns}


@require_safe
def intake_template(request, key):
    intake = _intake_or_404(request, key)
    answer = HttpResponse(sheets.template(intake, request.user), content_type=XLSX_TYPE)
    return as_attachment(answer, f"templat-{key}.xlsx")


@require_safe
def intake_sheet(request, key, uid):
    """What taking it over would do; or how many rows were taken over."""
    intake = _intake_or_404(request, key)
    sheet = _sheet_or_404(request, key, uid)
    context = {"intake": intake, "sheet": sheet}
    if sheet.taken_at is None:
        context["trial"] = sheets.tried(intake, sheet, actor=request.user)
    return render(request, "programs/intake_sheet.html", context)


@require_POST
def intake_take(request, key, uid):
    intake = _intake_or_404(request, key)
    sheet = _sheet_or_404(request, key, uid)
    try:
        done = sheets.take_over(intake, sheet, actor=request.user)
    except Refused as refusal:
        forbid(refusal)
        messages.error(request, refusal.problems[0].detail)
    else:
        messages.success(request, _("%(count)s rows are taken over.") % {"count": done.rows})
    return redirect("programs:intake-sheet", key, sheet.pk)


def _intake_or_404(request, key: str) -> Intake:
    intake = sheets.intakes().get(key)
    if intake is None:
        raise Http404
    require(intake.may(request.user))
    return intake


def _sheet_or_404(request, key: str, uid) -> KeptSheet:
    return get_object_or_404(sheets.sheets_of(request.user, key), pk=uid)
