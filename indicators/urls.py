"""Addresses of indicators. Each noun's module lists its own (api.md section 5)."""

from django.urls import include, path

app_name = "indicators"
urlpatterns = [
    path("indeks/", include("indicators.views.urls")),
]
