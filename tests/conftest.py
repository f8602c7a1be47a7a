"""What every test gets. Settings of a test run stand in tests/settings.py."""

import pytest
from django.conf import settings


def pytest_collection_modifyitems(items):
    """Tests marked `postgres` are skipped, with the reason, where SQLite is the database."""
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        return
    reason = pytest.mark.skip(reason="needs PostgreSQL: row locks and parallel writers")
    for item in items:
        if "postgres" in item.keywords:
            item.add_marker(reason)
