"""How one is reached: changed at once, and an e-mail address once a code has proven it."""

from contextlib import suppress

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from claims import contacts
from claims.base import codes, limits
from claims.base.errors import Refused
from claims.base.requests import SignedInRequest
from claims.base.shown import read_shown
from claims.forms.contact import ContactForm
from claims.forms.registration import CodeForm, StartForm
from claims.limits import TooMany, answer_later, check_limit, take_turn
from claims.views.languages import keep_language, switch_language
from claims.views.my import find_own_claim, once_entered
from claims.views.together import tell_changed_elsewhere

GET_OR_POST = ("GET", "HEAD", "POST")
PROVING = "new address"  # in the session, until it is proven


@login_required
@require_http_methods(GET_OR_POST)
@once_entered
def change_contact(request: SignedInRequest, reference: str) -> HttpResponse:
    """Address, phone and language of the claimant."""
    language = switch_language(request)
    claim = find_own_claim(request, reference)
    kept = {name: getattr(claim.claimant, name) for name in contacts.CONTACT}
    form = ContactForm(request.POST if request.method == "POST" else None, initial=kept)
    if language:
        form = ContactForm(initial=form.list_typed())
    shown = read_shown(request.POST, contacts.list_contact_digests(claim.claimant))
    if form.is_valid():
        saved = contacts.change_contact(claim.claimant, form.list_texts(), by=request.user, shown=shown)
        if any(text != kept[name] for name, text in saved.texts.items()):
            messages.success(request, _("Saved. We write to you there from now on."))
        tell_changed_elsewhere(request, saved, form)
        return redirect("claims:my-claim", claim.reference)
    context = {"claim": claim, "form": form, "shown": shown}
    return keep_language(render(request, "claims/my_contact.html", context), language)


@login_required
@require_http_methods(GET_OR_POST)
def change_email(request: SignedInRequest) -> HttpResponse:
    """The new address; a code goes there. The answer is the same for every address."""
    language = switch_language(request)
    form = StartForm(request.POST if request.POST and not language else None, initial=_find_typed(request, "email"))
    if form.is_valid():
        try:
            _send_code(request, form.cleaned_data["email"])
            return redirect("claims:my-email-code")
        except TooMany as refusal:
            return answer_later(request, refusal.wait, "claims/my_email.html", {"form": form})
    return keep_language(render(request, "claims/my_email.html", {"form": form}), language)


def _find_typed(request: SignedInRequest, name: str) -> dict[str, str]:
    return {name: request.POST.get(name, "")[:254]}


def _send_code(request: SignedInRequest, address: str) -> None:
    """Send a code to an address that may be a stranger's: a few a day. Raises TooMany."""
    check_limit("start", request)
    take_turn(f"new address {request.user.pk}", limits.NEW_ADDRESS)
    with suppress(codes.TooManyCodes):
        contacts.send_address_code(request.user, address)
    request.session[PROVING] = address


@login_required
@require_http_methods(GET_OR_POST)
def enter_code(request: SignedInRequest) -> HttpResponse:
    """The code from the mail to the new address; another one on request."""
    address = request.session.get(PROVING)
    if not address:
        return redirect("claims:my-email")
    form = CodeForm(None if "again" in request.POST else request.POST or None)
    context = {"form": form, "email": address}
    if "again" in request.POST:
        try:
            _send_code(request, address)
            messages.success(
                request, _("Another code is on its way, unless you asked very often. Only the newest code is good.")
            )
            return redirect("claims:my-email-code")
        except TooMany as refusal:
            return answer_later(request, refusal.wait, "claims/my_email_code.html", context)
    if form.is_valid():
        try:
            codes.use_code(address, form.cleaned_data["code"], purpose=contacts.name_purpose(request.user))
            return _change(request, address)
        except Refused as problem:
            form.add_error("code", str(problem))
    return render(request, "claims/my_email_code.html", context)


@login_required
@require_http_methods(GET_OR_POST)
def open_link(request: SignedInRequest, token: str) -> HttpResponse:
    """The link from the mail. Opening it does nothing: programs that look through mails open links too."""
    purpose = contacts.name_purpose(request.user)
    try:
        if request.method != "POST":
            return render(request, "claims/my_email_link.html", {"email": codes.peek_token(token, purpose=purpose)})
        return _change(request, codes.use_token(token, purpose=purpose))
    except Refused as problem:
        messages.error(request, str(problem))
        return redirect("claims:my-email")


def _change(request: SignedInRequest, address: str) -> HttpResponse:
    contacts.change_email(request.user, address)
    request.session.pop(PROVING, None)
    messages.success(request, _("Your new e-mail address counts from now on. The old one gets a notice."))
    return redirect("claims:my")
