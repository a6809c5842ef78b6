"""A proof of joining that named a merged claim goes back to it when the merge ends, in whatever order things came."""

from datetime import date

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.base.errors import Refused, StaleStatus
from claims.base.history import verify_history
from claims.duplicates import leave, unmerge_claim
from claims.duplicates.holding import list_family
from claims.erasing import erase_claimant, is_held
from claims.joining import ProofDraft, list_further, list_proofs, record_joining, take_back_joining
from claims.models import Action, Claim, DuplicatePair, JoiningProof, Mail, Merge
from claims.tallies import read_tallies, scan_tallies
from claims.withdrawals import withdraw_claim
from tests.claims.duplicates.test_merging import merge
from tests.claims.joining.test_files import work, write
from tests.claims.joining.test_proofs import vienna  # noqa: F401
from tests.factories import make_claim, make_claimant, make_user

pytestmark = pytest.mark.django_db


def prove(claim, reference, on):
    return record_joining(claim, ProofDraft(reference, on, source="brief"), by=make_user())


def reload(*claims):
    return [Claim.objects.get(pk=claim.pk) for claim in claims]


def test_a_proof_that_named_a_merged_claim_goes_back_to_it_when_the_merge_is_undone(vienna):  # noqa: F811
    kept, merged = make_claim(vienna), make_claim(vienna)
    by = make_user()
    merge(kept, merged, by)
    prove(reload(merged)[0], "R1", date(2026, 3, 9))
    mails = Mail.objects.filter(kind__in=["joined", "joining_undone"]).count()
    unmerge_claim(reload(merged)[0], by=by)
    kept, merged = reload(kept, merged)
    assert (kept.joined_on, merged.joined_on) == (None, date(2026, 3, 9))
    (told,) = list_proofs(merged)
    assert told.source == "brief" and told.proof.named is None and not list_proofs(kept)
    assert Mail.objects.filter(kind__in=["joined", "joining_undone"]).count() == mails + 2
    assert read_tallies(vienna) == scan_tallies(vienna) and verify_history()[1] is None


def test_a_proof_recorded_before_the_merge_stays_with_its_claim(vienna):  # noqa: F811
    first, later, by = make_claim(vienna), make_claim(vienna), make_user()
    prove(later, "R1", date(2026, 3, 9))
    merge(*reload(first, later), by)
    unmerge_claim(reload(first)[0], by=by)
    assert [claim.joined_on for claim in reload(first, later)] == [None, date(2026, 3, 9)]
    assert read_tallies(vienna) == scan_tallies(vienna)


def test_the_proof_of_a_merged_claim_counts_when_that_of_the_kept_one_is_taken_back(vienna):  # noqa: F811
    kept, merged, by = make_claim(vienna), make_claim(vienna), make_user()
    prove(kept, "R0", date(2026, 3, 3))
    prove(merged, "R1", date(2026, 3, 9))
    merge(*reload(kept, merged), by)
    take_back_joining(reload(kept)[0], by=by, reason="of somebody else")
    assert reload(kept)[0].joined_on == date(2026, 3, 9)
    assert read_tallies(vienna) == scan_tallies(vienna)
    unmerge_claim(reload(merged)[0], by=by)
    assert [claim.joined_on for claim in reload(kept, merged)] == [None, date(2026, 3, 9)]
    assert read_tallies(vienna) == scan_tallies(vienna)


def test_a_proof_goes_back_from_the_top_of_a_chain_with_the_claim_that_comes_out(vienna):  # noqa: F811
    top, middle, below = (make_claim(vienna) for _ in range(3))
    by = make_user()
    merge(middle, below, by)
    merge(*reload(top, middle), by)
    prove(reload(below)[0], "R1", date(2026, 3, 9))
    unmerge_claim(reload(middle)[0], by=by)
    assert [claim.joined_on for claim in reload(top, middle, below)] == [None, date(2026, 3, 9), None]
    unmerge_claim(reload(below)[0], by=by)
    assert [claim.joined_on for claim in reload(top, middle, below)] == [None, None, date(2026, 3, 9)]
    assert read_tallies(vienna) == scan_tallies(vienna)


def test_a_line_of_a_file_that_named_a_merged_claim_is_given_back_too(vienna):  # noqa: F811
    kept, merged, by = make_claim(vienna), make_claim(vienna, external_ref="A-1"), make_user()
    merge(kept, merged, by)
    job = work(vienna, write("A-1,R1,2026-03-09", header="external_ref,register_reference,date"))
    assert job.result["led"] == 1 and reload(kept)[0].joined_on == date(2026, 3, 9)
    unmerge_claim(reload(merged)[0], by=by)
    assert [claim.joined_on for claim in reload(kept, merged)] == [None, date(2026, 3, 9)]


