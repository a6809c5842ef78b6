"""The pages of the office about claims that may be of one person: the queue, a pair side by side, what is decided."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from claims import access, duplicates
from claims.base.errors import Refused
from claims.base.references import clean_reference
from claims.base.requests import SignedInRequest
from claims.confirming import confirm_recently, thank
from claims.duplicates.words import list_lines, say_accounts, say_signs
from claims.models import DuplicatePair, Merge
from claims.reading import CLAIMS, within_budget
from claims.timeline import note_opening
from claims.workspace import build_frame

PAGE = 50
Reasons = DuplicatePair.Reason


@login_required
@require_safe
def show_queue(request: SignedInRequest, slug: str) -> HttpResponse:
    """The pairs that wait for a look, the most alike first, and the last search."""
    action = get_object_or_404(access.list_office_actions(request.user), slug=slug)
    pairs = duplicates.list_open_pairs(action)
    context = build_frame(request.user, action, "claims") | {
        "pairs": pairs[:PAGE],
        "total": pairs.count(),
        "search": duplicates.find_active_search(action),
        "last": duplicates.find_last_search(action),
    }
    return render(request, "claims/workspace_duplicates.html", context)


@login_required
@require_POST
def search(request: SignedInRequest, slug: str) -> HttpResponse:
    """Start a search; a lawyer's decision."""
    action = get_object_or_404(access.list_lawyer_actions(request.user), slug=slug)
    try:
        job = duplicates.start_search(action, by=request.user)
    except Refused as refusal:
        messages.error(request, _("The search was not started: %(reason)s.") % {"reason": refusal})
        return redirect("claims:workspace-duplicates", slug)
    return redirect("claims:workspace-job", slug, job.code)


@login_required
@require_safe
@within_budget(CLAIMS)
def show_pair(request: SignedInRequest, slug: str, code: str) -> HttpResponse:
    """Two claims side by side, the score explained, and what one can do."""
    pair = get_object_or_404(access.list_office_pairs(request.user), action__slug=slug, code=code)
    thank(request)
    for claim in (pair.first, pair.second):
        note_opening(claim, by=request.user)
    kept, _merged = duplicates.choose_kept(pair.first, pair.second)
    stands = pair.first.stands and pair.second.stands
    context = build_frame(request.user, pair.action, "claims") | {
        "pair": pair,
        "claims": [pair.first, pair.second],
        "lines": list_lines(pair),
        "signs": say_signs(pair),
        "accounts": say_accounts(pair),
        "kept": kept,
        "both_joined": all(claim.joined_on for claim in (pair.first, pair.second)),
        "is_open": pair.state == DuplicatePair.State.OPEN and stands,
        "next": duplicates.find_next_pair(pair),
        "reasons": DuplicatePair.Reason.choices,
        "merge_reasons": Merge.Reason.choices,
    }
    return render(request, "claims/workspace_duplicate.html", context)


@login_required
@require_POST
@confirm_recently
def merge(request: SignedInRequest, slug: str, code: str) -> HttpResponse:
    """Merge two claims; a lawyer's decision, after a password or factor."""
    pair = get_object_or_404(access.list_lawyer_pairs(request.user), action__slug=slug, code=code)
    try:
        merge = duplicates.merge_pair(pair, by=request.user, **read_reason(request))
        messages.success(request, render_to_string("claims/_merged.html", {"merge": merge, "slug": slug}))
    except Refused as refusal:
        return complain(request, slug, pair, refusal)
    return go_on(slug, pair)


@login_required
@require_POST
def mark_not_same(request: SignedInRequest, slug: str, code: str) -> HttpResponse:
    """Say that two claims are of two people; a lawyer's decision."""
    pair = get_object_or_404(access.list_lawyer_pairs(request.user), action__slug=slug, code=code)
    try:
        duplicates.mark_not_same(pair, by=request.user, **read_reason(request))
        messages.success(request, _("Noted: they are two people. No search asks about them again."))
    except Refused as refusal:
        return complain(request, slug, pair, refusal)
    return go_on(slug, pair)


@login_required
@require_POST
@confirm_recently
def unmerge(request: SignedInRequest, slug: str, reference: str) -> HttpResponse:
    """Take a merged claim out again; a lawyer's decision, after a password or factor."""
    mine = access.list_lawyer_claims(request.user).filter(action__slug=slug)
    claim = get_object_or_404(mine, reference=clean_reference(reference))
    try:
        duplicates.unmerge_claim(claim, by=request.user, words=request.POST.get("words", ""))
        messages.success(
            request,
            _(
                "The claims are apart again. Each stands as it did before."
                " They count as two people: no search asks about them again."
            ),
        )
    except Refused as refusal:
        messages.error(request, _("Not taken apart: %(reason)s") % {"reason": refusal})
    return redirect("claims:workspace-claim", slug, claim.reference)


def read_reason(request: SignedInRequest) -> dict[str, str]:
    """Return the reason that was chosen and what was added in own words."""
    return {name: request.POST.get(name, "") for name in ("reason", "words")}


def complain(request: SignedInRequest, slug: str, pair: DuplicatePair, refusal: Refused) -> HttpResponse:
    """Say why nothing was done, on the page of the pair."""
    messages.error(request, _("Nothing was changed: %(reason)s") % {"reason": refusal})
    return redirect("claims:workspace-duplicate", slug, pair.code)


def go_on(slug: str, pair: DuplicatePair) -> HttpResponse:
    """Lead to the next pair, or to the queue after the last."""
    following = duplicates.find_next_pair(pair)
    if following:
        return redirect("claims:workspace-duplicate", slug, following.code)
    return redirect("claims:workspace-duplicates", slug)
