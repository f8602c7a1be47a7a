"""REST: the photos of a record, one image each, sent as they are."""

from __future__ import annotations

import base64
import re
from hashlib import sha256
from hmac import compare_digest

from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import APIException, ParseError, ValidationError
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import refuse_unknown_parameters
from core.errors import Refused
from core.stored import sent

from ..models import Activity, Kept, Photo
from ..pictures import MOST_BYTES, THUMBNAIL_EDGE
from ..services import add_photo, photo_file, remove_photo

_YES_OR_NO = {"": False, "0": False, "1": True, "false": False, "true": True}
_SHA256 = re.compile(r"(?:^|,)\s*sha-256=:([A-Za-z0-9+/]+=*):")


class PhotoTooLarge(APIException):
    status_code = 413
    default_code = "body_too_large"
    default_detail = gettext_lazy("A photo may be at most 5 MB. Send a smaller one.")


class TryAgain(APIException):
    """The photo was not judged; the same bytes may come again."""

    status_code = 503
    default_code = "busy"
    wait = 60


class JpegParser(BaseParser):
    """The body as bytes, never more of it than a photo may have."""

    media_type = "image/jpeg"

    def parse(self, stream, media_type=None, parser_context=None) -> bytes:
        data = stream.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise PhotoTooLarge
        return data


class PngParser(JpegParser):
    media_type = "image/png"


class WebpParser(JpegParser):
    media_type = "image/webp"


class JpegRenderer(BaseRenderer):
    """Lets whoever accepts pictures only ask for one; the view answers with the file itself."""

    media_type = "image/jpeg"
    format = "jpg"


class PhotoSerializer(serializers.ModelSerializer):
    """The receipt of a photo: `sha256` is of the bytes as sent, the sizes those of the photo."""

    sha256 = serializers.CharField(source="sent_sha256")

    class Meta:
        model = Photo
        fields = ["uid", "sha256", "width", "height", "received_at"]


class PhotoView(APIView):
    """One photo: sent (safe to repeat), looked at, removed."""

    required_scopes = {
        "GET": "activities:read",
        "PUT": "photos:write",
        "DELETE": "photos:write",
    }
    parser_classes = [JpegParser, PngParser, WebpParser]

    def get_renderers(self):
        pictures = [JpegRenderer()] if self.request and self.request.method != "PUT" else []
        return super().get_renderers() + pictures

    @extend_schema(
        summary="Send a photo; safe to repeat",
        request={
            "image/jpeg": OpenApiTypes.BINARY,
            "image/png": OpenApiTypes.BINARY,
            "image/webp": OpenApiTypes.BINARY,
        },
        responses={200: PhotoSerializer, 201: PhotoSerializer},
        parameters=[
            OpenApiParameter("public", bool, description="May be shown to the public; default 0"),
            OpenApiParameter(
                "Content-Digest",
                location="header",
                description="sha-256=:base64: of the body (RFC 9530); must match when given",
            ),
        ],
    )
    def put(self, request, uid, photo_uid):
        refuse_unknown_parameters(request, {"public"})
        is_public = _chosen(request, "public", _YES_OR_NO)
        activity = get_object_or_404(Activity.objects.visible_to(request.user), pk=uid)
        data = _body(request)
        try:
            photo, is_new = add_photo(
                activity, data, uid=photo_uid, actor=request.user, is_public=is_public
            )
        except Refused as refusal:
            raise _in_http(refusal) from refusal
        return Response(PhotoSerializer(photo).data, status=201 if is_new else 200)

    @extend_schema(
        summary="One photo",
        responses={(200, "image/jpeg"): OpenApiTypes.BINARY},
        parameters=[
            OpenApiParameter("format", exclude=True),
            OpenApiParameter("size", int, enum=[THUMBNAIL_EDGE], description="Longest edge"),
        ],
    )
    def get(self, request, uid, photo_uid):
        refuse_unknown_parameters(request, {"size"})
        small = _chosen(request, "size", {"": False, str(THUMBNAIL_EDGE): True})
        photo = self._photo(request, uid, photo_uid)
        small = small or photo.kept != Kept.FULL  # after two years the thumbnail is all there is
        etag = f'"{photo.sha256}{"-s" if small else ""}"'
        return get_conditional_response(request, etag=etag, response=_picture(photo, small, etag))

    @extend_schema(
        summary="Remove a photo",
        request=None,
        responses={204: None},
        parameters=[OpenApiParameter("format", exclude=True)],
    )
    def delete(self, request, uid, photo_uid):
        refuse_unknown_parameters(request, set())
        try:
            remove_photo(self._photo(request, uid, photo_uid), actor=request.user)
        except Refused as refusal:
            raise _in_http(refusal) from refusal
        return Response(status=204)

    def _photo(self, request, uid, photo_uid) -> Photo:
        rows = Photo.objects.visible_to(request.user).live()
        return get_object_or_404(
            rows.select_related("activity__receipt"), pk=photo_uid, activity=uid
        )


def _picture(photo: Photo, small: bool, etag: str) -> HttpResponseBase:
    """The file as a JPEG and as nothing else."""
    response = sent(
        photo_file(photo.sha256, small=small),
        name=f"foto-{photo.activity.receipt.number}-{str(photo.pk)[-4:]}.jpg",
        media_type="image/jpeg",
        attachment=False,
    )
    response["ETag"] = etag
    return response


def _chosen(request, name: str, words: dict[str, bool]) -> bool:
    text = request.query_params.get(name, "")
    if text not in words:
        known = ", ".join(filter(None, words))
        raise ValidationError({name: _("Known: %s.") % known}, code="invalid")
    return words[text]


def _body(request) -> bytes:
    """What was sent, checked against the digest that came with it."""
    data = request.data
    if not isinstance(data, bytes) or not data:
        raise ParseError(_("Send the photo as the body of the request."), code="no_photo")
    header = request.headers.get("Content-Digest")
    if header is None:
        return data
    named = _SHA256.search(header)
    if named is None:
        raise ParseError(_("Write Content-Digest as sha-256=:…:."), code="digest_unreadable")
    if not compare_digest(named[1], base64.b64encode(sha256(data).digest()).decode()):
        raise ParseError(_("The photo did not arrive as it was sent."), code="digest_mismatch")
    return data


def _in_http(refusal: Refused) -> Exception:
    """What concerns the person is a 403, what concerns us a 503; the rest as it is."""
    if refusal.code == "not_permitted":
        return PermissionDenied()
    return TryAgain(refusal.problems[0].detail) if refusal.code == "busy" else refusal


urlpatterns = [
    path(
        "activities/<uuid:uid>/photos/<uuid:photo_uid>/",
        PhotoView.as_view(),
        name="activity-photo",
    ),
]
