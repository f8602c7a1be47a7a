"""REST: gender analyses, budget statements and budget lines. Each module holds one noun."""

from django.urls import include, path

MODULES: tuple[str, ...] = (
    "analyses",
    "analysis_steps",
    "analysis_parts",
    "statements",
    "statement_steps",
    "terms",
    "lines",
    "budget",
)

urlpatterns = [path("", include(f"planning.api.{module}")) for module in MODULES]
