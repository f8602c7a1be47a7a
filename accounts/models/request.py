"""What people asked about their own data, and what was decided."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.identifiers import uuid7

#: Rights of the person are answered within this (UU 27/2022).
ANSWERED_WITHIN = timedelta(hours=72)


class RequestKind(models.TextChoices):
    COPY = "copy", _("A copy of my data")
    CORRECT = "correct", _("Correct my data")
    ERASE = "erase", _("Erase my data")


class Decision(models.TextChoices):
    OPEN = "open", _("Waiting")
    DONE = "done", _("Done")
    PARTLY = "partly", _("Done in part")
    REFUSED = "refused", _("Refused")


class DataRequestQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Requests of people whom `actor` looks after."""
        if not actor.is_authenticated:
            return self.none()
        people = get_user_model().objects.visible_to(actor)
        return self.filter(person__in=people.values("pk"))

    def waiting(self):
        """Not decided, the oldest first."""
        return self.filter(decision=Decision.OPEN).order_by("asked_at")


class DataRequest(models.Model):
    """One request of one person about what the portal holds on her, with its decision."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="data_requests"
    )
    kind = models.CharField(max_length=7, choices=RequestKind)
    wish = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    decision = models.CharField(max_length=7, choices=Decision, default=Decision.OPEN)
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=models.Q(decision="open"),
                name="data_request_one_open_of_a_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_kind_display()}"

    @property
    def due_at(self):
        """When it has to be answered."""
        return self.asked_at + ANSWERED_WITHIN
