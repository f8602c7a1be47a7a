"""Pages of documents: the list, one brought along, its file, taking it out of sight."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import Refused
from core.scanning import scanned
from programs import files
from programs.views.shared import forbid, form_page, kept_file, page_of, require

from ..binder import STANDINGS, in_force
from ..forms.document import DocumentFilter, DocumentForm, owners_of
from ..models import Document, Evidence
from ..services.documents import add_document, holds, remove_document

#: What the form weighs beside its file, in bytes.
WRAPPING = 20_000


@require_safe
def document_list(request):
    require(_has_binder(request.user))
    rows = _documents(request).select_related("opd", "regency")
    found = DocumentFilter(request.GET, queryset=rows, request=request)
    problem = not found.form.is_valid()
    page = page_of(request, found.qs.none() if problem else found.qs)
    today = timezone.localdate()
    for one in page.object_list:
        one.standing = _standing(one, today)
    context = {
        "filter": found,
        "form": found.form,
        "page": page,
        "may_add": "manage_plans" in request.user.capabilities,
    }
    return render(request, "planning/document_list.html", context, status=422 if problem else 200)


@csrf_exempt  # so that a body beyond measure is answered before anything reads it
@require_http_methods(["GET", "HEAD", "POST"])
def document_new(request):
    if int(request.META.get("CONTENT_LENGTH") or 0) > files.MOST_BYTES + WRAPPING:
        require(bool(owners_of(request.user)))
        form = DocumentForm({}, {}, user=request.user).too_large()
        return render(request, "planning/document_new.html", {"form": form}, status=413)
    return _document_new(request)


@csrf_protect
def _document_new(request):
    require(bool(owners_of(request.user)))
    sent = request.method == "POST"
    form = DocumentForm(
        request.POST if sent else None, request.FILES if sent else None, user=request.user
    )
    if form.is_valid():
        name = form.cleaned_data["file"].name
        try:
            made = add_document(form.document(), form.content(), actor=request.user, file_name=name)
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
        else:
            messages.success(request, _("The document is kept."))
            if twin := _twin(request, made):
                words = _("The same file is there already: %(title)s.")
                messages.info(request, words % {"title": twin.title})
            return redirect("planning:document", made.pk)
    return form_page(request, "planning/document_new.html", form)


@require_safe
def document_detail(request, uid):
    document = _document_or_404(request, uid)
    evidence = Evidence.objects.visible_to(request.user).filter(document=document, removed_at=None)
    context = {
        "document": document,
        "standing": _standing(document, timezone.localdate()),
        "evidence": evidence,
        "may_manage": holds(request.user, "manage_plans", document),
    }
    return render(request, "planning/document_detail.html", context)


@require_safe
def document_file(request, uid):
    """The file as it is kept, to be saved and never shown: it runs nowhere in the portal."""
    document = _document_or_404(request, uid)
    return kept_file(document.sha256, document.file_name, document.media_type)


@require_http_methods(["GET", "HEAD", "POST"])
def document_remove(request, uid):
    document = _document_or_404(request, uid)
    require(holds(request.user, "manage_plans", document))
    if request.method != "POST":
        used = document.evidence.filter(removed_at=None)
        context = {"document": document, "used": used}
        return render(request, "planning/document_remove.html", context)
    try:
        remove_document(document, actor=request.user)
    except Refused as refusal:
        forbid(refusal)
        messages.error(request, refusal.problems[0].detail)
        return redirect("planning:document", document.pk)
    messages.success(request, _("The document is out of sight. Its file is kept."))
    return redirect("planning:document-list")


def _twin(request, made: Document) -> Document | None:
    """Another document with the same file, among those she sees: the oldest."""
    others = _documents(request).filter(sha256=made.sha256).exclude(pk=made.pk)
    return others.order_by("uploaded_at", "pk").first()


def _documents(request):
    rows = Document.objects.visible_to(request.user).filter(removed_at=None)
    return rows.annotate(is_scanned=scanned())


def _document_or_404(request, uid) -> Document:
    rows = _documents(request).select_related("opd", "regency", "program", "uploaded_by")
    return get_object_or_404(rows, pk=uid)


def _has_binder(user) -> bool:
    return user.regencies_with("view").exists()


def _standing(document: Document, today):
    """Its word and label when it ends soon or has ended."""
    word = in_force(document, today)
    return {"word": word, "label": STANDINGS[word]} if word else None


urlpatterns = [
    path("dokumen/", document_list, name="document-list"),
    path("dokumen/baru/", document_new, name="document-new"),
    path("dokumen/<uuid:uid>/", document_detail, name="document"),
    path("dokumen/<uuid:uid>/berkas/", document_file, name="document-file"),
    path("dokumen/<uuid:uid>/hapus/", document_remove, name="document-remove"),
]
