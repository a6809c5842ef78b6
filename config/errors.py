"""What people see when something broke: a database that is away is not a bug and says so."""

import logging
import sys
from datetime import timedelta

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.views.defaults import server_error

from claims.limits import answer_later

logger = logging.getLogger(__name__)


def answer_too_many(request: HttpRequest) -> HttpResponse:
    """Answer 429 for the limits of allauth by account and address: all but one of them are by the minute."""
    return answer_later(request, timedelta(minutes=1))


def name_fault(error: BaseException) -> str:
    """Return class and code of what the driver said: its sentence can name a host, a file or a person."""
    cause = error.__cause__ or error
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
    return " ".join(filter(None, (type(cause).__name__, code)))


def answer_error(request: HttpRequest) -> HttpResponse:
    """Answer 503 while the database is down or full, 500 for a bug. Neither page asks the database for anything.

    What was typed stands behind the button of the first, so that it is sent again and not typed again.
    """
    error = sys.exc_info()[1]
    if not isinstance(error, OperationalError | InterfaceError):
        return server_error(request)
    logger.error("database unavailable: %s", name_fault(error))
    context = {"typed": list_typed(request), "path": request.get_full_path()}
    response = HttpResponse(loader.get_template("503.html").render(context), status=503)
    response["Retry-After"], response["Cache-Control"] = "30", "no-store"
    return response


def list_typed(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what a form sent, to be sent again; nothing of a form with files or with a password."""
    if request.method != "POST" or request.FILES or any("password" in name for name in request.POST):
        return []
    return [(name, text) for name, texts in request.POST.lists() for text in texts]
