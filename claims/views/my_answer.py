"""One question of one's own claim, answered or corrected while what we found is open."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from claims.base.errors import Refused
from claims.base.requests import SignedInRequest
from claims.base.shown import make_digests, put_together, read_shown
from claims.curing import (
    correct_answer,
    explain_closed,
    find_declaration,
    find_question,
    list_asked,
    list_told,
    read_answer,
)
from claims.forms.registration import DeclarationsForm, StepForm
from claims.intake.summary import say_answer
from claims.models import Claim
from claims.rules.eligibility import Outcome
from claims.views.languages import keep_language, switch_language
from claims.views.my import find_own_claim, once_entered
from claims.views.together import tell_changed_elsewhere

GET_OR_POST = ("GET", "HEAD", "POST")


@login_required
@require_http_methods(GET_OR_POST)
@once_entered
def answer(request: SignedInRequest, reference: str, question: str) -> HttpResponse:
    """One question: ask, save into the claim, check it again. Where it is not open, a sentence says why."""
    language = switch_language(request)
    claim = find_own_claim(request, reference)
    asked = find_question(claim, question)
    if asked is None:
        return _refuse(request, claim, question)
    posted = request.POST if request.method == "POST" else None
    held, place = {question: read_answer(claim, asked)}, f"answers of claim {claim.pk}"
    shown = read_shown(request.POST, make_digests(held, place=place))
    form = StepForm(posted, questions=[asked], initial=held, told=list_told(claim))
    text = find_declaration(claim, asked, get_language() or "en")
    declaring = DeclarationsForm(posted, texts=[text] if text else [], held=set())
    if language:
        form = StepForm(questions=[asked], initial=form.list_typed())
        declaring = DeclarationsForm(None, texts=declaring.texts.values(), held=set(request.POST))
    context = {"claim": claim, "form": form, "shown": shown, "former": held[question]}
    if text:
        context["declarations"] = [(text, declaring[text.kind])]
        context["declared_words"] = say_answer(asked, asked["declared"]["answer"])
    if form.is_valid() and declaring.is_valid():
        accepted = next(iter(declaring.list_chosen()), None)
        saved = put_together(form.list_texts(), held=held, shown=shown, place=place)
        if saved.kept:
            tell_changed_elsewhere(request, saved, form)
            return redirect("claims:my-claim", claim.reference)
        try:
            claim = correct_answer(claim, question, form.list_texts()[question], by=request.user, accepted=accepted)
            tell_changed_elsewhere(request, saved, form)
            messages.success(request, _("Saved.") + " " + _say_found(claim))
            return redirect("claims:my-claim", claim.reference)
        except Refused as problem:
            context["refusal"] = str(problem)
    return keep_language(render(request, "claims/my_answer.html", context), language)


def _refuse(request: SignedInRequest, claim: Claim, question: str) -> HttpResponse:
    """Answer 404 for a question that there is not, else say why it is closed."""
    if question not in list_asked(claim):
        raise Http404
    return render(request, "claims/my_answer_closed.html", {"claim": claim, "reason": explain_closed(claim, question)})


def _say_found(claim: Claim) -> str:
    found = {
        Outcome.ELIGIBLE: _("Going by your answers, your claim now meets all criteria."),
        Outcome.NEEDS_INFO: _("Some information is still missing; see below."),
        Outcome.INELIGIBLE: _("At least one criterion seems not to be met; a person looks at it."),
    }
    return found.get(Outcome(claim.outcome), "") if claim.outcome else ""
