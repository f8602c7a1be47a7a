"""How much of its budget an account has used (accounts/pace.py)."""

from django.conf import settings
from django.db import models


class Pace(models.Model):
    """What one person has taken of one budget since its present window began."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=10)
    since = models.DateTimeField()
    taken = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "what"], name="pace_once")]

    def __str__(self) -> str:
        return f"{self.user} {self.what}: {self.taken}"
