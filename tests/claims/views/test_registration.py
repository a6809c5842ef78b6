"""Registering online: the address is proven, each page saves, nothing is lost, and one claim comes of it."""

import io
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from claims import access
from claims.base.mails import send_queued_mails
from claims.base.references import show_reference
from claims.evidence import check_due_evidence
from claims.intake import enter_registrations, read_values, save_step, start_registration
from claims.models import Claim, Evidence, Mail, Registration, User
from tests.factories import load_small_pack, make_user

pytestmark = pytest.mark.django_db
START = "/actions/small/register/"
EMAIL = "eleni@paradeigma.example"
PAGES = [
    ("capacity", {"answer.capacity": "self"}),
    ("name", {"answer.given_name": "Ελένη", "answer.family_name": "Παραδείγματος"}),
    ("birth", {"answer.birth_date.day": "2", "answer.birth_date.month": "5", "answer.birth_date.year": "1990"}),
    ("address", {"answer.street": "Δρόμος 1", "answer.city": "Αθήνα", "answer.country": "GR"}),
    ("residence", {"answer.habitual_residence": "GR", "answer.resident_since": "1990-05-02"}),
    ("phone", {"answer.phone": "+30 21 0123"}),
    ("uses_privately", {"answer.uses_privately": "yes"}),
    ("platform", {"answer.platform": "facebook"}),
    ("objection_made", {"answer.objection_made": "no"}),
    ("effort_hours", {"answer.effort_hours": "3"}),
    ("damage_text", {"answer.damage_text": "Two lines\nof text."}),
]


@pytest.fixture(autouse=True)
def action():
    return load_small_pack()


def send_file(client, name="foto.png", content=None):
    picture = SimpleUploadedFile(name, content or make_png(), "image/png")
    return client.post(f"{START}evidence/add/", {"files": [picture]}, follow=True).content.decode()


def make_png():
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "violet").save(stream, "PNG")
    return stream.getvalue()


def find_code():
    send_queued_mails()
    return re.search(r"\d{4}-\d{4}", mail.outbox[-1].body).group()


def prove(client, email=EMAIL):
    client.post(START, {"email": email})
    return client.post(f"{START}code/", {"code": find_code()})


def go_through(client, *, until=None):
    for step, answers in PAGES:
        if step == until:
            return None
        answer = client.post(f"{START}{step}/", answers)
        assert answer.status_code == 302, answer.content.decode()
    return answer


def test_the_whole_way_ends_in_a_claim(client):
    assert prove(client).url == f"{START}capacity/"
    assert go_through(client).url == f"{START}evidence/"
    assert client.post(f"{START}declarations/", {"truth": "on"}).url == f"{START}check/"
    page = client.get(f"{START}check/").content.decode()
    assert "Ελένη" in page and "Two lines<br>" in page
    sent = client.post(f"{START}check/")
    assert enter_registrations() == 1
    claim = Claim.objects.get()
    assert sent.url == reverse("claims:sent", args=[claim.reference])
    assert (claim.claimant.user.email, claim.outcome) == (EMAIL, "eligible")
    assert "not yet joined" in client.get(sent.url).content.decode()


def test_who_has_sent_sees_that_at_once_and_the_certificate_when_a_worker_was_there(client):
    prove(client)
    go_through(client)
    client.post(f"{START}declarations/", {"truth": "on"})
    sent = client.post(f"{START}check/").url
    before, mine = client.get(sent).content.decode(), client.get("/my/").content.decode()
    shown = show_reference(Registration.objects.get().reference)
    assert shown in before and "We are entering it" in before and "site.js" in before and shown in mine
    Registration.objects.update(sent_at=timezone.now() - timedelta(minutes=3))
    late = client.get(sent).content.decode()
    assert "takes longer than usual" in late and "data-reload-in" not in late
    own = sent.replace("/sent/", "/claims/")
    for page in (own, f"{own}withdraw/", f"{own}erase/", f"{own}erase/code/", f"{own}erase/token/"):
        assert client.get(page).url == client.get(page.lower()).url == sent  # the claim itself is not there yet
    assert client.post(f"{own}withdraw/").url == sent and "you can withdraw your claim or erase" in before
    enter_registrations()
    after = client.get(sent).content.decode()
    assert shown in after and "We are entering it" not in after and "Certificate of registration" in after


