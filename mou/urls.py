"""Addresses of mou. Each noun's module lists its own (api.md section 5)."""

from django.urls import include, path

app_name = "mou"
urlpatterns = [
    path("perjanjian/", include("mou.views.urls")),
]
