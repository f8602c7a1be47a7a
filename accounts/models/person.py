"""People who sign in, and how far each of them reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.capabilities import CAPABILITIES, FIELD_ROLES, SECOND_FACTOR_ROLES, roles_with
from core.identifiers import uuid7
from villages.models import District, Opd, Regency, Village

from .grant import Grant

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


class PersonQuerySet(models.QuerySet):
    def visible_to(self, actor):
        """Persons whom `actor` may look after."""
        return self.permitting(actor, "manage_users")

    def permitting(self, actor, capability: str):
        """Persons with a grant, past or present, inside the actor's reach; who never had one
        belongs to the office of her `home`.

        Technical staff without a grant belong to nobody's office: they stay out.
        """
        if not actor.is_authenticated or capability not in actor.capabilities:
            return self.none()
        theirs = Grant.objects.filter(user=OuterRef("pk"))
        bare = Q(~Exists(theirs), is_staff=False, is_superuser=False)
        if not actor.covers_everything_with(capability):
            bare &= Q(home__in=actor.regencies_with(capability))
        return self.filter(Q(Exists(theirs.permitting(actor, capability))) | bare)


class PersonManager(UserManager.from_queryset(PersonQuerySet)):  # type: ignore[misc]
    """Django's maker of users, with our queryset."""

    use_in_migrations = False


class User(AbstractUser):
    """One person who signs in. What she may do is written in her grants, nowhere else."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    uid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    phone = models.CharField(_("phone number"), max_length=20, blank=True)
    home = models.ForeignKey(
        Regency,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whose office entered her: it looks after her until she has a first grant",
    )
    start_password_until = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Her password was made by an office and must be replaced before this moment",
    )
    session_version = models.PositiveIntegerField(
        default=0, help_text="Raised to end all her sessions at once"
    )

    is_demo = models.BooleanField(
        default=False, help_text="Made for the demonstration: her password is public"
    )

    objects = PersonManager()

    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.username

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django compares this on every request: a new password or version ends her sessions."""
        return salted_hmac(
            "accounts.User.session",
            f"{self.password}:{self.session_version}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()

    @property
    def may_enter(self) -> bool:
        """Her account is open; one of the demonstration opens there only."""
        return self.is_active and (settings.PUG_DEMO or not self.is_demo)

    def start_password_is_over(self, now: datetime) -> bool:
        """The password an office made for her was not replaced in time."""
        return self.start_password_until is not None and self.start_password_until < now

    @cached_property
    def grants_today(self) -> list[Grant]:
        """Her live grants, read once per request."""
        if not self.is_active:
            return []
        return list(
            self.grants.live_on(timezone.localdate()).select_related(
                "village__district", "district", "regency", "opd"
            )
        )

    @cached_property
    def _bare_grants(self) -> list[Grant]:
        """Her live grants, for who needs nothing of their areas but the keys."""
        return self.grants_today

    def know_grants(self, grants: Iterable[Grant]) -> None:
        """All her grants, read with a key and without their areas: rights need not ask for them."""
        day = timezone.localdate()
        live = [one for one in grants if self.is_active and one.is_live_on(day)]
        self.__dict__["_bare_grants"] = live

    @property
    def reach(self) -> list[str]:
        """What she may do where today, as it was read for this request."""
        names = ("role", "village_id", "district_id", "regency_id", "opd_id")
        return sorted(str([getattr(one, name) for name in names]) for one in self._bare_grants)

    @cached_property
    def capabilities(self) -> frozenset[str]:
        return frozenset().union(*(CAPABILITIES[grant.role] for grant in self._bare_grants))

    @property
    def roles(self) -> set[str]:
        return {grant.role for grant in self._bare_grants}

    @property
    def needs_second_factor(self) -> bool:
        return bool(self.roles & SECOND_FACTOR_ROLES) or self.is_staff

    @property
    def works_in_the_field(self) -> bool:
        """Every task of hers today is field work, and she has one."""
        return bool(self.roles) and self.roles <= FIELD_ROLES and not self.is_staff

    def _grants_for(self, capability: str) -> list[Grant]:
        roles = roles_with(capability)
        return [grant for grant in self._bare_grants if grant.role in roles]

    def covers_everything_with(self, capability: str) -> bool:
        """She holds `capability` without any bound of area."""
        return any(grant.covers_everything for grant in self._grants_for(capability))

    def villages_with(self, capability: str) -> models.QuerySet[Village]:
        """The villages on which she holds `capability` today.

        An OPD focal point reads her whole regency; what she manages are programs, not villages.
        """
        reach = Q(pk__in=[])
        for grant in self._grants_for(capability):
            if grant.covers_everything:
                return Village.objects.all()
            if grant.village_id:
                reach |= Q(pk=grant.village_id)
            elif grant.district_id:
                reach |= Q(district=grant.district_id)
            elif grant.regency_id:
                reach |= Q(district__regency=grant.regency_id)
            elif grant.opd and capability == "view":
                reach |= Q(district__regency=grant.opd.regency_id)
        return Village.objects.filter(reach)

    def districts_with(self, capability: str) -> models.QuerySet[District]:
        """Whole districts on which she holds `capability`."""
        reach = Q(pk__in=[])
        for grant in self._grants_for(capability):
            if grant.covers_everything:
                return District.objects.all()
            if grant.district_id:
                reach |= Q(pk=grant.district_id)
            elif grant.regency_id:
                reach |= Q(regency=grant.regency_id)
            elif grant.opd and capability == "view":
                reach |= Q(regency=grant.opd.regency_id)
        return District.objects.filter(reach)

    def regencies_with(self, capability: str) -> models.QuerySet[Regency]:
        """Whole regencies on which she holds `capability`."""
        reach = Q(pk__in=[])
        for grant in self._grants_for(capability):
            if grant.covers_everything:
                return Regency.objects.all()
            if grant.regency_id:
                reach |= Q(pk=grant.regency_id)
            elif grant.opd and capability == "view":
                reach |= Q(pk=grant.opd.regency_id)
        return Regency.objects.filter(reach)

    def opds_with(self, capability: str) -> models.QuerySet[Opd]:
        """Offices for which she holds `capability`."""
        reach = Q(pk__in=[])
        for grant in self._grants_for(capability):
            if grant.covers_everything:
                return Opd.objects.all()
            if grant.opd_id:
                reach |= Q(pk=grant.opd_id)
            elif grant.regency_id:
                reach |= Q(regency=grant.regency_id)
        return Opd.objects.filter(reach)
