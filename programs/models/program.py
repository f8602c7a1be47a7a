"""Programs: who owns them, where they run, and what they intend."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.identifiers import uuid7
from villages.models import District, Opd, Village

from .vocabulary import (
    ArgCategory,
    FundSource,
    GenderMarker,
    Origin,
    ProgramState,
    TargetGroup,
)


class ActivityCode(models.Model):
    """One line of the annex of Permendagri 20/2018: field, sub-field or activity."""

    class Level(models.TextChoices):
        FIELD = "bidang", _("Field")
        SUBFIELD = "sub_bidang", _("Sub-field")
        ACTIVITY = "kegiatan", _("Activity")

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=300)
    level = models.CharField(max_length=10, choices=Level)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True)
    women_relevance = models.CharField(
        max_length=20, blank=True, help_text="Our own tag: it pre-fills help, it proves nothing"
    )

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class ProgramQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Programs that run in a village she sees, or whose owner she may act for."""
        return self._reach(user, "view", through_villages=True)

    def permitting(self, user, capability: str):
        """Programs on whose owner she holds `capability`."""
        return self._reach(user, capability, through_villages=False)

    def _reach(self, user, capability: str, *, through_villages: bool):
        if not user.is_authenticated:
            return self.none()
        reach = (
            Q(owner_opd__in=user.opds_with(capability))
            | Q(owner_district__in=user.districts_with(capability))
            | Q(owner_village__in=user.villages_with(capability))
        )
        if through_villages:
            targets = ProgramVillage.objects.filter(
                program=OuterRef("pk"), village__in=user.villages_with(capability)
            )
            reach |= Exists(targets)
        return self.filter(reach)

    def open_in(self, village):
        """Programs an activity of this village may be logged under."""
        return self.filter(state=ProgramState.ACTIVE, targets__village=village)


class Program(models.Model):
    """One program of an office, a district or a village, over some years, in some villages.

    `gender_marker` is intent; what was achieved is computed from activities and never
    written here (domain.md 3.2). `gap_approved_on` and `benefit_target_percent` are facts
    that the planning room reports through `services.record_gap_approval`. `closed_at`: when it
    last stopped running; None while it runs, and when it never ran.
    """

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    title = models.CharField(_("program name"), max_length=200)
    goal = models.TextField(_("goal"), blank=True)
    owner_opd = models.ForeignKey(
        Opd, on_delete=models.PROTECT, null=True, blank=True, related_name="programs"
    )
    owner_district = models.ForeignKey(
        District, on_delete=models.PROTECT, null=True, blank=True, related_name="programs"
    )
    owner_village = models.ForeignKey(
        Village, on_delete=models.PROTECT, null=True, blank=True, related_name="own_programs"
    )
    villages = models.ManyToManyField(Village, through="ProgramVillage", related_name="programs")
    year_from = models.PositiveSmallIntegerField(_("first year"))
    year_to = models.PositiveSmallIntegerField(_("last year"))
    activity_code = models.ForeignKey(
        ActivityCode, on_delete=models.PROTECT, null=True, blank=True, related_name="programs"
    )
    gender_marker = models.PositiveSmallIntegerField(
        _("gender marker"), choices=GenderMarker, null=True, blank=True
    )
    arg_category = models.PositiveSmallIntegerField(
        _("ARG category"), choices=ArgCategory, null=True, blank=True
    )
    target_group = models.CharField(
        _("target group"), max_length=12, choices=TargetGroup, default=TargetGroup.GENERAL
    )
    fund_source = models.CharField(_("fund source"), max_length=10, choices=FundSource, blank=True)
    ceiling = models.PositiveBigIntegerField(
        _("budget ceiling"), null=True, blank=True, help_text=_("Whole rupiah")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=ProgramState, default=ProgramState.DRAFT
    )
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    gap_approved_on = models.DateField(null=True, blank=True)
    benefit_target_percent = models.PositiveSmallIntegerField(null=True, blank=True)
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.FIELD)
    source_url = models.URLField(max_length=500, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ProgramQuerySet.as_manager()

    class Meta:
        ordering = ["title", "uid"]
        indexes = [models.Index(fields=["state", "title"], name="program_by_state")]
        constraints = [
            models.CheckConstraint(
                name="program_exactly_one_owner",
                condition=Q(owner_opd__isnull=False, owner_district=None, owner_village=None)
                | Q(owner_opd=None, owner_district__isnull=False, owner_village=None)
                | Q(owner_opd=None, owner_district=None, owner_village__isnull=False),
            ),
            models.CheckConstraint(
                name="program_years_in_order",
                condition=Q(year_from__gte=2000, year_to__lte=2100, year_to__gte=F("year_from")),
            ),
            models.CheckConstraint(
                name="program_benefit_target_percent",
                condition=Q(benefit_target_percent=None)
                | Q(benefit_target_percent__range=(1, 100)),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def owner(self) -> Opd | District | Village:
        return self.owner_opd or self.owner_district or self.owner_village

    @property
    def owner_title(self) -> str:
        """The owner as people write it: "Dinas Kesehatan", "Kecamatan Kuaro", "Desa Janju"."""
        if self.owner_opd:
            return self.owner_opd.name
        if self.owner_district:
            return _("District %(name)s") % {"name": self.owner_district.name}
        return self.owner_village.title

    @property
    def years(self) -> range:
        return range(self.year_from, self.year_to + 1)

    def ran_on(self, day: date) -> bool:
        """Whether an activity of `day` can be its own: it runs, or had not been closed by then."""
        if self.state == ProgramState.ACTIVE:
            return True
        return self.closed_at is not None and day <= timezone.localdate(self.closed_at)


class ProgramVillage(models.Model):
    """One village in which a program runs, with what it means to reach there.

    `outcome_reached_on` is reported by the planning room (`services.record_outcome`).
    """

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="targets")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="targets")
    target_activities = models.PositiveIntegerField(null=True, blank=True)
    target_women = models.PositiveIntegerField(null=True, blank=True)
    target_men = models.PositiveIntegerField(null=True, blank=True)
    outcome_reached_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["village__code"]
        constraints = [
            models.UniqueConstraint(fields=["program", "village"], name="program_village_once")
        ]

    def __str__(self) -> str:
        return f"{self.program} – {self.village}"
