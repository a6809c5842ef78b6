"""A file of proofs: what is wrong is listed by line, the rest is done, and the same file again changes nothing."""

import threading
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from django.db import connection, transaction
from django.utils import timezone

from claims.base import jobs
from claims.base.errors import Refused, StaleStatus
from claims.base.history import verify_history
from claims.base.references import show_reference
from claims.joining import (
    drop_file,
    forget_files,
    list_doubts,
    list_faults,
    list_proofs,
    list_sample,
    open_source,
    put_alike_together,
    receive_file,
    record_file,
)
from claims.joining.files import KEPT
from claims.models import Claim, Job, JoiningFile, JoiningPart, JoiningProof, Mail, Quarantine
from claims.withdrawals import withdraw_claim
from tests.claims.duplicates.test_merging import merge
from tests.claims.joining.test_proofs import place, vienna  # noqa: F401
from tests.factories import load_small_pack, make_claim, make_claimant, make_user
from tests.servers import PATIENCE_SECONDS

pytestmark = pytest.mark.django_db


def work(action, text, **fields):
    job = receive_file(
        action, BytesIO(text.encode()), name="proofs.csv", **{"by": None, "source": "list of the court", **fields}
    )
    jobs.work()
    job.refresh_from_db()
    return job


def write(*rows, header="reference,register_reference,date"):
    return "\n".join([header, *rows]) + "\n"


def test_lines_with_something_wrong_are_listed_and_the_rest_is_done(vienna):  # noqa: F811
    good, gone, out = make_claim(vienna), make_claim(vienna), make_claim(vienna)
    withdraw_claim(gone, by=make_user())
    text = write(
        f"{good.reference},R1,2026-03-09", "ZZZZ-ZZZZ-ZZZZ,R2,2026-03-09", f"{gone.reference},R3,2026-03-09",
        f"{out.reference},R4,2026-06-03", f"{out.reference},R5,9.3.2026", f"{out.reference},,2026-03-09", "too,few",
        f"{out.reference},R1,2026-03-09", '"open',
    )  # fmt: skip
    job = work(vienna, text)
    assert job.state == "done" and job.result == {"read": 9, "joined": 1, "known": 0, "refused": 8}
    assert [(line, column) for line, column, _reason in list_faults(job.joining_file)] == [
        (3, "reference"), (4, "reference"), (5, "date"), (6, "date"), (7, "register_reference"), (8, ""), (9, "reference"),
        (10, ""),
    ]  # fmt: skip
    assert list(Claim.objects.filter(joined_on__isnull=False)) == [good]
    assert Mail.objects.filter(kind="joined").count() == 1


def test_the_same_file_again_changes_nothing_and_another_proof_for_the_same_claim_is_refused(vienna):  # noqa: F811
    claim = make_claim(vienna, external_ref="A-1")
    text = write("A-1;R1;2026-03-09", header="external_ref;register_reference;date")
    assert work(vienna, text).result["joined"] == 1
    mails = Mail.objects.count()
    assert work(vienna, text).result == {"read": 1, "joined": 0, "known": 1, "refused": 0}
    assert work(vienna, text.replace("R1", "R9")).result["refused"] == 1
    assert (JoiningProof.objects.get().claim, Mail.objects.count()) == (claim, mails)


def test_a_reference_of_the_register_that_another_claim_has_is_refused(vienna):  # noqa: F811
    one, two = make_claim(vienna), make_claim(vienna)
    work(vienna, write(f"{one.reference},R1,2026-03-09"))
    job = work(vienna, write(f"{two.reference},R1,2026-03-10"))
    assert "Another claim" in next(list_faults(job.joining_file))[2]


@pytest.mark.parametrize(
    "text, words",
    [
        ("", "missing"),
        ("reference,date\nx,2026-03-09\n", "register_reference"),
        ("register_reference,date\n", "says which claim"),
        ("reference,register_reference,date,colour\n", "`colour` is unknown"),
        ("reference,register_reference,date\n", "no line below"),
    ],
)
def test_a_file_that_is_none_is_refused_with_nothing_done(vienna, text, words):  # noqa: F811
    with pytest.raises(Refused, match=words):
        work(vienna, text)
    assert not JoiningPart.objects.exists()


def test_each_claimant_is_told_in_their_language_and_the_lines_are_forgotten(vienna):  # noqa: F811
    people = [make_claimant(language=language) for language in ("de", "en", "")]
    claims = [make_claim(vienna, person) for person in people]
    work(vienna, write(*(f"{claim.reference},R{claim.pk},2026-03-09" for claim in claims)))
    assert sorted(Mail.objects.values_list("language", flat=True)) == ["de", "en", "en"]
    assert not JoiningPart.objects.exists()
    assert verify_history()[1] is None


def test_a_claim_of_another_action_is_unknown_here(vienna):  # noqa: F811
    from tests.factories import make_action

    foreign = make_claim(make_action("other"))
    job = work(vienna, write(f"{foreign.reference},R1,2026-03-09"))
    assert "no claim with this reference" in next(list_faults(job.joining_file))[2]
    assert Claim.objects.get(pk=foreign.pk).joined_on is None


