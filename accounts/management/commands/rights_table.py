"""`manage.py rights_table > docs/rights.md`: who may do what, from the table in code."""

from django.core.management.base import BaseCommand
from django.utils import translation

from accounts.capabilities import CAPABILITIES, ROLE_AREAS, SECOND_FACTOR_ROLES, Role

MEANING = {
    "view": "see programs, activities and numbers",
    "log": "record activities",
    "verify": "accept or return recorded activities",
    "manage_programs": "add and change programs",
    "manage_plans": "write GAP, GBS and KAK",
    "plan_village": "write a village's own one-page GAP and GBS",
    "check_plans": "say whether a GAP fits the planning documents",
    "approve_plans": "approve or return GAP, GBS and KAK (nobody her own; district officers: "
    "those of their villages)",
    "sign_plans": "sign approved GBS and KAK of an office or district",
    "sign_village": "sign those of her village",
    "manage_agreements": "keep partners, agreements and institutions",
    "manage_indicators": "keep indices, population figures and scorecard instruments",
    "manage_users": "add people, give and end their tasks",
    "enrol": "make a one-time link that puts a person of the field on a phone "
    "(facilitators: village heads only)",
    "close_periods": "close periods, revise closed figures, answer requests, set targets",
    "audit": "read the audit trail",
}


def table() -> str:
    """The page docs/rights.md."""
    with translation.override("en"):
        return "\n".join([*_head(), *map(_row, CAPABILITIES), *_foot()]) + "\n"


def _head() -> list[str]:
    return [
        "# Who may do what",
        "",
        "Made by `manage.py rights_table > docs/rights.md` from `accounts/capabilities.py`;",
        "a test compares them. A person holds a role over an area, from a day until a day;",
        "what she may do counts inside that area only.",
        "",
        f"| Role | Over | {' | '.join(MEANING)} | Second factor |",
        f"|---|---|{':-:|' * (len(MEANING) + 1)}",
    ]


def _row(role: str) -> str:
    marks = ["●" if word in CAPABILITIES[role] else "" for word in MEANING]
    second = "●" if role in SECOND_FACTOR_ROLES else ""
    areas = ", ".join(sorted(ROLE_AREAS[role]))
    return f"| {Role(role).label} | {areas} | {' | '.join(marks)} | {second} |"


def _foot() -> list[str]:
    return ["", *(f"- `{word}`: {text}" for word, text in MEANING.items())]


class Command(BaseCommand):
    help = "Print the page docs/rights.md."

    def handle(self, *args, **options):
        self.stdout.write(table(), ending="")
