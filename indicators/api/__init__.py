"""REST. Each module holds one noun."""

from django.urls import include, path

MODULES: tuple[str, ...] = (
    *("representation", "assessments", "steps", "instruments"),
    *(
        "indices",
        "population",
    ),
)

urlpatterns = [path("", include(f"indicators.api.{module}")) for module in MODULES]
