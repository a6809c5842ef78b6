from django.http import HttpRequest

from claims.models import User


class SignedInRequest(HttpRequest):
    """A request behind `login_required`: somebody is signed in."""

    user: User
