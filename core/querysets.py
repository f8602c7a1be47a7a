"""The only place that narrows rows to a person."""

from django.db import models


class ScopedQuerySet(models.QuerySet):
    """Rows that belong to a village. `village_path` says how to get there."""

    village_path = "village"

    def visible_to(self, user):
        """Keep what `user` may see; nobody else's rows exist."""
        return self.permitting(user, "view")

    def permitting(self, user, capability: str):
        """Keep the rows on which `user` holds `capability` today."""
        if not user.is_authenticated:
            return self.none()
        if user.covers_everything_with(capability):
            return self.all()  # every row has its village: nothing to compare
        return self.filter(**{f"{self.village_path}__in": user.villages_with(capability)})
