"""Django's admin, for reference data only: people, codes and jobs have doors of their own."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig


class ReferenceSite(AdminSite):
    """What other packages bring along stays out: theirs know no reach, no trail and no refusal."""

    OURS = frozenset({"villages", "programs"})

    def register(self, model_or_iterable, admin_class=None, **options):
        one = isinstance(model_or_iterable, type)
        models = [model_or_iterable] if one else model_or_iterable
        ours = [model for model in models if model._meta.app_label in self.OURS]
        super().register(ours, admin_class, **options)


class ReferenceAdmin(AdminConfig):
    default_site = "pug_portal.reference.ReferenceSite"
