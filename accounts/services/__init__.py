"""Every write about people, grants, phones, links and keys.

`actor=None` is the operator at the console.
"""

from accounts.drafts import GrantDraft

from .devices import begin_device, end_device, end_devices, note_seen, note_waiting
from .grants import end_grant, grant
from .heads import Newcomer, hand_over
from .links import LINK_LIFE, NewLink, make_link, revoke_link, use_link
from .logins import note_failure, note_login, note_proof, note_refused_key
from .persons import NewPerson, add_person, change_person, disable_person, enable_person
from .proofs import START_PASSWORD_LIFE, change_password, reset_password, reset_second_factor
from .tokens import (
    LONGEST_KEY_LIFE,
    MOST_KEYS,
    NewToken,
    create_token,
    live_keys,
    revoke_all,
    revoke_token,
    warn_of_end,
)

__all__ = [
    "LINK_LIFE",
    "LONGEST_KEY_LIFE",
    "MOST_KEYS",
    "START_PASSWORD_LIFE",
    "GrantDraft",
    "NewLink",
    "NewPerson",
    "NewToken",
    "Newcomer",
    "add_person",
    "begin_device",
    "change_password",
    "change_person",
    "create_token",
    "disable_person",
    "enable_person",
    "end_device",
    "end_devices",
    "end_grant",
    "grant",
    "hand_over",
    "live_keys",
    "make_link",
    "note_failure",
    "note_login",
    "note_proof",
    "note_refused_key",
    "note_seen",
    "note_waiting",
    "reset_password",
    "reset_second_factor",
    "revoke_all",
    "revoke_link",
    "revoke_token",
    "use_link",
    "warn_of_end",
]
