"""Reminders: whoever is reminded of a missing month, it is noted how, when and by whom."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit
from core.errors import Problem, Refused
from core.identifiers import uuid7
from villages.models import Village

from .. import rollups
from ..followups import Person, callable_villages, people_of
from ..letters import PAUSE, Letter
from ..models import Channel, Nudge
from ..reminders import letter_for
from ..reporting import last_due_month, missing_villages
from .records import not_permitted

#: Nobody is written to again before this, unless somebody insists.
BREATH = timedelta(hours=24)


@transaction.atomic
def nudge(
    village: Village,
    *,
    month: date,
    channel: str,
    to: UUID | None,
    note: str = "",
    actor: User,
    uid: UUID | None = None,
    again: bool = False,
    now: datetime | None = None,
) -> Nudge:
    """Somebody of the village was reminded of this month (its first day). Same `uid`: once.

    `to`: the public id of a head or facilitator of the village; None when it was somebody else.

    Refused: not hers to call (`not_permitted`), the month is not due or word of it came
    (`not_missing`), `to` is nobody who reports for the village (`not_of_village`); for WhatsApp
    also without a number (`no_number`), and within a day of the last reminder (`just_nudged`)
    unless `again`. A call or a visit that took place is noted whenever it was.
    """
    now = now or timezone.now()
    if not callable_villages(actor).filter(pk=village.pk).exists():
        raise not_permitted()
    rollups.lock([village.pk])
    uid = uid or uuid7()
    if made := Nudge.objects.filter(pk=uid).first():
        return _same(made, village, actor)
    _require_missing(village, month, timezone.localdate(now))
    person = _person_of(village, to, channel, timezone.localdate(now))
    if channel == Channel.WHATSAPP and not again:
        _require_pause(village, month, now)
    made = Nudge(pk=uid, village=village, channel=channel, note=note, by=actor, at=now)
    return _noted(made, month, person)


def send_letter(letter: Letter, *, month: date, address: str, now: datetime) -> list[Nudge]:
    """The letter went out, and each of its villages is noted as reminded of this month.

    What another run wrote meanwhile is left out. Nothing is held while the letter leaves; when it
    can't be sent nothing is noted, and the error (an OSError) goes on. `address`: the portal's own.
    """
    places = {one.pk: one for one in _not_written(letter, month, now)}
    if not places:
        return []
    about = [(places[one.row.pk], one.months) for one in letter.about if one.row.pk in places]
    subject, text = letter_for(about, letter.to.role, address)
    send_mail(subject, text, None, [letter.to.email])
    with transaction.atomic():
        return [
            _noted(Nudge(village=one, channel=Channel.EMAIL, at=now), month, letter.to)
            for one in places.values()
        ]


def _not_written(letter: Letter, month: date, now: datetime) -> QuerySet[Village]:
    recent = Nudge.objects.filter(
        year=month.year, month=month.month, to=letter.to.pk, at__gt=now - PAUSE
    )
    written = recent.filter(channel=Channel.EMAIL).values("village")
    about = [one.row.pk for one in letter.about]
    return Village.objects.filter(pk__in=about).exclude(pk__in=written).order_by("code")


def _same(made: Nudge, village: Village, actor: User) -> Nudge:
    if made.village_id != village.pk or made.by_id != actor.pk:
        raise Refused(Problem("uid", "conflict", _("Open this page anew and press once more.")))
    return made


def _require_missing(village: Village, month: date, today: date) -> None:
    here = Village.objects.filter(pk=village.pk)
    if month > last_due_month(today) or not missing_villages(here, month).exists():
        words = _("%(village)s owes nothing for %(month)s. Nobody has to be reminded.")
        raise Refused(
            Problem(
                "month",
                "not_missing",
                words % {"village": village.title, "month": date_format(month, "F Y")},
            )
        )


def _person_of(village: Village, to: UUID | None, channel: str, today: date) -> Person | None:
    """Who was meant, among those who report for the village."""
    if to is None and channel != Channel.WHATSAPP:
        return None
    found = next((one for one in people_of([village.pk], today)[village.pk] if one.uid == to), None)
    if found is None:
        words = _("Choose one of those who report for %(village)s.") % {"village": village.title}
        raise Refused(Problem("to", "not_of_village", words))
    if channel == Channel.WHATSAPP and not found.number:
        words = _("No telephone number of %(name)s is noted.") % {"name": found.name}
        raise Refused(Problem("to", "no_number", words))
    return found


def _require_pause(village: Village, month: date, now: datetime) -> None:
    recent = Nudge.objects.filter(
        village=village, year=month.year, month=month.month, at__gt=now - BREATH
    )
    if recent.exists():
        words = _("This village was reminded less than a day ago. Remind it again?")
        raise Refused(Problem("month", "just_nudged", words))


def _noted(made: Nudge, month: date, to: Person | None) -> Nudge:
    made.year, made.month = month.year, month.month
    made.to_id = to.pk if to else None
    made.save(force_insert=True)
    audit.record(
        made.by,
        "nudge.noted",
        made,
        village=made.village.code,
        month=f"{month:%Y-%m}",
        channel=str(made.channel),
        to=str(to.uid) if to else None,
    )
    return made
