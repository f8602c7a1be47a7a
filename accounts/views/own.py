"""One's own account: sign in, leave, change the password."""

from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from accounts import devices, known, services
from accounts.forms import LoginForm, OwnPasswordForm
from core import logs


class Login(auth_views.LoginView):
    template_name = "accounts/login.html"
    form_class = LoginForm
    redirect_authenticated_user = True

    def form_valid(self, form):
        response = super().form_valid(form)
        services.note_login(form.get_user())
        devices.begin(self.request, form.get_user())
        known.remember(self.request, response, form.get_user())
        return response

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)


@method_decorator(login_not_required, name="dispatch")
class Logout(auth_views.LogoutView):
    """POST only; the session's row is deleted, the phone's row ends.

    The phone forgets pages, never its storage: records that wait there belong to her still.
    """

    def post(self, request, *args, **kwargs):
        devices.leave(request)
        if request.user.is_authenticated:
            logs.note("logout", user=str(request.user.uid))
        response = super().post(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"cache"'
        return response


class ChangePassword(auth_views.PasswordChangeView):
    """Her other sessions end; this one goes on."""

    http_method_names = ("get", "head", "post", "options")

    template_name = "accounts/password_change.html"
    form_class = OwnPasswordForm
    success_url = reverse_lazy("core:home")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"request": self.request}

    def form_valid(self, form):
        response = super().form_valid(form)
        devices.follow(self.request)
        messages.success(self.request, _("Your new password counts from now on."))
        return response

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)
