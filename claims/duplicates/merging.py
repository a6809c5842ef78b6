"""Two claims of one person become one, and two again when that was wrong, months later too.

Nothing of a person moves between claims: files, answers and words stay sealed under the claimant who gave them, so a
merge has nothing to put back but a status and a date, and the proofs of joining that came in for a merged claim since.
The kept claim is the one that joined the court action first, or else the one that was registered first; it takes the
earliest moment of registration of all that were merged into it, and the earliest day of joining.
Merges form a tree: a claim that was merged may have had others merged into it, which stay with it.
"""

from collections import Counter
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.base import history
from claims.base.errors import Refused, StaleStatus
from claims.conflicts import check_not_own
from claims.duplicates.giving_back import (
    give_proofs_back,
    list_holding,
    renew_joined_on,
    tell_given_back,
    tell_own,
)
from claims.duplicates.holding import hold_claims, hold_family
from claims.duplicates.pairs import hold_pair, open_words, seal_words, settle_pair
from claims.letters import send_letter
from claims.lifecycle import Step, take_steps
from claims.models import Claim, Deficiency, DuplicatePair, Evidence, Hearing, JoiningProof, Merge, Period, User
from claims.tallies import Tally, list_moved_day


def choose_kept(one: Claim, other: Claim) -> tuple[Claim, Claim]:
    """Return the claim to keep and the one to merge: who joined first, else who was registered first."""
    kept = min((one, other), key=_rank)
    return kept, other if kept is one else one


def _rank(claim: Claim) -> tuple:
    """Order claims by their joining in court, with proof; those that have not joined by their registration."""
    proof = next(iter(list_holding(claim)), None)
    joined_on = proof.on if proof else claim.joined_on
    clock = proof.at.isoformat() if proof and proof.at else "24"  # a day without its time: the end of it
    return (joined_on is None, str(joined_on), clock, claim.registered_at, claim.pk)


@transaction.atomic
def merge_pair(pair: DuplicatePair, *, by: User, reason: str, words: str = "") -> Merge:
    """Merge the two claims of a pair and return how. One transaction: status, counts, dates, letters, history.

    Raises Refused where one of them stands no longer, and StaleStatus where somebody was quicker.
    """
    if reason not in Merge.Reason.values:
        raise Refused(_("choose how you know that they are one person"))
    claims = hold_claims([pair.first_id, pair.second_id])
    held = hold_pair(pair)
    check_not_own(*claims.values(), by=by)
    if not all(claim.stands for claim in claims.values()):
        raise Refused(_("one of the two claims does not stand any more: it was withdrawn, refused or merged"))
    kept, merged = choose_kept(claims[held.first_id], claims[held.second_id])
    merge = _write_merge(held, kept, merged, by=by, reason=reason, words=words)
    settle_pair(held, DuplicatePair.State.MERGED, by=by)
    stopped = close_periods(merged)
    take_steps([Step(merged, Claim.Status.MERGED, is_merging=True)], also=renew_registered_at(kept))
    tell_people(kept, merged)
    history.record(
        "claim merged", merged, by=by, action=merged.action, kept=kept.pk, merge=merge.pk, reason=reason,
        stopped=stopped,
    )  # fmt: skip
    history.record("claim took another in", kept, by=by, action=kept.action, merged=merged.pk, merge=merge.pk)
    return merge


def _write_merge(pair: DuplicatePair, kept: Claim, merged: Claim, *, by: User, reason: str, words: str) -> Merge:
    earlier = Merge.objects.filter(kept=kept, undone_at=None).first()
    merge = Merge(
        kept=kept, merged=merged, pair=pair, status_before=merged.status, by=by, reason=reason,
        kept_registered_at=earlier.kept_registered_at if earlier else kept.registered_at, moved=_list_moved(merged),
    )  # fmt: skip
    merge.words = seal_words(merged.claimant, words, place=name_place(merge))
    merge.save(force_insert=True)
    return merge


