"""The pages of the office about filings: the list with what builds one, and one filing with its files."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from claims.access import list_lawyer_actions, list_office_actions
from claims.base.errors import Refused
from claims.base.requests import SignedInRequest
from claims.confirming import confirm_recently
from claims.models import Action
from claims.reading import EXPORTS, within_budget
from claims.unscreened import count_unscreened
from claims.workspace import build_frame
from documents import access, filings
from documents.filings import Download
from documents.filings.runs import find_run
from documents.forms import FilingForm
from documents.models import Filing
from documents.views.downloads import send

LISTED = 100


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def list_filings(request: SignedInRequest, slug: str) -> HttpResponse:
    """The filings of an action, the newest first; lawyers build one. What is refused is said beside the form."""
    is_post = request.method == "POST"
    actions = list_lawyer_actions(request.user) if is_post else list_office_actions(request.user)
    action = get_object_or_404(actions, slug=slug)
    scenarios = access.list_finished_scenarios(request.user, action)
    form = FilingForm(request.POST if is_post else None, scenarios=scenarios)
    if is_post and form.is_valid() and (filing := start(request, action, form)):
        return redirect("documents:filing", slug, filing.code)
    mine = access.list_light_filings(request.user).filter(action=action)
    context = build_frame(request.user, action, "filings") | {
        "form": form,
        "filings": mine[:LISTED],
        "listed": LISTED,
        "is_unscreened": count_unscreened(action, action.criteria, most=1) > 0,
        "at_work": access.list_filings_at_work(request.user).filter(action=action),
    }
    return render(request, "documents/filings.html", context)


def start(request: SignedInRequest, action: Action, form: FilingForm) -> Filing | None:
    """Start what the form asks for; where that is refused, the form says why."""
    wanted = dict(form.cleaned_data)
    kind, scenario = wanted.pop("kind"), wanted.pop("scenario")
    try:
        run = find_run(action, kind, scenario)
        filing = filings.start_filing(action, kind, **wanted, run=run, by=request.user)
    except Refused as refusal:
        form.add_error(None, _("The filing was not built: %(reason)s.") % {"reason": refusal})
        return None
    if filing.is_sealed:
        messages.info(request, _("Nothing has changed since: this sealed filing says the same already."))
    return filing


@login_required
@require_safe
def show_filing(request: SignedInRequest, slug: str, code: str) -> HttpResponse:
    """One filing: how far it is, its files, where it comes from, and whether it is as it was sealed."""
    filing = get_object_or_404(access.list_office_filings(request.user), action__slug=slug, code=code)
    context = build_frame(request.user, filing.action, "filings") | {
        "filing": filing,
        "files": access.list_files(filing),
        "replacing": access.list_replacing(request.user, filing),
        "bundle": filings.name_bundle(filing),
    }
    return render(request, "documents/filing.html", context)


@login_required
@require_GET
@within_budget(EXPORTS, sends_file=True)
@confirm_recently(sends_file=True)
def send_file(request: SignedInRequest, slug: str, code: str, name: str) -> HttpResponse | FileResponse:
    """A file of a sealed filing; the history keeps who took it."""
    filing = get_object_or_404(access.list_office_filings(request.user), action__slug=slug, code=code)
    return hand_over(request, filing, lambda: filings.open_file(filing, name, by=request.user))


@login_required
@require_GET
@within_budget(EXPORTS, sends_file=True)
@confirm_recently(sends_file=True)
def send_bundle(request: SignedInRequest, slug: str, code: str) -> HttpResponse | FileResponse:
    """All files of a sealed filing in one; the history keeps who took them."""
    filing = get_object_or_404(access.list_office_filings(request.user), action__slug=slug, code=code)
    return hand_over(request, filing, lambda: filings.open_bundle(filing, by=request.user))


def hand_over(
    request: SignedInRequest, filing: Filing, take: Callable[[], Download | None]
) -> HttpResponse | FileResponse:
    """Send what there is; where it is not what was sealed, say so on the page of the filing."""
    try:
        found = take()
    except Refused as refusal:
        messages.error(request, _("Nothing was downloaded: %(reason)s.") % {"reason": refusal})
        return redirect("documents:filing", filing.action.slug, filing.code)
    if found is None:
        raise Http404
    return send(found)


@login_required
@require_POST
def resume_filing(request: SignedInRequest, slug: str, code: str) -> HttpResponse:
    """Go on with a filing that stopped; a lawyer's decision."""
    filing = get_object_or_404(access.list_lawyer_filings(request.user), action__slug=slug, code=code)
    try:
        filings.resume_filing(filing, by=request.user)
    except Refused as refusal:
        messages.error(request, _("The filing did not go on: %(reason)s.") % {"reason": refusal})
    return redirect("documents:filing", slug, filing.code)


@login_required
@require_POST
def correct_filing(request: SignedInRequest, slug: str, code: str) -> HttpResponse:
    """Start a filing that replaces a sealed one; a lawyer's decision."""
    filing = get_object_or_404(access.list_lawyer_filings(request.user), action__slug=slug, code=code)
    try:
        filing = filings.start_correction(filing, by=request.user)
    except Refused as refusal:
        messages.error(request, _("The correction was not built: %(reason)s.") % {"reason": refusal})
    return redirect("documents:filing", slug, filing.code)


@login_required
@require_POST
def verify_filing(request: SignedInRequest, slug: str, code: str) -> HttpResponse:
    """Look at the files of a sealed filing now, and say what was found."""
    filing = get_object_or_404(access.list_office_filings(request.user), action__slug=slug, code=code)
    if not filing.is_sealed:
        raise Http404
    found = filings.verify_filing(filing, by=request.user)
    tell = messages.success if found.ok else messages.error
    tell(request, render_to_string("documents/_verified.html", {"found": found, "at": timezone.now()}))
    return redirect("documents:filing", slug, filing.code)
