"""Proofs of joining in the browser: lawyers record them, the claimant sees it at once, nobody else may."""

from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from claims.base import jobs
from claims.joining.german import build_registration, describe_registration
from claims.models import Claim, Job, JoiningFile, JoiningPart, JoiningProof
from claims.rules.bfj import Item, list_missing
from tests.claims.duplicates.test_merging import merge
from tests.claims.joining.test_proofs import place, vienna  # noqa: F401
from tests.factories import make_claim, make_claimant

pytestmark = pytest.mark.django_db
PROOF = {"reference": "GZ 1/26", "on": "2026-03-09", "source": "brief of 9 March"}


@pytest.fixture
def url(vienna, claim):  # noqa: F811
    return reverse("claims:workspace-claim-joining", args=[vienna.slug, claim.reference])


def test_a_lawyer_records_a_proof_and_the_claimant_sees_it_at_once(visit, client, vienna, people):  # noqa: F811
    claim = make_claim(vienna, make_claimant(user=people["stranger"]))
    mine = reverse("claims:my-claim", args=[claim.reference])
    assert "interest is not joining" in visit("stranger", mine).content.decode()
    url = reverse("claims:workspace-claim-joining", args=[vienna.slug, claim.reference])
    assert visit("lawyer", url, "post", PROOF).status_code == 302
    page = visit("stranger", mine).content.decode()
    assert "you have joined the court action" in page and "9 March 2026" in page


def test_what_speaks_against_a_proof_is_said_and_what_was_typed_stays(visit, url):
    page = visit("lawyer", url, "post", PROOF | {"on": "2026-06-03"}).content.decode()
    assert "after the last day to join, 2 June 2026" in page and 'value="GZ 1/26"' in page
    assert not JoiningProof.objects.exists()


def test_a_proof_is_taken_back_with_a_reason(visit, url, vienna, claim):  # noqa: F811
    visit("lawyer", url, "post", PROOF)
    back = reverse("claims:workspace-claim-joining-take-back", args=[vienna.slug, claim.reference])
    visit("lawyer", back, "post", {"reason": ""})
    assert Claim.objects.get(pk=claim.pk).joined_on == date(2026, 3, 9)
    visit("lawyer", back, "post", {"reason": "of somebody else"})
    assert Claim.objects.get(pk=claim.pk).joined_on is None
    assert "of somebody else" in visit("staff", url).content.decode()


@pytest.mark.parametrize("who", ["stranger", "neighbour", "staff", "auditor", "finance", "administrator", "former"])
def test_only_lawyers_record_and_take_back(visit, url, vienna, claim, who):  # noqa: F811
    back = reverse("claims:workspace-claim-joining-take-back", args=[vienna.slug, claim.reference])
    files = reverse("claims:workspace-joining", args=[vienna.slug])
    assert [visit(who, address, "post", PROOF | {"reason": "x"}).status_code for address in (url, back, files)] == [
        404
    ] * 3


def test_the_page_of_a_claim_shows_the_proofs_of_those_merged_into_it(visit, vienna, url, claim, people):  # noqa: F811
    merged = make_claim(vienna)
    merge(claim, merged, people["lawyer"])
    other = reverse("claims:workspace-claim-joining", args=[vienna.slug, merged.reference])
    visit("lawyer", url, "post", PROOF)
    assert visit("lawyer", other, "post", PROOF | {"reference": "GZ 2/26", "on": "2026-03-12"}).status_code == 302
    page = visit("lawyer", url).content.decode()
    assert "Joined: 9 March 2026" in page and "GZ 2/26" in page and other in page


def test_where_another_proof_remains_nobody_is_said_to_have_not_joined(visit, vienna, url, claim, people):  # noqa: F811
    merged = make_claim(vienna)
    merge(claim, merged, people["lawyer"])
    other = reverse("claims:workspace-claim-joining", args=[vienna.slug, merged.reference])
    visit("lawyer", url, "post", PROOF)
    visit("lawyer", other, "post", PROOF | {"reference": "GZ 2/26", "on": "2026-03-12"})
    for it, is_over in ((claim, False), (merged, True)):
        back = reverse("claims:workspace-claim-joining-take-back", args=[vienna.slug, it.reference])
        answer = visit("lawyer", back, "post", {"reason": "of somebody else"})
        (said,) = map(str, get_messages(answer.wsgi_request))
        assert ("this claim has not joined. The claimant is told" in said) is is_over


def look_at(visit, action, text):
    """Send a file in the browser, let a worker look at it, and return it with the address of what it would come to."""
    page = reverse("claims:workspace-joining", args=[action.slug])
    sent = {"file": SimpleUploadedFile("proofs.csv", text.encode()), "source": "list of the court"}
    assert visit("lawyer", page, "post", sent).status_code == 302
    jobs.work()
    file = JoiningFile.objects.get()
    return file, reverse("claims:workspace-joining-file", args=[action.slug, file.code])


def test_a_file_says_what_would_come_of_it_and_is_recorded_by_a_lawyer(visit, vienna, claim, people):  # noqa: F811
    text = f"reference,register_reference,date\n{claim.reference},R1,2026-03-09\nZZZZ,R2,2026-03-09\n"
    _file, page = look_at(visit, vienna, text)
    shown = visit("staff", page).content.decode()
    assert (
        "no claim with this reference" in shown
        and "list of the court" in shown
        and ">R1<" in shown
        and "Record 1 proof" not in shown
    )
    assert visit("staff", page, "post", {"act": "record"}).status_code == 404
    assert "Record 1 proof" in visit("lawyer", page).content.decode() and not JoiningProof.objects.exists()
    visit("lawyer", page, "post", {"act": "record"})
    jobs.work()
    assert JoiningProof.objects.get().by == people["lawyer"]
    again = [visit("lawyer", page, how, {"act": "record"}) for how in ("post", "get")]
    assert {answer.url for answer in again} == {reverse("claims:workspace-joining", args=[vienna.slug])}
    assert JoiningFile.objects.get().job.result["joined"] == 1


