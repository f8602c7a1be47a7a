"""A cell of a sheet that names villages, by code or name, or whole districts."""

from __future__ import annotations

import re
from functools import reduce
from operator import or_

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.reach import MANAGE
from villages.models import District, Village

from .facilitators import villages_to_give

_CODE = re.compile(r"\d{2}\.?\d{2}\.?\d{2}\.?\d{4}")
#: Janju; Janju (Tanah Grogot); Janju, Kec. Tanah Grogot.
_NAMED = re.compile(
    r"(?P<name>[^(,]+?)\s*(?:[(,]\s*(?:kec(?:amatan|\.)?\s+)?(?P<district>[^)]+?)\s*\)?)?",
    re.IGNORECASE,
)
#: Kecamatan Kuaro; Kec. Kuaro: the whole of it.
_WHOLE = re.compile(r"kec(?:amatan|\.)?\s+(?P<name>[^(,;]+)", re.IGNORECASE)
_KINDS = re.compile(r"^(?:desa|kelurahan)\s+", re.IGNORECASE)


class VillageCell:
    """What the cell of villages names: villages and whole districts, each once."""

    def __init__(self, user, texts: list[str]):
        self._texts = texts
        self._rows = list(villages_to_give(user).filter(self._wanted())) if texts else []
        self._districts = list(user.districts_with(MANAGE).filter(ended_on=None)) if texts else []

    def _wanted(self) -> Q:
        return reduce(or_, (self._where(text) for text in self._texts))

    @staticmethod
    def _where(text: str) -> Q:
        if _CODE.fullmatch(text):
            return Q(code=_dotted(text))
        match = _NAMED.fullmatch(text)
        return Q(name__iexact=_KINDS.sub("", match["name"]).strip()) if match else Q(pk=None)

    def found(self) -> list[Village | District]:
        """Each of them once. ValidationError names every text that is none or more than one."""
        problems: list[str] = []
        found: dict[str, Village | District] = {}
        for text in self._texts:
            meant = self._meant(text)
            if len(meant) == 1:
                found[meant[0].code] = meant[0]
            elif meant:
                problems.append(_several(text, meant[0]))
            else:
                problems.append(_("%(text)s is no village that you look after.") % {"text": text})
        if problems:
            raise ValidationError(problems, code="unknown_value")
        return list(found.values())

    def _meant(self, text: str) -> list:
        if whole := _WHOLE.fullmatch(text):
            name = whole["name"].strip().casefold()
            return [one for one in self._districts if one.name.casefold() == name]
        if _CODE.fullmatch(text):
            return [one for one in self._rows if one.code == _dotted(text)]
        match = _NAMED.fullmatch(text)
        if match is None:
            return []
        name = _KINDS.sub("", match["name"]).strip().casefold()
        district = (match["district"] or "").casefold()
        return [
            one
            for one in self._rows
            if one.name.casefold() == name and district in ("", one.district.name.casefold())
        ]


def _several(text: str, first) -> str:
    """Which word tells them apart."""
    words = _("Several villages are called %(text)s. Add the district: %(example)s.")
    district = getattr(first, "district", None)
    return words % {"text": text, "example": f"{first.name} ({district.name})" if district else ""}


def _dotted(text: str) -> str:
    plain = text.replace(".", "")
    return f"{plain[:2]}.{plain[2:4]}.{plain[4:6]}.{plain[6:]}"
