"""Every sentence the phone's scripts say, by key: rendered into the page as JSON.

A script says `word("queue.bar_sending", {n: 2})`: section, dot, key. `static/js/phone/words.js`
fills in `%(n)s` and the like; a key that also stands with `_one` behind it is said that way when
`n` is 1. One dict for each part of the phone.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from .screen_words import SCREENS

QUEUE = {
    "state_draft": _("Draft"),
    "state_queued": _("Waiting for signal"),
    "state_sending": _("Being sent"),
    "state_received": _("Received"),
    "state_photo_wait": _("Photo follows"),
    "state_fix": _("Needs correction"),
    "state_help": _("Needs help"),
    "state_conflict": _("Two versions"),
    "state_update": _("Waiting for the new version"),
    "says_draft": _("Not finished. Kept on this phone since %(time)s."),
    "says_queued": _("Safe on this phone. It is sent when there is signal."),
    "says_sending": _("Being sent. You may close this page."),
    "says_received": _("Received %(moment)s. Number %(number)s."),
    "says_photo_wait": _("The record was received. The photo is sent when the signal is strong."),
    "says_help": _(
        "It cannot be sent yet. The record stays safe. Contact the facilitator: %(phone)s"
    ),
    "says_help_no_phone": _(
        "It cannot be sent yet. The record stays safe. Contact the facilitator."
    ),
    "says_conflict": _("This record was changed elsewhere too. Choose which one counts."),
    "says_update": _("There is a new version. It is used once this record is finished."),
    "bar_offline": _("No signal. Records are safe on this phone."),
    "bar_sending": _("Sending %(n)s records…"),
    "bar_sending_one": _("Sending %(n)s record…"),
    "bar_done": _("Everything was received. Last at %(time)s."),
    "bar_moment": _("%(day)s at %(time)s"),
    "bar_waiting": _("%(n)s records waiting for %(age)s."),
    "bar_waiting_one": _("%(n)s record waiting for %(age)s."),
    "bar_send_now": _("Send now"),
    "bar_login": _("Log in again to send %(n)s records. No record is lost."),
    "bar_login_one": _("Log in again to send %(n)s record. No record is lost."),
    "bar_login_link": _("Log in"),
    "bar_fix": _("%(n)s records need correction."),
    "bar_fix_one": _("%(n)s record needs correction."),
    "bar_help": _("%(n)s records need help."),
    "bar_help_one": _("%(n)s record needs help."),
    "bar_look": _("Look"),
    "bar_no_store": _("This browser cannot keep records. Fill in the form while there is signal."),
    "bar_full": _("The phone is almost full. Records can still be made without photos."),
    "age_minutes": _("%(n)s minutes"),
    "age_minutes_one": _("%(n)s minute"),
    "age_hours": _("%(n)s hours"),
    "age_hours_one": _("%(n)s hour"),
    "age_days": _("%(n)s days"),
    "age_days_one": _("%(n)s day"),
    "photo_unreadable": _("This photo cannot be opened, choose another one."),
    "photo_refused": _("This photo was not taken: %(detail)s"),
    "photo_too_large": _("This photo is too large. Choose another one."),
    "why_network": _("No signal."),
    "why_timeout": _("The signal was too weak."),
    "why_not_us": _("The network asked for its own login page. Open it, then try again."),
    "why_busy": _("The portal is busy. It is tried again by itself."),
    "why_broken": _("The portal had trouble. It is tried again by itself."),
    "why_village": _("You no longer record for this village. The office can take it over."),
    "why_not_permitted": _("You may not send this record. The office can take it over."),
    "why_gone": _("This record is no longer yours to change. Ask the office."),
}  # fmt: skip

PEOPLE = {
    "unsent": _(
        "%(n)s records have not been sent yet. Send them first, or save a copy on the phone."
    ),
    "unsent_one": _(
        "%(n)s record has not been sent yet. Send it first, or save a copy on the phone."
    ),
    "copied": _(
        "%(n)s records have not been sent yet; a copy of them was saved. "
        "Logging out takes them off this phone."
    ),
    "copied_one": _(
        "%(n)s record has not been sent yet; a copy of it was saved. "
        "Logging out takes it off this phone."
    ),
    "send_first": _("Send first"),
    "save_copy": _("Save a copy"),
    "stay": _("Stay here"),
    "leave": _("Log out"),
    "leave_needs_signal": _("Logging out needs signal. Nothing was taken off this phone."),
    "room": _("%(size)s MB on this phone"),
    "waits": _("%(n)s records on this phone have not been sent yet."),
    "waits_one": _("%(n)s record on this phone has not been sent yet."),
    "nothing_waits": _("Nothing waits on this phone."),
    "copy_short": _("Write at least 8 characters."),
    "copy_no_file": _("Choose the copy first."),
    "copy_not_a_copy": _("This is not a copy of records. Choose another one."),
    "copy_wrong_word": _("The secret word does not open this copy. Check it."),
    "copy_other_account": _("This copy belongs to another account. Log in with that one first."),
    "copy_saved": _("The copy was saved: %(name)s. Keep it together with your secret word."),
    "copy_opened": _("%(n)s records are on this phone again and will be sent."),
    "copy_opened_one": _("%(n)s record is on this phone again and will be sent."),
    "copy_known": _("Everything in this copy is on this phone already, or was received."),
    "copy_known_too": _("%(n)s more were here already."),
    "copy_known_too_one": _("%(n)s more was here already."),
}

PROBLEM = {
    "said": _(
        "Portal PUG, a problem. Name: %(name)s. Village: %(village)s. "
        "What I pressed: … What I saw: …"
    ),
}

PLACE = {
    "use": _("Use the place of this phone"),
    "asking": _("Looking for the place…"),
    "found": _("The place is filled in, right to about %(n)s metres."),
    "refused": _("This phone may not tell its place. Allow it in the browser, or leave it empty."),
    "unknown": _("The place was not found. Try again outside, or leave it empty."),
}

SECTIONS = {
    "people": PEOPLE,
    "place": PLACE,
    "problem": PROBLEM,
    "queue": QUEUE,
    "screens": SCREENS,
}


def words() -> dict[str, str]:
    """Every sentence by "section.key", in the language of the request."""
    return {
        f"{section}.{key}": str(sentence)
        for section, sentences in SECTIONS.items()
        for key, sentence in sentences.items()
    }
