"""Many claims decided at once: a job over exactly the claims that were chosen, each looked at again in its turn.

Mails wait until ten minutes after the end, so that undoing the whole leaves no trace outside. Nothing is refused here:
a refusal is heard and decided one by one.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.base import history, jobs, vault
from claims.base.errors import Refused
from claims.conflicts import list_own_ids
from claims.curing import list_asked
from claims.models import Action, Claim, Decision, Deficiency, Hearing, Job, JobChunk, Mail, Quarantine, User
from claims.review.asking import find_address
from claims.review.choosing import View, cut_choice, read_view, spread_view
from claims.review.holding import UNDO_FOR
from claims.review.letters import build_letters
from claims.review.periods import EVIDENCE, find_end
from claims.review.record import read_record
from claims.review.words import seal_words
from claims.rules.eligibility import Outcome
from claims.tallies import add_tallies

KIND = "bulk_decision"
WORDS_PLACE = "job bulk_decision words"
HELD_BACK = timedelta(days=1)  # mails of a job that has not ended; its end lets them leave
ACCEPT, ASK = Decision.Kind.ACCEPT, Decision.Kind.ASK
Status = Claim.Status


def start_bulk(
    action: Action, claims: QuerySet[Claim], kind: str, *, by: User, questions: Sequence[str] = (), words: str = "",
    days: int | None = None, view: View | None = None, seen: int | None = None,
) -> Job:  # fmt: skip
    """Start the job that accepts these claims, or asks these questions. A view is read by the job itself.

    Raises Refused where there is nothing to do, the number is no longer the one that was seen, or such a job is active.
    """
    if kind == ASK and not questions:
        raise Refused(_("Choose at least one question."))
    chunks = cut_choice(claims, view, seen=seen)
    params = {"decision": kind, "questions": list(questions), "by": by.pk} | _seal_words(words)
    if kind == ASK:
        params["until"] = find_end(days or read_record(action).cure_days).isoformat()
    return jobs.start_job(KIND, by=by, action=action, params=params, chunks=chunks)


def _seal_words(words: str) -> dict[str, str]:
    """Return the words as a job keeps them while it works: under a key of its own, which its end forgets."""
    if not words.strip():
        return {}
    data_key = vault.make_data_key()
    return {"data_key": data_key, "words": vault.seal_text(data_key, words.strip(), place=WORDS_PLACE)}


def _open_words(job: Job) -> str:
    if "words" not in job.params:
        return ""
    return vault.open_text(job.params["data_key"], job.params["words"], place=WORDS_PLACE)


def lock_claims(ids: Sequence[int]) -> list[Claim]:
    """Return these claims locked, in the order of their ids, so that two jobs never wait for each other at once."""
    rows = Claim.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk")
    return list(rows.select_related("claimant", "criteria_version"))


def _find_obstacles(claims: Iterable[Claim], kind: str, questions: Iterable[str]) -> dict[int, str]:
    """Return id -> why a claim is skipped, asked once for the whole chunk."""
    wanted = set(questions) - {EVIDENCE}
    ids = [claim.pk for claim in claims]
    held = set(Quarantine.objects.filter(claim__in=ids, released_at=None).values_list("claim_id", flat=True))
    busy = {
        pk
        for periods in (Deficiency.objects, Hearing.objects)
        for pk in periods.filter(claim__in=ids, closed_at=None).values_list("claim_id", flat=True)
    }
    found: dict[int, str] = {}
    for claim in claims:
        if claim.status != Status.SUBMITTED:
            found[claim.pk] = "status"
        elif claim.pk in held:
            found[claim.pk] = "held"
        elif claim.pk in busy:
            found[claim.pk] = "asked"
        elif kind == ACCEPT and claim.outcome != Outcome.ELIGIBLE:
            found[claim.pk] = "criteria"
        elif kind == ASK and claim.joined_on:
            found[claim.pk] = "joined"
        elif kind == ASK and wanted - list_asked(claim).keys():  # the link of the mail would lead nowhere
            found[claim.pk] = "questions"
    return found


def _store(job: Job, chunk: JobChunk, ids: list[int] | None) -> dict:
    if ids is not None:
        return spread_view(job, chunk, ids)
    assert job.action is not None  # start_bulk gives one
    kind, by = job.params["decision"], User.objects.get(pk=job.params["by"])
    claims = lock_claims(chunk.params["ids"])
    for claim in claims:
        claim.action = job.action
    obstacles = _find_obstacles(claims, kind, job.params.get("questions", []))
    obstacles |= dict.fromkeys(list_own_ids(claims, by), "own")
    free = [claim for claim in claims if claim.pk not in obstacles]
    mails = _write_mails(job, free)
    if kind == ASK:
        obstacles |= {claim.pk: "address" for claim in free if claim.pk not in mails}
        free = [claim for claim in free if claim.pk in mails]
    decisions = _write_decisions(job, free, mails, by)
    if kind == ACCEPT:
        move_claims(job.action, free, Status.SUBMITTED, Status.ACCEPTED)
    else:
        _write_deficiencies(job, decisions)
    verb = "claim accepted" if kind == ACCEPT else "more was asked"
    history.record_each(verb, "claim", [claim.pk for claim in free], by=by, action=job.action, job=job.pk)
    gone = len(chunk.params["ids"]) - len(claims)
    return {"done": len(free), "skipped": Counter([*obstacles.values(), *["status"] * gone])}


def _write_mails(job: Job, claims: list[Claim]) -> dict[int, Mail]:
    if job.params["decision"] == ACCEPT:
        mails = build_letters(claims, "accepted")
    else:
        questions, record = job.params["questions"], read_record(job.action) if job.action else None
        mails = build_letters(
            claims, "asked", find_link=lambda claim: find_address(claim, questions[0]), number=len(questions),
            until=date.fromisoformat(job.params["until"]), warning=lambda: record.say("warning") if record else "",
        )  # fmt: skip
    for mail in mails.values():
        mail.next_at = timezone.now() + HELD_BACK
    Mail.objects.bulk_create(mails.values())
    return mails


def _write_decisions(job: Job, claims: list[Claim], mails: dict[int, Mail], by: User) -> list[Decision]:
    decisions = [
        Decision(
            claim=claim, kind=job.params["decision"], by=by, job=job, mail=mails.get(claim.pk),
            criteria_version_id=claim.criteria_version_id, findings=claim.findings, outcome=claim.outcome,
        )
        for claim in claims
    ]  # fmt: skip
    if words := _open_words(job):
        for decision in decisions:
            decision.words = seal_words(decision.claim, decision.code, words)
    return Decision.objects.bulk_create(decisions)


def _write_deficiencies(job: Job, decisions: list[Decision]) -> None:
    questions, until = job.params["questions"], date.fromisoformat(job.params["until"])
    Deficiency.objects.bulk_create(
        Deficiency(claim=it.claim, decision=it, questions=questions, open_questions=list(questions), until=until)
        for it in decisions
    )


def move_claims(action: Action, claims: list[Claim], before: Claim.Status, after: Claim.Status) -> None:
    """Move claims that are locked. Both statuses stand, so the counts stay and only the tallies follow."""
    moved = Claim.objects.filter(pk__in=[claim.pk for claim in claims], status=before).update(status=after)
    assert moved == len(claims)  # they are locked, and were looked at after that
    add_tallies(action.pk, {("status", before): -moved, ("status", after): moved})


def _finish(job: Job) -> dict:
    """Add up the chunks, let the mails leave when the time to undo is over, forget the words: each claim has them."""
    _let_go(job)
    return add_up(job)


def _let_go(job: Job) -> None:
    """The same where a job is stopped: what it decided stands, and can be undone for ten minutes like all of it."""
    hold_mails(job, timezone.now() + UNDO_FOR)
    job.params = {name: value for name, value in job.params.items() if name not in {"words", "data_key"}}
    job.save(update_fields=["params"])


def hold_mails(job: Job, until: datetime) -> None:
    """Let the mails of the decisions of a job that were not undone leave at this moment."""
    mails = Mail.objects.filter(pk__in=job.decisions.values("mail_id"), state=Mail.State.QUEUED)
    mails.update(next_at=until)


def add_up(job: Job) -> dict:
    """Return how many were done and skipped, with the reason."""
    done, skipped = 0, Counter[str]()
    for result in job.chunks.values_list("result", flat=True):
        done += result.get("done", 0)
        skipped.update(result.get("skipped", {}))
    return {"done": done, "skipped": dict(skipped)}


def find_page(job: Job) -> str:
    """Return the address of what came of a job."""
    return reverse("claims:workspace-bulk-result", args=[job.action.slug, job.code]) if job.action else ""


jobs.KINDS[KIND] = jobs.Kind(
    title=gettext_lazy("Decision on many claims"), unit=gettext_lazy("Claims"), compute=read_view, store=_store,
    finish=_finish, find_page=find_page, stop=_let_go,
)  # fmt: skip
