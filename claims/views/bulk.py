"""Claims decided at once, those picked or a whole view: preview with number and sample, a job, ten minutes to undo."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims import access
from claims.base.errors import Refused
from claims.base.references import clean_reference
from claims.base.requests import SignedInRequest
from claims.forms.review import BulkForm
from claims.lines import list_all
from claims.models import Action, Claim
from claims.review.bulk import KIND, SKIPPED, start_bulk
from claims.review.bulk_undo import UNDO, find_undoing, is_undoable, start_undo
from claims.rules.eligibility import Outcome
from claims.views.queue import read_queue
from claims.workspace import build_frame

SAMPLE = 8
MOST_PICKED = 200  # as many as the list ever shows at once


@dataclass(frozen=True)
class Choice:
    """The claims to decide on: those that were picked in the list, or all that its filter chooses."""

    query: str
    picked: list[str]  # references; empty means the whole view
    chosen: QuerySet[Claim]


def read_choice(request: SignedInRequest, action: Action) -> Choice:
    """Return what the list sent, or the address of the preview."""
    data = request.POST if request.method == "POST" else request.GET
    query, sent = data.get("from", ""), data.getlist("c")
    if not sent or data.get("all"):
        return Choice(query, [], read_queue(action, query, me=request.user).filter(list_all(action)))
    picked = [reference for text in sent[:MOST_PICKED] if (reference := clean_reference(text[:40]))]
    return Choice(query, picked, list_all(action).filter(reference__in=picked))


@login_required
@require_http_methods(("GET", "HEAD", "POST"))
def preview(request: SignedInRequest, slug: str) -> HttpResponse:
    """How many claims were picked or the filter of the address chooses, some of them, and what to do with all.

    The list sends what was picked by POST too, without `seen`: then nothing is done, only shown.
    """
    action = get_object_or_404(access.list_lawyer_actions(request.user), slug=slug)
    choice = read_choice(request, action)
    chosen, total = choice.chosen, choice.chosen.count()
    is_sent = "seen" in request.POST
    form = BulkForm(request.POST if is_sent else None, action=action, seen=total, decision=request.POST.get("decision"))
    context = build_frame(request.user, action, "claims")
    context |= {"from": choice.query, "picked": choice.picked, "form": form, "total": total}
    if is_sent and form.is_valid():
        data = form.cleaned_data
        try:
            job = start_bulk(
                action, chosen, data["decision"], by=request.user, questions=data["questions"], words=data["words"],
                days=data["days"], seen=data["seen"],
            )  # fmt: skip
            return redirect("claims:workspace-bulk-result", slug, job.code)
        except Refused as refusal:
            context["refusal"] = str(refusal)
    ready = chosen.filter(status=Claim.Status.SUBMITTED, outcome=Outcome.ELIGIBLE)
    context |= {"ready": ready.count(), "sample": chosen.select_related("claimant").order_by("-pk")[:SAMPLE]}
    return render(request, "claims/workspace_bulk.html", context)


@login_required
@require_safe
def show_result(request: SignedInRequest, slug: str, code: str) -> HttpResponse:
    """What came of it: done, skipped with the reason, and the way to undo it."""
    job = get_object_or_404(access.list_office_jobs(request.user), action__slug=slug, code=code, kind__in=(KIND, UNDO))
    skipped = [(str(SKIPPED.get(reason, reason)), n) for reason, n in job.result.get("skipped", {}).items()]
    undoing = find_undoing(job)
    context = build_frame(request.user, job.action, "jobs") if job.action else {}
    context |= {"job": job, "done": job.result.get("done"), "skipped": skipped, "undoing": undoing}
    context |= {"is_undoable": undoing is None and is_undoable(job), "is_undo": job.kind == UNDO}
    return render(request, "claims/workspace_bulk_result.html", context)


@login_required
@require_POST
def undo(request: SignedInRequest, slug: str, code: str) -> HttpResponse:
    """Undo exactly what the job did."""
    mine = access.list_office_jobs(request.user).filter(action__in=access.list_lawyer_actions(request.user))
    job = get_object_or_404(mine, action__slug=slug, code=code, kind=KIND)
    try:
        return redirect("claims:workspace-bulk-result", slug, start_undo(job, by=request.user).code)
    except Refused as refusal:
        messages.error(request, _("Not undone: %(reason)s") % {"reason": refusal})
        return redirect("claims:workspace-bulk-result", slug, code)