def test_each_page_says_where_one_is_and_keeps_the_answer(client):
    prove(client)
    go_through(client, until="address")
    page = client.get(f"{START}name/").content.decode()
    assert 'value="Ελένη"' in page and "Step 2 of about" in page and "Saved " in page


def test_one_comes_back_on_another_device_to_where_one_stopped(client, client_class=None):
    prove(client)
    go_through(client, until="address")
    stopped = client.post(f"{START}address/", {"answer.country": "GR", "stop": "1"})
    assert stopped.url == f"{START}stopped/"
    other = type(client)()
    assert prove(other).url == f"{START}residence/"
    assert read_values(Registration.objects.get())["family_name"] == "Παραδείγματος"


def test_what_is_wrong_is_said_beside_its_field_and_stays_typed(client):
    prove(client)
    page = client.post(f"{START}birth/", {"answer.birth_date": "31.02.1990"})
    assert page.status_code == 200
    text = page.content.decode()
    assert "There is a problem" in text and 'value="31"' in text and "Error:" in text.split("</title>")[0]
    assert "birth_date" not in read_values(Registration.objects.get())


def test_without_any_name_one_does_not_go_on(client):
    prove(client)
    assert "at least one name" in client.post(f"{START}name/", {}).content.decode()


def test_answers_of_the_check_come_along(client):
    client.post(START, {"answer.uses_privately": "yes"})
    prove(client)
    assert read_values(Registration.objects.get()) == {"uses_privately": "yes"}


def test_files_go_along_with_the_claim(client):
    prove(client)
    go_through(client)
    assert "1 file" in send_file(client)
    client.post(f"{START}declarations/", {"truth": "on"})
    client.post(f"{START}check/")
    enter_registrations()
    assert Evidence.objects.get().owner == Claim.objects.get().claimant


def test_a_file_shows_its_whole_hash_and_that_nobody_looked_for_viruses(client):
    prove(client)
    send_file(client)
    file = Evidence.objects.get()
    check_due_evidence()
    page = client.get(f"{START}evidence/").content.decode()
    assert file.sha256 in page and '<span class="tag unk">Not scanned for viruses</span>' in page


def test_a_file_that_is_not_taken_says_why_and_the_others_stay(client):
    prove(client)
    send_file(client)
    page = send_file(client, "notes.zip", b"PK\x03\x04" + b"\0" * 100)
    assert "packed file" in page and "2 files" in page


def test_a_file_can_be_taken_back_by_its_owner_alone(client):
    prove(client)
    send_file(client)
    remove = f"{START}evidence/{Evidence.objects.get().code}/remove/"
    other = type(client)()
    prove(other, "other@muster.example")
    assert other.post(remove).status_code == 404
    assert client.post(remove).status_code == 302 and Evidence.objects.exclude(state="erasing").count() == 0


def test_a_double_click_makes_one_claim_and_both_see_it(client):
    prove(client)
    go_through(client)
    client.post(f"{START}declarations/", {"truth": "on"})
    first = client.post(f"{START}check/").url
    assert client.post(f"{START}check/", follow=True).redirect_chain[-1][0] == first
    enter_registrations()
    assert client.post(f"{START}check/", follow=True).redirect_chain[-1][0] == first
    assert Claim.objects.count() == 1


def test_a_registration_that_is_erased_while_it_is_sent_is_not_found(client, monkeypatch):
    prove(client)
    go_through(client)
    found = access.find_newest_registration

    def find_and_erase(*args, **named):
        registration = found(*args, **named)
        Registration.objects.all().delete()
        return registration

    monkeypatch.setattr(access, "find_newest_registration", find_and_erase)
    monkeypatch.setattr("claims.views.registration.send_checked", lambda *_args, **_named: None)
    assert client.post(f"{START}check/").status_code == 404


def test_what_is_missing_is_marked_and_nothing_is_sent(client):
    prove(client)
    client.post(f"{START}capacity/", {"answer.capacity": "self"})
    page = client.post(f"{START}check/").content.decode()
    assert "There is a problem" in page and page.count(">Missing<") >= 3
    assert not Claim.objects.exists()


