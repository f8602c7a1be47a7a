"""Documents of agreements: brought along, given out, taken out of sight."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import Refused
from programs import files
from programs.views.shared import forbid, form_page, kept_file, require

from ..forms.decision import FileForm
from ..models import AgreementFile
from ..rights import keeps
from ..services.files import add_file, files_for, remove_file
from .agreements import kept_or_404

#: What the form weighs beside its file, in bytes.
WRAPPING = 20_000
_FORM = "mou/agreement_file.html"


@csrf_exempt  # so that a body beyond measure is answered before anything reads it
@require_http_methods(["GET", "HEAD", "POST"])
def file_new(request, uid):
    if int(request.META.get("CONTENT_LENGTH") or 0) > files.MOST_BYTES + WRAPPING:
        agreement = kept_or_404(request, uid)
        context = {"form": FileForm({}, {}).too_large(), "agreement": agreement}
        return render(request, _FORM, context, status=413)
    return _file_new(request, uid)


@csrf_protect
def _file_new(request, uid):
    agreement = kept_or_404(request, uid)
    sent = request.method == "POST"
    form = FileForm(
        request.POST if sent else None,
        request.FILES if sent else None,
        instance=AgreementFile(agreement=agreement),
        initial={"kind": "" if agreement.confirmed_at else "agreement"},
    )
    if form.is_valid():
        name = form.cleaned_data["file"].name
        try:
            add_file(form.made(), form.content(), actor=request.user, file_name=name)
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
        else:
            messages.success(request, _("The document is kept."))
            return redirect("mou:agreement", agreement.pk)
    return form_page(request, _FORM, form, agreement=agreement)


@require_safe
def file_out(request, uid):
    file = _file_or_404(request, uid)
    return kept_file(file.sha256, file.file_name, files.PDF)


@require_http_methods(["GET", "HEAD", "POST"])
def file_remove(request, uid):
    file = _file_or_404(request, uid)
    require(keeps(request.user, file.agreement.regency))
    if request.method != "POST":
        return render(request, "mou/agreement_file_remove.html", {"file": file})
    try:
        remove_file(file, actor=request.user)
    except Refused as refusal:
        forbid(refusal)
        messages.error(request, refusal.problems[0].detail)
    else:
        messages.success(request, _("The document is out of sight. Its file is kept."))
    return redirect("mou:agreement", file.agreement_id)


def _file_or_404(request, uid) -> AgreementFile:
    rows = files_for(request.user).select_related("agreement__regency")
    return get_object_or_404(rows, pk=uid)


urlpatterns = [
    path("<uuid:uid>/berkas/baru/", file_new, name="file-new"),
    path("berkas/<uuid:uid>/", file_out, name="file"),
    path("berkas/<uuid:uid>/hapus/", file_remove, name="file-remove"),
]
