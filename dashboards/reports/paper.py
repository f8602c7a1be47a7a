"""A document on paper: the same blocks as on the screen, with its seal, as an A4 PDF."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import slugify

from accounts import qr
from core import paper
from core.addresses import site_of

from ..models import IssuedReport
from .codes import grouped
from .issuing import document_in
from .kinds import KINDS


def check_address(request, report: IssuedReport) -> str:
    """The whole address of the page that checks this report: what the QR code holds."""
    return site_of(request) + reverse("dashboards:check", args=[grouped(report.code)])


def pdf_of(report: IssuedReport, request) -> bytes:
    """The issued report as it was, drawn from what it kept; no figure is counted anew."""
    address = check_address(request, report)
    context: dict[str, Any] = {
        "document": document_in(report),
        "report": report,
        "address": address,
        "picture": qr.picture(address),
        "paper": True,
        "printed_at": timezone.now(),
    }
    with translation.override(settings.LANGUAGE_CODE):
        return paper.pdf("reports/paper.html", context, request=request)


def png_qr(text: str) -> BytesIO:
    """A QR picture for Word, which draws no SVG."""
    import qrcode

    sheet = BytesIO()
    qrcode.make(text, box_size=8, border=2).save(sheet)
    sheet.seek(0)
    return sheet


def file_name(report: IssuedReport, ending: str) -> str:
    name = slugify(str(KINDS[report.kind].label))
    return f"{name}-{report.area_code}-{report.period}-{report.code}.{ending}"
