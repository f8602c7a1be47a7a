"""Which rows of programs PostgreSQL itself keeps from the web (accounts/row_security.py)."""

from accounts.row_security import either, of_parent, of_person, of_village

POLICIES = {
    "programs_activity": of_village(),
    "programs_review": of_parent("programs_activity.uid", "programs_review.activity_id"),
    "programs_photo": of_parent("programs_activity.uid", "programs_photo.activity_id"),
    # A receipt is its sender's; whoever sees the record sees its number with it.
    "programs_submission": either(
        of_person("actor_id"), of_parent("programs_activity.uid", "programs_submission.uid")
    ),
    "programs_nothingtoreport": of_village(),
    "programs_nudge": of_village(),
    "programs_correctionrequest": of_village(),
    "programs_importjob": of_person("actor_id"),
    "programs_importproblem": of_parent("programs_importjob.uid", "programs_importproblem.job_id"),
    "programs_webhook": of_person("owner_id"),
    "programs_delivery": of_parent("programs_webhook.uid", "programs_delivery.webhook_id"),
    "programs_programvillagemonth": of_village(),
    "programs_villageperiod": of_village(),
}
