"""Tables that know no domain word: the audit trail and the marks of health checks."""

from django.conf import settings
from django.db import models

from .identifiers import uuid7


class AuditEntry(models.Model):
    """One thing that a person did to one object, with what changed.

    Rows are only ever added: triggers refuse all else (core/append_only.py).
    `via`: by what door: "page", "key " and the look-up part of an API key, "command " and its name.
    """

    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    action = models.CharField(max_length=40)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=40)
    changes = models.JSONField(default=dict)
    request_id = models.CharField(max_length=36, blank=True)
    address = models.GenericIPAddressField(null=True)
    via = models.CharField(max_length=60, blank=True, default="", db_default="")

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["at"], name="audit_by_time"),
            models.Index(fields=["action", "at"], name="audit_by_action"),
            models.Index(fields=["object_type", "object_id", "at"], name="audit_by_object"),
            models.Index(fields=["actor", "at"], name="audit_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.object_type} {self.object_id}"


class AuditLink(models.Model):
    """The place of one entry in the chain that makes tampering visible (core/chain.py).

    `hash` is SHA-256, in hex, over the hash of the place before and the entry. Places are given
    after the commit of their entry: 1, 2, 3 … without a gap. Rows are only ever added.
    """

    position = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(AuditEntry, on_delete=models.PROTECT, related_name="link")
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.position} {self.hash[:12]}"


class HealthMark(models.Model):
    """The last result of one named check, written by the command or task that ran it."""

    name = models.CharField(max_length=40, primary_key=True)
    ok = models.BooleanField()
    detail = models.TextField(blank=True)
    at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.name}: {'ok' if self.ok else self.detail}"


class KeptAnswer(models.Model):
    """The answer to one call that its sender named by an Idempotency-Key; kept 30 days.

    `digest` is SHA-256 over method, path and body: the same key with another one is refused.
    `status` is 0 while the first call is being worked on.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["created_at"], name="kept_answer_by_age")]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="kept_answer_once")]

    def __str__(self) -> str:
        return self.key


class KeptSheet(models.Model):
    """One list that somebody sent as a sheet, kept a day between its trial and its taking over.

    `trial`: what it found, as programs.intake writes it; null while it is being tried.
    """

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    intake = models.CharField(max_length=30, help_text="Which list it is meant for")
    name = models.CharField(max_length=120)
    content = models.BinaryField(null=True, help_text="Gone when it was taken over")
    trial = models.JSONField(null=True)
    rows = models.PositiveIntegerField(null=True, help_text="Rows taken over")
    taken_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["created_at"], name="kept_sheet_by_age")]

    def __str__(self) -> str:
        return self.name


class Span(models.TextChoices):
    MINUTE = "minute"
    HOUR = "hour"


class RequestCount(models.Model):
    """How many requests of one kind came in one minute or hour, and how quickly they were answered.

    `kind`: page, api_read, api_write, receipt (records that phones and tools send in), or beat: a
    minute in which the duties lived. `errors`: answered 5xx; `shed`: of those not counted there,
    answered 503. `within_N`: answered without a fault in N milliseconds or less.
    """

    at = models.DateTimeField(help_text="The beginning of the minute or hour")
    span = models.CharField(max_length=6, choices=Span)
    kind = models.CharField(max_length=12)
    requests = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)
    shed = models.PositiveIntegerField(default=0)
    within_50 = models.PositiveIntegerField(default=0)
    within_100 = models.PositiveIntegerField(default=0)
    within_200 = models.PositiveIntegerField(default=0)
    within_300 = models.PositiveIntegerField(default=0)
    within_500 = models.PositiveIntegerField(default=0)
    within_1000 = models.PositiveIntegerField(default=0)
    within_2000 = models.PositiveIntegerField(default=0)
    within_5000 = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["at", "span", "kind"], name="request_count_once")
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.kind}: {self.requests}"


class Scan(models.Model):
    """What the virus scanner said of one kept document, named by its SHA-256."""

    class Verdict(models.TextChoices):
        CLEAN = "clean"
        HARMFUL = "harmful"

    digest = models.CharField(max_length=64, primary_key=True)
    verdict = models.CharField(max_length=7, choices=Verdict)
    at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.digest[:12]}: {self.verdict}"