def test_parts_of_a_file_are_worked_through_one_after_the_other(vienna, monkeypatch):  # noqa: F811
    monkeypatch.setattr("claims.joining.files.ROWS", 2)
    claims = [make_claim(vienna) for _ in range(5)]
    job = work(vienna, write(*(f"{claim.reference},R{claim.pk},2026-03-{9 + i:02}" for i, claim in enumerate(claims))))
    assert (job.chunks_total, job.result["joined"]) == (3, 5)
    assert Claim.objects.get(pk=claims[-1].pk).joined_on == date(2026, 3, 13)


def test_lines_for_merged_claims_join_the_one_that_is_kept_and_the_result_names_it(vienna):  # noqa: F811
    kept, merged = make_claim(vienna), make_claim(vienna, external_ref="A-2")
    merge(kept, merged, make_user())
    job = work(vienna, write(f"{merged.reference},R1,2026-03-09"))
    assert job.result == {"read": 1, "joined": 1, "known": 0, "refused": 0, "led": 1}
    assert JoiningProof.objects.get().claim == kept
    ((line, column, words),) = list_faults(job.joining_file)
    assert (line, column) == (2, "reference") and show_reference(kept.reference) in words
    again = work(vienna, write("A-2,R1,2026-03-09", header="external_ref,register_reference,date"))
    assert again.result["known"] == 1


def test_what_a_file_is_called_is_sealed_and_its_lines_go_with_the_end_of_the_job(vienna):  # noqa: F811
    claim = make_claim(vienna)
    job = work(vienna, write(f"{claim.reference},R1,2026-03-09"), source="Canary")
    file = job.joining_file
    assert "Canary" not in file.source and open_source(file) == list_proofs(claim)[0].source == "Canary"
    assert not JoiningPart.objects.exists()
    text = write(f"{claim.reference},R2,2026-03-10").encode()
    stopped = receive_file(vienna, BytesIO(text), name="proofs.csv", source="list", by=None)
    assert JoiningPart.objects.count() == 1
    jobs.cancel_job(stopped, by=None)
    assert not JoiningPart.objects.exists()


def test_a_day_before_the_registration_with_us_is_recorded_and_named(vienna):  # noqa: F811
    late = make_claim(vienna, registered_at=datetime(2026, 5, 4, 12, tzinfo=UTC))
    job = work(vienna, write(f"{late.reference},R1,2026-03-09"))
    assert job.result == {"read": 1, "joined": 1, "known": 0, "refused": 0, "early": 1}
    ((line, column, words),) = list_faults(job.joining_file)
    assert (line, column) == (2, "date") and "before the registration with us on 4 May 2026" in words


def test_nobody_records_a_proof_for_the_own_claim_by_a_file(vienna):  # noqa: F811
    sender = make_user()
    own, other = make_claim(vienna, make_claimant(user=sender)), make_claim(vienna)
    job = work(vienna, write(f"{own.reference},R1,2026-03-09", f"{other.reference},R2,2026-03-09"), by=sender)
    assert (job.result["joined"], job.result["refused"]) == (1, 1)
    assert "your own claim" in next(list_faults(job.joining_file))[2]
    assert not JoiningProof.objects.filter(claim=own).exists()


def test_a_look_at_a_file_counts_what_the_recording_will_and_across_its_parts(vienna, monkeypatch):  # noqa: F811
    monkeypatch.setattr("claims.joining.files.ROWS", 1)
    one, two = make_claim(vienna), make_claim(vienna)
    text = write(
        f"{one.reference},R1,2026-03-09", f"{one.reference},R1,2026-03-09", f"{one.reference},R2,2026-03-09",
        f"{two.reference},R1,2026-03-09", "ZZZZ,R3,2026-03-09",
    )  # fmt: skip
    looked = work(vienna, text, is_looked_at=True)
    assert looked.result["unknown"] == looked.result["joined_before"] == looked.result["other"] == 1
    sample, faults = list_sample(looked.joining_file), list(list_faults(looked.joining_file))
    assert [(line.number, line.register_reference) for line in sample][:1] == [(2, "R1")]
    assert not JoiningProof.objects.exists() and not Mail.objects.exists()
    recorded = record_file(looked.joining_file, by=None)
    jobs.work()
    recorded.refresh_from_db()
    assert recorded.result == {name: looked.result[name] for name in recorded.result}
    assert sorted(list_faults(recorded.joining_file)) == sorted(faults)


def test_a_file_that_nobody_records_is_thrown_away_after_a_day(vienna):  # noqa: F811
    job = work(vienna, write(f"{make_claim(vienna).reference},R1,2026-03-09"), is_looked_at=True)
    forget_files()
    assert JoiningPart.objects.count() == 1
    JoiningFile.objects.update(made_at=job.finished_at - KEPT)
    forget_files()
    assert not JoiningFile.objects.exists() and not JoiningPart.objects.exists()


