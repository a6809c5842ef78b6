"""Step-up: before an export, a reveal or a merge one shows again that it is oneself who sits there."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from rest_framework import exceptions

from claims.access import list_workplaces
from claims.models import User

View = Callable[..., Any]
RECENT = timedelta(minutes=5)
CHOOSE_AGAIN = "choose_again"
PROOFS = {"password", "mfa"}  # a code by e-mail is none: whoever reads the mail of a colleague has it


def confirm_recently(view: View | None = None, *, sends_file: bool = False) -> Any:
    """Let a view answer only within five minutes of a password, a second factor or a passkey; else ask for one.

    Put it below `login_required`. Nothing that was typed is kept meanwhile: who sent a form comes back to the page of
    the form, who opened an address goes on to it. With `sends_file` one comes back to the page with the link: a file
    leaves its page standing, which would be the question again.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if is_confirmed(request):
                return view(request, *args, **kwargs)
            check_exists(request, kwargs.get("slug"))
            return ask_to_confirm(request, find_return(request, sends_file=sends_file))

        return answer

    return decorate(view) if view else decorate


def check_exists(request: HttpRequest, slug: str | None) -> None:
    """Raise 404 where this person has no role in the action of the address: the question would say that it is there."""
    if slug is not None and not list_workplaces(request.user).filter(slug=slug).exists():
        raise Http404


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the person of this session gave a password or second factor within the last five minutes."""
    since = time.time() - RECENT.total_seconds()
    return any(proof["method"] in PROOFS and proof["at"] > since for proof in list_proofs(request))


def check_confirmed(request: HttpRequest) -> None:
    """The same for the API, after the row was found for this person. Raises 403 with where to confirm."""
    if not is_confirmed(request):
        page = reverse("account_reauthenticate")
        sentence = _("Confirm first that it is you, at %(page)s; it counts for five minutes.") % {"page": page}
        raise exceptions.PermissionDenied(sentence)


def thank(request: HttpRequest) -> None:
    """Say on the next page that the way is open now, to whom a form or file was not given at once."""
    if request.session.pop(CHOOSE_AGAIN, False):
        messages.info(request, _("Thank you. Nothing was done yet: please choose once more what you wanted to do."))


def list_proofs(request: HttpRequest) -> list[dict[str, Any]]:
    """Return with what the person of this session has signed in or confirmed: method, time, kind of factor."""
    return get_authentication_records(request, request.user) if isinstance(request.user, User) else []


def ask_to_confirm(request: HttpRequest, back_to: str) -> HttpResponse:
    """Lead to the question for a password or factor; from there it goes back."""
    methods = get_adapter().get_reauthentication_methods(request.user)
    page = methods[0]["url"] if methods else reverse("account_set_password")
    return HttpResponseRedirect(f"{page}?{urlencode({'next': back_to})}")


def find_return(request: HttpRequest, *, sends_file: bool) -> str:
    """Return the page to come back to: the address itself, or for forms and files the page where one was."""
    if request.method in {"GET", "HEAD"} and not sends_file:
        return request.get_full_path()
    request.session[CHOOSE_AGAIN] = True
    came_from = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        return reverse("claims:workspace")
    parts = urlsplit(came_from)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
