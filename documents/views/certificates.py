"""The certificate of a claim: its page for the claimant and for the office, its file, and its public check."""

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from claims.access import list_office_claims, list_own_claims
from claims.base.references import clean_reference
from claims.base.requests import SignedInRequest
from claims.limits import TooMany, answer_later, check_limit
from claims.models import Claim
from claims.reading import CLAIMS, within_budget
from claims.timeline import note_opening
from claims.workspace import build_frame
from documents import access
from documents.certificates import describe_certificate, issue_certificate, render_certificate, show_code
from documents.models import Certificate

RELATED = ("claimant", "action__matter", "criteria_version")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show_own(request: SignedInRequest, reference: str) -> HttpResponse:
    """One's own certificate: read it, or ask for one."""
    claim = find_claim(list_own_claims(request.user), reference)
    if request.method == "POST":
        issue_certificate(claim, by=request.user)
        return redirect("documents:certificate", claim.reference)
    return render(request, "documents/certificate.html", build_page(claim))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@within_budget(CLAIMS)
def show_in_office(request: SignedInRequest, slug: str, reference: str) -> HttpResponse:
    """The certificate of a claim of the office's action."""
    claim = find_claim(list_office_claims(request.user).filter(action__slug=slug), reference)
    note_opening(claim, by=request.user)
    if request.method == "POST":
        issue_certificate(claim, by=request.user)
        return redirect("documents:workspace-certificate", slug, claim.reference)
    context = build_frame(request.user, claim.action, "claims") | build_page(claim)
    return render(request, "documents/workspace_certificate.html", context)


@login_required
@require_safe
def send_own(request: SignedInRequest, reference: str) -> HttpResponse:
    """One's own certificate as a file."""
    return send_file(find_claim(list_own_claims(request.user), reference))


@login_required
@require_safe
@within_budget(CLAIMS, sends_file=True)
def send_in_office(request: SignedInRequest, slug: str, reference: str) -> HttpResponse:
    """The certificate of a claim of the office's action, as a file."""
    claim = find_claim(list_office_claims(request.user).filter(action__slug=slug), reference)
    note_opening(claim, by=request.user)
    return send_file(claim)


def find_claim(claims: QuerySet[Claim], reference: str) -> Claim:
    """Return the claim with this reference among those that a person may see, or answer 404."""
    # What lists leave out of an action is needed here.
    mine = claims.defer(None).select_related(*RELATED)
    return get_object_or_404(mine, reference=clean_reference(reference))


def build_page(claim: Claim) -> dict[str, object]:
    """Return the context of a page: the certificate as it is on paper, and whether it is of today."""
    certificate, is_current = access.get_certificate(claim)
    context: dict[str, object] = {"claim": claim, "is_current": is_current}
    return context | describe_certificate(certificate) if certificate else context


def send_file(claim: Claim) -> HttpResponse:
    """Send the certificate of a claim; where none was issued, there is none."""
    certificate, _ = access.get_certificate(claim)
    if certificate is None:
        raise Http404
    response = HttpResponse(render_certificate(certificate), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="certificate-{certificate.language}.pdf"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a code; it travels in the form, not in the address."""
    if request.method == "POST":
        return answer(request, request.POST.get("code", ""))
    return render(request, "documents/verify.html")


@require_GET
def check(request: HttpRequest, code: str) -> HttpResponse:
    """Say whether the paper that this address was printed on is genuine."""
    return answer(request, code)


def answer(request: HttpRequest, typed: str) -> HttpResponse:
    """Say whether there is such a certificate, and of it no more than when, which action, and the state then."""
    try:
        check_limit("verify", request)
    except TooMany as refusal:
        return answer_later(request, refusal.wait)
    certificate = access.get_genuine(typed)
    context = {"is_asked": True, **(describe_genuine(certificate) if certificate else {})}
    response = render(request, "documents/verify.html", context)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def describe_genuine(certificate: Certificate) -> dict[str, object]:
    """Return what the public check shows: nothing of the person."""
    contents = certificate.contents
    state = "withdrawn" if contents["status"] == Claim.Status.WITHDRAWN else "joined" if contents["joined_on"] else ""
    return {
        "certificate": certificate,
        "code": show_code(certificate.code),
        "action_name": certificate.claim.action.name,
        "is_illustration": certificate.claim.action.is_illustration,
        "state": state or "registered",
    }
