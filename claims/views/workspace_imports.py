"""The pages of the office about files of claims: send one, see what came of each, take the refused rows along."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from claims import access
from claims.base.errors import Refused
from claims.base.requests import SignedInRequest
from claims.confirming import confirm_recently
from claims.forms.imports import ImportForm
from claims.imports.formats import describe_columns
from claims.imports.receiving import receive_claims
from claims.imports.working import list_faults
from claims.models import Action, Job
from claims.reading import EXPORTS, within_budget
from claims.rules.rights import Right
from claims.views.refused_lines import send_refused_lines
from claims.workspace import build_frame

SHOWN = 20


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show_imports(request: SignedInRequest, slug: str) -> HttpResponse:
    """The files of claims with what came of them; for lawyers and staff the form for another one."""
    action = get_object_or_404(access.list_office_actions(request.user), slug=slug)
    works = Right.WORK in access.list_rights(request.user, action)
    if request.method == "POST" and not works:
        raise Http404
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and (job := start(request, action, form)):
        return redirect("claims:workspace-job", slug, job.code)
    context = build_frame(request.user, action, "claims") | {
        "form": form if works else None,
        "files": access.list_import_files(request.user, slug)[:SHOWN],
        "columns": describe_columns(action),
        "megabytes": settings.EVIDENCE_FILE_BYTES >> 20,
    }
    return render(request, "claims/workspace_imports.html", context)


def start(request: SignedInRequest, action: Action, form: ImportForm) -> Job | None:
    """Start the import of the file; what is wrong with it as a whole is said beside the field."""
    try:
        return receive_claims(action, form.cleaned_data["file"], name=_("The file"), by=request.user)
    except Refused as refusal:
        form.add_error("file", str(refusal))
        return None


@login_required
@require_safe
@within_budget(EXPORTS, sends_file=True)
@confirm_recently(sends_file=True)
def send_refused(request: SignedInRequest, slug: str, code: str) -> StreamingHttpResponse:
    """The rows of a file that were refused, as CSV: line, column, reason."""
    file = get_object_or_404(access.list_import_files(request.user, slug), code=code, job__isnull=False)
    return send_refused_lines(request, file, list_faults(file), name="refused-rows.csv")
