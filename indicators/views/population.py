"""Pages of population figures: one area with its series apart, entering, changing, taking out."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_safe

from core.downloads import XLSX_TYPE, as_attachment, asked_format, download, formats_for
from core.errors import Refused, Stale
from core.tables import Column, Table
from programs.imports.files import book
from programs.intake import intakes
from programs.views.shared import forbid, form_page, require
from villages.models import Population, Village
from villages.services import keep_population, mark_of, may_keep, remove_population

from ..forms.population import ChangeForm, FigureForm
from ..place import KEEP, kept_regencies, regency_code
from ..population import (
    Figure,
    PopulationSeries,
    figure_of,
    overview,
    parts_of,
)
from ..population_areas import areas_below, choices_for, kept_choices, may_look
from ..reading import area_names

_FORM = "indicators/population_form.html"


@require_safe
def population(request):
    """One area (?area=), and the newest figures of the areas below it."""
    regency = regency_code(request.user)
    code = request.GET.get("area") or regency
    if len(code) > 13 or not may_look(request.user, code):
        raise Http404
    below = areas_below(request.user, code)
    rows = Population.objects.visible_to(request.user).filter(area_code__in=[code, *below])
    rows = rows.order_by("area_code", "-year", "period")
    if fmt := asked_format(request):
        return download(population_table(rows, timezone.now()), fmt, request=request)
    found = list(rows)
    lines = overview(below, [one for one in found if one.area_code != code])
    context = {
        "code": code,
        "area": area_names([code])[code],
        "choices": choices_for(request.user, regency, code),
        "parts": parts_of(one for one in found if one.area_code == code),
        "lines": lines,
        "series": list(PopulationSeries.labels),
        "unknown": sum(
            1 for _code, _name, figures in lines if not any(one for _label, one in figures)
        ),
        "villages": len(code) == 8,
        "above": code[:8] if len(code) == 13 else (code[:5] if len(code) == 8 else ""),
        "may_keep": may_keep(request.user, code),
        "may_import": bool(kept_regencies(request.user)),
        "formats": formats_for(len(found)),
    }
    return render(request, "indicators/population.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def population_new(request):
    kept = kept_regencies(request.user)
    require(bool(kept))
    form = FigureForm(
        request.POST or None,
        areas=kept_choices(request.user, kept[0].code),
        initial={"area": request.GET.get("area", "")},
    )
    if form.is_valid():
        try:
            made = keep_population(form.population(), actor=request.user)
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
        else:
            messages.success(request, _("The figure is on file."))
            return _back(made.area_code)
    return form_page(request, _FORM, form)


@require_http_methods(["GET", "HEAD", "POST"])
def population_edit(request, code, year, key):
    """Its area, year, count and source stay: another one is another figure."""
    figure = _hers_or_404(request, code, year, key)
    row = figure.row
    form = ChangeForm(request.POST or None, population=row)
    if form.is_valid():
        seen = form.cleaned_data["version"]
        try:
            keep_population(form.told(row), actor=request.user, seen=seen)
        except Refused as refusal:
            forbid(refusal)
            form.refuse(refusal)
            if isinstance(refusal, Stale):
                form.renew(mark_of(_hers_or_404(request, code, year, key).row))
        else:
            messages.success(request, _("The changes to the figure are saved."))
            return _back(code)
    context = {"figure": figure, "area": area_names([code])[code]}
    return form_page(request, _FORM, form, **context)


@require_http_methods(["GET", "HEAD", "POST"])
def population_remove(request, code, year, key):
    figure = _hers_or_404(request, code, year, key)
    if request.method == "POST":
        try:
            remove_population(figure.row, actor=request.user, seen=request.POST.get("seen", ""))
        except Refused as refusal:
            forbid(refusal)
            messages.warning(request, refusal.problems[0].detail)
            return redirect("indicators:population-remove", code, year, key)
        messages.success(request, _("The figure is taken out."))
        return _back(code)
    context = {
        "figure": figure,
        "area": area_names([code])[code],
        "seen": mark_of(figure.row),
    }
    return render(request, "indicators/population_remove.html", context)


@require_safe
def population_template(request):
    """A sheet to fill: a row for each village without a figure, under the headings of the import.

    Rows that stay empty are passed over when it comes back.
    """
    kept = kept_regencies(request.user)
    require(bool(kept))
    villages = request.user.villages_with(KEEP).live().filter(district__regency=kept[0])
    known = Population.objects.visible_to(request.user).filter(
        Q(women__isnull=False) | Q(total__isnull=False)
    )
    villages = villages.exclude(code__in=known.values("area_code"))
    with override("id"):
        columns = intakes()["population"].columns(request.user)
        head = [str(one.label) for one in columns.values()]
        rows = [_empty(columns, one) for one in villages.order_by("code")]
        content = book({"Isian": [head, *rows]}, _("Population"))
    answer = HttpResponse(content, content_type=XLSX_TYPE)
    return as_attachment(answer, "penduduk-desa.xlsx")


def _empty(columns, village: Village) -> list[str]:
    known = {"area_code": village.code, "area_name": village.title}
    return [known.get(name, "") for name in columns]


def _hers_or_404(request, code: str, year: int, key: str) -> Figure:
    if not may_look(request.user, code):
        raise Http404
    rows = Population.objects.visible_to(request.user).filter(area_code=code, year=year)
    figure = next((one for one in map(figure_of, rows) if one.key == key), None)
    if figure is None:
        raise Http404
    require(may_keep(request.user, code))
    return figure


def _back(code: str):
    answer = redirect("indicators:population")
    answer["Location"] += f"?area={code}"
    return answer


def population_table(rows, now: datetime) -> Table:
    """The figures of an area and those below it, each row with its series."""
    found = [figure_of(one) for one in rows]
    names = area_names(one.row.area_code for one in found)
    columns = [
        Column("area_code", _("Area code"), "code", paper=False),
        Column("area", _("Area")),
        Column("year", _("Year"), "code"),
        Column("series", _("Counted by")),
        Column("period", _("Which count")),
        Column("women", _("Women"), "count"),
        Column("men", _("Men"), "count"),
        Column("total", _("Total"), "count"),
        Column("share", _("Share of women"), "share"),
        Column("source", _("Source"), paper=False),
        Column("note", _("Note"), paper=False),
    ]
    lines = [
        (
            *(one.row.area_code, names[one.row.area_code], str(one.row.year)),
            *(one.series.label, one.period, one.row.women, one.row.men, one.row.total),
            *(one.share, one.row.source, one.note),
        )
        for one in found
    ]
    stamp = timezone.localtime(now).isoformat(sep=" ", timespec="seconds")
    reading = [_("Registry, statistics and census count differently: never add or join them.")]
    return Table(
        "penduduk",
        _("Population"),
        columns,
        lines,
        [(_("Downloaded at"), stamp)],
        reading=reading,
    )


urlpatterns = [
    path("penduduk/", population, name="population"),
    path("penduduk/baru/", population_new, name="population-new"),
    path("penduduk/templat/", population_template, name="population-template"),
    path("penduduk/<str:code>/<int:year>/<slug:key>/", population_edit, name="population-edit"),
    path(
        "penduduk/<str:code>/<int:year>/<slug:key>/hapus/",
        population_remove,
        name="population-remove",
    ),
]
