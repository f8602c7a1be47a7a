"""Who keeps what belongs to a whole regency."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.errors import Problem, Refused

KEEP = "manage_agreements"


def keeps(user, regency, capability: str = KEEP) -> bool:
    """She holds the word on the whole regency."""
    return user.regencies_with(capability).filter(pk=regency.pk).exists()


def kept_by(user) -> set[int]:
    """Keys of the regencies whose register she keeps."""
    return set(user.regencies_with(KEEP).values_list("pk", flat=True))


def require(actor, regency, capability: str = KEEP) -> None:
    """Refused (not_permitted) unless she does; `actor=None` is the operator at the console."""
    if actor is not None and not keeps(actor, regency, capability):
        words = _("You cannot do this for this regency.")
        raise Refused(Problem("", "not_permitted", words))
