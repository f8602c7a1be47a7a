"""What is made from an approved analysis: budget statements (GBS) and terms of reference (KAK)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.identifiers import uuid7

from .analysis import GapVersion, GenderAnalysis, OwnedQuerySet
from .vocabulary import APPROVED_STATES, OPEN_STATES, PlanState


class Signed(models.Model):
    """Where, when and by whom a paper is signed; the same words on every printing."""

    place = models.CharField(_("place"), max_length=80, blank=True)
    signed_on = models.DateField(_("date of signature"), null=True, blank=True)
    signatory_title = models.CharField(_("position"), max_length=150, blank=True)
    signatory_name = models.CharField(_("name"), max_length=120, blank=True)
    signatory_rank = models.CharField(_("rank (pangkat)"), max_length=80, blank=True)
    signatory_number = models.CharField(_("NIP"), max_length=30, blank=True)

    class Meta:
        abstract = True


class StatementQuerySet(OwnedQuerySet):
    program_path = "analysis__program__"

    def approved(self):
        """Those whose lines count as gender budget."""
        return self.filter(state__in=APPROVED_STATES)


class BudgetStatement(Signed):
    """One budget statement (GBS): the cells of one approved version of an analysis, with money.

    Only money, year and signatory are typed; everything else is that version's content.
    `revision` n+1 is opened when the analysis was approved anew after signing.
    """

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    analysis = models.ForeignKey(
        GenderAnalysis, on_delete=models.PROTECT, related_name="statements"
    )
    gap_version = models.ForeignKey(GapVersion, on_delete=models.PROTECT, related_name="statements")
    revision = models.PositiveSmallIntegerField(default=1)
    year = models.PositiveSmallIntegerField(_("budget year"))
    office_address = models.CharField(_("office address"), max_length=200, blank=True)
    total = models.PositiveBigIntegerField(
        _("budget of the program or activity (as in the DPA)"),
        null=True,
        blank=True,
        help_text=_("Whole rupiah"),
    )
    village_document = models.CharField(
        _("attached to"), max_length=12, blank=True, help_text="rkpdes | apbdes, villages only"
    )
    state = models.CharField(_("state"), max_length=10, choices=PlanState, default=PlanState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = StatementQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-uid"]
        constraints = [
            models.UniqueConstraint(fields=["analysis", "revision"], name="gbs_revision_once"),
            models.CheckConstraint(name="gbs_year", condition=Q(year__range=(2000, 2100))),
        ]

    def __str__(self) -> str:
        return f"{self.analysis} ({self.year})"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def counts(self) -> bool:
        return self.state in APPROVED_STATES


class TermsQuerySet(OwnedQuerySet):
    program_path = "statement__analysis__program__"


class TermsOfReference(Signed):
    """The terms of reference (KAK) of one budget statement: its own fields beside the cells that
    come from the analysis."""

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    statement = models.OneToOneField(
        BudgetStatement, on_delete=models.PROTECT, related_name="terms"
    )
    legal_basis = models.TextField(_("legal basis"), blank=True)
    purpose = models.TextField(_("purpose of the activity"), blank=True)
    beneficiaries = models.TextField(_("beneficiaries"), blank=True)
    location = models.CharField(_("where"), max_length=200, blank=True)
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    subactivity = models.CharField(_("sub-activity"), max_length=300, blank=True)
    limits = models.TextField(_("limits of the activity"), blank=True)
    months = models.PositiveSmallIntegerField(_("duration in months"), null=True, blank=True)
    performer = models.CharField(_("carried out by"), max_length=200, blank=True)
    responsible = models.CharField(_("person responsible"), max_length=200, blank=True)
    cost = models.PositiveBigIntegerField(
        _("cost"), null=True, blank=True, help_text=_("Whole rupiah")
    )
    state = models.CharField(_("state"), max_length=10, choices=PlanState, default=PlanState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = TermsQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="kak_days_in_order",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
            )
        ]

    def __str__(self) -> str:
        return str(self.statement)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class TermsStage(models.Model):
    """One stage of carrying out: what it is called, what is done, in how many months."""

    terms = models.ForeignKey(TermsOfReference, on_delete=models.CASCADE, related_name="stages")
    position = models.PositiveSmallIntegerField(default=0)
    label = models.CharField(_("stage"), max_length=120)
    text = models.TextField(_("what is done"), blank=True)
    months = models.PositiveSmallIntegerField(_("months"), null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.label
