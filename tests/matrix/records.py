"""The rows of people, programs, records and boards (tests/matrix/table.py)."""

from .words import Rule

#: Whoever reaches further than one village is asked which one first.
ASKED_FIRST = {"officer": 200, "national": 200, "foreign": 200}
DISTRICTS_TOO = {**ASKED_FIRST, "district": 200, "other district": 200}

ROWS: tuple[tuple[Rule, str], ...] = (
    (Rule(302, anonymous=200), "get accounts:login"),
    (Rule(302, anonymous=422), "post accounts:login"),
    (Rule(404), "post programs:activity-merge, post programs:webhook-redeliver hook"),
    (
        Rule(422),
        "post accounts:password-change, post accounts:reauthenticate, "
        "post accounts:token-create, post dashboards:saved-views, "
        "post programs:webhook-create",
    ),
    (Rule(200, anywhere_enrol=403), "get programs:facilitator-home"),
    (
        Rule(200, anywhere_log=403),
        "get programs:activity-create, get programs:import-list, get programs:import-template, "
        "get programs:phone-counter, get programs:phone-nothing, get programs:phone-record",
    ),
    (Rule(422, anywhere_log=403), "post programs:import-list"),
    (
        Rule(200, anywhere_manage_agreements=403),
        "get programs:intake, get programs:intake-template",
    ),
    (
        Rule(404, anywhere_manage_agreements=403),
        "get programs:intake-sheet agreement, post programs:intake-take agreement",
    ),
    (Rule(422, anywhere_manage_agreements=403), "post programs:intake"),
    (Rule(200, anywhere_manage_programs=403), "get programs:program-create"),
    (Rule(422, anywhere_manage_programs=403), "post programs:program-create"),
    (Rule(200, anywhere_manage_users=403), "get accounts:people, get accounts:person-create"),
    (Rule(422, anywhere_manage_users=403), "post accounts:person-create"),
    (Rule(200, anywhere_verify=403), "get programs:review-queue"),
    (Rule(200, anywhere_verify_or_enrol=403), "get programs:reporting-calls"),
    (Rule(200, near=404), "get dashboards:office opd"),
    (Rule(200, office=302), "get accounts:second-factor-setup"),
    (Rule(200, office=404), "get dashboards:map, get dashboards:one-page"),
    (
        Rule(200, owner=404),
        "get accounts:token-revoke token, get dashboards:saved-view-delete saved_view, "
        "get programs:import-detail sheet, get programs:import-errors sheet, "
        "get programs:submission-detail sent, get programs:webhook-detail hook, "
        "get programs:webhook-edit hook, get programs:webhook-end hook, "
        "get programs:webhook-rotate hook, post programs:webhook-rotate hook",
    ),
    (
        Rule(302, owner=404),
        "post accounts:token-revoke token, get dashboards:saved-view saved_view, "
        "post dashboards:saved-view-change saved_view, "
        "post dashboards:saved-view-delete saved_view, get programs:import-apply sheet, "
        "post programs:import-apply sheet, post programs:import-stop sheet, "
        "post programs:webhook-end hook, post programs:webhook-switch hook, "
        "post programs:webhook-test hook",
    ),
    (Rule(422, owner=404), "post programs:webhook-edit hook"),
    (Rule(302, reach=200), "get core:home"),
    (
        Rule(200, reach=403),
        "get dashboards:coverage, get dashboards:phone-results, get programs:reporting",
    ),
    (
        Rule(200, reach=404),
        "get dashboards:compare, get dashboards:deciding, get dashboards:downloads, "
        "get dashboards:intent, get dashboards:offices, get dashboards:pivot, "
        "get dashboards:reports, get dashboards:warnings, "
        "get programs:period-detail closed_period, get programs:period-list, "
        "get programs:target-list",
    ),
    (Rule(400, reach=404), "get dashboards:report-preview"),
    (Rule(422, reach=404), "post dashboards:report-issue"),
    (
        Rule(200, sees=404),
        "get dashboards:area, get dashboards:program, get dashboards:report, "
        "get dashboards:report-file, get programs:activity-detail, "
        "get programs:activity-receipt, get programs:phone-detail activity, "
        "get programs:program-detail",
    ),
    (Rule(422, sees=404), "post programs:activity-photo-add"),
    (Rule(200, wide_near=404), "get dashboards:area-villages regency_code"),
    (
        Rule(200, anywhere_enrol=403, may_enrol=404),
        "get accounts:person-link, post accounts:person-link",
    ),
    (Rule(302, anywhere_enrol=403, may_enrol=404), "post accounts:link-revoke link"),
    (
        Rule(200, anywhere_manage_users=403, may_manage_users=404),
        "get accounts:grant-create person, get accounts:grant-end, "
        "get accounts:head-change grant, get accounts:person, get accounts:person-disable, "
        "get accounts:person-edit, get accounts:person-password, "
        "post accounts:person-password, get accounts:person-second-factor",
    ),
    (
        Rule(302, anywhere_manage_users=403, may_manage_users=404),
        "post accounts:person-disable, post accounts:person-enable, "
        "post accounts:person-second-factor",
    ),
    (
        Rule(422, anywhere_manage_users=403, may_manage_users=404),
        "post accounts:grant-create person, post accounts:grant-end, "
        "post accounts:head-change grant, post accounts:person-edit",
    ),
    (Rule(200, near=404, anywhere_log_or_verify=403), "get programs:period-ask closed_period"),
    (
        Rule(422, near=404, anywhere_log_or_verify=403),
        "post programs:period-ask closed_period",
    ),
    (Rule(200, near=404, may_close_periods=403), "get programs:period-revise closed_period"),
    (Rule(422, near=404, may_close_periods=403), "post programs:period-revise closed_period"),
    (Rule(200, reach=302, anywhere_log=403), "get programs:phone-home"),
    (
        Rule(200, reach=404, anywhere_close_periods=403),
        "get programs:period-close open_period",
    ),
    (
        Rule(302, reach=404, anywhere_close_periods=403),
        "post programs:period-close open_period, post programs:target-list",
    ),
    (
        Rule(200, sees=404, may_close_periods=403),
        "get programs:period-request-answer correction_request",
    ),
    (
        Rule(422, sees=404, may_close_periods=403),
        "post programs:period-request-answer correction_request",
    ),
    (
        Rule(200, sees=404, may_log=403),
        "get programs:activity-correct, get programs:activity-photo-add, "
        "get programs:phone-correct activity",
    ),
    (
        Rule(422, sees=404, may_log=403),
        "post programs:activity-correct, post programs:phone-correct activity",
    ),
    (
        Rule(200, sees=404, may_log_or_verify=403),
        "get programs:activity-photo-remove, get programs:activity-void",
    ),
    (Rule(302, sees=404, may_log_or_verify=403), "post programs:activity-photo-remove"),
    (Rule(422, sees=404, may_log_or_verify=403), "post programs:activity-void"),
    (
        Rule(200, sees=404, may_manage_programs=403),
        "get programs:program-edit, get programs:program-state, get programs:program-targets",
    ),
    (Rule(302, sees=404, may_manage_programs=403), "post programs:program-state"),
    (
        Rule(422, sees=404, may_manage_programs=403),
        "post programs:program-edit, post programs:program-targets",
    ),
    (
        Rule(200, sees=404, may_verify=403),
        "get programs:activity-return, get programs:review-record activity",
    ),
    (Rule(302, sees=404, may_verify=403), "post programs:activity-verify"),
    (Rule(422, sees=404, may_verify=403), "post programs:activity-return"),
    (Rule(200, sees=404, may_verify_or_enrol=403), "get programs:reporting-remind"),
    (Rule(422, sees=404, may_verify_or_enrol=403), "post programs:reporting-remind"),
    (
        Rule(302, sees=404, may_log_or_verify=403, not_hers=403),
        "post programs:activity-confirm",
    ),
    (
        Rule(422, anywhere_log=403, but=ASKED_FIRST),
        "post programs:activity-create, post programs:phone-nothing, post programs:phone-record",
    ),
    (
        Rule(200, anywhere_manage_programs=403, anywhere_log_or_verify=403),
        "get programs:program-register",
    ),
    (
        Rule(422, anywhere_manage_programs=403, anywhere_log_or_verify=403, but=DISTRICTS_TOO),
        "post programs:program-register",
    ),
    # Who has one village is led to its page.
    (Rule(200, reach=404, wide=302), "get dashboards:board"),
    (Rule(302, hers_or_managed=404), "post accounts:device-end device"),
    (Rule(422, office=302), "post accounts:second-factor-setup"),
    (Rule(200, anywhere_audit=403), "get accounts:audit, get programs:privacy"),
    (Rule(422, anywhere_audit=403), "post programs:privacy"),
    (Rule(200, anywhere_audit_or_manage_users=403), "get dashboards:health"),
    (
        Rule(200, anywhere_manage_users=403, may_manage_users=404),
        "get accounts:data-request-decide data_request, get accounts:person-data, "
        "get accounts:person-data-copy",
    ),
    (
        Rule(422, anywhere_manage_users=403, may_manage_users=404),
        "post accounts:data-request-decide data_request, post accounts:person-data",
    ),
    (Rule(302, sees=404, may_close_periods=403), "post programs:activity-photo-publish"),
    (Rule(200, sees=404, may_verify=403), "get programs:activity-photo-withdraw"),
    (Rule(422, sees=404, may_verify=403), "post programs:activity-photo-withdraw"),
)
