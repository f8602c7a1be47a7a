"""Django's admin as this portal has it; the site stands apart, since apps load before models."""

from django.contrib.admin.apps import AdminConfig


class ReferenceAdmin(AdminConfig):
    default_site = "pug_portal.admin_site.ReferenceSite"
