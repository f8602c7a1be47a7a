"""Keys for tools: a person's own rights, narrowed by scope, until a day."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ApiToken(models.Model):
    """One key of one person for one tool. Only its HMAC is kept; it is shown once."""

    class Scope(models.TextChoices):
        ACTIVITIES_READ = "activities:read", _("Read activities")
        ACTIVITIES_WRITE = "activities:write", _("Send activities")
        PHOTOS_WRITE = "photos:write", _("Send photos")
        DATA_READ = "data:read", _("Read figures")
        PLANS_READ = "plans:read", _("Read gender plans and budgets")
        PLANS_WRITE = "plans:write", _("Write gender plans and budgets")
        AGREEMENTS_READ = "agreements:read", _("Read agreements, partners and institutions")
        AGREEMENTS_WRITE = "agreements:write", _("Write agreements, partners and institutions")
        INDICATORS_READ = "indicators:read", _("Read women's seats, scorecards and indices")
        INDICATORS_WRITE = "indicators:write", _("Write women's seats, scorecards and indices")
        WEBHOOKS_MANAGE = (
            "webhooks:manage",
            _("Manage webhooks and receive activities through them"),
        )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tokens"
    )
    name = models.CharField(max_length=80)
    lookup = models.CharField(max_length=8, unique=True)
    digest = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    warned_at = models.DateTimeField(
        null=True, blank=True, help_text="When its owner was told that it ends soon"
    )

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class CallBudget(models.Model):
    """How many calls a key has taken in its present minute.

    Serving processes take them in small lots, so that not every call is a write.
    """

    token = models.OneToOneField(
        ApiToken, on_delete=models.CASCADE, primary_key=True, related_name="budget"
    )
    minute = models.DateTimeField()
    taken = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.token}: {self.taken}"
