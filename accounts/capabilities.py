"""Who may do what: the one table in code. docs/rights.md is generated from it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    VILLAGE_HEAD = "village_head", _("Village head")
    FACILITATOR = "facilitator", _("Village facilitator")
    DISTRICT_OFFICER = "district_officer", _("District officer")
    OFFICER = "officer", _("DP2KBP3A officer")
    OPD_FOCAL_POINT = "opd_focal_point", _("OPD focal point")
    OPD_HEAD = "opd_head", _("Head of an OPD")
    PLANNER = "planner", _("Planning board (Bappedalitbang)")
    LEADER = "leader", _("Leader")
    AUDITOR = "auditor", _("Auditor")


CAPABILITIES: dict[str, frozenset[str]] = {
    Role.VILLAGE_HEAD: frozenset(
        {"view", "log", "manage_programs", "plan_village", "sign_village"}
    ),
    Role.FACILITATOR: frozenset({"view", "log", "enrol", "plan_village"}),
    Role.DISTRICT_OFFICER: frozenset(
        {"view", "verify", "manage_programs", "manage_plans", "approve_plans", "sign_plans"}
    ),
    Role.OFFICER: frozenset(
        {
            "view",
            "log",
            "verify",
            "manage_programs",
            "manage_plans",
            "approve_plans",
            "manage_agreements",
            "manage_indicators",
            "manage_users",
            "enrol",
            "close_periods",
            "audit",
        }
    ),
    Role.OPD_FOCAL_POINT: frozenset({"view", "manage_programs", "manage_plans"}),
    Role.OPD_HEAD: frozenset({"view", "sign_plans"}),
    Role.PLANNER: frozenset({"view", "check_plans"}),
    Role.LEADER: frozenset({"view"}),
    Role.AUDITOR: frozenset({"view", "audit"}),
}

#: Office roles see whole areas: they prove themselves with a second factor (ASVS 6.3.3).
SECOND_FACTOR_ROLES = frozenset(
    {
        Role.DISTRICT_OFFICER,
        Role.OFFICER,
        Role.OPD_FOCAL_POINT,
        Role.OPD_HEAD,
        Role.PLANNER,
        Role.LEADER,
        Role.AUDITOR,
    }
)

#: Work in villages, mostly on a phone of one's own: a password, a one-time link, no code app.
FIELD_ROLES = frozenset(Role.values) - SECOND_FACTOR_ROLES

#: Whom a facilitator may help onto a phone. Never an office, never another facilitator.
ENROLLED_BY_FACILITATORS = frozenset({Role.VILLAGE_HEAD})

#: Over what a role may be granted. "everything" is a grant without an area.
ROLE_AREAS: dict[str, frozenset[str]] = {
    Role.VILLAGE_HEAD: frozenset({"village"}),
    Role.FACILITATOR: frozenset({"village", "district", "regency"}),
    Role.DISTRICT_OFFICER: frozenset({"district"}),
    Role.OFFICER: frozenset({"regency", "everything"}),
    Role.OPD_FOCAL_POINT: frozenset({"opd"}),
    Role.OPD_HEAD: frozenset({"opd"}),
    Role.PLANNER: frozenset({"opd", "regency"}),
    Role.LEADER: frozenset({"district", "regency", "everything"}),
    Role.AUDITOR: frozenset({"opd", "regency", "everything"}),
}

#: Words an officer gives without holding them: who approves plans neither signs nor checks them,
#: and a village's page is the village's own.
ENTRUSTED = frozenset({"plan_village", "check_plans", "sign_plans", "sign_village"})

EVERYTHING_ROLES = frozenset(role for role, areas in ROLE_AREAS.items() if "everything" in areas)


def roles_with(capability: str) -> set[str]:
    return {role for role, words in CAPABILITIES.items() if capability in words}
