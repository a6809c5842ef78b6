"""What the office works with: the book, its filters, the rules as sentences, the jobs."""

import re
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import override

from claims.base.history import record
from claims.base.references import show_reference
from claims.models import Action, Claim, Job
from claims.procedure.events import EventDraft, record_event
from claims.takeup import round_share
from claims.templatetags.claims_wording import moment, percent
from tests.factories import make_claim, make_user


def read(answer):
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_overview_names_terms_that_nobody_knows(visit, action, claim):
    page = read(visit("lawyer", "/workspace/small/"))
    assert "Not yet known" in page and "Confidence: high" in page
    assert "Joined in court (proof)" in page


def test_the_overview_says_when_the_record_of_the_law_has_changed_since_the_pack_was_loaded(visit, action):
    assert "record of this law has changed" not in read(visit("lawyer", "/workspace/small/"))
    Action.objects.filter(pk=action.pk).update(regime_sha256="0" * 64)
    assert "record of this law has changed" in read(visit("lawyer", "/workspace/small/"))


def test_the_overview_names_the_state_whose_claims_may_be_barred_by_now(visit, action):
    make_claim(action, habitual_residence="ES")
    assert "may be barred" not in read(visit("lawyer", "/workspace/small/")).casefold()
    began = timezone.localdate() - timedelta(days=3 * 365)
    record_event(action, EventDraft("infringement-began", began, source="decision of the court"), by=None)
    page = read(visit("lawyer", "/workspace/small/"))
    assert "<b>Spain: May be barred by now.</b>" in page and "/procedure/#limitation" in page


def test_only_lawyers_are_offered_the_screening(visit, action):
    assert "Screen all claims" in read(visit("lawyer", "/workspace/small/"))
    assert "Screen all claims" not in read(visit("staff", "/workspace/small/"))


def test_the_overview_counts_an_unknown_state_as_not_yet_known(visit, action):
    make_claim(action, habitual_residence="")
    page = read(visit("staff", "/workspace/small/"))
    assert "?state=unknown" in page and "Not yet known" in page


def test_shares_are_rounded_and_never_all_or_none_when_they_are_not():
    assert [round_share(n, 987) for n in (0, 1, 355, 986, 987)] == [0, 1, 36, 99, 100]
    assert round_share(0, 0) == 0
    assert percent(36) == "36%"
    with override("de"):
        assert percent(36) == "36\u202f%"


def test_the_table_by_state_has_a_row_of_totals(visit, action, claim):
    make_claim(action, habitual_residence="DE")
    foot = re.search(r"<tfoot.*</tfoot>", read(visit("staff", "/workspace/small/")))[0]
    assert "All states" in foot and 'data-label="All"><b>2</b>' in foot


def test_the_overview_says_what_each_role_may_do(visit, action):
    page = read(visit("lawyer", "/workspace/small/"))
    assert "You are a lawyer in this action" in page and "decide on claims" in page
    assert "Lawyers start and stop screenings." in read(visit("staff", "/workspace/small/"))


def test_undecided_claims_wait_for_who_may_decide(visit, action, claim):
    line = re.search(
        r'<a href="([^"]*)">Claims to decide</a><span class="row-end num">1<',
        read(visit("lawyer", "/workspace/small/")),
    )
    assert claim.reference in read(visit("lawyer", line[1])).replace("-", "").replace(" ", "")
    assert "Claims to decide" not in read(visit("staff", "/workspace/small/"))
    Claim.objects.update(status="accepted")
    assert "Claims to decide" not in read(visit("lawyer", "/workspace/small/"))


def test_the_timeline_tells_the_import_from_the_registration(visit, action, claim):
    url = f"/workspace/small/claims/{claim.reference}/"
    assert "<h3>Imported</h3>" not in read(visit("staff", url))
    event = record("claims imported", action, action=action, rows=1)
    page = read(visit("staff", url))
    assert "<h3>Imported</h3>" in page and moment(event.at) in page
    record("claims imported", action, action=action, rows=5)
    assert "one of several imports" in read(visit("staff", url))


def test_a_reference_opens_its_claim_however_it_is_typed(visit, action, claim):
    typed = show_reference(claim.reference).lower().replace("1", "l")
    assert visit("staff", "/workspace/small/claims/", "post", {"find": typed}).url.endswith(
        f"/claims/{claim.reference}/"
    )
    assert visit("staff", "/workspace/small/claims/", "post", {"find": "\x00"}).url == "/workspace/small/claims/"


def test_a_claim_shows_answers_beside_findings(visit, action, claim):
    page = read(visit("staff", f"/workspace/small/claims/{claim.reference}/"))
    assert "Finding: unknown." in page and "Finding: yes." in page
    assert "Not joined in court" in page and "Criteria version 1" in page
    assert action.criteria.document["criteria"][0]["unknown"]["en"] in page


