"""The pages of the pairs: who sees them, what they say, what a second person is told, what an account never sees."""

import pytest
from django.urls import reverse

from claims.duplicates import mark_not_same, merge_pair
from claims.models import Claim, Claimant, DuplicatePair, Job, Merge
from tests.claims.duplicates.conftest import make_double, search
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(action):
    make_double(action, user=make_user("ana@muster.example"))
    make_double(action, given_name="Anna", email="other@muster.example", city="<b>Wien\u202e")
    search(action)
    return DuplicatePair.objects.get()


def find(name, pair):
    return reverse(f"claims:workspace-{name}", args=[pair.action.slug, pair.code])


STEPS = ("duplicate-merge", "duplicate-not-same")
PEOPLE = ("stranger", "neighbour", "staff", "lawyer", "finance", "auditor", "administrator", "former")


def test_a_pair_is_for_those_who_read_the_book(visit, pair):
    assert visit("anonymous", find("duplicate", pair)).status_code == 302
    found = {who: visit(who, find("duplicate", pair)).status_code for who in PEOPLE}
    assert found == {**dict.fromkeys(PEOPLE, 404), "staff": 200, "lawyer": 200, "auditor": 200}


@pytest.mark.parametrize("name", STEPS)
def test_only_lawyers_decide_and_only_by_sending_a_form(visit, pair, name):
    assert visit("lawyer", find(name, pair)).status_code == 405
    found = {
        who: visit(who, find(name, pair), "post", {"reason": "signs"}).status_code
        for who in PEOPLE[:-1]
        if who != "lawyer"
    }
    assert set(found.values()) == {404}
    pair.refresh_from_db()
    assert pair.state == "open"


def test_the_page_says_in_words_what_is_the_same_and_why_so_many_points(visit, pair):
    page = visit("staff", find("duplicate", pair)).content.decode()
    assert "The given name differs by a letter or two" in page and "The date of birth is the same" in page
    assert ">differs<" in page and ">the same<" in page and "&lt;b&gt;Wien[U+202E]" in page
    assert 'aria-keyshortcuts="m"' not in page  # the staff decides nothing


def test_a_merge_wants_a_fresh_password_or_factor(client, people, pair):
    from tests.signing_in import set_proofs

    client.force_login(people["lawyer"])
    set_proofs(client, people["lawyer"], ("password", "mfa"), age=600)
    answer = client.post(find("duplicate-merge", pair), {"reason": "signs"})
    assert answer.status_code == 302 and "reauthenticate" in answer.url and not Merge.objects.exists()


def test_a_merge_and_its_undoing_by_the_pages(visit, client, pair):
    assert visit("lawyer", find("duplicate-merge", pair), "post", {"reason": "signs"}).status_code == 302
    merged = Claim.objects.get(status="merged")
    told = client.get(reverse("claims:workspace-duplicates", args=[pair.action.slug])).content.decode()
    assert "was merged into" in told and f'/claims/{merged.reference}/#merges"' in told
    page = visit(
        "lawyer", reverse("claims:workspace-claim", args=[pair.action.slug, merged.reference])
    ).content.decode()
    assert "This claim was put into" in page and "Take them apart" in page
    unmerge = reverse("claims:workspace-unmerge", args=[pair.action.slug, merged.reference])
    for who in ("stranger", "neighbour", "staff", "auditor"):
        assert visit(who, unmerge, "post").status_code == 404
    visit("lawyer", unmerge, "post", {"words": "they are sisters"})
    assert Claim.objects.standing().count() == 2
    told = client.get(reverse("claims:workspace-duplicates", args=[pair.action.slug])).content.decode()
    assert "They count as two people: no search asks about them again." in told
    page = visit(
        "lawyer", reverse("claims:workspace-claim", args=[pair.action.slug, merged.reference])
    ).content.decode()
    assert "they are sisters" in page


def test_the_second_person_is_told_who_was_quicker(visit, people, pair):
    mark_not_same(pair, by=people["lawyer"], reason="twins")
    visit("lawyer", find("duplicate-merge", pair), "post", {"reason": "signs"})
    page = visit("lawyer", find("duplicate", pair)).content.decode()
    assert "Someone has already handled this pair" in page and "not the same person" in page
    assert Claim.objects.standing().count() == 2


def test_without_a_reason_nothing_is_done(visit, pair):
    for name in STEPS:
        visit("lawyer", find(name, pair), "post", {"reason": "\x00"})
    pair.refresh_from_db()
    assert pair.state == "open"


def test_a_search_starts_from_the_page_and_a_second_one_is_refused_in_words(visit, action, pair):
    url = reverse("claims:workspace-duplicates-search", args=[action.slug])
    assert "/jobs/" in visit("lawyer", url, "post").url
    assert visit("lawyer", url, "post").url.endswith("/duplicates/")
    assert Job.objects.filter(state="waiting").count() == 1


@pytest.mark.parametrize("is_same", [True, False])
def test_a_merged_claim_leads_its_own_account_on_and_shows_nothing_to_another(client, people, pair, is_same):
    first = pair.first.claimant.user
    account = first if is_same else make_user("other@muster.example")
    Claimant.objects.filter(pk=pair.second.claimant_id).update(user=account)
    done = merge_pair(pair, by=people["lawyer"], reason="signs")
    client.force_login(account)
    page = client.get(f"/my/claims/{done.merged.reference}/").content.decode()
    assert "was put together with another one" in page
    assert (done.kept.reference in page.replace(" ", "")) == is_same
    assert is_same or "ana@muster.example" not in page
