"""Pages of releases: the list, one with its values, entering and changing, taking one out."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Max, Min
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.downloads import asked_format, download, formats_for
from core.errors import Refused, Stale
from programs.views.shared import forbid, form_page, page_of, require, version_of

from ..forms.index import MOST_COLUMNS, GridForm, ReleaseForm, SpanForm
from ..meanings import MEANINGS
from ..models import IndexCode, IndexRelease, RevisionState, Statement
from ..place import kept_regencies, regency_code
from ..reading import NATION, area_names, regencies_of
from ..release_filter import ReleaseFilter, releases_table
from ..services.indices import (
    add_release,
    change_release,
    may_keep,
    remove_release,
    set_values,
    years_of,
)
from ..shipped import told


def may_enter(user) -> bool:
    return bool(kept_regencies(user))


@require_safe
def release_list(request):
    rows = _seen(request).annotate(
        count=Count("values"), first=Min("values__year"), last=Max("values__year")
    )
    found = ReleaseFilter(request.GET, queryset=rows.order_by("index", "-last", "title", "uid"))
    problem = not found.form.is_valid()
    if not problem and (fmt := asked_format(request)):
        return download(releases_table(found.qs, found, timezone.now()), fmt, request=request)
    page = page_of(request, found.qs.none() if problem else found.qs)
    context = {
        "filter": found,
        "form": found.form,
        "page": page,
        "formats": formats_for(page.paginator.count),
        "may_enter": may_enter(request.user),
    }
    return render(request, "indicators/release_list.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def release_new(request):
    require(may_enter(request.user))
    asked = request.GET.get("index", "")
    initial = {"index": asked} if asked in IndexCode.values else {}
    form = ReleaseForm(request.POST or None, user=request.user, initial=initial)
    if form.is_valid():
        try:
            made = add_release(form.release(), actor=request.user)
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
        else:
            messages.success(request, _("The release is on file. Now enter its values."))
            return redirect("indicators:release-values", made.pk)
    return form_page(request, "indicators/release_form.html", form)


@require_safe
def release_detail(request, uid):
    release = _release_or_404(request, uid)
    meaning = MEANINGS[release.index]
    values = list(release.values.order_by("area_code", "-year"))
    names = area_names(one.area_code for one in values)
    notes, surely = {one.note for one in values}, {one.evidence for one in values}
    shared = notes.pop() if len(notes) == 1 else ""
    context = {
        "release": release,
        "note": told(shared),
        "inferred": surely == {Statement.YEAR_INFERRED},
        "meaning": meaning,
        "rows": [
            {
                "value": one,
                "area": names[one.area_code],
                "written": meaning.written(one.value),
                "note": "" if shared else told(one.note),
            }
            for one in values
        ],
        "may_keep": may_keep(request.user, release),
        "revised": release.state == RevisionState.REVISED,
    }
    return render(request, "indicators/release.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def release_edit(request, uid):
    release = _hers_or_404(request, uid)
    shown = release.title
    form = ReleaseForm(request.POST or None, user=request.user, instance=release)
    if form.is_valid():
        try:
            change_release(
                form.release(), actor=request.user, version=form.cleaned_data["version"] or 0
            )
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
            _renew(request, form, refusal, uid)
        else:
            messages.success(request, _("The changes to the release are saved."))
            return redirect("indicators:release", release.pk)
    context = {"release": release, "shown": shown}
    return form_page(request, "indicators/release_form.html", form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
def release_values(request, uid):
    """The grid. Its years: those the release has, those before this one, or those asked for."""
    release = _hers_or_404(request, uid)
    span = SpanForm(request.GET if request.GET else None)
    years = _years(release, span)
    if not span.errors:
        span = SpanForm(initial={"first": years[0], "last": years[-1]})
    areas = _areas(request, release)
    form = GridForm(
        request.POST or None,
        release=release,
        meaning=MEANINGS[release.index],
        areas=areas,
        years=years,
    )
    if form.is_valid():
        try:
            version = form.cleaned_data["version"] or 0
            set_values(release, form.said(), actor=request.user, version=version)
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
            _renew(request, form, refusal, uid)
        else:
            messages.success(request, _("The values are saved."))
            return redirect("indicators:release", release.pk)
    context = {"release": release, "span": span, "years": years}
    return form_page(request, "indicators/release_values.html", form, **context)


@require_POST
def release_revised(request, uid):
    """Marked: another release has taken its place."""
    release = _hers_or_404(request, uid)
    release.state = RevisionState.REVISED
    try:
        change_release(release, actor=request.user, version=version_of(request))
    except Refused as refusal:
        forbid(refusal)
        messages.warning(request, refusal.problems[0].detail)
    else:
        messages.success(request, _("The release is marked as revised since."))
    return redirect("indicators:release", uid)


@require_http_methods(["GET", "HEAD", "POST"])
def release_remove(request, uid):
    """Asked once more, with what goes."""
    release = _hers_or_404(request, uid)
    if request.method == "POST":
        try:
            remove_release(release, actor=request.user, version=version_of(request))
        except Refused as refusal:
            forbid(refusal)
            messages.warning(request, refusal.problems[0].detail)
            return redirect("indicators:release-remove", uid)
        messages.success(request, _("The release and its values are taken out."))
        return redirect("indicators:releases")
    context = {"release": release, "count": release.values.count()}
    return render(request, "indicators/release_remove.html", context)


def _seen(request):
    rows = IndexRelease.objects.visible_to(request.user).filter(removed_at=None)
    return rows.select_related("regency")


def _release_or_404(request, uid) -> IndexRelease:
    return get_object_or_404(_seen(request).select_related("created_by"), pk=uid)


def _hers_or_404(request, uid) -> IndexRelease:
    release = _release_or_404(request, uid)
    require(may_keep(request.user, release))
    return release


def _renew(request, form, refusal: Refused, uid) -> None:
    """After somebody was faster the form is ready to be sent over what stands now."""
    if isinstance(refusal, Stale):
        now = _seen(request).filter(pk=uid).values_list("version", flat=True).first()
        form.data = form.data.copy()
        form.data["version"] = now or 0


def _years(release: IndexRelease, span: SpanForm) -> list[int]:
    """At most MOST_COLUMNS years, the last ones where more are asked for."""
    this = timezone.localdate().year
    first, last = years_of(release) or (this - 2, this)
    if span.is_bound and span.is_valid():
        first = span.cleaned_data["first"] or first
        last = span.cleaned_data["last"] or max(last, first)
    if last < first:
        first, last = last, first
    return list(range(max(first, last - MOST_COLUMNS + 1), last + 1))


def _areas(request, release: IndexRelease) -> dict[str, str]:
    """The nation, the province and its regencies, hers first; and whatever else it has."""
    own = release.regency.code if release.regency else regency_code(request.user)
    peers = regencies_of(own[:2])
    order = dict.fromkeys([own, own[:2], NATION, *peers])
    order |= dict.fromkeys(release.values.values_list("area_code", flat=True))
    names = area_names(order)
    return {code: names[code] for code in order}


urlpatterns = [
    path("rilis/", release_list, name="releases"),
    path("rilis/baru/", release_new, name="release-new"),
    path("rilis/<uuid:uid>/", release_detail, name="release"),
    path("rilis/<uuid:uid>/ubah/", release_edit, name="release-edit"),
    path("rilis/<uuid:uid>/nilai/", release_values, name="release-values"),
    path("rilis/<uuid:uid>/direvisi/", release_revised, name="release-revised"),
    path("rilis/<uuid:uid>/hapus/", release_remove, name="release-remove"),
]
