"""Institutions of gender mainstreaming: bodies by decree, their members, trainings by sex."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.identifiers import uuid7
from villages.models import District, Opd, Regency

from .reach import InstitutionQuerySet
from .vocabulary import BodyKind, Position, Sex


class BodyQuerySet(InstitutionQuerySet):
    def live_on(self, day: date):
        """In force on that day: begun, not over, not withdrawn."""
        return self.filter(
            Q(valid_from=None) | Q(valid_from__lte=day),
            Q(valid_until=None) | Q(valid_until__gte=day),
            ended_at=None,
        )


class Body(models.Model):
    """One body set up by decree: the Pokja PUG, a team, an office's focal points.

    A new decree is a new row (`replaces`); the old one keeps its members and its days.
    """

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    regency = models.ForeignKey(Regency, on_delete=models.PROTECT, verbose_name=_("regency"))
    kind = models.CharField(_("kind of body"), max_length=13, choices=BodyKind)
    opd = models.ForeignKey(
        Opd,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="bodies",
        verbose_name=_("office"),
    )
    district = models.ForeignKey(
        District, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("district")
    )
    name = models.CharField(_("name"), max_length=200)
    decree_number = models.CharField(_("number of the decree"), max_length=120, blank=True)
    decree_date = models.DateField(_("date of the decree"), null=True, blank=True)
    valid_from = models.DateField(_("in force from"), null=True, blank=True)
    valid_until = models.DateField(_("in force until"), null=True, blank=True)
    replaces = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="successors"
    )
    note = models.TextField(_("tasks or note"), blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    is_example = models.BooleanField(default=False, help_text="Made for the demonstration")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = BodyQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "name", "uid"]
        verbose_name_plural = "bodies"
        constraints = [
            models.CheckConstraint(
                name="body_ends_after_start",
                condition=Q(valid_from=None)
                | Q(valid_until=None)
                | Q(valid_until__gte=F("valid_from")),
            )
        ]

    def __str__(self) -> str:
        return self.name


class OfBody(InstitutionQuerySet):
    regency_path = "body__regency"


class BodyMember(models.Model):
    """One person in a body; `person` only where she has an account here."""

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="members")
    name = models.CharField(_("name"), max_length=120)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex)
    position = models.CharField(
        _("position in the body"), max_length=11, choices=Position, default=Position.MEMBER
    )
    title = models.CharField(_("office and post"), max_length=150, blank=True)
    opd = models.ForeignKey(
        Opd, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("office")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    left_on = models.DateField(_("left on"), null=True, blank=True)

    objects = OfBody.as_manager()

    class Meta:
        ordering = ["body", "uid"]

    def __str__(self) -> str:
        return self.name


class Training(models.Model):
    """One training on gender mainstreaming: who came, by sex. Members are named in `members`;
    `women` and `men` count everybody who came."""

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    regency = models.ForeignKey(Regency, on_delete=models.PROTECT, verbose_name=_("regency"))
    title = models.CharField(_("training"), max_length=200)
    held_on = models.DateField(_("date"))
    organiser = models.CharField(_("held by"), max_length=200, blank=True)
    women = models.PositiveIntegerField(_("women"))
    men = models.PositiveIntegerField(_("men"))
    source = models.CharField(_("source"), max_length=300, blank=True)
    members = models.ManyToManyField(BodyMember, related_name="trainings", blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = InstitutionQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "uid"]

    def __str__(self) -> str:
        return self.title
