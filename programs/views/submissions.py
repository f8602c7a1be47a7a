"""“Kiriman API”: a person's own receipts of what came by tool, phone or sheet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from villages.models import Village

from ..clients import PHONE
from ..filters import SentFilter
from ..filters.sent import WAYS
from ..models import Activity, Submission, SubmissionState
from ..wording import LABELS
from .shared import page_of

#: What was typed into a form of the portal has been answered there.
_SENT = ("api", "sheet")


@dataclass
class Sent:
    """One receipt as its sender reads it. `record`: what became of it, if she may see that."""

    receipt: Submission
    title: str
    place: str
    record: Activity | None

    @property
    def refused(self) -> bool:
        return self.receipt.state == SubmissionState.REJECTED

    @property
    def way(self) -> str:
        by_phone = self.receipt.client.startswith(PHONE)
        key = "sheet" if self.receipt.source == "sheet" else "phone" if by_phone else "tool"
        return str(dict(WAYS)[key])

    @property
    def problems(self) -> list[dict[str, str]]:
        """What has to be put right: the field in words, its name for the tool, what to do."""
        return [
            {
                "field": str(LABELS.get(error["field"], "")),
                "name": error["field"],
                "detail": error["detail"],
            }
            for error in self.receipt.errors
        ]


@require_safe
def submission_list(request):
    """The newest first; what needs correction is one press away."""
    rows = Submission.objects.visible_to(request.user).filter(source__in=_SENT)
    rows = rows.exclude(state=SubmissionState.CLAIMED)
    found = SentFilter(request.GET, queryset=rows, request=request)
    problem = not found.form.is_valid()
    kept = found.qs.none() if problem else found.qs.order_by("-received_at", "-pk")
    page = page_of(request, kept)
    context = {
        "filter": found,
        "form": found.form,
        "page": page,
        "rows": _read(request.user, page.object_list),
        "refused": rows.filter(state=SubmissionState.REJECTED).count(),
    }
    status = 422 if problem else 200
    return render(request, "programs/submission_list.html", context, status=status)


@require_safe
def submission_detail(request, uid):
    """One receipt: what was sent, how it was judged, and how to send it again."""
    sent = Submission.objects.visible_to(request.user).filter(source__in=_SENT)
    receipt = get_object_or_404(sent.exclude(state=SubmissionState.CLAIMED), pk=uid)
    [row] = _read(request.user, [receipt])
    return render(request, "programs/submission_detail.html", {"row": row, "receipt": receipt})


def _read(user, receipts: Iterable[Submission]) -> list[Sent]:
    """The receipts with their records and villages: two statements, whatever their number."""
    receipts = list(receipts)
    records = (
        Activity.objects.visible_to(user)
        .select_related("village__district")
        .in_bulk([one.pk for one in receipts if one.state == SubmissionState.ACCEPTED])
    )
    codes = {_text(one, "village") for one in receipts if one.pk not in records} - {""}
    named = Village.objects.visible_to(user).select_related("district")
    villages = {one.code: one for one in named.filter(code__in=codes)} if codes else {}
    return [_row(one, records.get(one.pk), villages) for one in receipts]


def _row(receipt: Submission, record: Activity | None, villages: dict[str, Village]) -> Sent:
    code = _text(receipt, "village")
    village = record.village if record else villages.get(code)
    place = code
    if village:
        words = {"village": village.title, "district": village.district.name}
        place = _("%(village)s, District %(district)s") % words
    title = record.title if record else _text(receipt, "title")
    return Sent(receipt, title or _("Without a title"), place, record)


def _text(receipt: Submission, name: str) -> str:
    """What was sent under this name, if it was text at all."""
    value = receipt.payload.get(name)
    return value[:200] if isinstance(value, str) else ""
