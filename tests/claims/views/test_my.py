"""A claimant's own pages: what happened, what we hold, and what can be changed, for the claimant alone."""

import io
import re

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from claims import erasing, intake, mandates
from claims.base import limits
from claims.base.history import list_events
from claims.base.mails import send_queued_mails
from claims.base.references import make_reference
from claims.models import Claim, Claimant, Evidence, HistoryEvent, Mail, Registration, Role, User
from claims.screening import screen_range
from tests.claims.test_intake import ABOUT, ANSWERS
from tests.factories import make_claim, make_claimant, make_user, send_and_enter

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGES = ["my-claim", "my-erase", "my-erase-code", "my-contact", "my-evidence", "my-withdraw", "my-consents"]


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def person():
    return make_user("eleni@paradeigma.example")


@pytest.fixture
def sent(action, person):
    """A claim that came in online."""
    registration = intake.start_registration(action, by=person, language="en")
    intake.save_step(registration, {**ABOUT, **ANSWERS})
    mandates.accept_declarations(registration, mandates.list_wanted(action, {}, "en"))
    return send_and_enter(registration)


@pytest.fixture
def mine(client, person):
    client.force_login(person, backend=BACKEND)
    return client


def at(name, claim, *more):
    return reverse(f"claims:{name}", args=[claim.reference, *more])


def read(client, url):
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def make_png():
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "violet").save(stream, "PNG")
    return SimpleUploadedFile("foto.png", stream.getvalue(), "image/png")


def find_code():
    send_queued_mails()
    return re.search(r"\d{4}-\d{4}", mail.outbox[-1].body).group()


def test_one_claim_is_shown_in_full_and_several_as_a_list(mine, sent, person):
    assert "What happened, and what comes next" in read(mine, "/my/")
    other = make_claim(sent.action, make_claimant(user=person, given_name="Κόρη"))
    page = read(mine, "/my/")
    assert "What happened" not in page and at("my-claim", sent) in page and at("my-claim", other) in page


def test_the_page_shows_the_answers_and_the_declarations_as_they_were_accepted(mine, sent):
    page = read(mine, at("my-claim", sent))
    acceptance = sent.acceptances.select_related("text").get()
    assert "canary in own words" in page and acceptance.text.body[:40] in page
    assert f"version {acceptance.text.version}, in English" in page
    assert "registered with us" in page and ">You<" in page


def test_who_opened_the_file_is_told_by_role_and_never_by_name(client, person, sent):
    lawyer = make_user("eva@office.example", role=Role.Name.LAWYER, action=sent.action, name="Eva Vasile")
    client.force_login(lawyer, backend=BACKEND)
    for _ in range(3):
        read(client, f"/workspace/small/claims/{sent.reference}/")
    client.get(f"/api/v1/claims/{sent.reference}/")
    client.force_login(person, backend=BACKEND)
    page = read(client, at("my-claim", sent))
    assert page.count("A lawyer of the office") == 1 and "Vasile" not in page
    assert HistoryEvent.objects.filter(verb="claim opened by the office").count() == 1


def test_reading_ones_own_claim_is_no_opening_by_the_office(mine, sent):
    mine.get(f"/api/v1/claims/{sent.reference}/")
    assert "Nobody of the office has opened your claim yet." in read(mine, at("my-claim", sent))


@pytest.mark.parametrize("name", PAGES)
def test_only_the_claimant_finds_the_pages_of_a_claim(client, visit, sent, name):
    assert visit("anonymous", at(name, sent)).status_code == 302
    answers = {who: visit(who, at(name, sent)).status_code for who in ("stranger", "neighbour", "staff", "lawyer")}
    assert set(answers.values()) == {404}
    other = make_claim(sent.action, make_claimant(user=make_user("other@muster.example")))
    client.force_login(other.claimant.user, backend=BACKEND)
    assert client.get(at(name, sent)).status_code == 404 and client.get(at(name, other)).status_code == 200


@pytest.mark.parametrize(
    "name", ["my-contact", "my-withdraw", "my-evidence-add", "my-answer", "my-evidence-remove", "my-erase"]
)
def test_nobody_else_does_anything_to_a_claim(visit, sent, name):
    more = {"my-answer": ["uses_privately"], "my-evidence-remove": ["00000000-0000-0000-0000-000000000000"]}
    for who in ("stranger", "neighbour", "staff", "lawyer"):
        assert visit(who, at(name, sent, *more.get(name, [])), "post", {"answer.city": "x"}).status_code == 404
    assert Claim.objects.get(pk=sent.pk).status == "submitted"


