"""What happened to a document, and what a reviewer said about a cell of it."""

from django.conf import settings
from django.db import models

from .vocabulary import StepKind


class Step(models.Model):
    """One step in the life of an analysis, a statement or terms (`document`: its uid)."""

    document = models.UUIDField()
    kind = models.CharField(max_length=9, choices=StepKind)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    note = models.TextField(blank=True)
    number = models.PositiveSmallIntegerField(null=True, help_text="Of the version it concerns")

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["document", "-at"], name="step_by_document")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%d-%m-%Y}"


class Remark(models.Model):
    """What a reviewer said about one cell: the step, the row (None: the whole step), the field.

    `settled_at`: when the office marked it as dealt with, or submitted again.
    """

    document = models.UUIDField()
    number = models.PositiveSmallIntegerField(null=True, help_text="Of the version it concerns")
    step = models.CharField(max_length=20)
    row = models.UUIDField(null=True, blank=True)
    field = models.CharField(max_length=30, blank=True)
    text = models.TextField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["step", "at", "pk"]
        indexes = [models.Index(fields=["document", "settled_at"], name="remark_by_document")]

    def __str__(self) -> str:
        return self.text


class Deadline(models.Model):
    """A day of the planning calendar that the office set itself; without a row the portal's own
    proposal stands (planning/calendar.py). `kind` is a key of that list."""

    kind = models.CharField(max_length=30)
    year = models.PositiveSmallIntegerField()
    day = models.DateField()

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["kind", "year"], name="deadline_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"


class PlanNudge(models.Model):
    """A person was written to about what she has to do before a deadline; once for each."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="plan_nudges"
    )
    kind = models.CharField(max_length=30)
    day = models.DateField()
    days_before = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-sent_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "day", "days_before"], name="plan_nudge_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.day}"
