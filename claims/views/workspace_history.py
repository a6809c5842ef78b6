"""The page of the office about the history of an action: for lawyers and auditors, to read only."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from claims import access
from claims.base.requests import SignedInRequest
from claims.happened import list_happened, list_verbs
from claims.workspace import build_frame

SHOWN = 50
LONGEST = 18  # digits of a number that both databases hold


@login_required
@require_safe
def show_history(request: SignedInRequest, slug: str) -> HttpResponse:
    """What was done in an action, the newest first, of one kind where one is chosen."""
    action = get_object_or_404(access.list_history_actions(request.user), slug=slug)
    verbs = list_verbs()
    verb = request.GET.get("verb", "")
    verb = verb if verb in dict(verbs) else ""
    typed = request.GET.get("before", "")
    before = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= LONGEST else None
    rows, following = list_happened(action, verb=verb, before=before, most=SHOWN)
    chosen = {"verb": verb} if verb else {}
    context = build_frame(request.user, action, "history") | {
        "rows": rows, "verbs": verbs, "verb": verb,
        "first_query": urlencode(chosen) if before else None,
        "next_query": urlencode(chosen | {"before": following}) if following else "",
    }  # fmt: skip
    return render(request, "claims/workspace_history.html", context)