def test_withdrawing_takes_two_clicks_and_sends_a_receipt(mine, sent):
    assert "Withdraw my claim" in read(mine, at("my-claim", sent))
    assert mine.post(at("my-withdraw", sent)).url == at("my-claim", sent)
    assert "You have withdrawn this claim." in read(mine, at("my-claim", sent))
    assert Mail.objects.filter(kind="withdrawn").count() == 1
    assert "already" in mine.post(at("my-withdraw", sent)).content.decode()


def test_after_joining_the_page_says_why_the_law_does_not_allow_it(mine, sent):
    Claim.objects.filter(pk=sent.pk).update(joined_on="2026-01-05")
    page = read(mine, at("my-withdraw", sent))
    assert "cannot be taken back" in page and "btn-no" not in page


def test_an_open_finding_leads_to_its_question_and_is_mended(mine, sent):
    Claim.objects.filter(pk=sent.pk).update(answers={})
    screen_range(sent.action, sent.action.criteria, sent.pk, sent.pk)
    url = at("my-answer", sent, "uses_privately")
    assert url in read(mine, at("my-claim", sent))
    assert "Private use?" in read(mine, url)
    assert mine.post(url, {"answer.uses_privately": "yes"}).url == at("my-claim", sent)
    assert Claim.objects.get().findings == "yyyu"
    assert "cannot be changed here" in read(mine, url)
    assert mine.get(at("my-answer", sent, "no_such_question")).status_code == 404


def test_contact_data_change_and_the_history_has_names_of_fields_only(mine, sent):
    data = {"answer.street": "Καινούργια 7", "answer.city": "Graz", "answer.country": "AT", "answer.language": "de"}
    assert mine.post(at("my-contact", sent), data).url == at("my-claim", sent)
    event = list_events(sent.claimant)[0]
    assert (event.verb, event.fields, event.data) == ("contact changed", ["city", "language", "street"], {})
    assert Claimant.objects.get().street == "Καινούργια 7"


def test_contact_data_never_change_who_somebody_is(mine, sent):
    data = {
        "answer.country": "AT",
        "answer.language": "en",
        "answer.given_name": "X",
        "answer.birth_date": "2000-01-01",
    }
    mine.post(at("my-contact", sent), data)
    assert Claimant.objects.get().given_name == "Ελένη"


def test_a_new_address_counts_once_it_is_proven_and_the_old_one_is_told(mine, sent, person):
    before = Claimant.objects.get().person_key
    mine.post("/my/email/", {"email": "Neu@Muster.example"})
    assert User.objects.get(pk=person.pk).email == "eleni@paradeigma.example"
    assert mine.post("/my/email/code/", {"code": find_code()}).url == "/my/"
    claimant = Claimant.objects.get()
    assert User.objects.get(pk=person.pk).email == claimant.email == "neu@muster.example"
    assert claimant.person_key != before
    notice = Mail.objects.get(kind="moved")
    assert notice.to == "eleni@paradeigma.example" and "neu@" not in notice.text + notice.html + notice.subject
    assert "muster" not in str(list(HistoryEvent.objects.values_list("data", "fields")))


def test_an_account_sends_five_codes_a_day_to_addresses_that_it_has_not_proven(mine, sent):
    answers = [mine.post("/my/email/", {"email": f"stranger{n}@muster.example"}) for n in range(4)]
    assert {answer.status_code for answer in answers} == {302}
    assert mine.post("/my/email/code/", {"again": "1"}).status_code == 302
    late = [mine.post("/my/email/", {"email": "x@muster.example"}), mine.post("/my/email/code/", {"again": "1"})]
    assert [answer.status_code for answer in late] == [429, 429] and int(late[0]["Retry-After"]) > 4 * 3600
    assert "x@muster.example" in late[0].content.decode() and "stranger3@muster.example" in late[1].content.decode()
    assert Mail.objects.filter(kind="code", to__startswith="stranger").count() == 5
    assert not Mail.objects.filter(to="x@muster.example").exists()


def test_whoever_asks_for_another_code_is_told_that_it_was_sent(mine, sent):
    mine.post("/my/email/", {"email": "neu@muster.example"})
    page = mine.post("/my/email/code/", {"again": "1"}, follow=True).content.decode()
    assert "Another code is on its way" in page


def test_nobody_who_has_joined_is_told_by_when_to_join(mine, sent):
    assert "Last day to join" in read(mine, at("my-claim", sent))
    Claim.objects.filter(pk=sent.pk).update(joined_on="2026-01-05")
    page = read(mine, at("my-claim", sent))
    assert "Last day to join" not in page and "Leaving after joining" in page


