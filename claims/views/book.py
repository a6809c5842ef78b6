"""The list of claims: filtered, searched, page by page from any place, and the views of it that people save."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from claims import access
from claims.base.references import clean_reference
from claims.base.requests import SignedInRequest
from claims.book import (
    CAP,
    DUE,
    NEWEST,
    WAITING,
    Mark,
    find_place,
)
from claims.forms import ClaimFilterForm, SaveViewForm, SearchForm
from claims.kept_searches import keep_search
from claims.lines import fetch_claims, list_all, name_claim
from claims.models import Action, Claim
from claims.rules.rights import ROLE_RIGHTS
from claims.saved_views import list_house_views, list_views, make_query, remove_view, save_view
from claims.search import find_by_key
from claims.sizes import read_sizes
from claims.stretches import count_shown, read_stretch
from claims.views.portal import VERDICT_MARKS
from claims.views.workspace import OUTCOME_MARKS, list_tiers, read_book
from claims.workspace import build_frame

PAGE = 50
ORDERS = {
    NEWEST: gettext_lazy("Last registered first."),
    WAITING: gettext_lazy("Waiting longest first."),
    DUE: gettext_lazy("By the last day to answer."),
}
STATUS_MARKS: dict[str, str] = {
    Claim.Status.ACCEPTED: "yes", Claim.Status.REFUSED: "no", Claim.Status.WITHDRAWN: "no", Claim.Status.MERGED: "no",
}  # fmt: skip

SHORT_STATUSES: dict[str, Promise] = {
    Claim.Status.ACCEPTED: gettext_lazy("Accepted"), Claim.Status.REFUSED: gettext_lazy("Refused"),
    Claim.Status.WITHDRAWN: gettext_lazy("Withdrawn"), Claim.Status.MERGED: gettext_lazy("Merged"),
}  # fmt: skip


@dataclass(frozen=True)
class Page:
    """Some claims in the order of the list, whether there are more on either side, and how many there are in all."""

    claims: list[Claim]
    has_previous: bool = False
    has_next: bool = False
    total: int = 0
    is_capped: bool = False
    stopped_at: str = ""  # the claim at which a long search stopped; the next page goes on there
    is_before: bool = False


@login_required
@require_http_methods(("GET", "HEAD", "POST"))
def list_claims(request: SignedInRequest, slug: str) -> HttpResponse:
    """The book, filtered and in order. Its forms send by POST what names people, and are led to an address without."""
    if request.method == "POST":
        actions = access.list_office_actions(request.user).defer(*access.DOCUMENTS)
        return lead_on(request, get_object_or_404(actions, slug=slug))
    role = access.find_office_role(request.user, slug)
    if role is None:
        raise Http404
    action, form = role.action, read_form(request, role.action)
    page = Page([])
    if form.is_valid():
        page = search_book(form) if form.words else read_page(form, request.GET)
    rights = ROLE_RIGHTS[role.name]
    context = build_frame(request.user, action, "claims", rights=rights, standing=form.sizes.standing)
    context |= describe_list(form, page)
    context |= {"views": list_views(action, request.user), "house_views": list_house_views(form.sizes)}
    context |= {"save_form": SaveViewForm(), "cap": CAP, "order_name": ORDERS[form.order]}
    return render(request, "claims/workspace_claims.html", context)


def read_form(request: SignedInRequest, action: Action) -> ClaimFilterForm:
    """Return the filter in the address of a request."""
    sizes = read_sizes(action)
    form = ClaimFilterForm(request.GET, action=action, book=read_book(action), states=sizes.states, me=request.user.pk)
    form.sizes = sizes
    return form


def describe_list(form: ClaimFilterForm, page: Page) -> dict[str, Any]:
    """Return what the list shows: its rows, and the addresses of the pages around it."""
    chosen, tiers = form.list_chosen(), dict(list_tiers(form.book))
    first, last = (page.claims[0].reference, page.claims[-1].reference) if page.claims else ("", "")
    if page.stopped_at:
        first, last = (page.stopped_at, last) if page.is_before else (first, page.stopped_at)
    return {
        "form": form,
        "chosen": chosen,
        "typed": form.words,
        "query": urlencode(chosen),
        "kept_query": make_query(chosen),
        "page": page,
        "rows": [describe_row(claim, tiers) for claim in page.claims],
        "first_query": urlencode(chosen) if page.has_previous else None,
        "previous_query": urlencode(chosen | {"before": first}) if page.has_previous and first else "",
        "next_query": urlencode(chosen | {"after": last}) if page.has_next and last else "",
    }


def lead_on(request: SignedInRequest, action: Action) -> HttpResponse:
    """Lead to the only claim that can be meant, else to the list; its address holds filters and nothing of a person.

    The box at the top looks through the whole book, the one of the filter within it.
    """
    sent, address = request.POST, reverse("claims:workspace-claims", args=[action.slug])
    names = [] if "find" in sent else [name for name in ClaimFilterForm.base_fields if name != "search"]
    chosen = {name: sent[name][:200] for name in names if sent.get(name)}
    form = SearchForm({"q": sent.get("find", sent.get("q", "")).replace("\x00", "")})
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for error in form.errors["q"]))
    elif typed := form.cleaned_data["q"]:
        if claim := find_only(request, action, typed, by_reference="find" not in sent):
            return redirect("claims:workspace-claim", action.slug, claim.reference)
        chosen["search"] = keep_search(action, typed, by=request.user)
    return redirect(f"{address}?{urlencode(chosen)}" if chosen else address)


def find_only(request: SignedInRequest, action: Action, typed: str, *, by_reference: bool) -> Claim | None:
    """Return the only claim under a reference, or under an external one or an e-mail address."""
    claims = access.list_office_claims(request.user).filter(action=action)
    if by_reference:
        reference = clean_reference(typed)
        return claims.filter(reference=reference).first() if reference else None
    key = find_by_key(action, typed)
    found = list(claims.filter(key)[:2]) if key is not None else []
    return found[0] if len(found) == 1 else None


def read_page(form: ClaimFilterForm, query: Mapping[str, str]) -> Page:
    """Return the claims after or before the one that the address names, else the first page."""
    mark = find_mark(form, query)
    found = read_stretch(form.action, form.chosen, sort=form.order, mark=mark, size=PAGE + 1, sizes=form.sizes)
    is_before = bool(mark and mark.is_before)
    claims = fetch_claims(found.ids[:PAGE])
    total, is_capped = count_shown(form.action, form.sizes, form.chosen, None if mark else found)
    has_more = len(found.ids) > PAGE or found.stopped_at is not None
    return Page(
        claims[::-1] if is_before else claims,
        has_previous=has_more if is_before else bool(mark),
        has_next=bool(mark) if is_before else has_more,
        total=total,
        is_capped=is_capped,
        stopped_at=name_claim(found.stopped_at),
        is_before=is_before,
    )


def find_mark(form: ClaimFilterForm, query: Mapping[str, str]) -> Mark | None:
    """Return the claim at which a page begins or ends."""
    name = "before" if query.get("before") else "after"
    reference = clean_reference(query.get(name, "")[:40])
    if not reference:
        return None
    found = list_all(form.action).filter(reference=reference).only("registered_at").first()
    return find_place(found, sort=form.order, is_before=name == "before") if found else None


def search_book(form: ClaimFilterForm) -> Page:
    """Return the claims of the people who may be meant, the likeliest first."""
    found = form.ranked
    return Page(fetch_claims(list(found.ids)), total=len(found.ids), is_capped=found.has_more)


def describe_row(claim: Claim, tiers: dict[str, str]) -> dict[str, Any]:
    """Return a line of the list: the claim, its marks, how many findings say what, and how long it waits for us."""
    tally = [(mark, claim.findings.count(verdict)) for verdict, mark in VERDICT_MARKS.items()]
    waits = claim.status == Claim.Status.SUBMITTED
    # Asked here: a template looks through all names of a claim before it takes for granted that one is missing.
    held, work = getattr(claim, "quarantine", None), getattr(claim, "assignment", None)
    return {
        "claim": claim,
        "mark": OUTCOME_MARKS.get(claim.outcome, ""),
        "status_mark": STATUS_MARKS.get(claim.status, ""),
        "status": SHORT_STATUSES.get(claim.status, claim.status),
        "tally": [(mark, n) for mark, n in tally if n],
        "tier": tiers.get(claim.tier, claim.tier) if claim.tier else "",
        "is_held": bool(held and held.is_open),
        "worker": work.user if work else None,
        "days": (timezone.now() - claim.registered_at).days if waits else None,
    }


@login_required
@require_POST
def keep_view(request: SignedInRequest, slug: str) -> HttpResponse:
    """Save a filter under a name."""
    action = get_object_or_404(access.list_office_actions(request.user), slug=slug)
    form = SaveViewForm(request.POST)
    address = reverse("claims:workspace-claims", args=[slug])
    if not form.is_valid():
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
        return redirect(address)
    view = save_view(action, by=request.user, **form.cleaned_data)
    messages.success(request, _("The view “%(name)s” is saved.") % {"name": view.name})
    if "typed" in request.POST:
        messages.info(request, say_not_kept())
    return redirect(f"{address}?{view.query}")


def say_not_kept() -> str:
    """Say that a view has no search: what was typed lives a day, and would name somebody to whoever has the link."""
    return _("What you typed in the search is not kept: it may be somebody's name.")


@login_required
@require_POST
def drop_view(request: SignedInRequest, slug: str, number: int) -> HttpResponse:
    """Remove a view that one saved."""
    action = get_object_or_404(access.list_office_actions(request.user), slug=slug)
    view = get_object_or_404(list_views(action, request.user).filter(user=request.user), pk=number)
    remove_view(view)
    messages.success(request, _("The view “%(name)s” is removed.") % {"name": view.name})
    return redirect("claims:workspace-claims", slug)
