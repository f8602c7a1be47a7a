"""How a rule says no: which field, which stable code, and what to do, in the reader's language."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One thing wrong. `field` is "" when it concerns the whole; `code` is English and stable."""

    field: str
    code: str
    detail: str

    def as_dict(self) -> dict[str, Any]:
        return {key: str(value) for key, value in asdict(self).items()}


class Refused(Exception):
    """A service declines: nothing was stored."""

    def __init__(self, *problems: Problem):
        self.problems = problems
        super().__init__("; ".join(f"{p.field}: {p.detail}" for p in problems))

    @property
    def code(self) -> str:
        return self.problems[0].code


class Stale(Refused):
    """Someone else changed the thing first (compare-and-swap found no row)."""
