"""Forms as people fill them in, and pages as they read them."""

import re

from core.identifiers import uuid7


def activity(program, **changes) -> dict:
    """The form of one activity as a village head fills it in."""
    return {
        "uid": str(uuid7()),
        "held_on": "4-3-2026",
        "program": str(program.pk),
        "title": "Pelatihan pembibitan",
        "kind": "training",
        "event_status": "held",
        "stage": "execution",
        "count_source": "attendance_list",
        "women_participants": "19",
        "men_participants": "24",
        **changes,
    }


def text(response) -> str:
    """The page with its white space folded."""
    return re.sub(r"\s+", " ", response.content.decode())


def program(owner: str, **changes) -> dict:
    """The office's form of a program; `owner` as its list names it, "" when it is changed."""
    return {
        "uid": str(uuid7()),
        "owner": owner,
        "title": "Sekolah perempuan",
        "goal": "",
        "year_from": "2025",
        "year_to": "2027",
        "target_group": "women",
        "gender_marker": "2",
        "arg_category": "",
        "fund_source": "apbd",
        "ceiling": "250.000.000",
        **changes,
    }
