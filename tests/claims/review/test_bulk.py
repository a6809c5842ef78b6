"""Many claims at once: exactly those that were chosen, skipped with a reason, undone exactly, written once."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from claims.base import jobs
from claims.base.errors import Refused
from claims.base.history import list_events, verify_history
from claims.counts import list_counts, scan_counts
from claims.models import Claim, Decision, Deficiency, Job, JobChunk, Mail
from claims.review import asking, bulk, bulk_undo, deciding
from claims.review.words import open_words
from claims.tallies import read_tallies, recount, scan_tallies
from claims.withdrawals import withdraw_claim

pytestmark = pytest.mark.django_db


@pytest.fixture
def many(make, action):
    made = [make() for _ in range(4)]
    recount(action)
    return made


def run(job):
    jobs.work()
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error
    return job


def start(action, lawyer, kind="accept", **more):
    return bulk.start_bulk(action, Claim.objects.filter(action=action), kind, by=lawyer, **more)


def test_all_of_a_view_are_accepted_each_with_its_mail_and_event(action, many, lawyer):
    job = run(start(action, lawyer))
    assert job.result == {"done": 4, "skipped": {}}
    assert set(Claim.objects.values_list("status", flat=True)) == {"accepted"}
    assert Mail.objects.filter(kind="accepted").count() == Decision.objects.filter(job=job).count() == 4
    for claim, mail in zip(many, Mail.objects.filter(kind="accepted").order_by("pk"), strict=True):
        assert claim.reference in mail.html and mail.to == claim.claimant.email
        assert sum(other.reference in mail.html for other in many) == 1
        assert list_events(claim).first().verb == "claim accepted"
    assert list_counts(action) == scan_counts(action) and read_tallies(action) == scan_tallies(action)
    assert verify_history()[1] is None


def test_what_cannot_be_decided_is_skipped_with_its_reason(action, make, many, lawyer):
    unsure = make({"platform": "facebook"})
    job = start(action, lawyer)
    withdraw_claim(many[0], by=many[0].claimant.user, with_letter=False)
    asking.ask_claimant(many[1], ["uses_privately"], by=lawyer)
    assert run(job).result == {"done": 2, "skipped": {"status": 1, "asked": 1, "criteria": 1}}
    assert Claim.objects.get(pk=unsure.pk).status == "submitted"


def test_mails_wait_until_undoing_is_over(action, many, lawyer):
    job = run(start(action, lawyer))
    first = Mail.objects.order_by("next_at").first()
    assert timedelta(minutes=9) < first.next_at - job.finished_at < timedelta(minutes=11)


def test_undoing_takes_back_exactly_what_the_job_did(action, many, lawyer, colleague):
    deciding.accept_claim(many[3], by=colleague)
    job = run(start(action, lawyer))
    deciding.reopen_claim(many[0], "New facts", by=colleague)
    withdraw_claim(many[1], by=many[1].claimant.user, with_letter=False)
    done = run(bulk_undo.start_undo(job, by=colleague))
    assert done.result == {"done": 1, "skipped": {"later": 2}}
    found = [Claim.objects.get(pk=claim.pk).status for claim in many]
    assert found == ["submitted", "withdrawn", "submitted", "accepted"]
    assert Mail.objects.filter(kind="accepted").count() == 3
    assert list_counts(action) == scan_counts(action) and read_tallies(action) == scan_tallies(action)


def test_asking_many_is_undone_but_for_those_who_have_answered(action, make, lawyer):
    from claims.curing import correct_answer

    claims = [make({"platform": "facebook"}) for _ in range(3)]
    job = run(start(action, lawyer, "ask", questions=["uses_privately"], words="Only before 2025.", days=14))
    assert job.result["done"] == 3 and f"/{claims[2].reference}/answer/uses_privately/" in Mail.objects.last().text
    correct_answer(claims[0], "uses_privately", "yes", by=claims[0].claimant.user)
    assert run(bulk_undo.start_undo(job, by=lawyer)).result == {"done": 2, "skipped": {"later": 1}}
    closed = Counter(Deficiency.objects.values_list("closed_as", flat=True))
    assert closed == {"answered": 1, "taken_back": 2} and Mail.objects.count() == 1


def test_ten_minutes_after_the_end_nothing_is_undone(action, many, lawyer):
    job = run(start(action, lawyer))
    job.finished_at = timezone.now() - timedelta(minutes=11)
    with pytest.raises(Refused, match="over"):
        bulk_undo.start_undo(job, by=lawyer)


def test_a_view_that_has_changed_since_the_preview_is_looked_at_again(action, many, lawyer):
    with pytest.raises(Refused, match="it now has 4 claims"):
        start(action, lawyer, seen=5)
    assert not Job.objects.exists()


def test_a_view_is_read_by_the_job_and_not_in_the_request(action, many, make, lawyer):
    job = start(action, lawyer, view={"state": "AT"}, seen=4)
    assert [chunk.params["view"] for chunk in job.chunks.all()] == [{"state": "AT"}] and "ids" not in str(job.params)
    late = make()
    assert run(job).result == {"done": 4, "skipped": {}} and job.units_total == 4
    assert Claim.objects.get(pk=late.pk).status == "submitted"  # it came in after the look


def test_a_view_that_changed_before_its_turn_is_left_alone(action, many, lawyer):
    job = start(action, lawyer, view={"status": "submitted"}, seen=4)
    withdraw_claim(many[0], by=many[0].claimant.user, with_letter=False)
    assert run(job).result == {"done": 0, "skipped": {"view": 4}} and not Decision.objects.exists()


def test_a_search_that_opens_no_more_chooses_nobody(action, many, lawyer):
    job = start(action, lawyer, view={"search": "gone"}, seen=4)
    assert run(job).result == {"done": 0, "skipped": {"view": 4}}


def test_a_job_stopped_midway_lets_its_mails_leave_soon_and_an_undo_drops_them_at_once(
    action, many, lawyer, monkeypatch
):
    monkeypatch.setattr("claims.review.choosing.CHUNK", 2)
    job = start(action, lawyer)
    jobs.do_chunk(jobs.take_chunk())
    jobs.cancel_job(job, by=lawyer)
    job.refresh_from_db()
    assert Mail.objects.count() == 2
    assert all(mail.next_at < timezone.now() + timedelta(minutes=11) for mail in Mail.objects.all())
    undoing = bulk_undo.start_undo(job, by=lawyer)
    assert all(mail.next_at > timezone.now() + timedelta(hours=20) for mail in Mail.objects.all())
    assert run(undoing).result["done"] == 2 and not Mail.objects.exists()


def test_what_an_undo_leaves_decided_is_told_at_once(action, many, lawyer, colleague):
    job = run(start(action, lawyer))
    deciding.reopen_claim(many[0], "New facts", by=colleague)
    run(bulk_undo.start_undo(job, by=lawyer))
    assert Mail.objects.get(kind="accepted").next_at <= timezone.now()


def test_a_chunk_whose_worker_was_killed_is_done_once(action, many, lawyer):
    job = start(action, lawyer)
    dead = jobs.take_chunk()
    JobChunk.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    jobs.do_chunk(jobs.take_chunk())
    jobs.do_chunk(dead)  # it wakes up again, and finds its lease gone
    job.refresh_from_db()
    assert job.result["done"] == 4 == Decision.objects.count() == Mail.objects.count()
    assert list_counts(action) == scan_counts(action) and read_tallies(action) == scan_tallies(action)


def test_nothing_is_started_for_nothing(action, many, lawyer):
    with pytest.raises(Refused, match="no claim"):
        bulk.start_bulk(action, Claim.objects.none(), "accept", by=lawyer)
    with pytest.raises(Refused, match="at least one"):
        start(action, lawyer, "ask")


def test_the_words_of_many_questions_lie_sealed_while_the_job_works_and_nowhere_after(action, make, lawyer):
    claim = make({"platform": "facebook"})
    job = start(action, lawyer, "ask", questions=["uses_privately"], words="Only before 2025.", days=14)
    assert "before 2025" not in str(Job.objects.get(pk=job.pk).params)
    job = run(job)
    assert not {"words", "data_key"} & job.params.keys()
    claim = Claim.objects.get(pk=claim.pk)  # with the data key that it got for these words
    decision = claim.decisions.get()
    assert open_words(claim, decision.code, decision.words) == "Only before 2025."


def test_nobody_is_asked_what_nobody_asks_them(action, make, lawyer):
    """The link of the mail would lead to a page that does not exist."""
    make({"platform": "facebook", "objection_made": "no"})
    made = make({"platform": "facebook", "objection_made": "yes"})
    done = run(start(action, lawyer, "ask", questions=["objection_made_on"]))
    assert done.result == {"done": 1, "skipped": {"questions": 1}}
    assert Decision.objects.get(job=done).claim == made
