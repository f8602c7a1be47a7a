"""REST: addresses that are told of what happens to the caller's activities."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.urls import path
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.generics import ListAPIView
from rest_framework.permissions import SAFE_METHODS, IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import TokenScope
from accounts.fresh import FreshOrKey
from core.api import refuse_unknown_parameters

from ..models import Delivery, DeliveryState, Webhook
from ..models.webhook import WebhookEvent
from ..services import webhooks as services
from ..webhooks.signing import secret_of

_SCOPE = "webhooks:manage"


class WebhookSerializer(serializers.ModelSerializer):
    """One address, and which events it is told of."""

    name = serializers.CharField(max_length=80)
    url = serializers.CharField(max_length=500, help_text="https, a public machine, port 443/8443")
    events = serializers.ListField(
        child=serializers.ChoiceField(WebhookEvent.choices), allow_empty=False
    )
    is_active = serializers.BooleanField(required=False, help_text="false: stopped")

    class Meta:
        model = Webhook
        fields = [
            "uid",
            "name",
            "url",
            "events",
            "is_active",
            "stopped_because",
            "failing_since",
            "created_at",
        ]
        read_only_fields = ["uid", "stopped_because", "failing_since", "created_at"]


class WebhookSecretSerializer(WebhookSerializer):
    """With its secret: only in this answer, never again."""

    secret = serializers.SerializerMethodField()

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret"]

    def get_secret(self, webhook) -> str:
        return secret_of(webhook)


class TrySerializer(serializers.Serializer):
    at = serializers.DateTimeField()
    status = serializers.IntegerField(help_text="HTTP; 0 when no answer came")
    seconds = serializers.FloatField()
    detail = serializers.CharField(help_text="too_slow, unreachable, certificate, not_public …")


class DeliverySerializer(serializers.ModelSerializer):
    """One message: what was sent, how often it was tried, what came back."""

    tries = TrySerializer(many=True)
    body = serializers.CharField(help_text="The text that is signed")

    class Meta:
        model = Delivery
        fields = [
            *("uid", "event", "record", "state", "attempts", "next_at"),
            *("created_at", "sent_at", "tries", "body"),
        ]


class FreshToWrite(FreshOrKey):
    """As on the pages: what sends records elsewhere, or shows a secret, takes a fresh login."""

    def has_permission(self, request, view) -> bool:
        return request.method in SAFE_METHODS or super().has_permission(request, view)


class Doors(APIView):
    permission_classes = (IsAuthenticated, TokenScope, FreshToWrite)


def _webhook(request, uid) -> Webhook:
    return get_object_or_404(Webhook.objects.visible_to(request.user).live(), pk=uid)


def _secret(webhook: Webhook, status: int) -> Response:
    return Response(
        WebhookSecretSerializer(webhook).data, status, headers={"Cache-Control": "no-store"}
    )


@extend_schema_view(
    get=extend_schema(operation_id="webhooks", summary="The caller's webhooks"),
)
class WebhooksView(Doors, ListAPIView):
    """The caller's own webhooks, newest first."""

    required_scopes = {"GET": _SCOPE, "POST": _SCOPE}
    serializer_class = WebhookSerializer
    ordering = "-created_at"

    def get_queryset(self):
        return Webhook.objects.visible_to(self.request.user).live()

    @extend_schema(
        operation_id="webhook_create",
        summary="Be told of what happens",
        request=WebhookSerializer,
        responses={201: WebhookSecretSerializer},
    )
    def post(self, request):
        """From now on the address is told of what happens to activities the caller sees.

        The secret is in this answer only. Each message is signed after Standard Webhooks:
        `webhook-id`, `webhook-timestamp`, `webhook-signature`. It may come twice, with the same
        id; of one record messages come in order.
        """
        refuse_unknown_parameters(request, set())
        asked = WebhookSerializer(data=_object(request))
        asked.is_valid(raise_exception=True)
        values = {key: asked.validated_data[key] for key in ("name", "url", "events")}
        return _secret(services.create_webhook(actor=request.user, **values), 201)


