from django.conf import settings
from django.http import HttpRequest

from claims.models import User


class SignedInRequest(HttpRequest):
    """A request behind `login_required`: somebody is signed in."""

    user: User


def read_address(request: HttpRequest) -> str:
    """Return the IP address that a request comes from.

    Behind our proxy it is the last one of X-Forwarded-For, which the proxy has added; whatever stands before it anyone
    can send. Without a proxy the header is not looked at.
    """
    forwarded = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    if settings.PROXY_COUNT and len(forwarded) >= settings.PROXY_COUNT:
        return forwarded[-settings.PROXY_COUNT]
    return request.META.get("REMOTE_ADDR", "")
