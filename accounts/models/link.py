"""One-time links that put a person of the field on a phone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models

from core.identifiers import uuid7

if TYPE_CHECKING:
    from .person import User


class EnrolmentLinkQuerySet(models.QuerySet):
    def live_at(self, now: datetime):
        """Not used, not withdrawn, not too old."""
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=now)

    def visible_to(self, actor: User):
        """Links for persons whom `actor` may help onto a phone."""
        return self.permitting(actor, "enrol")

    def permitting(self, actor: User, capability: str):
        """Links for persons on whom `actor` holds `capability`."""
        if not actor.is_authenticated:
            return self.none()
        return self.filter(person__in=get_user_model().objects.permitting(actor, capability))


class EnrolmentLink(models.Model):
    """One way in for one person, once, for 72 hours. Only its HMAC is kept; it is shown once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrolment_links"
    )
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = EnrolmentLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(used_at=None, revoked_at=None),
                name="link_one_open_per_person",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.made_at:%Y-%m-%d %H:%M}"
