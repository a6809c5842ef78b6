"""The job that works through a file of proofs: part by part, what is wrong listed by line, the rest done."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from claims.base import history, jobs
from claims.base.mails import find_language, queue_mails
from claims.base.references import clean_reference
from claims.conflicts import list_own_ids
from claims.duplicates import find_kept, hold_family
from claims.duplicates.giving_back import find_own, read_proofs
from claims.joining.faults import JOINED, NO_CLAIM, NOT_STANDING, OWN, TAKEN, TWICE, say_early, say_fault, say_led
from claims.joining.files import KIND, forget_part, open_part
from claims.joining.places import Place, find_place, make_room, renew_days
from claims.joining.proofs import set_days
from claims.joining.ways import find_claim_way, read_law
from claims.letters import describe_terms, prepare_letter
from claims.models import Action, Claim, Job, JobChunk, JoiningFile, JoiningPart, JoiningProof, Mail, User
from claims.rules.deadlines import Happened
from claims.rules.joining import Law, check_joining
from claims.rules.joiningrows import JoiningRow, read_row
from claims.tallies import add_tallies

Fault = tuple[int, str, str, str, str]  # line, column, code, event, day
Mails = dict[tuple[int, int], Mail]  # by claim and line: where a merge ends in between, a line is for another claim


@dataclass
class Outcome:
    """What came of a part: the claims that join with their rows, the lines known already, what is wrong."""

    joined: list[tuple[Claim, JoiningRow]] = field(default_factory=list)
    known: int = 0
    faults: list[Fault] = field(default_factory=list)
    led: list[tuple[int, str]] = field(default_factory=list)  # line, reference of the claim that is kept for it
    early: list[tuple[int, str]] = field(default_factory=list)  # line, day of the registration with us, which is later
    named: dict[int, int] = field(default_factory=dict)  # claim: the one merged into it that the line names
    moved: list[JoiningProof] = field(default_factory=list)  # proofs that go to the claim that they name, to make room
    renewed: dict[int, Claim] = field(default_factory=dict)  # claims whose day is the earliest of several proofs

    def sum_up(self) -> dict[str, Any]:
        """Return what is kept with the part: the numbers, and the lines that somebody should look at."""
        return {
            "joined": len(self.joined), "known": self.known, "refused": len(self.faults),
            "faults": sorted(self.faults), "led": self.led, "early": self.early,
        }  # fmt: skip

    def refuse(self, line: int, column: str, code: str, event: str = "", on: date | None = None) -> None:
        """Note what is wrong with a line."""
        self.faults.append((line, column, code, event, on.isoformat() if on else ""))


@dataclass(frozen=True)
class Book:
    """What the book holds of the claims and references of a part."""

    by_reference: dict[str, Claim]
    by_external: dict[str, Claim]
    named: dict[tuple[str, str], Claim]  # column and reference: claim that is named itself
    proofs: dict[int, JoiningProof]  # those that hold, by who holds them; what is judged to join is added
    taken: dict[str, int]  # reference of the register: claim
    own: set[int]  # claims of whoever sent the file


def find_file(job: Job) -> JoiningFile:
    """Return the file that a job works through."""
    return JoiningFile.objects.select_related("action", "by").get(pk=job.params["file"])


@dataclass(frozen=True)
class Prepared:
    """What is ready before anything is locked: the rows, what is wrong with the others, the mails by claim and line."""

    rows: list[JoiningRow]
    faults: list[Fault]
    mails: Mails


def prepare_part(job: Job, chunk: JobChunk) -> Prepared:
    """Read the lines of a part and render the mails, outside of any transaction: that takes longest."""
    file, outcome = find_file(job), Outcome()
    rows = read_rows(file, chunk.params["part"], outcome)
    likely = Outcome()
    judge_rows(rows, read_book(file.action, rows, by=file.by), read_law(file.action), likely)
    return Prepared(rows, outcome.faults, write_letters(file.action, likely.joined))


def read_rows(file: JoiningFile, part: int, outcome: Outcome) -> list[JoiningRow]:
    """Return the rows of a part; what cannot be read as one is refused."""
    rows = list[JoiningRow]()
    for line, cells in open_part(file, part):
        row = read_row(line, cells, file.header)
        if isinstance(row, JoiningRow):
            rows.append(row)
        else:
            outcome.refuse(line, *row)
    return rows


def store_part(job: Job, chunk: JobChunk, prepared: Prepared) -> dict[str, Any]:
    """Write the proofs of a part, in the transaction of the job: claims, tallies, mails and history with them.

    Everything is judged anew with the claims held: somebody may have withdrawn since the mails were rendered.
    """
    file = find_file(job)
    outcome, law = Outcome(faults=prepared.faults), read_law(file.action)
    judge_rows(prepared.rows, read_book(file.action, prepared.rows, by=file.by, hold=True), law, outcome)
    write_proofs(file, law, outcome, prepared.mails)
    forget_part(file, chunk.params["part"])
    return outcome.sum_up()


def read_book(action: Action, rows: Iterable[JoiningRow], *, by: User | None, hold: bool = False) -> Book:
    """Read, and hold where asked, the claims that the rows name, and the proofs that stand in their way."""
    references = {clean_reference(row.reference) for row in rows if row.reference} - {""}
    externals = {row.external_ref for row in rows if row.external_ref and not row.reference}
    mine = Claim.objects.filter(action=action).select_related("claimant").order_by("pk")
    named = list(mine.filter(reference__in=references)) if references else []
    foreign = list(mine.filter(external_ref__in=externals).exclude(external_ref="")) if externals else []
    both = [*named, *foreign]
    if hold:  # before it is read which claim is kept for which: an unmerge may have come in between
        family = hold_family({it.pk for it in both})
        both = [family[it.pk] for it in both]
    # What names a merged claim is for the one that is kept for it.
    leads = {it.pk: find_kept(it).pk for it in both if it.status == Claim.Status.MERGED}
    pks = {leads.get(claim.pk, claim.pk) for claim in both}
    claims = {claim.pk: claim for claim in mine.filter(pk__in=pks)}
    found = {it.reference: claims[leads.get(it.pk, it.pk)] for it in named}
    external = {it.external_ref: claims[leads.get(it.pk, it.pk)] for it in foreign}
    itself = {("reference", it.reference): it for it in named} | {
        ("external_ref", it.external_ref): it for it in foreign
    }
    valid = JoiningProof.objects.filter(taken_back_at=None)
    proofs = read_proofs(pks | {it.pk for it in both})
    given = [row.register_reference for row in rows]
    taken = dict(valid.filter(action=action, reference__in=given).values_list("reference", "claim_id"))
    own = list_own_ids([*claims.values(), *both], by) if by else set()
    return Book(found, external, itself, proofs, taken, own)


def judge_rows(rows: Iterable[JoiningRow], book: Book, law: Law, outcome: Outcome) -> None:
    """Sort the rows into those that join, those known already and those with something wrong.

    Of two rows for one person, that which names the claim that is kept comes first, wherever it stands.
    """
    found = [(row, *find_claims(row, book)) for row in rows]
    claims, references = set[int](), set[str]()
    for row, claim, named in sorted(found, key=lambda it: it[1] != it[2]):
        column = "reference" if row.reference else "external_ref"
        if claim is None or named is None:
            outcome.refuse(row.line, column, NO_CLAIM)
        elif named.pk in claims or row.register_reference in references:
            outcome.refuse(row.line, column, TWICE)
        elif place := _judge_row(row, column, claim, named, book, law, outcome):
            claims.add(named.pk)
            references.add(row.register_reference)
            _take_row(row, claim, named, place, book, outcome)


def find_claims(row: JoiningRow, book: Book) -> tuple[Claim | None, Claim | None]:
    """Return the claim that stands for the one that a row names, and that one itself."""
    if row.reference:
        reference = clean_reference(row.reference)
        return book.by_reference.get(reference), book.named.get(("reference", reference))
    return book.by_external.get(row.external_ref), book.named.get(("external_ref", row.external_ref))


def _take_row(row: JoiningRow, claim: Claim, named: Claim, place: Place, book: Book, outcome: Outcome) -> None:
    holder = claim if place.claim_id == claim.pk else named
    outcome.joined.append((holder, row))
    if row.on < (registered_on := timezone.localdate(claim.registered_at)):
        outcome.early.append((row.line, registered_on.isoformat()))
    if place.named_id:
        outcome.led.append((row.line, claim.reference))
        outcome.named[claim.pk] = place.named_id
    outcome.moved += place.moved
    book.proofs.update({proof.named_id: proof for proof in place.moved if proof.named_id})
    if place.moved or claim.joined_on or holder is not claim:
        outcome.renewed[holder.pk] = holder
    book.proofs[holder.pk] = JoiningProof(
        claim=holder, named_id=place.named_id, reference=row.register_reference, on=row.on
    )


def _judge_row(
    row: JoiningRow, column: str, claim: Claim, named: Claim, book: Book, law: Law, outcome: Outcome
) -> Place | None:
    places = (book.proofs.get(claim.pk), book.proofs.get(named.pk), find_own(named.pk, book.proofs))
    proofs = [proof for proof in places if proof]
    place = find_place(claim, named.pk, book.proofs)
    if any((proof.reference, proof.on) == (row.register_reference, row.on) for proof in proofs):
        outcome.known += 1
    elif book.own & {claim.pk, named.pk}:
        outcome.refuse(row.line, column, OWN)
    elif claim.status not in Claim.STANDING:
        outcome.refuse(row.line, column, NOT_STANDING)
    elif place is None:
        outcome.refuse(row.line, column, JOINED, on=proofs[-1].on if proofs else claim.joined_on)
    elif row.register_reference in book.taken:
        outcome.refuse(row.line, "register_reference", TAKEN)
    elif complaint := check_joining(
        Happened(row.on, row.at), law, find_claim_way(claim, law),
        is_declared=row.is_declared, is_fee_paid=row.is_fee_paid,
    ):  # fmt: skip
        outcome.refuse(row.line, "date", complaint.fault, complaint.event, complaint.day)
    else:
        return place
    return None


def write_proofs(file: JoiningFile, law: Law, outcome: Outcome, mails: Mails) -> None:
    """Write the proofs, the days of joining, the mails and one event of the history."""
    if not outcome.joined:
        return
    channel = str(law.regime["join_channel"].value or "")
    proofs = [
        JoiningProof(
            claim=claim, named_id=outcome.named.get(claim.pk), action=file.action, channel=channel,
            reference=row.register_reference, on=row.on, at=row.at, is_declared=row.is_declared,
            is_fee_paid=row.is_fee_paid, file=file, by=file.by,
        )
        for claim, row in outcome.joined
    ]  # fmt: skip
    handed = [make_room(proof) for proof in outcome.moved]
    JoiningProof.objects.bulk_create(proofs)
    days: dict[date, list[int]] = {}
    for claim, row in outcome.joined:
        if claim.pk not in outcome.renewed:
            days.setdefault(row.on, []).append(claim.pk)
    moved = set_days(days)
    moved.update(renew_days([*handed, *outcome.renewed.values()]))
    add_tallies(file.action.pk, moved)
    late = [(claim, row) for claim, row in outcome.joined if (claim.pk, row.line) not in mails and claim.claimant.email]
    ready = mails | write_letters(file.action, late)
    queue_mails([ready[key] for claim, row in outcome.joined if (key := (claim.pk, row.line)) in ready])
    pks = [claim.pk for claim, _row in outcome.joined]
    history.record("joinings recorded", file, by=file.by, action=file.action, claims=pks)


def write_letters(action: Action, joined: Iterable[tuple[Claim, JoiningRow]]) -> Mails:
    """Return the mail to each claimant by claim and line, in their language; the law is put in words once each."""
    terms: dict[str, dict[str, str]] = {}
    mails: Mails = {}
    for claim, row in joined:
        if not claim.stands:  # merged: the person was told by the first proof
            continue
        language = find_language(claim.claimant.language)
        if language not in terms:
            with translation.override(language):
                terms[language] = describe_terms(action)
        claim.action = action
        mail = prepare_letter(claim, "joined", terms=terms[language], on=row.on, external=row.register_reference)
        if mail:
            mails[claim.pk, row.line] = mail
    return mails


def sum_up(job: Job) -> dict[str, int]:
    """Return the numbers of the whole file."""
    sums, noted = Counter[str]({"joined": 0, "known": 0, "refused": 0}), Counter[str]()
    for result in job.chunks.values_list("result", flat=True).iterator(chunk_size=50):
        sums.update({name: result.get(name, 0) for name in ("joined", "known", "refused")})
        noted.update({name: len(result.get(name, ())) for name in ("led", "early")})
    return {"read": sum(sums.values()), **sums, **+noted}


def list_faults(file: JoiningFile) -> Iterator[tuple[int, str, str]]:
    """Yield (line, column, reason) for each line that was not taken, or that somebody should look at, part by part."""
    chunks = JobChunk.objects.filter(job=file.job_id)
    for result in chunks.order_by("number").values_list("result", flat=True).iterator(chunk_size=50):
        for line, column, code, event, day in result.get("faults", ()):
            yield line, column, say_fault(code, event=event, on=date.fromisoformat(day) if day else None)
        for line, reference in result.get("led", ()):
            yield line, "reference", say_led(reference)
        for line, registered_on in result.get("early", ()):
            yield line, "date", say_early(date.fromisoformat(registered_on))


def forget_parts(job: Job) -> None:
    """Let go of the lines that nobody works through any more."""
    JoiningPart.objects.filter(file__job=job).delete()


def find_page(job: Job) -> str:
    """Return where people see what came out."""
    return reverse("claims:workspace-joining", args=[job.action.slug]) if job.action else ""


jobs.KINDS[KIND] = jobs.Kind(
    title=gettext_lazy("Recording proofs of joining"),
    unit=gettext_lazy("lines"),
    compute=prepare_part,
    store=store_part,
    finish=sum_up,
    find_page=find_page,
    stop=forget_parts,
)
