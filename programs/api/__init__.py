"""REST: the facts of this app. Each module holds the doors of one noun."""

from django.urls import include, path

MODULES = ("session", "submissions", "programs", "activities", "photos", "reference")

urlpatterns = [path("", include(f"programs.api.{module}")) for module in MODULES]
