"""What the page of a claim shows of the work on it: decisions, what is open, notes, files, who else looks."""

from typing import Any

from django.utils.translation import gettext as _

from claims import evidence
from claims.answers import has_former
from claims.base.requests import SignedInRequest
from claims.criteria import list_facts
from claims.evidence import Holder
from claims.forms.review import NoteForm, RevealForm
from claims.models import Claim
from claims.review import casework, refusing, replies
from claims.review.deciding import explain_not_acceptable, list_standing_decisions
from claims.review.holding import find_answered, find_deficiency, find_hearing, make_stamp
from claims.review.overriding import is_lapsed, list_current_overrides
from claims.review.record import read_record
from claims.review.words import open_words
from claims.rules.eligibility import Kind
from claims.views.registration_evidence import describe_file


def describe_work(request: SignedInRequest, claim: Claim, *, reads_words: bool, may_decide: bool) -> dict[str, Any]:
    """Return the state of the work on a claim as its page shows it; own words only where they are uncovered.

    Without `reads_words` what the office wrote is covered too: an auditor sees that it is there, by whom and when.
    """
    revealed = casework.find_reveal(claim, by=request.user)
    decisions = list_standing_decisions(claim)
    record, hearing = read_record(claim.action), find_hearing(claim)
    written = read_replies(request, claim, is_open=bool(revealed))
    return {
        "stamp": make_stamp(claim),
        "deficiency": find_deficiency(claim),
        "answered_at": find_answered(decisions[-1]) if decisions else None,
        "hearing": hearing,
        "not_acceptable": explain_not_acceptable(claim),
        "not_refusable": refusing.explain_not_refusable(claim, hearing, by=request.user),
        "decision": decisions[-1] if decisions else None,
        "decision_reason": record.say_reason(decisions[-1].reason) if decisions and decisions[-1].reason else "",
        "decision_words": cover(open_words(claim, decisions[-1].code, decisions[-1].words), is_open=reads_words)
        if decisions
        else "",
        "overrides": describe_overrides(request, claim, reads_words=reads_words),
        "revealed": revealed,
        "has_words": bool(written) or has_words(claim),
        "reveal_form": RevealForm(may_decide=may_decide),
        "replies": written,
        "notes": [(note, cover(words, is_open=reads_words)) for note, words in casework.list_notes(claim)],
        "note_form": NoteForm(),
        "files": describe_files(claim, reads_words=reads_words),
        "assignment": casework.find_assignment(claim),
        "others_here": casework.note_presence(claim, by=request.user),
    }


def describe_overrides(request: SignedInRequest, claim: Claim, *, reads_words: bool) -> list[dict[str, Any]]:
    """Return the findings that people have set or proposed, each with its reason and whether it counts."""
    return [
        {
            "override": it,
            "reason": cover(open_words(claim, it.code, it.reason), is_open=reads_words),
            "is_mine": it.by_id == request.user.pk,
            "is_lapsed": is_lapsed(it, claim),
        }
        for it in list_current_overrides(claim)
    ]


def describe_files(claim: Claim, *, reads_words: bool) -> list[dict[str, Any]]:
    """Return the files of a claim as its page shows them; how somebody named a file is covered like own words."""
    files = [describe_file(file) for file in evidence.list_evidence(Holder(owner=claim.claimant))]
    return [item | {"name": cover(item["name"], is_open=reads_words)} for item in files]


def cover(words: str, *, is_open: bool) -> str:
    """Return words, or that they are covered."""
    return words if is_open or not words else _("Own words, covered")


def read_replies(request: SignedInRequest, claim: Claim, *, is_open: bool) -> list[tuple[Any, str]]:
    """Return what the claimant wrote; without uncovering that there is something, and how long it is."""
    if is_open:
        return replies.read_replies(claim, by=request.user)
    return [(reply, "") for reply in replies.list_replies(claim)]


def has_words(claim: Claim) -> bool:
    """Whether there is anything to uncover beside messages: an answer in own words, or a corrected answer."""
    said = list_own_words(claim) & claim.answers.keys()
    return bool(said) or has_former(claim)


def list_own_words(claim: Claim) -> set[str]:
    """Return the questions that are answered in own words."""
    version = claim.criteria_version
    facts = list_facts(version.document["questions"] if version else claim.action.questions)
    return {name for name, fact in facts.items() if fact.kind == Kind.TEXT}


def mask_answers(claim: Claim, answers: dict[str, tuple[str, str]], *, is_open: bool) -> dict[str, tuple[str, str]]:
    """Return the answers with own words masked, unless they are uncovered."""
    if is_open:
        return answers
    hidden = list_own_words(claim)
    return {name: (question, cover(said, is_open=name not in hidden)) for name, (question, said) in answers.items()}
