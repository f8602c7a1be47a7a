from django.db import models


class Written(models.Model):
    """One line of a writer."""

    said = models.CharField(max_length=20)
    at = models.FloatField(null=True)

    class Meta:
        indexes = [models.Index(fields=["said"], name="written_by_said")]

    def __str__(self) -> str:
        return self.said
