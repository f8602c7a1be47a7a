"""Giving a document out: what it said is kept, and from then on it is printed from that."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, chain
from core.errors import Problem, Refused
from programs.involvement import DEFINITION_VERSION
from programs.models import Activity, Program
from villages.models import VillageQuerySet

from ..areas import villages_of
from ..boards import newest_in
from ..models import IssuedReport
from .codes import new_code
from .content import Subject
from .document import Document, packed, unpacked
from .kinds import Kind, document_of
from .offices import office_of

#: How often a document is made anew while records keep changing under it.
TRIES = 3


def settled_document(kind: Kind, of: Subject) -> Document:
    """The document made while no record and no program of the area changed; Refused when they do
    not rest."""
    villages = villages_of(of.user, of.area)
    for _try in range(TRIES):
        before = _stamp(villages)
        made = document_of(kind, of)
        if _stamp(villages) == before:
            return made
    raise Refused(
        Problem("", "changing", _("Records are changing just now. Try again in a minute."))
    )


def _stamp(villages: VillageQuerySet) -> tuple:
    """When a record, or a program with records, of these villages last changed. Two queries."""
    there = Activity.objects.filter(village__in=villages, program=OuterRef("pk"))
    programs = Program.objects.filter(Exists(there))
    return newest_in(villages), programs.aggregate(last=Max("updated_at"))["last"]


def checksum_of(figures: dict[str, Any]) -> str:
    """SHA-256 over the canonical JSON."""
    text = json.dumps(figures, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def issue_report(kind: Kind, of: Subject, *, actor, now: datetime) -> IssuedReport:
    """The document becomes an issued report: its content is kept, sealed and has a code.

    What the same person issued today with the very same content is not issued twice.
    """
    figures = packed(replace(settled_document(kind, of), office=office_of(actor)))
    seal = checksum_of(figures)
    same = IssuedReport.objects.filter(issued_by=actor, checksum=seal, kind=kind.name)
    for report in same.order_by("-issued_at")[:1]:
        if timezone.localdate(report.issued_at) == timezone.localdate(now):
            return report
    return _store(kind, of, figures, seal, actor, now)


def _store(
    kind: Kind, of: Subject, figures: dict[str, Any], seal: str, actor, now: datetime
) -> IssuedReport:
    position, link = chain.head()
    for last in (False, False, True):
        report = IssuedReport(
            code=new_code(),
            kind=kind.name,
            area_code=of.area.code,
            area_title=of.subtitle,
            period=of.flt.when.code,
            basis=of.flt.basis,
            definition_version=DEFINITION_VERSION,
            figures=figures,
            checksum=seal,
            issued_by=actor,
            issued_at=now,
            audit_position=position,
            audit_hash=link,
        )
        try:
            with transaction.atomic():
                report.save(force_insert=True)
                audit.record(
                    actor,
                    "report.issued",
                    report,
                    kind=kind.name,
                    area=of.area.code,
                    period=report.period,
                    checksum=seal,
                )
            return report
        except IntegrityError:  # the code was taken: one chance in many million
            if last:
                raise
    raise AssertionError("not reached")


def reports_visible_to(user):
    """Reports of areas that are wholly in her reach, newest first."""
    if not user.is_authenticated:
        return IssuedReport.objects.none()
    reach = Q()
    for areas in (user.regencies_with, user.districts_with, user.villages_with):
        reach |= Q(area_code__in=areas("view").order_by().values("code"))
    return IssuedReport.objects.filter(reach).select_related("issued_by").order_by("-issued_at")


def any_report(code: str) -> IssuedReport | None:
    """The report of a code, for whoever holds the paper; its reader sees headline figures only."""
    return IssuedReport.objects.filter(code=code).first() if code else None


def document_in(report: IssuedReport) -> Document:
    """What the report said when it was issued."""
    return unpacked(report.figures)


def trail_holds(report: IssuedReport) -> bool:
    """Whether the audit trail still goes through the head that stands on the paper, if one does."""
    return report.audit_head is None or chain.holds(report.audit_head)


def is_whole(report: IssuedReport) -> bool:
    """Whether what is kept is still what was sealed."""
    return checksum_of(report.figures) == report.checksum
