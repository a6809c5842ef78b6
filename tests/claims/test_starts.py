"""What is noticed at the start form, and that nobody is refused or dropped for it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims import starts
from claims.base import limits, proofs
from claims.base.limits import Limit, Rate
from claims.base.mails import send_queued_mails
from claims.intake import enter_registrations, start_registration
from claims.models import Claim, Code, Mail, Quarantine, Registration, Start, User
from claims.rules.suspicion import (
    BUSY_BLOCK,
    FORGED_PROOF,
    HELD_FROM,
    NO_PAGE,
    NO_PROOF,
    OLD_PROOF,
    POINTS,
    TOO_FAST,
    TRAP,
    USED_PROOF,
    add_points,
    is_to_hold,
)
from tests.claims.views.test_registration import go_through
from tests.factories import make_claim, make_claimant, make_user

pytestmark = pytest.mark.django_db
START = "/actions/small/register/"
EMAIL = "eleni@paradeigma.example"


@pytest.fixture(autouse=True)
def small(action):
    return action


@pytest.fixture
def slow(settings):
    settings.UNPROVEN_WAIT = timedelta(seconds=60)


@pytest.fixture
def narrow(monkeypatch):
    """One start for a block, then a minute's wait."""
    for kind in ("start", "code"):
        monkeypatch.setitem(limits.LIMITS, kind, Limit(Rate(1, 60), Rate(100, 60)))


def read_puzzle(client, ago=5):
    """Return the puzzle of a page that was shown some seconds ago."""
    with time_machine.travel(timezone.now() - timedelta(seconds=ago)):
        return re.search(r'name="puzzle" value="([^"]+)"', client.get(START).content.decode())[1]


def start(client, email=EMAIL, *, ago=5, solve=proofs.solve_puzzle, **more):
    """Send the form of a page that was shown some seconds ago, and return what was noticed."""
    puzzle = more.pop("puzzle", None) or read_puzzle(client, ago)
    data = {"email": email, "puzzle": puzzle, "answer": solve(puzzle), **more}
    assert client.post(START, data).url == f"{START}code/"
    return Start.objects.order_by("pk").last().reasons


def register(client):
    """Go the whole way from the code on, and return the claim."""
    send_queued_mails()
    token = re.search(r"/register/link/[^/\s]+/", mail.outbox[-1].body)[0]
    client.post(f"/actions/small{token}")
    go_through(client)
    client.post(f"{START}declarations/", {"truth": "on"})
    client.post(f"{START}check/")
    enter_registrations()
    return Claim.objects.order_by("pk").last()


def test_who_types_and_proves_leaves_no_sign(client):
    assert start(client) == []


def test_each_sign_has_its_name(client):
    assert start(client, solve=lambda _: "") == [NO_PROOF]
    assert start(client, solve=lambda _: "4711") == [FORGED_PROOF]
    assert start(client, website="https://spam.example") == [TRAP]
    assert start(client, website="  ") == []
    assert start(client, ago=1) == [TOO_FAST]
    assert start(client, "b@muster.example", ago=8000) == [OLD_PROOF]


def test_a_proof_counts_for_one_form(client):
    puzzle = read_puzzle(client)
    assert start(client, puzzle=puzzle) == []
    assert start(client, puzzle=puzzle) == [USED_PROOF]


def test_a_form_that_never_was_on_a_page(client):
    client.post(START, {"email": EMAIL})
    assert Start.objects.get().reasons == [NO_PAGE, NO_PROOF]


def test_a_made_up_puzzle_is_forged(client):
    client.post(START, {"email": EMAIL, "puzzle": "1.2.3.4.5", "answer": "1"})
    assert Start.objects.get().reasons == [FORGED_PROOF]


def test_a_mistake_in_the_address_costs_no_proof(client):
    puzzle = read_puzzle(client)
    page = client.post(START, {"email": "eleni@", "puzzle": puzzle, "answer": proofs.solve_puzzle(puzzle)})
    assert puzzle not in page.content.decode() and 'value="eleni@"' in page.content.decode()
    assert start(client, puzzle=puzzle) == []


