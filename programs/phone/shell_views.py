"""The worker, the manifest and the shells, as a phone asks for them. Nobody has to be signed in."""

from __future__ import annotations

import json

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from . import shell as shells

GREEN, PAPER = "#0b5a52", "#ffffff"


@login_not_required
@require_safe
@cache_control(no_cache=True)
def worker(request):
    """The worker with what it keeps; with PUG_PHONE_KILL=1 the one that clears away and goes."""
    if settings.PHONE_KILL:
        text = render_to_string("phone/sw_kill.js")
    else:
        text = f"const PHONE = {json.dumps(shells.built().plan)};\n{shells.worker_text()}"
    return HttpResponse(text, content_type="text/javascript")


@login_not_required
@require_safe
@cache_control(no_cache=True)
def all_shells(request):
    """Every shell in one answer, as JSON: they are so alike that packed together they halve."""
    built = shells.built()
    return JsonResponse({"version": built.version, "shells": built.texts})


@login_not_required
@require_safe
@cache_control(no_cache=True)
def shell(request, page: str):
    """One shell to look at."""
    texts = shells.built().texts
    if page not in texts:
        raise Http404(page)
    return HttpResponse(texts[page])


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def manifest(request):
    """What the phone shows once the portal stands among its apps."""
    with override("id"):
        body = {
            "id": reverse("programs:phone-home"),
            "name": render_to_string("phone/_name.txt", request=request).strip(),
            "short_name": _("Portal PUG"),
            "description": _("Record the activities of your village, also without signal."),
            "lang": "id",
            "start_url": reverse("programs:phone-home"),
            "scope": "/",
            "display": "standalone",
            "theme_color": GREEN,
            "background_color": PAPER,
            "icons": [
                _icon("icon-192.png", 192),
                _icon("icon-512.png", 512),
                _icon("icon-maskable-512.png", 512, "maskable"),
            ],
        }
    return JsonResponse(body, content_type="application/manifest+json")


def _icon(name: str, edge: int, purpose: str = "any") -> dict:
    """`edge` in pixels; a maskable icon may be cut to any shape by the phone."""
    size = f"{edge}x{edge}"
    return {"src": static(f"img/{name}"), "sizes": size, "type": "image/png", "purpose": purpose}
