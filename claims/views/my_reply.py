"""Answering an announced refusal, or objecting to one, in one's own words."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from claims.base.errors import Refused
from claims.base.requests import SignedInRequest
from claims.forms.fields import is_control, join_lines
from claims.review.replies import LONGEST, reply_to_decision
from claims.review.telling import find_told_refusal
from claims.views.languages import keep_language, switch_language
from claims.views.my import find_own_claim, once_entered


class WordsField(forms.CharField):
    """Own words; a sign that no page shows is taken out before the eyes of who wrote it."""

    def prepare_value(self, value: Any) -> str:
        """Return what was typed, without the signs that cannot be kept."""
        return "".join(sign for sign in join_lines(value) if not is_control(sign))

    def to_python(self, value: Any) -> str:
        """Return the words, their lines ended alike."""
        return join_lines(super().to_python(value))

    def validate(self, value: str) -> None:
        """Refuse what cannot be kept."""
        super().validate(value)
        if any(is_control(sign) for sign in value):
            raise forms.ValidationError(_("We took out characters that cannot be kept. Please look at your text again"))


class ReplyForm(forms.Form):
    """What the claimant writes to the office about a decision."""

    words = WordsField(label=gettext_lazy("Your words"), max_length=LONGEST, widget=forms.Textarea)


@login_required
@require_http_methods(("GET", "HEAD", "POST"))
@once_entered
def reply(request: SignedInRequest, reference: str) -> HttpResponse:
    """What the office says, and a field for the answer; where nothing is open, a sentence says so."""
    language = switch_language(request)
    claim = find_own_claim(request, reference)
    typed = {"words": request.POST.get("words", "")}
    form = ReplyForm(initial=typed) if language else ReplyForm(request.POST or None)
    context = {"claim": claim, "form": form, "decision": find_told_refusal(claim)}
    if form.is_valid():
        try:
            reply_to_decision(claim, form.cleaned_data["words"], by=request.user)
            messages.success(request, _("We have your message. A person reads it before anything is decided."))
            return redirect("claims:my-claim", claim.reference)
        except Refused as refusal:
            context["refusal"] = str(refusal)
    return keep_language(render(request, "claims/my_reply.html", context), language)
