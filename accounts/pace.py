"""How much one signed-in person may ask of the pages: counted per account, never per address.

The phones of a village share one address, and whoever works hard is no attacker: the limits lie
far above what anybody does by hand, and only stop what empties or fills the portal (ASVS 2.4.1).
Keys of tools have their own (limits.py). Counted in the database for all serving processes, in
small lots.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import NamedTuple

from django.conf import settings
from django.db.models import Case, F, Q, Value, When
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import SAFE_METHODS

from core.problems import for_a_tool, problem_response

from .models import Pace, User

_LARGEST_LOT = 20
_LOTS = 30  # at least so many in a window, so that little is lost at its end
_MOST_HELD = 10_000  # persons of whom one process remembers a lot
#: Never refused: leaving, and what a browser asks by itself.
_FREE = ("/keluar/", "/csp/", "/healthz/", "/readyz/")


class Budget(NamedTuple):
    """So many in so many seconds."""

    name: str
    most: int
    seconds: int

    def window(self, now: datetime) -> datetime:
        """When the present window began."""
        return datetime.fromtimestamp(now.timestamp() // self.seconds * self.seconds, UTC)

    @property
    def lot(self) -> int:
        return max(1, min(_LARGEST_LOT, self.most // _LOTS))


HOUR = 60 * 60
#: Every list and sheet that leaves as a file; a file costs a thread of the server.
FILES = Budget("files", 60, HOUR)
#: A phone that comes back after a month sends two hundred records with three photos each.
WRITES = Budget("writes", 2_000, HOUR)


def budgets_of(request) -> list[Budget]:
    """What this request is counted under."""
    found = [Budget("pages", settings.PAGES_PER_MINUTE, 60)]
    if request.method not in SAFE_METHODS:
        found.append(WRITES)
    elif request.GET.get("format"):
        found.append(FILES)
    return found


class Pacer:
    """The lots that one serving process holds ready."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: dict[tuple[int, str], tuple[datetime, int]] = {}

    def take(self, person: User, budget: Budget, now: datetime) -> bool:
        """One more for this person; False when the window's budget is used up."""
        window, key = budget.window(now), (person.pk, budget.name)
        with self._lock:
            begun, left = self._held.get(key, (None, 0))
            if begun == window and left:
                self._held[key] = (window, left - 1)
                return True
        lot = reserve(person, budget, window)
        with self._lock:
            if len(self._held) >= _MOST_HELD:
                self._held.clear()
            self._held[key] = (window, max(0, lot - 1))
        return lot > 0


def reserve(person: User, budget: Budget, window: datetime) -> int:
    """Take one lot out of the person's budget; 0 when it is used up.

    One conditional statement decides: any number of processes never take more than the limit.
    """
    if _taken(person, budget, window):
        return budget.lot
    Pace.objects.get_or_create(user=person, what=budget.name, defaults={"since": window})
    return budget.lot if _taken(person, budget, window) else 0


def _taken(person: User, budget: Budget, window: datetime) -> bool:
    """The row counts for `window` from now on; one of a clock a little ahead is used as it is."""
    late = window + timedelta(seconds=budget.seconds)
    over = Q(since__lt=window) | Q(since__gt=late)
    room = Q(taken__lte=budget.most - budget.lot)
    rows = Pace.objects.filter(over | room, user=person, what=budget.name)
    return bool(
        rows.update(
            since=Case(When(over, then=Value(window)), default=F("since")),
            taken=Case(When(over, then=Value(budget.lot)), default=F("taken") + budget.lot),
        )
    )


_here = Pacer()


class PaceMiddleware:
    """429 with Retry-After beyond the budget. PUG_PAGES_PER_MINUTE=0 turns it off."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.PAGES_PER_MINUTE and self._counts(request):
            now = timezone.now()
            for budget in budgets_of(request):
                if not _here.take(request.user, budget, now):
                    return too_fast(request, budget, now)
        return self.get_response(request)

    @staticmethod
    def _counts(request) -> bool:
        by_key = for_a_tool(request) and "HTTP_AUTHORIZATION" in request.META
        return not by_key and request.path not in _FREE and request.user.is_authenticated


def too_fast(request, budget: Budget, now: datetime) -> HttpResponse:
    end = budget.window(now) + timedelta(seconds=budget.seconds)
    seconds = max(1, int((end - now).total_seconds()) + 1)
    again = {"Retry-After": str(seconds)}
    if for_a_tool(request):
        words = _("Too many calls. Go on in %(seconds)s seconds.") % {"seconds": seconds}
        return problem_response(request, 429, "throttled", detail=words, headers=again)
    context = {"minutes": -(-seconds // 60), "files": budget.name == FILES.name}
    page = render(request, "errors/too_fast.html", context, status=429)
    page["Retry-After"] = again["Retry-After"]
    return page
