"""PDF files of agreements and of decrees: kept by what they hold, out of sight but never gone."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Problem, Refused, Stale
from programs import files

from .. import rights
from ..models import Agreement, AgreementFile, Body, FileKind
from .texts import tidy


def add_file(file: AgreementFile, data: bytes, *, actor, file_name: str) -> AgreementFile:
    """The PDF in `data` is on record under the uid that the page made; sent twice it is one,
    Stale where the uid names another file, or one of another agreement or body.

    Refused: not_permitted, what files.take_pdf refuses; fixed where the agreement is cancelled.
    """
    rights.require(actor, _owner(file).regency)
    if file.agreement and file.agreement.cancelled_at:
        words = _("This agreement is cancelled. It stays as it is.")
        raise Refused(Problem("", "fixed", words))
    taken = files.take_pdf(data)
    file.sha256, file.size = files.kept(taken.content), len(taken.content)
    file.file_name = files.file_name_of(file_name, taken.media_type)
    file.uploaded_by = actor
    tidy(file)
    try:
        with transaction.atomic():
            file.save(force_insert=True)
            facts = {"file": str(file.pk), "file_title": file.title, "sha256": file.sha256}
            audit.record(actor, f"{_word(file)}.file_added", _owner(file), **facts)
    except IntegrityError:
        return _known(file)
    return file


@transaction.atomic
def remove_file(file: AgreementFile, *, actor) -> None:
    """Nobody sees the file any more; its row and its bytes stay.

    Refused: not_permitted; in_use for the only signed agreement of one in force.
    """
    rights.require(actor, _owner(file).regency)
    held = AgreementFile.objects.select_for_update().get(pk=file.pk)
    if held.removed_at:
        return
    if held.agreement and held.kind == FileKind.AGREEMENT and held.agreement.confirmed_at:
        _require_another(held)
    AgreementFile.objects.filter(pk=held.pk).update(removed_at=timezone.now())
    facts = {"file": str(held.pk), "file_title": held.title}
    audit.record(actor, f"{_word(held)}.file_removed", _owner(held), **facts)


def files_for(user) -> QuerySet[AgreementFile]:
    """Files in sight of the agreements that she sees."""
    hers = Agreement.objects.visible_to(user)
    return AgreementFile.objects.filter(agreement__in=hers, removed_at=None)


def _owner(file: AgreementFile) -> Agreement | Body:
    return file.agreement or file.body  # type: ignore[return-value]


def _word(file: AgreementFile) -> str:
    return "agreement" if file.agreement_id else "body"


def _require_another(file: AgreementFile) -> None:
    signed = file.agreement.files.filter(kind=FileKind.AGREEMENT, removed_at=None)  # type: ignore[union-attr]
    if not signed.exclude(pk=file.pk).exists():
        words = _("It is the only signed copy of this agreement. Add the better one first.")
        raise Refused(Problem("", "in_use", words))


def _known(file: AgreementFile) -> AgreementFile:
    names = ("agreement", "body", "kind", "title", "sha256", "uploaded_by")
    same = {name: getattr(file, name) for name in names}
    if known := AgreementFile.objects.filter(pk=file.pk, **same).first():
        return known
    words = _("Another file was sent from this page before. Open the page anew.")
    raise Stale(Problem("file", "conflict", words))
