"""The notice on the next page travels in a cookie that is bound to this host (ASVS 3.3.3)."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookieStorage(CookieStorage):
    cookie_name = settings.MESSAGE_COOKIE_NAME


class NoticeStorage(FallbackStorage):
    """Django's own, under a name that browsers protect; what is too long goes into the session."""

    storage_classes = (HostCookieStorage, SessionStorage)
