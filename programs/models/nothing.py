"""Months of which a village said that there was nothing to report: zero, which is not missing."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from core.identifiers import uuid7
from core.querysets import ScopedQuerySet
from villages.models import Village

from .activity import Activity


class NothingQuerySet(ScopedQuerySet):
    def in_force(self):
        """Declarations that stand: not taken back, and no record of the month came in since."""
        records = Activity.objects.live().filter(
            village=OuterRef("village"), year=OuterRef("year"), month=OuterRef("month")
        )
        return self.filter(withdrawn_at=None).exclude(Exists(records))


class NothingToReport(models.Model):
    """One village had no activity in one month, somebody said. A later record outweighs it.

    Taken back, the row stays; the same month may then be declared anew.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="nothing")
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    declared_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = NothingQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-month", "village"]
        verbose_name_plural = "months with nothing to report"
        constraints = [
            models.UniqueConstraint(
                fields=["village", "year", "month"],
                condition=Q(withdrawn_at=None),
                name="nothing_declared_once",
            ),
            models.CheckConstraint(
                name="nothing_month_of_year",
                condition=Q(month__range=(1, 12), year__range=(2000, 2100)),
            ),
            models.CheckConstraint(
                name="nothing_withdrawn_by_somebody",
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.village_id} {self.year}-{self.month:02d}"

    @property
    def first(self) -> date:
        """The first day of the month."""
        return date(self.year, self.month, 1)
