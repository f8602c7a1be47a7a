"""Django's admin, for reference data only: people, codes and jobs have doors of their own."""

from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.decorators import method_decorator


class ReferenceSite(AdminSite):
    """What other packages bring along stays out: theirs know no reach, no trail and no refusal."""

    OURS = frozenset({"villages", "programs"})

    @method_decorator(login_not_required)
    def login(self, request, extra_context=None):
        """No door of its own, which would know no wait and no second factor."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME) or "/admin/")

    def register(self, model_or_iterable, admin_class=None, **options):
        one = isinstance(model_or_iterable, type)
        models = [model_or_iterable] if one else model_or_iterable
        ours = [model for model in models if model._meta.app_label in self.OURS]
        super().register(ours, admin_class, **options)
