"""The printed forms: GAP, GBS and KAK as PDF, Word and Excel."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.views.decorators.http import require_safe

from ..models import BudgetStatement, GapVersion, GenderAnalysis, TermsOfReference
from ..papers.answer import answer

_OWNERS = ("owner_opd__regency", "owner_district__regency", "owner_village__district__regency")


def _owners(path: str) -> list[str]:
    return [f"{path}__{one}" for one in _OWNERS]


@require_safe
def gap_print(request: HttpRequest, uid: UUID, fmt: str) -> HttpResponse:
    """The analysis as it stands; with ?versi=2 as it was submitted the second time."""
    rows = GenderAnalysis.objects.visible_to(request.user)
    analysis = get_object_or_404(rows.select_related(*_owners("program")), pk=uid)
    return answer(request, analysis, fmt, _version(analysis, request.GET.get("versi", "")))


def _version(analysis: GenderAnalysis, text: str) -> GapVersion | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= 4):
        raise Http404
    return get_object_or_404(analysis.versions, number=int(text))


@require_safe
def gbs_print(request: HttpRequest, uid: UUID, fmt: str) -> HttpResponse:
    rows = BudgetStatement.objects.visible_to(request.user)
    related = ("gap_version", *_owners("analysis__program"))
    return answer(request, get_object_or_404(rows.select_related(*related), pk=uid), fmt)


@require_safe
def kak_print(request: HttpRequest, uid: UUID, fmt: str) -> HttpResponse:
    rows = TermsOfReference.objects.visible_to(request.user)
    related = ("statement__gap_version", *_owners("statement__analysis__program"))
    return answer(request, get_object_or_404(rows.select_related(*related), pk=uid), fmt)


urlpatterns = [
    path("gap/<uuid:uid>/cetak/<str:fmt>/", gap_print, name="gap-print"),
    path("gbs/<uuid:uid>/cetak/<str:fmt>/", gbs_print, name="gbs-print"),
    path("kak/<uuid:uid>/cetak/<str:fmt>/", kak_print, name="kak-print"),
]
