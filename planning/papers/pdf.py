"""A paper as PDF, by the press of core/paper.py."""

from __future__ import annotations

from core import paper as press

from .parts import Paper


def written(paper: Paper) -> bytes:
    """press.Unprintable where the machine cannot, press.Busy where others were before it."""
    blocks = [(type(one).__name__.lower(), one) for one in paper.blocks]
    return press.pdf("planning/paper/form.html", {"paper": paper, "blocks": blocks})
