"""The village's results, for a phone and for paper."""

from __future__ import annotations

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from programs.views.shared import chosen_village, pick_village
from villages.models import Village

from .charts import months_chart
from .results import village_results


@require_safe
def results(request):
    """Twelve months of the one village she has, or of the one she chooses."""
    villages = Village.objects.visible_to(request.user).live().select_related("district")
    village = chosen_village(request, villages)
    if village is None:
        return pick_village(request, villages)
    found = village_results(village, timezone.localdate())
    context = {
        "results": found,
        "chart": months_chart(found.months),
        "several": villages[:2].count() > 1,
        "may_record": request.user.villages_with("log").filter(pk=village.pk).exists(),
        "read_at": timezone.now(),
    }
    return render(request, "dashboards/phone_results.html", context)
