"""`python -m tests.matrix > docs/web-rights.md`."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from .table import page  # noqa: E402  needs what the line above sets up

sys.stdout.write("\n".join(page()) + "\n")
