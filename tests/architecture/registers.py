"""Agreements, institutions, seats, scorecards and indices behind the addresses of the sweep: all
are about the owner's village, or kept by the officer's regency."""

from __future__ import annotations

from datetime import date
from functools import cached_property

from django.utils import timezone

from accounts.services import ask_about_data
from indicators.population import figure_of
from indicators.services.instruments import new_version
from mou.models import AgreementFile, Body, FileKind, Obligation, ObligationEntry, Training
from mou.services.duties import enter_progress
from mou.services.files import add_file
from mou.services.institutions import add_body, add_training
from tests import make
from tests.indicators import made_cards, made_indices, made_seats
from tests.mou import made_agreements, made_facilitators
from villages.models import Population
from villages.services.population import keep_population

from .plans import PDF, SECRET

TODAY = timezone.localdate


class Registers:
    """The keys of what `register` has made."""

    seat_year = "2025"

    def register(self) -> None:
        """All of them; what a request changes is undone, they stay."""
        for name, found in vars(Registers).items():
            if isinstance(found, cached_property):
                getattr(self, name)

    @cached_property
    def _officer(self):
        return make.officer()

    @cached_property
    def _partner(self):
        return made_agreements.partner("TPP Paser")

    @cached_property
    def _agreement(self):
        return made_agreements.agreement(
            self._partner,
            by=self._officer,
            areas=[make.village()],
            title=f"Perjanjian {SECRET}",
            starts_on=date(TODAY().year, 1, 1),
            ends_on=date(TODAY().year, 12, 31),
        )

    @cached_property
    def data_request(self):
        """The owner asks that her data be corrected."""
        owner = self.people["owner"]
        return ask_about_data(owner, "correct", wish=SECRET, actor=owner).pk

    @cached_property
    def partner(self):
        return self._partner.pk

    @cached_property
    def agreement(self):
        return self._agreement.pk

    @cached_property
    def agreement_file(self):
        return self._agreement.files.get().pk

    @cached_property
    def obligation(self):
        return Obligation.objects.get(agreement=self._agreement).pk

    @cached_property
    def progress(self):
        entry = ObligationEntry(
            obligation_id=self.obligation, reached_on=date(TODAY().year, 1, 1), value=3, note=SECRET
        )
        return enter_progress(entry, actor=self._officer).pk

    @cached_property
    def _facilitator(self):
        return made_facilitators.facilitator(make.village(), of=self._partner)

    @cached_property
    def facilitator(self):
        return self._facilitator.uid

    @cached_property
    def membership(self):
        return self._facilitator.memberships.get().pk

    @cached_property
    def assignment(self):
        return self._facilitator.grants.get().pk

    @cached_property
    def body(self):
        of = Body(regency=make.regency(), kind="driver", name=f"Tim {SECRET}")
        return add_body(of, actor=self._officer, members=[]).pk

    @cached_property
    def decree(self):
        of = AgreementFile(body_id=self.body, kind=FileKind.DECREE, title=SECRET)
        return add_file(of, PDF, actor=self._officer, file_name="sk.pdf").pk

    @cached_property
    def training(self):
        of = Training(
            regency=make.regency(),
            title=f"Pelatihan {SECRET}",
            held_on=date(2025, 3, 1),
            women=3,
            men=2,
        )
        return add_training(of, actor=self._officer).pk

    @cached_property
    def representation(self):
        village, year = make.village(), int(self.seat_year)
        return made_seats.seats(village, by=self.people["owner"], year=year, source=SECRET).pk

    @cached_property
    def card(self):
        return made_cards.card(make.village(), actor=self.people["owner"]).pk

    @cached_property
    def instrument(self):
        return made_cards.shipped("drg").pk

    @cached_property
    def instrument_draft(self):
        shipped = made_cards.shipped("drg")
        return new_version(shipped, actor=self._officer, regency=make.regency()).pk

    @cached_property
    def release(self):
        return made_indices.release(("64.01", 2024, "72.5"), title="BPS Paser 2024").pk

    @cached_property
    def population_key(self):
        row = Population(
            area_code="64.01",
            year=2025,
            period="Semester 1",
            women=5,
            men=5,
            total=10,
            source="BPS",
        )
        return figure_of(keep_population(row, actor=self._officer)).key
