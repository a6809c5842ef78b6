"""The pages of the office about joining in court: the proof of one claim, and a file of many."""

from itertools import chain, islice
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from claims import access
from claims.base.errors import Refused
from claims.base.references import clean_reference
from claims.base.requests import SignedInRequest
from claims.confirming import confirm_recently
from claims.duplicates import find_kept
from claims.duplicates.giving_back import rank_proof
from claims.forms.procedure import JoiningFileForm, ProofForm
from claims.joining import (
    Told,
    describe_way,
    drop_file,
    list_doubts,
    list_faults,
    list_further,
    list_proofs,
    list_sample,
    open_source,
    put_alike_together,
    read_law,
    receive_file,
    record_file,
    record_joining,
    say_led,
    take_back_joining,
)
from claims.joining.files import CHECK
from claims.joining.german import describe_registration
from claims.models import Claim, Job, JoiningFile
from claims.reading import CLAIMS, EXPORTS, within_budget
from claims.rules.joiningrows import COLUMNS
from claims.rules.rights import Right
from claims.timeline import note_opening
from claims.views.claim_work import cover
from claims.views.refused_lines import send_refused_lines
from claims.workspace import build_frame

SHOWN = 20
LOOKED_AT = 2000  # lines whose complaints are put together on a page; the CSV has all
GET_OR_POST = ("GET", "HEAD", "POST")


def describe_joining_of(claim: Claim, *, reads_words: bool) -> dict[str, Any]:
    """Return what `claims/_joining.html` shows of a claim: the proof, the rule for this person, the German items."""
    proofs, further = list_proofs(claim), list_further(claim)
    if not reads_words:
        proofs, further = [cover_proof(told) for told in proofs], [cover_proof(told) for told in further]
    own = [told for told in proofs if told.proof.taken_back_at is None]
    holding = sorted([*own, *further], key=lambda told: rank_proof(told.proof))
    return {
        "told": holding[0] if holding else None,  # the earliest counts
        "further_proofs": holding[1:],
        "has_own_proof": bool(own),
        "can_record": not own or own[0].proof.named_id is not None,
        "former_proofs": [told for told in proofs if told.proof.taken_back_at],
        "joined_too_early": claim.joined_on is not None and claim.joined_on < timezone.localdate(claim.registered_at),
        "way": describe_way(claim),
        "german": describe_registration(claim),
    }


def cover_proof(told: Told) -> Told:
    """Return a proof whose words are covered."""
    return Told(told.proof, cover(told.source, is_open=False), cover(told.reason, is_open=False))


