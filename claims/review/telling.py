"""What a claimant was told about decisions, and wrote back: part of what we hold about the person (Article 15 GDPR)."""

from typing import Any

from claims.models import Claim
from claims.review.record import read_record
from claims.review.words import open_words


def list_told(claim: Claim) -> list[dict[str, Any]]:
    """Return the decisions about a claim as values that JSON has, without who decided and without notes."""
    record = read_record(claim.action)
    return [
        {
            "kind": decision.kind,
            "at": decision.at.isoformat(),
            "reason": record.say_reason(decision.reason) if decision.reason else "",
            "words": open_words(claim, decision.code, decision.words),
            "undone_at": decision.undone_at.isoformat() if decision.undone_at else None,
            "replies": [
                {"at": reply.at.isoformat(), "words": open_words(claim, reply.code, reply.words)}
                for reply in decision.replies.all()
            ],
        }
        for decision in claim.decisions.prefetch_related("replies")
    ]
