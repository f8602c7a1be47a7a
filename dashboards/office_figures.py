"""The four numbers of one office, each beside the year before and with the list behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.formats import count
from programs.involvement import WOMEN_PERCENT, Headline

from .counts import Share
from .figures import ALL, Figure, a_year_before
from .offices import Office


@dataclass(frozen=True)
class Reached(Figure):
    """Villages reached of those planned: a plan of its own each year, so never compared."""

    @property
    def change(self) -> str:
        return ""


def figures_of_office(office: Office) -> tuple[Figure, ...]:
    """Programs, activities, villages reached and women deciding; asks the database nothing."""
    common = {
        "newest": office.newest,
        "definition": office.definition,
        "against": a_year_before(office.flt).period,
    }
    return tuple(one(office, common) for one in (_programs, _activities, _reached, _deciders))


def _programs(office: Office, common: dict[str, Any]) -> Figure:
    headline, total = office.headline, office.total
    said = _("%(n)s of %(m)s programs in villages involve women (%(k)s without data)") % {
        "n": count(headline.involved),
        "m": count(headline.judged),
        "k": count(headline.no_data),
    }
    return Figure(
        "programs",
        _("Programs that involve women"),
        headline.share,
        said,
        headline.no_data,
        office.before.headline.share,
        None,
        list_url=total.involved_url,
        whole_url=total.judged_url,
        enough_data=headline.enough_data,
        **common,
    )


def _activities(office: Office, common: dict[str, Any]) -> Figure:
    total, heads = office.total, office.total.sums.heads
    no_data = heads.activities - heads.counted
    part, whole = heads.coverage or (0, 0)
    return Figure(
        "activities",
        _("Activities with women"),
        heads.coverage,
        _of(heads.coverage, _("%(n)s of %(m)s counted activities")),
        no_data,
        office.before.heads.coverage,
        ALL,
        list_url=total.activities(women=1),
        whole_url=total.activities(counted=1),
        target_words=_("Target: every activity"),
        enough_data=Headline(part, whole, no_data).enough_data,
        **common,
    )


def _reached(office: Office, common: dict[str, Any]) -> Figure:
    sums = office.total.sums
    share = (sums.reached, sums.villages) if sums.villages else None
    return Reached(
        "reached",
        _("Villages reached"),
        share,
        _of(share, _("%(n)s of %(m)s villages planned")),
        0,
        None,
        ALL,
        list_url="",
        whole_url="",
        target_words=_("Target: every village planned"),
        **common,
    )


def _deciders(office: Office, common: dict[str, Any]) -> Figure:
    share = office.total.sums.heads.deciders
    return Figure(
        "deciders",
        _("Women deciding"),
        share,
        _of(share, _("%(n)s of %(m)s who decide")),
        0,
        office.before.heads.deciders,
        WOMEN_PERCENT,
        list_url=office.total.activities(),
        whole_url="",
        target_words=_("Line: %(percent)s percent") % {"percent": WOMEN_PERCENT},
        **common,
    )


def _of(share: Share, words: str) -> str:
    """A share in whole numbers, or that nobody counted."""
    if not share:
        return _("Nobody counted yet")
    return words % {"n": count(share[0]), "m": count(share[1])}