def test_half_of_what_a_block_may_do_makes_it_busy(client, monkeypatch):
    monkeypatch.setitem(limits.LIMITS, "start", Limit(Rate(4, 60), Rate(100, 60)))
    assert [start(client, f"a{n}@muster.example") for n in range(3)] == [[], [], [BUSY_BLOCK]]


def test_no_sign_alone_holds_a_claim_nor_do_those_of_a_crowd_without_scripts():
    assert max(POINTS.values()) < HELD_FROM
    assert not is_to_hold(add_points([NO_PROOF, BUSY_BLOCK]))
    assert is_to_hold(add_points([NO_PROOF, NO_PAGE])) and is_to_hold(add_points([NO_PROOF, TRAP]))
    assert not is_to_hold(None)


def test_the_score_and_its_reasons_stay_with_the_registration_and_hold_the_claim(client):
    start(client, solve=lambda _: "", website="x")
    claim = register(client)
    registration = Registration.objects.get()
    assert (registration.score, registration.reasons) == (6, [NO_PROOF, TRAP])
    held = Quarantine.objects.get()
    assert (held.claim, held.score, held.reasons, held.is_open) == (claim, 6, [NO_PROOF, TRAP], True)
    assert "A person checks this" in client.get(f"/my/sent/{claim.reference}/").content.decode()


def test_a_claim_without_signs_is_not_held(client):
    start(client)
    register(client)
    assert Registration.objects.get().score == 0 and not Quarantine.objects.exists()


def test_the_next_registration_of_who_is_held_is_held_too(action):
    person = make_user()
    claim = make_claim(action, make_claimant(user=person))
    Quarantine.objects.create(claim=claim, action=action, score=6, reasons=[NO_PROOF, TRAP])
    registration = start_registration(action, by=person, language="en")
    starts.keep_signs(registration)
    assert registration.score == 6


def test_who_stands_in_another_action_makes_the_next_of_the_family_not_suspect(action):
    person = make_user()
    claim = make_claim(action, make_claimant(user=person))
    Quarantine.objects.create(claim=claim, action=action, score=0, reasons=["stands_elsewhere"])
    registration = start_registration(action, by=person, language="en")
    starts.keep_signs(registration)
    assert (registration.score, registration.reasons) == (0, [])


def test_what_is_kept_once_stays(client, action):
    start(client)
    register(client)
    registration = Registration.objects.get()
    Start.objects.update(reasons=[TRAP])
    starts.keep_signs(registration)
    assert registration.score == 0


def test_nothing_comes_of_an_address_that_was_never_proven(client):
    start(client, solve=lambda _: "", website="x")
    assert not (Registration.objects.exists() or User.objects.exists() or Claim.objects.exists())


def test_without_a_proof_the_mail_waits_for_its_turn_and_the_page_says_until_when(client, slow):
    client.post(START, {"email": EMAIL, "puzzle": read_puzzle(client)})
    page = client.get(f"{START}code/").content.decode()
    assert "the mail waits for its turn" in page
    assert send_queued_mails() == 0
    with time_machine.travel(timezone.now() + timedelta(seconds=61)):
        assert send_queued_mails() == 1
        assert "waits for its turn" not in client.get(f"{START}code/").content.decode()


def test_a_code_that_waits_is_good_as_long_as_any_other(client, slow):
    client.post(START, {"email": EMAIL, "puzzle": read_puzzle(client)})
    good_for = Code.objects.get().good_until - Mail.objects.get().next_at
    assert timedelta(minutes=29, seconds=30) < good_for < timedelta(minutes=30, seconds=30)  # not a minute less


def test_with_a_proof_the_mail_leaves_at_once(client, slow):
    start(client)
    assert send_queued_mails() == 1


