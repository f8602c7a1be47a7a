"""Her kept views: the list, keeping one, opening one, letting it go."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import Refused

from . import saved
from .models import SavedView


@require_safe
def start(request):
    """Where an office's work begins."""
    return redirect(saved.start_of(request.user))


@require_http_methods(["GET", "HEAD", "POST"])
def views(request):
    """The list; a POST keeps the page it came from."""
    if request.method == "POST":
        return _keep(request)
    return render(request, "dashboards/saved_views.html", {"views": saved.listed(request.user)})


def _keep(request):
    said = request.POST
    try:
        kept = saved.save_view(
            actor=request.user,
            name=said.get("name", ""),
            path=said.get("path", ""),
            query=said.get("query", ""),
            shared=said.get("shared") == "on",
        )
    except Refused as refused:
        context = {"views": saved.listed(request.user), "problems": refused.problems, "said": said}
        return render(request, "dashboards/saved_views.html", context, status=422)
    messages.success(request, _("“%(name)s” is kept.") % {"name": kept.name})
    return redirect(saved.address_of(kept))


@require_safe
def view(request, uid):
    """The page behind a kept view: its owner's, or a shared one for everybody signed in."""
    kept = get_object_or_404(SavedView.objects.visible_to(request.user), pk=uid)
    if not saved.page_of(kept.path):
        raise Http404
    return redirect(saved.address_of(kept))


@require_POST
def change(request, uid):
    kept = _hers(request, uid)
    saved.change_view(
        kept,
        actor=request.user,
        shared=request.POST.get("shared") == "on",
        is_default=request.POST.get("is_default") == "on",
    )
    messages.success(request, _("“%(name)s” was changed.") % {"name": kept.name})
    return redirect("dashboards:saved-views")


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request, uid):
    kept = _hers(request, uid)
    if request.method != "POST":
        return render(request, "dashboards/saved_view_delete.html", {"view": kept})
    saved.delete_view(kept, actor=request.user)
    messages.success(request, _("“%(name)s” was deleted.") % {"name": kept.name})
    return redirect("dashboards:saved-views")


def _hers(request, uid) -> SavedView:
    return get_object_or_404(SavedView.objects.of(request.user), pk=uid)
