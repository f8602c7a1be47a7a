"""For whom people work, and until when: contracts of a partner's people."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit
from core.errors import Problem, Refused
from core.formats import day_short
from core.versions import keep, stale, swap

from ..models import Membership
from ..rights import require

_SAID = ("partner_id", "person_id", "kind", "contract", "valid_from", "valid_until")


@transaction.atomic
def add_membership(membership: Membership, *, actor) -> Membership:
    """The person works for the partner in these days.

    `membership`: the unsaved instance of a valid form, under the uid that its page made; sent
    again with the same answers it is the row that is there, with others it is Stale. Refused:
    not_permitted, days_in_order, overlapping (another contract with this partner in these days).
    """
    require(actor, membership.partner.regency)
    _check_person(membership, actor)
    known = Membership.objects.filter(pk=membership.pk).first()
    if known is not None:
        return _sent_again(known, membership)
    _check_days(membership)
    membership.save(force_insert=True)
    audit.record(actor, "membership.add", membership, **_facts(membership))
    return membership


@transaction.atomic
def change_membership(membership: Membership, *, actor, version: int) -> Membership:
    """The contract says what the changed instance of a valid form says, over `version`.

    Refused as adding one; Stale where somebody was faster. Assignments stay as they are.
    """
    require(actor, membership.partner.regency)
    _lock(membership)
    _check_days(membership)
    if changes := keep(membership, version):
        audit.record(actor, "membership.change", membership, **changes)
    return membership


@transaction.atomic
def withdraw_membership(membership: Membership, *, actor, version: int) -> Membership:
    """The contract was entered by mistake: it counts no more, its row stays.

    Assignments stay too: they are ended or handed over by themselves.
    """
    require(actor, membership.partner.regency)
    if membership.withdrawn_at is None:
        swap(membership, version, withdrawn_at=timezone.now())
        audit.record(actor, "membership.withdraw", membership, **_facts(membership))
    return membership


def _check_person(membership: Membership, actor) -> None:
    """Whom an officer does not look after, she makes nobody's people. Locks the person."""
    _lock(membership)
    if actor is None:
        return
    hers = Membership.objects.permitting(actor, "manage_agreements")
    seen = User.objects.visible_to(actor).filter(pk=membership.person_id)
    if not seen.exists() and not hers.filter(person=membership.person_id).exists():
        words = _("You do not look after this person.")
        raise Refused(Problem("person", "not_permitted", words))


def _lock(membership: Membership) -> None:
    """Two officers at once: the second sees what the first stored."""
    User.objects.select_for_update(no_key=True).get(pk=membership.person_id)


def _check_days(membership: Membership) -> None:
    first, last = membership.valid_from, membership.valid_until
    if last and last < first:
        words = _("The contract ends before it begins. Check both days.")
        raise Refused(Problem("valid_until", "days_in_order", words))
    other = _overlapping(membership).first()
    if other:
        words = _("A contract of %(name)s with %(partner)s runs from %(from)s until %(until)s.")
        said = {"name": other.person, "partner": other.partner, "from": day_short(other.valid_from)}
        said["until"] = day_short(other.valid_until) if other.valid_until else _("further notice")
        raise Refused(Problem("valid_from", "overlapping", words % said))


def _overlapping(membership: Membership):
    """Her other contracts with this partner that share a day with it."""
    rows = Membership.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=membership.valid_from),
        partner=membership.partner_id,
        person=membership.person_id,
        withdrawn_at=None,
    ).exclude(pk=membership.pk)
    if membership.valid_until:
        rows = rows.filter(valid_from__lte=membership.valid_until)
    return rows.select_related("person", "partner")


def _sent_again(known: Membership, membership: Membership) -> Membership:
    if any(getattr(known, name) != getattr(membership, name) for name in _SAID):
        raise stale()
    return known


def _facts(membership: Membership) -> dict[str, str]:
    return {
        "person": str(membership.person.uid),
        "partner": str(membership.partner_id),
        "kind": membership.kind,
        "contract": membership.contract,
    }