def test_when_the_kept_claim_leaves_that_of_another_account_takes_its_proof_along(vienna):  # noqa: F811
    kept, merged = (make_claim(vienna, make_claimant(user=make_user())) for _ in range(2))
    merge(kept, merged, make_user())
    prove(reload(merged)[0], "R1", date(2026, 3, 9))
    Claim.objects.filter(pk=kept.pk).update(joined_on=None)  # as where the law lets who has joined leave
    leave(reload(kept)[0])
    kept, merged = reload(kept, merged)
    assert (kept.status, kept.joined_on) == ("withdrawn", None)
    assert (merged.status, merged.joined_on) == ("submitted", date(2026, 3, 9))


@pytest.fixture
def led(vienna):  # noqa: F811
    """Two claims of two accounts, put together, that joined by a proof that names the merged one: (kept, merged)."""
    kept, merged = (make_claim(vienna, make_claimant(user=make_user())) for _ in range(2))
    merge(kept, merged, make_user())
    prove(reload(merged)[0], "R1", date(2026, 3, 9))
    return reload(kept, merged)


def test_trap_2_who_joined_by_a_proof_that_names_a_merged_claim_cannot_leave_in_austria(led):
    with pytest.raises(Refused, match="cannot be taken back"):
        withdraw_claim(led[1], by=make_user())
    assert reload(led[1])[0].status == "merged"


def test_trap_15_the_court_action_holds_the_data_of_who_joined_while_merged(led):
    with pytest.raises(Refused, match="needs your data"):
        erase_claimant(led[1].claimant, by=None)
    Action.objects.update(stage="closed")
    assert not is_held(led[1].claimant)


def test_a_merged_claim_of_another_account_that_leaves_takes_its_proof_along(led):
    kept, merged = led
    Action.objects.update(regime_code="IE-2023")  # there one leaves at any time
    withdraw_claim(reload(merged)[0], by=make_user())
    kept, merged = reload(kept, merged)
    assert (merged.status, merged.joined_on) == ("withdrawn", date(2026, 3, 9))
    assert (kept.status, kept.joined_on) == ("submitted", None) and not list_proofs(kept)
    assert [mail.kind for mail in Mail.objects.order_by("-pk")[:2]] == ["joining_undone", "withdrawn"]
    assert "does not reach the court by itself" in Mail.objects.get(kind="withdrawn").text
    assert read_tallies(kept.action) == scan_tallies(kept.action) and verify_history()[1] is None
    Action.objects.update(regime_code="AT-ABHILFE")
    withdraw_claim(reload(kept)[0], by=make_user())  # what the other had joined by does not keep this one


def test_nobody_records_or_takes_back_a_proof_that_names_the_own_merged_claim(led):
    kept, merged = led
    with pytest.raises(Refused, match="your own claim"):
        take_back_joining(kept, by=merged.claimant.user, reason="of somebody else")
    take_back_joining(kept, by=make_user(), reason="of somebody else")
    with pytest.raises(Refused, match="your own claim"):
        record_joining(merged, ProofDraft("R2", date(2026, 3, 9), source="brief"), by=merged.claimant.user)
    job = work(kept.action, write(f"{merged.reference},R2,2026-03-09"), by=merged.claimant.user)
    assert (job.result["joined"], job.result["refused"]) == (0, 1) and reload(kept)[0].joined_on is None


def test_the_pages_for_leaving_say_that_a_merged_claim_has_joined(client, led):
    Action.objects.update(regime_code="IE-2023")
    client.force_login(led[1].claimant.user)
    page = f"/my/claims/{led[1].reference}"
    assert "joined the court action on 9 March 2026" in client.get(f"{page}/erase/").content.decode()
    assert "court has to be told in its own way" in client.get(f"{page}/withdraw/").content.decode()


@pytest.mark.parametrize("led, own", [(9, 12), (12, 9)])
@pytest.mark.parametrize("is_own_first", [True, False])
def test_each_of_two_merged_claims_keeps_its_proof_and_the_earliest_counts(vienna, led, own, is_own_first):  # noqa: F811
    kept, merged, by = make_claim(vienna), make_claim(vienna), make_user()
    merge(kept, merged, by)
    proofs = [(kept, "R1", own), (merged, "R2", led)]
    for claim, reference, on in proofs if is_own_first else proofs[::-1]:
        prove(reload(claim)[0], reference, date(2026, 3, on))
    assert reload(kept)[0].joined_on == date(2026, 3, 9)
    assert [told.proof.reference for told in [*list_proofs(kept), *list_further(kept)]] == ["R1", "R2"]
    assert read_tallies(vienna) == scan_tallies(vienna)
    mails = Mail.objects.filter(kind="joined").count()
    unmerge_claim(reload(merged)[0], by=by)
    assert [claim.joined_on.day for claim in reload(kept, merged)] == [own, led]
    assert Mail.objects.filter(kind="joined").count() == mails + 1
    assert read_tallies(vienna) == scan_tallies(vienna) and verify_history()[1] is None