class WebhookView(Doors):
    """One webhook. No If-Match: it has one owner, and the last word is hers."""

    required_scopes = dict.fromkeys(("GET", "PATCH", "DELETE"), _SCOPE)

    @extend_schema(operation_id="webhook", summary="One webhook", responses=WebhookSerializer)
    def get(self, request, uid):
        """Its address, events and whether it is heard."""
        refuse_unknown_parameters(request, set())
        return Response(WebhookSerializer(_webhook(request, uid)).data)

    @extend_schema(
        operation_id="webhook_change",
        summary="Change, stop or start a webhook",
        request=WebhookSerializer(partial=True),
        responses=WebhookSerializer,
    )
    def patch(self, request, uid):
        """What is not named stays. `is_active: true` takes up a stopped one where it stood."""
        refuse_unknown_parameters(request, set())
        webhook = _webhook(request, uid)
        asked = WebhookSerializer(webhook, data=_object(request), partial=True)
        asked.is_valid(raise_exception=True)
        names = ("name", "url", "events", "is_active")
        values = {name: asked.validated_data.get(name, getattr(webhook, name)) for name in names}
        changed = services.change_webhook(webhook, actor=request.user, **values)
        return Response(WebhookSerializer(changed).data)

    @extend_schema(operation_id="webhook_end", summary="End a webhook", responses={204: None})
    def delete(self, request, uid):
        """It is told nothing any more; what waited is given up."""
        refuse_unknown_parameters(request, set())
        services.end_webhook(_webhook(request, uid), actor=request.user)
        return Response(status=204)


class RotateView(Doors):
    """Another secret."""

    required_scopes = {"POST": _SCOPE}

    @extend_schema(
        operation_id="webhook_rotate",
        summary="Make a new secret",
        request=None,
        responses=WebhookSecretSerializer,
    )
    def post(self, request, uid):
        """The secret in this answer holds from now on; the old one proves nothing any more."""
        refuse_unknown_parameters(request, set())
        return _secret(services.rotate_secret(_webhook(request, uid), actor=request.user), 200)


class ExampleView(APIView):
    """A message to try it out."""

    required_scopes = {"POST": _SCOPE}

    @extend_schema(
        operation_id="webhook_test",
        summary="Send an example",
        request=None,
        responses={202: DeliverySerializer},
    )
    def post(self, request, uid):
        """`webhook.test` goes out within seconds; its delivery tells what came back."""
        refuse_unknown_parameters(request, set())
        message = services.send_example(_webhook(request, uid))
        return Response(DeliverySerializer(message).data, 202)


class DeliveryFilter(filters.FilterSet):
    state = filters.ChoiceFilter(choices=DeliveryState.choices)

    class Meta:
        model = Delivery
        fields = ["state"]


@extend_schema_view(
    get=extend_schema(operation_id="webhook_deliveries", summary="Messages of a webhook"),
)
class DeliveriesView(ListAPIView):
    """What was sent to a webhook, newest first, with every try."""

    required_scopes = {"GET": _SCOPE}
    serializer_class = DeliverySerializer
    filterset_class = DeliveryFilter
    ordering = "-created_at"
    queryset = Delivery.objects.none()

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return _webhook(self.request, self.kwargs["uid"]).deliveries.all()


class RedeliverView(APIView):
    """Once more."""

    required_scopes = {"POST": _SCOPE}

    @extend_schema(
        operation_id="webhook_redeliver",
        summary="Send a message again",
        request=None,
        responses={202: DeliverySerializer},
    )
    def post(self, request, uid, delivery):
        """The message goes out again under its own id, whatever became of it before."""
        refuse_unknown_parameters(request, set())
        rows = _webhook(request, uid).deliveries.select_related("webhook")
        message = services.redeliver(get_object_or_404(rows, pk=delivery))
        return Response(DeliverySerializer(message).data, 202)


def _object(request) -> dict:
    if not isinstance(request.data, dict):
        raise ParseError(code="not_an_object")
    return request.data


_ONE = "webhooks/<uuid:uid>/"
urlpatterns = [
    path("webhooks/", WebhooksView.as_view(), name="webhooks"),
    path(_ONE, WebhookView.as_view(), name="webhook"),
    path(f"{_ONE}rotate/", RotateView.as_view(), name="webhook-rotate"),
    path(f"{_ONE}test/", ExampleView.as_view(), name="webhook-test"),
    path(f"{_ONE}deliveries/", DeliveriesView.as_view(), name="webhook-deliveries"),
    path(
        f"{_ONE}deliveries/<uuid:delivery>/redeliver/",
        RedeliverView.as_view(),
        name="webhook-redeliver",
    ),
]
