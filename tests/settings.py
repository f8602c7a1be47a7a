"""The portal's own settings with a test's surroundings: a throw-away folder, plain http.

Nothing has to be exported before `pytest`. DATABASE_URL chooses PostgreSQL; without it the tests
use a SQLite file, as the portal does, so that threads and locks behave as they do in service.
"""

import os
import tempfile

if "PYTEST_XDIST_WORKER" not in os.environ:  # workers share the folder of the run they belong to
    _folder = tempfile.TemporaryDirectory(prefix="pug-test-", ignore_cleanup_errors=True)
    os.environ["PUG_VAR"] = _folder.name
for _name in ("PUG_DEBUG", "PUG_DEMO"):
    os.environ.pop(_name, None)
os.environ["PUG_SECRET_KEY"] = "for-tests-only-" + "0123456789" * 4

from pug_portal.settings import *  # noqa: E402, F403
from pug_portal.settings import DATABASES, STORAGES, VAR_DIR  # noqa: E402

SECURE = SECURE_SSL_REDIRECT = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
SESSION_COOKIE_NAME = "sessionid"
CSRF_COOKIE_NAME = "csrftoken"
LANGUAGE_COOKIE_NAME = "django_language"
MESSAGE_COOKIE_NAME, KNOWN_COOKIE_NAME = "messages", "known"
PAGES_PER_MINUTE = 0  # its own tests turn it on; elsewhere queries are counted
SECOND_FACTOR_ASKED = False  # the tests of that door turn it on

METRICS_EVERY = float("inf")  # no statement that a test did not ask for; its own tests count

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
(VAR_DIR / "static").mkdir(exist_ok=True)

_database = DATABASES["default"]
if _database["ENGINE"].endswith("sqlite3"):
    _database["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
    _database["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
