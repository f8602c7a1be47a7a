"""REST: the way of a village's year – sent in, verified, sent back; seats and scorecards alike."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.utils import extend_schema

from core.idempotency import IDEMPOTENCY_KEY, once
from programs.api.conflicts import IF_MATCH

from . import assessments, representation
from .shared import ReturnBodySerializer, StepView, YearWrittenSerializer


class RepresentationStep(StepView):
    def find(self, uid):
        return representation.find(self.request.user, uid)

    def values(self, row):
        return representation.values_of(row, self.request.user)


class SubmitRepresentationView(RepresentationStep):
    move = "submit"

    @extend_schema(
        operation_id="representation_submit",
        summary="Send a village's year in",
        request=None,
        responses=YearWrittenSerializer,
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """It waits for a reviewer, and counts as reported."""
        return self.take(request, uid)


class VerifyRepresentationView(RepresentationStep):
    move = "verify"

    @extend_schema(
        operation_id="representation_verify",
        summary="Verify a village's year",
        request=None,
        responses=YearWrittenSerializer,
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """It counts as verified. Nobody verifies what she entered or sent herself."""
        return self.take(request, uid)


class ReturnRepresentationView(RepresentationStep):
    move = "return"

    @extend_schema(
        operation_id="representation_return",
        summary="Send a village's year back",
        request=ReturnBodySerializer,
        responses=YearWrittenSerializer,
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """Its writer reads the note and may change it again."""
        return self.take(request, uid)


class AssessmentStep(StepView):
    def find(self, uid):
        return assessments.find(self.request.user, uid)

    def values(self, row):
        return assessments.values_of(row, self.request.user)


class SubmitAssessmentView(AssessmentStep):
    move = "submit"

    @extend_schema(
        operation_id="assessment_submit",
        summary="Send a scorecard in",
        request=None,
        responses=YearWrittenSerializer,
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """It waits for a reviewer. What the portal filled in stands fast as it is now."""
        return self.take(request, uid)


class VerifyAssessmentView(AssessmentStep):
    move = "verify"

    @extend_schema(
        operation_id="assessment_verify",
        summary="Verify a scorecard",
        request=None,
        responses=YearWrittenSerializer,
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """It counts as verified. Nobody verifies what she answered or sent herself."""
        return self.take(request, uid)


class ReturnAssessmentView(AssessmentStep):
    move = "return"

    @extend_schema(
        operation_id="assessment_return",
        summary="Send a scorecard back",
        request=ReturnBodySerializer,
        responses=YearWrittenSerializer,
        parameters=[IF_MATCH, IDEMPOTENCY_KEY],
    )
    @once
    def post(self, request, uid):
        """Its writer reads the note and may change it again."""
        return self.take(request, uid)


_VIEWS = (
    *(("representation", one) for one in (SubmitRepresentationView, VerifyRepresentationView)),
    ("representation", ReturnRepresentationView),
    *(("assessment", one) for one in (SubmitAssessmentView, VerifyAssessmentView)),
    ("assessment", ReturnAssessmentView),
)
_PLACES = {"representation": "representation", "assessment": "assessments"}

urlpatterns = [
    path(f"{_PLACES[noun]}/<uuid:uid>/{view.move}/", view.as_view(), name=f"{noun}-{view.move}")
    for noun, view in _VIEWS
]
