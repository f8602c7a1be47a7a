"""Early warnings of a place: the page and its file."""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from core.downloads import asked_format, download, formats_for
from core.tables import Column, Table

from .areas import LARGE
from .filters import BoardFilter
from .place import area_or_home, villages_asked
from .warnings import KINDS, Where, warnings_of

#: Rows of a kind on the page at first; all of them with `?kind=`.
SHOWN = 8
_COLUMNS = (
    Column("kind", gettext_lazy("Early warning")),
    Column("what", gettext_lazy("What it is about")),
    Column("village_code", gettext_lazy("Village code"), "code", paper=False),
    Column("place", gettext_lazy("Where")),
    Column("matter", gettext_lazy("What is the matter")),
)


@require_safe
def warnings(request):
    """What can still be mended in her area, most pressing kind first."""
    area = area_or_home(request.user, request.GET.get("area", ""))
    today = timezone.localdate()
    villages = villages_asked(request.user, area, BoardFilter(today.year))
    if area.level in LARGE if area else not villages.exists():
        raise Http404
    found = warnings_of(Where(request.user, villages, today))
    chosen = request.GET.get("kind", "")
    kinds = [kind for kind in KINDS if not chosen or kind.name == chosen]
    if fmt := asked_format(request):
        rows = [
            (str(kind.label), one.what, one.code, one.place, one.words)
            for kind in kinds
            for one in found[kind.name]
        ]
        return download(
            Table("peringatan-dini", _("Early warnings"), _COLUMNS, rows), fmt, request=request
        )
    context = {
        "area": area,
        "chosen": chosen if kinds else "",
        "total": sum(map(len, found.values())),
        "formats": formats_for(sum(len(found[kind.name]) for kind in kinds)),
        "groups": [
            {
                "kind": kind,
                "number": len(found[kind.name]),
                "rows": found[kind.name][: None if chosen else SHOWN],
                "more": not chosen and len(found[kind.name]) > SHOWN,
            }
            for kind in kinds
            if found[kind.name] or chosen
        ],
        "calm": [kind for kind in kinds if not found[kind.name]],
    }
    return render(request, "dashboards/warnings.html", context)
