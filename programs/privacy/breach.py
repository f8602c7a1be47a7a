"""The letter about a breach, filled with what the audit trail knows of it (UU 27/2022, Pasal 46).

It says what the law asks for: which data, when and how, what was done. What no trail knows is left
to be written by hand: a line of dots.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone, translation

from accounts.capabilities import CAPABILITIES
from accounts.models import Grant, User
from accounts.trail_words import sentence
from core import audit
from core.formats import day_long, moment
from core.models import AuditEntry
from villages.models import Regency, Village

#: Those concerned and the agency are told within this.
TOLD_WITHIN: Final = timedelta(hours=72)
BLANK: Final = "...................."
LETTER: Final = Path(__file__).with_name("surat.txt")
#: To whom the letter goes.
RECIPIENTS: Final = {
    "lembaga": "Lembaga Pelindungan Data Pribadi",
    "subjek": "Saudara/i " + BLANK,
}
#: Longer lists are told by their number; the page of the audit trail has them all.
MOST_LINES = 60


@dataclass(frozen=True)
class Breach:
    """What is known: the accounts that were misused, the window, when it came to light."""

    accounts: Collection[User]
    since: datetime
    until: datetime
    found: datetime
    what: str = ""

    @property
    def due(self) -> datetime:
        """The last moment for the letter."""
        return self.found + TOLD_WITHIN

    def entries(self) -> QuerySet[AuditEntry]:
        """What these accounts did in the window, in its order."""
        rows = AuditEntry.objects.filter(actor__in=[one.pk for one in self.accounts])
        return rows.filter(at__gte=self.since, at__lte=self.until).order_by("pk")

    def grants(self) -> list[Grant]:
        """The tasks that were in force at some time of the window."""
        rows = Grant.objects.filter(user__in=[one.pk for one in self.accounts])
        rows = rows.filter(valid_from__lte=timezone.localdate(self.until))
        rows = rows.exclude(valid_until__lt=timezone.localdate(self.since))
        rows = rows.exclude(revoked_at__lt=self.since)
        return list(rows.select_related("village", "district", "regency", "opd__regency"))


def letter(of: Breach, to: str, now: datetime) -> str:
    """The whole letter as text, in Indonesian, to `lembaga` or `subjek`."""
    with translation.override("id"):
        return _filled(
            recipient=RECIPIENTS[to], today=day_long(timezone.localdate(now)), **_facts(of)
        )


def blank(to: str) -> str:
    """The letter with nothing filled in, for a day on which the portal itself is down."""
    return _filled(recipient=RECIPIENTS[to])


def _filled(**facts: str) -> str:
    class Dots(dict):
        def __missing__(self, key: str) -> str:
            return BLANK

    return LETTER.read_text(encoding="utf-8").format_map(Dots(facts))


def _facts(of: Breach) -> dict[str, str]:
    entries, grants = list(of.entries()), of.grants()
    return {
        "government": _government(),
        "found": moment(of.found),
        "due": moment(of.due),
        "since": moment(of.since),
        "until": moment(of.until),
        "what": of.what or BLANK,
        "accounts": _lines(f"{one.name} ({one.username})" for one in of.accounts),
        "area": _area(grants),
        "data": _lines(_data(grants)),
        "downloads": _lines(_downloads(entries)),
        "changes": _lines(_changes(entries)),
        "handling": _lines(_handling(of)),
    }


def _government() -> str:
    regency = Regency.objects.filter(code=settings.PUG_REGENCY).first()
    return regency.name.upper() if regency else BLANK


def _lines(texts: Iterator[str]) -> str:
    told = list(texts)
    more = [f"dan {len(told) - MOST_LINES} lainnya"] if len(told) > MOST_LINES else []
    return "\n".join(f"- {one}" for one in [*told[:MOST_LINES], *more]) or "- tidak ada"


def _area(grants: list[Grant]) -> str:
    """How many villages, by name when they are few."""
    found = Village.objects.none()
    for one in grants:
        found = found | _villages_of(one)
    names = [one.title for one in found.distinct().order_by("name")[:11]]
    if len(names) > 10:
        return f"{found.distinct().count()} desa dan kelurahan"
    return ", ".join(names) or "tidak ada"


def _villages_of(grant: Grant) -> QuerySet[Village]:
    if grant.village_id:
        return Village.objects.filter(pk=grant.village_id)
    if grant.district_id:
        return Village.objects.filter(district=grant.district_id)
    regency = grant.regency_id or (grant.opd.regency_id if grant.opd else None)
    return Village.objects.filter(district__regency=regency) if regency else Village.objects.all()


def _data(grants: list[Grant]) -> Iterator[str]:
    """What such tasks let somebody read."""
    words = frozenset().union(*(CAPABILITIES[one.role] for one in grants))
    if "manage_users" in words:
        yield "nama, nama pengguna, dan nomor telepon pemegang akun di wilayah itu"
    if "view" in words:
        yield "catatan kegiatan desa berisi jumlah peserta, dengan nama pencatatnya"
        yield "foto kegiatan yang memperlihatkan orang"
        yield "dokumen perencanaan dan perjanjian dengan nama pejabat penanda tangan"
    if "audit" in words:
        yield "jejak kerja pemegang akun"


def _downloads(entries: list[AuditEntry]) -> Iterator[str]:
    for one in entries:
        if one.action.startswith(audit.DOWNLOAD):
            rows = one.changes.get("rows")
            size = f", {rows} baris" if rows is not None else ""
            yield f"{moment(one.at)}: {sentence(one.action)}{size}"


def _changes(entries: list[AuditEntry]) -> Iterator[str]:
    counts = Counter(
        one.action for one in entries if not one.action.startswith((audit.DOWNLOAD, "login."))
    )
    for action, number in sorted(counts.items()):
        yield f"{sentence(action)}: {number} kali"


def _handling(of: Breach) -> Iterator[str]:
    """What is on file: accounts that were closed after it came to light."""
    keys = {str(one.pk): one for one in of.accounts if not one.is_active}
    closed = AuditEntry.objects.filter(
        action="person.disable", object_type="user", object_id__in=keys, at__gte=of.since
    )
    for one in closed.order_by("pk"):
        name = keys[one.object_id].username
        yield f"akun {name} ditutup pada {moment(one.at)}; semua sesi dan kunci berakhir"
    yield BLANK
