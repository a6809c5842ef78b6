"""Working on a claim: notes, who takes it, who looks at it now, and uncovering what is masked."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.base import history
from claims.base.errors import Refused, StaleStatus
from claims.conflicts import check_not_own
from claims.models import Assignment, Claim, Look, Note, Reveal, User
from claims.review.words import open_words, seal_words

PRESENT_FOR = timedelta(seconds=70)  # the page says twice a minute that it is open, a hidden one once
REVEALED_FOR = timedelta(minutes=15)
LONGEST_NOTE = 4000


@transaction.atomic
def add_note(claim: Claim, words: str, *, by: User) -> Note:
    """Keep a note of the office, sealed."""
    if not words.strip() or len(words) > LONGEST_NOTE:
        raise Refused(_("Write between 1 and {most} signs.").format(most=LONGEST_NOTE))
    note = Note(claim=claim, by=by)
    note.words = seal_words(claim, note.code, words)
    note.save(force_insert=True)
    history.record("note added", claim, by=by, action=claim.action, note=note.pk)
    return note


def list_notes(claim: Claim) -> list[tuple[Note, str]]:
    """Return the notes with their words, the newest first. For the pages of the office and nothing else."""
    notes = Note.objects.filter(claim=claim).select_related("by")
    return [(note, open_words(claim, note.code, note.words)) for note in notes]


@transaction.atomic
def take_claim(claim: Claim, *, by: User) -> None:
    """Take the work on a claim; from somebody who had it, too."""
    Assignment.objects.update_or_create(claim=claim, defaults={"user": by, "at": timezone.now()})
    history.record("claim taken on", claim, by=by, action=claim.action)


def find_assignment(claim: Claim) -> Assignment | None:
    """Return who works on a claim."""
    return Assignment.objects.filter(claim=claim).select_related("user").first()


@transaction.atomic
def leave_claim(claim: Claim, *, by: User) -> None:
    """Give the work on a claim back. Raises StaleStatus where somebody else has it by now."""
    if not Assignment.objects.filter(claim=claim, user=by).delete()[0]:
        raise StaleStatus(_("Somebody else works on this claim by now."))
    history.record("claim given back", claim, by=by, action=claim.action)


def note_presence(claim: Claim, *, by: User) -> list[Look]:
    """Keep that somebody has the page open now, and return who else does."""
    now = timezone.now()
    look, is_new = Look.objects.get_or_create(claim=claim, user=by)
    if not is_new:
        since = look.since if look.seen_at > now - PRESENT_FOR else now
        Look.objects.filter(pk=look.pk).update(seen_at=now, since=since)
    others = Look.objects.filter(claim=claim, seen_at__gt=now - PRESENT_FOR).exclude(user=by)
    return list(others.select_related("user").order_by("since"))


def forget_presence() -> None:
    """Delete who looked at what an hour ago: the history has the openings."""
    Look.objects.filter(seen_at__lt=timezone.now() - timedelta(hours=1)).delete()


@transaction.atomic
def reveal_claim(claim: Claim, reason: str, words: str = "", *, by: User) -> Reveal:
    """Uncover own words and bank data of a claim for one person for a quarter of an hour, with a reason."""
    check_not_own(claim, by=by)
    if reason not in Reveal.Reason.values:
        raise Refused(_("Choose a reason from the list."))
    if reason == Reveal.Reason.OTHER and not words.strip():
        raise Refused(_("Say the reason in your own words."))
    reveal = Reveal(claim=claim, by=by, reason=reason)
    reveal.words = seal_words(claim, reveal.code, words)
    reveal.save(force_insert=True)
    history.record("own words uncovered", claim, by=by, action=claim.action, reveal=reveal.pk, reason=reason)
    return reveal


def find_reveal(claim: Claim, *, by: User) -> Reveal | None:
    """Return by which reason this person sees what is masked now, if at all."""
    since = timezone.now() - REVEALED_FOR
    return Reveal.objects.filter(claim=claim, by=by, at__gt=since).order_by("-pk").first()
