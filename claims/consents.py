"""Consents that a claim does not depend on: taking one back is as easy as giving it (GDPR, Article 7(3))."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from claims.base import history
from claims.base.shown import Together, make_digests, put_together
from claims.mandates import list_acceptances, list_optional
from claims.models import Acceptance, Claim, DeclarationText, User

TICKED = "ticked"


def has_consents(claim: Claim) -> bool:
    """Whether anything is asked in this action that a claim does not depend on."""
    return claim.action.declaration_texts.filter(is_optional=True).exists()


def list_consents(claim: Claim, language: str) -> list[DeclarationText]:
    """Return the text of each consent: the newest one, or the one that this person gave and that still holds."""
    texts = {text.kind: text for text in list_optional(claim.action, language)}
    for text in (acceptance.text for acceptance in list_acceptances(claim) if _holds(acceptance)):
        if text.kind not in texts or texts[text.kind].version != text.version:
            texts[text.kind] = text
    return list(texts.values())


def list_given(claim: Claim) -> set[str]:
    """Return the kinds of consent that were given and not taken back."""
    return {acceptance.text.kind for acceptance in claim.acceptances.select_related("text") if _holds(acceptance)}


def _holds(acceptance: Acceptance) -> bool:
    return bool(acceptance.text.is_optional) and acceptance.taken_back_at is None


def list_consent_digests(claim: Claim, offered: Iterable[DeclarationText]) -> dict[str, str]:
    """Return kind -> digest of whether a consent is given, for its page to carry."""
    return make_digests(_list_ticks(offered, list_given(claim)), place=_name_page(claim))


@transaction.atomic
def save_consents(
    claim: Claim,
    chosen: Iterable[DeclarationText],
    *,
    offered: Iterable[DeclarationText],
    by: User,
    shown: Mapping[str, str] | None = None,
) -> Together:
    """Give what is ticked anew, and take back what is no longer ticked. What was given before stays on record.

    It goes on after a claim is withdrawn or closed: a consent has its own end. A tick that was not touched on the
    page, by what it had `shown`, stays as another tab left it: an old page gives nothing again.
    """
    held = Claim.objects.select_for_update(of=("self",)).get(pk=claim.pk)
    if held.claimant.user_id != by.pk:  # erased meanwhile: nothing is put there again
        return Together({})
    given, ticked = list_given(held), {text.kind: text for text in chosen}
    ticks, kept = _list_ticks(offered, set(ticked)), _list_ticks(offered, given)
    together = put_together(ticks, held=kept, shown=shown or {}, place=_name_page(held))
    new = sorted(kind for kind, tick in together.texts.items() if tick and kind not in given)
    gone = sorted(kind for kind, tick in together.texts.items() if not tick and kind in given)
    now = timezone.now()
    Acceptance.objects.bulk_create(Acceptance(claim=held, text=ticked[kind], accepted_at=now) for kind in new)
    standing = held.acceptances.filter(text__is_optional=True, taken_back_at=None)
    standing.filter(text__kind__in=gone).update(taken_back_at=now)
    for verb, kinds in (("consent given", new), ("consent taken back", gone)):
        if kinds:
            history.record(verb, held, by=by, action=held.action, kinds=kinds)
    return together


def _list_ticks(offered: Iterable[DeclarationText], kinds: set[str]) -> dict[str, str]:
    return {text.kind: TICKED * (text.kind in kinds) for text in offered}


def _name_page(claim: Claim) -> str:
    return f"consents of claim {claim.pk}"
