"""Addresses of planning. Each noun's module lists its own (api.md section 5)."""

from django.urls import include, path

app_name = "planning"
urlpatterns = [
    path("perencanaan/", include("planning.views.urls")),
]
