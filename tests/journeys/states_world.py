"""The people of all states of the pages for claimants: registrations, claims and what became of them."""

from datetime import date, timedelta
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from claims import mandates
from claims.duplicates.merging import merge_pair
from claims.evidence import check_due_evidence, receive_evidence
from claims.intake import save_step, send_registration, start_registration
from claims.keys import ensure_data_key
from claims.models import Claim, Decision, DuplicatePair, Quarantine, Registration
from claims.packs import load_pack
from claims.review.asking import ask_claimant
from claims.review.deciding import accept_claim
from claims.review.refusing import announce_refusal, refuse_claim
from claims.review.replies import reply_to_decision
from claims.screening import screen_range
from claims.withdrawals import withdraw_claim
from documents.certificates import issue_certificate, show_code
from tests.claims.evidence import corpus
from tests.factories import make_claim, make_claimant, make_user

NOYB = Path(__file__).parents[2] / "config" / "packs" / "noyb-meta-ai-training"
WORDS = "Αρχή και τέλος. Ein Wort wie Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen bricht um."
NAME = "Παραδείγματος-Mustermann-Wolfeschlegelsteinhausen"
ABOUT = {
    "capacity": "self", "given_name": "Ελένη", "family_name": NAME, "birth_date": "1990-05-02",
    "street": "Δρόμος 1", "postcode": "10431", "city": "Αθήνα", "country": "GR", "habitual_residence": "GR",
    "resident_since": "2010-01-01", "phone": "+30 21 0123",
}  # fmt: skip
ANSWERS = {
    "uses_privately": "yes", "platform": "both", "account_on_key_date": "yes", "account_opened_on": "2012-03-04",
    "used_in_period": "yes", "public_posts": "yes", "used_meta_ai": "yes", "special_category": "no",
    "saw_notice": "no", "objection_made": "yes", "objection_made_on": "2025-05-20", "loss_of_control": "yes",
    "distress": "yes", "fear": "no", "effort_hours": "3", "damage_text": WORDS, "other_action": "no",
    "earlier_compensation": "no", "claim_assigned": "no", "account_handle": "eleni.paradeigma", "objection_reference": "4711",
}  # fmt: skip
DECLARED = {"mandate_given": "yes", "joining_authority_given": "yes", "truth_confirmed": "yes"}
GUARDED = {"capacity": "guardian", "birth_date": "2014-05-02", "rep_given_name": "Νίκος", "rep_family_name": NAME,
           "rep_since": "2014-05-02", "account_shown_as_adult": "yes"}  # fmt: skip
STEPS = ("capacity", "name", "birth", "address", "residence", "phone", "uses_privately", "platform",
         "account_opened_on", "effort_hours", "damage_text")  # fmt: skip  # one of each kind of question
PRECHECK = {"uses_privately": "yes", "account_on_key_date": "yes", "public_posts": "yes", "birth_date": "1990-05-02",
            "habitual_residence": "AT", "resident_since": "2010-01-01"}  # fmt: skip


def make_world():
    """Make the people of all states; return what stands in addresses by name."""
    action, lawyer = load_pack(NOYB).action, make_user()
    make_registrations(action)
    make_person("nobody")
    claims = {name: make_screened(action, name) for name in ("settled", "twin", *FATES)}
    claims["open"] = make_screened(action, "open", uses_privately="no", public_posts=None, effort_hours=None)
    for name, meet in FATES.items():
        meet(claims[name], lawyer)
    merge_pair(
        DuplicatePair.objects.create(
            action=action, first=claims["settled"], second=claims["twin"], score=40, version=1, found_in=1, signs=[]
        ),
        by=lawyer, reason="asked",
    )  # fmt: skip
    Decision.objects.update(at=timezone.now() - timedelta(hours=1))  # now the claimants are told of it
    give_files(claims["settled"])
    references = {name: claim.reference for name, claim in claims.items()}
    certificate = issue_certificate(claims["settled"], by=None)
    return {"action": action, "a": f"/actions/{action.slug}", "code": show_code(certificate.code),
            "draft": Registration.objects.get(user__email="new@paradeigma.example").code,
            "sent_reference": Registration.objects.get(state="sent").reference, **references}  # fmt: skip


def make_registrations(action):
    """Registrations that have just begun, that are complete, that a criterion speaks against, and that were sent."""
    files = [("profile.jpg", corpus.PHOTO), ("film.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(99)), ("empty.png", b"")]
    for name, changes in REGISTERING.items():
        registration = start_registration(action, by=make_person(name), language="en")
        if changes is None:
            continue
        save_step(registration, {**ABOUT, **ANSWERS, **changes})
        values = {"capacity": changes.get("capacity", "self")}
        texts = mandates.list_wanted(action, values, "en") + mandates.list_optional(action, "en")
        mandates.accept_declarations(registration, texts)
        if name == "full":
            uploads = [SimpleUploadedFile(*file) for file in files]
            receive_evidence(uploads, registration_code=registration.code, data_key=registration.data_key)
            check_due_evidence()
        if name == "sent":
            send_registration(registration, by=registration.user)


def make_screened(action, name, **changes):
    """A claim whose owner has an account, screened by the criteria of the action."""
    answers = {
        key: value for key, value in {**ANSWERS, **DECLARED, "effort_hours": 3, **changes}.items() if value is not None
    }
    person = make_claimant(user=make_person(name), family_name=NAME)
    ensure_data_key(person)
    for text in ("damage_text", "account_handle", "objection_reference"):  # sealed with a key of the claim
        answers.pop(text)
    claim = make_claim(action, person, answers=answers, habitual_residence="DE")
    screen_range(action, action.criteria, claim.pk, claim.pk)
    return Claim.objects.select_related("action", "claimant").get(pk=claim.pk)


def make_person(name):
    return make_user(f"{name}@paradeigma.example")


def give_files(claim):
    """A file that can be looked at and one that is kept back."""
    uploads = [SimpleUploadedFile("profile.jpg", corpus.PHOTO), SimpleUploadedFile("bad.txt", corpus.EICAR)]
    receive_evidence(uploads, owner=claim.claimant, data_key=claim.claimant.data_key)
    check_due_evidence()


def refuse(claim, by):
    hearing = announce_refusal(claim, "other", WORDS, by=by, days=3)
    type(hearing).objects.filter(pk=hearing.pk).update(until=timezone.localdate() - timedelta(days=1))
    refuse_claim(claim, WORDS, by=by)


def announce(claim, by):
    announce_refusal(claim, "other", WORDS, by=by)
    Decision.objects.update(at=timezone.now() - timedelta(hours=1))
    reply_to_decision(claim, WORDS, by=claim.claimant.user)


def join(claim, by):
    Claim.objects.filter(pk=claim.pk).update(joined_on=date(2026, 3, 9))


def hold(claim, by):
    Quarantine.objects.create(claim=claim, action=claim.action, score=9, reasons=["trap"])


FATES = {
    "asked": lambda claim, by: ask_claimant(claim, ["public_posts", "effort_hours", "damage_text"], WORDS, by=by),
    "announced": announce,
    "refused": refuse,
    "accepted": lambda claim, by: accept_claim(claim, by=by),
    "withdrawn": lambda claim, by: withdraw_claim(claim, by=claim.claimant.user),
    "joined": join,
    "held": hold,
    "leaving": lambda claim, by: None,
    "erased": lambda claim, by: None,
}
REGISTERING = {"new": None, "full": {}, "doubt": {"uses_privately": "no"}, "guardian": GUARDED, "sent": {}}
