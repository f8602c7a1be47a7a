"""Who signed an agreement and where it holds: judged and stored together with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from core.errors import Problem, Refused
from core.formats import one_line
from villages.models import District, Village

from ..drafts import Area, PartySaid
from ..models import Agreement, AgreementArea, Party

#: Positions that no party keeps: room to move in.
_ASIDE = 1_000


def tidied(parties: Iterable[PartySaid]) -> list[PartySaid]:
    """The same, each name, position and number on one line."""
    return [
        replace(one, **{name: one_line(text) for name, text in one.signature().items()})
        for one in parties
    ]


def problems_of_parties(agreement: Agreement, parties: Sequence[PartySaid]) -> Iterator[Problem]:
    """A party of another regency, or one that is named twice."""
    seen = set()
    for one in parties:
        if one.organisation.regency_id != agreement.regency_id:
            words = _("%(party)s belongs to another regency.")
            yield Problem("parties", "outside", words % {"party": one.organisation})
        key = _key(one)
        if key in seen:
            words = _("%(party)s is named twice. Each party signs once.")
            yield Problem("parties", "repeated", words % {"party": one.organisation})
        seen.add(key)


def problems_of_areas(agreement: Agreement, areas: Iterable[Area]) -> Iterator[Problem]:
    if any(_regency_of(one) != agreement.regency_id for one in areas):
        words = _("Choose districts and villages of this regency.")
        yield Problem("areas", "outside", words)


def write_parties(agreement: Agreement, parties: Sequence[PartySaid]) -> bool:
    """These are the parties, in this order; whether anything differs from before.

    Who stays keeps its row, because duties hang on it. Refused: in_use (parties) where one that
    has duties would go.
    """
    held = {_key_of(one): one for one in agreement.parties.all()}
    if said_of(held.values()) == list(parties):
        return False
    wanted = {_key(one): one for one in parties}
    for key, row in held.items():
        if key not in wanted:
            _take_out(row)
    for number, one in enumerate(held.values(), start=_ASIDE):
        Party.objects.filter(pk=one.pk).update(position=number)
    for position, (key, said) in enumerate(wanted.items(), start=1):
        row = held.get(key) or Party(agreement=agreement, **said.names())
        row.position = position
        for name, value in said.signature().items():
            setattr(row, name, value)
        row.save()
    return True


def write_areas(agreement: Agreement, areas: Iterable[Area]) -> bool:
    """It holds for these; a village inside a district that is named as well adds nothing."""
    areas = list(areas)
    districts = {one.pk for one in areas if isinstance(one, District)}
    villages = {
        one.pk for one in areas if isinstance(one, Village) and one.district_id not in districts
    }
    held = list(agreement.areas.all())
    before = {(one.district_id, one.village_id) for one in held}
    after = {(pk, None) for pk in districts} | {(None, pk) for pk in villages}
    if before == after:
        return False
    agreement.areas.all().delete()
    AgreementArea.objects.bulk_create(
        AgreementArea(agreement=agreement, district_id=district, village_id=village)
        for district, village in sorted(after, key=str)
    )
    return True


def said_of(parties: Iterable[Party]) -> list[PartySaid]:
    """Parties on file, as they would be said."""
    return [
        PartySaid(one.organisation, one.signatory_name, one.signatory_title, one.authority)
        for one in parties
    ]


def areas_of(agreement: Agreement) -> list[Area]:
    """The districts and villages on file; [] for the whole regency."""
    rows = agreement.areas.select_related("district", "village")
    return [one.district or one.village for one in rows]


def _take_out(party: Party) -> None:
    if party.obligations.exists():
        words = _("%(party)s has duties in this agreement. It stays a party.")
        raise Refused(Problem("parties", "in_use", words % {"party": party.organisation}))
    party.delete()


def _key(said: PartySaid) -> tuple:
    return type(said.organisation).__name__, said.organisation.pk


def _key_of(party: Party) -> tuple:
    return type(party.organisation).__name__, party.organisation.pk


def _regency_of(area: Area) -> int:
    return area.regency_id if isinstance(area, District) else area.district.regency_id
