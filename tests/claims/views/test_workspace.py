"""What the office works with: the book, its filters, the rules as sentences, the jobs."""

import re

from claims.base.references import show_reference
from claims.models import Job
from claims.views import workspace_claims
from tests.factories import make_claim


def read(answer):
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_overview_names_terms_that_nobody_knows(visit, action, claim):
    page = read(visit("lawyer", "/workspace/small/"))
    assert "Not yet known" in page and "Confidence: high" in page
    assert "Joined in court (proof)" in page


def test_only_lawyers_are_offered_the_screening(visit, action):
    assert "Screen all claims" in read(visit("lawyer", "/workspace/small/"))
    assert "Screen all claims" not in read(visit("staff", "/workspace/small/"))


def test_the_overview_counts_an_unknown_state_as_not_yet_known(visit, action):
    make_claim(action, habitual_residence="")
    page = read(visit("staff", "/workspace/small/"))
    assert "?state=unknown" in page and "Not yet known" in page


def test_the_list_goes_through_the_whole_book_page_by_page(visit, action, monkeypatch):
    monkeypatch.setattr(workspace_claims, "PAGE", 2)
    claims = [make_claim(action) for _ in range(5)]
    seen, url = [], "/workspace/small/claims/"
    while url:
        page = read(visit("staff", url))
        seen += re.findall(r"/claims/([0-9A-Z]{12})/", page)
        more = re.search(r'href="(\?[^"]*after=[^"]+)"', page)
        url = "/workspace/small/claims/" + more[1].replace("&amp;", "&") if more else None
    assert seen == [claim.reference for claim in reversed(claims)]


def test_filters_choose_and_nonsense_is_no_filter(visit, action, claim):
    other = make_claim(action, habitual_residence="DE")

    def listed(query):
        return set(re.findall(r"/claims/([0-9A-Z]{12})/", read(visit("staff", f"/workspace/small/claims/?{query}"))))

    assert listed("state=DE") == {other.reference}
    assert listed("outcome=needs_info") == {claim.reference}
    assert listed("outcome=unknown") == {other.reference}
    assert listed("outcome=nonsense&state=%00&tier='--&after=x") == {claim.reference, other.reference}


def test_a_reference_opens_its_claim_however_it_is_typed(visit, action, claim):
    typed = show_reference(claim.reference).lower().replace("1", "l")
    assert visit("staff", "/workspace/small/claims/", data={"find": typed}).url.endswith(f"/claims/{claim.reference}/")
    assert visit("staff", "/workspace/small/claims/", data={"find": "\x00"}).url == "/workspace/small/claims/"


def test_a_claim_shows_answers_beside_findings(visit, action, claim):
    page = read(visit("staff", f"/workspace/small/claims/{claim.reference}/"))
    assert "Finding: unknown." in page and "Finding: yes." in page
    assert "Not joined in court" in page and "Criteria version 1" in page
    assert action.criteria.document["criteria"][0]["unknown"]["en"] in page


def test_a_claim_that_was_never_screened_says_so(visit, action):
    fresh = make_claim(action)
    assert "Not yet screened" in read(visit("staff", f"/workspace/small/claims/{fresh.reference}/"))


def test_rules_are_sentences_with_their_sources(visit, action):
    page = read(visit("staff", "/workspace/small/rules/"))
    first = action.criteria.document["criteria"][0]
    assert first["title"]["en"] in page and first["citations"][0]["text"] in page
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
