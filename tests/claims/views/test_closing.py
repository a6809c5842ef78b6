"""An action closes in the middle of a registration: said in words, what was typed stays, and nothing is sent."""

from datetime import UTC, date, datetime

import pytest

from claims.closing import tell_closing
from claims.intake import enter_registrations, read_values
from claims.models import Action, Claim, Evidence, Mail, Registration
from tests.claims.joining.test_proofs import happen
from tests.claims.views.test_registration import PAGES, START, go_through, prove, send_file
from tests.factories import load_small_pack, make_user

pytestmark = pytest.mark.django_db
GETS = [START, *(f"{START}{page}/" for page in ("name", "evidence", "declarations", "check", "stopped"))]
POSTS = [*(f"{START}{page}/" for page in ("declarations", "check", "evidence/add")), START]
NOW = "You cannot register in this action now"


@pytest.fixture(autouse=True)
def action():
    return load_small_pack()


def end(action):
    Action.objects.update(stage="closed")


def take_off(action):
    Action.objects.update(is_published=False)


def miss_last_day(action):
    happen(action, order_published=date(2026, 3, 2))  # one can join until 2 June 2026


WAYS = {end: "This action has ended.", take_off: "not on this site", miss_last_day: "last day to join was 2 June 2026"}


@pytest.mark.parametrize("close", WAYS)
def test_every_page_says_what_happened_what_counts_and_what_is_kept(client, action, close):
    prove(client)
    go_through(client)
    close(action)
    for path in GETS:
        page = client.get(path).content.decode()
        assert NOW in page and WAYS[close] in page and "The time of first sending is what counts" in page, path
        assert "What you do not send is deleted 90 days" in page and "Download everything" in page


@pytest.mark.parametrize("close", WAYS)
def test_nothing_is_sent_any_more_and_what_was_ticked_or_chosen_on_the_open_page_is_kept(client, action, close):
    prove(client)
    go_through(client)
    before = read_values(Registration.objects.get())
    close(action)
    for path in POSTS:
        answer = client.post(path, {"truth": "on"})
        assert answer.status_code == 409 and "was not sent" in answer.content.decode(), path
    assert NOW in send_file(client)
    registration = Registration.objects.get()
    assert not Claim.objects.exists() and read_values(registration) == before
    assert registration.acceptances.count() == 1 and Evidence.objects.get().registration_code == registration.code
    assert client.get(f"/my/drafts/{registration.code}/erase/").context


@pytest.mark.parametrize("close", WAYS)
def test_what_is_typed_on_the_page_that_was_open_is_still_saved(client, action, close):
    prove(client)
    close(action)
    step, answers = PAGES[1]
    assert client.post(f"{START}{step}/", answers).status_code == 409
    assert read_values(Registration.objects.get())["given_name"] == "Ελένη"
    assert NOW in client.post(f"{START}birth/", {"answer.birth_date": "31.02.1990"}).content.decode()


@pytest.mark.parametrize("close", WAYS)
def test_whoever_sent_in_time_and_presses_again_is_led_to_the_claim(client, action, close):
    prove(client)
    go_through(client)
    client.post(f"{START}declarations/", {"truth": "on"})
    sent = client.post(f"{START}check/").url
    close(action)
    assert [client.post(f"{START}{page}/").url for page in ("check", "phone", "declarations")] == [sent] * 3
    assert enter_registrations() == 1 and Claim.objects.count() == 1  # in time, although a worker came later


@pytest.mark.parametrize("page", ["name", "declarations", "evidence", "stopped", "check"])
def test_going_back_after_sending_leads_to_the_claim(client, page):
    prove(client)
    go_through(client)
    client.post(f"{START}declarations/", {"truth": "on"})
    sent = client.post(f"{START}check/").url
    assert client.get(f"{START}{page}/").url == sent


@pytest.mark.parametrize("close", [end, miss_last_day])
def test_who_has_begun_nothing_reads_why_and_the_check_leads_to_the_action(client, action, close):
    close(action)
    page = client.get(START).content.decode()
    assert WAYS[close] in page and "was not sent" not in page
    assert client.get("/actions/small/check/", follow=True).redirect_chain == [("/actions/small/", 302)]
    page = client.get("/actions/small/").content.decode()
    assert WAYS[close] in page and START not in page


def test_of_an_action_that_is_not_shown_a_stranger_learns_nothing(client, action):
    take_off(action)
    client.force_login(make_user())
    assert {client.get(path).status_code for path in GETS} == {404}


def test_a_last_day_on_a_sunday_that_may_move_closes_nothing_before_the_next_working_day_is_over(action):
    happen(action, order_published=date(2026, 3, 7))  # until Sunday 7 June 2026
    assert tell_closing(action, at=datetime(2026, 6, 8, 12, tzinfo=UTC)) == ""
    assert "7 June 2026" in tell_closing(action, at=datetime(2026, 6, 9, 12, tzinfo=UTC))


@pytest.mark.parametrize("close", WAYS)
def test_an_action_that_closes_between_the_check_and_the_button_takes_nothing_in(client, action, close):
    prove(client)
    go_through(client)
    client.post(f"{START}declarations/", {"truth": "on"})
    assert client.get(f"{START}check/").status_code == 200  # noted: all is there
    assert Registration.objects.get().checked
    close(action)
    assert client.post(f"{START}check/").status_code == 409
    assert Registration.objects.get().state == "open" and enter_registrations() == 0


def test_a_receipt_says_in_one_sentence_until_when_one_can_join(client, action):
    prove(client)
    go_through(client)
    client.post(f"{START}declarations/", {"truth": "on"})
    client.post(f"{START}check/")
    enter_registrations()
    text = Mail.objects.get(kind="receipt").text
    assert "Not yet known (" in text and ".)" not in text