@pytest.mark.parametrize("state", [Job.State.RUNNING, Job.State.FAILED, Job.State.CANCELLED])
def test_the_page_of_a_file_whose_look_did_not_end_opens_without_its_lines(visit, vienna, claim, state):  # noqa: F811
    file, page = look_at(
        visit, vienna, f"reference,register_reference,date\n{claim.reference},LIST-2026-1,2026-03-09\n"
    )
    Job.objects.filter(pk=file.job_id).update(state=state)
    if state != Job.State.RUNNING:
        JoiningPart.objects.all().delete()  # as where the job was stopped or has failed
    shown = visit("lawyer", page).content.decode()
    assert "LIST-2026-1" not in shown and ("Throw the file away" in shown) is (state != Job.State.RUNNING)


def test_a_file_is_thrown_away_with_its_lines(visit, vienna, claim):  # noqa: F811
    _file, page = look_at(visit, vienna, f"reference,register_reference,date\n{claim.reference},R1,2026-03-09\n")
    visit("lawyer", page, "post", {"act": "drop"})
    assert not JoiningFile.objects.exists() and not JoiningPart.objects.exists() and not JoiningProof.objects.exists()


def test_a_file_is_worked_through_and_what_was_not_taken_can_be_downloaded(visit, vienna, claim):  # noqa: F811
    text = f"reference,register_reference,date\n{claim.reference},R1,2026-03-09\nZZZZ,R2,2026-03-09\n"
    _file, preview = look_at(visit, vienna, text)
    visit("lawyer", preview, "post", {"act": "record"})
    jobs.work()
    page = reverse("claims:workspace-joining", args=[vienna.slug])
    assert "1 line, with reason" in visit("staff", page).content.decode()
    faults = reverse("claims:workspace-joining-faults", args=[vienna.slug, JoiningFile.objects.get().code])
    lines = b"".join(visit("staff", faults).streaming_content).decode().splitlines()
    assert lines == ["line,column,reason", "3,reference,There is no claim with this reference in this action."]
    assert [visit(who, faults).status_code for who in ("stranger", "neighbour", "finance")] == [404] * 3


def test_a_file_that_is_none_is_named_on_the_page(visit, vienna):  # noqa: F811
    page = reverse("claims:workspace-joining", args=[vienna.slug])
    sent = {"file": SimpleUploadedFile("x.csv", b"colour\nred\n"), "source": "list"}
    assert "is unknown" in visit("lawyer", page, "post", sent).content.decode()


@pytest.fixture
def german(action):
    """A claim in a German action with all that a registration needs."""
    action.facts["court"]["file_number"] = "11 VKl 1/26"
    action.facts["register"] = {"consumer_question": "uses_privately", "subject": {"de": "Training mit Beiträgen"}}
    action.questions = [
        {
            "id": "truth",
            "kind": "yes_no",
            "label": {"en": "Is it true?"},
            "declared": {"kind": "truth-and-completeness", "answer": "yes"},
        }
    ]
    action.save()
    place(action, "DE-ABHILFE")
    person = make_claimant(street="Hauptstraße 1", postcode="10115", city="Berlin")
    return make_claim(action, person, answers={"uses_privately": "yes", "truth": "yes"})


def test_trap_5_a_german_registration_with_all_six_items_lacks_only_the_amount(german):
    found = describe_registration(german)
    assert not found.is_void and len(found.missing) == 1
    assert "Aktenzeichen: 11 VKl 1/26" in found.block and "Vorname: Ana" in found.block


@pytest.mark.parametrize(
    "change, item",
    [
        (lambda c: setattr(c.claimant, "family_name", ""), Item.NAME),
        (lambda c: setattr(c.claimant, "street", ""), Item.ADDRESS),
        (lambda c: c.answers.pop("uses_privately"), Item.CAPACITY),
        (lambda c: c.action.facts["court"].pop("file_number"), Item.COURT),
        (lambda c: c.action.facts["parties"]["trader"].update(name=""), Item.DEFENDANT),
        (lambda c: c.action.facts["register"].pop("subject"), Item.SUBJECT),
        (lambda c: c.answers.pop("truth"), Item.ASSURANCE),
        (lambda c: setattr(c.claimant, "street", "Straße " * 6), Item.TOO_LONG),
    ],
)
def test_trap_5_without_one_of_the_six_items_a_german_registration_is_void(german, change, item):
    change(german)
    assert item in {found for found, _name in list_missing(build_registration(german))}
    assert describe_registration(german).is_void


def test_trap_5_titles_are_named_and_left_out_of_the_text(german):
    german.claimant.given_name = "Dr. Ana Maria"
    found = describe_registration(german)
    assert "Vorname: Ana Maria\n" in found.block and any("title" in text for text in found.missing)


def test_who_lives_elsewhere_is_told_the_rule_and_why(visit, client, action, people):
    place(action, "NL-WAMCA")
    claim = make_claim(action, make_claimant(user=people["stranger"]), habitual_residence="AT")
    page = visit("stranger", reverse("claims:my-claim", args=[claim.reference])).content.decode()
    assert "Must opt in" in page and "Lives in another state (Austria)" in page


def test_the_text_for_the_form_is_on_the_page_of_a_german_claim(visit, german, people):
    german.claimant.user = people["stranger"]
    german.claimant.save()
    page = visit("stranger", reverse("claims:my-claim", args=[german.reference])).content.decode()
    assert "Aktenzeichen: 11 VKl 1/26" in page
