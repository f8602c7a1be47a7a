"""What happened to a document and what reviewers said about it, read."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from .models import Remark, Step


def steps_of(document: UUID) -> QuerySet[Step]:
    """Every step, newest first, with who took it."""
    return Step.objects.filter(document=document).select_related("actor")


def remarks_of(document: UUID) -> QuerySet[Remark]:
    """Every remark in the order of the form, settled or not, with who made it."""
    return Remark.objects.filter(document=document).select_related("author")
