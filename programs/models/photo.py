"""Photos of activities: what is known of a picture; its bytes lie in a file named by them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.querysets import ScopedQuerySet

from ..pictures import LONGEST_EDGE, MOST_BYTES, THUMBNAIL_EDGE
from .activity import Activity
from .vocabulary import State

#: How many photos one activity shows.
MOST_PHOTOS = 3


class PhotoState(models.TextChoices):
    LIVE = "live", _("Shown")
    REMOVED = "removed", _("Removed")


class Kept(models.TextChoices):
    """Which files of a photo still lie on the disk."""

    FULL = "full", _("Photo and thumbnail")
    SMALL = "small", _("Thumbnail only")
    NOTHING = "nothing", _("Deleted")


class PhotoQuerySet(ScopedQuerySet):
    village_path = "activity__village"

    def live(self):
        """Everything but what was removed."""
        return self.filter(state=PhotoState.LIVE)

    def open_to_all(self):
        """Those that anybody may see: two keys turned, the author's and an officer's, and a record
        that was verified."""
        return self.live().filter(
            is_public=True, published_at__isnull=False, activity__state=State.VERIFIED
        )


class Photo(models.Model):
    """One picture of one activity. The row stays when the picture is removed.

    `sent_sha256` is of the bytes as sent, `sha256` of the JPEG made of them, which names its file;
    `size` in bytes, `width` and `height` in pixels are the JPEG's. `is_public`: its author says
    that the people in it agree to its being shown to anybody; it is shown once an officer says so
    too (`published_at`).
    """

    uid = models.UUIDField(primary_key=True, editable=False)
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="photos")
    sent_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    is_public = models.BooleanField(default=False)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(max_length=7, choices=PhotoState, default=PhotoState.LIVE)
    kept = models.CharField(
        max_length=7, choices=Kept, default=Kept.FULL, db_default=Kept.FULL.value
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()

    objects = PhotoQuerySet.as_manager()

    class Meta:
        ordering = ["received_at", "uid"]
        indexes = [
            models.Index(fields=["activity", "state", "received_at"], name="photo_by_activity")
        ]
        constraints = [
            models.CheckConstraint(
                name="photo_within_limits",
                condition=Q(
                    size__range=(1, MOST_BYTES),
                    width__range=(1, LONGEST_EDGE),
                    height__range=(1, LONGEST_EDGE),
                ),
            ),
            models.CheckConstraint(
                name="photo_public_by_two_keys",
                condition=Q(published_at=None, published_by=None)
                | Q(published_at__isnull=False, published_by__isnull=False, is_public=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.uid)

    @property
    def code(self) -> str:
        """Eight signs that name it beside a public photo; the office finds it by them."""
        return str(self.pk)[-8:]

    @property
    def thumbnail_width(self) -> int:
        """Pixels; its height follows."""
        return max(1, round(self.width * min(1, THUMBNAIL_EDGE / max(self.width, self.height))))
