"""Erasing and restricting: what can go now, what stays and why, and the proof by code before anything goes."""

import uuid
from contextlib import suppress

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from claims import access, erasing
from claims.base import codes
from claims.base.errors import Refused
from claims.base.requests import SignedInRequest
from claims.duplicates import find_joining_day
from claims.forms.registration import CodeForm
from claims.models import Claim
from claims.views.my import find_own_claim, once_entered

GET_OR_POST = ("GET", "HEAD", "POST")


@login_required
@require_http_methods(GET_OR_POST)
@once_entered
def ask(request: SignedInRequest, reference: str) -> HttpResponse:
    """What can be erased, what is kept until when; restrict at once, or get the code for erasing."""
    claim = find_own_claim(request, reference)
    is_held = erasing.is_held(claim.claimant)
    if "restrict" in request.POST:
        erasing.restrict_claimant(claim.claimant, by=request.user)
        messages.success(request, _("From now on we use your data for the court action alone."))
        return redirect("claims:my-erase", claim.reference)
    if request.method == "POST" and not is_held:
        with suppress(codes.TooManyCodes):
            erasing.send_erasure_code(request.user, claim)
        return redirect("claims:my-erase-code", claim.reference)
    context = {"claim": claim, "is_held": is_held, "joined_on": find_joining_day(claim)}
    return render(request, "claims/my_erase.html", context)


@login_required
@require_http_methods(GET_OR_POST)
@once_entered
def enter_code(request: SignedInRequest, reference: str) -> HttpResponse:
    """The code, and with it the end."""
    claim = find_own_claim(request, reference)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            purpose = erasing.name_purpose(claim.claimant)
            codes.use_code(request.user.email, form.cleaned_data["code"], purpose=purpose)
            return _erase(request, claim)
        except Refused as problem:
            form.add_error("code", str(problem))
    return render(request, "claims/my_erase_code.html", {"claim": claim, "form": form, "email": request.user.email})


@login_required
@require_http_methods(GET_OR_POST)
@once_entered
def open_link(request: SignedInRequest, reference: str, token: str) -> HttpResponse:
    """The link from the mail. Opening it does nothing: programs that look through mails open links too."""
    claim = find_own_claim(request, reference)
    purpose = erasing.name_purpose(claim.claimant)
    try:
        if request.method != "POST":
            codes.peek_token(token, purpose=purpose)
            return render(request, "claims/my_erase_link.html", {"claim": claim})
        codes.use_token(token, purpose=purpose)
        return _erase(request, claim)
    except Refused as problem:
        messages.error(request, str(problem))
        return redirect("claims:my-erase", claim.reference)


def _erase(request: SignedInRequest, claim: Claim) -> HttpResponse:
    erasing.erase_claimant(claim.claimant, by=request.user)
    return _say_goodbye(request, _("Erased. We hold nothing about you any more under this reference."))


def _say_goodbye(request: SignedInRequest, words: str) -> HttpResponse:
    """Sign out whoever has no account any more."""
    request.user.refresh_from_db()
    if not request.user.is_active:
        logout(request)
        messages.success(request, words + " " + _("Your account is closed, too."))
        return redirect("claims:home")
    messages.success(request, words)
    return redirect("claims:my")


@login_required
@require_http_methods(GET_OR_POST)
def erase_draft(request: SignedInRequest, code: uuid.UUID) -> HttpResponse:
    """A registration that was never sent: erased with its files, whenever one likes."""
    draft = get_object_or_404(access.list_own_drafts(request.user), code=code)
    if request.method == "POST":
        try:
            erasing.erase_registration(draft, by=request.user)
        except Refused:
            draft.refresh_from_db()
            return redirect("claims:sent", draft.reference)
        return _say_goodbye(request, _("Erased. We hold nothing of this registration any more."))
    return render(request, "claims/my_draft.html", {"draft": draft, "action": draft.action})
