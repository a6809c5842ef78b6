"""The people of a claims file: one claim each, nobody taken for another, and nobody erased brought back."""

from claims.erasing import erase_claimant
from claims.imports import import_claims, taking
from claims.imports.people import find_fresh
from claims.intake import enter_registrations, send_registration, start_registration
from claims.models import Claim, Claimant, ErasedRow
from claims.packs import load_pack
from tests.claims.imports.conftest import ROW, write
from tests.claims.test_intake import fill
from tests.factories import SMALL_PACK, make_action, make_claim, make_user


def test_one_person_has_one_claim_however_often_the_file_names_them(run):
    result, complaints = run(ROW, {**ROW, "external_ref": "R2", "given_name": "ANA", "email": "Ana@Muster.example"})
    assert (result.imported, result.refused) == (1, 1)
    assert "same person as line 2" in complaints[0][2]


def test_a_person_who_was_sent_online_a_moment_ago_keeps_that_claim(run, action):
    person = make_user(ROW["email"])
    registration = start_registration(action, by=person, language="en")
    names = {name: ROW[name] for name in ("given_name", "family_name", "birth_date")}
    fill(registration, **names)
    sent = send_registration(registration, by=person)
    result, complaints = run(ROW)
    assert (result.imported, result.refused) == (0, 1) and "just registered online" in complaints[0][2]
    assert enter_registrations() == 1 and Claim.objects.get().reference == sent.reference


def test_the_same_file_brings_nobody_back_who_was_erased(run):
    """Article 17 GDPR: the erasure holds whatever file names the person again."""
    other = {**ROW, "external_ref": "R2", "given_name": "Bea", "email": "bea@muster.example"}
    run(ROW, other)
    erase_claimant(Claim.objects.get(external_ref="R1").claimant, by=None)
    result, complaints = run(ROW, other, {**other, "external_ref": "R3", "given_name": "Cleo"})
    assert (result.imported, result.known, result.refused) == (1, 1, 1)
    assert complaints[0][:2] == (2, "external_ref") and "was erased" in complaints[0][2]
    assert set(Claim.objects.values_list("external_ref", flat=True)) == {"", "R2", "R3"}
    assert "R1" not in str(list(ErasedRow.objects.values_list("key")))


def test_who_is_erased_while_a_file_comes_in_stays_erased(run, monkeypatch):
    run(ROW)

    def find_fresh_and_erase(*args):
        erase_claimant(Claim.objects.get().claimant, by=None)
        return find_fresh(*args)

    monkeypatch.setattr(taking, "find_fresh", find_fresh_and_erase)
    result, _complaints = run(ROW)
    assert (result.imported, result.refused) == (0, 1)


def test_trap_6_one_person_stands_in_one_action_of_a_matter(run, action, tmp_path):
    """Article 9(4) of Directive (EU) 2020/1828; trap 6."""
    run(ROW)
    sister = make_action("sister", matter=action.matter.slug, questions=action.questions)
    file = write(tmp_path / "s.csv", sister, ROW)
    result = import_claims(sister, file)
    assert (result.imported, result.refused) == (0, 1)
    assert "Article 9(4)" in result.first_complaints[0][2]


def test_a_person_known_from_another_matter_is_another_claimant_there(run, action, tmp_path):
    """Nothing told for one case reaches those who work on another."""
    run({**ROW, "street": "Musterstraße 1"})
    other = make_action("elsewhere", questions=action.questions)
    assert import_claims(other, write(tmp_path / "o.csv", other, ROW)).imported == 1
    here, there = Claimant.objects.order_by("pk")
    assert (here.street, there.street) == ("Musterstraße 1", "")
    assert here.person_key != there.person_key


def test_who_withdrew_comes_again_with_newer_contact_data(run):
    run(ROW)
    Claim.objects.update(status=Claim.Status.WITHDRAWN)
    result, _ = run({**ROW, "external_ref": "R2", "city": "Musterstadt"})
    assert (result.imported, Claim.objects.count(), Claimant.objects.get().city) == (1, 2, "Musterstadt")


def test_who_is_not_fully_known_is_never_taken_for_another(run):
    result, _ = run({**ROW, "birth_date": ""}, {**ROW, "birth_date": "", "external_ref": "R2"})
    assert result.imported == 2


def test_a_claim_that_came_in_another_way_does_not_hinder(run, action):
    make_claim(action)
    assert run(ROW)[0].imported == 1
    assert load_pack(SMALL_PACK).changed is False
