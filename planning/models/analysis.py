"""Gender analyses (GAP): every cell a row of its own, tied to the cells that it answers."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.identifiers import uuid7
from programs.models import Program
from villages.models import Village

from .vocabulary import (
    APPROVED_STATES,
    OPEN_STATES,
    BaselineOf,
    CauseScope,
    FactorKind,
    IndicatorKind,
    Measure,
    PlanLevel,
    PlanState,
    Sex,
    Template,
)


def owned(user, capability: str, path: str = "") -> Q:
    """Rows whose program (at `path`) belongs to an office, district or village on which `user`
    holds `capability`.

    A district's own plans are approved above it: there the word must be held over the regency.
    A village's are signed by its head alone.
    """
    districts = Q(**{f"{path}owner_district__in": user.districts_with(capability)})
    if capability == "approve_plans":
        above = user.regencies_with(capability)
        districts = Q(**{f"{path}owner_district__regency__in": above})
    in_village = "sign_village" if capability == "sign_plans" else capability
    return (
        Q(**{f"{path}owner_opd__in": user.opds_with(capability)})
        | districts
        | Q(**{f"{path}owner_village__in": user.villages_with(in_village)})
    )


class OwnedQuerySet(models.QuerySet):
    """Rows that belong to the owner of a program. `program_path` says how to get there."""

    program_path = "program__"

    def visible_to(self, user):
        return self.permitting(user, "view")

    def permitting(self, user, capability: str):
        """Rows on whose owner she holds `capability`."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(owned(user, capability, self.program_path))

    def with_owners(self):
        path = self.program_path
        return self.select_related(
            f"{path}owner_opd", f"{path}owner_district", f"{path}owner_village__district"
        )


class GenderAnalysis(models.Model):
    """One gender analysis of one program in one budget year.

    `version` is raised at every change (what two editors are told apart by); `revision` counts
    the times it was opened again after approval. What is submitted is frozen as a GapVersion.
    """

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="analyses")
    template = models.CharField(_("form"), max_length=4, choices=Template, default=Template.NINE)
    year = models.PositiveSmallIntegerField(_("budget year"))
    state = models.CharField(_("state"), max_length=10, choices=PlanState, default=PlanState.DRAFT)
    # Step 1
    level = models.CharField(
        _("level"), max_length=11, choices=PlanLevel, default=PlanLevel.ACTIVITY
    )
    code = models.CharField(_("code"), max_length=40, blank=True)
    title = models.CharField(_("name in the planning document"), max_length=300, blank=True)
    is_new = models.BooleanField(_("new, not yet running"), default=False)
    goal = models.TextField(_("goal"), blank=True)
    audience = models.TextField(_("target group"), blank=True)
    # Step 2: why there are no figures by sex, when there are none
    qualitative_reason = models.TextField(blank=True)
    # Step 6
    new_goal = models.TextField(_("new goal"), blank=True)
    goal_kept = models.BooleanField(_("the goal is responsive already"), default=False)
    goal_reason = models.TextField(_("why the goal can stay"), blank=True)

    revision = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-uid"]
        indexes = [models.Index(fields=["year", "state"], name="gap_by_year")]
        constraints = [
            models.UniqueConstraint(fields=["program", "year", "template"], name="gap_once_a_year"),
            models.CheckConstraint(name="gap_year", condition=Q(year__range=(2000, 2100))),
        ]

    def __str__(self) -> str:
        return self.title or str(self.program)

    @property
    def is_open(self) -> bool:
        """Its office may still change it."""
        return self.state in OPEN_STATES

    @property
    def is_approved(self) -> bool:
        return self.state in APPROVED_STATES

    @property
    def owner(self):
        return self.program.owner

    @property
    def owner_title(self) -> str:
        return self.program.owner_title


