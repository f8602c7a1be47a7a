"""By which office a document is given out: a body, never a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.capabilities import Role

from ..areas import district_title
from ..context import regency_name

#: From the widest reach to the narrowest: which of several tasks she acts in.
_ORDER = (
    *(Role.OFFICER, Role.LEADER, Role.AUDITOR, Role.PLANNER, Role.DISTRICT_OFFICER),
    *(Role.OPD_HEAD, Role.OPD_FOCAL_POINT, Role.FACILITATOR, Role.VILLAGE_HEAD),
)


def _regency(grant: Any) -> str:
    return grant.regency.name if grant.regency else regency_name(settings.PUG_REGENCY)


_NAMES: dict[str, Callable[[Any], str]] = {
    Role.OFFICER: lambda grant: _("DP2KBP3A %(area)s") % {"area": _regency(grant)},
    Role.LEADER: lambda grant: (
        _("Government of %(area)s")
        % {"area": district_title(grant.district.name) if grant.district else _regency(grant)}
    ),
    Role.AUDITOR: lambda grant: _("Inspectorate of %(area)s") % {"area": _regency(grant)},
    Role.PLANNER: lambda grant: _("Planning board of %(area)s") % {"area": _regency(grant)},
    Role.DISTRICT_OFFICER: lambda grant: district_title(grant.district.name),
    Role.OPD_HEAD: lambda grant: grant.opd.name,
    Role.OPD_FOCAL_POINT: lambda grant: grant.opd.name,
    Role.FACILITATOR: lambda grant: _("Village facilitators"),
    Role.VILLAGE_HEAD: lambda grant: _("Government of %(area)s") % {"area": grant.village.title},
}


def office_of(user) -> str:
    """The office in which this person acts today; "" for somebody without a task."""
    grants = sorted(user.grants_today, key=lambda grant: _ORDER.index(grant.role))
    if not grants:
        return ""
    with translation.override(settings.LANGUAGE_CODE):
        return _NAMES[grants[0].role](grants[0])
