"""“Akun & HP ini”: one's own account as a phone shows it; and signing out one phone."""

from __future__ import annotations

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import devices, services
from accounts.models import Device


@require_safe
def phone_account(request):
    """Her name, her village, the phones in use."""
    context = {
        "person": request.user,
        "phones": request.user.devices.live(),
        "this_phone": request.session.get(devices.KEY),
    }
    return render(request, "phone/account.html", context)


@require_POST
def device_end(request, pk):
    """Her own other phone, or the phone of a person whose account the caller looks after."""
    device = get_object_or_404(Device.objects.visible_to(request.user), pk=pk)
    services.end_device(device, actor=request.user)
    messages.success(request, _("That phone is logged out. What waits on it stays there."))
    if device.user_id == request.user.pk:
        return redirect("accounts:phone-account")
    return redirect("accounts:person", device.user.uid)
