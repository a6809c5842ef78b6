"""The way into a registration: an e-mail address, the code that proves it, and the answers brought along."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from claims import access
from claims.accounts import find_or_make_user
from claims.base import codes, limits, proofs
from claims.base.errors import Refused
from claims.forms import QuestionForm
from claims.forms.registration import CodeForm, StartForm, read_sent
from claims.intake import open_draft, save_step, start_registration
from claims.intake.drafts import tell_minutes
from claims.limits import TooMany, answer_later, check_limit, round_up
from claims.models import Action, User
from claims.precheck import list_precheck_questions
from claims.starts import PURPOSE, QueueFull, keep_signs, notice, send_start_code
from claims.views.closing import find_open_action, tell_when_closed
from claims.views.compressing import compress_for_strangers
from claims.views.languages import keep_language, switch_language
from claims.views.registration import find_page

REASON = gettext_lazy("Somebody wants to register a claim with this e-mail address.")
GET_OR_POST = ("GET", "HEAD", "POST")
MOST_TYPED = 254  # characters that are shown again in another language


@compress_for_strangers
@require_http_methods(GET_OR_POST)
@tell_when_closed
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """What comes, and the e-mail address. Whoever is signed in goes on at once, where one stopped."""
    language = switch_language(request)
    action = find_open_action(request, slug)
    if language:
        form = StartForm(initial={"email": request.POST.get("email", "")[:MOST_TYPED]})
        context = {"action": action, "form": form, "minutes": tell_minutes(action), "puzzle": _keep_puzzle(request)}
        return keep_language(render(request, "claims/register_start.html", context), language)
    if request.method == "POST":
        _bring_answers(request, action)
        if isinstance(request.user, User):
            return _enter(request, action, request.user)
    elif isinstance(request.user, User) and (
        begun := access.list_own_drafts(request.user).filter(action=action).first()
    ):
        draft = open_draft(begun)
        if draft.saved:
            return redirect(find_page(draft, draft.find_open_step()))
    form = StartForm(request.POST if "email" in request.POST else None)
    context = {"action": action, "form": form, "minutes": tell_minutes(action)}
    if form.is_valid():
        try:
            _prove(request, action, form.cleaned_data["email"])
            return redirect("claims:register-code", slug)
        except TooMany as refusal:
            return answer_later(request, refusal.wait, "claims/register_start.html", _add_puzzle(context))
    return render(request, "claims/register_start.html", _add_puzzle(context))


def _add_puzzle(context: dict[str, Any]) -> dict[str, Any]:
    return context | {"puzzle": proofs.make_puzzle(limits.measure_load("start"))}


def _keep_puzzle(request: HttpRequest) -> str:
    """Return the puzzle of the page that was left for another language: the device may have solved it by half."""
    return read_sent(request.POST).puzzle or proofs.make_puzzle(limits.measure_load("start"))


def _prove(request: HttpRequest, action: Action, email: str) -> None:
    """Note what speaks for a machine, and send a code. Raises TooMany."""
    used = check_limit("start", request)
    reasons = notice(read_sent(request.POST), used=used)
    _send_code(request, action, email, reasons)


def _bring_answers(request: HttpRequest, action: Action) -> None:
    """Keep the answers of the pre-check until the address is proven and they can be saved."""
    form = QuestionForm(request.POST, questions=list_precheck_questions(action))
    answered = {name: text for name, text in form.list_texts().items() if text} if form.is_valid() else {}
    if answered:
        request.session[f"brought {action.slug}"] = answered


def _send_code(request: HttpRequest, action: Action, email: str, reasons: list[str]) -> None:
    """Send a code. The answer is the same for every address, also one that asked too often. Raises TooMany."""
    try:
        leaves_at = send_start_code(
            action, email, reasons=reasons, language=get_language() or "en", reason=REASON,
            find_path=lambda token: reverse("claims:register-link", args=[action.slug, token]),
        )  # fmt: skip
    except QueueFull as full:
        raise TooMany(full.wait) from None
    request.session["proving"] = email
    request.session["noticed"] = reasons
    request.session["leaves_at"] = leaves_at.isoformat() if leaves_at else ""


@require_http_methods(GET_OR_POST)
@tell_when_closed
def enter_code(request: HttpRequest, slug: str) -> HttpResponse:
    """The code from the mail; another one on request."""
    language = switch_language(request)
    action = find_open_action(request, slug)
    email = request.session.get("proving")
    if not email:
        if request.method == "POST" and isinstance(request.user, User):
            return _enter(request, action, request.user)  # pressed twice: the first time opened the door
        return redirect("claims:register", slug)
    form = CodeForm(request.POST if "code" in request.POST and not language else None, initial=_find_typed(request))
    context = {"action": action, "form": form, "email": email, "leaves_at": _find_leaving(request)}
    try:
        if "again" in request.POST:
            check_limit("start", request)
            _send_code(request, action, email, request.session.get("noticed", []))
            messages.success(
                request, _("Another code is on its way, unless you asked very often. Only the newest code is good.")
            )
            return redirect("claims:register-code", slug)
        if form.is_bound:
            check_limit("code", request)
    except TooMany as refusal:
        return answer_later(request, refusal.wait, "claims/register_code.html", context)
    if form.is_valid():
        try:
            codes.use_code(email, form.cleaned_data["code"], purpose=PURPOSE)
            return _enter(request, action, find_or_make_user(email))
        except Refused as problem:
            form.add_error("code", str(problem))
    return keep_language(render(request, "claims/register_code.html", context), language)


def _find_typed(request: HttpRequest) -> dict[str, str]:
    return {"code": request.POST.get("code", "")[:MOST_TYPED]}


def _find_leaving(request: HttpRequest) -> datetime | None:
    """Return when the mail leaves, if it has not yet."""
    leaves_at = parse_datetime(request.session.get("leaves_at", ""))
    return round_up(leaves_at) if leaves_at and leaves_at > timezone.now() else None


@require_http_methods(GET_OR_POST)
@tell_when_closed
def open_link(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """The link from the mail. Opening it does nothing: programs that look through mails open links too."""
    action = find_open_action(request, slug)
    try:
        check_limit("code", request)
        if request.method != "POST":
            codes.peek_token(token, purpose=PURPOSE)
            return render(request, "claims/register_link.html", {"action": action})
        return _enter(request, action, find_or_make_user(codes.use_token(token, purpose=PURPOSE)))
    except TooMany as refusal:
        return answer_later(request, refusal.wait)
    except Refused as problem:
        messages.error(request, str(problem))
        return redirect("claims:register", slug)


def _enter(request: HttpRequest, action: Action, person: User) -> HttpResponse:
    """Sign the person in, save what they brought along, and go to the first page that is open."""
    brought = request.session.pop(f"brought {action.slug}", None)
    if request.user != person:
        login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    for name in ("proving", "noticed", "leaves_at"):
        request.session.pop(name, None)
    registration = start_registration(action, by=person, language=get_language() or "en")
    keep_signs(registration)
    draft = open_draft(registration)
    fresh = {name: text for name, text in (brought or {}).items() if name not in draft.texts}  # a draft knows better
    if fresh:
        save_step(registration, fresh)
        draft = open_draft(registration)
    return redirect(find_page(draft, draft.find_open_step()))
