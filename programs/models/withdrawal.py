"""Requests to take a photo away: acted on at once, remembered without the asker's name."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.identifiers import uuid7
from core.querysets import ScopedQuerySet

from .photo import Photo

#: Consent taken back is acted on within this (UU 27/2022).
ACTED_WITHIN = timedelta(hours=72)
#: From this long before its end an open request is said to be pressing.
PRESSING = timedelta(hours=24)


class Wish(models.TextChoices):
    HIDE = "hide", _("Do not show it to the public any more")
    ERASE = "erase", _("Delete the picture")


class PhotoWithdrawalQuerySet(ScopedQuerySet):
    village_path = "photo__activity__village"

    def waiting(self):
        """What was asked for and is not done, the oldest first."""
        return self.filter(done_at=None).order_by("asked_at")


class PhotoWithdrawal(models.Model):
    """One request to take one photo away. `reference` is where its letter or call is on file.

    The photo is out of sight from the moment of entry; `done_at` says when a duty had done the
    rest: its files gone, the very same picture of other records too.
    """

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, related_name="withdrawals")
    wish = models.CharField(max_length=5, choices=Wish)
    reference = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    done_at = models.DateTimeField(null=True)

    objects = PhotoWithdrawalQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-uid"]
        indexes = [models.Index(fields=["done_at", "asked_at"], name="withdrawal_waiting")]

    def __str__(self) -> str:
        return f"{self.photo_id}, {self.get_wish_display()}"

    @property
    def due_at(self):
        """When it has to be done."""
        return self.asked_at + ACTED_WITHIN
