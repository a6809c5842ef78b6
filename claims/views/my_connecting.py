"""The way to a claim that came in by a file or on paper: prove its address by a link, then name the day of birth."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from claims import access
from claims.base import codes
from claims.base.addresses import make_address_key
from claims.base.errors import Refused
from claims.connecting import PURPOSE, TRIES, connect_claims, list_unconnected
from claims.forms.contact import BirthdayForm
from claims.limits import TooMany, answer_later, check_limit, take_turn
from claims.models import Claim, User

GET_OR_POST = ("GET", "HEAD", "POST")
PROVEN = "proven address"  # in the session, from the link to the claim, with who was signed in then


@require_http_methods(GET_OR_POST)
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """The link from the mail. Opening it does nothing: programs that look through mails open links too."""
    try:
        check_limit("code", request)
        if request.method != "POST":
            codes.peek_token(token, purpose=PURPOSE)
            return render(request, "claims/my_connect_link.html")
        address = codes.use_token(token, purpose=PURPOSE)
    except TooMany as refusal:
        return answer_later(request, refusal.wait)
    except Refused as problem:
        messages.error(request, str(problem))
        return redirect("account_login")
    if not list_unconnected(address).exists():
        messages.info(request, _("There is no claim with your e-mail address. You can register one."))
        return redirect("claims:home")
    request.session[PROVEN] = address, request.user.pk  # no account yet: there is one once the day of birth is right
    return redirect("claims:my-connect")


@require_http_methods(GET_OR_POST)
def connect(request: HttpRequest) -> HttpResponse:
    """The day of birth; the page is the same whether there is such a claim or not."""
    address = _find_address(request)
    if not address:
        return redirect_to_login(request.get_full_path())
    form = BirthdayForm(request.POST if request.method == "POST" else None)
    offices = [action for action in access.list_published_actions() if action.facts.get("contact")]
    context: dict[str, Any] = {"form": form, "offices": offices}
    if form.is_valid():
        try:
            take_turn(f"connect {make_address_key(address)}", TRIES)
            if found := connect_claims(address, born_on=date.fromisoformat(form.list_texts()["birth_date"])):
                return _enter(request, *found)
            form.add_error("birth_date", _("We found no claim with your e-mail address and this day of birth."))
        except TooMany as refusal:
            return answer_later(request, refusal.wait, "claims/my_connect.html", context)
        except Refused as problem:
            context["refusal"] = str(problem)
    return render(request, "claims/my_connect.html", context)


def _find_address(request: HttpRequest) -> str:
    """Return the address that was proven by a link, or that of whoever has signed in since: perhaps another person."""
    address, reader = request.session.get(PROVEN, ("", None))
    return address if address and reader == request.user.pk else getattr(request.user, "email", "")


def _enter(request: HttpRequest, user: User, claims: list[Claim]) -> HttpResponse:
    """Sign the person in, and go where the mail led to if that is one of the claims, else to them."""
    if request.user != user:
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session.pop(PROVEN, None)
    messages.success(request, ngettext("This is your claim.", "These are your claims.", len(claims)))
    there = request.GET.get("next", "")
    if any(there.startswith(reverse("claims:my-claim", args=[claim.reference])) for claim in claims):
        return redirect(there)
    return redirect("claims:my-claim", claims[0].reference) if len(claims) == 1 else redirect("claims:my")
