"""Working on one claim: notes, who takes it, who looks at it now, uncovering what is masked."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from claims import access
from claims.base.errors import Refused
from claims.base.references import clean_reference
from claims.base.requests import SignedInRequest
from claims.confirming import confirm_recently
from claims.forms.review import BornForm, NoteForm, RevealForm
from claims.reading import WORDS, within_budget
from claims.review import birthdays, casework
from claims.rules.rights import Right
from claims.views.queue import stay


@login_required
@require_POST
def add_note(request: SignedInRequest, slug: str, reference: str) -> HttpResponse:
    """Keep a note of the office."""
    mine = access.list_working_claims(request.user)
    claim = get_object_or_404(mine, action__slug=slug, reference=clean_reference(reference))
    form = NoteForm(request.POST)
    if form.is_valid():
        casework.add_note(claim, form.cleaned_data["words"], by=request.user)
        messages.success(request, _("The note is kept. It never leaves the office."))
    else:
        messages.error(request, _("The note was not kept: write between 1 and 4,000 signs."))
    return stay(request, claim)


@login_required
@require_POST
def correct_birthday(request: SignedInRequest, slug: str, reference: str) -> HttpResponse:
    """Enter the day of birth of a claimant, or put it right, with a reason."""
    mine = access.list_working_claims(request.user)
    claim = get_object_or_404(mine, action__slug=slug, reference=clean_reference(reference))
    form = BornForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(form.list_problems())
        birthdays.correct_birthday(
            claim, form.cleaned_data["born_on"], reason=form.cleaned_data["reason"], by=request.user
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved."))
    return stay(request, claim)


@login_required
@require_POST
def assign(request: SignedInRequest, slug: str, reference: str) -> HttpResponse:
    """Take the work on a claim, or give it back."""
    mine = access.list_working_claims(request.user)
    claim = get_object_or_404(mine, action__slug=slug, reference=clean_reference(reference))
    try:
        change = casework.leave_claim if "leave" in request.POST else casework.take_claim
        change(claim, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return stay(request, claim)


@login_required
@within_budget(WORDS)
@confirm_recently
@require_POST
def reveal(request: SignedInRequest, slug: str, reference: str) -> HttpResponse:
    """Uncover own words and bank data for a quarter of an hour; the claimant sees that it happened."""
    mine = access.list_revealing_claims(request.user)
    claim = get_object_or_404(mine, action__slug=slug, reference=clean_reference(reference))
    may_decide = Right.DECIDE in access.list_rights(request.user, claim.action)
    form = RevealForm(request.POST, may_decide=may_decide)
    try:
        if not form.is_valid():
            raise Refused(_("Choose a reason from the list."))
        casework.reveal_claim(claim, form.cleaned_data["reason"], form.cleaned_data["words"], by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return stay(request, claim)


@login_required
@require_POST
def note_presence(request: SignedInRequest, slug: str, reference: str) -> HttpResponse:
    """Say that one still has the page open; tell who else does."""
    mine = access.list_office_claims(request.user)
    claim = get_object_or_404(mine, action__slug=slug, reference=clean_reference(reference))
    others = casework.note_presence(claim, by=request.user)
    return JsonResponse({"others": [str(look.user) for look in others]})
