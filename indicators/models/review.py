"""What a village says of itself for one year, and the steps of its review."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.identifiers import uuid7
from core.querysets import ScopedQuerySet
from villages.models import Village

from .vocabulary import SENT_STATES, ReviewKind, ReviewState


class VillageYearQuerySet(ScopedQuerySet):
    def sent(self):
        """What was sent in and not returned: the reported basis."""
        return self.filter(state__in=SENT_STATES)

    def verified(self):
        return self.filter(state=ReviewState.VERIFIED)

    def waiting(self):
        return self.filter(state=ReviewState.SUBMITTED)


class VillageYear(models.Model):
    """One village in one year, entered by one hand and verified by another."""

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    village = models.ForeignKey(
        Village, on_delete=models.PROTECT, verbose_name=pgettext_lazy("an area", "village")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    state = models.CharField(
        _("state"), max_length=9, choices=ReviewState, default=ReviewState.DRAFT
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    is_example = models.BooleanField(default=False, help_text="Made for the demonstration")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = VillageYearQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        """Its writer may still change it."""
        return self.state in (ReviewState.DRAFT, ReviewState.RETURNED)


class ReviewStep(models.Model):
    """One step of a village's year: who, when, and why it was returned."""

    subject = models.UUIDField(help_text="Representation or assessment")
    kind = models.CharField(max_length=9, choices=ReviewKind)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["subject", "at"], name="review_step_by_subject")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"
