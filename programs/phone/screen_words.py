"""Sentences of the phone's pages: the form, its check page, lists, receipt and outbox.

What the rules say (`judge_…`, `flag_…`) is said in the words of programs/services and flags.py.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

SCREENS = {
    "step_of": _("Step %(n)s of %(all)s"),
    "step_title": _("Step %(n)s of %(all)s: %(name)s"),
    "saved_at": _("Kept %(time)s"),
    "not_saved": _("Not kept: the phone is full. Delete something, then type on."),
    "trouble": _("There is a problem: "),
    "summary": _("There is something to put right"),
    "problem": _("Problem:"),
    "optional": _("(may be left empty)"),
    "search_program": _("Search a program"),
    "no_program": _("The list of programs is not on this phone yet. Open this page with signal."),
    "no_program_here": _(
        "No program runs in this village yet. Ask the facilitator to register it."
    ),
    "no_village": _("No village is called “%(name)s”."),
    "draft_gone": _("This draft is no longer on this phone."),
    "not_here": _("This record can be corrected only with signal."),
    "asked_by": _("%(name)s · %(moment)s"),
    "change": _("Change"),
    "change_what": _("Change: %(what)s"),
    "not_filled": _("not filled in"),
    "look_again": _("Please look at this once more"),
    "alike": _("Similar to the record of %(day)s: %(title)s."),
    "alike_head": _("Perhaps this was recorded already"),
    "photos": _("Photos"),
    "photos_none": _("No photo"),
    "photo_alt": _("Photo %(n)s"),
    "photo_about": _("Photo %(n)s, %(size)s kB"),
    "photo_remove": _("Remove photo %(n)s"),
    "photo_most": _("Three photos are enough. Remove one to choose another."),
    "photo_working": _("Making the photo smaller…"),
    "counted": _("%(n)s people, %(share)s women"),
    "people_women_men": _("%(women)s women, %(men)s men"),
    "kept": _("Kept"),
    "received": _("Received"),
    "of_draft": _("Without a name yet"),
    "activities": _("activities"),
    "waiting_head": _("Waiting on this phone"),
    "last_try": _("Last try: %(when)s"),
    "never_tried": _("Not tried yet"),
    "next_try": _("Next try: %(when)s"),
    "next_soon": _("Next try: as soon as there is signal"),
    "correct": _("Correct"),
    "choose_version": _("Choose the version"),
    "still_waiting": _("Still no signal. Everything stays safe on this phone."),
    "conflict_head": _("Two versions of “%(title)s”"),
    "conflict_why": _("Somebody changed it while this phone waited. Choose the one that counts."),
    "conflict_mine": _("On this phone"),
    "conflict_theirs": _("Already received"),
    "take_mine": _("Use the one on this phone"),
    "take_theirs": _("Keep the one received"),
    "take_new": _("Send as a new record"),
    "no_fit": _("Nothing fits this search."),
    "photo_waiting": _("Photo of “%(title)s”"),
    "tag_submitted": _("Waiting for review"),
    "tag_verified": _("Verified"),
    "tag_returned": _("Needs correction"),
    "tag_voided": _("Voided"),
    "picture_title": _("Receipt of an activity"),
    "judge_half_a_pair": _("Fill in women and men both; write 0 when there was nobody."),
    "judge_total": _(
        "Women and men present make %(parts)s, but the total says %(total)s. "
        "Correct one of the numbers."
    ),
    "judge_future": _("The activity has not happened yet. Record it on or after its day."),
    "judge_too_old": _("The date is before the year 2000. Check the year."),
    "judge_long_ago": _("The date is more than a year ago. Tick this when it is right."),
    "judge_outside_years": _(
        "The program runs from %(first)s to %(last)s. Check the date or the program."
    ),
    "judge_not_running": _("This program is not running. Choose another."),
    "judge_no_apbdes": _("A kelurahan has no village budget. Choose another fund source."),
    "judge_half_a_point": _("Give both latitude and longitude, or neither."),
    "judge_unchanged": _(
        "Nothing is changed yet. Put right what is asked, or explain it in the note."
    ),
    "flag_crowd": _("The number of people is very large. Check its zeros."),
    "flag_nothing_counted": _(
        "Women and men were not counted apart, so this record shows no involvement yet."
    ),
    "flag_more_deciders": _(
        "More people decided than were present. That can be right: check it once more."
    ),
    "flag_more_children": _("There are more children than people present. Check the numbers."),
    "flag_few_women": _("Fewer than 30 of 100 people present were women, and no reason is given."),
    "flag_no_source": _("Money was spent, but the fund source is not named."),
    "flag_estimate": _("The numbers are an estimate."),
}
