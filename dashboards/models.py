"""What people keep of the boards: views with a name, and reports that were given out."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from core import chain, formats
from core.identifiers import uuid7


class SavedViewQuerySet(models.QuerySet):
    def of(self, user):
        return self.filter(owner=user) if user.is_authenticated else self.none()

    def visible_to(self, user):
        """Her own, and those that colleagues opened to everybody signed in."""
        return self.of(user) | self.filter(shared=True) if user.is_authenticated else self.none()


class SavedView(models.Model):
    """One page with its filter under a name of its own.

    `path` and `query` are its address; `shared`: everybody signed in may open it, each within
    her own reach; `is_default`: what her overview opens with.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views"
    )
    name = models.CharField(max_length=80)
    path = models.CharField(max_length=120)
    query = models.CharField(max_length=600, blank=True)
    shared = models.BooleanField(default=False)
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="view_name_once"),
            models.UniqueConstraint(
                fields=["owner"], condition=models.Q(is_default=True), name="one_default_view"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class IssuedReport(models.Model):
    """One document that was given out, and the figures it held.

    `code` stands on the paper; its page says whether the figures have changed since. `figures`
    is what the document said, canonical JSON; `checksum` its SHA-256. `audit_position` and
    `audit_hash` are the head of the audit trail when it was given out: each paper is a witness.
    """

    code = models.CharField(max_length=12, primary_key=True)
    kind = models.CharField(max_length=20)
    area_code = models.CharField(max_length=13)
    area_title = models.CharField(max_length=160)
    period = models.CharField(max_length=8)
    basis = models.CharField(max_length=8)
    definition_version = models.PositiveSmallIntegerField()
    figures = models.JSONField()
    checksum = models.CharField(max_length=64)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="issued_reports"
    )
    issued_at = models.DateTimeField()
    audit_position = models.BigIntegerField(null=True)
    audit_hash = models.CharField(max_length=64, default="", db_default="")

    class Meta:
        ordering = ["-issued_at"]
        indexes = [models.Index(fields=["issued_by", "issued_at"], name="issued_by_person")]

    def __str__(self) -> str:
        return self.code

    @property
    def audit_head(self) -> chain.Head | None:
        """None for what was given out before heads were noted."""
        known = self.audit_position is not None
        return chain.Head(self.audit_position, self.audit_hash) if known else None

    @property
    def audit_words(self) -> str:
        """Place and the first 64 bits of its hash, as people compare them."""
        return f"{formats.count(self.audit_position)} · {self.audit_hash[:16]}"
