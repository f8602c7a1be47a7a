"""“Webhook”: addresses that are told of what happens to a person's activities."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.fresh import fresh_login
from core.errors import Refused

from ..forms.webhook import WebhookForm
from ..models import DeliveryState, Webhook
from ..models.webhook import WebhookEvent
from ..services import webhooks as services
from ..webhooks.signing import secret_of
from .shared import form_page, page_of

_EVENTS = {**dict(WebhookEvent.choices), "webhook.test": gettext_lazy("Example")}
_STATES = {
    DeliveryState.WAITING: "submitted",
    DeliveryState.SENT: "verified",
    DeliveryState.FAILED: "returned",
}
#: What came back instead of an answer, in words.
TROUBLE = {
    "too_slow": gettext_lazy("no answer within 5 seconds"),
    "unreachable": gettext_lazy("could not be reached"),
    "certificate": gettext_lazy("its certificate is not trusted"),
    "unknown": gettext_lazy("nobody knows the address"),
    "unreadable": gettext_lazy("the answer could not be read"),
}
_CLOSED = gettext_lazy("the address lies inside a closed network")


@require_safe
def webhook_list(request: HttpRequest) -> HttpResponse:
    """Her webhooks, and whether each is heard."""
    rows = [_card(one) for one in Webhook.objects.visible_to(request.user).live()]
    return render(request, "programs/webhook_list.html", {"rows": rows})


def _card(webhook: Webhook) -> dict[str, object]:
    events = [WebhookEvent(one).label for one in webhook.events]
    return {"webhook": webhook, "events": events}


@never_cache
@require_http_methods(["GET", "POST"])
@fresh_login
def webhook_create(request: HttpRequest) -> HttpResponse:
    """Say where and of what; then the one page that shows the secret."""
    form = WebhookForm(request.POST or None)
    if form.is_valid():
        try:
            made = services.create_webhook(actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _shown_once(request, made)
    return form_page(request, "programs/webhook_form.html", form)


def _shown_once(request: HttpRequest, webhook: Webhook) -> HttpResponse:
    context = {"webhook": webhook, "secret": secret_of(webhook)}
    return render(request, "programs/webhook_shown.html", context)


@require_safe
def webhook_detail(request: HttpRequest, uid) -> HttpResponse:
    """One webhook with its messages, newest first, and what came back."""
    webhook = _hers(request, uid)
    page = page_of(request, webhook.deliveries.order_by("-created_at", "-uid"))
    context = {**_card(webhook), "page": page, "rows": [_row(one) for one in page]}
    return render(request, "programs/webhook_detail.html", context)


def _row(message) -> dict[str, object]:
    last = message.tries[-1] if message.tries else None
    return {
        "message": message,
        "event": _EVENTS.get(message.event, message.event),
        "tag": _STATES[message.state],
        "answer": _words(last) if last else "",
    }


def _words(tried: dict) -> str:
    """What the last try brought."""
    if tried["status"]:
        return _("answered %(status)s") % {"status": tried["status"]}
    return str(TROUBLE.get(tried["detail"], _CLOSED))


@require_http_methods(["GET", "POST"])
@fresh_login
def webhook_edit(request: HttpRequest, uid) -> HttpResponse:
    """Another name, address or choice of events; its secret stays."""
    webhook = _hers(request, uid)
    now = {name: getattr(webhook, name) for name in ("name", "url", "events")}
    form = WebhookForm(request.POST or None, initial=now)
    if form.is_valid():
        try:
            services.change_webhook(
                webhook, actor=request.user, is_active=webhook.is_active, **form.cleaned_data
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return redirect("programs:webhook-detail", uid)
    return form_page(request, "programs/webhook_form.html", form, webhook=webhook)


@never_cache
@require_http_methods(["GET", "POST"])
@fresh_login
def webhook_rotate(request: HttpRequest, uid) -> HttpResponse:
    """Ask first: the receiver trusts nothing until it has the new secret."""
    webhook = _hers(request, uid)
    if request.method == "POST":
        return _shown_once(request, services.rotate_secret(webhook, actor=request.user))
    return render(request, "programs/webhook_rotate.html", {"webhook": webhook})


@require_POST
def webhook_switch(request: HttpRequest, uid) -> HttpResponse:
    """Stop it, or start a stopped one where it stood."""
    webhook = _hers(request, uid)
    return _acted(
        request,
        uid,
        lambda: services.set_active(webhook, not webhook.is_active, actor=request.user),
    )


@require_POST
def webhook_test(request: HttpRequest, uid) -> HttpResponse:
    webhook = _hers(request, uid)
    words = _("The example is on its way. Load this page again in a moment.")
    return _acted(request, uid, lambda: services.send_example(webhook), words)


@require_POST
def webhook_redeliver(request: HttpRequest, uid, delivery) -> HttpResponse:
    rows = _hers(request, uid).deliveries.select_related("webhook")
    message = get_object_or_404(rows, pk=delivery)
    words = _("The message is on its way again.")
    return _acted(request, uid, lambda: services.redeliver(message), words)


@require_http_methods(["GET", "POST"])
def webhook_end(request: HttpRequest, uid) -> HttpResponse:
    """Ask first: what waits is given up."""
    webhook = _hers(request, uid)
    if request.method == "POST":
        services.end_webhook(webhook, actor=request.user)
        messages.success(request, _("The webhook “%(name)s” is gone.") % {"name": webhook.name})
        return redirect("programs:webhook-list")
    return render(request, "programs/webhook_end.html", {"webhook": webhook})


def _hers(request: HttpRequest, uid) -> Webhook:
    return get_object_or_404(Webhook.objects.visible_to(request.user).live(), pk=uid)


def _acted(request: HttpRequest, uid, act, words: str = "") -> HttpResponse:
    """Do it, say so or say why not, and show the webhook."""
    try:
        act()
    except Refused as refusal:
        messages.warning(request, refusal.problems[0].detail)
    else:
        if words:
            messages.success(request, words)
    return redirect("programs:webhook-detail", uid)
