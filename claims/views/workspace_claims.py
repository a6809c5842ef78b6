"""The pages of the office about claims: the list, and one claim."""

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
from claims.base.history import list_events
from claims.base.references import clean_reference
from claims.criteria import Finding, list_findings, list_values
from claims.criteria import list_facts as list_all_facts
from claims.forms import ClaimFilterForm
from claims.models import Claim
from claims.rules.eligibility import Verdict, list_facts
from claims.views.portal import VERDICT_MARKS
from claims.views.requests import SignedInRequest
from claims.views.sentences import name_facts, say_value
from claims.views.workspace import OUTCOME_MARKS, build_frame, list_tiers, read_book

PAGE = 50


@login_required
@require_safe
def list_claims(request: SignedInRequest, slug: str) -> HttpResponse:
    """The book, the newest first, filtered; a reference opens its claim."""
    action = get_object_or_404(access.list_office_actions(request.user), slug=slug)
    claims = access.list_office_claims(request.user).filter(action=action)
    if "find" in request.GET:
        return find_claim(request, slug, claims)
    book = read_book(action)
    form = ClaimFilterForm(request.GET, book=book)
    rows = list_page(claims.filter(**form.list_filters()), claims, request.GET.get("after", ""))
    more = {"after": rows[PAGE - 1].reference} if len(rows) > PAGE else {}
    context = build_frame(request, action, "claims") | {
        "form": form,
        "chosen": form.list_chosen(),
        "rows": [describe_row(claim, dict(list_tiers(book))) for claim in rows[:PAGE]],
        "is_first": "after" not in request.GET,
        "first_query": urlencode(form.list_chosen()),
        "next_query": urlencode(form.list_chosen() | more) if more else "",
    }
    return render(request, "claims/workspace_claims.html", context)


def find_claim(request: SignedInRequest, slug: str, claims: QuerySet[Claim]) -> HttpResponse:
    """Open the claim with the reference that was typed, or say that there is none."""
    reference = clean_reference(request.GET["find"])
    if reference and claims.filter(reference=reference).exists():
        return redirect("claims:workspace-claim", slug, reference)
    messages.error(request, _("There is no claim with this reference. Check the 12 characters; each one counts."))
    return redirect("claims:workspace-claims", slug)


def list_page(chosen: QuerySet[Claim], claims: QuerySet[Claim], after: str) -> list[Claim]:
    """Return the claims after the one with this reference, one more than fit on a page."""
    last = claims.filter(reference=clean_reference(after)).first() if after else None
    if last is not None:
        chosen = chosen.filter(pk__lt=last.pk)
    return list(chosen.order_by("-pk")[: PAGE + 1])


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
    findings = list_findings(claim)
    answers = list_answers(claim)
    used = {fact for finding in findings for fact in list_facts(finding.criterion.rule)}
    tiers = dict(list_tiers(read_book(claim.action)))
    context = (
        build_frame(request, claim.action, "claims")
        | describe_row(claim, tiers)
        | {
            "claimant": claim.claimant,
            "findings": [describe_finding(finding, answers) for finding in findings],
            "others": [answer for name, answer in answers.items() if name not in used],
            "history": list_events(claim).select_related("by"),
        }
    )
    return render(request, "claims/workspace_claim.html", context)


def list_answers(claim: Claim) -> dict[str, tuple[str, str]]:
    """Return fact -> (question, answer in words), by the questions of the version that the claim is pinned to."""
    version = claim.criteria_version
    questions = version.document["questions"] if version else claim.action.questions
    asked = {question["id"]: question for question in questions}
    facts = list_all_facts(questions)
    values, names = list_values(claim, facts), name_facts(questions)
    return {
        name: (names[name], say_value(values[name], fact.kind, asked.get(name, {}))) for name, fact in facts.items()
    }


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
