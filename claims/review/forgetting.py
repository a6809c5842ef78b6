"""What people of the office kept about somebody who is forgotten goes with the person; that it was there stays."""

from collections.abc import Sequence

from claims.models import Assignment, Decision, Look, Note, Override, Reply, Reveal


def forget_review(claims: Sequence[int]) -> None:
    """Blank the words of decisions, replies and reasons of these claims, and delete notes, findings set by hand and
    who works on them. In the transaction that erases the person."""
    Note.objects.filter(claim__in=claims).delete()
    Override.objects.filter(claim__in=claims).delete()
    Assignment.objects.filter(claim__in=claims).delete()
    Look.objects.filter(claim__in=claims).delete()
    Decision.objects.filter(claim__in=claims).update(words="", findings="", outcome="", criteria_version=None)
    Reply.objects.filter(decision__claim__in=claims).update(words="")
    Reveal.objects.filter(claim__in=claims).update(words="")
