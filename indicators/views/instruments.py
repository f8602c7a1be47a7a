"""Pages of instruments: what villages are assessed by, and the office's drafts of new versions."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core.downloads import asked_format, download
from core.errors import Refused, Stale
from mou.rights import keeps
from programs.views.shared import forbid, form_page, page_of, require, version_of

from ..forms.instrument import DraftForms, ItemForm, VersionForm
from ..instrument_rules import adoption_problems
from ..instrument_table import instruments_table, item_groups, items_table
from ..models import Instrument
from ..parts import parts_of, said_of
from ..services.instruments import (
    KEEP,
    adopt_instrument,
    change_instrument,
    new_version,
    remove_draft,
)

_EDITED = ["GET", "HEAD", "POST"]


@require_safe
def instruments(request):
    rows = Instrument.objects.visible_to(request.user).select_related("regency")
    rows = rows.order_by("key", "-number", "regency")
    require(_works(request.user))
    if fmt := asked_format(request):
        return download(instruments_table(rows, timezone.now()), fmt, request=request)
    return render(request, "indicators/instruments.html", {"page": page_of(request, rows)})


@require_safe
def instrument(request, uid):
    row = _row_or_404(request, uid)
    require(_works(request.user))
    parts = parts_of(row)
    if fmt := asked_format(request):
        return download(items_table(row, parts, timezone.now()), fmt, request=request)
    mine = _keeps(request.user, row)
    draft = row.adopted_at is None
    context = {
        "instrument": row,
        "parts": parts,
        "groups": item_groups(parts),
        "weights": sum(one.weight for one in parts.pillars),
        "draft": draft,
        "may_edit": mine and draft,
        "may_copy": request.user.regencies_with(KEEP).exists(),
        "problems": adoption_problems(said_of(row)) if mine and draft else [],
        "used": row.assessments.count(),
    }
    return render(request, "indicators/instrument.html", context)


@require_http_methods(_EDITED)
def instrument_version(request, uid):
    """A draft of the next version, asked for once more."""
    row = _row_or_404(request, uid)
    require(request.user.regencies_with(KEEP).exists())
    form = VersionForm(request.POST or None, user=request.user)
    if form.is_valid():
        try:
            made = new_version(row, actor=request.user, regency=form.cleaned_data["regency"])
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
        else:
            messages.success(request, _("The draft is made. Change it, then adopt it."))
            return redirect("indicators:instrument", made.pk)
    return form_page(request, "indicators/instrument_version.html", form, instrument=row)


@require_http_methods(_EDITED)
def instrument_edit(request, uid):
    """Head, pillars, levels and gates."""
    row = _draft_or_404(request, uid)
    forms = DraftForms(request.POST or None, said_of(row), row.version)
    if request.method == "POST" and forms.is_valid():
        try:
            version = forms.head.cleaned_data["version"]
            change_instrument(row, forms.told(), actor=request.user, version=version)
        except Refused as refusal:
            _take(forms.head, refusal, row)
        else:
            messages.success(request, _("The draft is kept."))
            return redirect("indicators:instrument", row.pk)
    broken = [one for one in forms.lists.values() if one.is_bound and not one.is_valid()]
    if broken and not forms.head.errors:
        forms.head.add_error(None, _("A row of the lists below is not complete yet."))
    context = {"instrument": row, "lists": forms.lists}
    return form_page(request, "indicators/instrument_edit.html", forms.head, **context)


@require_http_methods(_EDITED)
def instrument_item(request, uid, code: str = ""):
    """One item of a draft, new or there already."""
    row = _draft_or_404(request, uid)
    said = said_of(row)
    if code and said.parts.item(code) is None:
        raise Http404
    form = ItemForm(request.POST or None, parts=said.parts, code=code, version=row.version)
    if form.is_valid():
        try:
            version = form.cleaned_data["version"]
            told = said.with_parts(**form.parts_with())
            change_instrument(row, told, actor=request.user, version=version)
        except Refused as refusal:
            _take(form, refusal, row)
        else:
            messages.success(request, _("The item is kept."))
            return redirect("indicators:instrument", row.pk)
    context = {"instrument": row, "code": code}
    return form_page(request, "indicators/instrument_item.html", form, **context)


@require_http_methods(_EDITED)
def instrument_item_remove(request, uid, code: str):
    row = _draft_or_404(request, uid)
    said = said_of(row)
    item = said.parts.item(code)
    if item is None:
        raise Http404
    if request.method == "POST":
        kept = tuple(one for one in said.parts.items if one.code != code)
        told = said.with_parts(items=kept)
        try:
            change_instrument(row, told, actor=request.user, version=version_of(request))
        except Refused as refusal:
            forbid(refusal)
            messages.error(request, refusal.problems[0].detail)
            return redirect("indicators:instrument-item", row.pk, code)
        messages.success(request, _("The item is taken out."))
        return redirect("indicators:instrument", row.pk)
    context = {"instrument": row, "item": item, "step": "item"}
    return render(request, "indicators/instrument_confirm.html", context)


@require_http_methods(_EDITED)
def instrument_adopt(request, uid):
    """Asked once more: after this nothing of it changes."""
    return _decided(request, uid, "adopt", adopt_instrument, _("The version is in use now."))


@require_http_methods(_EDITED)
def instrument_remove(request, uid):
    return _decided(request, uid, "remove", remove_draft, _("The draft is gone."))


def _decided(request, uid, step: str, act, done: str):
    row = _draft_or_404(request, uid)
    problems = adoption_problems(said_of(row)) if step == "adopt" else []
    status = 200
    if request.method == "POST":
        try:
            act(row, actor=request.user, version=version_of(request))
        except Stale as refusal:
            forbid(refusal)
            messages.warning(request, refusal.problems[0].detail)
            return redirect("indicators:instrument", uid)
        except Refused as refusal:
            forbid(refusal)
            problems, status = refusal.problems, 422
        else:
            messages.success(request, done)
            if step == "remove":
                return redirect("indicators:instruments")
            return redirect("indicators:instrument", uid)
    context = {"instrument": row, "step": step, "problems": problems}
    return render(request, "indicators/instrument_confirm.html", context, status=status)


def _take(form, refusal: Refused, row: Instrument) -> None:
    forbid(refusal)
    form.refuse(refusal)
    if isinstance(refusal, Stale):
        row.refresh_from_db(fields=["version"])
        form.renew(row.version)


def _works(user) -> bool:
    """She has a village or a regency to look after: instruments are nobody else's concern."""
    return user.villages_with("view").exists() or user.regencies_with("view").exists()


