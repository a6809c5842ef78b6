"""The steps of a lawyer on one claim: accept, ask, refuse in two steps, set a finding, undo. The next claim follows."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from claims import access
from claims.base.errors import Refused
from claims.base.references import clean_reference
from claims.base.requests import SignedInRequest
from claims.criteria import list_findings
from claims.forms.review import AnnounceForm, AskForm, OverrideForm, RefuseForm, ReopenForm
from claims.models import Claim, Decision, Hearing, Override
from claims.review import asking, casework, deciding, overriding, refusing, undoing
from claims.review.holding import explain_stale, find_deficiency, find_hearing, make_stamp
from claims.review.overriding import list_current_overrides
from claims.review.record import read_record
from claims.rules.eligibility import Verdict, list_facts
from claims.views.claim_work import read_replies
from claims.views.queue import go_on, name_address, stay
from claims.workspace import build_frame

GET_OR_POST = ("GET", "HEAD", "POST")


def find_claim(request: SignedInRequest, slug: str, reference: str) -> Claim:
    """Return the claim if this person may decide about it, or answer 404."""
    mine = access.list_lawyer_claims(request.user).select_related("criteria_version").defer(None)
    return get_object_or_404(mine, action__slug=slug, reference=clean_reference(reference))


def step(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A step by POST for lawyers: what cannot be done is said on the page of the claim, and nothing is half done."""

    @login_required
    @require_POST
    @wraps(view)
    def answer(request: SignedInRequest, slug: str, reference: str, **more: Any) -> HttpResponse:
        claim = find_claim(request, slug, reference)
        try:
            return view(request, claim, **more)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return stay(request, claim)

    return answer


def read_stamp(request: SignedInRequest) -> str:
    """Return what the page was made of."""
    return request.POST.get("stamp", "")[:40]


@step
def accept(request: SignedInRequest, claim: Claim) -> HttpResponse:
    """Accept a claim that meets every criterion."""
    decision = deciding.accept_claim(claim, by=request.user, stamp=read_stamp(request))
    messages.success(request, _("Accepted."))
    return go_on(request, claim, decision)


@step
def drop(request: SignedInRequest, claim: Claim) -> HttpResponse:
    """Let an announced refusal go."""
    decision = refusing.drop_refusal(claim, by=request.user, stamp=read_stamp(request))
    messages.success(request, _("The refusal is dropped; the claimant is told."))
    return redirect(name_address(claim, request.POST.get("from", ""), undo=str(decision.code)))


@step
def take_back(request: SignedInRequest, claim: Claim) -> HttpResponse:
    """Close what was asked without an answer."""
    asked = find_deficiency(claim)
    if asked is None:
        raise Refused(explain_stale())
    asking.take_back_question(asked, by=request.user)
    messages.success(request, _("The question is taken back."))
    return stay(request, claim)


@step
def undo(request: SignedInRequest, claim: Claim, code: str) -> HttpResponse:
    """Undo the last decision about a claim, within ten minutes."""
    decision = get_object_or_404(claim.decisions, code=code)
    undoing.undo_decision(decision, by=request.user)
    messages.success(request, _("Undone: the claim is as it was before, and no mail leaves."))
    return stay(request, claim)


@step
def confirm(request: SignedInRequest, claim: Claim, code: str) -> HttpResponse:
    """The second person lets a finding count."""
    overriding.confirm_override(get_object_or_404(Override, claim=claim, code=code), by=request.user)
    messages.success(request, _("The finding counts from now on."))
    return stay(request, claim)


@step
def leave_to_rules(request: SignedInRequest, claim: Claim, code: str) -> HttpResponse:
    """Take a finding of a person back."""
    overriding.undo_override(get_object_or_404(Override, claim=claim, code=code), by=request.user)
    messages.success(request, _("The finding is left to the rules again."))
    return stay(request, claim)


def describe_hearing(request: SignedInRequest, claim: Claim, hearing: Hearing) -> dict[str, Any]:
    """Return what was announced, what came back (own words only to whom they were uncovered) and what is in the way."""
    return {
        "hearing": hearing,
        "reason": read_record(claim.action).say_reason(hearing.decision.reason),
        "replies": read_replies(request, claim, is_open=bool(casework.find_reveal(claim, by=request.user))),
        # After the replies: whoever sees them here has read them.
        "obstacle": refusing.explain_not_refusable(claim, hearing, by=request.user),
    }