def _list_moved(merged: Claim) -> dict[str, list]:
    """Return the ids of what the kept claim stands for from now on, and which contact data are there."""
    person = merged.claimant
    files = Evidence.objects.filter(owner=person).exclude(state=Evidence.State.ERASING)
    return {
        "evidence": list(files.values_list("pk", flat=True)),
        "deficiencies": list(Deficiency.objects.filter(claim=merged, closed_at=None).values_list("pk", flat=True)),
        "joining": list(JoiningProof.objects.filter(claim=merged, taken_back_at=None).values_list("pk", flat=True)),
        "contact": [name for name in ("email", "phone", "street", "language") if getattr(person, name)],
    }


def renew_registered_at(kept: Claim) -> Counter[Tally]:
    """Give a claim the earliest registration among its own and those of the claims that are merged into it.

    Returns what that changes in the tallies, which are added with the move of the other claim.
    """
    merges = list(Merge.objects.filter(kept=kept, undone_at=None).select_related("merged"))
    if merges:
        earliest = min([merges[0].kept_registered_at, *(merge.merged.registered_at for merge in merges)])
        return _set_registered_at(kept, earliest)
    return Counter()


def _set_registered_at(claim: Claim, moment: datetime) -> Counter[Tally]:
    Claim.objects.filter(pk=claim.pk).update(registered_at=moment)
    before, claim.registered_at = claim.registered_at, moment
    return list_moved_day(before, moment)


@transaction.atomic
def unmerge_claim(claim: Claim, *, by: User, words: str = "") -> Merge:
    """Let a merged claim stand by itself again, as it was. Claims that were merged into it before stay in it.

    What happened to the kept claim since does not matter: nothing of this one was in it. Raises Refused, StaleStatus.
    """
    claims = hold_family([claim.pk])
    merge = Merge.objects.filter(merged=claim, undone_at=None).first()  # nobody ends it but who holds both claims
    if merge is None:
        raise StaleStatus(_("Someone else has already taken these claims apart."))
    above = [merge.kept, *list_above(merge.kept)]
    claims = {pk: claims[pk] for pk in (claim.pk, *(kept.pk for kept in above))}
    held = claims[claim.pk]
    check_not_own(*claims.values(), by=by)
    if held.status != Claim.Status.MERGED:
        raise Refused(_("this claim was withdrawn or erased since, so there is nothing to take apart"))
    merge.undone_words = seal_words(held.claimant, words, place=name_place(merge, "undone"))
    given = give_proofs_back(held, [claims[kept.pk] for kept in above], by=by)
    moved = end_merge(merge, [claims[kept.pk] for kept in above], by=by)
    if merge.pair:
        settle_pair(merge.pair, DuplicatePair.State.NOT_SAME, by=by, reason=DuplicatePair.Reason.OTHER)
    reopen_periods(merge)
    take_steps([Step(held, Claim.Status(merge.status_before), is_merging=True)], also=moved)
    send_letter(held, "unmerged")
    tell_given_back(given, by=by)
    tell_own(held, merge.at, given=given)
    history.record("claim taken out again", claims[merge.kept_id], by=by, action=held.action, merge=merge.pk)
    history.record("merge undone", held, by=by, action=held.action, kept=merge.kept_id, merge=merge.pk)
    return merge


def end_merge(merge: Merge, above: list[Claim], *, by: User | None) -> Counter[Tally]:
    """Write that a merge holds no longer, and give the claims above, which are locked, their dates back.

    Returns what that changes in the tallies. `by` is None where nobody decided it.
    """
    merge.undone_at, merge.undone_by = timezone.now(), by
    merge.save(update_fields=["undone_at", "undone_by", "undone_words"])
    moved = _set_registered_at(above[0], merge.kept_registered_at)
    has_proofs = bool(list_holding(merge.merged))
    for kept in above:
        moved.update(renew_registered_at(kept))
        if has_proofs:
            moved.update(renew_joined_on(kept))
    return moved


