"""The office looks at evidence beside the findings: the safe copy as pictures, page by page and file by file."""

import pytest
from django.urls import reverse

from claims.copies.answers import Unfit
from claims.copies.making import draw_page
from claims.evidence import Holder, list_evidence
from claims.models import Claim, Evidence, HistoryEvent
from claims.models.history import TAKEN
from tests.claims.evidence import corpus
from tests.claims.views.test_evidence import owner, send  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(send, owner, action):  # noqa: F811
    """A photo, a PDF of two pages and a text of the owner's, and what their addresses are."""
    claim = Claim.objects.get(claimant=owner)
    send(**{"photo.jpg": corpus.PHOTO, "two.pdf": corpus.make_pdf(pages=2), "letter.txt": b"I <b>object</b>"})
    return claim, list(list_evidence(Holder(owner=owner)))


def name_page(case, place, **asked):
    claim, files = case
    return reverse("claims:workspace-evidence", args=["small", claim.reference, files[place].code], query=asked)


def picture(case, place, page=1):
    return reverse("claims:workspace-evidence-picture", args=["small", case[1][place].code, page])


def test_one_goes_through_all_pages_of_all_files_by_links(case, visit, client):
    url, seen = name_page(case, 0, **{"from": "status=submitted"}), []
    while url:
        page = visit("lawyer", url).context
        seen.append((page["number"], page["page"]))
        url = page.get("next")
    assert seen == [(1, 1), (2, 1), (2, 2), (3, 1)]
    assert page["previous"] == name_page(case, 1, page="2", **{"from": "status=submitted"})


def test_a_picture_says_which_it_is_and_stands_beside_the_findings(case, visit):
    page = visit("staff", name_page(case, 1, page="2")).content.decode()
    assert 'alt="Evidence 2 of 3, page 2 of 2"' in page and picture(case, 1, 2) in page
    assert "Answers and findings" in page and "never the file that was sent" in page


def test_a_text_is_shown_as_words_and_never_as_a_page(case, visit):
    page = visit("lawyer", name_page(case, 2)).content.decode()
    assert "I &lt;b&gt;object&lt;/b&gt;" in page and "<img" not in page


def test_a_picture_is_drawn_by_us_and_can_do_nothing(case, visit):
    for place, page in ((0, 1), (1, 2)):
        answer = visit("lawyer", picture(case, place, page))
        assert answer.status_code == 200 and answer["Content-Type"] == "image/jpeg"
        assert answer.content[:2] == b"\xff\xd8" and b"CANARY" not in answer.content
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store")


def test_a_page_that_is_not_there_is_not_found(case, visit):
    for page in ("0", "3", "-1", "x", "²", "9" * 30):
        assert visit("lawyer", name_page(case, 1, page=page)).status_code == 404, page
    for place, page in ((0, 2), (1, 0), (1, 9), (2, 1)):
        assert visit("lawyer", picture(case, place, page)).status_code == 404, (place, page)


def test_a_page_is_drawn_in_a_cage_and_what_is_no_page_is_none():
    assert draw_page(corpus.make_pdf(), 1)[:2] == b"\xff\xd8"
    for data, number in ((b"x", 1), (corpus.make_pdf(), 2)):
        with pytest.raises(Unfit):
            draw_page(data, number)


def test_looking_is_in_the_history_once_an_hour_for_each_file(case, visit, people):
    for url in (name_page(case, 1), picture(case, 1, 1), picture(case, 1, 2), name_page(case, 0), picture(case, 0)):
        visit("lawyer", url)
    visit("staff", picture(case, 0))
    events = HistoryEvent.objects.filter(verb=TAKEN).order_by("number").values_list("by", "subject_id")
    (lawyer, staff), (photo, pdf, _text) = (people["lawyer"].pk, people["staff"].pk), (file.pk for file in case[1])
    assert list(events) == [(lawyer, pdf), (lawyer, photo), (staff, photo)]


def test_looking_counts_against_the_budget_of_reading(case, visit, settings):
    settings.READS_PER_DAY = {"claims": 1, "words": 1, "exports": 1}
    assert visit("lawyer", name_page(case, 0)).status_code == 200  # the claim and the file: twice the budget
    assert visit("lawyer", name_page(case, 1)).status_code == 429
    assert visit("lawyer", picture(case, 1)).status_code == 429
    assert HistoryEvent.objects.filter(verb=TAKEN).count() == 1


def test_an_auditor_gets_no_copy_and_no_name_of_a_file(case, visit):
    claim, files = case
    copy = reverse("claims:workspace-evidence-copy", args=["small", files[0].code])
    for url in (name_page(case, 0), picture(case, 0), copy):
        assert visit("auditor", url).status_code == 404
    page = visit("auditor", reverse("claims:workspace-claim", args=["small", claim.reference])).content.decode()
    assert "letter.txt" not in page and "/evidence/" not in page and "Own words, covered" in page


def test_a_file_without_a_safe_copy_says_why_and_is_not_taken(case, visit):
    for state, reason in (("quarantined", "unscanned"), ("received", "")):
        Evidence.objects.filter(pk=case[1][0].pk).update(state=state, reason=reason)
        page = visit("lawyer", name_page(case, 0)).content.decode()
        assert ("virus check is not working" if reason else "We are checking it") in page and "<img" not in page
        assert visit("lawyer", picture(case, 0)).status_code == 404
    assert not HistoryEvent.objects.filter(verb=TAKEN).exists()


def test_a_file_of_another_claim_is_not_shown_under_this_one(case, visit, claim):
    url = reverse("claims:workspace-evidence", args=["small", claim.reference, case[1][0].code])
    assert visit("lawyer", url).status_code == 404
