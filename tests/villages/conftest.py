from io import StringIO

import pytest
from django.core.management import call_command

from tests.villages.lists import Lists


@pytest.fixture
def lists(tmp_path):
    return Lists(tmp_path)


@pytest.fixture
def run(db):
    """Run a command and give back what it printed."""

    def runner(*args, **options) -> str:
        out = StringIO()
        call_command(*args, stdout=out, **options)
        return out.getvalue()

    return runner


@pytest.fixture
def load(run, lists):
    """Import the small lists."""
    return lambda *args, **options: run("import_wilayah", *args, lists=lists.folder, **options)


@pytest.fixture
def paser(run):
    """Kabupaten Paser as it is shipped."""
    return run("import_wilayah", regency="64.01")
