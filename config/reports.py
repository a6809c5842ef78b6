"""Where browsers report what the Content-Security-Policy stopped. We count; what a report says is kept nowhere."""

import json

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

DIRECTIVES = ("script-src-elem", "script-src-attr", "script-src", "style-src-elem", "style-src-attr", "style-src",
              "img-src", "connect-src", "form-action", "base-uri", "frame-ancestors", "require-trusted-types-for",
              "default-src", "other")  # fmt: skip
MOST_BYTES = 20_000
DAY = 24 * 3600
BUDGET = 1000  # counts of a directive a day: more tells us nothing new, and anyone can send them


@csrf_exempt
@require_POST
def count_csp_report(request: HttpRequest) -> HttpResponse:
    """Add a report to the count of its directive. The answer is the same for good and bad reports."""
    if int(request.META.get("CONTENT_LENGTH") or 0) <= MOST_BYTES:
        directive = read_directive(request.read(MOST_BYTES))
        counted = cache.get_or_set(f"csp-report:{directive}", 0, DAY) or 0
        if counted < BUDGET:
            cache.set(f"csp-report:{directive}", counted + 1, DAY)
    return HttpResponse(status=204)


def read_directive(body: bytes) -> str:
    """Return the directive that a report names, `other` where it names none that we know."""
    try:
        named = json.loads(body)["csp-report"]["effective-directive"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return "other"
    return named if named in DIRECTIVES else "other"


def list_counts() -> dict[str, int]:
    """Return how many reports there were of each directive in the last day, at most BUDGET each."""
    return {directive: cache.get(f"csp-report:{directive}", 0) for directive in DIRECTIVES}
