"""Every text that breaks careless programs, in every free field of claimants and of the office: kept as typed or refused
in words. The forms and functions get all of them; over HTTP goes a slice that is always the same."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from claims.answers import read_text_answer, seal_answers
from claims.base.errors import Refused
from claims.contacts import change_contact
from claims.criteria import read_stored
from claims.evidence import Holder, read_name
from claims.evidence.receiving import _describe_file
from claims.forms.contact import ContactForm
from claims.forms.criteria import DraftForm, PublishForm
from claims.forms.filters import ClaimFilterForm, SaveViewForm, SearchForm
from claims.forms.people import InviteForm
from claims.forms.procedure import EventForm, ProofForm, ReasonForm
from claims.forms.review import NoteForm, OverrideForm, ReopenForm, RevealForm, WordsForm
from claims.keys import ensure_data_key
from claims.models import Claim, Note, SavedView
from claims.regimes import read_regime
from claims.review.casework import add_note, list_notes
from claims.saved_views import save_view
from claims.search import find_people
from claims.views.my_reply import ReplyForm
from tests.factories import make_claimant, make_user
from tests.naughty import TEXTS

pytestmark = pytest.mark.django_db
LIVE = ("<script>alert", "<script>window")
OFFICE = {
    "note": (NoteForm, ("words",)),
    "words": (WordsForm, ("words",)),
    "reopen": (ReopenForm, ("words",)),
    "override": (OverrideForm, ("reason",)),
    "reveal": (lambda data: RevealForm(data, may_decide=True), ("words",)),
    "reply": (ReplyForm, ("words",)),
    "search": (SearchForm, ("q",)),
    "view": (SaveViewForm, ("name", "query")),
    "publish": (PublishForm, ("note",)),
    "draft": (DraftForm, ("text",)),
    "take back": (ReasonForm, ("reason",)),
    "proof": (lambda data: ProofForm(data, wants_declaration=False), ("reference", "source")),
    "event": (
        lambda data: EventForm(data, regime=read_regime("AT-ABHILFE")),
        ("key", "on", "source", "text", "reason", "url"),
    ),
    "invite": (InviteForm, ("email", "until")),
}


def as_typed(text):
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


@pytest.mark.parametrize("name", OFFICE)
def test_a_field_keeps_what_was_typed_or_says_beside_it_why_not(name):
    make, fields = OFFICE[name]
    for text in TEXTS if name != "event" else TEXTS[::3]:
        form = make(dict.fromkeys(fields, text))
        form.is_valid()
        for field in fields:
            if field in form.errors:
                assert all(re.search(r"\w", sentence) for sentence in form.errors[field]), text
            elif field not in {"url", "on", "until", "key", "email"}:
                assert as_typed(form.cleaned_data[field]) == as_typed(text)


def test_contact_data_come_back_from_the_database_as_they_were_read(action):
    person = make_claimant(user=make_user())
    kept = 0
    for text in TEXTS:
        form = ContactForm({f"answer.{name}": text for name in ("street", "postcode", "city", "phone")}, initial={})
        form.is_valid()
        good = {name: form.cleaned_data[name] for name in form.fields if name in form.cleaned_data}
        change_contact(person, good, by=person.user)
        person.refresh_from_db()
        assert {name: getattr(person, name) for name in good} == good
        kept += len(good)
    assert kept > len(TEXTS)


def test_own_words_notes_and_names_of_files_come_back_from_under_their_seal(action, claim):
    key, office, notes = ensure_data_key(claim.claimant), make_user(), []
    holder = Holder(owner=claim.claimant)
    for text in TEXTS:
        claim.answers = seal_answers(key, claim.reference, {"damage_text": text})
        assert read_text_answer(claim, "damage_text") == text
        if NoteForm({"words": text}).is_valid():
            notes.append(text.strip())
            add_note(claim, text.strip(), by=office)
        file = SimpleUploadedFile("x", b"")
        file._name = text  # whatever a sender says, before any browser or Django shortened it
        shown = read_name(_describe_file(file, holder, key))
        assert len(shown) <= 125 and not re.search("[\0-\x1f\u202e\u200b]", shown)
    assert [words for _note, words in list_notes(claim)] == notes[::-1] and len(notes) == Note.objects.count() > 400


def test_no_text_in_the_search_box_or_a_filter_breaks_the_book(action, claim):
    book, everybody = read_stored(action.criteria), Claim.objects.filter(action=action)
    fields = list(ClaimFilterForm({}, action=action, book=book, states=["AT"]).fields)
    for number, text in enumerate(TEXTS):
        typed = SearchForm({"q": text})
        if typed.is_valid():
            found = find_people(action, typed.cleaned_data["q"])
            list(everybody.filter(found.exact | found.wide).values_list("pk", flat=True))
        if number % 3:
            continue
        field = fields[number // 3 % len(fields)]
        form = ClaimFilterForm({field: text}, action=action, book=book, states=["AT"])
        if form.is_valid():
            list(form.filter(everybody).values_list("pk", flat=True))
        else:
            assert all(str(sentence).strip() for sentence in form.errors[field])


def test_the_name_of_a_view_is_kept_as_typed(action):
    user, names = make_user(), []
    for text in TEXTS:
        form = SaveViewForm({"name": text, "query": "outcome=eligible"})
        if form.is_valid() and form.cleaned_data["name"] not in names:
            names.append(form.cleaned_data["name"])
            try:
                save_view(action, by=user, name=names[-1], query="outcome=eligible", is_shared=False)
            except Refused:
                names.pop()
    assert sorted(names) == sorted(SavedView.objects.values_list("name", flat=True)) and len(names) > 9


def test_over_http_the_office_sends_them_and_nothing_runs_or_breaks(visit, client, action, claim):
    base = f"/workspace/small/claims/{claim.reference}/"
    visit("lawyer", base)
    for number, text in enumerate(TEXTS[4::13]):
        sent = [
            ("post", f"{base}notes/", {"words": text}),
            ("get", "/workspace/small/claims/", {("outcome", "state", "after", "tier")[number % 4]: text}),
            ("post", "/workspace/small/claims/", {"q": text}),
            ("post", f"{base}findings/consumer/", {"verdict": text, "reason": text}),
        ][number % 4]
        answer = getattr(client, sent[0])(*sent[1:])
        assert answer.status_code in {200, 302}, (sent, answer.status_code)
        assert not any(sign in answer.content.decode() for sign in LIVE)
    assert not any(sign in client.get(base).content.decode() for sign in LIVE)


def test_the_api_refuses_what_it_does_not_know_in_a_sentence(visit, client, action, claim):
    visit("lawyer", "/workspace/small/")
    for number, text in enumerate(TEXTS[2::11]):
        name = ("action", "outcome", "state", "tier", "cursor")[number % 5]
        answer = client.get("/api/v1/claims/", {name: text})
        assert answer.status_code in {200, 400, 404}, (name, text)
        assert answer.status_code == 200 or re.search(r"\w", str(answer.json()))
        assert client.get("/api/v1/claims/", {text or "x": "1"}).status_code == 400
