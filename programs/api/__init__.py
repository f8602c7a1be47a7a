"""REST: the facts of this app. Each module holds the doors of one noun."""

from django.urls import include, path

MODULES = (
    "session",
    "submissions",
    "program_writing",
    "activities",
    "activity_list",
    "history",
    "reviews",
    "codes",
    "photos",
    "reference",
    "changes",
    "webhooks",
    "imports",
)

urlpatterns = [path("", include(f"programs.api.{module}")) for module in MODULES]
