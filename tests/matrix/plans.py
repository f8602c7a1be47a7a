"""The rows of planning (tests/matrix/table.py)."""

from .words import Rule

ROWS: tuple[tuple[Rule, str], ...] = (
    (
        Rule(404),
        "get planning:sheet budget_sheet, get planning:sheet-columns budget_sheet, "
        "get planning:sheet-problems budget_sheet, post planning:sheet-take budget_sheet",
    ),
    (Rule(200, anywhere_close_periods=403), "get planning:calendar-days"),
    (Rule(302, anywhere_close_periods=403), "post planning:calendar-days"),
    (Rule(200, anywhere_manage_plans=403), "get planning:gap-new"),
    (Rule(422, anywhere_manage_plans=403), "post planning:gap-new"),
    (
        Rule(200, anywhere_manage_plans_or_plan_village=403),
        "get planning:line-new, get planning:sheet-new",
    ),
    (Rule(302, anywhere_manage_plans_or_plan_village=403), "post planning:totals"),
    (
        Rule(422, anywhere_manage_plans_or_plan_village=403),
        "post planning:line-new, post planning:sheet-new",
    ),
    (Rule(200, anywhere_plan_village=403), "get planning:village-new"),
    (Rule(422, anywhere_plan_village=403), "post planning:village-new"),
    (
        Rule(200, reach=403),
        "get planning:arg, get planning:calendar, get planning:home, get planning:village-list",
    ),
    (
        Rule(200, sees=404),
        "get planning:gap gap_draft, get planning:gap-compare gap, get planning:gap-print gap, "
        "get planning:gap-results gap_approved, get planning:gap-step gap_draft, "
        "get planning:gbs gbs_draft, get planning:gbs-print gbs, get planning:kak kak, "
        "get planning:kak-print kak, get planning:village gap_desa",
    ),
    (
        Rule(403, sees=404),
        "get planning:village-sign gap_desa, post planning:village-sign gap_desa",
    ),
    (
        Rule(200, wide=403),
        "get planning:binder, get planning:binder-zip, get planning:document-list, "
        "get planning:questions",
    ),
    (
        Rule(200, wide_near=404),
        "get planning:document document, get planning:document-file document, "
        "get planning:evidence evidence",
    ),
    (
        Rule(422, sees=404, may_approve_plans=403),
        "post planning:gap-approve gap, post planning:gap-review gap",
    ),
    (Rule(200, sees=404, may_approve_plans_or_check_plans=403), "get planning:gap-review gap"),
    (Rule(422, sees=404, may_check_plans=403), "post planning:gap-check gap"),
    (
        Rule(200, sees=404, may_manage_plans_or_plan_village=403),
        "get planning:gap-revise gap_approved, get planning:gap-submit gap_draft, "
        "get planning:gap-withdraw gap, get planning:gbs-edit gbs_draft, "
        "get planning:gbs-move gbs_draft, get planning:gbs-new gap_approved, "
        "get planning:kak-edit kak, get planning:kak-move kak, get planning:kak-new gbs, "
        "get planning:line-edit line, get planning:line-remove line, "
        "get planning:result-withdraw gap_result, get planning:village-edit gap_desa, "
        "get planning:village-statement gap_desa",
    ),
    (
        Rule(302, sees=404, may_manage_plans_or_plan_village=403),
        "post planning:gbs-new gap_approved, post planning:line-remove line, "
        "post planning:result-withdraw gap_result",
    ),
    (
        Rule(409, sees=404, may_manage_plans_or_plan_village=403),
        "post planning:gap-submit gap_draft, post planning:gap-withdraw gap",
    ),
    (
        Rule(422, sees=404, may_manage_plans_or_plan_village=403),
        "post planning:gap-results gap_approved, post planning:gap-revise gap_approved, "
        "post planning:gap-step gap_draft, post planning:gbs-edit gbs_draft, "
        "post planning:gbs-move gbs_draft, post planning:kak-edit kak, "
        "post planning:kak-move kak, post planning:line-edit line, "
        "post planning:village-edit gap_desa, post planning:village-statement gap_desa",
    ),
    (Rule(302, wide=403, anywhere_approve_plans=403), "post planning:evidence-copy"),
    (Rule(422, wide=403, anywhere_approve_plans=403), "post planning:questions"),
    (
        Rule(200, wide=403, anywhere_manage_plans=403),
        "get planning:document-new, get planning:evidence-new",
    ),
    (Rule(422, wide=403, anywhere_manage_plans=403), "post planning:document-new"),
    (
        Rule(200, wide_near=404, may_manage_plans=403),
        "get planning:document-remove document, get planning:evidence-remove evidence",
    ),
    (
        Rule(302, wide_near=404, may_manage_plans=403),
        "post planning:document-remove document, post planning:evidence-remove evidence, "
        "post planning:evidence-tags evidence, post planning:evidence-verify evidence",
    ),
    (
        Rule(302, sees=404, may_manage_plans_or_plan_village=403),
        "post planning:kak-new gbs",
    ),
    (Rule(200, wide=403, anywhere_manage_plans=403), "post planning:evidence-new"),
)
