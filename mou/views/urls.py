"""One list of addresses below /perjanjian/; each module of pages adds its own part."""

from django.urls import include, path

#: Modules of pages, each with its `urlpatterns`.
MODULES: tuple[str, ...] = (
    *("memberships", "assignments", "handovers", "facilitators"),
    "obligations",
    *("agreements", "decisions", "files", "partners"),
    *("institutions", "bodies", "trainings"),
)

urlpatterns = [path("", include(f"mou.views.{name}")) for name in MODULES]
