"""The way to a claim that came in by a file or on paper: prove its address by a link, then name the day of birth."""

from datetime import date

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from claims.accounts import find_or_make_user
from claims.base import codes
from claims.base.errors import Refused
from claims.base.requests import SignedInRequest
from claims.connecting import PURPOSE, TRIES, connect_claims, list_unconnected
from claims.forms.contact import BirthdayForm
from claims.limits import TooMany, answer_later, check_limit, take_turn
from claims.models import Claim

GET_OR_POST = ("GET", "HEAD", "POST")


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
    if not list_unconnected(address).exists():  # no account for nothing
        messages.info(request, _("There is no claim with your e-mail address. You can register one."))
        return redirect("claims:home")
    login(request, find_or_make_user(address), backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("claims:my-connect")


@login_required
@require_http_methods(GET_OR_POST)
def connect(request: SignedInRequest) -> HttpResponse:
    """The day of birth; the page is the same whether there is such a claim or not."""
    form = BirthdayForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            take_turn(f"connect {request.user.pk}", TRIES)
            if claims := connect_claims(request.user, born_on=date.fromisoformat(form.list_texts()["birth_date"])):
                return _go_on(request, claims)
            form.add_error("birth_date", _("We found no claim with your e-mail address and this day of birth."))
        except TooMany as refusal:
            return answer_later(request, refusal.wait, "claims/my_connect.html", {"form": form})
        except Refused as problem:
            return render(request, "claims/my_connect.html", {"form": form, "refusal": str(problem)})
    return render(request, "claims/my_connect.html", {"form": form})


def _go_on(request: SignedInRequest, claims: list[Claim]) -> HttpResponse:
    """Go where the mail led to, or to the claims."""
    many = len(claims)
    messages.success(request, ngettext("This is your claim.", "These are your claims.", many))
    there = request.GET.get("next", "")
    if there and url_has_allowed_host_and_scheme(there, allowed_hosts=None):
        return redirect(there)
    return redirect("claims:my-claim", claims[0].reference) if many == 1 else redirect("claims:my")
