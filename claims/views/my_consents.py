"""The consents of one's own claim: given and taken back with one tick each."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from claims.base.requests import SignedInRequest
from claims.base.shown import read_shown
from claims.consents import list_consent_digests, list_consents, list_given, save_consents
from claims.forms.registration import DeclarationsForm
from claims.views.languages import keep_language, switch_language
from claims.views.my import find_own_claim, once_entered
from claims.views.together import tell_changed_elsewhere


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@once_entered
def change_consents(request: SignedInRequest, reference: str) -> HttpResponse:
    """Each consent with a tick, as it stands now; saving gives it or takes it back."""
    language = switch_language(request)
    claim = find_own_claim(request, reference)
    texts = list_consents(claim, get_language() or "en")
    shown = read_shown(request.POST, list_consent_digests(claim, texts))
    posted = request.POST if request.method == "POST" and not language else None
    form = DeclarationsForm(posted, texts=texts, held=set(request.POST) if language else list_given(claim))
    if form.is_valid():
        saved = save_consents(claim, form.list_chosen(), offered=texts, by=request.user, shown=shown)
        messages.success(request, _("Saved."))
        tell_changed_elsewhere(request, saved, form)
        return redirect("claims:my-claim", claim.reference)
    context = {"claim": claim, "shown": shown, "consents": [(text, form[text.kind]) for text in texts]}
    return keep_language(render(request, "claims/my_consents.html", context), language)
