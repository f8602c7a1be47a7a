"""Women in decision making: one village in one year (domain.md 3.6)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .review import VillageYear
from .vocabulary import ProposalStage, Seat, Sex


class Representation(VillageYear):
    """What one village says of women among those who decide there in one year."""

    head_sex = models.CharField(_("village head"), max_length=1, choices=Sex, blank=True)
    women_meeting = models.BooleanField(
        _("special meeting of women before the Musrenbang"), null=True, blank=True
    )
    women_meeting_on = models.DateField(_("date of that meeting"), null=True, blank=True)
    women_meeting_minutes = models.CharField(_("number of the minutes"), max_length=80, blank=True)
    source = models.CharField(_("source of the numbers"), max_length=200, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ["-year", "village__code"]
        constraints = [
            models.UniqueConstraint(fields=["village", "year"], name="representation_once"),
            models.CheckConstraint(
                name="representation_year", condition=Q(year__range=(2000, 2100))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village} {self.year}"


class SeatCount(models.Model):
    """Women and all in one body or at one kind of meeting. No row: not known, never 0."""

    representation = models.ForeignKey(
        Representation, on_delete=models.CASCADE, related_name="seats"
    )
    seat = models.CharField(_("body"), max_length=13, choices=Seat)
    women = models.PositiveIntegerField(_("women"))
    total = models.PositiveIntegerField(_("all together"))

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["representation", "seat"], name="seat_once"),
            models.CheckConstraint(
                name="seat_not_more_women_than_seats", condition=Q(women__lte=F("total"))
            ),
            models.CheckConstraint(name="seat_some", condition=Q(total__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.get_seat_display()}: {self.women}/{self.total}"


class ProposalCount(models.Model):
    """Women's proposals that came so far, and the money in them. No row: not known."""

    representation = models.ForeignKey(
        Representation, on_delete=models.CASCADE, related_name="proposals"
    )
    stage = models.CharField(_("stage"), max_length=8, choices=ProposalStage)
    number = models.PositiveIntegerField(_("proposals"))
    amount = models.PositiveBigIntegerField(
        _("money"), null=True, blank=True, help_text=_("Whole rupiah")
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["representation", "stage"], name="proposal_stage_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()}: {self.number}"
