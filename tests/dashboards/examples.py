"""The worked examples of the definition (domain reference 3.5) as what a village records.

Men are written first there; here each is a full record. TOTAL_ONLY holds a head-count alone.
"""

from programs.involvement import Level


def _people(men: int, women: int) -> dict:
    return {"men_participants": men, "women_participants": women}


def _deciders(men: int, women: int) -> dict:
    return {"men_deciders": men, "women_deciders": women}


NOBODY = {"men_participants": None, "women_participants": None}
ROAD = {**NOBODY, "kind": "construction", "women_proposals_accepted": 1}

EXAMPLES: dict[str, tuple[dict, Level]] = {
    "a": (
        {
            **_people(46, 4),
            **_deciders(5, 0),
            "men_beneficiaries": 46,
            "women_beneficiaries": 4,
        },
        Level.PRESENT,
    ),
    "b": ({**_people(30, 15), **_deciders(3, 2)}, Level.DECIDING),
    "c": ({**_people(0, 30), **_deciders(3, 0)}, Level.MEANINGFUL),
    "d1": ({**ROAD, **_deciders(4, 1)}, Level.PRESENT),
    "d2": ({**ROAD, **_deciders(3, 2)}, Level.MEANINGFUL),
    "e": ({**NOBODY, "total_participants": 50}, Level.NO_DATA),
    "f": (_people(3, 1), Level.PRESENT),
    "g": (_people(3, 2), Level.MEANINGFUL),
    "h": ({**_people(10, 10), "event_status": "cancelled"}, Level.NOT_COUNTED),
    "i": ({**_people(20, 0), **_deciders(2, 0)}, Level.NONE),
    "j": (_people(7, 3), Level.MEANINGFUL),
}