def test_an_answer_changed_from_the_check_leads_back_to_it(client):
    prove(client)
    assert client.post(f"{START}phone/?from=check", {"answer.phone": "1"}).url == f"{START}check/"


def test_strangers_find_nothing(client):
    prove(client)
    go_through(client)
    client.post(f"{START}declarations/", {"truth": "on"})
    sent = client.post(f"{START}check/").url
    stranger = type(client)()
    stranger.force_login(make_user())
    pages = ("name", "evidence", "declarations", "check", "stopped")
    for path in (*(f"{START}{page}/" for page in pages), sent):
        assert stranger.get(path).status_code == 404


def test_what_was_emptied_before_stopping_is_gone(client):
    prove(client)
    client.post(f"{START}phone/", {"answer.phone": "030 1"})
    assert client.post(f"{START}phone/", {"answer.phone": "", "stop": "1"}).url == f"{START}stopped/"
    assert "phone" not in read_values(Registration.objects.get())


def test_one_can_stop_at_a_page_without_answering_it(client):
    prove(client)
    assert client.post(f"{START}capacity/", {"stop": "1"}).url == f"{START}stopped/"


@pytest.mark.parametrize("step", ["damage_text", "effort_hours", "phone"])
def test_a_question_left_empty_is_shown_empty_again(client, step):
    prove(client)
    client.post(f"{START}{step}/", {})
    assert 'value="unknown"' not in client.get(f"{START}{step}/").content.decode()
    assert ">\nunknown<" not in client.get(f"{START}{step}/").content.decode()


def test_the_check_says_which_criterion_is_not_met_and_sends_all_the_same(client):
    prove(client)
    go_through(client)
    client.post(f"{START}declarations/", {"truth": "on"})
    assert "not met" not in client.get(f"{START}check/").content.decode()
    client.post(f"{START}uses_privately/?from=check", {"answer.uses_privately": "no"})
    page = client.get(f"{START}check/").content.decode()
    assert "One criterion is not met" in page and "You used it for business." in page and "Article 3(1)" in page
    assert f'href="{START}uses_privately/?from=check">Change: Private use?' in page
    client.post(f"{START}check/")
    enter_registrations()
    assert Claim.objects.get().outcome == "ineligible"


def test_the_check_shows_what_was_chosen_and_only_files_that_are_kept(client):
    prove(client)
    go_through(client)
    client.post(f"{START}uses_privately/", {"answer.uses_privately": "unknown"})
    send_file(client, "kept.png")
    send_file(client, "program.exe", b"MZ" + bytes(40))
    check_due_evidence()
    page = client.get(f"{START}check/").content.decode()
    assert "I do not know" in page and "kept.png" in page and "program.exe" not in page


def test_who_comes_back_signed_in_goes_on_at_the_step_where_one_stopped(client):
    prove(client)
    assert client.get(START).status_code == 200  # nothing said yet
    go_through(client, until="phone")
    assert client.get(START).url == f"{START}phone/"


def test_the_address_offers_the_country_where_one_lives(client):
    prove(client)
    go_through(client, until="name")
    save_step(Registration.objects.get(), {"habitual_residence": "GR"})
    page = client.get(f"{START}address/").content.decode()
    assert '<option value="GR" selected' in page and page.count("Why we ask") == 1
    assert page.index("Why we ask") > page.index("answer.country")


def test_what_is_unknown_is_no_doubt(client):
    prove(client)
    assert "not met" not in client.get(f"{START}check/").content.decode()


def type_day(client, step, name, day):
    year, month, day = day.split("-")
    parts = {"day": day, "month": month, "year": year}
    return client.post(f"{START}{step}/", {f"answer.{name}.{part}": text for part, text in parts.items()})


def test_days_that_cannot_both_be_right_are_said_beside_the_field(client, action):
    action.questions[3]["not_before"] = ["resident_since"]
    action.save()
    prove(client)
    go_through(client, until="phone")
    page = type_day(client, "birth", "birth_date", "1991-01-01").content.decode()
    assert "after your answer to “Since when have you lived in that country?” (2 May 1990)" in page
    assert 'value="1991"' in page and read_values(Registration.objects.get())["birth_date"] == "1990-05-02"
    page = type_day(client, "objection_made_on", "objection_made_on", "1990-05-01").content.decode()
    assert "before your answer to" in page and "Error:" in page.split("</title>")[0]
    assert type_day(client, "objection_made_on", "objection_made_on", "1990-05-02").status_code == 302


