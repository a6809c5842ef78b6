"""What the pages say of decisions: what is open for a claimant, and why something was refused."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from claims.curing import list_asked
from claims.models import Claim, Decision
from claims.models.actions import pick_text
from claims.review.asking import find_address
from claims.review.periods import EVIDENCE
from claims.review.record import read_record
from claims.review.refusing import find_objection_end
from claims.review.replies import list_replies_to
from claims.review.telling import find_told_question, find_told_refusal, find_told_status
from claims.review.words import open_words

register = template.Library()


@register.simple_tag
def what_is_open(claim: Claim) -> dict[str, Any]:
    """Return what the claimant can do now: the questions asked, and the refusal that can be answered."""
    asked = find_told_question(claim)
    return {
        "decision": find_told_refusal(claim),
        "asked": {
            "until": asked.until,
            "words": open_words(claim, asked.decision.code, asked.decision.words),
            "warning": read_record(claim.action).say("warning"),
            "questions": [(name_question(claim, name), find_address(claim, name)) for name in asked.open_questions],
        }
        if asked
        else None,
    }


@register.simple_tag
def told_status(claim: Claim) -> str:
    """Return where a claim stands as far as the claimant was told."""
    return find_told_status(claim)


def name_question(claim: Claim, name: str) -> str:
    """Return a question in words, in the language that is active."""
    if name == EVIDENCE:
        return _("Please send a file that shows it")
    question = list_asked(claim).get(name)
    return pick_text(dict(question["label"])) if question else name


@register.simple_tag
def refusal_of(decision: Decision) -> dict[str, Any]:
    """Return an announced or final refusal in words: reason, until when to answer, what was written back."""
    claim, record = decision.claim, read_record(decision.claim.action)
    is_final = decision.kind == Decision.Kind.REFUSE
    return {
        "reason": record.say_reason(decision.reason),
        "words": open_words(claim, decision.code, decision.words),
        "until": find_objection_end(decision) if is_final else decision.hearing.until,
        "objection": record.say("objection"),
        "replies": list_replies_to(decision),
    }
