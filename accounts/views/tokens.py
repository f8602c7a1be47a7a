"""“Kunci API”: a person's own keys for tools: made, shown once, withdrawn."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import key_ends, services
from accounts.fresh import fresh_login
from accounts.models import ApiToken
from accounts.token_forms import TokenForm
from core.errors import Refused

#: Keys that have ended are kept for ever; a page names the last of them.
MOST_ENDED = 20


@require_safe
def token_list(request):
    """Her keys: those that work, and the last that have ended."""
    shown = [_row(token) for token in request.user.tokens.all()]
    context = {
        "live": [row for row in shown if row["state"] in ("active", "ending")],
        "ended": [row for row in shown if row["state"] in ("expired", "revoked")][:MOST_ENDED],
        "notice_days": key_ends.NOTICE.days,
        "calls": request.build_absolute_uri(reverse("session")),
    }
    return render(request, "accounts/token_list.html", context)


def _row(token: ApiToken) -> dict[str, object]:
    return {
        "token": token,
        "state": key_ends.state_of(token),
        "days": key_ends.days_left(token),
        "scopes": _words_of(token),
    }


def _words_of(token: ApiToken) -> list[str]:
    """What a key may do, as its maker read it."""
    return [str(scope.label) for scope in ApiToken.Scope if scope.value in token.scopes]


@never_cache
@require_http_methods(["GET", "POST"])
@fresh_login
def token_create(request):
    """Choose what it is for; then the one page that shows the key."""
    form = TokenForm(request.POST or None)
    if form.is_valid():
        try:
            made = form.make(request.user)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _shown_once(request, made)
    status = 422 if form.errors else 200
    return render(request, "accounts/token_new.html", {"form": form}, status=status)


def _shown_once(request, made: services.NewToken):
    """Nothing keeps the key afterwards: no cache, no session, no log."""
    context = {
        "key": made.key,
        "token": made.token,
        "scopes": _words_of(made.token),
        "calls": request.build_absolute_uri(reverse("session")),
    }
    return render(request, "accounts/token_shown.html", context)


@require_http_methods(["GET", "POST"])
@fresh_login
def token_revoke(request, pk):
    """Ask first: the tool stops at once."""
    token = get_object_or_404(request.user.tokens.all(), pk=pk)
    if request.method == "POST":
        services.revoke_token(token, actor=request.user)
        messages.success(request, _("The key “%(name)s” works no more.") % {"name": token.name})
        return redirect("accounts:token-list")
    return render(request, "accounts/token_revoke.html", _row(token))
