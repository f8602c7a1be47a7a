"""The only place that narrows rows to a person."""

from django.db import models


class ScopedQuerySet(models.QuerySet):
    """Rows that belong to a village. `village_path` says how to get there."""

    village_path = "village"

    def visible_to(self, user):
        """Keep what `user` may see; nobody else's rows exist."""
        return self.permitting(user, "view")

    def permitting(self, user, capability: str, *, settled: bool = False):
        """Keep the rows on which `user` holds `capability` today.

        `settled`: her villages are read first and named one by one, where they are not too many;
        one query more, after which the database knows how many rows are meant.
        """
        if not user.is_authenticated:
            return self.none()
        if user.covers_everything_with(capability):
            return self.all()  # every row has its village: nothing to compare
        villages = user.villages_with(capability)
        villages = villages.settled() if settled else villages
        return self.filter(**{f"{self.village_path}__in": villages})
