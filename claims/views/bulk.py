"""Claims decided or assigned at once, picked ones or a view: preview with number, a job, ten minutes to undo."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims import access
from claims.base.errors import Refused
from claims.base.references import clean_reference
from claims.base.requests import SignedInRequest
from claims.book import NEWEST
from claims.forms import ClaimFilterForm
from claims.forms.review import BulkForm
from claims.lines import fetch_claims, list_all
from claims.models import Action, Claim, Job
from claims.review import assigning
from claims.review.bulk import KIND, start_bulk
from claims.review.bulk_undo import UNDO, find_undoing, is_undoable, start_undo
from claims.review.choosing import SKIPPED
from claims.rules.eligibility import Outcome
from claims.stretches import read_stretch
from claims.views.queue import read_queue
from claims.workspace import build_frame

SAMPLE, LOOKS = 8, 5
UNDOERS: dict[str, Callable[..., Job]] = {KIND: start_undo, assigning.KIND: assigning.start_undo}
KINDS = (KIND, UNDO, assigning.KIND, assigning.UNDO)
MOST_PICKED = 200  # as many as the list ever shows at once


@dataclass(frozen=True)
class Choice:
    """The claims to decide on: those that were picked in the list, or all that its filter chooses."""

    query: str
    picked: list[str]  # references; empty means the whole view
    chosen: QuerySet[Claim]
    view: dict[str, str] | None = None  # the filter as a job keeps it
    form: ClaimFilterForm | None = None  # of the whole view

    def count(self) -> dict[str, int]:
        """Return how many there are, and how many of them could be accepted: in one look at all."""
        ready = Q(status=Claim.Status.SUBMITTED, outcome=Outcome.ELIGIBLE)
        return self.chosen.order_by().aggregate(total=Count("pk"), ready=Count("pk", filter=ready))

    def list_sample(self) -> list[Claim]:
        """Return some of them; of a view the first that a bounded look finds."""
        if self.form is None or not self.form.is_valid():
            return list(self.chosen.select_related("claimant").order_by("-pk")[:SAMPLE])
        chosen = self.form.chosen
        return fetch_claims(
            read_stretch(self.form.action, chosen, sort=NEWEST, mark=None, size=SAMPLE, steps=LOOKS).ids
        )


def read_choice(request: SignedInRequest, action: Action) -> Choice:
    """Return what the list sent, or the address of the preview."""
    data = request.POST if request.method == "POST" else request.GET
    query, sent = data.get("from", ""), data.getlist("c")
    if not sent or data.get("all"):
        form = read_queue(action, query, me=request.user)
        view = form.list_chosen() if form.is_valid() else None
        return Choice(query, [], form.filter(list_all(action)), view, form)
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
    counted = choice.count()
    is_sent = "seen" in request.POST
    form = BulkForm(
        request.POST if is_sent else None, action=action, seen=counted["total"], decision=request.POST.get("decision")
    )
    context = build_frame(request.user, action, "claims")
    context |= {"from": choice.query, "picked": choice.picked, "form": form} | counted
    if is_sent and form.is_valid():
        try:
            return redirect(
                "claims:workspace-bulk-result", slug, start(action, choice, form.cleaned_data, request).code
            )
        except Refused as refusal:
            context["refusal"] = str(refusal)
    context["sample"] = choice.list_sample()
    return render(request, "claims/workspace_bulk.html", context)


def start(action: Action, choice: Choice, asked: dict[str, Any], request: SignedInRequest) -> Job:
    """Start the job that was asked for. Raises Refused."""
    among: dict[str, Any] = {"by": request.user, "view": choice.view, "seen": asked["seen"]}
    if asked["decision"] == "assign":
        to = get_object_or_404(access.list_workers(action), pk=asked["to"])
        return assigning.start_assignment(action, choice.chosen, to, **among)
    return start_bulk(
        action, choice.chosen, asked["decision"], questions=asked["questions"], words=asked["words"],
        days=asked["days"], **among,
    )  # fmt: skip


@login_required
@require_safe
def show_result(request: SignedInRequest, slug: str, code: str) -> HttpResponse:
    """What came of it: done, skipped with the reason, and the way to undo it."""
    job = get_object_or_404(access.list_office_jobs(request.user), action__slug=slug, code=code, kind__in=KINDS)
    skipped = [(str(SKIPPED.get(reason, reason)), n) for reason, n in job.result.get("skipped", {}).items()]
    context = build_frame(request.user, job.action, "jobs") if job.action else {}
    context |= {"job": job, "done": job.result.get("done"), "skipped": skipped} | describe_undoing(job)
    return render(request, "claims/workspace_bulk_result.html", context)


def describe_undoing(job: Job) -> dict[str, Any]:
    """Return what `claims/_bulk_undo.html` shows of a job, of whatever kind: whether it can be undone, or is."""
    undoing = find_undoing(job) if job.kind in UNDOERS else None
    return {"undoing": undoing, "is_undoable": undoing is None and (is_undoable(job) or assigning.is_undoable(job))}


@login_required
@require_POST
def undo(request: SignedInRequest, slug: str, code: str) -> HttpResponse:
    """Undo exactly what the job did."""
    mine = access.list_office_jobs(request.user).filter(action__in=access.list_lawyer_actions(request.user))
    job = get_object_or_404(mine, action__slug=slug, code=code, kind__in=UNDOERS)
    try:
        return redirect("claims:workspace-bulk-result", slug, UNDOERS[job.kind](job, by=request.user).code)
    except Refused as refusal:
        messages.error(request, _("Not undone: %(reason)s") % {"reason": refusal})
        return redirect("claims:workspace-bulk-result", slug, code)