@login_required
@require_http_methods(GET_OR_POST)
@within_budget(CLAIMS)
def prove_joining(request: SignedInRequest, slug: str, reference: str) -> HttpResponse:
    """The joining of one claim: what applies to the person, the proof, and the form for it."""
    claim = _find_claim(request, slug, reference)
    note_opening(claim, by=request.user)
    decides = Right.DECIDE in access.list_rights(request.user, claim.action)
    if request.method == "POST" and not decides:
        raise Http404
    form = ProofForm(request.POST or None, wants_declaration=read_law(claim.action).wants_declaration)
    if form.is_valid():
        try:
            proof = record_joining(claim, form.make_draft(), by=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            if proof.claim.stands:
                messages.success(request, _("Recorded: this claim has joined. The claimant is told by e-mail."))
            else:
                messages.success(request, _("Recorded as a further proof: the person has joined by another one too."))
            if proof.claim_id != claim.pk:
                messages.info(request, say_led(proof.claim.reference))
            return redirect("claims:workspace-claim-joining", slug, proof.claim.reference)
    frame = build_frame(request.user, claim.action, "claims")
    context = frame | describe_joining_of(claim, reads_words=Right.REVEAL.value in frame["can"])
    return render(
        request, "claims/workspace_claim_joining.html", context | {"claim": claim, "form": form if decides else None}
    )


def _find_claim(request: SignedInRequest, slug: str, reference: str) -> Claim:
    mine = access.list_office_claims(request.user).select_related("claimant", "action__matter").defer(None)
    return get_object_or_404(mine, action__slug=slug, reference=clean_reference(reference))


@login_required
@require_POST
def take_back(request: SignedInRequest, slug: str, reference: str) -> HttpResponse:
    """Take the proof of a claim back with a reason."""
    action = get_object_or_404(access.list_lawyer_actions(request.user), slug=slug)
    claim = _find_claim(request, action.slug, reference)
    try:
        take_back_joining(claim, by=request.user, reason=request.POST.get("reason", "")[:500])
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        if find_kept(claim).joined_on is None:
            messages.success(request, _("Taken back: this claim has not joined. The claimant is told by e-mail."))
        else:  # by another proof
            messages.success(request, _("Taken back. The entry and your reason stay in the history."))
    return redirect("claims:workspace-claim-joining", slug, claim.reference)


@login_required
@require_http_methods(GET_OR_POST)
def show_files(request: SignedInRequest, slug: str) -> HttpResponse:
    """The files of proofs with what came of them; for lawyers the form for another one."""
    action = get_object_or_404(access.list_office_actions(request.user), slug=slug)
    decides = Right.DECIDE in access.list_rights(request.user, action)
    if request.method == "POST" and not decides:
        raise Http404
    form = JoiningFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            job = receive_file(
                action, file, name=_("The file"), source=form.cleaned_data["source"], by=request.user, is_looked_at=True
            )
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("claims:workspace-job", slug, job.code)
    files = access.list_joining_files(request.user, slug)[:SHOWN]
    frame = build_frame(request.user, action, "procedure")
    context = frame | {
        "form": form if decides else None,
        "files": [(file, cover(open_source(file), is_open=Right.REVEAL.value in frame["can"])) for file in files],
        "columns": COLUMNS,
        "law": read_law(action),
    }
    return render(request, "claims/workspace_joining.html", context)


@login_required
@require_http_methods(GET_OR_POST)
def show_file(request: SignedInRequest, slug: str, code: str) -> HttpResponse:
    """What would come of a file, before it is recorded; for lawyers the buttons that record it or throw it away."""
    files = access.list_joining_files(request.user, slug).select_related("job", "action__matter")
    file = get_object_or_404(files, code=code)
    if file.job is None or file.job.kind != CHECK:  # recorded since: a second press, or a page that stood open
        return redirect("claims:workspace-joining", slug)
    frame = build_frame(request.user, file.action, "procedure")
    if request.method == "POST":
        if not frame["can"].get("decide"):
            raise Http404
        return _settle(request, file)
    is_done = file.job is not None and file.job.state == Job.State.DONE  # stopped or failed, its lines are gone
    context = frame | {
        "file": file,
        "job": file.job,
        "source": cover(open_source(file), is_open=Right.REVEAL.value in frame["can"]),
        "sample": list_sample(file) if is_done else [],
        "faults": put_alike_together(islice(list_faults(file), LOOKED_AT)) if is_done else [],
        "doubts": put_alike_together(islice(list_doubts(file), LOOKED_AT)) if is_done else [],
    }
    return render(request, "claims/workspace_joining_file.html", context)


def _settle(request: SignedInRequest, file: JoiningFile) -> HttpResponse:
    slug = file.action.slug
    try:
        if request.POST.get("act") == "record":
            return redirect("claims:workspace-job", slug, record_file(file, by=request.user).code)
        if request.POST.get("act") == "drop":
            drop_file(file, by=request.user)
            messages.success(request, _("The file was thrown away. Nothing of it was recorded."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("claims:workspace-joining", slug)


@login_required
@require_safe
@within_budget(EXPORTS, sends_file=True)
@confirm_recently(sends_file=True)
def send_faults(request: SignedInRequest, slug: str, code: str) -> StreamingHttpResponse:
    """The lines of a file that were not taken, or that somebody should look at, as CSV: line, column, reason."""
    file = get_object_or_404(access.list_joining_files(request.user, slug), code=code, job__isnull=False)
    return send_refused_lines(request, file, chain(list_faults(file), list_doubts(file)), name="not-taken.csv")
