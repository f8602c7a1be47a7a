"""The product's settings with its scripts apart, so that a test can call one of them."""

from pug_portal.settings import *  # noqa: F403
from pug_portal.settings import STORAGES

STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
