"""Every address below /api/v1/."""

from django.urls import include, path

from .described import DocsView, SchemaView

urlpatterns = [
    path("", include("villages.api")),
    path("", include("accounts.token_api")),
    path("", include("programs.api")),
    path("", include("planning.api")),
    path("", include("mou.api")),
    path("", include("indicators.api")),
    path("", include("dashboards.api")),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", DocsView.as_view(), name="docs"),
]
