"""The rows of agreements, institutions and indicators (tests/matrix/table.py)."""

from .words import Rule

ROWS: tuple[tuple[Rule, str], ...] = (
    (Rule(200, anywhere_log=403), "get indicators:assessment-new"),
    (Rule(422, anywhere_log=403), "post indicators:assessment-new"),
    (
        Rule(200, anywhere_manage_agreements=403),
        "get mou:agreement-new, get mou:body-new, get mou:facilitator-list, "
        "get mou:membership-new, post mou:membership-new, get mou:partner-new, "
        "get mou:training-new, get mou:villages-without",
    ),
    (
        Rule(422, anywhere_manage_agreements=403),
        "post mou:body-new, post mou:partner-new, post mou:training-new",
    ),
    (
        Rule(200, anywhere_manage_indicators=403),
        "get indicators:instrument-version instrument, get indicators:population-new, "
        "get indicators:population-template, get indicators:release-new",
    ),
    (
        Rule(422, anywhere_manage_indicators=403),
        "post indicators:population-new, post indicators:release-new",
    ),
    (Rule(200, anywhere_verify=403), "get indicators:review"),
    (
        Rule(200, kept_manage_indicators=403),
        "get indicators:population-edit, get indicators:population-remove",
    ),
    (
        Rule(200, kept_manage_indicators=404),
        "get indicators:instrument-adopt instrument_draft, "
        "get indicators:instrument-edit instrument_draft, "
        "get indicators:instrument-item instrument_draft, "
        "get indicators:instrument-item-new instrument_draft, "
        "get indicators:instrument-item-remove instrument_draft, "
        "get indicators:instrument-remove instrument_draft",
    ),
    (Rule(200, near=404), "get indicators:release release, get mou:partner partner"),
    (Rule(200, near_office=404), "get mou:body body"),
    (Rule(200, office=403), "get mou:institutions, get mou:training-list"),
    (
        Rule(200, reach=403),
        "get indicators:instrument instrument, get indicators:instruments, get mou:home, "
        "get mou:obligation-list, get mou:partner-list",
    ),
    (
        Rule(200, sees=404),
        "get indicators:assessment card, get indicators:cards-village village_code, "
        "get indicators:seats-village village_code, get mou:agreement agreement, "
        "get mou:file agreement_file, get mou:obligation obligation",
    ),
    (
        Rule(200, anywhere_manage_agreements=403, may_manage_agreements=404),
        "get mou:assignment-end assignment, get mou:assignment-new facilitator, "
        "post mou:assignment-new facilitator, get mou:assignment-village village_code, "
        "get mou:facilitator facilitator, get mou:handover facilitator, "
        "get mou:membership-edit membership, get mou:membership-renew facilitator, "
        "get mou:membership-withdraw membership",
    ),
    (
        Rule(302, anywhere_manage_agreements=403, may_manage_agreements=404),
        "post mou:membership-withdraw membership",
    ),
    (
        Rule(422, anywhere_manage_agreements=403, may_manage_agreements=404),
        "post mou:assignment-end assignment, post mou:assignment-village village_code, "
        "post mou:handover facilitator, post mou:membership-edit membership, "
        "post mou:membership-renew facilitator",
    ),
    (
        Rule(200, near=404, may_manage_agreements=403),
        "get mou:partner-edit partner, get mou:partner-end partner",
    ),
    (
        Rule(422, near=404, may_manage_agreements=403),
        "post mou:partner-edit partner, post mou:partner-end partner",
    ),
    (
        Rule(200, near=404, may_manage_indicators=403),
        "get indicators:release-edit release, get indicators:release-remove release, "
        "get indicators:release-values release",
    ),
    (
        Rule(302, near=404, may_manage_indicators=403),
        "post indicators:release-remove release, post indicators:release-revised release",
    ),
    (Rule(409, near=404, may_manage_indicators=403), "post indicators:release-values release"),
    (Rule(422, near=404, may_manage_indicators=403), "post indicators:release-edit release"),
    (
        Rule(200, near_office=404, may_manage_agreements=403),
        "get mou:body-decree body, get mou:body-edit body, get mou:body-end body, "
        "get mou:body-file-remove body, get mou:body-replace body, "
        "get mou:training-edit training, get mou:training-remove training",
    ),
    (
        Rule(302, near_office=404, may_manage_agreements=403),
        "post mou:training-remove training",
    ),
    (
        Rule(422, near_office=404, may_manage_agreements=403),
        "post mou:body-decree body, post mou:body-edit body, post mou:body-end body, "
        "post mou:body-replace body, post mou:training-edit training",
    ),
    (
        Rule(200, sees=404, may_log=403),
        "get indicators:assessment-edit card, get indicators:assessment-submit card, "
        "get indicators:seats-village-edit village_code",
    ),
    (
        Rule(422, sees=404, may_log=403),
        "post indicators:assessment-edit card, post indicators:seats-village-edit village_code",
    ),
    (
        Rule(200, sees=404, may_manage_agreements=403),
        "get mou:addendum-new agreement, get mou:agreement-cancel agreement, "
        "get mou:agreement-confirm agreement, get mou:agreement-edit agreement, "
        "get mou:agreement-renew agreement, get mou:agreement-terminate agreement, "
        "get mou:evaluation-new agreement, get mou:file-new agreement, "
        "get mou:file-remove agreement_file, get mou:obligation-edit obligation, "
        "get mou:obligation-end obligation, get mou:obligation-new agreement, "
        "get mou:progress-withdraw progress",
    ),
    (
        Rule(302, sees=404, may_manage_agreements=403),
        "post mou:file-remove agreement_file, post mou:obligation-end obligation",
    ),
    (Rule(409, sees=404, may_manage_agreements=403), "post mou:agreement-edit agreement"),
    (
        Rule(422, sees=404, may_manage_agreements=403),
        "post mou:addendum-new agreement, post mou:agreement-cancel agreement, "
        "post mou:agreement-confirm agreement, post mou:agreement-renew agreement, "
        "post mou:agreement-terminate agreement, post mou:evaluation-new agreement, "
        "post mou:file-new agreement, post mou:obligation obligation, "
        "post mou:obligation-edit obligation, post mou:obligation-new agreement, "
        "post mou:progress-withdraw progress",
    ),
    (
        Rule(200, sees=404, may_verify=403),
        "get indicators:review-record representation, "
        "get indicators:review-reopen representation, "
        "get indicators:review-return representation",
    ),
    (Rule(302, sees=404, may_verify=403), "post indicators:review-verify representation"),
    (
        Rule(422, sees=404, may_verify=403),
        "post indicators:review-reopen representation, "
        "post indicators:review-return representation",
    ),
    (Rule(422, anywhere_manage_agreements=403, but={"national": 200}), "post mou:agreement-new"),
    (Rule(200, near_office=404, wide=403), "get mou:body-file body"),
    # Who has one village is led to its page.
    (Rule(200, reach=403, office=302), "get indicators:cards, get indicators:seats"),
    (Rule(302, sees=404, may_log=403), "post indicators:assessment-submit card"),
    (
        Rule(422, anywhere_manage_indicators=403),
        "post indicators:instrument-version instrument",
    ),
    (
        Rule(422, kept_manage_indicators=404),
        "post indicators:instrument-edit instrument_draft, "
        "post indicators:instrument-item instrument_draft, "
        "post indicators:instrument-item-new instrument_draft",
    ),
    (
        Rule(302, kept_manage_indicators=404),
        "post indicators:instrument-adopt instrument_draft, "
        "post indicators:instrument-item-remove instrument_draft, "
        "post indicators:instrument-remove instrument_draft",
    ),
    (Rule(422, kept_manage_indicators=403), "post indicators:population-edit"),
    (Rule(302, kept_manage_indicators=403), "post indicators:population-remove"),
    (
        Rule(302, near_office=404, may_manage_agreements=403),
        "post mou:body-file-remove body",
    ),
)
