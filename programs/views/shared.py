"""What the pages of this app share: fetching in scope, pages of a list, answering a form."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from core import scanning
from core.errors import Problem, Refused, Stale
from core.stored import sent
from villages.models import Village

from .. import files
from ..filters import MOST_LETTERS
from ..models import Activity, Program

OWNERS = ("owner_opd", "owner_district", "owner_village__district")
ROWS = 50
#: Nobody turns pages beyond this; counting further would only make everyone wait.
MOST_ROWS = 10_000
#: More villages than this are searched for, not listed.
MOST_LISTED = 300
#: Refusals that concern the person, not what was typed.
NOT_HERS = frozenset({"not_permitted", "own_record"})


class CappedPaginator(Paginator):
    """Pages whose count stops at MOST_ROWS: a nation's list opens as fast as a village's."""

    @cached_property
    def count(self) -> int:
        return self.object_list[: MOST_ROWS + 1].count()

    @property
    def capped(self) -> bool:
        return self.count > MOST_ROWS


def page_of(request: HttpRequest, rows: QuerySet) -> Page:
    return CappedPaginator(rows, ROWS).get_page(request.GET.get("page"))


def activity_or_404(request: HttpRequest, uid: UUID) -> Activity:
    rows = Activity.objects.visible_to(request.user).with_places()
    return get_object_or_404(rows, pk=uid)


def program_or_404(request: HttpRequest, uid: UUID) -> Program:
    rows = Program.objects.visible_to(request.user).select_related(*OWNERS, "activity_code")
    return get_object_or_404(rows, pk=uid)


def manages(user, program: Program) -> bool:
    return Program.objects.permitting(user, "manage_programs").filter(pk=program.pk).exists()


def require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def forbid(refusal: Refused) -> None:
    """A refusal that concerns the person is a 403, in the service's words."""
    if refusal.code in NOT_HERS:
        raise PermissionDenied(refusal.problems[0].detail) from refusal


def take_refusal(form, refusal: Refused, row: Activity | Program) -> None:
    """The form says why not; when someone was faster it is ready to be sent over what is now."""
    forbid(refusal)
    form.refuse(refusal)
    if isinstance(refusal, Stale):
        row.refresh_from_db(fields=["version"])
        form.renew(row.version)


def overtaken(refusal: Stale, activity: Activity, user) -> Stale:
    """Who was faster; when it was she herself on another page, that is said."""
    last = activity.reviews.order_by("-at", "-id").first()
    if last is None or last.actor_id != user.pk:
        return refusal
    words = _("You changed this record already on another page. It is now “%(state)s”.")
    activity.refresh_from_db(fields=["state"])
    detail = words % {"state": activity.get_state_display()}
    return Stale(Problem("version", "changed_meanwhile", detail))


def version_of(request: HttpRequest) -> int:
    """The version that the person saw; what can't be read is never the present one."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def uid_or_none(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def chosen_village(request: HttpRequest, villages: QuerySet[Village]) -> Village | None:
    """The village named in the address, or her only one; None when she has to choose."""
    code = request.GET.get("village")
    if code:
        return villages.filter(code=code).first()
    first_two = list(villages[:2])
    return first_two[0] if len(first_two) == 1 else None


def kept_file(digest: str, name: str, media_type: str) -> HttpResponseBase:
    """A document as it is kept, to be saved and never shown: it runs nowhere in the portal."""
    if scanning.is_harmful(digest):  # found out after it was kept
        raise Http404
    return sent(files.path_of(digest), name=name, media_type=media_type, attachment=True)


def form_page(request: HttpRequest, template: str, form, **context) -> HttpResponse:
    """The page of a form: 422 with problems, 409 when someone else was faster."""
    status = 422 if form.errors else 200
    if form.has_error("version", "changed_meanwhile"):
        status = 409
    return render(request, template, {"form": form, **context}, status=status)


def pick_village(request: HttpRequest, villages: QuerySet[Village]) -> HttpResponse:
    """Which village is it about? Asked only of those who work for several."""
    require(villages.exists())
    search = request.GET.get("search", "").strip()[:MOST_LETTERS]
    unknown = request.GET.get("village", "")
    found = villages.filter(name__icontains=search) if search else villages
    found = found.select_related("district").order_by("district__name", "name")
    context = {
        "villages": found[:MOST_LISTED],
        "more": found.count() > MOST_LISTED,
        "search": search,
        "unknown": unknown,
    }
    status = 404 if unknown else 200
    return render(request, "programs/village_pick.html", context, status=status)
