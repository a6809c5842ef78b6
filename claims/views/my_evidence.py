"""Files after registering: more of them, and taking one back."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from claims import evidence
from claims.base.errors import Refused
from claims.base.requests import SignedInRequest
from claims.evidence import Holder
from claims.keys import ensure_data_key
from claims.models import Claim, Evidence
from claims.review.periods import answer_with_file
from claims.review.telling import find_told_status
from claims.views.my import find_own_claim, once_entered
from claims.views.registration_evidence import describe_file


@login_required
@require_safe
@once_entered
def show_evidence(request: SignedInRequest, reference: str) -> HttpResponse:
    """The files of the claimant, each with its verdict, and the field for more."""
    claim = find_own_claim(request, reference)
    files = evidence.list_evidence(Holder(owner=claim.claimant))
    context = {
        "claim": claim,
        "files": [describe_file(file) for file in files],
        "is_checking": any(file.state == Evidence.State.RECEIVED for file in files),
        "limits": evidence.describe_limits(),
        "closed": explain_closed(claim),
    }
    return render(request, "claims/my_evidence.html", context)


def explain_closed(claim: Claim) -> str:
    """Return why files stay as they are; "" while they can come and go."""
    if claim.status == Claim.Status.WITHDRAWN:
        return _("This claim is withdrawn, so we take no more files. You can have all of it erased.")
    if claim.status == Claim.Status.MERGED:
        return _("This registration was put together with another one, so we take no more files here.")
    if find_told_status(claim) == Claim.Status.REFUSED:
        return _(
            "This claim was refused, so we take no more files. You can object in writing on the page of your claim."
        )
    return ""


def can_remove(claim: Claim) -> bool:
    """Whether a file can be taken back: not one that the court may have before it."""
    return claim.status == Claim.Status.SUBMITTED and claim.joined_on is None


@login_required
@require_POST
@once_entered
def add_evidence(request: SignedInRequest, reference: str) -> HttpResponse:
    """Take the files that were sent; what is wrong with one is said beside it."""
    claim = find_own_claim(request, reference)
    if not explain_closed(claim):
        data_key = ensure_data_key(claim.claimant)
        try:
            received = evidence.receive_evidence(
                request.FILES.getlist("files"), data_key=data_key, owner=claim.claimant, by=request.user
            )
        except Refused as erased:
            messages.error(request, str(erased))
            return redirect("claims:my")
        if any(file.is_taken for file in received):
            answer_with_file(claim)
    return redirect("claims:my-evidence", claim.reference)


@login_required
@require_POST
@once_entered
def remove_evidence(request: SignedInRequest, reference: str, code: uuid.UUID) -> HttpResponse:
    """Erase a file that somebody takes back."""
    claim = find_own_claim(request, reference)
    files = list(evidence.list_evidence(Holder(owner=claim.claimant)).filter(code=code))
    if not files:
        raise Http404
    if can_remove(claim):
        evidence.erase_evidence(files, by=request.user)
    return redirect("claims:my-evidence", claim.reference)
