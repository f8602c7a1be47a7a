"""Home, health and language. The pages of trouble are in trouble.py."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from .health import is_well, readiness

YEAR = 365 * 24 * 60 * 60  # seconds

#: Where a role begins; a person with several begins at the first row that names one of hers.
HOMES = (
    ({"officer", "opd_focal_point", "planner", "auditor"}, "dashboards:start"),
    ({"opd_head"}, "planning:home"),
    ({"leader"}, "dashboards:one-page"),
    ({"district_officer"}, "dashboards:area"),
    ({"village_head"}, "programs:phone-home"),
    ({"facilitator"}, "programs:facilitator-home"),
)


def home(request):
    """Send each role to its home; tell a person without a grant whom to ask."""
    for roles, route in HOMES:
        for grant in request.user.grants_today:
            if grant.role in roles:
                return redirect(route, *([grant.area.code] if route == "dashboards:area" else []))
    return render(request, "core/no_area.html")


@login_not_required
def healthz(request):
    """The process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def readyz(request):
    """The portal can do its work; else 503, naming the part that cannot."""
    parts = readiness()
    return JsonResponse(
        parts, status=200 if is_well(parts) else 503, headers={"Cache-Control": "no-store"}
    )


@login_not_required
@require_POST
def language(request):
    """Remember the language chosen and go back to the page it was chosen on."""
    # Not redirect(): that would look for a page of the name that somebody sent.
    response = HttpResponseRedirect(_own_address(request, request.POST.get("next", "")))
    chosen = request.POST.get("language")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response


def _own_address(request, address: str) -> str:
    """`address` if it lies in this portal, else the home page: nobody is sent elsewhere."""
    ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if ours else "/"
