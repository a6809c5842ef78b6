"""A proof of joining that named a merged claim goes back to it when the merge ends, in whatever order things came."""

from datetime import date

import pytest

from claims.base.errors import Refused
from claims.base.history import verify_history
from claims.duplicates import leave, unmerge_claim
from claims.erasing import erase_claimant, is_held
from claims.joining import ProofDraft, list_further, list_proofs, record_joining, take_back_joining
from claims.models import Action, Claim, Mail
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