def test_a_day_that_is_still_to_come_is_refused_in_words(client):
    prove(client)
    assert "still to come" in type_day(client, "objection_made_on", "objection_made_on", "2999-01-01").content.decode()


def test_days_that_were_saved_apart_and_clash_are_marked_at_the_check(client):
    prove(client)
    go_through(client)
    client.post(f"{START}declarations/", {"truth": "on"})
    save_step(Registration.objects.get(), {"resident_since": "1980-01-01"})
    page = client.post(f"{START}check/").content.decode()
    assert "two answers do not go together" in page and "before your answer to “When were you born?”" in page
    assert not Claim.objects.exists()


def test_another_language_in_the_middle_of_a_page_keeps_what_was_typed_and_saves_nothing(client):
    prove(client)
    answer = client.post(
        f"{START}birth/", {"answer.birth_date.day": "31", "answer.birth_date.month": "Feb", "language": "de"}
    )
    page = answer.content.decode()
    assert answer.cookies["language"].value == "de" and "Wann" in page and "Error" not in page
    assert 'value="31"' in page and 'value="Feb"' in page
    assert read_values(Registration.objects.get()) == {}


def test_another_language_keeps_a_whole_page_of_names_and_own_words(client):
    prove(client)
    typed = {"answer.given_name": "Ελένη <b>", "answer.family_name": ""}
    page = client.post(f"{START}name/", typed | {"language": "de"}).content.decode()
    assert 'value="Ελένη &lt;b&gt;"' in page
    page = client.post(f"{START}damage_text/", {"answer.damage_text": "half a sent", "language": "de"}).content.decode()
    assert ">\nhalf a sent</textarea>" in page


def test_another_language_keeps_ticks_and_the_address_typed_at_the_start(client):
    page = client.post(START, {"email": "eleni@", "puzzle": "as it was", "language": "de"}).content.decode()
    assert 'value="eleni@"' in page and 'value="as it was"' in page and "Fehler" not in page
    prove(client)
    go_through(client)
    page = client.post(f"{START}declarations/", {"truth": "on", "language": "de"}).content.decode()
    assert 'name="truth" checked' in page and 'name="news" checked' not in page
    assert not Registration.objects.get().acceptances.exists()


def test_the_claim_speaks_the_language_in_which_it_was_sent(client):
    prove(client)
    go_through(client)
    client.post(f"{START}declarations/", {"truth": "on"})
    client.post(f"{START}check/", headers={"accept-language": "de"})
    enter_registrations()
    assert (Claim.objects.get().claimant.language, Mail.objects.get(kind="receipt").language) == ("de", "de")


def test_an_old_page_saves_nothing_for_the_next_person_of_the_family(client, action):
    prove(client)
    go_through(client)
    client.post(f"{START}declarations/", {"truth": "on"})
    old = {"registration": Registration.objects.get().code, "answer.phone": "1"}
    assert f'name="registration" value="{old["registration"]}"' in client.get(f"{START}phone/").content.decode()
    sent = client.post(f"{START}check/").url
    other = start_registration(action, by=User.objects.get(email=EMAIL), language="en")
    assert client.post(f"{START}phone/", old).url == sent
    assert client.post(f"{START}declarations/", {**old, "truth": "on"}).url == sent
    file = SimpleUploadedFile("old.txt", b"of the first one")
    assert client.post(f"{START}evidence/add/", {**old, "files": file}).url == sent
    assert read_values(other) == {} and not other.acceptances.exists() and not Evidence.objects.exists()


def test_answers_brought_along_change_nothing_that_was_saved_before(client):
    prove(client)
    save_step(Registration.objects.get(), {"uses_privately": "yes"})
    client.post(START, {"answer.uses_privately": "no", "answer.platform": "facebook"})
    assert read_values(Registration.objects.get())["uses_privately"] == "yes"
