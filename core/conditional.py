"""304 before the work: a caller who has what stands now is told so at the cost of one look."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language

from .moment import tag


def unchanged(get: Callable) -> Callable:
    """For a method of an API view: 304 where the caller has what stands now.

    The answer may depend on the person, the key, the language, the day, the address and the
    database, and on nothing else. A file of a list is left as it is: it says when it was made.
    """

    @wraps(get)
    def answer(self, request, *args, **kwargs):
        key = getattr(request.auth, "pk", None)
        asked = (request.user.pk, key, get_language(), timezone.localdate())
        mark = tag(*asked, request.get_full_path(), request.headers.get("Accept"))
        known = mark and get_conditional_response(request._request, etag=mark)
        response = known or get(self, request, *args, **kwargs)
        if mark and response.status_code in (200, 304) and not response.streaming:
            response["ETag"] = mark
            response["Cache-Control"] = "private, no-cache"
            patch_vary_headers(response, ("Accept", "Accept-Language", "Authorization", "Cookie"))
        return response

    return answer
