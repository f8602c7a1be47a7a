"""The description of the API and its page, open to everybody: they hold no data."""

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from drf_spectacular import renderers
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.renderers import BaseRenderer
from rest_framework.response import Response

from core.addresses import site_of
from core.api import refuse_unknown_parameters


def _as_yaml(document: Any) -> bytes:
    return renderers.OpenApiYamlRenderer().render(document, renderer_context={})


def _as_json(document: Any) -> bytes:
    """Without the blanks that make up half of it."""
    return json.dumps(document, separators=(",", ":")).encode()


_WRITERS = {"yaml": _as_yaml, "json": _as_json}


@cache
def written(form: str) -> bytes:
    """The description as YAML or JSON, in English; the code of a running portal stays the same."""
    with translation.override("en"):
        document = SchemaGenerator().get_schema(request=None, public=True)
        return _WRITERS[form](document)


class YamlWritten(BaseRenderer):
    media_type = "application/vnd.oai.openapi"
    format = "yaml"
    charset = None

    def render(self, data, accepted_media_type=None, renderer_context=None) -> bytes:
        return data


class JsonWritten(YamlWritten):
    media_type = "application/vnd.oai.openapi+json"
    format = "json"


class PlainJsonWritten(JsonWritten):
    media_type = "application/json"


@method_decorator(conditional_page, name="dispatch")
class SchemaView(SpectacularAPIView):
    """The API in OpenAPI 3.1: YAML, or JSON by `?format=json` or Accept; with an ETag."""

    renderer_classes = [YamlWritten, JsonWritten, PlainJsonWritten]

    @extend_schema(exclude=True)
    def get(self, request):
        refuse_unknown_parameters(request, {"format"})
        form = request.accepted_renderer.format
        headers = {"Content-Disposition": f'inline; filename="pug-api-v1.{form}"'}
        headers["Cache-Control"] = "public, no-cache"
        return Response(written(form), headers=headers)


class DocsView(SpectacularSwaggerSplitView):
    """The same for people, behind a short introduction; Swagger UI comes from our own host."""

    template_name = "api_docs.html"
    url_name = "schema"

    @extend_schema(exclude=True)
    def get(self, request, *args, **kwargs):
        answer = super().get(request, *args, **kwargs)
        answer.data |= {"site": site_of(request), "per_minute": settings.API_CALLS_PER_MINUTE}
        return answer
