"""Every write about people, grants, phones, links and keys.

`actor=None` is the operator at the console.
"""

from accounts.drafts import GrantDraft

from .devices import (
    begin_device,
    end_device,
    end_devices,
    follow_session,
    note_seen,
    note_waiting,
)
from .erasure import forget_contacts, leave, left_before
from .grants import end_grant, grant
from .heads import Newcomer, hand_over
from .links import LINK_LIFE, NewLink, make_link, revoke_link, use_link
from .logins import note_failure, note_login, note_proof, note_refused_key
from .persons import NewPerson, add_person, change_person, disable_person, enable_person
from .proofs import START_PASSWORD_LIFE, change_password, reset_password, reset_second_factor
from .requests import ask_about_data, decide_request, may_decide
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
    "ask_about_data",
    "begin_device",
    "change_password",
    "change_person",
    "create_token",
    "decide_request",
    "disable_person",
    "enable_person",
    "end_device",
    "end_devices",
    "follow_session",
    "end_grant",
    "forget_contacts",
    "grant",
    "hand_over",
    "leave",
    "left_before",
    "live_keys",
    "make_link",
    "may_decide",
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