def test_that_data_can_be_erased_now_is_said_to_whoever_has_not_joined(mine, sent):
    kept, free = "until the action has ended for good.", "Your data can be erased now"
    page = read(mine, at("my-claim", sent))
    assert free in page and kept not in page
    Claim.objects.update(joined_on="2026-03-09")
    page = read(mine, at("my-claim", sent))
    assert kept in page and free not in page


def test_codes_to_new_addresses_count_for_the_part_of_the_net_that_they_come_from(mine, sent, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "start", limits.Limit(limits.Rate(1, 60), limits.Rate(9, 60)))
    assert mine.post("/my/email/", {"email": "neu@muster.example"}).status_code == 302
    assert mine.post("/my/email/code/", {"again": "1"}).status_code == 429


def test_a_wrong_code_changes_nothing(mine, sent, person):
    mine.post("/my/email/", {"email": "neu@muster.example"})
    assert "not right" in mine.post("/my/email/code/", {"code": "0000-0000"}).content.decode()
    assert User.objects.get(pk=person.pk).email == "eleni@paradeigma.example"


def test_the_link_to_a_new_address_works_for_the_account_that_asked(mine, client, sent, person):
    mine.post("/my/email/", {"email": "neu@muster.example"})
    find_code()
    path = re.search(r"/my/email/link/[^/]+/", mail.outbox[-1].body).group()
    client.force_login(make_user("other@muster.example"), backend=BACKEND)
    assert client.post(path).url == "/my/email/"
    client.force_login(person, backend=BACKEND)
    assert client.get(path).status_code == 200
    assert User.objects.get(pk=person.pk).email == "eleni@paradeigma.example"
    assert client.post(path).url == "/my/"
    assert User.objects.get(pk=person.pk).email == "neu@muster.example"


def test_an_address_of_another_account_is_refused_only_after_it_was_proven(mine, sent, person):
    make_user("known@muster.example")
    assert mine.post("/my/email/", {"email": "known@muster.example"}).url == "/my/email/code/"
    assert "already" in mine.post("/my/email/code/", {"code": find_code()}).content.decode()
    assert User.objects.get(pk=person.pk).email == "eleni@paradeigma.example"


def test_files_come_later_and_are_taken_back(mine, sent, django_capture_on_commit_callbacks):
    page = mine.post(at("my-evidence-add", sent), {"files": [make_png()]}, follow=True).content.decode()
    assert "foto.png" in page and "1 file" in page
    file = Evidence.objects.get()
    assert file.owner == sent.claimant
    with django_capture_on_commit_callbacks(execute=True):
        mine.post(at("my-evidence-remove", sent, file.code))
    assert not Evidence.objects.exists()
    page = read(mine, at("my-claim", sent))
    assert "A file was added" in page and "A file was erased" in page


def test_a_claimant_from_an_import_gets_a_key_with_the_first_file(mine, action, person):
    claim = make_claim(action, make_claimant(user=person))
    mine.post(at("my-evidence-add", claim), {"files": [make_png()]})
    assert Evidence.objects.get().owner == claim.claimant and Claimant.objects.get().data_key


def test_a_file_of_somebody_else_is_not_found(mine, sent):
    other = make_claim(sent.action, make_claimant(data_key=sent.claimant.data_key))
    file = Evidence.objects.create(owner=other.claimant, name="-", size_bytes=1, kind="png", sha256="0" * 64)
    assert mine.post(at("my-evidence-remove", sent, file.code)).status_code == 404


@pytest.mark.parametrize(("status", "said"), [("refused", "was refused"), ("merged", "put together")])
def test_no_more_files_are_taken_where_nobody_looks_at_them_and_that_is_said(mine, sent, status, said):
    Claim.objects.filter(pk=sent.pk).update(status=status)
    assert f"{said}" in read(mine, at("my-evidence", sent)) and 'type="file"' not in read(mine, at("my-evidence", sent))
    mine.post(at("my-evidence-add", sent), {"files": [make_png()]})
    assert not Evidence.objects.exists()


def test_a_file_before_the_court_is_not_taken_back(mine, sent):
    mine.post(at("my-evidence-add", sent), {"files": [make_png()]})
    Claim.objects.filter(pk=sent.pk).update(joined_on="2026-01-05")
    mine.post(at("my-evidence-remove", sent, Evidence.objects.get().code))
    assert Evidence.objects.get().state == "received"


