"""How people sign in: what allauth asks of a project."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import LoginForm as AllauthLoginForm
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """No sign-up form: claimants get an account by registering, the office by invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False, always."""
        return False


class LoginForm(AllauthLoginForm):
    """E-mail and password, without placeholders: a label is a label."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
