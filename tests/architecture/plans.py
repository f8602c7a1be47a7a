"""Planning's things behind the addresses of the sweep: all belong to the owner's village, or to the
regency, and carry the owner's word in their texts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cached_property

from django.core.files.uploadedfile import SimpleUploadedFile

from planning.content import content_of
from planning.models import BudgetSheet, Document, DocumentKind
from planning.services.documents import add_document
from planning.services.evidence import add_evidence
from planning.services.outcomes import enter_realisation
from tests import make
from tests.planning import stated, written

SECRET = "Jejak-Rahasia-7f3a"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


class Plans:
    """The keys of what `plan` has made."""

    def plan(self) -> None:
        """All of them; what a request changes is undone, they stay."""
        for name in vars(Plans):
            getattr(self, name)

    @cached_property
    def _writer(self):
        return make.officer()

    def _program(self):
        return make.program(make.village(), owner_village=make.village(), title=f"Rencana {SECRET}")

    @cached_property
    def gap_draft(self):
        return written.draft(self._program(), by=self._writer).pk

    @cached_property
    def gap(self):
        return written.submitted(self._program(), by=self._writer)[0].pk

    @cached_property
    def gap_approved(self):
        return written.approved(self._program(), by=self._writer).pk

    @cached_property
    def gap_result(self):
        made = written.approved(self._program(), by=self._writer, measure="")
        said = {"value": Decimal(20), "reached_on": date(2026, 6, 1), "note": f"Survei {SECRET}"}
        outcome = content_of(made).indicators[1]
        return enter_realisation(made, outcome.key, actor=self._writer, **said).pk

    @cached_property
    def gap_desa(self):
        return written.draft(self._program(), by=self._writer, template="desa").pk

    @cached_property
    def gbs_draft(self):
        return stated.drafted(self._program(), by=self._writer).pk

    @cached_property
    def gbs(self):
        return stated.approved(self._program(), by=self._writer).pk

    @cached_property
    def kak(self):
        made = stated.approved(self._program(), by=self._writer)
        return stated.terms(made, by=self._writer).pk

    @cached_property
    def line(self):
        made = stated.drafted(self._program(), by=self._writer, plan=0)
        return stated.line(made, name=f"Belanja {SECRET}").pk

    @cached_property
    def budget_sheet(self):
        """A sheet that the officer's colleague sent: nobody else's business."""
        return BudgetSheet.objects.create(
            actor=self._writer,
            name=SECRET,
            year=2026,
            digest="0",
            content=b"kode;uraian\n",
            owner_opd=make.opd(),
        ).pk

    @cached_property
    def document(self):
        of = Document(
            regency=make.regency(),
            kind=DocumentKind.DECREE,
            title=SECRET,
            year=2026,
            dated=date(2026, 1, 5),
        )
        file = SimpleUploadedFile("sk.pdf", PDF)
        return add_document(of, file.read(), actor=self._writer, file_name=file.name).pk

    @cached_property
    def evidence(self):
        of = Document.objects.get(pk=self.document)
        return add_evidence(of, title=SECRET, actor=self._writer, regency=of.regency).pk
