"""Who has a claim decides nothing about it, and works nowhere in its matter."""

import pytest

from claims import access, people
from claims.accounts import disable_user, grant_role
from claims.base import jobs
from claims.base.errors import Refused
from claims.conflicts import list_own_ids
from claims.models import Claim, Claimant, Decision, HistoryEvent, Role
from claims.models.history import ROLE_REFUSED
from claims.reading import list_alerts
from claims.review import bulk, casework, deciding, overriding, refusing
from claims.rules.eligibility import Verdict
from claims.screening import screen_range
from claims.tallies import recount
from tests.factories import make_action, make_claim, make_claimant, make_user

pytestmark = pytest.mark.django_db
MEETS = {"uses_privately": "yes", "platform": "facebook", "objection_made": "no", "effort_hours": 3}


@pytest.fixture
def lawyer(action):
    return make_user(role=Role.Name.LAWYER, action=action)


@pytest.fixture
def own(action, lawyer):
    """The claim of a lawyer: registered after the role was given."""
    claim = make_claim(action, make_claimant(user=lawyer), answers=MEETS)
    screen_range(action, action.criteria, claim.pk, claim.pk)
    return Claim.objects.get(pk=claim.pk)


@pytest.mark.parametrize("role", Role.Name.values)
def test_nobody_with_a_claim_in_a_matter_is_given_a_role_in_it(action, role):
    claimant = make_claimant(user=make_user())
    claim = make_claim(action, claimant)
    admin = make_user(role="administrator", action=action)
    with pytest.raises(Refused, match="has a claim in this matter"):  # on the command line
        grant_role(claimant.user, action, role)
    with pytest.raises(Refused, match="cannot have a role here"):
        people.invite(action, claimant.user.email, role, until=None, language="en", by=admin)
    assert not Role.objects.filter(user=claimant.user).exists()
    grant_role(claimant.user, make_action("other"), role)  # another matter
    Claim.objects.filter(pk=claim.pk).update(status="withdrawn")
    grant_role(claimant.user, action, role)


def test_administrators_do_not_find_out_address_by_address_who_claims(action, client):
    client.force_login(admin := make_user(role="administrator", action=action))
    claimants = [make_claimant(user=make_user()) for _ in range(7)]
    answers = []
    for claimant in claimants:
        make_claim(action, claimant)
        form = {"email": claimant.user.email, "role": "staff"}
        answers.append(client.post("/workspace/small/people/", form).content.decode())
    assert all("cannot have a role here" in page and "has a claim" not in page for page in answers[:6])
    assert "from midnight on" in answers[6] and "cannot have" not in answers[6]
    events = HistoryEvent.objects.filter(verb=ROLE_REFUSED, by=admin, action=action)
    assert [event.subject_id for event in events] == [claimant.user.pk for claimant in claimants[:6]]
    assert list_alerts(action).count() == 1
    other = client.post("/workspace/small/people/", {"email": "new@office.example", "role": "staff"})
    assert "from midnight on" in other.content.decode()  # the same for everybody: it tells nothing


def test_a_closed_account_is_refused_a_role_in_the_very_words_for_who_has_a_claim(action):
    admin, closed = make_user(role="administrator", action=action), make_user()
    disable_user(closed)
    with pytest.raises(Refused, match="this address cannot have a role here"):
        people.invite(action, closed.email, "staff", until=None, language="en", by=admin)
    assert not Role.objects.filter(user=closed).exists()
    assert HistoryEvent.objects.get(verb=ROLE_REFUSED).subject_id == closed.pk


@pytest.mark.parametrize("decide", [
    lambda claim, by: deciding.accept_claim(claim, by=by),
    lambda claim, by: refusing.announce_refusal(claim, "criterion", by=by),
    lambda claim, by: overriding.override_finding(claim, "consumer", Verdict.NO, "Because", by=by),
    lambda claim, by: casework.reveal_claim(claim, "decide", by=by),
])  # fmt: skip
def test_nobody_decides_on_the_own_claim_or_uncovers_it(own, lawyer, decide):
    with pytest.raises(Refused, match="your own claim"):
        decide(own, lawyer)
    assert Claim.objects.get(pk=own.pk).status == "submitted" and not Decision.objects.exists()


def test_the_own_claim_is_skipped_where_many_are_decided(action, own, lawyer):
    other = make_claim(action, answers=MEETS)
    screen_range(action, action.criteria, other.pk, other.pk)
    recount(action)
    job = bulk.start_bulk(action, Claim.objects.filter(action=action), "accept", by=lawyer)
    jobs.work()
    job.refresh_from_db()
    assert job.result == {"done": 1, "skipped": {"own": 1}}
    assert Claim.objects.get(pk=own.pk).status == "submitted"


def test_a_claim_that_came_in_by_a_file_is_the_own_one_by_its_address_before_an_account_holds_it(action, own, lawyer):
    Claimant.objects.filter(pk=own.claimant_id).update(user=None, email=lawyer.email.title())
    with pytest.raises(Refused, match="your own claim"):
        deciding.accept_claim(own, by=lawyer)
    assert list_own_ids([own], lawyer) == {own.pk} and not list_own_ids([own], make_user())
    with pytest.raises(Refused, match="has a claim in this matter"):
        grant_role(lawyer, action, Role.Name.STAFF)


def test_the_page_of_the_own_claim_offers_nothing_to_decide(client, action, own, lawyer):
    client.force_login(lawyer)
    page = client.get(f"/workspace/small/claims/{own.reference}/").content.decode()
    assert "This is your own claim" in page and "/accept/" not in page and "/reveal/" not in page
    for step in ("accept", "reveal", "note"):
        assert client.post(f"/workspace/small/claims/{own.reference}/{step}/").status_code in {302, 404}
    assert not access.list_lawyer_claims(lawyer).exists() and access.list_office_claims(lawyer).exists()