class GapRow(models.Model):
    """What every row of an analysis has: a key from where it was born, and its place."""

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    analysis = models.ForeignKey(
        GenderAnalysis, on_delete=models.CASCADE, related_name="%(class)ss"
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position", "uid"]


class DataRow(GapRow):
    """One line of eye-opening data (step 2).

    Heads by sex in `unit`, or one `value` (of `whole`, when it is a part). Filled from the portal
    (`measure`), `portal` keeps where the figures came from: {year, semester, area, basis,
    definition, taken_at}; `value`/`whole` are then villages on the headline and villages judged.
    """

    text = models.TextField(_("what the data show"), blank=True)
    women = models.PositiveIntegerField(_("women"), null=True, blank=True)
    men = models.PositiveIntegerField(_("men"), null=True, blank=True)
    value = models.DecimalField(
        _("other figure"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    whole = models.PositiveIntegerField(_("of"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    source = models.CharField(_("source"), max_length=200, blank=True)
    measure = models.CharField(max_length=13, choices=Measure, blank=True)
    portal = models.JSONField(default=dict, blank=True)

    def __str__(self) -> str:
        return self.text or str(self.pk)


class Factor(GapRow):
    """One gap in access, participation, control or benefit (step 3), seen in one data row."""

    kind = models.CharField(_("kind of gap"), max_length=13, choices=FactorKind)
    text = models.TextField(_("the gap"), blank=True)
    data_row = models.ForeignKey(
        DataRow, on_delete=models.SET_NULL, null=True, blank=True, related_name="factors"
    )

    def __str__(self) -> str:
        return self.text or str(self.pk)


class Cause(GapRow):
    """One cause of a gap, inside the office (step 4) or outside it (step 5)."""

    scope = models.CharField(_("where the cause lies"), max_length=8, choices=CauseScope)
    text = models.TextField(_("the cause"), blank=True)
    factor = models.ForeignKey(
        Factor, on_delete=models.SET_NULL, null=True, blank=True, related_name="causes"
    )

    def __str__(self) -> str:
        return self.text or str(self.pk)


class Action(GapRow):
    """One thing that will be done (step 7), against which causes, by whom."""

    text = models.TextField(_("the action"), blank=True)
    causes = models.ManyToManyField(Cause, related_name="actions", blank=True)
    resources = models.TextField(_("people and means needed"), blank=True)
    responsible = models.CharField(_("who is responsible"), max_length=200, blank=True)
    budget = models.PositiveBigIntegerField(
        _("estimated cost"), null=True, blank=True, help_text=_("Whole rupiah")
    )
    fund_source = models.CharField(max_length=10, blank=True)

    def __str__(self) -> str:
        return self.text or str(self.pk)


class Baseline(GapRow):
    """One starting figure (step 8), drawn from a row of step 2 and never typed again."""

    text = models.TextField(_("what is measured"), blank=True)
    data_row = models.ForeignKey(
        DataRow, on_delete=models.SET_NULL, null=True, blank=True, related_name="baselines"
    )
    of = models.CharField(
        _("which figure"), max_length=11, choices=BaselineOf, default=BaselineOf.WOMEN_SHARE
    )

    def __str__(self) -> str:
        return self.text or str(self.pk)


class Indicator(GapRow):
    """What will show that the gap closes (step 9): where it starts, where it is to be, and when.

    Bound to a `measure` it realises itself from the village logs; else somebody enters what was
    reached (Realisation).
    """

    kind = models.CharField(_("output or outcome"), max_length=7, choices=IndicatorKind)
    text = models.TextField(_("indicator"), blank=True)
    baseline = models.ForeignKey(
        Baseline, on_delete=models.SET_NULL, null=True, blank=True, related_name="indicators"
    )
    action = models.ForeignKey(
        Action, on_delete=models.SET_NULL, null=True, blank=True, related_name="indicators"
    )
    target = models.DecimalField(
        _("target"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    due = models.DateField(_("to be reached by"), null=True, blank=True)
    sex = models.CharField(_("whom it counts"), max_length=5, choices=Sex, blank=True)
    measure = models.CharField(
        _("realised by the portal's own figure"), max_length=13, choices=Measure, blank=True
    )

    def __str__(self) -> str:
        return self.text or str(self.pk)


class GapVersion(models.Model):
    """An analysis as it was submitted: its content and figures, frozen.

    `number` counts submissions. `state`: submitted, returned or approved; superseded when a later
    one was approved. `notes`: the reviewer's ticked list ([{code, ok}]).
    """

    analysis = models.ForeignKey(GenderAnalysis, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    revision = models.PositiveSmallIntegerField(default=1)
    content = models.JSONField()
    state = models.CharField(max_length=10, choices=PlanState, default=PlanState.SUBMITTED)
    notes = models.JSONField(default=list, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["analysis", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["analysis", "number"], name="gap_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.analysis} ({self.number})"


class RealisationQuerySet(OwnedQuerySet):
    program_path = "analysis__program__"

    def counting(self):
        """Those that were not taken back."""
        return self.filter(withdrawn_at=None)


class Realisation(models.Model):
    """What an indicator had reached on a day, entered by hand with its evidence; in one village
    or (None) everywhere the program runs. `indicator` is the row's key, the same in every version.
    Taken back (`withdrawn_at`) it counts nowhere and stays on the list.
    """

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    analysis = models.ForeignKey(
        GenderAnalysis, on_delete=models.PROTECT, related_name="realisations"
    )
    indicator = models.UUIDField()
    village = models.ForeignKey(Village, on_delete=models.PROTECT, null=True, blank=True)
    value = models.DecimalField(_("reached"), max_digits=14, decimal_places=2)
    reached_on = models.DateField(_("on"))
    note = models.TextField(_("how it is known"), blank=True)
    evidence = models.ForeignKey(
        "planning.Evidence", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    entered_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = RealisationQuerySet.as_manager()

    class Meta:
        ordering = ["-reached_on", "-uid"]
        indexes = [models.Index(fields=["analysis", "indicator"], name="realised_indicator")]

    def __str__(self) -> str:
        return f"{self.value} ({self.reached_on})"


def share(women: int | None, men: int | None) -> Decimal | None:
    """Women of a hundred, to one decimal; None where nobody was counted."""
    if women is None or men is None or women + men == 0:
        return None
    return (Decimal(100 * women) / (women + men)).quantize(Decimal("0.1"))
