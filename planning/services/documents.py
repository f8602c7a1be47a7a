"""Documents of an office: received once, kept by what they hold, removed but never forgotten."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Problem, Refused, Stale
from programs import files
from programs.files import file_name_of

from ..models import Document


def add_document(document: Document, data: bytes, *, actor, file_name: str) -> Document:
    """The file in `data` is on record with what is known of it.

    `document`: the unsaved instance of a valid form; its uid was made by the page. Sending it
    again with the same bytes is answered with what is there; with other bytes it is Stale.
    Refused: not_permitted, what files.take refuses. The file is on disk before the row exists,
    so that no row lacks its file; it is judged outside the transaction, nobody waits for it.
    """
    if not may_keep(actor, document.regency, document.opd):
        raise not_permitted()
    taken = files.take(data)
    document.sha256 = files.kept(taken.content)
    document.media_type, document.size = taken.media_type, len(taken.content)
    document.file_name = file_name_of(file_name, taken.media_type)
    document.uploaded_by = actor
    try:
        with transaction.atomic():
            document.save(force_insert=True)
            facts = {"sha256": document.sha256, "kind": document.kind, "year": document.year}
            audit.record(actor, "document.add", document, **facts)
    except IntegrityError:
        return _known(document)
    return document


@transaction.atomic
def remove_document(document: Document, *, actor) -> None:
    """Nobody sees the document any more; its row, its file and the audit trail stay.

    Refused: not_permitted; in_use while it serves as evidence.
    """
    if not holds(actor, "manage_plans", document):
        raise not_permitted()
    held = Document.objects.select_for_update().get(pk=document.pk)
    if held.evidence.filter(removed_at=None).exists():
        words = _("The document serves as evidence. Take the evidence out first.")
        raise Refused(Problem("", "in_use", words))
    if held.removed_at is None:
        Document.objects.filter(pk=held.pk).update(removed_at=timezone.now())
        audit.record(actor, "document.remove", held)


def may_keep(user, regency, opd=None, capability: str = "manage_plans") -> bool:
    """She holds the word on the office; without one, on the whole regency."""
    if opd is None:
        return user.regencies_with(capability).filter(pk=regency.pk).exists()
    return user.opds_with(capability).filter(pk=opd.pk, regency=regency).exists()


def holds(user, capability: str, row) -> bool:
    """She holds the word on the owner of a document or a piece of evidence."""
    return type(row).objects.permitting(user, capability).filter(pk=row.pk).exists()


def not_permitted() -> Refused:
    words = _("You cannot do this for the documents of this office.")
    return Refused(Problem("", "not_permitted", words))


def _known(document: Document) -> Document:
    """What this uid named before, when it is the same file of the same person."""
    same = {"sha256": document.sha256, "uploaded_by": document.uploaded_by}
    if known := Document.objects.filter(pk=document.pk, **same).first():
        return known
    words = _("Another file was sent from this page before. Open the page anew.")
    raise Stale(Problem("file", "conflict", words))