# Steps with a form of their own ---------------------------------------------------------------------------


@login_required
@require_http_methods(GET_OR_POST)
def ask(request: SignedInRequest, slug: str, reference: str) -> HttpResponse:
    """Ask the claimant: which questions, until when, with what words."""
    claim = find_claim(request, slug, reference)
    unknown = [
        name for found in list_findings(claim) if found.verdict == Verdict.UNKNOWN
        for name in list_facts(found.criterion.rule)
    ]  # fmt: skip
    form = AskForm(request.POST or None, claim=claim, unknown=unknown)

    def do(data: dict[str, Any]) -> Decision:
        return asking.ask_claimant(
            claim, data["questions"], data["words"], days=data["days"], by=request.user, stamp=read_stamp(request)
        ).decision

    return answer_form(request, claim, form, do, kind="ask")


@login_required
@require_http_methods(GET_OR_POST)
def refuse(request: SignedInRequest, slug: str, reference: str) -> HttpResponse:
    """Announce a refusal; once the claimant has been heard, refuse."""
    claim = find_claim(request, slug, reference)
    hearing = find_hearing(claim)
    if hearing is None:
        form: forms.Form = AnnounceForm(request.POST or None, claim=claim)
    else:
        form = RefuseForm(request.POST or None, until=hearing.until if refusing.is_running(hearing) else None)

    def do(data: dict[str, Any]) -> Decision:
        if hearing is None:
            return refusing.announce_refusal(
                claim, data["reason"], data["words"], days=data["days"], by=request.user, stamp=read_stamp(request)
            ).decision
        return refusing.refuse_claim(
            claim, data["words"], by=request.user, stamp=read_stamp(request), before_end=data.get("before_end", False)
        )

    more = describe_hearing(request, claim, hearing) if hearing else {}
    return answer_form(request, claim, form, do, kind="refuse" if hearing else "announce", **more)


@login_required
@require_http_methods(GET_OR_POST)
def reopen(request: SignedInRequest, slug: str, reference: str) -> HttpResponse:
    """Take a decided claim up again, with a reason."""
    claim = find_claim(request, slug, reference)

    def do(data: dict[str, Any]) -> Decision:
        return deciding.reopen_claim(claim, data["words"], by=request.user, stamp=read_stamp(request))

    return answer_form(request, claim, ReopenForm(request.POST or None), do, kind="reopen")


@login_required
@require_http_methods(GET_OR_POST)
def set_finding(request: SignedInRequest, slug: str, reference: str, criterion: str) -> HttpResponse:
    """Set one finding, with a reason."""
    claim = find_claim(request, slug, reference)
    found = next((item for item in list_findings(claim) if item.criterion.id == criterion), None)
    if found is None:
        raise Http404

    def do(data: dict[str, Any]) -> None:
        overriding.override_finding(
            claim, criterion, Verdict(data["verdict"]), data["reason"], by=request.user, stamp=read_stamp(request)
        )

    more = {"finding": found, "overrides": list_current_overrides(claim)}
    return answer_form(request, claim, OverrideForm(request.POST or None), do, kind="finding", **more)


def answer_form(
    request: SignedInRequest,
    claim: Claim,
    form: forms.Form,
    do: Callable[[dict[str, Any]], Decision | None],
    *,
    kind: str,
    **more: Any,
) -> HttpResponse:
    """Show a form, do what it asks, and go on; what cannot be done is said above the form, with all that was typed."""
    context = build_frame(request.user, claim.action, "claims") | more
    context |= {"claim": claim, "form": form, "kind": kind, "stamp": request.POST.get("stamp") or make_stamp(claim)}
    context["from"] = request.POST.get("from", request.GET.get("from", ""))
    if request.method == "POST" and form.is_valid():
        try:
            decision = do(form.cleaned_data)
        except Refused as refusal:
            context["refusal"] = str(refusal)
        else:
            messages.success(request, say_done(kind))
            return go_on(request, claim, decision) if decision else stay(request, claim)
    return render(request, "claims/workspace_decide.html", context)


def say_done(kind: str) -> str:
    """Return what happened, in a sentence."""
    return {
        "ask": _("Asked: the mail leaves in ten minutes."),
        "announce": _("Announced: nothing is refused yet, and the claimant can answer."),
        "refuse": _("Refused: the claimant is told why and how to object."),
        "reopen": _("Taken up again."),
        "finding": _("The finding is kept. Where two people are needed, it waits for the second one."),
    }[kind]
