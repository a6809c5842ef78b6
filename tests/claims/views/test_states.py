"""Each state of a claim has its own words, and the pre-check speaks of what was asked and answered."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from claims.models import Claim, Decision, Deficiency
from claims.packs import load_pack
from claims.precheck import check_answers, list_precheck_questions
from claims.review.asking import ask_claimant
from claims.timeline import list_happenings
from documents.certificates import issue_certificate
from tests.factories import make_claim, make_claimant, make_user

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
NOYB = Path(__file__).parents[3] / "config" / "packs" / "noyb-meta-ai-training"
GOOD = {"uses_privately": "yes", "account_on_key_date": "yes", "public_posts": "yes", "birth_date": "1990-05-02",
        "habitual_residence": "AT", "resident_since": "2010-01-01"}  # fmt: skip


@pytest.fixture
def mine(action):
    version = action.criteria
    person = make_user("claimant@example.org")
    letters = "y" * len(version.document["criteria"])
    return make_claim(
        action, make_claimant(user=person, email=person.email), outcome="eligible", findings=letters,
        criteria_version=version,
    )  # fmt: skip


def read_my(client, claim, name="my-claim"):
    client.force_login(claim.claimant.user, backend=BACKEND)
    return client.get(reverse(f"claims:{name}", args=[claim.reference])).content.decode()


@pytest.mark.parametrize("fields", [{"status": "withdrawn"}, {"joined_on": date(2026, 1, 2)}, {"status": "refused"}])
def test_nothing_that_is_over_is_promised_a_look_and_a_decision(client, mine, fields):
    assert "A person still looks at it" in read_my(client, mine)
    Claim.objects.filter(pk=mine.pk).update(**fields)
    page = read_my(client, mine)
    assert "A person still looks at it" not in page and "A person looks at your claim and decides" not in page


@pytest.mark.parametrize("fields", [{"status": "withdrawn"}, {"joined_on": date(2026, 1, 2)}])
def test_who_joined_or_left_is_asked_nothing(client, mine, fields):
    ask_claimant(mine, ["uses_privately"], by=make_user())
    Decision.objects.update(at=timezone.now() - timedelta(hours=1))  # its time to be undone is over
    assert "We need an answer from you" in read_my(client, mine)
    Claim.objects.filter(pk=mine.pk).update(**fields)
    assert Deficiency.objects.filter(claim=mine, closed_at=None).exists()
    assert "We need an answer from you" not in read_my(client, mine)


def test_a_withdrawn_claim_shows_no_second_step_and_the_way_to_register_again(client, mine):
    again = reverse("claims:register", args=[mine.action.slug])
    page = read_my(client, mine)
    assert "Not joined yet" in page and again not in page
    Claim.objects.filter(pk=mine.pk).update(status="withdrawn")
    page = read_my(client, mine)
    assert "Not joined yet" not in page and again in page
    type(mine.action).objects.update(stage="closed")
    assert again not in read_my(client, mine)


@pytest.mark.parametrize("fields", [{"status": "withdrawn"}, {"joined_on": date(2026, 1, 2)}])
def test_a_certificate_promises_no_decision_where_none_comes(client, mine, fields):
    Claim.objects.filter(pk=mine.pk).update(**fields)
    issue_certificate(mine, by=None)
    client.force_login(mine.claimant.user, backend=BACKEND)
    page = client.get(reverse("documents:certificate", args=[mine.reference])).content.decode()
    assert "Certificate of registration" in page and "a person looks at your claim before" not in page


def test_joining_before_the_registration_is_recorded_with_a_warning(visit, action, mine, monkeypatch):
    """Whether an event of the law allows the day is of no matter here: the check of it has tests of its own."""
    monkeypatch.setattr("claims.joining.proofs.check_joining", lambda *_given, **_more: None)
    url = f"/workspace/small/claims/{mine.reference}/joining/"
    data = {"reference": "HG 1", "on": "2025-10-01", "source": "Order", "is_declared": "yes", "is_fee_paid": "yes"}
    visit("lawyer", url, "post", data)
    mine.refresh_from_db()
    assert mine.joined_on == date(2025, 10, 1)
    assert "before the registration with us on 3 November 2025" in visit("lawyer", url).content.decode()


@pytest.mark.parametrize(
    ("answers", "criterion", "asked"),
    [
        ({"public_posts": "no"}, "posts_or_meta_ai", ["used_meta_ai"]),
        ({"birth_date": "2012-05-02"}, "age_on_key_date", ["account_shown_as_adult"]),
        ({"birth_date": "2012-05-02"}, "custodians_consent", ["custodians_consent"]),
    ],
)
def test_the_pre_check_does_not_ask_again_for_what_was_answered(client, answers, criterion, asked):
    action = load_pack(NOYB).action
    found = check_answers(action, GOOD | answers)
    assert found.left_open[criterion] == asked
    data = {f"answer.{name}": text for name, text in (GOOD | answers).items()}
    for name in ("birth_date", "resident_since"):
        year, month, day = data.pop(f"answer.{name}").split("-")
        data |= {f"answer.{name}.day": day, f"answer.{name}.month": month, f"answer.{name}.year": year}
    page = client.post(f"/actions/{action.slug}/check/", data).content.decode()
    assert "whether any of your posts were public" not in page
    assert "Please give your date of birth" not in page and len(list_precheck_questions(action)) == 6


def test_what_one_does_not_know_is_explained_as_before(client):
    action = load_pack(NOYB).action
    assert "posts_or_meta_ai" not in check_answers(action, GOOD | {"public_posts": ""}).left_open


def test_what_happened_stands_in_the_order_of_time(mine):
    earlier = mine.registered_at - timedelta(hours=2)
    Claim.objects.filter(pk=mine.pk).update(screened_at=earlier)
    mine.refresh_from_db()
    times = [it.at for it in list_happenings(mine, reader=mine.claimant.user)]
    assert len(times) > 1 and times == sorted(times, reverse=True)
