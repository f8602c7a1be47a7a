"""REST: a person's own keys. Only she herself comes here, and only just after her login."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api import refuse_unknown_parameters

from . import fresh, key_ends
from .models import ApiToken
from .services import LONGEST_KEY_LIFE, create_token, revoke_token


class TokenSerializer(serializers.ModelSerializer):
    """A key as its owner sees it. The key itself is kept nowhere and cannot be shown again."""

    state = serializers.SerializerMethodField()
    days_left = serializers.SerializerMethodField(
        help_text="Days after today on which it works; 0 on its last day"
    )
    scopes = serializers.ListField(child=serializers.ChoiceField(ApiToken.Scope.choices))

    class Meta:
        model = ApiToken
        fields = [
            "id",
            "name",
            "scopes",
            "state",
            "created_at",
            "expires_on",
            "days_left",
            "last_used_at",
            "revoked_at",
        ]
        read_only_fields = fields

    def get_state(self, token: ApiToken) -> key_ends.KeyState:
        return key_ends.state_of(token)

    def get_days_left(self, token: ApiToken) -> int:
        return key_ends.days_left(token)


class MadeTokenSerializer(TokenSerializer):
    """The one answer that carries the key."""

    key = serializers.CharField(read_only=True, help_text="Shown this once: keep it now")

    class Meta(TokenSerializer.Meta):
        fields = [*TokenSerializer.Meta.fields, "key"]
        read_only_fields = fields


class NewTokenSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=80, help_text="Which tool will use it")
    scopes = serializers.ListField(
        child=serializers.ChoiceField(ApiToken.Scope.choices),
        allow_empty=False,
        max_length=len(ApiToken.Scope),
        error_messages={"empty": _("Choose what the key may do.")},
    )
    days = serializers.IntegerField(
        default=180,
        min_value=1,
        max_value=LONGEST_KEY_LIFE,
        help_text="How long it works",
        error_messages=dict.fromkeys(("min_value", "max_value"), _("Choose 1 to 365 days.")),
    )


class OwnKeys:
    """Cookie sessions with a fresh login; a key never makes, lists or withdraws keys."""

    permission_classes = (IsAuthenticated, fresh.FreshLogin)


_REFUSED = {
    401: OpenApiResponse(description="Nobody is logged in (`not_authenticated`)"),
    403: OpenApiResponse(
        description="A key called (`session_only`); the login is older than 15 minutes "
        "(`login_again`); the CSRF token is missing (`csrf_failed`)"
    ),
}


class TokensView(OwnKeys, ListAPIView):
    """The caller's own keys."""

    queryset = ApiToken.objects.none()  # what it is a list of; whose keys: get_queryset
    serializer_class = TokenSerializer
    ordering = "-created_at"

    def get_queryset(self):
        return self.request.user.tokens.all()

    @extend_schema(
        operation_id="tokens_list",
        summary="Your own keys, newest first",
        responses={200: TokenSerializer(many=True), **_REFUSED},
    )
    def get(self, request, *args, **kwargs):
        """Every key that was ever made, also those that have ended or were withdrawn."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="tokens_create",
        summary="Make a key",
        request=NewTokenSerializer,
        responses={
            201: MadeTokenSerializer,
            400: OpenApiResponse(description="A field is missing, unknown or out of range"),
            422: OpenApiResponse(description="Too many keys work already (`too_many_keys`)"),
            **_REFUSED,
        },
        examples=[
            OpenApiExample(
                "A key that sends",
                {
                    "name": "Script of Tanah Grogot",
                    "scopes": ["activities:write"],
                    "days": 180,
                },
                request_only=True,
            )
        ],
    )
    def post(self, request):
        """The answer carries the key, once. It never has more rights than its owner."""
        refuse_unknown_parameters(request, set())
        told = NewTokenSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        made = create_token(request.user, **told.validated_data, actor=request.user)
        body = TokenSerializer(made.token).data | {"key": made.key}
        return Response(body, status=201, headers={"Cache-Control": "no-store"})


class TokenView(OwnKeys, APIView):
    """One of the caller's own keys."""

    @extend_schema(
        operation_id="tokens_revoke",
        summary="Withdraw a key",
        request=None,
        responses={
            204: OpenApiResponse(description="It stops working at once"),
            404: OpenApiResponse(description="You have no such key"),
            **_REFUSED,
        },
    )
    def delete(self, request, uid):
        """The key stops working at once; its row stays in the list. Once more: no change."""
        revoke_token(get_object_or_404(request.user.tokens.all(), pk=uid), actor=request.user)
        return Response(status=204)


urlpatterns = [
    path("tokens/", TokensView.as_view(), name="tokens"),
    path("tokens/<uuid:uid>/", TokenView.as_view(), name="token"),
]
