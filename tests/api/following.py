"""Consumers of the feed: ours, and the two that everybody writes first."""

from __future__ import annotations

from programs import feed
from programs.models import Change


class Settled:
    """Goes by places, up to what is settled: the feed as it is served."""

    def __init__(self, user):
        self.user, self.mark, self.seen = user, feed.START, []

    def poll(self) -> None:
        more = True
        while more:
            lines, self.mark, more = feed.read(self.user, self.mark, 200)
            self.seen += [line.pk for line in lines]


class Naive:
    """Goes by one column: what is greater than the greatest seen so far."""

    def __init__(self, column: str):
        self.column, self.last, self.seen = column, None, []

    def poll(self) -> None:
        rows = Change.objects.order_by(self.column)
        if self.last is not None:
            rows = rows.filter(**{f"{self.column}__gt": self.last})
        for number, value in rows.values_list("pk", self.column):
            self.seen.append(number)
            self.last = value
