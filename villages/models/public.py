"""Rows that belong to nobody in particular."""

from django.db import models


class PublicQuerySet(models.QuerySet):
    """Reference data: everyone signed in sees all of it, a stranger nothing."""

    def visible_to(self, user):
        return self.all() if user.is_authenticated else self.none()
