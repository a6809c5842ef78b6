"""What stands in place of a page of a registration that cannot go on: it was sent, or nobody can come in any more."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from claims import access
from claims.closing import tell_closing
from claims.models import Action, Registration

CONFLICT = 409  # what was asked for was not done, and the page says why
View = Callable[..., HttpResponse]


class RegistrationClosed(Exception):
    """Nobody can come into this action now. `registration` is what this person has open there."""

    def __init__(self, action: Action, registration: Registration | None) -> None:
        super().__init__(action.slug)
        self.action, self.registration = action, registration


class RegistrationSent(Exception):
    """The registration that this person had open has become the claim of this reference."""


def find_registration(request: HttpRequest, slug: str) -> Registration:
    """Return the registration that this person has open. Raises RegistrationClosed, RegistrationSent or Http404."""
    registration = find_saved_registration(request, slug)
    require_open(registration)
    return registration


def find_saved_registration(request: HttpRequest, slug: str) -> Registration:
    """Return the registration of this person, also where nobody can come in. Raises RegistrationSent or Http404."""
    registration, code = access.find_registration(request.user, slug), read_code(request)
    if registration and code in {None, registration.code}:
        return registration
    # An old page: what was typed there is of the person before, and must not be saved for the next of the family.
    sent = access.find_newest_registration(request.user, slug, code=code)
    if sent and sent.state != Registration.State.OPEN:
        raise RegistrationSent(sent.reference)
    raise Http404


def read_code(request: HttpRequest) -> UUID | None:
    """Return which registration the page showed; None where it does not say, or somebody made it up."""
    try:
        return UUID(request.POST.get("registration", ""))
    except ValueError:
        return None


def require_open(registration: Registration) -> None:
    """Raise RegistrationClosed where nobody can come into the action now."""
    if tell_closing(registration.action):
        raise RegistrationClosed(registration.action, registration)


def find_open_action(request: HttpRequest, slug: str) -> Action:
    """Return an action that takes people in. Raises RegistrationClosed, and Http404 where nobody may know of it."""
    registration = access.find_registration(request.user, slug)
    action = registration.action if registration else get_object_or_404(access.list_published_actions(), slug=slug)
    if tell_closing(action):
        raise RegistrationClosed(action, registration)
    return action


def tell_when_closed(view: View) -> View:
    """Say on a page of its own that a registration cannot go on, instead of a 404."""

    @wraps(view)
    def tell(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except RegistrationSent as sent:
            return redirect("claims:sent", str(sent))
        except RegistrationClosed as closed:
            return show_closed(request, closed)

    return tell


def show_closed(request: HttpRequest, closed: RegistrationClosed) -> HttpResponse:
    """What happened, what counts, what is kept until when, and what one can do."""
    context = {
        "action": closed.action,
        "registration": closed.registration,
        "closing": tell_closing(closed.action),
    }
    status = CONFLICT if request.method == "POST" else 200
    return render(request, "claims/register_closed.html", context, status=status)
