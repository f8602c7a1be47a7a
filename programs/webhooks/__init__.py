"""Tools are told what happens to activities: from the feed into an outbox, from there out.

`outbox` writes messages, `sending` sends them, `targets` says where to, `signing` proves from whom.
"""

from .outbox import tell
from .sending import send, tidy

__all__ = ["send", "tell", "tidy"]
