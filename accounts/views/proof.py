"""“Kata sandi lagi”: before what opens doors elsewhere, she proves that it is still she."""

from __future__ import annotations

from django.contrib.auth.views import RedirectURLMixin
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from accounts import fresh
from accounts.token_forms import ProofForm


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class Reauthenticate(RedirectURLMixin, FormView):
    """The password once more, with the code where her role asks; then on to `?next=`, never to
    another host.
    """

    http_method_names = ("get", "head", "post", "options")
    template_name = "accounts/proof.html"
    form_class = ProofForm
    next_page = "accounts:token-list"

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"request": self.request}

    def get_context_data(self, **kwargs):
        return super().get_context_data(next=self.get_redirect_url(), **kwargs)

    def form_valid(self, form):
        fresh.renew(self.request, form.device)
        return super().form_valid(form)

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)
