"""One's own claims: where each stands, and what happened to it."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from claims import access, evidence
from claims.answers import list_answers
from claims.base.references import clean_reference
from claims.base.requests import SignedInRequest
from claims.closing import tell_closing
from claims.connecting import list_unconnected
from claims.consents import has_consents
from claims.contacts import find_representation
from claims.criteria import list_findings
from claims.curing import list_curing, list_final
from claims.duplicates import lead_on
from claims.erasing import is_held
from claims.evidence import Holder
from claims.joining import describe_way
from claims.joining.german import describe_registration
from claims.mandates import list_acceptances
from claims.models import Claim
from claims.review.telling import find_told_status
from claims.rules.eligibility import Verdict
from claims.rules.steps import SELF
from claims.terms import describe_joining, describe_leaving
from claims.timeline import list_happenings
from claims.views.portal import VERDICT_MARKS
from claims.views.registration_evidence import describe_file

FOLDED_FROM, LATEST = 4, 2  # of what happened the latest stands open where there is more: what comes next is below it


@login_required
@require_safe
def show_my_claims(request: SignedInRequest) -> HttpResponse:
    """One's own claims: one of them in full, several as a list."""
    claims = list(access.list_own_claims(request.user).select_related("criteria_version").order_by("-registered_at"))
    drafts, waiting = list(access.list_own_drafts(request.user)), list(access.list_own_waiting(request.user))
    if not claims and not drafts and not waiting and access.list_workplaces(request.user).exists():
        return redirect("claims:workspace")
    has_unconnected = list_unconnected(request.user.email).standing().exists()
    if len(claims) == 1 and not drafts and not waiting and not has_unconnected:
        return render(request, "claims/my_claim.html", describe_own_page(request, claims[0]))
    context = {"claims": claims, "drafts": drafts, "waiting": waiting, "has_unconnected": has_unconnected}
    return render(request, "claims/my.html", context)


def once_entered(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view of a claim answer once a worker has made it; until then it leads to what was sent.

    A claim that came in by a file has no account yet: it leads to where the person opens it.
    All that one does with a claim waits these seconds too, also erasing it (GDPR, Article 12(3): without undue delay).
    """

    @wraps(view)
    def answer(request: SignedInRequest, reference: str, **kwargs: str) -> HttpResponse:
        wanted = clean_reference(reference)
        if access.list_own_waiting(request.user).filter(reference=wanted).exists():
            return redirect("claims:sent", wanted)
        if request.method == "GET" and list_unconnected(request.user.email).filter(reference=wanted).exists():
            return redirect(f"{reverse('claims:my-connect')}?{urlencode({'next': request.get_full_path()})}")
        return view(request, reference, **kwargs)

    return answer


@login_required
@require_safe
@once_entered
def show_my_claim(request: SignedInRequest, reference: str) -> HttpResponse:
    """One of one's own claims, in full."""
    return render(request, "claims/my_claim.html", describe_own_page(request, find_own_claim(request, reference)))


def find_own_claim(request: SignedInRequest, reference: str) -> Claim:
    """Return the claim with this reference if it is this person's own, or answer 404."""
    mine = access.list_own_claims(request.user).select_related("criteria_version")
    return get_object_or_404(mine, reference=clean_reference(reference))


def describe_own_page(request: SignedInRequest, claim: Claim) -> dict[str, object]:
    """Return all that the page of one's own claim shows: where it stands, what happened, and what we hold."""
    happenings = list_happenings(claim, reader=request.user)
    files = [describe_file(file) for file in evidence.list_evidence(Holder(owner=claim.claimant))]
    representation = find_representation(claim.claimant)
    answers = list_answers(claim, capacity=representation.kind if representation else SELF)
    told = [happening for happening in happenings if not happening.is_opening]
    shown = LATEST if len(told) > FOLDED_FROM else len(told)
    return describe_own_claim(claim) | {
        "latest": told[:shown],
        "earlier": told[shown:],
        "openings": [happening for happening in happenings if happening.is_opening],
        "terms": [*([] if claim.joined_on else [describe_joining(claim.action)]), describe_leaving(claim.action)],
        "way": describe_way(claim),
        "german": None if claim.joined_on else describe_registration(claim),
        "representation": representation,
        "answers": list(answers.values()),
        "acceptances": list_acceptances(claim),
        "has_consents": has_consents(claim),
        "is_held": is_held(claim.claimant),
        "files": files,
    }


def describe_own_claim(claim: Claim) -> dict[str, object]:
    """Return a claim with its findings: what is open or not met, and what is met."""
    findings, curing, final = list_findings(claim), list_curing(claim), list_final(claim)
    by_verdict = {verdict: [finding for finding in findings if finding.verdict == verdict] for verdict in Verdict}
    open_findings = [*by_verdict[Verdict.NO], *by_verdict[Verdict.UNKNOWN]]
    return {
        "claim": claim,
        "open": [
            (
                finding,
                VERDICT_MARKS[finding.verdict],
                curing.get(finding.criterion.id, ()),
                finding.criterion.id in final,
            )
            for finding in open_findings
        ],
        "met": [(finding, "yes", (), False) for finding in by_verdict[Verdict.YES]],
        "is_settled": claim.joined_on is not None or find_told_status(claim) != Claim.Status.SUBMITTED,
        "is_withdrawn": claim.status == Claim.Status.WITHDRAWN,
        "may_register_again": claim.status == Claim.Status.WITHDRAWN and not tell_closing(claim.action),
        "merged_into": lead_on(claim),
        "leaving": describe_leaving(claim.action),
    }
