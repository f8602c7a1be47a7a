"""What is said of an agreement before it is stored."""

from __future__ import annotations

from dataclasses import dataclass

from villages.models import District, Opd, Village

from .models import Partner

#: Where an agreement holds; none of them means the whole regency.
Area = District | Village


@dataclass(frozen=True)
class PartySaid:
    """One party in its order, and who signs for it; "" is not known yet."""

    organisation: Partner | Opd
    signatory_name: str = ""
    signatory_title: str = ""
    authority: str = ""

    def names(self) -> dict[str, Partner | Opd | None]:
        """The organisation under the name that a Party has for it."""
        is_partner = isinstance(self.organisation, Partner)
        return {
            "partner": self.organisation if is_partner else None,
            "opd": None if is_partner else self.organisation,
        }

    def signature(self) -> dict[str, str]:
        return {
            "signatory_name": self.signatory_name,
            "signatory_title": self.signatory_title,
            "authority": self.authority,
        }
