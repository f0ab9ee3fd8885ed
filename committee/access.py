"""Who may do what in the committee: one table beside the municipality's own."""

from __future__ import annotations

from grants.access import AUDITOR, OFFICER, OPERATOR, Act, by

MEMBER, CHAIR, SECRETARY = "member", "chair", "secretary"
ROLES = (MEMBER, CHAIR, SECRETARY)
VOTING = (MEMBER, CHAIR)

ACTS: dict[str, Act] = {
    "committee.advise": by(CHAIR, OPERATOR),
    "committee.declare": by(MEMBER, CHAIR, SECRETARY),
    "committee.read": by(MEMBER, CHAIR, SECRETARY),
    "committee.review": by(MEMBER, CHAIR),
    "committee.seat": by(OFFICER, OPERATOR),
    "committee.seats_read": by(OFFICER, AUDITOR, CHAIR, SECRETARY),
    "committee.stretch": by(CHAIR, SECRETARY),
    "committee.vote": by(MEMBER, CHAIR),
    "committee.open_poll": by(CHAIR, OPERATOR),
    "committee.write_reason": by(CHAIR, SECRETARY),
}
