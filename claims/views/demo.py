"""Pages that exist in the demonstration only."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from claims.base.mails import list_mails

NEWEST = 50


@never_cache
@require_safe
def show_mails(request: HttpRequest) -> HttpResponse:
    """The mails that people would have received, with their codes; outside the demonstration no such page exists."""
    if not settings.SHOWS_MAILS:
        raise Http404
    return render(request, "claims/demo_mails.html", {"mails": list_mails()[:NEWEST], "newest": NEWEST})
