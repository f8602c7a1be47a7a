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

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.name
