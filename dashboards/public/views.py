"""The public pages: read by anybody, kept by anybody, made of published snapshots alone."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import wraps
from urllib.parse import parse_qsl

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from core.addresses import site_of
from programs.involvement import DEFINITION_VERSION, MOST_WITHOUT_DATA_PERCENT, WOMEN_PERCENT
from programs.models import Photo
from programs.periods import Period
from villages.models import Level, level_of

from ..maps import VillageShare, area_map
from . import downloads, photos
from .datasets import DATASETS
from .editions import Edition, NoSuchEdition, asked_edition, edition_of, query_of
from .figures import Place, Publication
from .suppression import SMALL

#: Seconds that a copy may be shown before it is asked for again.
FRESH = 600
LONGEST_SEARCH = 60


def public_page(view: Callable) -> Callable:
    """Give the view the edition asked for; answer 304 to who holds it already."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        try:
            edition = _edition(request, kwargs)
        except NoSuchEdition as none:
            choices = _choices(none.periods, None)
            return render(request, "public/no_edition.html", {"choices": choices}, status=404)
        request.open_query = edition.query
        mark = edition.mark(request.get_full_path() + photos.mark_of(_photos(kwargs)))
        response = get_conditional_response(request, etag=mark)
        if response is None:
            response = view(request, edition, *args, **kwargs)
        if response.status_code in (200, 304):
            response["ETag"] = mark
            patch_cache_control(response, public=True, max_age=FRESH)
        return response

    return login_not_required(require_safe(answer))


def _photos(kwargs: dict) -> list[Photo]:
    """Those that the page of a village shows: they are no part of an edition."""
    code = kwargs.get("code", "")
    return photos.photos_of(code) if level_of(code) == Level.VILLAGE else []


def _edition(request, kwargs: dict) -> Edition:
    """By the period in the path of a file, else by the query string."""
    if "period" in kwargs:
        return edition_of(Period.from_code(kwargs.pop("period")))
    return asked_edition(request.GET)


def _page(request, template: str, edition: Edition, **more):
    """A page with figures; a calm one while none are published."""
    if edition.snapshot is None:
        return render(request, "public/nothing.html", {"edition": edition})
    context = {
        "edition": edition,
        "of": edition.publication,
        "choices": _choices(edition.periods, edition.snapshot.period),
        "q": edition.query,
        **more,
    }
    return render(request, template, context)


def _choices(periods: tuple[Period, ...], current: Period | None) -> list[dict]:
    """The periods one may turn to. The usual one needs no words in the address."""
    return [
        {
            "label": period.label,
            "query": query_of(period if place else None) or "?",
            "current": period == current,
        }
        for place, period in enumerate(periods)
    ]


def _map(of: Publication, query: str, code: str = ""):
    """The map of the regency or of one district, each village leading to its public page."""
    code = code or of.whole.code
    shares = [_share(one, query) for one in of.villages if one.code.startswith(code)]
    return area_map(code, shares)


def _share(one: Place, query: str) -> VillageShare:
    address = reverse("dashboards:public-area", args=[one.code]) + query
    count = one.headline
    return VillageShare(one.code, one.title, one.place, count.involved, count.judged, address)


@public_page
def home(request, edition: Edition):
    drawn = edition.snapshot and _map(edition.publication, edition.query)
    return _page(request, "public/home.html", edition, map=drawn)


@public_page
def map_page(request, edition: Edition):
    if edition.snapshot is None:
        return _page(request, "public/map.html", edition)
    of = edition.publication
    more = {"map": _map(of, edition.query), "groups": _by_district(of, of.villages)}
    return _page(request, "public/map.html", edition, **more)


@public_page
def places(request, edition: Edition):
    """Districts with their villages; `cari` keeps those with these letters in the name."""
    sought = " ".join(request.GET.get("cari", "")[:LONGEST_SEARCH].split())
    if edition.snapshot is None:
        return _page(request, "public/places.html", edition)
    of = edition.publication
    found = [one for one in of.villages if sought.casefold() in one.title.casefold()]
    kept = parse_qsl(edition.query.removeprefix("?"))
    groups = _by_district(of, found)
    more = {"groups": groups, "found": len(found), "sought": sought, "kept": kept}
    return _page(request, "public/places.html", edition, **more)


