"""The door of the workspace and its API: who works in an action has shown a password and a factor, or a passkey."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from claims.access import list_workplaces
from claims.confirming import list_proofs
from claims.models import User
from config.factors import has_factor

Handler = Callable[[HttpRequest], HttpResponseBase]
PAGES, API = "/workspace/", "/api/v1/"
BY_ITSELF = "/api/v1/jobs/"  # static/site.js
IDLE, LONGEST, EACH = timedelta(minutes=30), timedelta(hours=12), timedelta(minutes=1)
SEEN = "office_seen_at"


class OfficeMiddleware:
    """Answer nothing of the workspace before the second factor. Mail alone opens it never (ASVS 5.0, 6.3.3, 6.3.6)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """End a session of the office that was left alone or is a working day old, before anything is answered."""
        if settings.SESSION_COOKIE_NAME in request.COOKIES and isinstance(request.user, User) and is_strong(request):
            if is_over(request):
                logout(request)
                messages.info(request, _("You were signed out, because nothing was done for a while."))
            else:
                keep_awake(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: Any, kwargs: Any) -> HttpResponse | None:
        """Lead a member of the office who is not there yet to the next step; let all others pass."""
        if not request.path.startswith((PAGES, API)) or not isinstance(request.user, User):
            return None
        if is_strong(request) or not list_workplaces(request.user).exists():
            return None
        page = find_next_step(request, request.user)
        if request.path.startswith(API):
            return JsonResponse({"detail": _("Sign in with your second factor first, at %s.") % page}, status=403)
        return HttpResponseRedirect(f"{page}?{urlencode({'next': find_way_back(request)})}")


def is_strong(request: HttpRequest) -> bool:
    """Whether this session has shown a passkey, or a password and a second factor."""
    proofs = list_proofs(request)
    methods = {proof["method"] for proof in proofs}
    has_passkey = any(proof.get("type") == Authenticator.Type.WEBAUTHN for proof in proofs)
    return has_passkey or methods >= {"password", "mfa"}


def is_over(request: HttpRequest) -> bool:
    """Whether nothing was asked for in half an hour, or the session began twelve hours ago (ASVS 5.0, 7.3)."""
    times = [proof["at"] for proof in list_proofs(request)]
    now, seen = time.time(), max(request.session.get(SEEN, 0), max(times))
    return now - seen > IDLE.total_seconds() or now - min(times) > LONGEST.total_seconds()


def keep_awake(request: HttpRequest) -> None:
    """Note, once a minute, that somebody is there. What a page asks for by itself shows nobody: progress of a job."""
    if not request.path.startswith(BY_ITSELF) and time.time() - request.session.get(SEEN, 0) > EACH.total_seconds():
        request.session[SEEN] = time.time()


def find_next_step(request: HttpRequest, user: User) -> str:
    """Return the page with what is still missing: set up a factor, show it, set a password, or give it."""
    if not has_factor(user):
        return reverse("mfa_index")
    if not any(proof["method"] == "mfa" for proof in list_proofs(request)):
        has_app = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
        return reverse("mfa_reauthenticate" if has_app else "mfa_reauthenticate_webauthn")
    return reverse("account_reauthenticate" if user.has_usable_password() else "account_set_password")


def find_way_back(request: HttpRequest) -> str:
    """Return where to go on afterwards: what was asked for, where that is a page."""
    return request.get_full_path() if request.method in {"GET", "HEAD"} else PAGES
