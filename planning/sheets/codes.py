"""Activities of village budgets, found by code and name together.

Copies of the annex of Permendagri 20/2018 number some activities differently: a number alone
never says which one is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.formats import Unreadable
from programs.models import ActivityCode

_CODE = re.compile(r"0?([1-9])\.0?([1-9])\.([0-9]{1,2})(?:[. ](.+))?")
#: Activities from this number on are the village's own: their name is free.
_OWN = 90
#: A name cut short by a spreadsheet still tells which one is meant.
_ENOUGH = 16


class Codes:
    """The activities of the portal, each under one code and name."""

    def __init__(self, rows: Iterable[ActivityCode]):
        activities = [one for one in rows if one.level == ActivityCode.Level.ACTIVITY]
        self._by_code = {one.code: one for one in activities}
        self._by_name = {_letters(one.name): one for one in activities}

    def matched(self, code: str, name: str) -> tuple[str, str]:
        """(the activity's code, what is written behind it); Unreadable when code and name do not
        belong together."""
        match = _CODE.fullmatch(code.strip().rstrip("."))
        if match is None:
            text = _("Write the code of the activity, for example 4.4.01.")
            raise Unreadable("bad_code", text)
        found = f"{match[1]}.{match[2]}.{int(match[3]):02d}"
        rest = match[4] or ""
        if int(match[3]) >= _OWN and self._has_group(found):
            return found, rest
        known = self._by_code.get(found)
        if known and _alike(_letters(known.name), _letters(name)):
            return found, rest
        raise Unreadable("code_and_name", self._mismatch(found, known, name))

    def _has_group(self, code: str) -> bool:
        group = code.rsplit(".", 1)[0] + "."
        return any(one.startswith(group) for one in self._by_code)

    def _mismatch(self, code: str, known: ActivityCode | None, name: str) -> str:
        words = {"code": code, "known": known.name if known else "", "name": name[:120]}
        meant = self._by_name.get(_letters(name))
        if meant:
            words["meant"] = meant.code
            text = _(
                "“%(name)s” has the code %(meant)s, and not %(code)s. Put right the code or the "
                "name."
            )
        elif known:
            text = _(
                "Code %(code)s is “%(known)s”, and not “%(name)s”. Put right the code or the name."
            )
        else:
            text = _("Code %(code)s is not in the list of activities of villages.")
        return text % words


def _letters(name: str) -> str:
    """What tells one name from another: no brackets, marks or spaces."""
    without = re.sub(r"\([^)]*\)|\*", " ", name.casefold())
    return "".join(sign for sign in without if sign.isalnum())


def _alike(ours: str, theirs: str) -> bool:
    if ours == theirs:
        return True
    short, long = sorted((ours, theirs), key=len)
    return len(short) >= _ENOUGH and long.startswith(short)
