"""Which claim comes next: the filter of the list travels in the address, as `from`."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from claims import access
from claims.base.requests import SignedInRequest
from claims.book import find_place
from claims.counts import list_states
from claims.criteria import Rulebook
from claims.forms import ClaimFilterForm
from claims.lines import list_all
from claims.models import Action, Claim, Decision, User
from claims.review.undoing import is_undoable
from claims.stretches import read_stretch
from claims.views.workspace import read_book

FURTHER = 10  # bounded looks for the next claim to decide on


def read_queue(action: Action, query: str, *, me: User, book: Rulebook | None = None) -> ClaimFilterForm:
    """Return the filter that an address carries; one that is wrong chooses nothing. `book` is the newest if at hand."""
    data = QueryDict(query[:2000])
    states = list_states(action) if "state" in data else []
    return ClaimFilterForm(data, action=action, book=book or read_book(action), states=states, me=me.pk)


def find_neighbour(
    form: ClaimFilterForm, claim: Claim, *, is_before: bool = False, steps: int = 1, decision: Decision | None = None
) -> Claim | None:
    """Return the claim after this one in the order of the list, or before it; none where a bounded look finds none.

    A `decision` that was just made does not count for where the claim stands.
    """
    if not form.is_valid():
        return None
    if form.words:
        return find_in_search(form, claim, is_before=is_before)
    sort = form.order
    mark = find_place(claim, sort=sort, is_before=is_before, decision=decision)
    if mark is None and is_before:
        return None
    stretch = read_stretch(form.action, form.chosen, sort=sort, mark=mark, size=2, steps=steps, sizes=form.sizes)
    found = [pk for pk in stretch.ids if pk != claim.pk]
    return list_all(form.action).filter(pk=found[0]).first() if found else None


def find_in_search(
    form: ClaimFilterForm, claim: Claim, *, is_before: bool = False, status: str | None = None
) -> Claim | None:
    """Return the claim after this one among those who were found by a name, or before it: the likeliest come first."""
    ids = list(form.ranked.ids)
    place = ids.index(claim.pk) if claim.pk in ids else -1  # a decision may have taken it out of the list
    coming = ids[: max(place, 0)][::-1] if is_before else ids[place + 1 :]
    claims = list_all(form.action).filter(**({"status": status} if status else {}))
    found = claims.in_bulk(coming if status else coming[:1])
    return next((found[pk] for pk in coming if pk in found), None)


def find_next_undecided(form: ClaimFilterForm, claim: Claim, decision: Decision | None) -> Claim | None:
    """Return the next claim to decide on: where the list shows all that stand, only those not yet decided.

    What waits can be an objection against a refusal: there the list says by itself what is to be done.
    """
    if not form.is_valid():
        return None
    if form.words:
        waits = "waits" in form.list_chosen()
        return find_in_search(form, claim, status=None if waits else Claim.Status.SUBMITTED)
    data = dict(form.list_chosen())
    if "waits" not in data:
        data.setdefault("status", Claim.Status.SUBMITTED)
    states = list_states(form.action) if "state" in data else []
    narrowed = ClaimFilterForm(data, action=form.action, book=form.book, states=states, me=form.me)
    return find_neighbour(narrowed, claim, steps=FURTHER, decision=decision)


def describe_queue(request: SignedInRequest, claim: Claim, book: Rulebook | None) -> dict[str, Any]:
    """Return the addresses around a claim, and the decision that this person can undo now."""
    query = request.GET.get("from", "")
    form = read_queue(claim.action, query, me=request.user, book=book)
    neighbours = {"next": find_neighbour(form, claim), "previous": find_neighbour(form, claim, is_before=True)}
    addresses = {name: name_address(found, query) for name, found in neighbours.items() if found}
    return {"from": query, "queue": addresses, "undoable": find_undoable(request, claim)}


def name_address(claim: Claim, query: str, **more: str) -> str:
    """Return the address of the page of a claim, with the filter that it was reached by."""
    asked = ({"from": query} if query else {}) | more
    address = reverse("claims:workspace-claim", args=[claim.action.slug, claim.reference])
    return f"{address}?{urlencode(asked)}" if asked else address


def find_undoable(request: SignedInRequest, claim: Claim) -> Decision | None:
    """Return the decision that the address names, if it is of this action and can still be undone."""
    code = request.GET.get("undo", "")
    if not code.isascii() or len(code) != 36:
        return None
    found = access.list_standing_decisions(request.user, claim.action)
    try:
        decision = found.filter(code=code).first()
    except (ValueError, TypeError):
        return None
    return decision if decision and is_undoable(decision) else None


def go_on(request: SignedInRequest, claim: Claim, decision: Decision | None = None) -> HttpResponse:
    """Lead to the next claim of the queue, or back to this one where it was the last."""
    query = request.POST.get("from", "")
    found = find_next_undecided(read_queue(claim.action, query, me=request.user), claim, decision) or claim
    more: Mapping[str, str] = {"undo": str(decision.code)} if decision else {}
    return redirect(name_address(found, query, **more))


def stay(request: SignedInRequest, claim: Claim) -> HttpResponse:
    """Lead back to the page of this claim."""
    return redirect(name_address(claim, request.POST.get("from", "")))
