"""The page of the office about one claim; the list is in `book`."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims import access
from claims.answers import list_answers, list_known
from claims.base.history import list_events
from claims.base.references import clean_reference
from claims.base.requests import SignedInRequest
from claims.conflicts import is_own
from claims.contacts import find_representation
from claims.criteria import Finding, list_findings
from claims.duplicates import describe_merges
from claims.happened import list_office_happenings
from claims.models import Claim
from claims.quarantine import find_held
from claims.reading import CLAIMS, within_budget
from claims.rules.eligibility import KNOWN_FACTS, Verdict, list_facts
from claims.rules.rights import Right
from claims.timeline import BY_OFFICE, note_opening
from claims.views.book import describe_row
from claims.views.claim_work import cover, describe_work, mask_answers
from claims.views.portal import VERDICT_MARKS
from claims.views.queue import describe_queue
from claims.views.workspace import list_tiers, read_book
from claims.views.workspace_joining import describe_joining_of
from claims.workspace import build_frame

UNMET_FIRST = {Verdict.NO: 0, Verdict.UNKNOWN: 1, Verdict.YES: 2}


@login_required
@require_safe
@within_budget(CLAIMS)
def show_claim(request: SignedInRequest, slug: str, reference: str) -> HttpResponse:
    """Everything about one claim on one page."""
    mine = (
        access.list_office_claims(request.user)
        .select_related("criteria_version", "claimant", "action__matter")
        .defer(None)
    )
    claim = get_object_or_404(mine, action__slug=slug, reference=clean_reference(reference))
    note_opening(claim, by=request.user)
    frame = build_frame(request.user, claim.action, "claims")
    if own := is_own(claim, request.user):  # somebody else decides about it, and writes notes on it
        frame |= {"can": {Right.BOOK.value: True, Right.FIGURES.value: True}, "is_lawyer": False}
    reads_words = Right.REVEAL.value in frame["can"]
    work = describe_work(request, claim, reads_words=reads_words, may_decide=frame["is_lawyer"])
    happenings = list_office_happenings(claim)
    findings = list_unmet_first(claim)
    answers = mask_answers(claim, list_answers(claim), is_open=bool(work["revealed"])) | list_known(claim)
    used = {fact for finding in findings for fact in list_facts(finding.criterion.rule)}
    book = read_book(claim.action)
    context = (
        frame
        | describe_row(claim, dict(list_tiers(book)))
        | describe_joining_of(claim, reads_words=reads_words)
        | work
        | describe_queue(request, claim, book)
        | {
            "claimant": claim.claimant,
            "representation": find_representation(claim.claimant),
            "is_own": own,
            "held": find_held(claim),
            "merges": [cover_words(merge, is_open=reads_words) for merge in describe_merges(claim)],
            "link_joining": True,
            "findings": [describe_finding(finding, answers, work["overrides"]) for finding in findings],
            "others": [answer for name, answer in answers.items() if name not in used | KNOWN_FACTS.keys()],
            "happenings": [it for it in happenings if it.verb not in BY_OFFICE],
            "openings": [it for it in happenings if it.verb in BY_OFFICE],
            "imports": list_import_moments(claim),
        }
    )
    return render(request, "claims/workspace_claim.html", context)


def list_unmet_first(claim: Claim) -> list[Finding]:
    """Return the findings of a claim, those that are in its way first."""
    return sorted(list_findings(claim), key=lambda finding: UNMET_FIRST[finding.verdict])


def cover_words(merge: dict[str, Any], *, is_open: bool) -> dict[str, Any]:
    """Return a merge with what the office said of it covered, unless this person reads such words."""
    return merge | {name: cover(merge[name], is_open=is_open) for name in ("words", "undone_words")}


def list_import_moments(claim: Claim) -> list[datetime]:
    """Return when the claim may have been imported: one moment, or the first and the last of several imports.

    The history counts the rows of an import and names no claim.
    """
    if claim.channel != Claim.Channel.IMPORT:
        return []
    events = list_events(claim.action).filter(verb="claims imported")
    moments = sorted(event.at for event in events if event.data.get("rows"))
    return moments if len(moments) < 2 else [moments[0], moments[-1]]


def describe_finding(
    finding: Finding, answers: dict[str, tuple[str, str]], overrides: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return a finding with its mark, its word, the answers that it rests on, and what a person has set or proposed."""
    words = {Verdict.YES: _("yes"), Verdict.NO: _("no"), Verdict.UNKNOWN: _("unknown")}
    facts = [name for name in list_facts(finding.criterion.rule) if name in answers]
    return {
        "criterion": finding.criterion,
        "reason": finding.reason,
        "mark": VERDICT_MARKS[finding.verdict],
        "word": words[finding.verdict],
        "answers": [answers[name] for name in facts],
        "chosen": next((it for it in overrides if it["override"].criterion == finding.criterion.id), None),
    }
