"""Which format an answer of the API has; whoever asks for another is told which there are."""

from __future__ import annotations

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation


class FormatRefused(APIException):
    status_code = 406


class NamedFormats(DefaultContentNegotiation):
    """DRF's choice by `?format=`, else by `Accept`."""

    def select_renderer(self, request, renderers, format_suffix=None):
        try:
            return super().select_renderer(request, renderers, format_suffix)
        except (Http404, NotAcceptable) as none:
            offered = ", ".join(f"{one.format} ({one.media_type})" for one in renderers)
            code = "unknown_format" if isinstance(none, Http404) else "not_acceptable"
            raise FormatRefused(_("Choose one of: %s.") % offered, code) from none