def test_nothing_is_erased_without_the_code(mine, sent):
    assert mine.post(at("my-erase", sent)).url == at("my-erase-code", sent)
    assert "not right" in mine.post(at("my-erase-code", sent), {"code": "0000-0000"}).content.decode()
    assert Claimant.objects.get().given_name == "Ελένη"


def test_with_the_code_a_person_is_forgotten_and_signed_out(mine, sent):
    mine.post(at("my-erase", sent))
    answer = mine.post(at("my-erase-code", sent), {"code": find_code()}, follow=True)
    assert "Your account is closed, too." in answer.content.decode()
    assert "_auth_user_id" not in mine.session and Claimant.objects.get().given_name == ""
    assert mine.get(at("my-claim", sent)).status_code == 302


def test_the_link_of_the_code_does_nothing_until_its_button_is_pressed(mine, sent):
    mine.post(at("my-erase", sent))
    find_code()
    path = re.search(r"/my/claims/\w+/erase/[^/]+/", mail.outbox[-1].body).group()
    assert mine.get(path).status_code == 200 and Claimant.objects.get().given_name == "Ελένη"
    assert mine.post(path).url == "/" and Claimant.objects.get().given_name == ""


def test_what_the_court_needs_is_restricted_with_a_word_on_why_and_until_when(mine, sent):
    Claim.objects.filter(pk=sent.pk).update(joined_on="2026-01-05")
    page = read(mine, at("my-erase", sent))
    assert "Article 17(3)(e)" in page and "Until the action has ended" in page and "btn-no" not in page
    mine.post(at("my-erase", sent), {"restrict": "1"})
    assert "Article 18" in read(mine, at("my-erase", sent)) and Claimant.objects.get().restricted_at
    mine.post(at("my-erase", sent))
    assert not Mail.objects.filter(kind="code").exists()


def test_restriction_promises_what_is_kept_and_is_there_for_whoever_has_not_joined(mine, sent):
    page = read(mine, at("my-erase", sent))
    assert 'name="restrict"' in page and "no figures, no questions" not in page and "stays in the numbers" in page
    mine.post(at("my-erase", sent), {"restrict": "1"})
    page = read(mine, at("my-erase", sent))
    assert "Article 18" in page and 'name="restrict"' not in page and "btn-no" in page
    assert Claimant.objects.get().restricted_at and not Mail.objects.filter(kind="code").exists()


def test_a_draft_that_is_sent_at_this_moment_is_not_erased_and_leads_to_what_was_sent(
    mine, action, person, monkeypatch
):
    draft = intake.start_registration(action, by=person, language="en")
    intake.save_step(draft, {**ABOUT, **ANSWERS})
    mandates.accept_declarations(draft, mandates.list_wanted(action, {}, "en"))
    erase = erasing.erase_registration

    def send_then_erase(registration, *, by):
        intake.send_registration(draft, by=person)
        erase(registration, by=by)

    monkeypatch.setattr(erasing, "erase_registration", send_then_erase)
    answer = mine.post(reverse("claims:my-erase-draft", args=[draft.code]))
    sent = Registration.objects.get()
    assert sent.state == "sent" and answer.url == reverse("claims:sent", args=[sent.reference])


WAITING_PAGES = ["my-evidence", "my-evidence-add", "my-evidence-remove", "my-contact", "my-answer", "my-reply"]


@pytest.mark.parametrize("name", WAITING_PAGES)
def test_a_page_of_a_claim_leads_to_what_was_sent_until_a_worker_has_made_it(mine, action, person, name):
    reference = make_reference()
    draft = intake.start_registration(action, by=person, language="en")
    Registration.objects.update(state="sent", sent_at=draft.started_at, reference=reference)
    more = {"my-answer": ["uses_privately"], "my-evidence-remove": [draft.code]}
    url = reverse(f"claims:{name}", args=[reference, *more.get(name, [])])
    answer = mine.get(url) if name == "my-evidence" else mine.post(url)
    assert answer.url == reverse("claims:sent", args=[reference])


def test_a_draft_is_erased_by_its_owner_alone(client, action, person):
    draft = intake.start_registration(action, by=person, language="en")
    url = reverse("claims:my-erase-draft", args=[draft.code])
    client.force_login(make_user("other@muster.example"), backend=BACKEND)
    assert client.post(url).status_code == 404
    client.force_login(person, backend=BACKEND)
    assert url in read(client, "/my/") and client.get(url).status_code == 200
    assert client.post(url).url == "/"
    assert not Registration.objects.exists()
