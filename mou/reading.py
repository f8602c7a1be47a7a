"""What the page of an agreement tells: its history, and where to fill in what is missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from core.models import AuditEntry

from .models import Agreement, AgreementForm
from .services.agreements import missing_of

MOST_STEPS = 100
_WORDS = {
    "agreement.created": _("Entered as a draft"),
    "agreement.changed": _("Facts changed"),
    "agreement.confirmed": _("Declared in force"),
    "agreement.cancelled": _("Cancelled"),
    "agreement.terminated": _("Ended early by letter"),
    "agreement.renewed": _("A renewal was begun"),
    "agreement.addendum_added": _("Addendum added"),
    "agreement.evaluated": _("Evaluation added"),
    "agreement.file_added": _("Document added"),
    "agreement.file_removed": _("Document taken out of sight"),
}
#: What of an agreement can change, by the names that people have for it.
_PARTS: dict[str, Any] = {
    **{one.attname: one.verbose_name for one in Agreement._meta.concrete_fields},
    **{"scope": _("scope"), "parties": _("parties"), "areas": _("area")},
}


@dataclass(frozen=True)
class Step:
    """One thing that somebody did to an agreement."""

    words: Any
    who: Any
    at: datetime
    note: str


@dataclass(frozen=True)
class Missing:
    """One thing to be known before it is in force, and the page where it is filled in."""

    words: str
    url: str


def history_of(agreement: Agreement) -> list[Step]:
    """Who did what, the last first; what has no word for people is left out."""
    rows = AuditEntry.objects.filter(
        object_type="agreement", object_id=str(agreement.pk), action__in=_WORDS
    ).select_related("actor")
    return [Step(_WORDS[one.action], one.actor, one.at, _note(one)) for one in rows[:MOST_STEPS]]


def hint_of(agreement: Agreement) -> str:
    """What is worth a look, though no rule: an office that signs a PKS signs for the regent."""
    offices = [one for one in agreement.parties.all() if one.opd_id and not one.authority]
    if agreement.form != AgreementForm.COOPERATION or not offices:
        return ""
    words = _("Does %(office)s sign for the regent? Then name the power of attorney.")
    return str(words % {"office": offices[0].opd})


def missing_links(agreement: Agreement) -> list[Missing]:
    return [Missing(str(one.detail), _place(agreement, one.field)) for one in missing_of(agreement)]


def _note(entry: AuditEntry) -> str:
    changes = entry.changes
    if entry.action == "agreement.changed":
        return capfirst(", ".join(str(words) for name, words in _PARTS.items() if name in changes))
    return str(changes.get("note") or changes.get("number") or changes.get("file_title") or "")


def _place(agreement: Agreement, field: str) -> str:
    names = {"obligations": "mou:obligation-new", "files": "mou:file-new"}
    anchors = {"parties": "id_party_1"}
    try:
        if field in names:
            return reverse(names[field], args=[agreement.pk])
    except NoReverseMatch:
        return ""
    edit = reverse("mou:agreement-edit", args=[agreement.pk])
    return f"{edit}#{anchors.get(field, f'id_{field}')}"
