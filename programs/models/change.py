"""What happened to programs and activities, in the order in which it became true."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.identifiers import TransactionId
from villages.models import Village


class ChangeKind(models.TextChoices):
    ACTIVITY = "activity", _("Activity")
    PROGRAM = "program", _("Program")


class ChangeOp(models.TextChoices):
    CREATED = "created", _("Created")
    CHANGED = "changed", _("Changed")
    DELETED = "deleted", _("Deleted")


class Change(models.Model):
    """One step of one program or activity: a line of the feed.

    `id` says when a line was written, not when it became visible: a transaction that commits late
    brings lines older than those already read. Readers therefore go by (`xid`, `id`) and stop
    below the oldest transaction still under way (decision 0011).

    `village`: of an activity, its own; of a program, the village it has left (a tombstone for
    those who saw it through that village), else none. `step` is the review step, where one was.
    """

    id = models.BigAutoField(primary_key=True)
    xid = models.BigIntegerField(db_default=TransactionId(), editable=False)
    kind = models.CharField(max_length=8, choices=ChangeKind)
    uid = models.UUIDField()
    village = models.ForeignKey(
        Village, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    version = models.PositiveIntegerField()
    op = models.CharField(max_length=7, choices=ChangeOp)
    step = models.CharField(max_length=12, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["xid", "id"]
        indexes = [
            models.Index(fields=["xid", "id"], name="change_in_order"),
            models.Index(fields=["village", "xid", "id"], name="change_of_village"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid} v{self.version} {self.op}"
