"""A person sets one finding of one claim, with a reason; every screening keeps it until it is taken back."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.base import history
from claims.base.errors import Refused, StaleStatus
from claims.conflicts import check_not_own
from claims.counts import move_count
from claims.criteria import assess_claim, has_same_rule, list_same_rules, read_stored
from claims.models import Action, Claim, Override, User
from claims.review.holding import check_undecided, explain_stale, hold_claim
from claims.review.record import needs_second_person
from claims.review.words import seal_words
from claims.rules.eligibility import Verdict


@transaction.atomic
def override_finding(
    claim: Claim, criterion: str, verdict: Verdict, reason: str, *, by: User, stamp: str = ""
) -> Override:
    """Set a finding. Where the value of the claim asks for two people it waits for another one, and changes nothing.

    Raises StaleStatus where somebody has set it already, Refused without a reason.
    """
    if not reason.strip():
        raise Refused(_("Say why: a finding is set with a reason only."))
    held = hold_claim(claim, stamp=stamp)
    check_not_own(held, by=by)
    check_undecided(held)
    letters = _read_letters(held)
    if criterion not in letters or letters[criterion] == verdict:
        raise Refused(_("There is nothing to set: choose a criterion and another finding."))
    if Override.objects.filter(claim=held, criterion=criterion, undone_at=None).exists():
        raise StaleStatus(explain_stale())
    needs_second = needs_second_person(held)
    chosen = Override(
        claim=held, criterion=criterion, verdict=verdict, instead_of=letters[criterion], by=by,
        criteria_version=held.criteria_version, needs_second=needs_second, applies=not needs_second,
    )  # fmt: skip
    chosen.reason = seal_words(held, chosen.code, reason)
    chosen.save(force_insert=True)
    _assess_again(held)
    verb = "finding proposed" if needs_second else "finding set by a person"
    history.record(verb, held, by=by, action=held.action, fields=[criterion], override=chosen.pk)
    return chosen


@transaction.atomic
def confirm_override(chosen: Override, *, by: User) -> None:
    """Let a proposed finding count: the second person. Raises Refused for the first one, StaleStatus when over."""
    if chosen.by_id == by.pk:
        raise Refused(_("Somebody else has to confirm it: two people look at a claim of this value."))
    held = hold_claim(chosen.claim)
    check_not_own(held, by=by)
    check_undecided(held)
    if is_lapsed(chosen, held):
        raise Refused(
            _("The rule of this criterion has changed since: leave the finding to the rules, or set it anew.")
        )
    pending = Override.objects.filter(pk=chosen.pk, applies=False, undone_at=None)
    if pending.update(applies=True, confirmed_by=by, confirmed_at=timezone.now()) != 1:
        raise StaleStatus(explain_stale())
    _assess_again(held)
    history.record("finding confirmed", held, by=by, action=held.action, fields=[chosen.criterion], override=chosen.pk)


@transaction.atomic
def undo_override(chosen: Override, *, by: User) -> None:
    """Leave the finding to the rules again."""
    held = hold_claim(chosen.claim)
    check_not_own(held, by=by)
    check_undecided(held)
    there = Override.objects.filter(pk=chosen.pk, undone_at=None)
    if there.update(applies=False, undone_at=timezone.now(), undone_by=by) != 1:
        raise StaleStatus(explain_stale())
    _assess_again(held)
    verb = "finding left to the rules"
    history.record(verb, held, by=by, action=held.action, fields=[chosen.criterion], override=chosen.pk)


def list_current_overrides(claim: Claim) -> list[Override]:
    """Return the findings that people have set or proposed."""
    return list(Override.objects.filter(claim=claim, undone_at=None).select_related("by", "criteria_version"))


def is_lapsed(chosen: Override, claim: Claim) -> bool:
    """Whether a finding was set under another rule than the claim is judged by now, so that it counts no more."""
    version = claim.criteria_version
    return version is not None and not has_same_rule(chosen, read_stored(version))


def list_lapsed(action: Action) -> QuerySet[Override]:
    """Return the findings set on undecided claims under a rule that the newest criteria no longer have."""
    undecided = Override.objects.filter(claim__action=action, claim__status=Claim.Status.SUBMITTED, undone_at=None)
    published = list(action.criteria_versions.only("sha256").order_by("number"))
    if len(published) < 2:
        return undecided.none()
    changed = Q(pk=None)
    for name, versions in list_same_rules(published, read_stored(published[-1])).items():
        changed |= Q(criterion=name) & ~Q(criteria_version__in=versions)
    return undecided.filter(changed)


def _read_letters(held: Claim) -> dict[str, str]:
    if held.criteria_version is None:
        return {}
    criteria = held.criteria_version.document["criteria"]
    return dict(zip([item["id"] for item in criteria], held.findings, strict=True))


def _assess_again(held: Claim) -> None:
    """Apply the version that the claim is pinned to, with what people have set. The row changes in any case.

    A screening at the same time then finds that the claim has changed, and reads it again.
    """
    assert held.criteria_version is not None  # there was a finding to set
    before = (held.habitual_residence, held.tier, held.outcome)
    found = assess_claim(held, read_stored(held.criteria_version))
    held.findings, held.outcome, held.tier = found
    held.screened_at = timezone.now()
    held.save(update_fields=["findings", "outcome", "tier", "screened_at"])
    move_count(held.action_id, before, (held.habitual_residence, held.tier, held.outcome))
