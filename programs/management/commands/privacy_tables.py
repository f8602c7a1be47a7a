"""`manage.py privacy_tables > docs/privacy.md`: what is kept, for what, how long; from the code."""

from __future__ import annotations

from importlib import import_module
from itertools import groupby

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import translation

from programs.privacy.register import REGISTER
from programs.privacy.rules import RULES

#: The tables of the app above, by the name that the settings give (nobody below imports it).
_tables = import_module(settings.DATA_CLASSES.rpartition(".")[0])

HEAD = """# Privacy

Made by `manage.py privacy_tables > docs/privacy.md` from the tables in code; a test compares them.
The portal counts people: no table names a participant (decision 0022). The office sees the same at
`/kelola/privasi/`.

- A photo is shown to the public by two keys: its author says that the people in it agreed
  (`is_public`, no by default), an officer of the regency says yes. Only for verified records, never
  for guarded programs. Either key turned back, and the address answers 404.
- Whoever is in a photo may have it taken away: `/kelola/privasi/`, number of the photo, reference
  of the request. It is out of sight at once, its files are deleted within minutes, at the latest
  within 3 × 24 hours; the row stays without a picture.
- A copy of what is held on a person: `/akun/data/` (her own), the page of her account (the office).
  Requests to correct or erase wait at `/kelola/privasi/` with their last moment.
- A NIK or the number of a family card in title, place or note of a record is refused at every door.
- **Backups** keep deleted pictures and erased phone numbers until they are thrown away themselves
  (backup.md says when). After a restore run `manage.py keep_retention`, and enter anew the
  withdrawals and erasures of the days between: take their list from the second place of the audit
  trail (actions `photo.withdraw`, `person.forget`).
- **Access logs** of nginx hold addresses: deploy.md keeps them for 1 year.

When something got out: [breach.md](breach.md); letters without the portal: [privacy/](privacy/).
"""
CLASS_WORDS = {
    "T": "open: anybody may have it",
    "I": "internal: for people with a task, within their area",
    "R": "secret: lets somebody in or traces her; in no package of data",
}


def page() -> str:
    """The page docs/privacy.md."""
    with translation.override("en"):
        parts = [HEAD, *_register(), "", *_retention(), "", *_classes(), "", *_fields()]
        return "\n".join(parts) + "\n"


def _register() -> list[str]:
    head = ["Purpose", "Ground", "Whose data", "Which data", "Class", "Who gets it", "Kept for"]
    return [
        "## Register of processing",
        "",
        *_table(head, [list(map(str, one)) for one in REGISTER]),
    ]


def _retention() -> list[str]:
    rows = [
        [f"`{one.key}`", str(one.what), str(one.span), str(one.basis), "yes" if one.act else "told"]
        for one in RULES
    ]
    said = "`manage.py keep_retention [--dry-run]`, every night; safe to run twice."
    head = ["Rule", "What", "Kept for", "Ground", "Done by it"]
    return ["## Retention", "", said, "", *_table(head, rows)]


def _classes() -> list[str]:
    lines = ["## Data classes", ""]
    by_letter = sorted(
        _tables.CLASSES.items(), key=lambda one: ("TIR".index(one[1].letter), one[0])
    )
    for letter, rows in groupby(by_letter, key=lambda one: one[1].letter):
        told = [[f"`{name}`", one.retention, one.why] for name, one in rows]
        head = ["Table", "Kept for", "What"]
        lines += [f"### {letter}: {CLASS_WORDS[letter]}", "", *_table(head, told), ""]
    return lines[:-1]


def _fields() -> list[str]:
    secret = ", ".join(f"`{one}`" for one in sorted(_tables.SECRET_FIELDS))
    personal = ", ".join(f"`{one}`" for one in sorted(_tables.PERSONAL_FIELDS))
    return [
        "## Columns",
        "",
        f"In no export, package or reader's role: {secret}.",
        "",
        f"Name or reach a person (officials and account holders, nobody else): {personal}.",
    ]


def _table(head: list[str], rows: list[list[str]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(one)} |" for one in lines]


class Command(BaseCommand):
    help = "Print the page docs/privacy.md."

    def handle(self, *args, **options):
        self.stdout.write(page(), ending="")
