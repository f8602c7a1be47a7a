"""check_audit: look whether anybody altered the audit trail, and note its head at a second place.

`--head` prints the head only; `--accept FAULT --because WHY` takes note of a fault that is known.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core import audit, chain, chain_check, heads
from core.errors import Refused
from core.models import AuditLink, HealthMark


class Command(BaseCommand):
    help = "Check the chain over the audit trail; exit 1 naming the rows that do not fit."

    def add_arguments(self, parser):
        parser.add_argument("--head", action="store_true", help="seal, print the head, no check")
        parser.add_argument(
            "--write-head",
            metavar="DIR",
            help="compare with the heads written there and add today's (else: PUG_AUDIT_HEADS)",
        )
        parser.add_argument("--accept", metavar="FAULT", help="a known fault, word by word")
        parser.add_argument("--because", metavar="WHY", help="what it was; goes into the trail")

    def handle(self, *, head, write_head, accept, because, **options):
        if accept or because:
            self._accept(accept, because)
        if head:
            chain.seal()
            self.stdout.write(str(heads.line_of(chain.head(), timezone.now())))
            return
        if not self._check(write_head or settings.AUDIT_HEADS):
            sys.exit(1)

    def _accept(self, fault: str | None, why: str | None) -> None:
        last = AuditLink.objects.first()
        if not (fault and why and last):
            raise CommandError("--accept needs the fault as it was told, and --because WHY.")
        audit.record(None, chain_check.ACCEPTED, last, fault=fault, why=why)

    def _check(self, folder: str | None) -> bool:
        """Whether all is sound; it is told to the screen, the page of health and the auditors."""
        began = time.monotonic()
        place = Path(folder) if folder else None
        written, trouble = _read(place)
        found = chain_check.check(written)
        found.faults += trouble
        line = heads.line_of(found.head, timezone.now())
        fresh = bool(place and found.sound and self._wrote(place, line, found))
        self._tell(found, line, time.monotonic() - began)
        if fresh or not found.sound:
            self._send(found, line)
        detail = f"{found.head.position} places"
        if not found.sound:
            detail = f"{len(found.faults) + found.more} faults: {found.faults[0]}"
        HealthMark.objects.update_or_create(
            name="audit", defaults={"ok": found.sound, "detail": detail}
        )
        return found.sound

    def _wrote(self, place: Path, line: heads.Written, found: chain_check.Findings) -> bool:
        try:
            return heads.write(place, line)
        except Refused as refusal:
            found.faults += [one.detail for one in refusal.problems]
            return False

    def _tell(self, found: chain_check.Findings, line: heads.Written, seconds: float) -> None:
        for fault in found.accepted:
            self.stdout.write(f"accepted: {fault}")
        for fault in found.faults:
            self.stderr.write(fault)
        if found.more:
            self.stderr.write(f"and {found.more} faults more")
        self.stdout.write(f"head {line}")
        self.stdout.write(
            f"{found.head.position} places checked in {seconds:.1f} s, "
            f"{len(found.faults) + found.more} faults"
        )

    def _send(self, found: chain_check.Findings, line: heads.Written) -> None:
        word = "rantai jejak utuh" if found.sound else "RANTAI JEJAK RUSAK"
        text = "\n".join([f"{settings.SITE_ADDRESS}", f"{line}", *found.faults])
        try:
            heads.send(f"Portal PUG: {word}", text)
        except OSError as broken:  # SMTPException is one
            self.stderr.write(f"the letter to the auditors was not sent: {broken}")


def _read(place: Path | None) -> tuple[list[heads.Written], list[str]]:
    """The heads written before, and what is wrong with the place they stand at."""
    try:
        return (heads.read(place) if place else []), []
    except Refused as refusal:
        return [], [one.detail for one in refusal.problems]