def test_a_file_is_recorded_once_by_whoever_says_so_and_their_own_claim_is_refused(vienna):  # noqa: F811
    confirmer = make_user()
    own = make_claim(vienna, make_claimant(user=confirmer))
    file = work(vienna, write(f"{own.reference},R1,2026-03-09"), is_looked_at=True).joining_file
    job = record_file(file, by=confirmer)
    with pytest.raises(StaleStatus):
        record_file(file, by=make_user())
    jobs.work()
    job.refresh_from_db()
    assert (job.result["joined"], job.result["refused"]) == (0, 1)


@pytest.mark.parametrize("state", [Job.State.FAILED, Job.State.CANCELLED])
def test_a_file_whose_look_did_not_end_is_thrown_away_but_not_recorded(vienna, state):  # noqa: F811
    file = work(vienna, write(f"{make_claim(vienna).reference},R1,2026-03-09"), is_looked_at=True).joining_file
    Job.objects.update(state=Job.State.RUNNING)
    for settle in (record_file, drop_file):
        with pytest.raises(StaleStatus):
            settle(file, by=make_user())
    Job.objects.update(state=state)
    with pytest.raises(StaleStatus):
        record_file(file, by=make_user())
    drop_file(file, by=make_user())
    assert not JoiningFile.objects.exists()


def test_a_file_that_is_being_recorded_is_not_swept_away(only_postgresql, transactional_db):
    action = place(load_small_pack(), "AT-ABHILFE", action_filed=date(2026, 1, 12), order_published=date(2026, 3, 2))
    file = work(action, write(f"{make_claim(action).reference},R1,2026-03-09"), is_looked_at=True).joining_file
    JoiningFile.objects.update(made_at=file.made_at - KEPT - KEPT)

    def sweep():
        try:
            forget_files()
        finally:
            connection.close()

    thread = threading.Thread(target=sweep)
    with transaction.atomic():
        record_file(file, by=None)
        thread.start()
        thread.join(PATIENCE_SECONDS)
        assert not thread.is_alive()  # it waits for nobody
    thread.join()
    assert JoiningFile.objects.get().job.kind == "joining" and JoiningPart.objects.exists()


@pytest.mark.parametrize("is_kept_first", [True, False])
def test_a_look_knows_a_proof_that_an_earlier_part_has_for_a_merged_claim(vienna, monkeypatch, is_kept_first):  # noqa: F811
    monkeypatch.setattr("claims.joining.files.ROWS", 1)
    kept, merged = make_claim(vienna), make_claim(vienna)
    merge(kept, merged, make_user())
    lines = [f"{claim.reference},R1,2026-03-09" for claim in (kept, merged)]
    looked = work(vienna, write(*(lines if is_kept_first else lines[::-1])), is_looked_at=True)
    assert list_sample(looked.joining_file)[0].number == 2
    recorded = record_file(looked.joining_file, by=None)
    jobs.work()
    recorded.refresh_from_db()
    assert (recorded.result["joined"], recorded.result["known"], recorded.result["refused"]) == (1, 1, 0)
    assert recorded.result == {name: looked.result[name] for name in recorded.result}


def test_a_look_warns_of_claims_that_are_held_not_accepted_or_do_not_meet_the_criteria(vienna):  # noqa: F811
    fine, _undecided, unmet, unknown, held = claims = [make_claim(vienna) for _ in range(5)]
    Quarantine.objects.create(claim=held, action=vienna, score=6, reasons=[])
    screened = {"criteria_version": vienna.criteria, "screened_at": timezone.now(), "findings": "y"}
    Claim.objects.update(outcome="eligible", **screened)
    Claim.objects.filter(pk=fine.pk).update(status="accepted")
    Claim.objects.filter(pk=unmet.pk).update(status="accepted", outcome="ineligible")
    Claim.objects.filter(pk=unknown.pk).update(outcome="needs_info")
    job = work(vienna, write(*(f"{it.reference},R{n},2026-03-09" for n, it in enumerate(claims))), is_looked_at=True)
    assert [(line, words) for line, _column, words in list_doubts(job.joining_file)] == [
        (3, "No lawyer has accepted this claim yet."), (4, "This claim does not meet the criteria."),
        (5, "It is not known yet whether this claim meets the criteria."),
        (6, "This claim is held for a look: release it first."),
    ]  # fmt: skip
    assert job.result["joined"] == 5 and not list(list_faults(job.joining_file))


def test_the_same_complaint_about_many_lines_is_said_once_with_the_lines_that_it_concerns():
    faults = [(line, "date", "Too late.") for line in (9, 2, 3, 4)] + [(5, "reference", "Unknown.")]
    assert [(it.lines, it.is_one, it.reason) for it in put_alike_together(faults)] == [
        ("2–4, 9", False, "Too late."), ("5", True, "Unknown."),
    ]  # fmt: skip
    assert put_alike_together((2 * n, "", "x") for n in range(50))[0].lines.endswith(", 38, …")
