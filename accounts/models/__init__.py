"""People, what they may do where and until when, their phones, links and API tokens."""

from .device import Device, DeviceQuerySet
from .grant import Grant, GrantQuerySet
from .link import EnrolmentLink, EnrolmentLinkQuerySet
from .pace import Pace
from .person import PersonQuerySet, User
from .recovery import RecoveryCodes
from .request import ANSWERED_WITHIN, DataRequest, DataRequestQuerySet, Decision, RequestKind
from .token import ApiToken, CallBudget

__all__ = [
    "ANSWERED_WITHIN",
    "ApiToken",
    "CallBudget",
    "DataRequest",
    "DataRequestQuerySet",
    "Decision",
    "Device",
    "DeviceQuerySet",
    "EnrolmentLink",
    "EnrolmentLinkQuerySet",
    "Grant",
    "GrantQuerySet",
    "Pace",
    "PersonQuerySet",
    "RecoveryCodes",
    "RequestKind",
    "User",
]
