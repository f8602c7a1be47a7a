"""Files that were brought along, and what is shown with them: evidence for prerequisites,
steps of the cycle and questions of the yearly evaluation."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.identifiers import uuid7
from programs.models import Activity, Photo, Program
from villages.models import Opd, Regency

from .analysis import GenderAnalysis
from .statement import BudgetStatement, TermsOfReference
from .vocabulary import CycleStep, DocumentKind, Prerequisite


class OfficeOwned(models.QuerySet):
    """Rows of a regency's binder: an office's own, or (without an office) the regency's."""

    def visible_to(self, user):
        return self.permitting(user, "view")

    def permitting(self, user, capability: str):
        if not user.is_authenticated:
            return self.none()
        everyones = Q(opd=None, regency__in=user.regencies_with(capability))
        return self.filter(everyones | Q(opd__in=user.opds_with(capability)))


class Document(models.Model):
    """One file with what is known of it; its bytes lie under their SHA-256, outside all that is
    served. An office that has its GAP, GBS or KAK already brings it here."""

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    regency = models.ForeignKey(Regency, on_delete=models.PROTECT)
    opd = models.ForeignKey(Opd, on_delete=models.PROTECT, null=True, blank=True)
    program = models.ForeignKey(Program, on_delete=models.PROTECT, null=True, blank=True)
    kind = models.CharField(_("kind of document"), max_length=11, choices=DocumentKind)
    title = models.CharField(_("title"), max_length=200)
    number = models.CharField(_("document number"), max_length=80, blank=True)
    dated = models.DateField(_("date of the document"), null=True, blank=True)
    valid_until = models.DateField(_("in force until"), null=True, blank=True)
    year = models.PositiveSmallIntegerField(_("budget year"))
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=150)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField(help_text="bytes")
    removed_at = models.DateTimeField(null=True, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)

    objects = OfficeOwned.as_manager()

    class Meta:
        ordering = ["-year", "-uid"]
        indexes = [models.Index(fields=["regency", "year", "kind"], name="document_by_year")]
        constraints = [
            models.CheckConstraint(
                name="document_days_in_order",
                condition=Q(dated=None) | Q(valid_until=None) | Q(valid_until__gte=F("dated")),
            )
        ]

    def __str__(self) -> str:
        return self.title


#: What a piece of evidence can be; exactly one of these.
SUBJECTS = ("document", "photo", "activity", "analysis", "statement", "terms")


def _exactly_one() -> Q:
    found = Q(pk__in=[])
    for one in SUBJECTS:
        found |= Q(**{f"{name}__isnull": name != one for name in SUBJECTS})
    return found


class Evidence(models.Model):
    """One piece of evidence: a record, a photo or a document, with what it shows.

    One piece answers several questions (EvidenceTag); its file is kept once.
    """

    uid = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    regency = models.ForeignKey(Regency, on_delete=models.PROTECT)
    opd = models.ForeignKey(Opd, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(_("what it shows"), max_length=200)
    note = models.TextField(_("note"), blank=True)
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    photo = models.ForeignKey(Photo, on_delete=models.PROTECT, null=True, blank=True)
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, null=True, blank=True)
    analysis = models.ForeignKey(GenderAnalysis, on_delete=models.PROTECT, null=True, blank=True)
    statement = models.ForeignKey(BudgetStatement, on_delete=models.PROTECT, null=True, blank=True)
    terms = models.ForeignKey(TermsOfReference, on_delete=models.PROTECT, null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    verified_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OfficeOwned.as_manager()

    class Meta:
        ordering = ["title", "uid"]
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(name="evidence_exactly_one_subject", condition=_exactly_one())
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self):
        """The document, photo, record, analysis, statement or terms that it is."""
        return next(found for name in SUBJECTS if (found := getattr(self, name)))


class Question(models.Model):
    """One question of the evaluation sheet (LKE) of one year; the office enters them yearly."""

    regency = models.ForeignKey(Regency, on_delete=models.PROTECT)
    year = models.PositiveSmallIntegerField(_("year"))
    code = models.CharField(_("code"), max_length=20)
    text = models.TextField(_("question"))
    prerequisite = models.CharField(
        _("prerequisite"), max_length=13, choices=Prerequisite, blank=True
    )
    cycle = models.CharField(_("step of the cycle"), max_length=14, choices=CycleStep, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["year", "position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["regency", "year", "code"], name="question_once")
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class EvidenceTag(models.Model):
    """What a piece of evidence is evidence for, in one evaluation year."""

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="tags")
    year = models.PositiveSmallIntegerField(_("evaluation year"))
    prerequisite = models.CharField(
        _("prerequisite"), max_length=13, choices=Prerequisite, blank=True
    )
    cycle = models.CharField(_("step of the cycle"), max_length=14, choices=CycleStep, blank=True)
    question = models.ForeignKey(
        Question, on_delete=models.PROTECT, null=True, blank=True, related_name="tags"
    )

    class Meta:
        ordering = ["year", "prerequisite", "cycle", "pk"]
        constraints = [
            models.CheckConstraint(
                name="evidence_tag_says_something",
                condition=~Q(prerequisite="") | ~Q(cycle="") | Q(question__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["evidence", "year", "prerequisite", "cycle", "question"],
                condition=Q(question__isnull=False),
                name="evidence_tag_once",
            ),
            models.UniqueConstraint(
                fields=["evidence", "year", "prerequisite", "cycle"],
                condition=Q(question=None),
                name="evidence_tag_once_without_question",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.prerequisite or self.cycle}"
