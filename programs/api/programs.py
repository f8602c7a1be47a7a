"""REST: the programs open to the caller."""

from __future__ import annotations

from django.db.models import Prefetch
from django.urls import path
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from villages.models import Village

from ..filters import ProgramFilter
from ..models import Program


class ProgramSerializer(serializers.ModelSerializer):
    """A program as a client needs it to send activities under."""

    owner = serializers.CharField(source="owner_title")
    villages = serializers.SlugRelatedField("code", many=True, read_only=True)

    class Meta:
        model = Program
        fields = [
            "uid",
            "title",
            "owner",
            "year_from",
            "year_to",
            "state",
            "target_group",
            "gender_marker",
            "villages",
        ]


class ProgramsView(ListAPIView):
    """Programs open to the caller."""

    required_scopes = {"GET": "activities:read"}
    serializer_class = ProgramSerializer
    filterset_class = ProgramFilter
    ordering = "title"

    def get_queryset(self):
        """Each with those of its villages that the caller may see."""
        user = self.request.user
        return (
            Program.objects.visible_to(user)
            .select_related("owner_opd", "owner_district", "owner_village")
            .prefetch_related(Prefetch("villages", Village.objects.visible_to(user)))
        )


urlpatterns = [path("programs/", ProgramsView.as_view(), name="programs")]
