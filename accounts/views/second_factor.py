"""The second factor: give the code once per login; connect an app at the first login."""

import django_otp
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts import devices, second_factor
from accounts.forms import CodeForm


@require_http_methods(["GET", "POST"])
def code(request):
    """Ask for the code of the app, or a recovery code."""
    if request.user.is_verified() or not second_factor.is_enrolled(request.user):
        return redirect("core:home")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data["code"]
        closed = second_factor.closed_until(request.user, given)
        device = None if closed else second_factor.verify(request.user, given)
        if device:
            return _go_on(request, device)
        form.add_error("code", second_factor.why_not(closed))
    status = 422 if form.errors else 200
    return render(request, "accounts/second_factor.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
def setup(request):
    """Connect an app and hand out the recovery codes, once."""
    if not request.user.needs_second_factor or second_factor.is_enrolled(request.user):
        return redirect("core:home")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        enrolled = second_factor.enrol(request.user, form.cleaned_data["code"])
        if enrolled:
            device, codes = enrolled
            _go_on(request, device)
            return render(request, "accounts/second_factor_codes.html", {"codes": codes})
        form.add_error("code", second_factor.why_not(None))
    return _setup_page(request, form)


def _setup_page(request, form):
    device = second_factor.pending_device(request.user)
    context = {
        "form": form,
        "qr": second_factor.qr_picture(device),
        "secret": second_factor.secret_text(device),
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/second_factor_setup.html", context, status=status)


def _go_on(request, device):
    """The session has grown in power: it gets a new key."""
    request.session.cycle_key()
    devices.follow(request)
    django_otp.login(request, device)
    return redirect("core:home")
