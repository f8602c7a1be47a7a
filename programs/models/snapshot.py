"""Figures as they stood: closed periods with their revisions, and dated ones for the public."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from core.identifiers import uuid7
from core.querysets import ScopedQuerySet
from villages.models import Regency, Village

from ..periods import Period, PeriodKind
from .program import Program
from .rollup import Heads
from .vocabulary import RequestState, TargetGroup


class SnapshotQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Snapshots of regencies in which she sees a village; which rows, `SnapshotRow` says."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(regency__in=user.villages_with("view").values("district__regency"))

    def of(self, period: Period):
        return self.filter(year=period.year, kind=period.kind, number=period.number)

    def in_order(self):
        """The one to cite first: of a closed period the newest revision of its closing, whatever
        was taken since; of an open one the newest dated figures."""
        return self.order_by("-closing", "-revision")

    def latest_of(self, regency_code: str, period: Period) -> Snapshot | None:
        """The figures to cite for a period."""
        return self.of(period).filter(regency__code=regency_code).in_order().first()


class Snapshot(models.Model):
    """The verified figures of one regency and period as they stood at one moment.

    `closing`: an officer closed the period with it (each later revision says why); otherwise it
    was taken for the public pages. `checksum` is SHA-256 over its rows, canonical.
    `summary`: villages, reporting, waiting, newest (what is not a row).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    regency = models.ForeignKey(Regency, on_delete=models.PROTECT, related_name="snapshots")
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8, choices=PeriodKind)
    number = models.PositiveSmallIntegerField(default=0)
    closing = models.BooleanField(default=False)
    revision = models.PositiveSmallIntegerField(default=1)
    reason = models.TextField(blank=True)
    definition_version = models.PositiveSmallIntegerField()
    summary = models.JSONField(default=dict)
    checksum = models.CharField(max_length=64)
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["-taken_at"]
        indexes = [models.Index(fields=["regency", "year", "kind", "number"], name="snap_of")]
        constraints = [
            models.UniqueConstraint(
                fields=["regency", "year", "kind", "number", "closing", "revision"],
                name="snapshot_once",
            ),
            models.CheckConstraint(
                name="snapshot_revision_says_why",
                condition=Q(revision=1) | Q(closing=False) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.regency_id} {self.period.code} r{self.revision}"

    @property
    def period(self) -> Period:
        return Period(self.year, self.kind, self.number)


class SnapshotRow(Heads):
    """One program in one village in a snapshot, on the verified basis: its level, heads and the
    names of then. Programs without activities (`not_counted`) have no row."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="rows")
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    village_code = models.CharField(max_length=13)
    village_title = models.CharField(max_length=140)
    district_code = models.CharField(max_length=8)
    district_name = models.CharField(max_length=120)
    program_title = models.CharField(max_length=300)
    owner_title = models.CharField(max_length=200)
    target_group = models.CharField(max_length=20, choices=TargetGroup)
    level = models.SmallIntegerField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "village", "program"], name="snapshot_row_once"
            )
        ]
        indexes = [models.Index(fields=["snapshot", "program"], name="snap_row_by_program")]

    def __str__(self) -> str:
        return f"{self.village_code} {self.program_title}"


class CorrectionRequest(models.Model):
    """Somebody asks that the figures of a closed period be made anew, and what became of it.

    `snapshot`: the figures she saw; `revision`: those that answered her.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="requests")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=RequestState, default=RequestState.OPEN)
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    revision = models.ForeignKey(
        Snapshot, on_delete=models.PROTECT, null=True, related_name="answers_to"
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["snapshot", "village", "asked_by"],
                condition=Q(state=RequestState.OPEN),
                name="request_open_once",
            ),
            models.CheckConstraint(
                name="request_answered_by_somebody",
                condition=Q(state=RequestState.OPEN, answered_at=None, answered_by=None)
                | Q(~Q(state=RequestState.OPEN), answered_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.snapshot_id} {self.state}"


class InvolvementTarget(models.Model):
    """The share of programs that are to involve women, percent, in one area and year."""

    area_code = models.CharField(max_length=13)
    year = models.PositiveSmallIntegerField()
    percent = models.PositiveSmallIntegerField()
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["-year", "area_code"]
        constraints = [
            models.UniqueConstraint(fields=["area_code", "year"], name="target_once"),
            models.CheckConstraint(
                name="target_is_a_percentage", condition=Q(percent__range=(1, 100))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area_code} {self.year}: {self.percent} %"
