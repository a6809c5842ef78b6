"""The web server killed between any two steps, and in the middle of one: nothing acknowledged is lost or done twice."""

import http.client
import re
import threading

import pytest
from django.core import mail

from claims.base.history import verify_history
from claims.base.mails import send_queued_mails
from claims.counts import scan_counts
from claims.intake import enter_registrations, open_draft, read_values
from claims.models import Acceptance, Claim, Evidence, Mail, Registration
from tests.claims.test_intake import fill
from tests.claims.views.test_registration import PAGES, START
from tests.factories import load_small_pack, make_user
from tests.web import Visitor, run_web

pytestmark = pytest.mark.django_db(transaction=True)
EMAIL = "eleni@paradeigma.example"


def prove(visitor):
    visitor.post(START, email=EMAIL)
    send_queued_mails()
    return visitor.post(f"{START}code/", code=re.search(r"\d{4}-\d{4}", mail.outbox[-1].body).group())


def send_file(visitor, path, content):
    """Send one file as a browser does; return the status."""
    token = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', visitor.get(f"{START}evidence/")[2]).group(1)
    head = f'--b\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n--b\r\n'
    head += 'Content-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
    headers = {"Content-Type": "multipart/form-data; boundary=b", "Origin": f"http://127.0.0.1:{visitor.web.port}"}
    return visitor.ask("POST", path, head.encode() + content + b"\r\n--b--\r\n", headers)[0]


def list_kept(action):
    return {(count.state, count.tier, count.outcome): count.claims for count in action.counts.filter(claims__gt=0)}


@pytest.fixture(scope="module")
def web(django_db_setup):
    """One server for all tests here: its worker is killed, and what a worker knew dies with it."""
    with run_web() as running:
        yield running


def test_killed_after_each_step_the_journey_goes_on_and_nothing_is_lost(web):
    action, visitor = load_small_pack(), Visitor(web)
    place = prove(visitor)
    for step, answers in PAGES:
        assert place == f"{START}{step}/" or step not in place
        place = visitor.post(f"{START}{step}/", **answers)
        web.kill_worker()
        kept = read_values(Registration.objects.get())
        assert {name.removeprefix("answer.").split(".")[0] for name in answers} <= kept.keys()
    assert send_file(visitor, f"{START}evidence/add/", b"hello") == 302
    web.kill_worker()
    assert Evidence.objects.get().state == "received"
    visitor.post(f"{START}declarations/", truth="on")
    web.kill_worker()
    assert Acceptance.objects.get().text.kind == "truth"
    sent = visitor.post(f"{START}check/")
    web.kill()
    assert enter_registrations() == 1
    claim = Claim.objects.get()
    web.start()
    assert claim.reference in sent and visitor.get(sent)[0] == 200
    assert Mail.objects.filter(kind="receipt").count() == 1 and verify_history()[1] is None
    assert scan_counts(action) == list_kept(action) == {("GR", "adult", "eligible"): 1}


@pytest.mark.parametrize("after_ms", [1, 30, 90])
def test_killed_while_sending_it_is_sent_and_becomes_a_whole_claim_or_is_open_still(web, after_ms):
    action, visitor = load_small_pack(), Visitor(web)
    prove(visitor)
    registration = Registration.objects.get()
    fill(registration)
    death = threading.Timer(after_ms / 1000, web.kill_worker)
    acknowledged = send_until(visitor, death)
    death.join()
    registration.refresh_from_db()
    assert registration.state == "sent" or not acknowledged
    assert open_draft(registration).texts["family_name"]
    is_sent = registration.state == "sent"
    sent = visitor.get(f"{START}check/")[1]["Location"] if is_sent else visitor.post(f"{START}check/")
    assert enter_registrations() == 1
    claim = Claim.objects.get()
    assert claim.reference in sent and claim.acceptances.count() == 1
    assert Mail.objects.filter(kind="receipt").count() == 1 and verify_history()[1] is None
    assert scan_counts(action) == list_kept(action)


def send_until(visitor, death):
    """Press the button and let the server die about then; return whether it answered."""
    token = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', visitor.get(f"{START}check/")[2]).group(1)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{visitor.web.port}"}
    death.start()
    try:
        return visitor.ask("POST", f"{START}check/", f"csrfmiddlewaretoken={token}", headers)[0] == 302
    except (OSError, http.client.HTTPException):
        return False


def test_200_mb_are_refused_in_words_and_take_no_memory(web):
    load_small_pack()
    visitor = Visitor(web)
    prove(visitor)
    before = web.read_peak_mb()
    assert send_file(visitor, f"{START}evidence/add/", b"\xff\xd8\xff" + bytes(200_000_000)) == 302
    page = visitor.get(f"{START}evidence/")[2]
    assert "too big" in page
    assert web.read_peak_mb() - before < 60
    assert read_values(Registration.objects.get()) == {} and make_user()