def _keeps(user, row: Instrument) -> bool:
    return row.regency is not None and keeps(user, row.regency, KEEP)


def _row_or_404(request, uid) -> Instrument:
    rows = Instrument.objects.visible_to(request.user).select_related("regency", "previous")
    return get_object_or_404(rows, pk=uid)


def _draft_or_404(request, uid) -> Instrument:
    """A draft that she may change; what is in use is not hers to change any more."""
    row = _row_or_404(request, uid)
    require(_keeps(request.user, row) and row.adopted_at is None)
    return row


urlpatterns = [
    path("instrumen/", instruments, name="instruments"),
    path("instrumen/<uuid:uid>/", instrument, name="instrument"),
    path("instrumen/<uuid:uid>/versi-baru/", instrument_version, name="instrument-version"),
    path("instrumen/<uuid:uid>/ubah/", instrument_edit, name="instrument-edit"),
    path("instrumen/<uuid:uid>/butir/baru/", instrument_item, name="instrument-item-new"),
    path("instrumen/<uuid:uid>/butir/<slug:code>/", instrument_item, name="instrument-item"),
    path(
        "instrumen/<uuid:uid>/butir/<slug:code>/hapus/",
        instrument_item_remove,
        name="instrument-item-remove",
    ),
    path("instrumen/<uuid:uid>/berlakukan/", instrument_adopt, name="instrument-adopt"),
    path("instrumen/<uuid:uid>/hapus/", instrument_remove, name="instrument-remove"),
]
