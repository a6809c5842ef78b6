"""How people sign in: what allauth asks of a project."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import wraps
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.account.signals import authentication_step_completed, user_logged_in
from allauth.core import context
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext

from claims.access import list_workplaces
from claims.base import codes
from claims.base.errors import Refused
from claims.base.mails import queue_mail
from claims.confirming import is_confirmed, thank
from claims.connecting import PURPOSE
from claims.guessing import know_browser, take_guess
from claims.limits import limit_posts

# What allauth calls a mail: our kind of mail, and how many seconds it is good for.
MAILS: Mapping[str, tuple[str, int]] = {
    "account/email/login_code": ("sign_in_code", settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT),
    "account/email/password_reset_key": ("new_password", settings.PASSWORD_RESET_TIMEOUT),
    "account/email/unknown_account": ("no_account", settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT),
}
# Beside allauth's own limits by single address and account (settings): those by block, which need no cache.
LIMITED = {
    "account_login": "sign-in",
    "account_request_login_code": "sign-in",
    "account_reset_password": "sign-in",
    "account_reauthenticate": "code",
    "mfa_authenticate": "code",
    "mfa_reauthenticate": "code",
    "mfa_login_webauthn": "code",
    "account_confirm_login_code": "code",
}


class AccountAdapter(DefaultAccountAdapter):
    """No sign-up form: claimants get an account by registering, the office by invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False, always."""
        return False

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """Whether this is the password of the person who is signed in."""
        return user.check_password(password)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether allauth asks again before a factor is set up or taken off: not right after signing in."""
        return not is_confirmed(context.request)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Return where to go after a password was set or changed: the office goes on into the workspace."""
        return reverse("claims:workspace" if list_workplaces(request.user).exists() else "claims:my")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue a mail like all others: it is in the log of delivery, and its answer does not wait for a server.

        To an address to which no mail can go nothing is sent; the page stays the same.
        """
        kind, seconds = MAILS[template_prefix]
        link = _make_connecting_link(email)
        if kind == "no_account":  # in no other mail, whatever its words come to be
            context = context | {"connecting": link, "minutes": codes.GOOD_FOR.seconds // 60}
        with suppress(Refused):
            queue_mail(
                email, kind=kind, language=get_language() or "en", context=context,
                forget_at=timezone.now() + timedelta(seconds=seconds),
            )  # fmt: skip


def _make_connecting_link(email: str) -> str:
    """Return a link that opens a claim without an account; made for every address, so that all answers take as long."""
    with suppress(Refused):
        token = codes.make_code(email, purpose=PURPOSE).token
        return f"{settings.BASE_URL}{reverse('claims:my-connect-link', args=[token])}"
    return ""


class LoginForm(AllauthLoginForm):
    """E-mail and password, without placeholders: a label is a label."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def clean(self) -> dict[str, Any] | None:
        """Try the password, unless too many were tried: then say when it works again, right or wrong."""
        if email := self.cleaned_data.get("login"):
            check_guess("password", email, context.request)
        return super().clean()


def check_guess(kind: str, email: str, request: HttpRequest) -> None:
    """Count a try of a password or code. Raises ValidationError with when to come back."""
    if wait := take_guess(kind, email, request):
        minutes = -(-int(wait.total_seconds()) // 60)
        raise ValidationError(
            ngettext(
                "Too often wrong. Try again in %(minutes)d minute, or sign in with a code by e-mail or a passkey.",
                "Too often wrong. Try again in %(minutes)d minutes, or sign in with a code by e-mail or a passkey.",
                minutes,
            ),
            params={"minutes": minutes},
        )


@receiver(user_logged_in)
def remember_browser(response: HttpResponse | None = None, **kwargs: Any) -> None:
    """Know the browser of somebody of the office who has signed in, so that no stranger can lock its owner out."""
    if response is not None and list_workplaces(kwargs["user"]).exists():
        know_browser(response, kwargs["user"].email)


@receiver(authentication_step_completed)
def rotate_session(request: HttpRequest, **kwargs: Any) -> None:
    """Give the session a new key when somebody has shown anew who sits there (ASVS 5.0, 7.2.4)."""
    if kwargs.get("reauthenticated"):
        request.session.cycle_key()
        thank(request)


class ReauthenticateForm(AllauthReauthenticateForm):
    """The password once more, without a placeholder."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].widget.attrs.pop("placeholder", None)


def limit_page(page: URLPattern) -> URLPattern:
    """Return a page of allauth with our limit on what is sent to it, where it has one."""
    kind = LIMITED.get(page.name or "")
    if not kind:
        return page
    view = ask_alike(page.callback) if page.name == "account_confirm_login_code" else page.callback
    return URLPattern(page.pattern, limit_posts(kind)(view), page.default_args, page.name)


def ask_alike(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask the database for an account also where the address has none: allauth asks only where there is one, which
    takes a little longer."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        login = request.session.get(LOGIN_SESSION_KEY)
        if isinstance(login, dict) and login.get("user_pk") is None:
            get_user_model().objects.filter(pk=0).first()
        return view(request, *args, **kwargs)

    return answer
