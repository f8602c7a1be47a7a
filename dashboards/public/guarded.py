"""Programs whose few people may be somebody who needs shelter: by target group, code and name."""

from __future__ import annotations

import re

from programs.models import TargetGroup

#: Whom a program is for, and how its activity code is tagged, when its people are guarded.
VULNERABLE = {TargetGroup.CHILDREN, TargetGroup.ELDERLY, TargetGroup.DISABILITY}
VULNERABLE_CODES = {"child_family", "vulnerable"}

#: What a program's name says when the same holds, or its topic is sensitive; each a pattern of
#: whole words. Too many guarded programs only hide more; too few would tell of somebody.
_SPOKEN = (
    # violence and its victims
    r"p?kdrt",
    r"kekerasan",
    r"pelecehan",
    r"pe(mer)?kosaan",
    r"pencabulan",
    r"inses",
    r"eksploitasi (seksual|anak|perempuan)",
    r"korban",
    r"penyintas",
    r"rumah aman",
    r"shelter",
    # trafficking and migrants in distress
    r"tppo",
    r"(perdagangan|penjualan) (orang|manusia|anak|perempuan)",
    r"trafi(c|k)king",
    r"(pekerja|buruh) migran",
    r"pmi (bermasalah|nonprosedural)",
    r"tk[iw]",
    # illness
    r"hiv",
    r"aids",
    r"odh(a|iv)",
    r"tbc?",
    r"tuberkulosis",
    r"kusta",
    r"odgj",
    r"odmk",
    r"(gangguan|kesehatan) jiwa",
    r"bunuh diri",
    # addiction
    r"pecandu",
    r"narkoba",
    r"narkotika",
    r"napza",
    # children, early marriage, pregnancy
    r"perlindungan anak",
    r"(anak )?(yatim|piatu)",
    r"abk",
    r"berkebutuhan khusus",
    r"abh",
    r"(berhadapan|berkonflik) dengan hukum",
    r"anak (jalanan|terlantar|telantar)",
    r"pekerja anak",
    r"(pernikahan|perkawinan|nikah|menikah|kawin)( usia| di usia| pada usia)? (anak|dini|muda)",
    r"dispensasi (nikah|kawin|pernikahan|perkawinan)",
    r"ktd",
    r"kehamilan (yang )?(tidak|tak) (di|ter)?(ingin|rencana|kehendak)\w*",
    r"aborsi",
    # disability and age
    r"difabel",
    r"disabilitas",
    r"(penyandang )?cacat",
    r"tuna[-\s]?(netra|rungu|wicara|daksa|grahita|laras)",
    r"lansia",
    r"lanjut usia",
    r"jompo",
    # women who head a household, and people without shelter
    r"pekka",
    r"perempuan kepala keluarga",
    r"kepala keluarga perempuan",
    r"janda",
    r"ter?lantar",
    r"gelandangan",
    r"pengemis",
    r"gepeng",
    r"tuna[-\s]?(susila|wisma)",
    r"psk",
    r"pekerja seks",
    r"waria",
    r"transpuan",
    r"napi|narapidana|warga binaan",
)
#: "Korban", "korban-korban", "korbannya", "HIV/AIDS": signs may stand for the space between words.
GUARDED_WORDS = re.compile(
    rf"\b({'|'.join(_SPOKEN)})(nya)?\b".replace(" ", r"[\s/-]+"),
    re.IGNORECASE,
)


def is_guarded(one: dict) -> bool:
    """Whether small numbers of people in a program may tell of somebody who needs shelter."""
    return (
        one["target_group"] in VULNERABLE
        or one["program__activity_code__women_relevance"] in VULNERABLE_CODES
        or bool(GUARDED_WORDS.search(one["program_title"]))
    )
