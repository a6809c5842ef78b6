"""The step of a registration at which people send files, and take them back."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from claims import evidence
from claims.base.errors import Refused
from claims.base.requests import SignedInRequest
from claims.evidence import Holder
from claims.models import Evidence
from claims.views.closing import find_saved_registration, require_open, tell_when_closed
from claims.views.registration import build_context, fetch_draft

MARKS = {Evidence.State.READY: "yes", Evidence.State.RECEIVED: "unk"}


@login_required
@require_safe
@tell_when_closed
def show_evidence(request: SignedInRequest, slug: str) -> HttpResponse:
    """The files sent so far, each with its verdict, and the field for more. One can go on without any."""
    draft = fetch_draft(request, slug)
    step = draft.find_step("evidence")
    assert step is not None  # everyone is asked
    files = evidence.list_evidence(Holder(registration_code=draft.registration.code))
    context = {
        "files": [describe_file(file) for file in files],
        "is_checking": any(file.state == Evidence.State.RECEIVED for file in files),
        "limits": evidence.describe_limits(),
    }
    return render(request, "claims/register_evidence.html", build_context(draft, step) | context)


def describe_file(file: Evidence) -> dict[str, Any]:
    """Return a file as its row shows it."""
    return {
        "file": file,
        "name": evidence.read_name(file),
        "verdict": evidence.explain(file),
        "mark": MARKS.get(Evidence.State(file.state), "no"),
        "is_unscanned": file.state == Evidence.State.READY and file.scan == Evidence.Scan.NONE,
    }


@login_required
@require_POST
@tell_when_closed
def add_evidence(request: SignedInRequest, slug: str) -> HttpResponse:
    """Take the files that were sent, also where nobody can come in by now; what is wrong with one is said beside it."""
    registration = find_saved_registration(request, slug)
    try:
        evidence.receive_evidence(
            request.FILES.getlist("files"), data_key=registration.data_key, registration_code=registration.code,
            by=request.user,
        )  # fmt: skip
    except Refused as erased:
        messages.error(request, str(erased))
        return redirect("claims:my")
    require_open(registration)
    return redirect("claims:register-evidence", slug)


@login_required
@require_POST
@tell_when_closed
def remove_evidence(request: SignedInRequest, slug: str, code: uuid.UUID) -> HttpResponse:
    """Erase a file that somebody takes back."""
    registration = fetch_draft(request, slug).registration
    files = list(evidence.list_evidence(Holder(registration_code=registration.code)).filter(code=code))
    if not files:
        raise Http404
    evidence.take_back_evidence(registration.code, files, by=request.user)
    return redirect("claims:register-evidence", slug)
