"""Phones and computers on which somebody is signed in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.identifiers import uuid7

if TYPE_CHECKING:
    from .person import User


#: How long a login of an office lasts (accounts/middleware.py).
OFFICE_IDLE, OFFICE_ABSOLUTE = timedelta(minutes=30), timedelta(hours=12)


class DeviceQuerySet(models.QuerySet):
    def live(self):
        """Those on which she is still signed in, as far as the portal knows."""
        return self.filter(ended_at=None)

    def present(self, now: datetime):
        """Live ones, without the office computers whose login has run out by itself."""
        idle, old = now - OFFICE_IDLE, now - OFFICE_ABSOLUTE
        fresh = Q(last_seen_at__gt=idle, first_seen_at__gt=old)
        return self.live().filter(Q(session_key="") | fresh)

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
    """One sign-in on one phone or computer, until it ends. The session carries its id.

    A phone of the field asks on each call whether its row still lives. An office's computer does
    not: its row knows the session, and ending the row deletes that.
    """

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
    session_key = models.CharField(max_length=40, blank=True, default="", db_default="")

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
