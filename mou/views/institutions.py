"""Pages of institutions to read: who is in force and who is missing; one body."""

from __future__ import annotations

from django.conf import settings
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe

from core.downloads import asked_format, download
from core.scanning import scanned
from programs.views.shared import require
from villages.models import Regency

from .. import institutions as standing
from ..body_tables import bodies_table, members_table
from ..models import Body
from ..rights import keeps


def readable(user):
    """Regencies whose institutions she reads: she sees more of them than single villages."""
    districts = user.districts_with("view").order_by().values("regency")
    return Regency.objects.filter(pk__in=districts) | user.regencies_with("view")


def regency_of(request, rows) -> Regency:
    """The one named in the address, else the portal's own, else her first. 403 without any."""
    rows = rows.distinct().order_by("code")
    if code := request.GET.get("kabupaten"):
        return get_object_or_404(rows, code=code)
    found = rows.filter(code=settings.PUG_REGENCY).first() or rows.first()
    require(found is not None)
    return found  # type: ignore[return-value]


@require_safe
def institutions(request):
    regency = regency_of(request, readable(request.user))
    today = timezone.localdate()
    shown = standing.bodies_of(regency, today)
    if fmt := asked_format(request):
        return download(bodies_table(shown, timezone.now()), fmt, request=request)
    live = [one for one in shown if one.is_live]
    context = {
        "regency": regency,
        "regencies": list(readable(request.user).distinct().order_by("name")[:50]),
        "live": live,
        "others": [one for one in shown if not one.is_live],
        "heads": sum((one.heads for one in live), standing.Heads()),
        "missing": standing.missing(regency, today),
        "expiring": standing.expiring(regency, today),
        "may_keep": keeps(request.user, regency),
    }
    return render(request, "mou/institutions.html", context)


def names_people(user, regency: Regency) -> bool:
    """She sees the whole regency: there she reads who sits in a body; others read how many."""
    return user.regencies_with("view").filter(pk=regency.pk).exists()


@require_safe
def body_detail(request, uid):
    body = body_or_404(request, uid)
    today = timezone.localdate()
    named = names_people(request.user, body.regency)
    if fmt := asked_format(request):
        require(named)
        return download(members_table(body, timezone.now()), fmt, request=request)
    members = list(body.members.all()) if named else []
    context = {
        "body": body,
        "named": named,
        "shown": standing.Shown(body, today),
        "members": [one for one in members if standing.is_member(one, today)],
        "left": [one for one in members if not standing.is_member(one, today)],
        "files": body.files.filter(removed_at=None).annotate(is_scanned=scanned()) if named else [],
        "next": body.successors.filter(ended_at=None).first(),
        "may_keep": keeps(request.user, body.regency) and body.ended_at is None,
    }
    return render(request, "mou/body_detail.html", context)


def body_or_404(request, uid, *, keeping: bool = False) -> Body:
    """404 where she does not see it (a village's head); 403 where she would have to keep it
    (`keeping`)."""
    rows = standing.with_people(Body.objects.visible_to(request.user))
    body = get_object_or_404(rows, pk=uid)
    if keeping:
        require(keeps(request.user, body.regency) and body.ended_at is None)
    return body


urlpatterns = [
    path("kelembagaan/", institutions, name="institutions"),
    path("kelembagaan/<uuid:uid>/", body_detail, name="body"),
]
