"""REST. Each module holds one noun."""

from django.urls import include, path

MODULES: tuple[str, ...] = (
    "partners",
    "agreements",
    "agreement_steps",
    "agreement_parts",
    "obligations",
    "facilitators",
    "coverage",
    "bodies",
    "trainings",
)

urlpatterns = [path("", include(f"mou.api.{module}")) for module in MODULES]
