"""The tests' settings for a second process in the database of a test that runs."""

import os

os.environ.setdefault("PYTEST_XDIST_WORKER", "beside")  # it keeps no folder of its own

from tests.settings import *  # noqa: E402, F403
from tests.settings import DATABASES

DATABASES["default"]["NAME"] = os.environ["TESTS_DATABASE"]
