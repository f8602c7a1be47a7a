"""Sheets on their way into the portal."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.identifiers import uuid7


class ImportState(models.TextChoices):
    WAITING = "waiting", _("Waiting for its turn")
    RUNNING = "running", _("Being read")
    DONE = "done", _("Finished")
    FAILED = "failed", _("Could not be read")
    STOPPED = "stopped", _("Stopped")


class ImportJobQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Sheets are for the person who sent them, and nobody else."""
        return self.filter(actor=user) if user.is_authenticated else self.none()


class ImportJob(models.Model):
    """One sheet of activities that somebody sent in, tried out (`dry_run`) or applied.

    Rows are judged in pieces; `judged` is how many are done and committed, so that whoever takes
    the job up again after a break goes on from there. `beat_at`: when its worker last said that
    it lives. `content` is emptied when the sheet is no longer needed.
    """

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="imports"
    )
    name = models.CharField(_("file"), max_length=120)
    digest = models.CharField(max_length=64)
    content = models.BinaryField(null=True)
    size = models.PositiveIntegerField(help_text="bytes")
    dry_run = models.BooleanField(default=True)
    tried = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="applied"
    )
    state = models.CharField(max_length=8, choices=ImportState, default=ImportState.WAITING)
    rows = models.PositiveIntegerField(null=True)
    judged = models.PositiveIntegerField(default=0)
    accepted = models.PositiveIntegerField(default=0)
    duplicate = models.PositiveIntegerField(default=0)
    conflict = models.PositiveIntegerField(default=0)
    rejected = models.PositiveIntegerField(default=0)
    trouble = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    beat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-uid"]
        indexes = [
            models.Index(fields=["actor", "-created_at"], name="import_by_actor"),
            models.Index(fields=["state", "created_at"], name="import_by_state"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def refused(self) -> int:
        """Rows that were not taken."""
        return self.conflict + self.rejected


class ImportProblem(models.Model):
    """One row of a sheet that was not taken: its number as people see it, and why.

    `cells`: the row as text by field; `problems`: [{field, code, detail}].
    """

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="problems")
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=8)
    cells = models.JSONField(default=dict)
    problems = models.JSONField(default=list)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["job", "number"], name="import_problem_once")
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.outcome}"
