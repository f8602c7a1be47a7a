"""What the list of one's own receipts may be narrowed by."""

from __future__ import annotations

from uuid import UUID

import django_filters as filters
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from ..clients import PHONE
from ..models import Activity, Submission, SubmissionState
from .shared import MOST_LETTERS, ListFilter

TOOL, PHONE_PAGE, SHEET = "tool", "phone", "sheet"
WAYS = ((TOOL, _("Tool (API)")), (PHONE_PAGE, _("Phone")), (SHEET, _("Sheet")))


class SentFilter(ListFilter):
    """Receipts by outcome, by the way they came, and by number, identifier or title."""

    search = filters.CharFilter(
        label=_("Number or title"), method="filter_search", max_length=MOST_LETTERS
    )
    state = filters.ChoiceFilter(
        label=_("State"),
        choices=[
            (SubmissionState.ACCEPTED, _("Received")),
            (SubmissionState.REJECTED, _("Needs correction")),
        ],
        empty_label=_("All"),
    )
    source = filters.ChoiceFilter(
        label=_("Came by"), choices=WAYS, method="filter_source", empty_label=_("All")
    )

    class Meta:
        model = Submission
        fields: tuple[str, ...] = ()

    def filter_source(self, queryset, _name, way: str):
        if way == SHEET:
            return queryset.filter(source="sheet")
        by_phone = Q(client__startswith=PHONE)
        return queryset.filter(by_phone if way == PHONE_PAGE else ~by_phone, source="api")

    def filter_search(self, queryset, _name, words: str):
        """Of what was received the record's title counts, of what was refused the one sent."""
        words = words.strip()
        seen = Activity.objects.visible_to(self.request.user)
        record = seen.filter(pk=OuterRef("pk"), title__icontains=words)
        found = Q(number__icontains=words) | Q(Exists(record)) | Q(payload__title__icontains=words)
        if uid := _identifier(words):
            found |= Q(pk=uid)
        return queryset.filter(found)


def _identifier(words: str) -> UUID | None:
    try:
        return UUID(words)
    except ValueError:
        return None