def _by_district(of: Publication, villages: Iterable[Place]) -> list[tuple[Place, list[Place]]]:
    """The districts in which these villages lie, each with its own."""
    members = defaultdict(list)
    for one in villages:
        members[one.code[:8]].append(one)
    return [(one, members[one.code]) for one in of.districts if one.code in members]


@public_page
def area(request, edition: Edition, code: str):
    """The regency, a district or a village of it."""
    place = edition.snapshot and edition.publication.place(code)
    if not place:
        raise Http404
    of = edition.publication
    if level_of(code) == Level.VILLAGE:
        above = of.place(code[:8])
        rows = of.rows_of(code)
        named = {row.program for row in rows}
        shown = [one for one in photos.photos_of(code) if one.activity.program_id in named]
        more = {"place": place, "above": above, "rows": rows, "photos": shown}
        return _page(request, "public/village.html", edition, **more)
    members = [one for one in of.villages if one.code.startswith(f"{code}.")]
    drawn = _map(of, edition.query, code)
    more = {"place": place, "villages": sorted(members, key=_highest_first), "map": drawn}
    return _page(request, "public/area.html", edition, **more)


def _highest_first(one: Place) -> tuple:
    count = one.headline
    return -(count.involved / count.judged if count.judged else -1), one.title


@public_page
def programs(request, edition: Edition):
    """Programs of offices and districts; a village's own stand on its page."""
    if edition.snapshot is None:
        return _page(request, "public/programs.html", edition)
    of = edition.publication
    listed = [one for one in of.programs if not one.own]
    more = {"programs": listed, "own": len(of.programs) - len(listed)}
    return _page(request, "public/programs.html", edition, **more)


@public_page
def program(request, edition: Edition, uid):
    found = edition.snapshot and edition.publication.program(uid)
    if not found:
        raise Http404
    return _page(request, "public/program.html", edition, program=found)


@public_page
def data(request, edition: Edition):
    if edition.snapshot is None:
        return _page(request, "public/data.html", edition)
    files = [
        (one, [(kind, downloads.address_of(one, edition.snapshot.period, kind)) for kind in kinds])
        for one in DATASETS.values()
        if (kinds := one.formats)
    ]
    return _page(request, "public/data.html", edition, files=files)


@public_page
def file(request, edition: Edition, name: str, kind: str):
    dataset = DATASETS.get(name)
    if not dataset or kind not in dataset.formats:
        raise Http404
    made = downloads.file_answer(dataset, edition.publication, kind, site_of(request))
    return _open_to_all(made)


@public_page
def catalogue(request, edition: Edition):
    said = downloads.catalogue(edition, site_of(request))
    body = json.dumps(said, ensure_ascii=False, indent=1)
    return _open_to_all(HttpResponse(body, content_type="application/ld+json"))


def _open_to_all(response: HttpResponse) -> HttpResponse:
    """Pages of others may read open data; no cookie goes with it."""
    response["Access-Control-Allow-Origin"] = "*"
    return response


@public_page
def about(request, edition: Edition):
    words = {
        "line": WOMEN_PERCENT,
        "most": MOST_WITHOUT_DATA_PERCENT,
        "definition": DEFINITION_VERSION,
    }
    return _page(request, "public/about.html", edition, **words)


@public_page
def corrections(request, edition: Edition):
    return render(request, "public/corrections.html", {"edition": edition, "q": edition.query})


@public_page
def privacy(request, edition: Edition):
    context = {"edition": edition, "q": edition.query, "most": SMALL - 1}
    return render(request, "public/privacy.html", context)


@login_not_required
@require_safe
def robots(request):
    """Search machines may read what everybody may, and nothing else."""
    text = "User-agent: *\nAllow: /publik/\nAllow: /static/\nDisallow: /\n"
    return HttpResponse(text, content_type="text/plain")
