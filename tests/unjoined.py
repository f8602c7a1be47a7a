"""The product's settings with its scripts apart, so that a test can call one of them."""

from pug_portal.settings import *  # noqa: F403
from pug_portal.settings import STORAGES

STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
