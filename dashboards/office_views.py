"""Who owns the programs: all offices, and one of them by its programs."""

from __future__ import annotations

from django.shortcuts import get_object_or_404, render

from core.downloads import asked_format, download

from . import office_files, offices
from .boards import newest_in
from .office_figures import figures_of_office
from .place import place_asked
from .views import Asked, filtered


@filtered
def office_list(request, asked: Asked):
    """Every owner of programs within her reach, the widest gap first."""
    order = offices.order_of(request.GET.get("order", ""))
    place = place_asked(request, asked)
    own = offices.own_offices(request.user)
    shown = offices.offices_of(place, asked.flt, order, [one.pk for one in own])
    if fmt := asked_format(request):
        table = office_files.offices_table(shown, place.title, asked.read_at)
        return download(table, fmt, request=request)
    context = {
        "board": shown,
        "asked": asked,
        "flt": asked.flt,
        "place": place,
        "back_url": place.board_url(asked.flt),
        "order": order,
        "orders": offices.ORDERS.items(),
    }
    return render(request, "dashboards/offices.html", context)


@filtered
def office(request, asked: Asked, pk: int):
    """One office: its programs in the villages within her reach."""
    opd = get_object_or_404(offices.seen_offices(request.user), pk=pk)
    place = place_asked(request, asked)
    for name in ("opd", "owner"):
        asked.form.fields.pop(name, None)
    flt = asked.flt.but(opd=opd.pk, owner="")
    newest = newest_in(place.villages, program__owner_opd=opd)
    shown = offices.office_of(opd, place, flt, newest)
    if fmt := asked_format(request):
        table = office_files.office_table(shown, place.title, asked.read_at)
        return download(table, fmt, request=request)
    context = {
        "board": shown,
        "figures": figures_of_office(shown),
        "asked": asked,
        "flt": flt,
        "place": place,
        "back_query": asked.flt.but(opd=0, owner="").programs_query(**place.params),
        "hers": opd in offices.own_offices(request.user),
    }
    return render(request, "dashboards/office.html", context)
