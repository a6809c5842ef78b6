"""Another language on a page whose answers are stored nowhere: the form carries them, a cookie keeps the choice."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation


def switch_language(request: HttpRequest) -> str:
    """Speak the language that a button of the menu sent, and return it; "" where none was pressed."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return ""
    translation.activate(language)
    return language


def keep_language(response: HttpResponse, language: str) -> HttpResponse:
    """Return the answer with the cookie that Django's own page for the choice of a language sets."""
    if language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language,
            secure=settings.LANGUAGE_COOKIE_SECURE, httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
        )  # fmt: skip
    return response
