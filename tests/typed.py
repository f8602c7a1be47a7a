"""Forms as people fill them in."""

from core.identifiers import uuid7


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
