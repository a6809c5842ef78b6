"""Rows reach only those who may see them; the database holds the one-action rule."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims import access
from claims.models import Claim, Job, Role
from claims.rules.rights import ROLE_RIGHTS
from tests.factories import make_action, make_claim, make_claimant, make_user

SCOPES = [
    access.list_office_actions,
    access.list_lawyer_actions,
    access.list_office_claims,
    access.list_own_claims,
    access.list_office_jobs,
]


@pytest.mark.parametrize("scope", SCOPES, ids=lambda scope: scope.__name__)
def test_a_stranger_sees_nothing(action, scope):
    make_claim(action)
    Job.objects.create(kind="screening", action=action)
    for person in (AnonymousUser(), make_user(), make_user(role=Role.Name.LAWYER, action=make_action())):
        assert not [row for row in scope(person) if getattr(row, "action", row) == action]


def test_lawyer_and_staff_see_the_claims_of_their_action_and_only_lawyers_decide(action):
    claim = make_claim(action)
    for role, decides in ((Role.Name.LAWYER, True), (Role.Name.STAFF, False)):
        person = make_user(role=role, action=action)
        assert list(access.list_office_claims(person)) == [claim]
        assert access.is_lawyer(person, action) is decides


def test_a_lawyer_of_one_action_decides_nothing_in_another(action):
    person = make_user(role=Role.Name.STAFF, action=action)
    Role.objects.create(user=person, action=make_action(), name=Role.Name.LAWYER)
    assert not access.is_lawyer(person, action)


def test_a_claimant_sees_the_own_claim_and_no_other(action):
    person = make_user()
    own = make_claim(action, make_claimant(user=person))
    make_claim(action)
    assert list(access.list_own_claims(person)) == [own]
    assert not access.list_office_claims(person)


def test_own_claims_are_found_without_reading_the_book(action):
    plan = access.list_own_claims(make_user()).explain()
    assert "SCAN claims_claim" not in plan
    with CaptureQueriesContext(connection) as queries:
        list(access.list_own_claims(make_user()))
    assert '"facts"' not in queries[0]["sql"]


def test_what_is_not_published_is_not_shown(action):
    make_action("secret", is_published=False)
    assert [shown.slug for shown in access.list_published_actions()] == ["small"]


def test_trap_6_one_person_stands_in_one_action_of_a_matter(action):
    """Article 9(4) of Directive (EU) 2020/1828, held by the database."""
    claimant = make_claimant()
    first = make_claim(action, claimant)
    sister = make_action("sister", matter=action.matter.slug)
    with pytest.raises(IntegrityError), transaction.atomic():
        make_claim(sister, claimant)
    Claim.objects.filter(pk=first.pk).update(status=Claim.Status.WITHDRAWN)
    make_claim(sister, claimant)


@pytest.mark.django_db(transaction=True)
def test_a_claim_carries_the_matter_of_its_action():
    action, other = make_action("one"), make_action("two", matter="second")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_claim(action, matter=other.matter)
    claim = make_claim(action)
    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.filter(pk=claim.pk).update(matter=other.matter)


GIVEN = {
    access.list_workplaces: {"lawyer", "staff", "finance", "auditor", "administrator"},
    access.list_figure_actions: {"lawyer", "staff", "finance", "auditor"},
    access.list_office_actions: {"lawyer", "staff", "auditor"},
    access.list_working_actions: {"lawyer", "staff"},
    access.list_lawyer_actions: {"lawyer"},
    access.list_history_actions: {"lawyer", "auditor"},
    access.list_finance_actions: {"finance"},
    access.list_people_actions: {"administrator"},
    access.list_staffed_actions: {"administrator", "auditor"},
    access.list_prepared_actions: {"lawyer", "administrator", "auditor"},
}


@pytest.mark.parametrize("scope", GIVEN, ids=lambda scope: scope.__name__)
def test_a_role_gives_the_rights_of_the_table_and_no_other(action, scope):
    found = {name for name in Role.Name.values if scope(make_user(role=name, action=action)).exists()}
    assert found == GIVEN[scope]


def test_each_role_has_a_line_in_the_table_of_rights():
    assert set(ROLE_RIGHTS) == set(Role.Name.values)


@pytest.mark.parametrize(
    "scope", [*GIVEN, access.list_office_claims, access.list_figure_jobs], ids=lambda scope: scope.__name__
)
def test_a_role_whose_time_is_over_gives_nothing(action, scope):
    make_claim(action)
    Job.objects.create(kind="screening", action=action)
    for name in Role.Name.values:
        assert not scope(make_user(role=name, action=action, ends_at=timezone.now())).exists()


def test_a_role_that_ends_tomorrow_gives_its_rights_today(action):
    person = make_user(role="auditor", action=action, ends_at=timezone.now() + timedelta(days=1))
    assert access.list_office_actions(person).exists()


def test_a_disabled_person_has_no_right(action):
    person = make_user(role="lawyer", action=action, is_active=False)
    assert not access.list_lawyer_actions(person).exists() and not access.list_rights(person, action)


def test_finance_and_administrators_see_no_claim(action):
    make_claim(action)
    for name in ("finance", "administrator"):
        assert not access.list_office_claims(make_user(role=name, action=action)).exists()
