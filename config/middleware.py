"""Headers that Django does not set, answers without a body, forms that nobody can read."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.template import loader

Handler = Callable[[HttpRequest], HttpResponseBase]
# All that browsers know by name today; a feature that we come to use leaves this list.
FEATURES = """
accelerometer attribution-reporting autoplay bluetooth browsing-topics camera clipboard-read clipboard-write
compute-pressure cross-origin-isolated display-capture encrypted-media fullscreen gamepad geolocation gyroscope hid
identity-credentials-get idle-detection keyboard-map local-fonts magnetometer microphone midi otp-credentials payment
picture-in-picture screen-wake-lock serial storage-access
sync-xhr unload usb window-management xr-spatial-tracking
"""
PASSKEYS = "publickey-credentials-create=(self), publickey-credentials-get=(self)"
NO_FEATURES = ", ".join([*(f"{feature}=()" for feature in FEATURES.split()), PASSKEYS])


class CharsetMiddleware:
    """Answer 400 to a form in another encoding than UTF-8: Django raises wherever it is read first, on any page."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.lower() not in {"utf-8", "utf8"}:
            return HttpResponse(loader.get_template("400.html").render(), status=400)  # Django's view reads it too
        return self.get_response(request)


class HeadMiddleware:
    """Answer HEAD with the headers of GET and no body, as RFC 9110, 9.3.2 has it; the web server warns of any byte."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.method == "HEAD":
            if isinstance(response, StreamingHttpResponse):
                response.streaming_content = []
            elif isinstance(response, HttpResponse):
                response.headers.setdefault("Content-Length", str(len(response.content)))
                response.content = b""
        return response


class HeadersMiddleware:
    """Add the headers of the trust model; pages of a person with a session are kept nowhere."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", NO_FEATURES)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if settings.SESSION_COOKIE_NAME in request.COOKIES:  # asked of the cookie: the database may be away
            response.headers["Cache-Control"] = "no-store"
            response.headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        elif request.path.startswith(settings.STATIC_URL):  # a cache may hold a worker for a page with a session
            response.headers.setdefault("Cross-Origin-Embedder-Policy", "require-corp")
        if request.method == "POST" and request.resolver_match and request.resolver_match.view_name == "account_logout":
            # Not "cookies": the session's is deleted by Django, the one of the language may stay.
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response
