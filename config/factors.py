"""Second factors of the office: an authenticator app or a passkey, with codes on paper for the day it is lost."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import password_set
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivateTOTPForm
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.decorators import login_required
from django.dispatch import receiver
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.access import list_workplaces
from claims.base import vault
from claims.base.history import record
from claims.keys import ROTATORS, Rotation
from claims.models import User
from config.accounts import check_guess

MAIN = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
PLACE = "authenticator"
SECRETS = {Authenticator.Type.TOTP: "secret", Authenticator.Type.RECOVERY_CODES: "seed"}  # type -> what is sealed of it
View = Callable[..., HttpResponse]


class FactorAdapter(DefaultMFAAdapter):
    """What allauth asks about factors: their secrets are sealed, their names are ours."""

    def encrypt(self, text: str) -> str:
        """Return a secret sealed with a data key of its own, which the master key wraps."""
        data_key = vault.make_data_key()
        return f"{data_key} {vault.seal_text(data_key, text, place=PLACE)}"

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret. Raises Unreadable where the master key is not there."""
        data_key, _space, sealed = encrypted_text.partition(" ")
        return vault.open_text(data_key, sealed, place=PLACE)

    def get_totp_issuer(self) -> str:
        """Return under which name an authenticator app lists the account."""
        return "Redress"

    def _get_site_name(self) -> str:
        return "Redress"

    def generate_authenticator_name(self, user: AbstractBaseUser, type: str) -> str:
        """Return the name of a passkey to which its owner gives none."""
        number = Authenticator.objects.filter(user=user.pk, type=type).count() + 1
        return _("Passkey %(number)d") % {"number": number}


def rotate_factors(done: Rotation) -> None:
    """Wrap the data keys of all secrets of factors with the newest master key."""
    for factor in Authenticator.objects.filter(type__in=SECRETS).order_by("pk").iterator():
        name = SECRETS[factor.type]
        data_key, _space, sealed = factor.data.get(name, "").partition(" ")
        if not sealed or vault.is_current(data_key):
            done.current += bool(sealed)
            continue
        try:
            wrapped = vault.rewrap(data_key)
        except vault.Unreadable:
            done.unreadable += 1
            continue
        data = {**factor.data, name: f"{wrapped} {sealed}"}
        done.rewrapped += Authenticator.objects.filter(pk=factor.pk, data=factor.data).update(data=data)


ROTATORS.append(rotate_factors)


def has_factor(user: AbstractBaseUser) -> bool:
    """Whether somebody has an app or a passkey; codes on paper alone are none."""
    return Authenticator.objects.filter(user=user.pk, type__in=MAIN).exists()


def set_app(user: AbstractBaseUser, secret: str) -> None:
    """Give somebody an authenticator app with this secret in place of any other. For the demonstration."""
    Authenticator.objects.filter(user=user.pk, type=Authenticator.Type.TOTP).delete()
    TOTP.activate(user, secret)


def reckon_code(user: AbstractBaseUser) -> str | None:
    """Return the code that the authenticator app of somebody shows now; None without an app. For the demonstration."""
    factor = Authenticator.objects.filter(user=user.pk, type=Authenticator.Type.TOTP).first()
    if factor is None:
        return None
    return format_hotp_value(hotp_value(get_adapter().decrypt(factor.data["secret"]), int(time.time()) // 30))


def for_office(view: View) -> View:
    """Show a page of factors to people who work in an action; for others there are none to set up."""

    @login_required
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not list_workplaces(request.user).exists():
            raise Http404
        return view(request, *args, **kwargs)

    return answer


def keep_one(view: View) -> View:
    """Let nobody of the office take off the last factor: set another one up first."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        mine = Authenticator.objects.filter(user=request.user.pk)
        if "pk" in kwargs and not mine.filter(pk=kwargs["pk"]).exists():
            raise Http404
        if request.method == "POST" and mine.filter(type__in=MAIN).count() < 2:
            messages.error(request, _("This is your only factor. Set up another one first, then take this one off."))
            return redirect("mfa_index")
        return view(request, *args, **kwargs)

    return answer


@receiver(authenticator_added)
def count_new_factor(
    request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:  # fmt: skip
    """Take a factor that was just set up as shown: its owner has just used it. Note it in the history."""
    if authenticator.type in MAIN:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
        record("factor set up", user, by=user, kind=str(authenticator.type))


@receiver(password_set)
def count_new_password(request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> None:
    """Take a password that was just set as given."""
    record_authentication(request, user, "password")


class CodeField(forms.CharField):
    """A code of an authenticator app, or one of the codes on paper."""

    def __init__(self) -> None:
        attrs = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        super().__init__(
            label=gettext_lazy("Code"),
            help_text=gettext_lazy(
                "The six digits that your authenticator app shows now, or one of your codes on paper."
            ),
            widget=forms.TextInput(attrs=attrs),
            max_length=32,
        )


class AuthenticateForm(AllauthAuthenticateForm):
    """The second step of signing in."""

    code = CodeField()

    def clean_code(self) -> str:
        """Try the code, unless too many were tried for this account from there."""
        check_guess("code", self.user.email, context.request)
        return super().clean_code()


class ReauthenticateForm(AllauthReauthenticateForm):
    """The code once more."""

    code = CodeField()


class ActivateTOTPForm(AllauthActivateTOTPForm):
    """The first code of a new authenticator app, which shows that it was set up rightly."""

    code = forms.CharField(
        label=gettext_lazy("Code from the app"),
        help_text=gettext_lazy("Six digits. A new code comes every 30 seconds."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}),
        max_length=12,
    )


class AddPasskeyForm(AddWebAuthnForm):
    """A new passkey: what the browser made, and a name to know it by."""

    name = forms.CharField(
        label=gettext_lazy("Name of this passkey"),
        help_text=gettext_lazy("So that you know it again, for example “Work laptop”."),
        required=False,
        max_length=60,
    )
    passwordless = None
