"""The page that shows one file of a claimant beside the findings: its safe copy, page by page and file by file."""

import uuid
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from claims import access, evidence
from claims.answers import list_answers, list_known
from claims.base.references import clean_reference
from claims.base.requests import SignedInRequest
from claims.evidence import Holder
from claims.models import Claim, Evidence
from claims.reading import CLAIMS, within_budget
from claims.review.casework import find_reveal
from claims.timeline import note_look, note_opening
from claims.views.book import describe_row
from claims.views.claim_work import describe_overrides, mask_answers
from claims.views.evidence import read_copy
from claims.views.registration_evidence import describe_file
from claims.views.workspace_claims import describe_finding, list_unmet_first
from claims.workspace import build_frame

MOST_SIGNS = 100_000  # of a text on the page; the whole is in the copy to download


@login_required
@require_safe
@within_budget(CLAIMS)
def show_file(request: SignedInRequest, slug: str, reference: str, code: uuid.UUID) -> HttpResponse:
    """One file beside the findings, one page at a time; a file without a safe copy only says why there is none."""
    mine = access.list_revealing_claims(request.user).select_related("criteria_version", "claimant", "action__matter")
    claim = get_object_or_404(mine, action__slug=slug, reference=clean_reference(reference))
    files = list(evidence.list_evidence(Holder(owner=claim.claimant)))
    place = next((place for place, file in enumerate(files) if file.code == code), None)
    if place is None:
        raise Http404
    page = read_number(request, files[place])
    note_opening(claim, by=request.user)
    if files[place].has_copy:
        note_look(files[place], by=request.user, action=claim.action)
    query = request.GET.get("from", "")
    context = build_frame(request.user, claim.action, "claims") | describe_file(files[place])
    context |= describe_shown(files[place]) | describe_beside(request, claim)
    context |= {"claim": claim, "from": query, "number": place + 1, "of": len(files), "page": page}
    context |= find_steps(claim, files, place, page, query)
    return render(request, "claims/workspace_evidence.html", context)


def read_number(request: SignedInRequest, file: Evidence) -> int:
    """Return the page that the address asks for; 404 where the file has no such page."""
    asked = request.GET.get("page", "1")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 0
    if not 0 < page <= count_pages(file):
        raise Http404
    return page


def count_pages(file: Evidence) -> int:
    """Return how many pages of a file can be shown: of a PDF all, else the one."""
    return file.pages or 1 if file.has_copy else 1


def describe_shown(file: Evidence) -> dict[str, Any]:
    """Return what is shown of a file: pictures, or the words of a text."""
    if not file.has_copy or file.copy_kind != Evidence.Kind.TEXT:
        return {"pages": count_pages(file), "is_picture": file.has_copy}
    words = read_copy(file).decode("utf-8-sig", "replace")
    return {"pages": 1, "text": words[:MOST_SIGNS], "is_cut": len(words) > MOST_SIGNS}


def describe_beside(request: SignedInRequest, claim: Claim) -> dict[str, Any]:
    """Return the findings with their answers, as the page of the claim shows them."""
    answers = mask_answers(claim, list_answers(claim), is_open=bool(find_reveal(claim, by=request.user))) | list_known(
        claim
    )
    overrides = describe_overrides(request, claim, reads_words=True)
    findings = [describe_finding(finding, answers, overrides) for finding in list_unmet_first(claim)]
    return {"findings": findings, "tally": describe_row(claim, {})["tally"]}


def find_steps(claim: Claim, files: list[Evidence], place: int, page: int, query: str) -> dict[str, str]:
    """Return the addresses of the page before and the page after, through all files."""
    steps = [(file, number) for file in files for number in range(1, count_pages(file) + 1)]
    here = steps.index((files[place], page))
    around = {"previous": here - 1, "next": here + 1}
    return {
        name: name_page(claim, *steps[step], query) for name, step in around.items() if step in range(len(steps))
    }  # fmt: skip


def name_page(claim: Claim, file: Evidence, page: int, query: str) -> str:
    """Return the address of one page of a file, with the filter of the list by which the claim was reached."""
    asked = ({"page": str(page)} if page > 1 else {}) | ({"from": query} if query else {})
    address = reverse("claims:workspace-evidence", args=[claim.action.slug, claim.reference, file.code])
    return f"{address}?{urlencode(asked)}" if asked else address
