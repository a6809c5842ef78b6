"""Pages for everyone travel compressed; pages that hold a secret never do."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.gzip import gzip_page

View = Callable[..., HttpResponse]


def compress_for_strangers(view: View) -> View:
    """Compress what somebody without a session reads.

    Whoever sees the length of compressed pages can guess a secret in them beside a text of his own (BREACH). So a page
    with a session or with something that was sent stays as it is. The token of the forms is masked anew in each answer,
    such a page repeats nothing that came with the request, and its length is blurred by the header of gzip.
    """
    compressed = gzip_page(view)

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        is_public = request.method == "GET" and not request.GET and settings.SESSION_COOKIE_NAME not in request.COOKIES
        return (compressed if is_public else view)(request, *args, **kwargs)

    return answer
