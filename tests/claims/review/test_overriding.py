"""A finding set by a person: with a reason, by two people where much is at stake, and kept by every screening."""

from copy import deepcopy

import pytest
from django.db import IntegrityError, transaction

from claims.base.documents import compute_digest
from claims.base.errors import Refused, StaleStatus
from claims.counts import list_counts, scan_counts
from claims.criteria import assess_claim, read_rulebook
from claims.dry_runs import try_range
from claims.models import Action, Claim, CriteriaVersion, Override
from claims.review import deciding, overriding
from claims.rules.eligibility import Verdict
from claims.screening import screen_range
from claims.workspace import list_waiting

pytestmark = pytest.mark.django_db
YES = Verdict.YES
LETTERS_OF = {"y": "yes", "n": "no", "u": "unknown"}


def demand_two(action, **values):
    action.facts |= {"review": {"source": "invented", "two_people_from_cents": 1000, **values}}
    action.save()


def test_a_finding_set_by_a_person_counts_and_every_screening_keeps_it(action, unsure, lawyer):
    overriding.override_finding(unsure, "consumer", YES, "Seen in the chat.", by=lawyer)
    unsure.refresh_from_db()
    assert (unsure.findings, unsure.outcome) == ("yyyy", "eligible")
    assert screen_range(action, action.criteria, 0, unsure.pk) == 0
    assert try_range(action, action.criteria.document, 0, unsure.pk).outcomes["eligible"] == 1
    deciding.accept_claim(unsure, by=lawyer)
    assert list_counts(action) == scan_counts(action)


@pytest.mark.parametrize("letter", Verdict)
@pytest.mark.parametrize("criterion", ["consumer", "residence", "adult", "damage"])
def test_python_and_sql_agree_on_claims_with_findings_set_by_people(action, make, lawyer, criterion, letter):
    claims = [make({}), make(), make({"uses_privately": "no"})]
    for claim in claims:
        Override.objects.create(
            claim=claim, criterion=criterion, verdict=letter, by=lawyer, applies=True, criteria_version=action.criteria
        )
    screen_range(action, action.criteria, claims[0].pk, claims[-1].pk)
    book = read_rulebook(action.criteria.document)
    for claim in Claim.objects.all():
        assert (claim.findings, claim.outcome, claim.tier) == assess_claim(claim, book)
        assert claim.findings[["consumer", "residence", "adult", "damage"].index(criterion)] == letter
    assert list_counts(action) == scan_counts(action)


def test_a_finding_left_to_the_rules_again_is_what_they_find(unsure, lawyer):
    chosen = overriding.override_finding(unsure, "consumer", YES, "Seen.", by=lawyer)
    overriding.undo_override(chosen, by=lawyer)
    unsure.refresh_from_db()
    assert unsure.outcome == "needs_info" and list_counts(unsure.action) == scan_counts(unsure.action)
    with pytest.raises(StaleStatus):
        overriding.undo_override(chosen, by=lawyer)


def test_from_a_value_on_a_finding_waits_for_another_lawyer(action, unsure, lawyer, colleague):
    demand_two(action, claim_values=[{"tier": unsure.tier, "cents": 1000, "source": "invented"}])
    unsure.action.refresh_from_db()
    chosen = overriding.override_finding(unsure, "consumer", YES, "Seen.", by=lawyer)
    unsure.refresh_from_db()
    assert chosen.is_pending and unsure.outcome == "needs_info"
    with pytest.raises(Refused, match="Somebody else"):
        overriding.confirm_override(chosen, by=lawyer)
    overriding.confirm_override(chosen, by=colleague)
    unsure.refresh_from_db()
    assert unsure.outcome == "eligible"


@pytest.mark.parametrize(("cents", "waits"), [(999, False), (1000, True), (None, True)])
def test_the_record_of_the_action_says_from_which_value_two_people_are_needed(action, unsure, lawyer, cents, waits):
    demand_two(action, claim_values=[{"cents": cents, "source": "invented"}] if cents else [])
    unsure.action.refresh_from_db()
    assert overriding.override_finding(unsure, "consumer", YES, "Seen.", by=lawyer).is_pending == waits


def test_the_database_lets_nobody_be_the_second_person_for_oneself(unsure, lawyer):
    chosen = Override.objects.create(
        claim=unsure, criterion="consumer", verdict="y", by=lawyer, needs_second=True,
        criteria_version=unsure.action.criteria,
    )  # fmt: skip
    for change in ({"confirmed_by": lawyer}, {"applies": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Override.objects.filter(pk=chosen.pk).update(**change)


@pytest.mark.parametrize(("criterion", "reason"), [("consumer", " "), ("no_such", "Seen."), ("adult", "Seen.")])
def test_nothing_is_set_without_a_reason_or_where_it_is_so_already(unsure, lawyer, criterion, reason):
    with pytest.raises(Refused):
        overriding.override_finding(unsure, criterion, YES, reason, by=lawyer)
    assert not Override.objects.exists()


def test_the_reason_is_sealed(unsure, lawyer):
    chosen = overriding.override_finding(unsure, "consumer", YES, "Seen in the chat.", by=lawyer)
    assert chosen.reason and "chat" not in chosen.reason


def publish(action, change):
    """A newer version of the criteria, with the first one changed."""
    document = deepcopy(action.criteria.document)
    change(document["criteria"][0])
    newest = CriteriaVersion.objects.create(
        action=action, number=action.criteria.number + 1, document=document, sha256=compute_digest(document)
    )
    return Action.objects.get(pk=action.pk), newest


def set_other_rule(criterion):
    criterion["rule"] = {"not": criterion["rule"]}


def set_other_title(criterion):
    criterion["title"] = {"en": "Renamed"}


@pytest.mark.parametrize(("change", "letter"), [(set_other_title, "y"), (set_other_rule, "u")])
def test_a_finding_set_by_a_person_counts_in_a_later_version_only_where_its_rule_is_the_same(
    action, unsure, lawyer, change, letter
):
    chosen = overriding.override_finding(unsure, "consumer", YES, "Seen.", by=lawyer)
    action, newest = publish(action, change)
    screen_range(action, newest, 0, unsure.pk)
    claim = Claim.objects.get(pk=unsure.pk)
    assert claim.findings[0] == letter == assess_claim(claim, read_rulebook(newest.document))[0][0]
    assert try_range(action, newest.document, 0, unsure.pk).by_criterion["consumer"][LETTERS_OF[letter]] == 1
    waiting = [row.name for row in list_waiting(action, lawyer) if "rule that has changed" in row.name]
    assert overriding.is_lapsed(chosen, claim) is bool(waiting) is (letter == "u")
    assert list_counts(action) == scan_counts(action)


def test_what_was_proposed_under_another_rule_is_not_confirmed(action, unsure, lawyer, colleague):
    demand_two(action, claim_values=[{"tier": unsure.tier, "cents": 1000, "source": "invented"}])
    chosen = overriding.override_finding(Claim.objects.get(pk=unsure.pk), "consumer", YES, "Seen.", by=lawyer)
    action, newest = publish(action, set_other_rule)
    screen_range(action, newest, 0, unsure.pk)
    with pytest.raises(Refused, match="has changed since"):
        overriding.confirm_override(Override.objects.get(pk=chosen.pk), by=colleague)
