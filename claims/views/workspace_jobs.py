"""The pages of the office about long work."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from claims import access
from claims.base import jobs
from claims.base.errors import StaleStatus
from claims.base.requests import SignedInRequest
from claims.criteria import read_rulebook
from claims.models import Job
from claims.models.actions import pick_text
from claims.rules.smallcells import hide_small
from claims.views.bulk import describe_undoing
from claims.workspace import build_frame

LISTED = 50


@login_required
@require_safe
def list_jobs(request: SignedInRequest, slug: str) -> HttpResponse:
    """The jobs of an action, the newest first."""
    action = get_object_or_404(access.list_figure_actions(request.user), slug=slug)
    found = access.list_figure_jobs(request.user).filter(action=action).select_related("created_by")
    context = build_frame(request.user, action, "jobs") | {"jobs": found[:LISTED]}
    return render(request, "claims/workspace_jobs.html", context)


@login_required
@require_safe
def show_job(request: SignedInRequest, slug: str, code: str) -> HttpResponse:
    """One job: its progress, and what came out."""
    mine = access.list_figure_jobs(request.user).select_related("created_by", "action__matter")
    job = get_object_or_404(mine, action__slug=slug, code=code)
    assert job.action is not None  # it was found by its action
    frame = build_frame(request.user, job.action, "jobs")
    context = frame | {
        "job": job,
        "findings": list_results(job, is_exact=frame["reads_book"]),
        **(describe_undoing(job) if frame["reads_book"] else {}),
        "may_stop": job.is_active and access.list_jobs_to_stop(request.user).filter(pk=job.pk).exists(),
    }
    return render(request, "claims/workspace_job.html", context)


def list_results(job: Job, *, is_exact: bool) -> list[dict[str, Any]]:
    """Return a line for each criterion of a finished screening, with its title and counts.

    Not `is_exact`: without the counts that would tell a small one.
    """
    found = job.result.get("by_criterion", {})
    version = access.find_criteria(job)
    if not found or version is None:
        return []
    titles = {criterion.id: pick_text(dict(criterion.title)) for criterion in read_rulebook(version.document).criteria}
    say = dict if is_exact else hide_small
    return [{"title": titles.get(name, name), **say(counts)} for name, counts in found.items()]


@login_required
@require_POST
def cancel_job(request: SignedInRequest, slug: str, code: str) -> HttpResponse:
    """Stop a job; a lawyer's decision, or that of whoever started it."""
    job = get_object_or_404(access.list_jobs_to_stop(request.user), action__slug=slug, code=code)
    try:
        jobs.cancel_job(job, by=request.user)
    except StaleStatus:
        messages.error(request, _("The job has already ended."))
    return redirect("claims:workspace-job", slug, code)
