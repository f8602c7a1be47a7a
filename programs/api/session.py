"""REST: who am I, and what waits for me."""

from __future__ import annotations

from django.urls import path

from accounts.api import SessionView

from ..models import Activity, State


class PortalSessionView(SessionView):
    """Who am I, and how many records wait for me: to be reviewed, or sent back to be corrected."""

    def waiting(self, user) -> int:
        to_review = Activity.objects.permitting(user, "verify").waiting().exclude(author=user)
        to_correct = Activity.objects.permitting(user, "log").filter(state=State.RETURNED)
        return to_review.count() + to_correct.count()


urlpatterns = [path("session/", PortalSessionView.as_view(), name="session")]
