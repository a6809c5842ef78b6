"""What makes an action inadmissible is said with its rule. Numbers are those of DOMAIN's traps."""

from datetime import date

import pytest

from claims.models import Action
from claims.warnings import list_warnings
from tests.claims.joining.test_proofs import happen, place
from tests.factories import make_claim

pytestmark = pytest.mark.django_db


def warn(action, regime, facts=None, **events):
    action.facts = action.facts | (facts or {})
    action.save()
    place(action, regime, **events)
    return {line.concern.value: line for line in list_warnings(Action.objects.get(pk=action.pk))}


def fund(share, **more):
    return {"funding": {"funders": [{"name": "Example Capital", "share": share, "source": "contract", **more}]}}


@pytest.mark.parametrize("share, is_fatal", [(0.1, False), (0.100001, True), (0.25, True)])
def test_trap_11_a_funder_above_ten_percent_makes_a_german_action_inadmissible(action, share, is_fatal):
    found = warn(action, "DE-ABHILFE", fund(share))
    assert ("funder share" in found) == is_fatal
    if is_fatal:
        assert "Inadmissible" in found["funder share"].says and found["funder share"].entry.source == "haufe-vdug-4"


def test_trap_11_a_tied_funder_and_an_unknown_share_are_named(action):
    found = warn(action, "DE-ABHILFE", fund(None, is_competitor=True))
    assert found["funder tied"].is_fatal and not found["funder unknown"].is_fatal


def test_trap_11_an_irish_entry_fee_above_25_euros_is_too_high(action):
    action.facts["costs"]["you_pay"]["cents"] = 2501
    assert "€25.01" in warn(action, "IE-2023")["entry fee"].says


def test_trap_10_an_infringement_before_the_law_reaches_back_is_named(action):
    found = warn(action, "IE-2023", infringement_began=date(2023, 6, 24))
    assert "25 June 2023" in found["infringement early"].says
    happen(action)
    assert "infringement early" not in warn(action, "AT-ABHILFE")


def test_trap_13_a_german_settlement_before_the_register_closes_is_named(action):
    found = warn(
        action, "DE-ABHILFE", action_filed=date(2026, 1, 5), hearing_closed=date(2026, 3, 2),
        settlement_filed=date(2026, 3, 3), settlement_approved=date(2026, 3, 23),
    )  # fmt: skip
    assert "23 March 2026" in found["settlement early"].says


def test_an_entity_without_or_before_its_designation_has_no_standing(action):
    action.facts["parties"]["entity"]["designations"] = []
    assert warn(action, "AT-ABHILFE")["no designation"].is_fatal
    action.facts["parties"]["entity"]["designations"] = [{"state": "AT", "on": "2030-01-01", "source": "x"}]
    assert warn(action, "AT-ABHILFE")["designation later"].is_fatal
    action.facts["parties"]["entity"]["designations"] = [{"state": "AT", "source": "x"}]
    assert not warn(action, "AT-ABHILFE")["designation undated"].is_fatal


def test_a_designation_in_another_state_gives_standing_too(action):
    action.facts["parties"]["entity"]["designations"] = [{"state": "IE", "on": "2024-10-11", "source": "x"}]
    assert not {"no designation", "designation later"} & warn(action, "AT-ABHILFE").keys()


def test_fewer_people_than_the_law_wants_are_counted(action):
    make_claim(action, criteria_version=action.criteria, outcome="eligible")
    assert "so far: 1." in warn(action, "AT-ABHILFE")["group too small"].says
    assert "group too small" not in warn(action, "SE-2024")  # unknown is never none


def test_a_law_that_was_not_yet_in_force_is_named(action):
    assert warn(action, "AT-ABHILFE", action_filed=date(2024, 7, 17))["not in force"].is_fatal
