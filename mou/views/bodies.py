"""Pages that write a body: new, changed, replaced by a new decree, ended; its decree as a file."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from core.errors import Refused
from programs import files
from programs.views.shared import forbid, form_page, kept_file, require
from villages.models import District, Opd, Regency

from .. import institutions as standing
from ..forms.institution import BodyForm, DecreeForm, EndForm, Members, more_rows
from ..models import AgreementFile, Body, BodyKind
from ..rights import KEEP
from ..services.files import add_file, remove_file
from ..services.institutions import add_body, change_body, end_body, replace_body
from .institutions import body_or_404, names_people, regency_of

_FORM = "mou/body_form.html"
#: What the form weighs beside its file, in bytes.
WRAPPING = 20_000


@require_http_methods(["GET", "HEAD", "POST"])
def body_new(request):
    """A new body; ?jenis=, ?opd= and ?kecamatan= say which is missing."""
    regency = regency_of(request, request.user.regencies_with(KEEP))
    form = BodyForm(request.POST or None, regency=regency, initial=_asked(request, regency))
    members = _members(request, regency)

    def act() -> Body:
        made = add_body(form.body(), actor=request.user, members=members.people())
        messages.success(request, _("The body is on file."))
        return made

    return _answer(request, form, members, act)


def _asked(request, regency: Regency) -> dict:
    kind = request.GET.get("jenis", "")
    found: dict = {"kind": kind} if kind in BodyKind.values else {}
    key = request.GET.get("opd", "")
    if key.isascii() and key.isdecimal() and len(key) < 10:
        found["opd"] = Opd.reference.filter(regency=regency, pk=int(key)).first()
    if code := request.GET.get("kecamatan", ""):
        found["district"] = District.reference.filter(regency=regency, code=code).first()
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def body_edit(request, uid):
    body = body_or_404(request, uid, keeping=True)
    form = BodyForm(request.POST or None, regency=body.regency, instance=body)
    members = _members(request, body.regency, list(body.members.all()))

    def act() -> Body:
        said = {"members": members.people(), "gone": members.gone()}
        version = form.cleaned_data["version"] or 0
        made = change_body(form.body(), actor=request.user, version=version, **said)
        messages.success(request, _("The change is stored."))
        return made

    return _answer(request, form, members, act, body=body_or_404(request, uid))


@require_http_methods(["GET", "HEAD", "POST"])
def body_replace(request, uid):
    """A new decree. The members of the old one come along, as far as they have not left."""
    old = body_or_404(request, uid, keeping=True)
    today = timezone.localdate()
    new = Body(kind=old.kind, opd=old.opd, district=old.district, name=old.name, note=old.note)
    form = BodyForm(
        request.POST or None,
        regency=old.regency,
        instance=new,
        initial={"version": old.version},
    )
    stay = [one for one in old.members.all() if standing.is_member(one, today)]
    members = _members(request, old.regency, stay, copied=True)

    def act() -> Body:
        said = {"members": members.people(), "version": form.cleaned_data["version"] or 0}
        made = replace_body(form.body(), actor=request.user, replaces=old, **said)
        messages.success(request, _("The new decree is on file. The old one ends the day before."))
        return made

    return _answer(request, form, members, act, body=body_or_404(request, uid), replaces=True)


def _members(request, regency: Regency, people=(), *, copied: bool = False) -> Members:
    more = "more" in request.POST
    data = more_rows(request.POST) if more else request.POST or None
    return Members(data, members=people, regency=regency, copied=copied)


def _answer(request, form: BodyForm, members: Members, act, **context):
    """The page of a body's form; `more` asks for more rows of members and stores nothing."""
    context["members"] = members
    if "more" in request.POST:
        shown = {"form": form, "asked_more": True, **context}
        return render(request, _FORM, shown)
    if members.is_bound and not members.is_valid():
        form.add_error(None, _("Check the rows of the members."))
    if form.is_valid():
        try:
            return redirect("mou:body", act().pk)
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
    return form_page(request, _FORM, form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
def body_end(request, uid):
    body = body_or_404(request, uid, keeping=True)
    form = EndForm(request.POST or None, initial={"version": body.version})
    if form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            end_body(body, actor=request.user, version=version, last_day=form.day())
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
        else:
            messages.success(request, _("The change is stored."))
            return redirect("mou:institutions")
    return form_page(request, "mou/body_end.html", form, body=body)


# -- Its decree ----------------------------------------------------------------------


@csrf_exempt  # so that a body beyond measure is answered before anything reads it
@require_http_methods(["GET", "HEAD", "POST"])
def body_decree(request, uid):
    if int(request.META.get("CONTENT_LENGTH") or 0) > files.MOST_BYTES + WRAPPING:
        body = body_or_404(request, uid, keeping=True)
        context = {"form": DecreeForm({}, {}, body=body).too_large(), "body": body}
        return render(request, "mou/body_decree.html", context, status=413)
    return _body_decree(request, uid)


@csrf_protect
def _body_decree(request, uid):
    body = body_or_404(request, uid, keeping=True)
    sent = request.method == "POST"
    form = DecreeForm(request.POST if sent else None, request.FILES if sent else None, body=body)
    if form.is_valid():
        name = form.cleaned_data["file"].name
        try:
            add_file(form.row(), form.content(), actor=request.user, file_name=name)
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
        else:
            messages.success(request, _("The decree is kept."))
            return redirect("mou:body", body.pk)
    return form_page(request, "mou/body_decree.html", form, body=body)


@require_safe
def body_file(request, uid, file):
    """The PDF as it is kept, to be saved and never shown: it runs nowhere in the portal. It names
    the members: for those who read their names."""
    body = body_or_404(request, uid)
    require(names_people(request.user, body.regency))
    kept = _file_or_404(body, file)
    return kept_file(kept.sha256, kept.file_name, files.PDF)


@require_http_methods(["GET", "HEAD", "POST"])
def body_file_remove(request, uid, file):
    body = body_or_404(request, uid, keeping=True)
    kept = _file_or_404(body, file)
    if request.method != "POST":
        return render(request, "mou/body_file_remove.html", {"body": body, "file": kept})
    try:
        remove_file(kept, actor=request.user)
    except Refused as refusal:
        forbid(refusal)
        messages.error(request, refusal.problems[0].detail)
    else:
        messages.success(request, _("The file is out of sight. Its bytes are kept."))
    return redirect("mou:body", body.pk)


def _file_or_404(body: Body, uid) -> AgreementFile:
    return get_object_or_404(body.files.filter(removed_at=None), pk=uid)


urlpatterns = [
    path("kelembagaan/baru/", body_new, name="body-new"),
    path("kelembagaan/<uuid:uid>/ubah/", body_edit, name="body-edit"),
    path("kelembagaan/<uuid:uid>/ganti/", body_replace, name="body-replace"),
    path("kelembagaan/<uuid:uid>/akhiri/", body_end, name="body-end"),
    path("kelembagaan/<uuid:uid>/sk/", body_decree, name="body-decree"),
    path("kelembagaan/<uuid:uid>/sk/<uuid:file>/", body_file, name="body-file"),
    path("kelembagaan/<uuid:uid>/sk/<uuid:file>/hapus/", body_file_remove, name="body-file-remove"),
]