def test_a_third_proof_for_either_claim_is_refused_and_taking_one_back_leaves_the_other(vienna):  # noqa: F811
    kept, merged, by = make_claim(vienna), make_claim(vienna), make_user()
    merge(kept, merged, by)
    prove(reload(kept)[0], "R1", date(2026, 3, 9))
    prove(reload(merged)[0], "R2", date(2026, 3, 12))
    for claim in (kept, merged):
        with pytest.raises(Refused, match="joined already"):
            prove(reload(claim)[0], "R3", date(2026, 3, 13))
    take_back_joining(reload(kept)[0], by=by, reason="of somebody else")
    assert reload(kept)[0].joined_on == date(2026, 3, 12) and not Mail.objects.filter(kind="joining_undone").exists()
    take_back_joining(reload(merged)[0], by=by, reason="of somebody else")
    assert [claim.joined_on for claim in reload(kept, merged)] == [None, None]
    assert read_tallies(vienna) == scan_tallies(vienna)


@pytest.mark.parametrize("in_one_file", [True, False])
def test_a_file_with_a_proof_for_each_of_two_merged_claims_keeps_both(vienna, in_one_file):  # noqa: F811
    kept, merged, by = make_claim(vienna), make_claim(vienna), make_user()
    merge(kept, merged, by)
    lines = f"{merged.reference},R2,2026-03-12", f"{kept.reference},R1,2026-03-09"
    for text in [write(*lines)] if in_one_file else map(write, lines):
        assert not work(vienna, text).result["refused"]
    assert work(vienna, write(*lines)).result["known"] == 2
    assert [claim.joined_on.day for claim in reload(kept, merged)] == [9, 12]
    assert read_tallies(vienna) == scan_tallies(vienna)
    unmerge_claim(reload(merged)[0], by=by)
    assert [claim.joined_on.day for claim in reload(kept, merged)] == [9, 12]
    assert read_tallies(vienna) == scan_tallies(vienna)


@pytest.mark.parametrize("again, sums", [("R3,2026-03-13", (1, 0, 1)), ("R1,2026-03-09", (1, 1, 0))])
def test_what_made_room_for_the_kept_claim_counts_for_the_next_line_of_the_same_file(vienna, again, sums):  # noqa: F811
    kept, merged = make_claim(vienna), make_claim(vienna)
    merge(kept, merged, make_user())
    prove(reload(merged)[0], "R1", date(2026, 3, 9))
    text = write(f"{kept.reference},R2,2026-03-12", f"{merged.reference},{again}")
    for is_looked_at in (True, False):
        result = work(vienna, text, is_looked_at=is_looked_at).result
        assert (result["joined"], result["known"], result["refused"]) == sums
    assert [list_proofs(claim)[0].proof.reference for claim in (kept, merged)] == ["R2", "R1"]


@pytest.fixture
def chain(vienna):  # noqa: F811
    """Three claims: R1 names the lowest and lies on the middle one, which was then merged into the top with its R2."""
    top, middle, low = (make_claim(vienna) for _ in range(3))
    merge(middle, low, make_user())
    prove(reload(low)[0], "R1", date(2026, 3, 9))
    prove(top, "R2", date(2026, 3, 5))
    merge(*reload(top, middle), make_user())
    return reload(top, middle, low)


def list_held(*claims):
    """Return what holds of each claim: the reference, and the claim that the proof names instead."""
    return [[(it.reference, it.named) for it in claim.joining_proofs.filter(taken_back_at=None)] for claim in claims]


def test_in_a_chain_a_proof_that_lies_above_its_claim_is_known_and_no_second_one_is_taken(chain):
    low = chain[2]
    result = work(low.action, write(f"{low.reference},R1,2026-03-09", f"{low.reference},R4,2026-03-12")).result
    assert (result["joined"], result["known"], result["refused"]) == (0, 1, 1)
    with pytest.raises(Refused, match="joined already, on 9 March 2026"):
        prove(low, "R4", date(2026, 3, 12))


@pytest.mark.parametrize("in_file", [True, False])
def test_in_a_chain_the_middle_claim_gets_its_own_proof_and_each_has_its_own_at_the_end(chain, in_file):
    top, middle, low = chain
    if in_file:
        assert work(top.action, write(f"{middle.reference},R5,2026-03-13")).result["joined"] == 1
    else:
        prove(middle, "R5", date(2026, 3, 13))
    own = [[("R2", None)], [("R5", None)], [("R1", None)]]
    assert list_held(*chain) == own
    assert [claim.joined_on.day for claim in reload(*chain)] == [5, 9, 9]
    unmerge_claim(middle, by=make_user())
    unmerge_claim(low, by=make_user())
    assert list_held(*chain) == own and [claim.joined_on.day for claim in reload(*chain)] == [5, 13, 9]
    assert read_tallies(top.action) == scan_tallies(top.action)


