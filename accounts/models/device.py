"""Phones (and computers) on which a person of the field is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.identifiers import uuid7

if TYPE_CHECKING:
    from .person import User


class DeviceQuerySet(models.QuerySet):
    def live(self):
        """Those on which she is still signed in, as far as the portal knows."""
        return self.filter(ended_at=None)

    def visible_to(self, actor: User):
        """Her own, and those of people whose account she looks after."""
        return self.permitting(actor, "manage_users")

    def permitting(self, actor: User, capability: str):
        """Her own, and those of the persons on whom `actor` holds `capability`."""
        if not actor.is_authenticated:
            return self.none()
        hers = get_user_model().objects.permitting(actor, capability)
        return self.filter(Q(user=actor) | Q(user__in=hers.values("pk")))

    def silent(self):
        """Live ones that said, when they called last, that something waits there."""
        return self.live().filter(waiting__gt=0)


class Device(models.Model):
    """One sign-in of a field person on one phone, until it ends. The session carries its id."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="devices"
    )
    label = models.CharField(_("phone"), max_length=60)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    waiting = models.PositiveIntegerField(default=0, help_text="Unsent records, as it last said")
    waiting_since = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        ordering = ["-last_seen_at", "pk"]
        indexes = [models.Index(fields=["user", "ended_at"], name="device_by_user")]
        constraints = [
            models.CheckConstraint(
                name="device_waits_since_a_moment",
                condition=Q(waiting=0, waiting_since=None)
                | Q(waiting__gt=0, waiting_since__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.label
