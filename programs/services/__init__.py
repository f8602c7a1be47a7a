"""Every write of this app. One public function per thing that happens."""

from .closing import (
    answer_request,
    ask_correction,
    close_period,
    may_ask,
    may_close,
    revise_period,
    take_dated,
    take_snapshot,
)
from .corrections import correct_activity, may_correct
from .events import confirm_activity, merge_twin
from .nothing import declare_nothing, withdraw_nothing
from .nudges import nudge, send_letter
from .photo_consent import (
    may_publish,
    may_withdraw,
    publish_photo,
    unpublish_photo,
    withdraw_photo,
)
from .photo_sweep import sweep_photos
from .photos import (
    add_photo,
    may_add_photo,
    may_remove_photo,
    photo_file,
    remove_photo,
)
from .programs import (
    Target,
    change_program,
    create_program,
    record_gap_approval,
    record_outcome,
    register_village_program,
    set_program_state,
)
from .reviews import (
    may_verify,
    may_void,
    return_activity,
    verify_activities,
    verify_activity,
    void_activity,
)
from .submissions import submit_activities
from .targets import set_target

__all__ = [
    "Target",
    "add_photo",
    "answer_request",
    "ask_correction",
    "change_program",
    "close_period",
    "confirm_activity",
    "correct_activity",
    "create_program",
    "declare_nothing",
    "may_add_photo",
    "may_ask",
    "may_close",
    "may_correct",
    "may_publish",
    "may_remove_photo",
    "may_verify",
    "may_void",
    "may_withdraw",
    "merge_twin",
    "nudge",
    "photo_file",
    "publish_photo",
    "record_gap_approval",
    "record_outcome",
    "register_village_program",
    "remove_photo",
    "return_activity",
    "revise_period",
    "send_letter",
    "set_program_state",
    "set_target",
    "submit_activities",
    "sweep_photos",
    "take_dated",
    "take_snapshot",
    "unpublish_photo",
    "verify_activities",
    "verify_activity",
    "void_activity",
    "withdraw_nothing",
    "withdraw_photo",
]