def test_a_full_queue_says_when_to_come_back_and_keeps_the_address(client, slow, monkeypatch):
    monkeypatch.setattr(limits, "UNPROVEN", Rate(1, 60))
    answers = [client.post(START, {"email": EMAIL, "puzzle": read_puzzle(client)}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 429]
    assert 0 < int(answers[1].headers["Retry-After"]) <= 60 and f'value="{EMAIL}"' in answers[1].content.decode()


def test_over_the_limit_the_page_says_when_to_come_back_and_keeps_what_was_typed(client, narrow):
    client.post(START, {"answer.uses_privately": "yes"})
    start(client)
    answer = client.post(START, {"email": "zoe@muster.example"})
    page = answer.content.decode()
    assert answer.status_code == 429 and 0 < int(answer.headers["Retry-After"]) <= 60
    assert "Error:" in page.split("</title>")[0]
    assert 'value="zoe@muster.example"' in page and re.search(r"again after \d+:\d\d", page)
    assert client.session["brought small"]["uses_privately"] == "yes"
    assert Mail.objects.count() == 1


def test_another_code_and_guesses_have_limits_too(client, narrow):
    start(client)
    assert client.post(f"{START}code/", {"again": "1"}).status_code == 429
    answers = [client.post(f"{START}code/", {"code": "0000-0000"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 429]
    assert 'value="0000-0000"' in answers[1].content.decode() and answers[1].headers["Retry-After"]


def test_links_that_are_tried_out_have_a_limit(client, narrow):
    answers = [client.get(f"{START}link/guess{n}/") for n in range(2)]
    assert [answer.status_code for answer in answers] == [302, 429]


def walk(client, email):
    """Start, and return what a watcher sees and what the database was asked for, without the values."""
    puzzle = read_puzzle(client)
    data = {"email": email, "puzzle": puzzle, "answer": proofs.solve_puzzle(puzzle)}
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(START, data)
        page = client.get(answer.url)
    said = re.sub(r'(nonce|value)="[^"]*"|(un)?known@', "", page.content.decode())
    asked = [re.sub(r"'[^']*'|[0-9a-f]{16,}|\d+", "?", query["sql"]) for query in queries]
    headers = sorted(set(answer.headers) | set(page.headers))
    return answer.status_code, answer.url, page.status_code, headers, said, asked


def test_known_and_unknown_addresses_look_alike_in_words_status_and_work(client, small):
    make_claim(small, make_claimant(user=make_user("known@muster.example")))
    walk(type(client)(), "first@muster.example")  # fills what is kept between requests
    known, unknown = (walk(type(client)(), f"{name}@muster.example") for name in ("known", "unknown"))
    assert known == unknown
    mails = Mail.objects.order_by("-pk")[:2]
    assert mails[0].kind == mails[1].kind and len(mails[0].text) == len(mails[1].text)


def test_an_address_that_asked_too_often_gets_the_same_page(client):
    answers = [client.post(START, {"email": EMAIL}, follow=True) for _ in range(6)]
    pages = {re.sub(r'(nonce|value)="[^"]*"', "", answer.content.decode()) for answer in answers}
    assert len(pages) == 1 and Mail.objects.count() == 5


def test_a_stranger_who_asks_in_ones_name_makes_nobody_suspect(client):
    start(client)
    start(type(client)(), solve=lambda _: "", website="x")
    register(client)
    assert Registration.objects.get().score == 0


def test_what_was_noticed_of_an_address_can_be_erased(client):
    start(client)
    assert (starts.erase_starts("other@muster.example"), starts.erase_starts(EMAIL.upper())) == (0, 1)


def test_starts_are_forgotten_after_a_day_and_name_nobody(client):
    start(client)
    assert "eleni" not in str(Start.objects.values().get())
    with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1)):
        starts.forget_starts()
    assert not Start.objects.exists()


@pytest.mark.parametrize("text", ["\0", "a" * 100_000, "<script>", "1.2.3", "\u202e", "9" * 400])
@pytest.mark.parametrize("name", ["puzzle", "answer", "website"])
def test_no_text_in_a_hidden_field_makes_an_error(client, name, text):
    data = {"email": EMAIL, "puzzle": read_puzzle(client), name: text}
    assert client.post(START, data).status_code == 302
