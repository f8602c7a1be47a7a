"""People, what they may do where and until when, and their API tokens."""

from .grant import Grant, GrantQuerySet
from .person import PersonQuerySet, User
from .token import ApiToken

__all__ = ["ApiToken", "Grant", "GrantQuerySet", "PersonQuerySet", "User"]
