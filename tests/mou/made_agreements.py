"""Partners and agreements for tests, made through the services."""

from __future__ import annotations

from datetime import date
from itertools import count

from mou.drafts import PartySaid
from mou.models import Agreement, AgreementFile, FileKind, Obligation, Partner
from mou.services import agreements, partners
from tests import make

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
_serial = count(1)


def partner(name: str = "TPP", kind: str = "facilitators", *, by=None, **values) -> Partner:
    """A partner on the list of Paser, or of `regency=`."""
    values = {"regency": make.regency(), **values}
    return partners.add_partner(Partner(name=name, kind=kind, **values), actor=by)


def agreement(
    of: Partner,
    *,
    by=None,
    starts_on: date | None = date(2026, 1, 1),
    ends_on: date | None = date(2026, 12, 31),
    confirmed: bool = True,
    areas=(),
    duty: dict | None = None,
    office=None,
    **values,
) -> Agreement:
    """An agreement of an office with one partner, whole enough to be in force where `confirmed`.

    It then has a signed PDF and one duty of the partner (`duty`: its values; by default one that
    is entered by hand); with `confirmed=False` it has neither.
    """
    wanted = {
        "title": f"Kerja sama {next(_serial)}",
        "form": "cooperation",
        "source": "Naskah perjanjian",
        "open_ended": bool(starts_on and ends_on is None),
    }
    if confirmed:
        wanted |= {"number_first": "100/1", "number_second": "200/2", "signed_on": starts_on}
    made = agreements.add_agreement(
        Agreement(regency=of.regency, starts_on=starts_on, ends_on=ends_on, **wanted | values),
        actor=by,
        parties=parties(of, office),
        areas=areas,
    )
    if confirmed:
        signed(made, by=by)
        promise(made, **(duty or {}))
        agreements.confirm_agreement(made, actor=by, version=made.version)
    return made


def parties(of: Partner, office=None) -> list[PartySaid]:
    first = office or make.opd("DP2KBP3A", regency=of.regency)
    return [
        PartySaid(first, "Amir Faisal", "Kepala Dinas"),
        PartySaid(of, "Rudi", "Koordinator"),
    ]


def signed(of: Agreement, *, by=None) -> AgreementFile:
    """The signed PDF of it. Somebody must have brought it: an officer where `by` is None."""
    file = AgreementFile(agreement=of, kind=FileKind.AGREEMENT, title="Naskah")
    by = by or make.officer(regency=of.regency)
    return agreements.add_file(file, PDF, actor=by, file_name="naskah.pdf")


def promise(of: Agreement, text: str = "Mendampingi desa", **values) -> Obligation:
    """One duty of the partner, straight on file: duties have tests of their own."""
    values = {"party": of.parties.get(partner__isnull=False), "text": text, **values}
    return Obligation.objects.create(agreement=of, **values)