def test_two_proofs_that_come_back_with_one_claim_are_both_kept(vienna):  # noqa: F811
    top, middle, low = chain = [make_claim(vienna) for _ in range(3)]
    merge(middle, low, make_user())
    merge(*reload(top, middle), make_user())
    prove(reload(low)[0], "R1", date(2026, 3, 9))  # on the top
    prove(reload(middle)[0], "R2", date(2026, 3, 12))
    unmerge_claim(reload(middle)[0], by=make_user())
    assert list_held(*chain) == [[], [("R2", None)], [("R1", None)]]
    assert [claim.joined_on and claim.joined_on.day for claim in reload(*chain)] == [None, 9, 9]
    assert Mail.objects.filter(kind="joining_undone").count() == 1
    assert read_tallies(vienna) == scan_tallies(vienna)


STEPS = st.lists(
    st.tuples(st.sampled_from(["merge", "unmerge", "prove", "take back"]), st.integers(0, 2), st.integers(0, 2)),
    max_size=8,
)


CHAINS = [  # the lowest in the middle one, that one in the top
    [],
    [("merge", 1, 2), ("prove", 2, 2), ("prove", 0, 0), ("merge", 0, 1)],
    [("merge", 1, 2), ("merge", 0, 1), ("prove", 2, 2)],
]


@settings(max_examples=25, derandomize=True)
@given(start=st.sampled_from(CHAINS), steps=STEPS)
def test_in_any_order_each_claim_keeps_its_one_proof_and_the_earliest_of_a_family_counts(vienna, start, steps):  # noqa: F811
    with transaction.atomic():
        by, own = make_user(), {}
        claims = [make_claim(vienna) for _ in range(3)]
        for n, (name, one, other) in enumerate([*start, *steps]):
            take_step(name, *reload(claims[one], claims[other]), by, own, n)
            check_proofs(claims, own)
        for row in Merge.objects.filter(undone_at=None).order_by("-pk"):
            unmerge_claim(reload(row.merged)[0], by=by)
        check_proofs(claims, own)
        assert list_held(*claims) == [[(own[it.pk][0], None)] if it.pk in own else [] for it in claims]
        assert read_tallies(vienna) == scan_tallies(vienna)
        transaction.set_rollback(True)


def take_step(name, claim, other, by, own, n):
    """Do one thing and keep in `own` which proof each claim has: its reference and its day."""
    try:
        if name == "merge" and claim != other:
            DuplicatePair.objects.filter(first__in=[claim, other], second__in=[claim, other]).delete()
            merge(claim, other, by)
        elif name == "unmerge":
            unmerge_claim(claim, by=by)
        elif name == "prove":
            had, on = claim.pk in own, date(2026, 3, 4 + (n * 5 + 3) % 13)
            prove(claim, f"R{n}", on)
            assert not had
            own[claim.pk] = (f"R{n}", on)
        elif name == "take back":
            proof = take_back_joining(claim, by=by, reason="of somebody else")
            del own[proof.named_id or proof.claim_id]
    except Refused:
        assert name != "prove" or claim.pk in own
    except StaleStatus:
        pass


def check_proofs(claims, own):
    """No proof is lost, each claim has its own one, and who stands has joined on the earliest day of the family."""
    held = JoiningProof.objects.filter(taken_back_at=None)
    assert {proof.named_id or proof.claim_id: (proof.reference, proof.on) for proof in held} == own
    assert len(held) == len(own)
    for claim in reload(*claims):
        if claim.stands:
            assert claim.joined_on == min((own[pk][1] for pk in list_family([claim.pk]) if pk in own), default=None)


def test_that_a_joining_was_undone_goes_to_who_stands_for_it_and_was_told_of_it(vienna):  # noqa: F811
    kept, merged = (make_claim(vienna, make_claimant(email=f"{name}@muster.example")) for name in ("kept", "merged"))
    merge(kept, merged, make_user())
    prove(reload(kept)[0], "R1", date(2026, 3, 9))
    prove(reload(merged)[0], "R2", date(2026, 3, 12))
    take_back_joining(reload(kept)[0], by=make_user(), reason="of somebody else")
    assert not Mail.objects.filter(kind="joining_undone").exists()
    take_back_joining(reload(merged)[0], by=make_user(), reason="of somebody else")
    assert Mail.objects.get(kind="joining_undone").to == "kept@muster.example"
