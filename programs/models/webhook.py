"""Tools that are told when something happens to activities."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.identifiers import uuid7

from .change import Change


class WebhookEvent(models.TextChoices):
    CREATED = "activity.created", _("Received")
    CHANGED = "activity.changed", _("Corrected")
    VERIFIED = "activity.verified", _("Verified")
    RETURNED = "activity.returned", _("Sent back")
    VOIDED = "activity.voided", _("Voided")


class WebhookQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Each person has her own."""
        return self.filter(owner=user) if user.is_authenticated else self.none()

    def live(self):
        return self.filter(ended_at=None)


class Webhook(models.Model):
    """One address that is told of one person's activities.

    It hears what its owner may see at the time of telling. The secret is not stored: it is
    derived from the portal's own secret, `uid` and `secret_version`. `read_xid`, `read_id`: how
    far it has been told in the feed of changes.
    """

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="webhooks"
    )
    name = models.CharField(_("name"), max_length=80)
    url = models.URLField(_("address"), max_length=500)
    events = models.JSONField(default=list)
    secret_version = models.PositiveSmallIntegerField(default=1)
    is_active = models.BooleanField(default=True)
    stopped_because = models.TextField(blank=True)
    failing_since = models.DateTimeField(null=True)
    read_xid = models.BigIntegerField(default=0)
    read_id = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENT = "sent", _("Delivered")
    FAILED = "failed", _("Given up")


class Delivery(models.Model):
    """One message to one webhook: what was sent, how often it was tried, and what came back.

    `uid` is the message's id and the same on every try. `body` is the text that was signed.
    `tries`: [{at, status, seconds, detail}], the last ones.
    """

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="+", null=True)
    event = models.CharField(max_length=24)
    record = models.UUIDField()
    body = models.TextField()
    state = models.CharField(max_length=8, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(default=timezone.now)
    tries = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at", "uid"]
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(
                fields=["next_at"], name="delivery_due", condition=models.Q(state="waiting")
            ),
            models.Index(fields=["webhook", "record", "created_at"], name="delivery_of_record"),
        ]
        constraints = [models.UniqueConstraint(fields=["webhook", "change"], name="delivery_once")]

    def __str__(self) -> str:
        return f"{self.event} {self.record}"
