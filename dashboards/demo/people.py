"""The demo accounts, and the invented facilitators who wrote the invented records.

All are made by accounts.services, as the operator at the console would make them. The one public
password would not pass the rule for passwords (it names the place): services take what they are
given, the rule stands in the form, and the command runs in the demonstration only. The
facilitators get a start password that nobody sees and that lapses after three days.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from accounts import keys
from accounts.capabilities import Role
from accounts.models import ApiToken, User
from accounts.services import GrantDraft, add_person, create_token
from villages.models import District, Opd, Regency, Village

from .manners import FACILITATED, JANJU, clerk_of

PASSWORD = "paser-demo-2026"  # noqa: S105 - public, for the demonstration only
#: Wrote down what public pages report.
READER = "pencatat"
#: Wrote and signed the example of a gender analysis, GBS and KAK.
PLANNERS = (
    ("pertanian", "Focal point Dinas Pertanian (contoh)", Role.OPD_FOCAL_POINT),
    ("kepala-pertanian", "Kepala Dinas Pertanian (contoh)", Role.OPD_HEAD),
)
HOME_DISTRICT = "64.01.04"
TOKEN_NAME = "Contoh pengisian lewat API"  # noqa: S105 - a name
TOKEN_DAYS = 365
#: Numbers that no operator gives to anybody.
PHONES = {
    "pendamping": "0800 0000 0001",
    "kecamatan": "0800 0000 0002",
    "kades": "0800 0000 0003",
}


def ensure(regency: Regency, today: date) -> dict[str, User]:
    """Everybody by username; those who are missing are added."""
    accounts, clerks = _accounts(regency, today), _clerks(regency, today)
    people = {user.username: user for user in User.objects.filter(username__in=accounts | clerks)}
    for username, (name, grants) in (accounts | clerks).items():
        if username not in people:
            password = PASSWORD if username in accounts else None
            made = add_person(
                username=username,
                name=name,
                phone=PHONES.get(username, ""),
                actor=None,
                grants=grants,
                password=password,
                demo=True,
            )
            people[username] = made.person
    return people


def _accounts(regency: Regency, today: date) -> dict[str, tuple[str, list[GrantDraft]]]:
    first, last = date(today.year - 1, 1, 1), date(today.year + 1, 12, 31)
    janju = Village.objects.get(code=JANJU)
    home = District.objects.get(code=HOME_DISTRICT)
    health = Opd.objects.get(regency=regency, name="Dinas Kesehatan")
    four = [
        GrantDraft(Role.FACILITATOR, village, first, last, "Surat tugas contoh")
        for village in Village.objects.filter(code__in=FACILITATED)
    ]

    def one(role: Role, area) -> list[GrantDraft]:
        return [GrantDraft(role, area, first)]

    return {
        "officer": ("Petugas DP2KBP3A (contoh)", one(Role.OFFICER, regency)),
        "kecamatan": ("Petugas Kecamatan Tanah Grogot (contoh)", one(Role.DISTRICT_OFFICER, home)),
        "kades": ("Kepala Desa Janju (contoh)", one(Role.VILLAGE_HEAD, janju)),
        "pendamping": ("Pendamping Desa (contoh)", four),
        "opd": ("Petugas Dinas Kesehatan (contoh)", one(Role.OPD_FOCAL_POINT, health)),
        "kepala-dinas": ("Kepala Dinas Kesehatan (contoh)", one(Role.OPD_HEAD, health)),
        "bappeda": ("Petugas Bappedalitbang (contoh)", one(Role.PLANNER, regency)),
        "pimpinan": ("Pimpinan Daerah (contoh)", one(Role.LEADER, regency)),
        "auditor": ("Auditor (contoh)", one(Role.AUDITOR, regency)),
    }


def _clerks(regency: Regency, today: date) -> dict[str, tuple[str, list[GrantDraft]]]:
    """A facilitator for every district, the two who plan in an office, and the reader of public
    pages."""
    first = date(today.year - 1, 1, 1)
    found = {
        clerk_of(district): (
            f"Pendamping Kecamatan {district.name} (contoh)",
            [GrantDraft(Role.FACILITATOR, district, first)],
        )
        for district in District.objects.filter(regency=regency, ended_on=None)
    }
    farming = Opd.objects.get(regency=regency, name="Dinas Pertanian")
    for username, name, role in PLANNERS:
        found[username] = (name, [GrantDraft(role, farming, first)])
    reader = GrantDraft(Role.FACILITATOR, regency, first)
    return found | {READER: ("Pencatat berita resmi (contoh)", [reader])}


def ensure_token(person: User, file: Path, today: date) -> str:
    """The key of the demo facilitator, from `file` when it still opens this portal, else new.

    A key is shown once: the file (readable by its owner only) is the demonstration's memory.
    """
    kept = file.read_text().strip() if file.exists() else ""
    if _opens(kept, person, today):
        return kept
    made = create_token(
        person,
        name=TOKEN_NAME,
        scopes=ApiToken.Scope.values,
        days=TOKEN_DAYS,
        actor=None,
    )
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_text(f"{made.key}\n")
    return made.key


def _opens(text: str, person: User, today: date) -> bool:
    key = keys.read(text)
    if key is None:
        return False
    token = person.tokens.filter(lookup=key.lookup, revoked_at=None, expires_on__gte=today).first()
    return token is not None and key.matches(token.digest)
