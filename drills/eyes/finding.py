"""What an eye saw, and what is known of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that an eye reports: where, what kind, in its own words."""

    where: str
    kind: str
    words: str

    def __str__(self) -> str:
        return f"{self.where}: {self.kind}: {self.words}"


def unexplained(findings: Iterable[Finding], known: Mapping[str, str]) -> list[Finding]:
    """Those that no line of `known` explains. Its keys are patterns of a finding's whole text."""
    patterns = [re.compile(one) for one in known]
    return [one for one in findings if not any(each.search(str(one)) for each in patterns)]


def unused(findings: Iterable[Finding], known: Mapping[str, str]) -> list[str]:
    """Explanations of what is no longer seen: they would hide what comes next."""
    texts = [str(one) for one in findings]
    return [one for one in known if not any(re.search(one, text) for text in texts)]
