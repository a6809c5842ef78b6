"""The pages of opening an action: from a pack or a clone, the list until publication, and its facts."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from claims import access, opening
from claims.base.errors import Refused
from claims.base.requests import SignedInRequest
from claims.base.shown import read_shown
from claims.forms.opening import CloneForm, Fact, FactsForm, PackForm
from claims.models import Action
from claims.opening.changing import hold_action, list_former_facts, name_facts
from claims.rules.eligibility import RuleError
from claims.rules.rights import Right
from claims.views.together import tell_changed_elsewhere
from claims.workspace import build_frame


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_action(request: SignedInRequest) -> HttpResponse:
    """A new action: a pack of this machine, or a clone of an action in which one decides or says who works there."""
    sources = list(access.list_cloneable_actions(request.user))
    may_open_packs = access.may_open_packs(request.user)
    if not sources and not may_open_packs:
        raise Http404
    chosen = next((s for s in sources if s.slug == request.GET.get("from")), sources[0] if sources else None)
    is_pack = "pack" in request.POST
    if is_pack and not may_open_packs:
        raise Http404
    typed = request.POST if request.method == "POST" else None
    clone = CloneForm(None if is_pack else typed, sources=sources, initial=propose(chosen))
    pack = PackForm(typed if is_pack else None, packs=opening.list_packs())
    form = pack if is_pack else clone
    if form.is_valid():
        try:
            action = open_from(request, form)
        except (Refused, RuleError) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The action is open for the office. Nobody else sees it yet."))
            return redirect("claims:workspace-opening", action.slug)
    context = {"clone": clone, "pack": pack if may_open_packs else None, "chosen": chosen}
    return render(request, "claims/workspace_open.html", context)


def open_from(request: SignedInRequest, form: CloneForm | PackForm) -> Action:
    """Open the action that a form describes, in the role that its opener has where it comes from."""
    if isinstance(form, PackForm):
        return opening.open_pack(
            form.cleaned_data["pack"], by=request.user, role=access.pick_opening_role(request.user, None)
        )
    source = form.sources[form.cleaned_data["source"]]
    role = access.pick_opening_role(request.user, source)
    return opening.clone_action(source, form.make_plan(), by=request.user, role=role)


def propose(source: Action | None) -> dict[str, Any]:
    """Return what the form proposes: what the cloned action says."""
    if source is None:
        return {}
    parties = source.facts.get("parties", {})
    designation = (parties.get("entity", {}).get("designations") or [{}])[0]
    return {
        "source": source.slug, "regime": source.regime_code, "entity": parties.get("entity", {}).get("name", ""),
        "state": designation.get("state", ""), "designated_on": designation.get("on"), "trader": source.matter.trader,
        "languages": source.facts.get("languages", []),
    }  # fmt: skip


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def show_opening(request: SignedInRequest, slug: str) -> HttpResponse:
    """The list until publication; lawyers confirm, publish and take off."""
    action = get_object_or_404(access.list_prepared_actions(request.user), slug=slug)
    if request.method == "POST":
        if Right.DECIDE not in access.list_rights(request.user, action):
            raise Http404
        return take_step(request, action)
    checks = opening.list_checks(action)
    context = build_frame(request.user, action, "opening") | {
        "checks": checks, "is_ready": all(check.state == "done" for check in checks),
        "open": sum(check.state != "done" for check in checks),
    }  # fmt: skip
    return render(request, "claims/workspace_opening.html", context)


def take_step(request: SignedInRequest, action: Action) -> HttpResponse:
    """Confirm a point, publish the action, or take it off."""
    try:
        match request.POST.get("act"):
            case "confirm":
                key, digest = request.POST.get("key", ""), request.POST.get("sha256", "")
                opening.confirm_check(action, key, digest, by=request.user)
            case "publish":
                opening.publish_action(action, by=request.user)
                messages.success(request, _("The action is published: everyone sees it now."))
            case "take_off":
                opening.take_off_action(action, by=request.user)
                messages.success(request, _("The action is shown to nobody but the office now. Its claims stay."))
            case _:
                raise Http404
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("claims:workspace-opening", action.slug)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic  # what the form compares with stays as it is until the form is saved
def edit_facts(request: SignedInRequest, slug: str) -> HttpResponse:
    """The facts that can change, with the versions before; lawyers change them, auditors read them."""
    may_change = access.list_lawyer_actions(request.user).filter(slug=slug).exists()
    if request.method == "POST" and not may_change:
        raise Http404
    action = get_object_or_404(access.list_history_actions(request.user), slug=slug)
    if request.method == "POST":
        action = hold_action(action)
    form = FactsForm(request.POST if request.method == "POST" else None, action=action, shows_all=not may_change)
    shown = read_shown(request.POST, form.make_digests())
    if form.is_valid():
        saved = form.keep_newer(shown)
        try:
            opening.change_facts(action, form.list_changes(), by=request.user, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved. The version before stays in the history."))
            tell_changed_elsewhere(request, saved, form)
            return redirect("claims:workspace-facts", slug)
    context = build_frame(request.user, action, "opening") | {
        "form": form, "shown": shown, "former": [(old, name_facts(old.fields)) for old in list_former_facts(action)],
    }  # fmt: skip
    if not may_change:
        context |= split_languages(form)
    return render(request, "claims/workspace_facts.html", context)


def split_languages(form: FactsForm) -> dict[str, list[Fact]]:
    """Return the facts as they are read: those in the language of the page, or the first one, apart from the others."""
    here = (get_language() or "en").split("-")[0]
    own = ("", here if here in form.languages else next(iter(form.languages), ""))
    facts = form.list_values()
    return {
        "facts": [fact for fact in facts if fact.language in own],
        "other_languages": [fact for fact in facts if fact.language not in own],
    }
