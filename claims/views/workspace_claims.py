"""The pages of the office about claims: the list, and one claim."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims import access
from claims.answers import list_answers
from claims.base.history import list_events
from claims.base.references import clean_reference
from claims.base.requests import SignedInRequest
from claims.counts import count_chosen, list_states
from claims.criteria import Finding, list_findings
from claims.forms import ClaimFilterForm
from claims.models import Claim
from claims.quarantine import find_held
from claims.rules.eligibility import Verdict, list_facts
from claims.timeline import OPENED, note_opening
from claims.views.portal import VERDICT_MARKS
from claims.views.workspace import OUTCOME_MARKS, list_tiers, read_book
from claims.workspace import build_frame

PAGE = 50


@dataclass(frozen=True)
class Page:
    """Some claims in the order of the list, and whether there are more on either side."""

    claims: list[Claim]
    has_previous: bool = False
    has_next: bool = False


@login_required
@require_safe
def list_claims(request: SignedInRequest, slug: str) -> HttpResponse:
    """The book, last added first, filtered; a reference opens its claim."""
    action = get_object_or_404(access.list_office_actions(request.user), slug=slug)
    claims = access.list_office_claims(request.user).filter(action=action).select_related("quarantine")
    if "find" in request.GET:
        return find_claim(request, slug, claims)
    book = read_book(action)
    form = ClaimFilterForm(request.GET, book=book, states=list_states(action))
    page, total = Page([]), 0
    if form.is_valid():
        page = read_page(claims.filter(**form.list_filters()), claims, request.GET)
        total = count_chosen(action, **form.list_counted())
    chosen, tiers = form.list_chosen(), dict(list_tiers(book))
    context = build_frame(request.user, action, "claims") | {
        "form": form,
        "chosen": chosen,
        "total": total,
        "rows": [describe_row(claim, tiers) for claim in page.claims],
        "first_query": urlencode(chosen) if page.has_previous else None,
        "previous_query": urlencode(chosen | {"before": page.claims[0].reference}) if page.has_previous else "",
        "next_query": urlencode(chosen | {"after": page.claims[-1].reference}) if page.has_next else "",
    }
    return render(request, "claims/workspace_claims.html", context)


def find_claim(request: SignedInRequest, slug: str, claims: QuerySet[Claim]) -> HttpResponse:
    """Open the claim whose reference was typed, ours or the external one, or say that there is none."""
    typed = request.GET["find"].strip()
    found = claims.filter(reference=clean_reference(typed)).first() or find_external(claims, typed)
    if found:
        return redirect("claims:workspace-claim", slug, found.reference)
    messages.error(
        request,
        _("There is no claim with this reference. Ours has 12 characters; an external one must be typed exactly."),
    )
    return redirect("claims:workspace-claims", slug)


def find_external(claims: QuerySet[Claim], typed: str) -> Claim | None:
    """Return the claim with exactly this external reference."""
    if not typed or "\x00" in typed:  # PostgreSQL refuses the sign, so no reference holds it
        return None
    # The index leaves out empty references; saying so here lets the database use it.
    return claims.filter(external_ref=typed).exclude(external_ref="").first()


def read_page(chosen: QuerySet[Claim], claims: QuerySet[Claim], query: Mapping[str, str]) -> Page:
    """Return the claims after or before the one that the address names, else the first page."""
    if mark := find_mark(claims, query.get("before", "")):
        rows = list(chosen.filter(pk__gt=mark.pk).order_by("pk")[: PAGE + 1])
        return Page(rows[:PAGE][::-1], has_previous=len(rows) > PAGE, has_next=bool(rows))
    mark = find_mark(claims, query.get("after", ""))
    rows = list((chosen.filter(pk__lt=mark.pk) if mark else chosen).order_by("-pk")[: PAGE + 1])
    return Page(rows[:PAGE], has_previous=bool(mark and rows), has_next=len(rows) > PAGE)


def find_mark(claims: QuerySet[Claim], reference: str) -> Claim | None:
    """Return the claim at which a page begins or ends."""
    return claims.filter(reference=clean_reference(reference)).first() if reference else None


def describe_row(claim: Claim, tiers: dict[str, str]) -> dict[str, Any]:
    """Return a line of the list: the claim, its marks, and how many findings say what."""
    tally = [(mark, claim.findings.count(verdict)) for verdict, mark in VERDICT_MARKS.items()]
    return {
        "claim": claim,
        "mark": OUTCOME_MARKS.get(claim.outcome, ""),
        "tally": [(mark, n) for mark, n in tally if n],
        "tier": tiers.get(claim.tier, claim.tier) if claim.tier else "",
    }


@login_required
@require_safe
def show_claim(request: SignedInRequest, slug: str, reference: str) -> HttpResponse:
    """Everything about one claim on one page."""
    mine = access.list_office_claims(request.user).select_related("criteria_version", "claimant", "action__matter")
    claim = get_object_or_404(mine, action__slug=slug, reference=clean_reference(reference))
    note_opening(claim, by=request.user)
    findings = list_findings(claim)
    answers = list_answers(claim)
    used = {fact for finding in findings for fact in list_facts(finding.criterion.rule)}
    tiers = dict(list_tiers(read_book(claim.action)))
    context = (
        build_frame(request.user, claim.action, "claims")
        | describe_row(claim, tiers)
        | {
            "claimant": claim.claimant,
            "held": find_held(claim),
            "findings": [describe_finding(finding, answers) for finding in findings],
            "others": [answer for name, answer in answers.items() if name not in used],
            "history": list_events(claim).exclude(verb=OPENED).select_related("by"),
            "imports": list_import_moments(claim),
        }
    )
    return render(request, "claims/workspace_claim.html", context)


def list_import_moments(claim: Claim) -> list[datetime]:
    """Return when the claim may have been imported: one moment, or the first and the last of several imports.

    The history counts the rows of an import and names no claim.
    """
    if claim.channel != Claim.Channel.IMPORT:
        return []
    events = list_events(claim.action).filter(verb="claims imported")
    moments = sorted(event.at for event in events if event.data.get("rows"))
    return moments if len(moments) < 2 else [moments[0], moments[-1]]


def describe_finding(finding: Finding, answers: dict[str, tuple[str, str]]) -> dict[str, Any]:
    """Return a finding with its mark, its word, and the answers that it rests on."""
    words = {Verdict.YES: _("yes"), Verdict.NO: _("no"), Verdict.UNKNOWN: _("unknown")}
    facts = [name for name in list_facts(finding.criterion.rule) if name in answers]
    return {
        "criterion": finding.criterion,
        "reason": finding.reason,
        "mark": VERDICT_MARKS[finding.verdict],
        "word": words[finding.verdict],
        "answers": [answers[name] for name in facts],
    }
