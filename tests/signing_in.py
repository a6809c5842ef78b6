"""How tests sign people in: as after password and second factor for the office, as after a code for everybody else."""

import time

from allauth.account.internal.flows import login
from django.contrib.auth import get_user_model
from django.test import Client

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
_force_login_of_django = Client.force_login


def sign_in(client, user, backend=None):
    """Sign somebody in; who has a role is verified with password and second factor just now."""
    _force_login_of_django(client, user, backend or BACKEND)
    methods = ("password", "mfa") if user.roles.exists() else ("code",)
    set_proofs(client, user, methods)


def set_proofs(client, user, methods, *, age=0, old=()):
    """Let a session have been proven by these methods, so many seconds ago; by the old ones twenty minutes before."""
    session = client.session
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": method, "at": time.time() - seconds, **({"type": "totp"} if method == "mfa" else {})}
        for seconds, given in ((1200, old), (age, methods))
        for method in given
    ]
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = get_user_model()._meta.pk.value_to_string(user)
    session.save()
