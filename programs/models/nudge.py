"""Reminders sent to villages that did not report."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models

from core.identifiers import uuid7
from core.querysets import ScopedQuerySet
from villages.models import Village

from .vocabulary import Channel


class Nudge(models.Model):
    """One person was reminded of one village's missing month, how and by whom."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="nudges")
    year = models.PositiveSmallIntegerField()
    month = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=8, choices=Channel)
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    note = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-at"]
        indexes = [models.Index(fields=["village", "year", "month", "at"], name="nudge_by_month")]

    def __str__(self) -> str:
        return f"{self.village_id} {self.year}-{self.month:02d} {self.channel}"

    @property
    def first(self) -> date:
        """The first day of the month that was missing."""
        return date(self.year, self.month, 1)
