"""The paper of a document, in Indonesian whatever the language of the screen."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation

from ..models import BudgetStatement, GapVersion, GenderAnalysis, TermsOfReference
from .gap import gap_paper
from .gbs import gbs_paper
from .kak import kak_paper
from .parts import Paper

Document = GenderAnalysis | BudgetStatement | TermsOfReference


def paper_of(document: Document, *, version: GapVersion | None = None) -> Paper:
    """The printed form of this document; of an analysis as it stands, or as `version` froze it."""
    with translation.override(settings.LANGUAGE_CODE):
        if isinstance(document, GenderAnalysis):
            return gap_paper(document, version)
        if isinstance(document, BudgetStatement):
            return gbs_paper(document)
        return kak_paper(document)
