"""The three gender indices of the regency side by side, each with its year and source."""

from __future__ import annotations

from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from ..meanings import GENDER
from ..models import IndexRelease, IndexValue
from ..place import kept_regencies, regency_code
from ..reading import area_names
from ..series import headline, near


@require_safe
def home(request):
    """Figures of a regency; no village has any, and the page says so."""
    code = regency_code(request.user)
    values = near(
        IndexValue.objects.visible_to(request.user).standing().filter(release__index__in=GENDER),
        code,
    )
    found = list(values)
    context = {
        "headlines": headline(code, found),
        "regency": area_names([code])[code],
        "nothing": not found,
        "may_enter": bool(kept_regencies(request.user)),
        "releases": IndexRelease.objects.visible_to(request.user).filter(removed_at=None).count(),
    }
    return render(request, "indicators/home.html", context)


urlpatterns = [path("", home, name="home")]
