"""Activities, the receipts they came with, and the steps of their review."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from core.identifiers import uuid7
from core.querysets import ScopedQuerySet
from villages.models import Village

from .program import Program
from .vocabulary import (
    CountSource,
    EventStatus,
    FundSource,
    Kind,
    LowWomenReason,
    Origin,
    ReviewStep,
    Stage,
    State,
    SubmissionState,
)

#: The largest head count one activity may carry: a typing slip, not a village, is above it.
MOST_PEOPLE = 1_000_000
MOST_RUPIAH = 10**13
#: Counted by sex means both: a woman's number without the men's says nothing of her share.
PAIRS = ("participants", "deciders", "beneficiaries")


class SubmissionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Receipts are for the person who sent the record, and nobody else."""
        return self.filter(actor=user) if user.is_authenticated else self.none()


class Submission(models.Model):
    """The receipt of one uid: what was sent, by whom, and how it was judged.

    `digest` is SHA-256 over the content (canonical JSON); the same uid with the same digest is
    the same record sent again, with another digest a conflict.
    """

    uid = models.UUIDField(primary_key=True, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="submissions"
    )
    source = models.CharField(max_length=12)
    client = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=8, choices=SubmissionState, default=SubmissionState.CLAIMED)
    number = models.CharField(max_length=24, null=True, blank=True, unique=True)
    digest = models.CharField(max_length=64, blank=True)
    client_digest = models.CharField(max_length=64, blank=True)
    payload = models.JSONField(default=dict)
    errors = models.JSONField(default=list)
    device_time = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField()

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        ordering = ["-received_at"]

    def __str__(self) -> str:
        return self.number or str(self.uid)


class ActivityQuerySet(ScopedQuerySet):
    def live(self):
        """Everything but what was voided."""
        return self.exclude(state=State.VOIDED)

    def waiting(self):
        """Records that a reviewer has to look at."""
        return self.filter(state=State.SUBMITTED)

    def weighed(self):
        """What the sums look at: sent in, not administration, not a twin; held or called off.

        domain.md 3.3: eligible activities; 3.5 rows 4, 12, 19.
        """
        states = [State.SUBMITTED, State.VERIFIED]
        return self.filter(state__in=states, same_event_as=None).exclude(kind=Kind.ADMINISTRATION)

    def counted(self):
        """What enters the number on the reported basis: those of them that were held."""
        return self.weighed().filter(event_status=EventStatus.HELD)

    def called_off(self):
        """Those of them that were cancelled or postponed: they have a counter of their own."""
        return self.weighed().exclude(event_status=EventStatus.HELD)

    def similar_to(self, activity):
        """Other live records of the same village, day, program and kind, about as many people.

        domain.md 3.5 row 12: the same event logged twice, ±20 % of the people present.
        """
        alike = self.live().filter(
            village=activity.village_id,
            held_on=activity.held_on,
            program=activity.program_id,
            kind=activity.kind,
        )
        people = activity.people_present
        if people is not None:
            present = Coalesce(
                "total_participants", F("women_participants") + F("men_participants")
            )
            alike = alike.annotate(present=present).filter(
                present__gte=people * 0.8, present__lte=people * 1.2
            )
        return alike.exclude(pk=activity.pk)

    def near(self, village, program, held_on: date, title: str):
        """Live records that may tell of the same event as one about to be sent.

        Same village, and either the same program at most a day apart or the same title on the
        same day. `static/js/phone/similar.js` asks the phone's own copy by the same rule.
        """
        if not 2000 <= held_on.year <= 2100:
            return self.none()
        day = timedelta(days=1)
        return self.live().filter(
            Q(program=program, held_on__range=(held_on - day, held_on + day))
            | Q(title__iexact=title.strip(), held_on=held_on),
            village=village,
        )

    def with_places(self):
        return self.select_related("village__district", "program", "author", "receipt")


