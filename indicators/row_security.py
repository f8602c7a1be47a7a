"""Which rows of indicators PostgreSQL itself keeps from the web (accounts/row_security.py)."""

from accounts.row_security import either, of_parent, of_village

_CARD, _SEATS = "indicators_assessment.uid", "indicators_representation.uid"

POLICIES = {
    "indicators_assessment": of_village(),
    "indicators_answer": of_parent(_CARD, "indicators_answer.assessment_id"),
    "indicators_representation": of_village(),
    "indicators_seatcount": of_parent(_SEATS, "indicators_seatcount.representation_id"),
    "indicators_proposalcount": of_parent(_SEATS, "indicators_proposalcount.representation_id"),
    "indicators_reviewstep": either(
        of_parent(_CARD, "indicators_reviewstep.subject"),
        of_parent(_SEATS, "indicators_reviewstep.subject"),
    ),
}
