"""One's own claims: where each stands, and what happened to it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from claims import access
from claims.base.references import clean_reference
from claims.base.requests import SignedInRequest
from claims.criteria import list_findings
from claims.curing import list_curing
from claims.models import Claim
from claims.rules.eligibility import Verdict
from claims.terms import describe_leaving
from claims.views.portal import VERDICT_MARKS


@login_required
@require_safe
def show_my_claims(request: SignedInRequest) -> HttpResponse:
    """One's own claims: one of them in full, several as a list."""
    claims = list(access.list_own_claims(request.user).select_related("criteria_version").order_by("-registered_at"))
    if not claims and access.list_office_actions(request.user).exists():
        return redirect("claims:workspace")
    if len(claims) == 1:
        return render(request, "claims/my_claim.html", describe_own_claim(claims[0]))
    return render(request, "claims/my.html", {"claims": claims})


@login_required
@require_safe
def show_my_claim(request: SignedInRequest, reference: str) -> HttpResponse:
    """One of one's own claims, in full."""
    return render(request, "claims/my_claim.html", describe_own_claim(find_own_claim(request, reference)))


def find_own_claim(request: SignedInRequest, reference: str) -> Claim:
    """Return the claim with this reference if it is this person's own, or answer 404."""
    mine = access.list_own_claims(request.user).select_related("criteria_version")
    return get_object_or_404(mine, reference=clean_reference(reference))


def describe_own_claim(claim: Claim) -> dict[str, object]:
    """Return a claim with its findings: what is open or not met, and what is met."""
    findings, curing = list_findings(claim), list_curing(claim)
    by_verdict = {verdict: [finding for finding in findings if finding.verdict == verdict] for verdict in Verdict}
    open_findings = [*by_verdict[Verdict.NO], *by_verdict[Verdict.UNKNOWN]]
    return {
        "claim": claim,
        "open": [
            (finding, VERDICT_MARKS[finding.verdict], curing.get(finding.criterion.id, ())) for finding in open_findings
        ],
        "met": [(finding, "yes", ()) for finding in by_verdict[Verdict.YES]],
        "is_withdrawn": claim.status == Claim.Status.WITHDRAWN,
        "leaving": describe_leaving(claim.action),
    }
