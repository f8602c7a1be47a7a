"""Partners: put on the list, changed, and no longer partners from a day on."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, versions
from core.errors import Problem, Refused, Stale

from .. import rights
from ..models import Agreement, Partner
from ..standing import live
from .texts import tidy


def add_partner(partner: Partner, *, actor) -> Partner:
    """The unsaved partner is on the list; sent again from the same page it stays one, Stale where
    its uid names another.

    Refused: not_permitted; already_there (name) where its regency has one of this name.
    """
    rights.require(actor, partner.regency)
    tidy(partner)
    if known := Partner.objects.filter(pk=partner.pk).first():
        if (known.regency_id, known.name) == (partner.regency_id, partner.name):
            return known
        words = _("Something else was sent from this page before. Open the page anew.")
        raise Stale(Problem("", "conflict", words))
    _refuse_twin(partner)
    with transaction.atomic():
        _saved(lambda: partner.save(force_insert=True))
        audit.record(actor, "partner.created", partner, name=partner.name, kind=partner.kind)
    return partner


@transaction.atomic
def change_partner(partner: Partner, *, actor, version: int) -> Partner:
    """What the changed instance says is stored; its regency stays. Stale where she was overtaken.

    Refused: not_permitted; already_there (name).
    """
    held = Partner.objects.select_related("regency").get(pk=partner.pk)
    rights.require(actor, held.regency)
    partner.regency = held.regency
    tidy(partner)
    _refuse_twin(partner)
    changes = _saved(lambda: versions.keep(partner, version))
    if changes:
        # That it is another one now is told to all who read the trail, the number to none.
        hidden = {"contact_phone": True} if "contact_phone" in changes else {}
        audit.record(actor, "partner.changed", partner, **changes | hidden)
    return partner


@transaction.atomic
def end_partner(partner: Partner, *, actor, version: int, on: date) -> Partner:
    """No longer a partner from that day; what was done together stays on record.

    Refused: not_permitted; future (on); in_use while an agreement with it is in force.
    """
    rights.require(actor, partner.regency)
    today = timezone.localdate()
    if on > today:
        words = _("This day has not come yet. Choose today or an earlier day.")
        raise Refused(Problem("on", "future", words))
    running = Agreement.objects.filter(live(today), parties__partner=partner).first()
    if running:
        words = _("“%(title)s” is still in force with this partner. End the agreement first.")
        raise Refused(Problem("", "in_use", words % {"title": running.title}))
    versions.swap(partner, version, ended_on=on)
    audit.record(actor, "partner.ended", partner, on=str(on))
    return partner


def _refuse_twin(partner: Partner) -> None:
    others = Partner.objects.filter(regency=partner.regency, name__iexact=partner.name)
    if others.exclude(pk=partner.pk).exists():
        raise _already_there()


def _saved(save):
    """What `save` answers; two at once that bring one name are told like one after the other."""
    try:
        with transaction.atomic():
            return save()
    except IntegrityError as twice:
        raise _already_there() from twice


def _already_there() -> Refused:
    words = _("A partner of this name is on the list already. Open it there.")
    return Refused(Problem("name", "already_there", words))
