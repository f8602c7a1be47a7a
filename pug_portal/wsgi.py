"""The WSGI door that Granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pug_portal.settings")
application = get_wsgi_application()

from core.entrance import Entrance  # noqa: E402  needs what the line above sets up

application = Entrance(application)
