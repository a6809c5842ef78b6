"""Claims that a person must look at before they count: held with reasons, never dropped, released by a lawyer.

A held claim is registered: its owner sees it, a time limit that registering keeps is kept. It is in no number, register
or filing. The kept counts (claims.counts) hold it all the same, so that whoever writes them need not ask; whoever reads
them takes `claims.counts.count_held` off.
"""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.base import history
from claims.base.errors import StaleStatus
from claims.conflicts import check_not_own
from claims.models import Action, Claim, Quarantine, Registration, User
from claims.rules import suspicion

WORDS: dict[str, str | Promise] = {
    suspicion.NO_PROOF: gettext_lazy("No proof of work came with the form: a browser without scripts, or a program"),
    suspicion.OLD_PROOF: gettext_lazy("The page had stood open for hours"),
    suspicion.USED_PROOF: gettext_lazy("A proof of work was handed in a second time"),
    suspicion.FORGED_PROOF: gettext_lazy("A proof of work was made up"),
    suspicion.NO_PAGE: gettext_lazy("The form was sent without our page ever having been shown"),
    suspicion.TOO_FAST: gettext_lazy("The form was sent sooner than anyone types"),
    suspicion.TRAP: gettext_lazy("A field that people do not see was filled in"),
    suspicion.BUSY_BLOCK: gettext_lazy("Very many starts came from the same part of the net"),
    suspicion.STANDS_ELSEWHERE: gettext_lazy(
        "This person came into another action of this matter while the registration was on its way; the law allows one"
    ),
}


def hold_suspect(registration: Registration, claim: Claim, *, also: Sequence[str] = ()) -> Quarantine | None:
    """Hold the claim of a registration whose score, or `also`, asks for it. In the transaction that makes the claim."""
    is_suspect, score = suspicion.is_to_hold(registration.score), registration.score or 0
    reasons = [*(registration.reasons or [] if is_suspect else []), *also]
    if not is_suspect and not also:
        return None
    held = Quarantine.objects.create(claim=claim, action_id=claim.action_id, score=score, reasons=reasons)
    history.record("claim held for a look", claim, action=registration.action, score=score, reasons=reasons)
    return held


@transaction.atomic
def release_claim(claim: Claim, *, by: User) -> None:
    """Let a held claim count from now on. Raises StaleStatus where somebody has released it already."""
    check_not_own(claim, by=by)
    held = Quarantine.objects.filter(claim=claim, released_at__isnull=True)
    if held.update(released_at=timezone.now(), released_by=by) != 1:
        raise StaleStatus(_("somebody else has released this claim already"))
    history.record("held claim released", claim, by=by, action=claim.action)


def list_held(action: Action) -> QuerySet[Quarantine]:
    """Return what waits for a person in an action, the longest first."""
    return Quarantine.objects.filter(action=action, released_at__isnull=True).order_by("since", "pk")


def leave_out_held(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """Return the claims that count: those that are not held."""
    return claims.exclude(Exists(Quarantine.objects.filter(claim=OuterRef("pk"), released_at__isnull=True)))


def find_held(claim: Claim) -> Quarantine | None:
    """Return why a claim is held, if it is."""
    return Quarantine.objects.filter(claim=claim, released_at__isnull=True).first()


def say_reasons(reasons: Sequence[str]) -> list[str]:
    """Return reasons in words; one that is no longer known by its name."""
    return [str(WORDS.get(reason, reason)) for reason in reasons]
