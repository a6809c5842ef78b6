"""What claimants write back: in a hearing, or against a refusal. Sealed, read by the office with a reason."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.base import history
from claims.base.errors import Refused
from claims.models import Claim, Decision, Reply, User
from claims.review.holding import hold_claim
from claims.review.telling import find_told_refusal
from claims.review.words import open_words, seal_words

LONGEST = 5000  # signs of one reply
MOST = 20  # replies to one decision: a page that a script fills is of no use to anybody


@transaction.atomic
def reply_to_decision(claim: Claim, words: str, *, by: User) -> Reply:
    """Keep what the claimant writes, sealed, with the refusal that the claimant knows of: announced, or final.

    One that can still be undone was told to nobody, and an answer would stand in the way of undoing it. Raises Refused
    where there is nothing to answer.
    """
    held = hold_claim(claim)
    decision = find_told_refusal(held)
    if decision is None:
        raise Refused(_("There is nothing to answer here any more."))
    if not words.strip() or len(words) > LONGEST:
        raise Refused(_("Write between 1 and {most} signs.").format(most=LONGEST))
    if decision.replies.count() >= MOST:
        raise Refused(_("You have written often about this. A person reads all of it; please wait for the answer."))
    reply = Reply(decision=decision)
    reply.words = seal_words(held, reply.code, words)
    reply.save(force_insert=True)
    history.record("reply received", held, by=by, action=held.action, decision=decision.pk)
    return reply


def list_replies(claim: Claim) -> list[Reply]:
    """Return what the claimant has written, the oldest first."""
    return list(Reply.objects.filter(decision__claim=claim).select_related("decision"))


def list_replies_to(decision: Decision) -> list[Reply]:
    """Return what the claimant wrote about one decision, in order."""
    return list(decision.replies.all())


def list_unread(claim: Claim) -> list[Reply]:
    """Return what the claimant has written and nobody has read."""
    return [reply for reply in list_replies(claim) if reply.read_at is None]


def read_replies(claim: Claim, *, by: User) -> list[tuple[Reply, str]]:
    """Return the replies with their words, and keep that they were read."""
    replies = list_replies(claim)
    unread = Reply.objects.filter(pk__in=[reply.pk for reply in replies], read_at=None)
    unread.update(read_at=timezone.now(), read_by=by)
    return [(reply, open_words(claim, reply.code, reply.words)) for reply in replies]
