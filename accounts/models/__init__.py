"""People, what they may do where and until when, their phones, links and API tokens."""

from .device import Device, DeviceQuerySet
from .grant import Grant, GrantQuerySet
from .link import EnrolmentLink, EnrolmentLinkQuerySet
from .person import PersonQuerySet, User
from .token import ApiToken, CallBudget

__all__ = [
    "ApiToken",
    "CallBudget",
    "Device",
    "DeviceQuerySet",
    "EnrolmentLink",
    "EnrolmentLinkQuerySet",
    "Grant",
    "GrantQuerySet",
    "PersonQuerySet",
    "User",
]
