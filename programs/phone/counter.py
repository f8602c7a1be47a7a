"""The counter pad: who is present at a meeting, one press for one person. It works on the phone
alone; its numbers go into a record that is sent like any other."""

from __future__ import annotations

from django.shortcuts import render
from django.views.decorators.http import require_safe

from villages.models import Village

from ..views.shared import require


@require_safe
def counter(request):
    """The empty pad: what was counted lies on the phone, and its script shows it."""
    require(Village.objects.permitting(request.user, "log").live().exists())
    return render(request, "phone/counter.html")
