"""One list of addresses below /indeks/; each module of pages adds its own part."""

from django.urls import include, path

#: Modules of pages, each with its `urlpatterns`.
MODULES: tuple[str, ...] = (
    "home",
    "indices",
    "releases",
    "population",
    "seats",
    "review",
    "cards",
    "assessments",
    "instruments",
)

urlpatterns = [path("", include(f"indicators.views.{name}")) for name in MODULES]
