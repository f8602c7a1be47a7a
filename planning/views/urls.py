"""One list of addresses below /perencanaan/; each module of pages adds its own part."""

from django.urls import include, path

#: Modules of pages, each with its `urlpatterns`.
MODULES: tuple[str, ...] = (
    "analyses",
    "steps",
    "village",
    "village_statement",
    "home",
    "reviews",
    "versions",
    "documents",
    "evidence",
    "binder",
    "statements",
    "terms",
    "results",
    "arg",
    "lines",
    "sheets",
    "totals",
    "papers",
)

urlpatterns = [path("", include(f"planning.views.{name}")) for name in MODULES]
