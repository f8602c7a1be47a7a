"""Help: whom to call, how things are done, and how to say that something does not work."""

from __future__ import annotations

from django.shortcuts import render
from django.views.decorators.http import require_safe

from villages.models import Village

from .contacts import contacts_of
from .words import PROBLEM


@require_safe
def phone_help(request):
    """For everybody signed in; who records is shown those who look after her villages."""
    villages = Village.objects.permitting(request.user, "log").live()
    contacts = contacts_of(request.user, villages)
    about = {"name": request.user.name, "village": getattr(villages.first(), "title", "–")}
    context = {
        "contacts": contacts,
        "nearest": next((one for one in contacts if one.phone), None),
        "said": PROBLEM["said"] % about,
    }
    return render(request, "phone/help.html", context)
