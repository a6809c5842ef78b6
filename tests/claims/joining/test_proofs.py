"""Only a proof in the channel of the law makes a claim joined. Numbers are those of DOMAIN's traps."""

from datetime import date, time

import pytest

from claims.base.errors import Refused, StaleStatus
from claims.joining import ProofDraft, describe_way, list_proofs, record_joining, take_back_joining
from claims.models import Action, Claim, ClaimTally, EventEntry, JoiningProof, Mail
from claims.procedure.projecting import project_events
from claims.rules.joining import Way
from claims.withdrawals import withdraw_claim
from tests.claims.duplicates.test_merging import merge
from tests.factories import make_claim, make_claimant, make_user

pytestmark = pytest.mark.django_db
EVENTS = {"action-filed": date(2026, 1, 12), "order-published": date(2026, 3, 2), "case-published": date(2026, 1, 20)}


def happen(action, **events):
    for key, on in events.items():
        EventEntry.objects.create(action=action, key=key.replace("_", "-"), on=on, text={"en": key}, source="court")
    project_events(action)


def place(action, regime, **events):
    Action.objects.filter(pk=action.pk).update(regime_code=regime)
    action.refresh_from_db()
    happen(action, **events)
    return action


def prove(claim, on=date(2026, 3, 9), reference="GZ 1/26", **fields):
    return record_joining(claim, ProofDraft(reference, on, source="brief of 9 March", **fields), by=make_user())


@pytest.fixture
def vienna(action):
    """An Austrian action whose order was published on 2 March 2026: one can join until 2 June."""
    return place(action, "AT-ABHILFE", action_filed=EVENTS["action-filed"], order_published=EVENTS["order-published"])


def test_trap_1_a_proof_and_nothing_else_makes_joined_and_the_claimant_is_told_in_their_language(vienna):
    claim = make_claim(vienna, make_claimant(language="de"))
    assert claim.joined_on is None and claim.status == "submitted"
    prove(claim)
    assert Claim.objects.get().joined_on == date(2026, 3, 9)
    mail = Mail.objects.get()
    assert (mail.kind, mail.language) == ("joined", "de") and "GZ 1/26" in mail.text
    assert ClaimTally.objects.get(kind="joined", value="2026-03-09").claims == 1


def test_trap_2_an_austrian_joining_cannot_be_withdrawn(vienna):
    claim = make_claim(vienna)
    prove(claim)
    with pytest.raises(Refused, match="cannot be taken back"):
        withdraw_claim(claim, by=make_user())


@pytest.mark.parametrize(
    "on, words",
    [
        (date(2026, 3, 1), "before the first day to join, 2 March 2026"),
        (date(2026, 6, 3), "after the last day to join, 2 June 2026"),
        (date(2099, 1, 1), "lies ahead"),
    ],
)
def test_a_day_outside_the_time_to_join_is_refused(vienna, on, words):
    claim = make_claim(vienna)
    with pytest.raises(Refused, match=words):
        prove(claim, on)
    assert Claim.objects.get().joined_on is None


def test_the_last_day_of_the_time_to_join_still_counts(vienna):
    prove(make_claim(vienna), date(2026, 6, 2))


def test_trap_1_before_its_event_nobody_can_join_and_the_event_is_named(action):
    place(action, "FR-2025", action_filed=EVENTS["action-filed"])
    with pytest.raises(Refused, match="The court ruled on liability"):
        prove(make_claim(action))


def test_ireland_wants_the_declaration_and_the_fee_and_the_hour_of_the_last_day(action):
    action.facts["costs"]["you_pay"]["cents"] = 2500
    action.save()
    place(action, "IE-2023", action_filed=EVENTS["action-filed"])
    claim = make_claim(action)
    with pytest.raises(Refused, match="not signed"):
        prove(claim)
    with pytest.raises(Refused, match="fee is not paid"):
        prove(claim, is_declared=True)
    EventEntry.objects.create(action=action, key="admissible", on=date(2026, 3, 9), at=time(11), source="court")
    project_events(action)
    signed = {"is_declared": True, "is_fee_paid": True}
    with pytest.raises(Refused, match="Give the time"):
        prove(claim, **signed)
    with pytest.raises(Refused, match="after the last day"):
        prove(claim, at=time(11, 1), **signed)
    prove(claim, at=time(10, 59), **signed)


def test_a_reference_stands_once_in_an_action_and_a_claim_joins_once(vienna):
    claim, other = make_claim(vienna), make_claim(vienna)
    prove(claim)
    with pytest.raises(Refused, match="has this reference already"):
        prove(other)
    with pytest.raises(Refused, match="joined already"):
        prove(claim, reference="GZ 2/26")


def test_a_withdrawn_claim_cannot_join(vienna):
    claim = make_claim(vienna)
    withdraw_claim(claim, by=make_user())
    with pytest.raises(Refused, match="cannot join"):
        prove(claim)


def test_taking_a_proof_back_needs_a_reason_unsets_the_day_and_tells_the_claimant(vienna):
    claim = make_claim(vienna)
    prove(claim)
    with pytest.raises(Refused, match="Say why"):
        take_back_joining(claim, by=make_user(), reason=" ")
    take_back_joining(claim, by=make_user(), reason="of another person")
    assert Claim.objects.get().joined_on is None
    assert Mail.objects.last().kind == "joining_undone"
    assert ClaimTally.objects.get(kind="joined", value="2026-03-09").claims == 0
    with pytest.raises(StaleStatus):
        take_back_joining(claim, by=make_user(), reason="again")
    prove(claim)  # the reference is free again


def test_trap_3_residence_decides_who_must_opt_in_and_never_nationality(action):
    place(action, "NL-WAMCA", action_filed=EVENTS["action-filed"])
    at_home, abroad, unknown = (make_claim(action, habitual_residence=state) for state in ("NL", "AT", ""))
    ways = [describe_way(claim) for claim in (at_home, abroad, unknown)]
    assert [way.way for way in ways] == [Way.BELONGS, Way.OPTS_IN, Way.UNKNOWN]
    assert "Austria" in ways[1].why and ways[2].needs_joining
    with pytest.raises(Refused, match="takes part without joining"):
        prove(at_home)
    prove(abroad)


def test_trap_3_who_moved_to_portugal_after_the_filing_is_not_taken_for_a_resident(action):
    place(action, "PT-2023", action_filed=EVENTS["action-filed"])
    moved = make_claim(action, habitual_residence="PT", resident_since=date(2026, 2, 1))
    stayed = make_claim(action, habitual_residence="PT", resident_since=date(2020, 2, 1))
    assert [describe_way(claim).way for claim in (moved, stayed)] == [Way.UNKNOWN, Way.BELONGS]
    assert "12 January 2026" in describe_way(moved).why


def test_a_proof_for_a_merged_claim_is_recorded_with_the_one_that_is_kept(vienna):
    kept, merged = make_claim(vienna), make_claim(vienna)
    merge(kept, merged, make_user())
    proof = prove(Claim.objects.get(pk=merged.pk))
    assert proof.claim == kept and Claim.objects.get(pk=kept.pk).joined_on == date(2026, 3, 9)
    assert Claim.objects.get(pk=merged.pk).joined_on is None


def test_the_words_about_a_proof_are_sealed_and_told_to_the_office(vienna):
    claim = make_claim(vienna)
    prove(claim)
    take_back_joining(claim, by=make_user(), reason="Canary")
    row = JoiningProof.objects.get()
    assert "brief" not in row.source and "Canary" not in row.taken_back_reason
    (told,) = list_proofs(claim)
    assert (told.source, told.reason) == ("brief of 9 March", "Canary")
