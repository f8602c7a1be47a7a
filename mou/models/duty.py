"""Duties that parties took upon themselves, and what is known of their progress."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.identifiers import uuid7
from programs.models import Stage

from .agreement import Agreement, OfAgreement, Party
from .vocabulary import DutyMeasure


class Obligation(models.Model):
    """One duty (kewajiban) of one party: what, how much of it, by when.

    Bound to the portal (`measure` other than hand) it counts itself from the activities that the
    party's people logged in the agreement's time and area, of one stage where `stage` is named.
    """

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="obligations")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="obligations")
    position = models.PositiveSmallIntegerField(default=0)
    text = models.TextField(_("duty"))
    measure = models.CharField(
        _("measured by"), max_length=10, choices=DutyMeasure, default=DutyMeasure.HAND
    )
    stage = models.CharField(_("only this stage"), max_length=16, choices=Stage, blank=True)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    target = models.PositiveIntegerField(_("target"), null=True, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Taken out of the agreement")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = OfAgreement.as_manager()

    class Meta:
        ordering = ["position", "uid"]

    def __str__(self) -> str:
        return self.text


class ObligationEntry(models.Model):
    """How far a duty had come on a day, entered by hand: the whole so far, not what was added."""

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="entries")
    reached_on = models.DateField(_("as of"))
    value = models.PositiveIntegerField(_("reached so far"))
    note = models.TextField(_("note"), blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-reached_on", "-uid"]
        verbose_name_plural = "obligation entries"
        constraints = [
            models.UniqueConstraint(
                fields=["obligation", "reached_on"],
                condition=Q(withdrawn_at=None),
                name="duty_entry_once_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.reached_on}: {self.value}"
