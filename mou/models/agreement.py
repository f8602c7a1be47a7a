"""Agreements: what was signed, by whom, for where and until when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core.identifiers import uuid7
from villages.models import District, Opd, Regency, Village

from .partner import PartyOffice
from .vocabulary import AgreementForm, FileKind


class AgreementQuerySet(models.QuerySet):
    """An agreement is its regency's. Who sees the whole regency sees it also as a draft; others
    see what is in force for one of their villages."""

    def visible_to(self, user):
        return self.permitting(user, "view")

    def permitting(self, user, capability: str):
        if not user.is_authenticated:
            return self.none()
        if user.covers_everything_with(capability):
            return self.all()
        whole = Q(regency__in=user.regencies_with(capability))
        if capability != "view":
            return self.filter(whole)
        villages = user.villages_with("view").order_by()
        named = AgreementArea.objects.filter(
            Q(village__in=villages) | Q(district__in=villages.values("district"))
        )
        areas = AgreementArea.objects.filter(agreement=OuterRef("pk"))
        everywhere = ~Exists(areas) & Q(regency__in=villages.values("district__regency"))
        hers = Q(confirmed_at__isnull=False) & (everywhere | Q(pk__in=named.values("agreement")))
        return self.filter(whole | hers)

    def with_parts(self):
        """With what lists and pages say of them; four queries however many."""
        return self.select_related("regency", "lead", "parent", "renews").prefetch_related(
            "parties__partner", "parties__opd", "areas__district", "areas__village", "renewals"
        )


class Agreement(models.Model):
    """One agreement of a regency's government with partners.

    A draft may lack anything but title and form; what has to be known before it is in force says
    services.agreements.confirm. Dates are never overwritten: a renewal is a child (`renews`).
    Without rows in `areas` it holds for the whole regency.
    """

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    regency = models.ForeignKey(Regency, on_delete=models.PROTECT, verbose_name=_("regency"))
    lead = models.ForeignKey(
        Opd,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="agreements",
        verbose_name=_("office in charge"),
    )
    form = models.CharField(_("legal form"), max_length=11, choices=AgreementForm)
    title = models.CharField(_("title"), max_length=250)
    number_first = models.CharField(_("number of the first party"), max_length=80, blank=True)
    number_second = models.CharField(_("number of the second party"), max_length=80, blank=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("made under"),
    )
    renews = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="renewals",
        verbose_name=_("renews"),
    )
    signed_on = models.DateField(_("date of signature"), null=True, blank=True)
    signed_at = models.CharField(_("place of signature"), max_length=120, blank=True)
    starts_on = models.DateField(_("in force from"), null=True, blank=True)
    ends_on = models.DateField(_("in force until"), null=True, blank=True)
    open_ended = models.BooleanField(_("without an end date"), default=False)
    subject = models.CharField(_("subject"), max_length=250, blank=True)
    purpose = models.TextField(_("purpose"), blank=True)
    scope = models.TextField(_("scope, one line each"), blank=True)
    result = models.TextField(_("result hoped for"), blank=True)
    funding = models.CharField(_("funding"), max_length=200, blank=True)
    source = models.CharField(_("source of these facts"), max_length=300, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)
    terminated_on = models.DateField(_("last day"), null=True, blank=True)
    termination_reason = models.TextField(_("reason"), blank=True)
    termination_letter = models.CharField(_("number of the letter"), max_length=120, blank=True)
    is_example = models.BooleanField(default=False, help_text="Made for the demonstration")
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        ordering = [F("ends_on").asc(nulls_last=True), "title", "uid"]
        indexes = [models.Index(fields=["regency", "ends_on"], name="agreement_by_end")]
        constraints = [
            models.CheckConstraint(
                name="agreement_ends_after_start",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
            ),
            models.CheckConstraint(
                name="agreement_end_or_none", condition=Q(open_ended=False) | Q(ends_on=None)
            ),
            models.CheckConstraint(
                name="agreement_termination_whole",
                condition=Q(terminated_on=None, termination_reason="", termination_letter="")
                | Q(terminated_on__isnull=False)
                & ~Q(termination_reason="")
                & ~Q(termination_letter=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Party(PartyOffice):
    """One party of an agreement and who signed for it in what capacity; the first is position 1."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="parties")
    position = models.PositiveSmallIntegerField(_("order"), default=1)
    signatory_name = models.CharField(_("signed by"), max_length=120, blank=True)
    signatory_title = models.CharField(_("position"), max_length=150, blank=True)
    authority = models.CharField(
        _("power of attorney"),
        max_length=150,
        blank=True,
        help_text=_("Number of the letter, where somebody signs for the regent"),
    )

    class Meta:
        ordering = ["position", "pk"]
        verbose_name_plural = "parties"
        constraints = [
            models.UniqueConstraint(fields=["agreement", "position"], name="party_position_once"),
            models.CheckConstraint(
                name="party_one_organisation",
                condition=Q(partner__isnull=False, opd=None) | Q(partner=None, opd__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class AgreementArea(models.Model):
    """One district or village for which an agreement holds."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="areas")
    district = models.ForeignKey(District, on_delete=models.PROTECT, null=True, blank=True)
    village = models.ForeignKey(Village, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        ordering = ["district__code", "village__code"]
        constraints = [
            models.CheckConstraint(
                name="agreement_area_one",
                condition=Q(district__isnull=False, village=None)
                | Q(district=None, village__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["agreement", "district"],
                condition=Q(district__isnull=False),
                name="agreement_district_once",
            ),
            models.UniqueConstraint(
                fields=["agreement", "village"],
                condition=Q(village__isnull=False),
                name="agreement_village_once",
            ),
        ]

    def __str__(self) -> str:
        return str(self.district or self.village)


class OfAgreement(models.QuerySet):
    """Parts of agreements, as far as these are seen."""

    def visible_to(self, user):
        return self.permitting(user, "view")

    def permitting(self, user, capability: str):
        return self.filter(agreement__in=Agreement.objects.permitting(user, capability))


class Addendum(models.Model):
    """What was changed in words after signing. Dates and areas are changed by a renewal."""

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="addenda")
    number = models.CharField(_("number"), max_length=80, blank=True)
    dated = models.DateField(_("date"))
    text = models.TextField(_("what is changed"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OfAgreement.as_manager()

    class Meta:
        ordering = ["dated", "uid"]
        verbose_name_plural = "addenda"

    def __str__(self) -> str:
        return f"{self.dated} {self.number}".strip()


class Evaluation(models.Model):
    """How an agreement went in a period: achievements, obstacles, follow-up."""

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="evaluations")
    period_from = models.DateField(_("from"))
    period_until = models.DateField(_("until"))
    achieved = models.TextField(_("what was achieved"))
    obstacles = models.TextField(_("obstacles"), blank=True)
    follow_up = models.TextField(_("follow-up"), blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OfAgreement.as_manager()

    class Meta:
        ordering = ["-period_until", "uid"]
        constraints = [
            models.CheckConstraint(
                name="evaluation_days_in_order", condition=Q(period_until__gte=F("period_from"))
            )
        ]

    def __str__(self) -> str:
        return f"{self.period_from} – {self.period_until}"


class AgreementNotice(models.Model):
    """That people were reminded of an end, so many days before it: once for each."""

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="notices")
    ends_on = models.DateField()
    days = models.PositiveSmallIntegerField(help_text="90, 60, 30 or 7")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True, help_text="By mail; null: shown only")

    class Meta:
        ordering = ["-ends_on", "days"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "ends_on", "days", "person"], name="agreement_notice_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agreement}: {self.days}"


class AgreementFile(models.Model):
    """One PDF of an agreement or of a body's decree; its bytes lie under their SHA-256."""

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agreement = models.ForeignKey(
        Agreement, on_delete=models.PROTECT, null=True, blank=True, related_name="files"
    )
    body = models.ForeignKey(
        "mou.Body", on_delete=models.PROTECT, null=True, blank=True, related_name="files"
    )
    kind = models.CharField(_("kind of document"), max_length=11, choices=FileKind)
    title = models.CharField(_("title"), max_length=200)
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=150)
    size = models.PositiveIntegerField(help_text="bytes")
    removed_at = models.DateTimeField(null=True, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)

    objects = models.Manager()

    class Meta:
        ordering = ["uploaded_at", "uid"]
        constraints = [
            models.CheckConstraint(
                name="agreement_file_one_owner",
                condition=Q(agreement__isnull=False, body=None)
                | Q(agreement=None, body__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.title
