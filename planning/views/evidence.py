"""Pages of evidence: choosing a thing, what it is evidence for, looking at it, taking it out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import Refused
from programs.models import Activity, Photo
from programs.views.shared import forbid, form_page, require, uid_or_none

from ..binder import STANDINGS, SUBJECT_WORDS, in_force
from ..forms.document import owners_of
from ..forms.evidence import EvidenceForm, SearchForm, TagsForm
from ..models import (
    BudgetStatement,
    Document,
    Evidence,
    GenderAnalysis,
    TermsOfReference,
)
from ..services.documents import holds
from ..services.evidence import (
    FIELDS,
    Subject,
    add_evidence,
    remove_evidence,
    tag_evidence,
    verify_evidence,
)

#: What an address names a thing by.
PARAMETERS: dict[str, type] = {
    "document": Document,
    "photo": Photo,
    "activity": Activity,
    "gap": GenderAnalysis,
    "gbs": BudgetStatement,
    "kak": TermsOfReference,
}
#: Where each kind has its title, by which it is searched; and what a line of results needs.
_TITLES = {
    "document": ("title", ("opd",)),
    "activity": ("title", ("village__district", "program")),
    "gap": ("program__title", ("program__owner_opd",)),
    "gbs": ("analysis__program__title", ("analysis__program",)),
    "kak": ("statement__analysis__program__title", ("statement__analysis__program",)),
}
MOST_FOUND = 20


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_new(request):
    """A thing was named in the address, or one is searched for."""
    require(bool(owners_of(request.user)))
    named = [name for name in PARAMETERS if name in request.GET]
    if not named:
        return _search(request)
    subject = _subject_or_404(request, named[0])
    form = _evidence_form(request, subject)
    if form.is_valid():
        try:
            piece = add_evidence(subject, actor=request.user, **form.said())
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
        else:
            messages.success(request, _("It is evidence now. Choose what it is evidence for."))
            return redirect("planning:evidence", piece.pk)
    context = {"subject": subject, "kind": SUBJECT_WORDS[FIELDS[type(subject)]]}
    if isinstance(subject, Activity):
        context["photos"] = Photo.objects.visible_to(request.user).live().filter(activity=subject)
    return form_page(request, "planning/evidence_new.html", form, **context)


def _evidence_form(request: HttpRequest, subject: Subject) -> EvidenceForm:
    owner = _owner_of(subject)
    initial = {"title": name_of(subject)[:200]}
    form = EvidenceForm(request.POST or None, user=request.user, owner=owner, initial=initial)
    if isinstance(subject, Document):
        require(form.fields["owner"].initial is not None)
        form.pin_owner()
    return form


def _search(request: HttpRequest):
    asked = request.GET if request.GET.get("kind") else {"kind": "document"}
    form = SearchForm(asked)
    found: list[dict] = []
    if form.is_valid():
        kind = form.cleaned_data["kind"]
        rows = _things(request.user, kind, form.cleaned_data["search"])[:MOST_FOUND]
        here = reverse("planning:evidence-new")
        found = [
            {"thing": one, "name": name_of(one), "to": f"{here}?{kind}={one.pk}"} for one in rows
        ]
    context = {"form": form, "found": found, "most": MOST_FOUND}
    status = 422 if form.errors else 200
    return render(request, "planning/evidence_search.html", context, status=status)


def _things(user, kind: str, text: str) -> QuerySet:
    title, joined = _TITLES[kind]
    rows = PARAMETERS[kind].objects.visible_to(user).select_related(*joined)
    if kind == "document":
        rows = rows.filter(removed_at=None)
    if kind == "activity":
        rows = rows.live()
    return rows.filter(**{f"{title}__icontains": text}) if text else rows


def _subject_or_404(request: HttpRequest, name: str) -> Subject:
    rows = PARAMETERS[name].objects.visible_to(request.user)
    if name == "document":
        rows = rows.filter(removed_at=None)
    if name in ("activity", "photo"):
        rows = rows.live()
    uid = uid_or_none(request.GET[name])
    if uid is None:
        raise Http404
    return get_object_or_404(rows, pk=uid)


def name_of(subject: Subject) -> str:
    if isinstance(subject, Photo):
        return _("Photo of “%(title)s”") % {"title": subject.activity.title}
    if isinstance(subject, GenderAnalysis | BudgetStatement | TermsOfReference):
        words = {"kind": SUBJECT_WORDS[FIELDS[type(subject)]], "title": str(subject)}
        return _("%(kind)s %(title)s") % words
    return subject.title


def _owner_of(subject: Subject):
    """Regency and office that the thing belongs to; no office where a village or district does."""
    if isinstance(subject, Document):
        return subject.regency, subject.opd
    program = _program_of(subject)
    if program.owner_opd:
        return program.owner_opd.regency, program.owner_opd
    district = program.owner_district or program.owner_village.district
    return district.regency, None


def _program_of(subject: Any):
    for name in ("activity", "statement", "analysis"):
        subject = getattr(subject, name, None) or subject
    return subject.program


@require_safe
def evidence_detail(request, uid):
    piece = _piece_or_404(request, uid)
    year = year_of(request.GET.get("year"))
    return _evidence_page(request, piece, TagsForm(piece=piece, year=year), year)


@require_POST
def evidence_tags(request, uid):
    """What it is evidence for in one year, all of it at once."""
    piece = _piece_or_404(request, uid)
    require(holds(request.user, "manage_plans", piece))
    year = year_of(request.POST.get("year"))
    form = TagsForm(request.POST, piece=piece, year=year)
    if form.is_valid():
        try:
            tag_evidence(piece, year, actor=request.user, **form.said())
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
        else:
            messages.success(request, _("What it is evidence for is saved."))
            here = reverse("planning:evidence", args=[piece.pk])
            return redirect(f"{here}?year={year}")
    return _evidence_page(request, piece, form, year)


def _evidence_page(request, piece: Evidence, form: TagsForm, year: int):
    document = piece.document
    standing = in_force(document, timezone.localdate()) if document else ""
    may_manage = holds(request.user, "manage_plans", piece)
    tags = piece.tags.select_related("question")
    brought = {piece.created_by_id, document.uploaded_by_id if document else None}
    may_approve = holds(request.user, "approve_plans", piece) and not piece.verified_at
    context = {
        "piece": piece,
        "subject": piece.subject,
        "subject_link": _link_to(piece, request.user),
        "kind": SUBJECT_WORDS[FIELDS[type(piece.subject)]],
        "standing": {"word": standing, "label": STANDINGS[standing]} if standing else None,
        "tags": [one for one in tags if one.year == year],
        "other_years": sorted({year - 1, year + 1} | {one.year for one in tags} - {year}),
        "year": year,
        "may_manage": may_manage,
        "may_verify": may_approve and request.user.pk not in brought,
        "hers": may_approve and request.user.pk in brought,
    }
    return form_page(request, "planning/evidence_detail.html", form, **context)


def _link_to(piece: Evidence, user) -> str:
    """The page of what it consists of; "" where she may not open it."""
    subject = piece.subject
    if not type(subject).objects.visible_to(user).filter(pk=subject.pk).exists():
        return ""
    if isinstance(subject, Activity | Photo):
        activity = subject.activity_id if isinstance(subject, Photo) else subject.pk
        return reverse("programs:activity-detail", args=[activity])
    names = {"document": "document", "analysis": "gap", "statement": "gbs", "terms": "kak"}
    return reverse(f"planning:{names[FIELDS[type(subject)]]}", args=[subject.pk])


@require_POST
def evidence_verify(request, uid):
    piece = _piece_or_404(request, uid)
    try:
        verify_evidence(piece, actor=request.user)
    except Refused as refusal:
        forbid(refusal)
        messages.warning(request, refusal.problems[0].detail)
    else:
        messages.success(request, _("It is noted that you looked at this evidence."))
    return redirect("planning:evidence", piece.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_remove(request, uid):
    piece = _piece_or_404(request, uid)
    require(holds(request.user, "manage_plans", piece))
    if request.method != "POST":
        return render(request, "planning/evidence_remove.html", {"piece": piece})
    try:
        remove_evidence(piece, actor=request.user)
    except Refused as refusal:
        forbid(refusal)
        messages.error(request, refusal.problems[0].detail)
        return redirect("planning:evidence", piece.pk)
    messages.success(request, _("The evidence is out of the binder."))
    return redirect("planning:binder")


def _piece_or_404(request, uid) -> Evidence:
    rows = Evidence.objects.visible_to(request.user).filter(removed_at=None)
    joined = ("opd", "regency", "document", "photo__activity", "verified_by", "created_by")
    return get_object_or_404(rows.select_related(*joined), pk=uid)


def year_of(text: str | None) -> int:
    """The year asked for; this one where none can be read."""
    year = int(text) if text and text.isdecimal() and len(text) == 4 else 0
    return year if 2000 <= year <= 2100 else timezone.localdate().year


urlpatterns = [
    path("bukti/baru/", evidence_new, name="evidence-new"),
    path("bukti/<uuid:uid>/", evidence_detail, name="evidence"),
    path("bukti/<uuid:uid>/tanda/", evidence_tags, name="evidence-tags"),
    path("bukti/<uuid:uid>/periksa/", evidence_verify, name="evidence-verify"),
    path("bukti/<uuid:uid>/hapus/", evidence_remove, name="evidence-remove"),
]