class Activity(models.Model):
    """One thing that took place in one village on one day, heads counted by sex.

    Counts are whole persons; null means "not recorded" and is never read as 0. `year` and
    `month` repeat `held_on` so that tables can be cut by year and village (stack.md 6).
    """

    receipt = models.OneToOneField(
        Submission, on_delete=models.PROTECT, primary_key=True, db_column="uid"
    )
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="activities")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="activities")
    held_on = models.DateField(_("date"))
    year = models.PositiveSmallIntegerField(editable=False)
    month = models.PositiveSmallIntegerField(editable=False)
    title = models.CharField(_("activity name"), max_length=200)
    place = models.CharField(_("place"), max_length=120, blank=True)
    stage = models.CharField(_("stage"), max_length=16, choices=Stage, default=Stage.EXECUTION)
    kind = models.CharField(_("kind of activity"), max_length=16, choices=Kind, default=Kind.OTHER)
    event_status = models.CharField(
        _("did it take place?"), max_length=10, choices=EventStatus, default=EventStatus.HELD
    )
    joint_event = models.UUIDField(null=True, blank=True)

    women_participants = models.PositiveIntegerField(null=True, blank=True)
    men_participants = models.PositiveIntegerField(null=True, blank=True)
    unrecorded_participants = models.PositiveIntegerField(null=True, blank=True)
    total_participants = models.PositiveIntegerField(null=True, blank=True)
    women_deciders = models.PositiveIntegerField(null=True, blank=True)
    men_deciders = models.PositiveIntegerField(null=True, blank=True)
    women_beneficiaries = models.PositiveIntegerField(null=True, blank=True)
    men_beneficiaries = models.PositiveIntegerField(null=True, blank=True)
    women_proposals_accepted = models.PositiveIntegerField(default=0)
    children = models.PositiveIntegerField(null=True, blank=True)
    with_disability = models.PositiveIntegerField(null=True, blank=True)
    elderly = models.PositiveIntegerField(null=True, blank=True)
    women_household_heads = models.PositiveIntegerField(null=True, blank=True)
    count_source = models.CharField(
        _("source of the numbers"),
        max_length=16,
        choices=CountSource,
        default=CountSource.ATTENDANCE_LIST,
    )
    low_women_reason = models.CharField(
        _("why few women?"), max_length=12, choices=LowWomenReason, blank=True
    )

    budget_spent = models.PositiveBigIntegerField(_("budget spent"), null=True, blank=True)
    fund_source = models.CharField(_("fund source"), max_length=10, choices=FundSource, blank=True)
    note = models.TextField(_("note"), blank=True)
    reference = models.CharField(_("reference"), max_length=120, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)

    state = models.CharField(max_length=9, choices=State, default=State.SUBMITTED)
    same_event_as = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="twins"
    )
    version = models.PositiveIntegerField(default=1)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="activities"
    )
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.FIELD)
    source_url = models.URLField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-pk"]
        verbose_name_plural = "activities"
        indexes = [
            models.Index(
                fields=["village", "year", "month", "program", "state"], name="activity_by_key"
            ),
            models.Index(fields=["program", "held_on"], name="activity_by_program"),
            models.Index(fields=["state", "held_on"], name="activity_by_state"),
            models.Index(fields=["held_on", "receipt"], name="activity_by_day"),
            models.Index(fields=["updated_at", "receipt"], name="activity_by_change"),
            models.Index(fields=["village", "-updated_at"], name="activity_newest"),
            models.Index(fields=["village", "held_on", "receipt"], name="activity_of_village"),
        ]
        constraints = [
            models.CheckConstraint(
                name="activity_heads_add_up",
                condition=Q(total_participants=None)
                | Q(
                    women_participants__isnull=False,
                    men_participants__isnull=False,
                    total_participants=F("women_participants")
                    + F("men_participants")
                    + Coalesce(F("unrecorded_participants"), 0),
                )
                | Q(
                    women_participants=None,
                    men_participants=None,
                    total_participants__gte=Coalesce(F("unrecorded_participants"), 0),
                ),
            ),
            *(
                models.CheckConstraint(
                    name=f"activity_both_or_neither_{pair}",
                    condition=Q(**{f"women_{pair}": None, f"men_{pair}": None})
                    | Q(**{f"women_{pair}__isnull": False, f"men_{pair}__isnull": False}),
                )
                for pair in PAIRS
            ),
            models.CheckConstraint(
                name="activity_month_of_year", condition=Q(month__range=(1, 12))
            ),
            models.CheckConstraint(
                name="activity_not_its_own_twin",
                condition=Q(same_event_as=None) | ~Q(same_event_as=F("receipt")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def uid(self):
        return self.pk

    @property
    def women_share(self) -> tuple[int, int] | None:
        """Women among the people present, as (women, both); None when not counted by sex."""
        if self.women_participants is None or self.men_participants is None:
            return None
        return self.women_participants, self.women_participants + self.men_participants

    @property
    def people_present(self) -> int | None:
        """Everybody present, counted by sex or not; None when nobody was counted."""
        if self.total_participants is not None:
            return self.total_participants
        return self.women_share[1] if self.women_share else None

    def clean(self) -> None:
        """The rules of one record (domain.md 3.3, 3.5 row 14). Parents are checked in services."""
        problems: dict[str, ValidationError] = {}
        for missing in self._missing_of_pairs():
            problems[missing] = ValidationError(
                _("Fill in women and men both; write 0 when there was nobody."),
                code="half_a_pair",
            )
        if not problems and not self._heads_add_up():
            problems["total_participants"] = ValidationError(
                _(
                    "Women and men present make %(parts)s, but the total says %(total)s. "
                    "Correct one of the numbers."
                ),
                code="total_mismatch",
                params={"parts": sum(self._known_parts()), "total": self.total_participants},
            )
        if self.held_on and self.held_on < date(2000, 1, 1):
            problems["held_on"] = ValidationError(
                _("The date is before the year 2000. Check the year."), code="too_old"
            )
        if (self.latitude is None) != (self.longitude is None):
            problems["latitude"] = ValidationError(
                _("Give both latitude and longitude, or neither."), code="half_a_point"
            )
        if problems:
            raise ValidationError(problems)

    def _missing_of_pairs(self) -> list[str]:
        """The empty half of each pair of which only one is known."""
        pairs = [(f"women_{pair}", f"men_{pair}") for pair in PAIRS]
        return [
            women if getattr(self, women) is None else men
            for women, men in pairs
            if (getattr(self, women) is None) != (getattr(self, men) is None)
        ]

    def _known_parts(self) -> list[int]:
        parts = (self.women_participants, self.men_participants, self.unrecorded_participants)
        return [part for part in parts if part is not None]

    def _heads_add_up(self) -> bool:
        """Women + men + unrecorded = total when both sexes are known, else no part exceeds it."""
        if self.total_participants is None:
            return True
        if self.women_share is None:
            return sum(self._known_parts()) <= self.total_participants
        return sum(self._known_parts()) == self.total_participants


class Review(models.Model):
    """One step in the life of an activity record: who did what, when, and why."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="reviews")
    step = models.CharField(max_length=12, choices=ReviewStep)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(blank=True)
    version = models.PositiveIntegerField()
    changes = models.JSONField(default=dict)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["activity", "at"], name="review_by_activity")]

    def __str__(self) -> str:
        return f"{self.get_step_display()} – {self.activity_id}"