def close_periods(merged: Claim) -> int:
    """Stop what was asked of a merged claim and what it was to be heard on, and return how much: it waits there."""
    now, n = timezone.now(), 0
    for periods in (Deficiency.objects, Hearing.objects):
        n += periods.filter(claim=merged, closed_at=None).update(closed_at=now, closed_as=Period.End.MERGED)
    return n


def reopen_periods(merge: Merge) -> None:
    """Let such times run on where a claim stands again, with the days in which its holder could not answer."""
    lost = timezone.localdate() - timezone.localdate(merge.at)
    for periods in (Deficiency.objects, Hearing.objects):
        stopped = periods.filter(claim=merge.merged_id, closed_as=Period.End.MERGED, closed_at__gte=merge.at)
        for period in stopped:
            periods.filter(pk=period.pk).update(
                closed_at=None, closed_as="", over_at=None, reminded_at=None, until=period.until + lost
            )


def list_above(claim: Claim) -> list[Claim]:
    """Return the claims into which this one is merged, one after the other; the last is the one that is kept."""
    above: list[Claim] = []
    current = claim
    while merge := Merge.objects.filter(merged=current, undone_at=None).select_related("kept__claimant").first():
        current = merge.kept
        above.append(current)
    return above


def find_kept(claim: Claim) -> Claim:
    """Return the claim that stands for this one: itself, or the one it was merged into in the end."""
    return (list_above(claim) or [claim])[-1]


def list_merges(claim: Claim) -> list[Merge]:
    """Return every merge of a claim, those undone too, the newest first."""
    merges = Merge.objects.filter(kept=claim) | Merge.objects.filter(merged=claim)
    return list(merges.select_related("kept__claimant", "merged__claimant", "by", "undone_by").order_by("-pk"))


def describe_merges(claim: Claim) -> list[dict[str, Any]]:
    """Return every merge of a claim with the other claim, and what the office said of it."""
    return [
        {
            "row": merge,
            "is_merged": merge.merged_id == claim.pk,
            "other": merge.kept if merge.merged_id == claim.pk else merge.merged,
            "words": open_words(merge.merged.claimant, merge.words, place=name_place(merge)),
            "undone_words": open_words(merge.merged.claimant, merge.undone_words, place=name_place(merge, "undone")),
            "can_undo": merge.undone_at is None and merge.merged.status == Claim.Status.MERGED,
        }
        for merge in list_merges(claim)
    ]


def lead_on(claim: Claim) -> dict[str, Any] | None:
    """Return where the claimant of a merged claim is led: to the claim that counts, where the account is the same."""
    if claim.status != Claim.Status.MERGED:
        return None
    kept = find_kept(claim)
    is_shown = is_same_account(claim, kept)
    reference = kept.reference if is_shown else ""
    return {
        "is_shown": is_shown,
        "reference": reference,
        "can_act": not (is_shown and kept.stands),
        "counts": kept.stands,
    }


def is_left_alone(claim: Claim) -> bool:
    """Whether the holder of a merged claim cannot act through the claim that counts: it is another's, or is gone."""
    kept = find_kept(claim)
    return not (kept.stands and is_same_account(claim, kept))


def is_same_account(one: Claim, other: Claim) -> bool:
    """Whether both claims are held by one account: only then may their pages lead to each other.

    A merge is what the office believes. An account is shown nothing of another, not even its reference: should the
    belief be wrong, nobody has seen what is not theirs.
    """
    return one.claimant.user_id is not None and one.claimant.user_id == other.claimant.user_id


def tell_people(kept: Claim, merged: Claim) -> None:
    """Write to both addresses; a mail names only the claim of the one it goes to."""
    send_letter(merged, "merged", is_kept=False)
    if kept.claimant.email.lower() != merged.claimant.email.lower():
        send_letter(kept, "merged", is_kept=True)


def name_place(merge: Merge, which: str = "done") -> str:
    """Return where the words about a merge are sealed."""
    return f"merge {merge.code} {which} words"