def test_answers_that_their_questions_cannot_take_are_shown_as_given(visit, action):
    odd = {"effort_hours": "three nights", "objection_made_on": "2025-02-31", "platform": [5]}
    reference = make_claim(action, answers=odd).reference
    text = read(visit("lawyer", f"/workspace/small/claims/{reference}/"))
    assert "three nights" in text and "2025-02-31" in text and "[5]" in text


def test_a_claim_that_was_never_screened_says_so(visit, action):
    fresh = make_claim(action)
    assert "Not yet screened" in read(visit("staff", f"/workspace/small/claims/{fresh.reference}/"))


def test_rules_are_sentences_with_their_sources(visit, action):
    page = read(visit("staff", "/workspace/small/rules/"))
    first = action.criteria.document["criteria"][0]
    assert first["title"]["en"] in page and first["citations"][0]["text"]["en"] in page
    assert "Version 1 of" in page


def test_a_lawyer_starts_a_screening_and_sees_its_job(visit, action, claim):
    answer = visit("lawyer", "/workspace/small/screen/", "post")
    job = Job.objects.get()
    assert answer.url == f"/workspace/small/jobs/{job.code}/"
    assert f'data-url="/api/v1/jobs/{job.code}/"' in read(visit("lawyer", answer.url))


def test_a_second_screening_is_refused_in_words(visit, client, action, job):
    page = read(client.get(visit("lawyer", "/workspace/small/screen/", "post").url))
    assert "The screening was not started" in page
    assert Job.objects.count() == 1


def test_a_job_that_was_stopped_cannot_be_stopped_again(visit, client, action, job):
    url = f"/workspace/small/jobs/{job.code}/"
    visit("lawyer", f"{url}cancel/", "post")
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED
    assert "already ended" in read(client.get(visit("lawyer", f"{url}cancel/", "post").url))


def test_what_is_not_met_comes_first_and_the_claimant_is_named_by_part(visit, action, claim):
    person = make_user(name="")
    claim.claimant.user = person
    claim.claimant.save()
    letters = "y" * (len(action.criteria.document["criteria"]) - 1) + "n"
    Claim.objects.filter(pk=claim.pk).update(findings=letters, outcome="ineligible")
    record("answer corrected", claim, by=person, action=action)
    page = read(visit("lawyer", f"/workspace/small/claims/{claim.reference}/"))
    assert re.search(r'<ul class="findings"> <li class="(\w+)"', page)[1] == "no"
    assert "Told to the claimant:" in page
    assert f"user {person.pk}" not in page and "<bdi>Claimant</bdi>" in page


def test_closing_an_account_asks_once_more_and_names_the_person(visit, action):
    make_user(name="Leo Muster", role="lawyer", action=action)
    page = read(visit("administrator", "/workspace/small/people/"))
    assert re.search(r"<summary>Close the account</summary><form[^>]*>.{0,200}?<b><bdi>Leo Muster</bdi></b>", page)


def test_who_reads_no_claims_cannot_work_a_small_count_out_from_the_others(visit, action):
    for state, outcome in [*[("AT", "eligible")] * 11, ("FR", "needs_info")]:
        letters = "u" * len(action.criteria.document["criteria"])
        pinned = {"criteria_version": action.criteria, "findings": letters, "screened_at": timezone.now()}
        make_claim(action, habitual_residence=state, outcome=outcome, **pinned)
    for path in ("", "procedure/"):
        seen = {who: read(visit(who, f"/workspace/small/{path}")) for who in ("finance", "lawyer")}
        assert re.search(r'num"[^>]*>11<', seen["lawyer"]) and not re.search(r'num"[^>]*>(<b>)?11<', seen["finance"])
        assert "kept, not shown" in seen["finance"] and "kept, not shown" not in seen["lawyer"]
    overview = read(visit("finance", "/workspace/small/"))
    for part in ("funnel", "takeup"):  # twelve were sent: the difference to the eleven would be one person
        shown = overview.split(f'aria-labelledby="{part}"')[1].split("</section>")[0]
        assert ">10<" in shown and ">12<" not in shown


def test_who_reads_no_claims_sees_no_small_count(visit, action):
    for state in ("AT", "AT", "FR"):
        make_claim(action, habitual_residence=state)
    for path in ("", "procedure/"):
        seen = {who: read(visit(who, f"/workspace/small/{path}")) for who in ("finance", "lawyer")}
        assert "fewer than 10" in seen["finance"] and "fewer than 10" not in seen["lawyer"]
        assert "/workspace/small/claims/" not in seen["finance"]
    overview = read(visit("finance", "/workspace/small/"))
    assert "Other states" in overview and not re.search(r'class="num"[^>]*>(<b>)?[1-9]<', overview)
