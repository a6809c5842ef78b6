"""The page of a claim and the steps from it: only for those who decide, and nothing half done."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from claims.base.history import list_events
from claims.models import Claim, Decision, Deficiency, Hearing, Note, Override, Reveal
from claims.review import asking, casework, overriding, refusing, replies
from claims.screening import screen_range
from claims.wording import day as say_day
from tests.factories import make_claim, make_claimant, make_user

pytestmark = pytest.mark.django_db
MEETS = {"uses_privately": "yes", "platform": "facebook", "objection_made": "no", "effort_hours": 3}


@pytest.fixture
def ready(action):
    """Two claims that meet everything; the newer comes first in the list."""
    made = [make_claim(action, make_claimant(user=make_user()), answers=MEETS) for _ in range(2)]
    screen_range(action, action.criteria, made[0].pk, made[1].pk)
    return [Claim.objects.get(pk=claim.pk) for claim in reversed(made)]


def let_pass():
    """What was decided is told after ten minutes, when it cannot be undone any more."""
    Decision.objects.update(at=timezone.now() - timedelta(minutes=11))


def step(claim, name, *more):
    return reverse(f"claims:workspace-{name}", args=[claim.action.slug, claim.reference, *more])


STEPS = ("accept", "drop", "take-back", "undo", "override-confirm", "override-undo")
FORMS = ("ask", "refuse", "reopen")


@pytest.mark.parametrize("name", STEPS)
def test_nobody_but_a_lawyer_of_the_action_takes_a_step(visit, ready, name):
    code = "00000000-0000-4000-8000-000000000000"
    url = step(ready[0], name, *([code] if "undo" in name or "override" in name else []))
    for who in ("stranger", "neighbour", "staff", "finance", "auditor", "administrator", "former"):
        assert visit(who, url, "post").status_code == 404
    assert visit("lawyer", url).status_code == 405 and not Decision.objects.exists()


@pytest.mark.parametrize("name", FORMS)
def test_nobody_but_a_lawyer_of_the_action_sees_a_form_of_decisions(visit, ready, name):
    for who in ("stranger", "neighbour", "staff", "finance", "auditor", "administrator", "former"):
        assert visit(who, step(ready[0], name)).status_code == 404
    assert visit("lawyer", step(ready[0], name)).status_code == 200


def test_accepting_leads_to_the_next_claim_of_the_view_with_a_way_back(client, people, ready):
    client.force_login(people["lawyer"])
    answer = client.post(step(ready[0], "accept"), {"from": "state=AT"})
    assert ready[1].reference in answer.url and "from=state%3DAT" in answer.url
    page = client.get(answer.url).content.decode()
    assert "/undo/" in page and "Accepted." in page
    client.post(step(ready[0], "undo", Decision.objects.get().code))
    assert Claim.objects.get(pk=ready[0].pk).status == "submitted"


@pytest.mark.parametrize("step_done", ["accept", "ask"])
def test_by_the_last_day_to_answer_one_goes_on_from_where_the_claim_stood(client, people, action, step_done):
    claims = [make_claim(action, make_claimant(user=make_user()), answers=MEETS) for _ in range(4)]
    screen_range(action, action.criteria, claims[0].pk, claims[-1].pk)
    order = [claims[place] for place in (2, 0, 3, 1)]
    for n, claim in enumerate(order):
        asking.ask_claimant(claim, ["uses_privately"], days=10 + n, by=people["lawyer"])
    Deficiency.objects.filter(claim=order[1]).update(closed_at=timezone.now(), closed_as="answered")
    client.force_login(people["lawyer"])
    data = {"from": "sort=due", "questions": ["uses_privately"], "days": 90}
    assert order[2].reference in client.post(step(order[1], step_done), data).url


def test_a_stale_page_says_that_someone_else_was_faster(client, people, ready):
    client.force_login(people["lawyer"])
    client.post(step(ready[0], "accept"))
    page = client.post(step(ready[0], "accept"), follow=True).content.decode()
    assert "Someone else has already handled this claim." in page and Decision.objects.count() == 1


def test_a_form_that_cannot_be_done_keeps_what_was_typed(visit, ready):
    Claim.objects.update(status="withdrawn")
    data = {"questions": ["uses_privately"], "words": "Only before 2025.", "days": 14}
    page = visit("lawyer", step(ready[0], "ask"), "post", data).content.decode()
    assert "Someone else has already handled" in page and "Only before 2025." in page
    assert not Deficiency.objects.exists()


def test_asking_and_the_two_steps_of_a_refusal_by_forms(visit, ready):
    visit("lawyer", step(ready[0], "ask"), "post", {"questions": ["uses_privately"], "days": 14})
    visit("lawyer", step(ready[1], "refuse"), "post", {"reason": "criterion", "days": 14})
    assert Deficiency.objects.get().claim == ready[0]
    page = visit("lawyer", step(ready[1], "refuse")).content.decode()
    assert "The claimant can still answer" in page and "<textarea" not in page


def test_refusing_before_the_promised_day_names_it_and_asks_for_a_tick(visit, ready):
    claim = ready[0]
    visit("lawyer", step(claim, "refuse"), "post", {"reason": "criterion", "days": 14})
    let_pass()
    replies.reply_to_decision(claim, "It was my own account.", by=claim.claimant.user)
    lawyer = visit("lawyer", step(claim, "claim")).wsgi_request.user
    assert "my own account" not in visit("lawyer", step(claim, "refuse")).content.decode()
    casework.reveal_claim(claim, "decide", by=lawyer)
    page = visit("lawyer", step(claim, "refuse")).content.decode()
    day = say_day(Hearing.objects.get().until)
    assert "my own account" in page and f"runs until {day}" in page and "The reason:" in page
    visit("lawyer", step(claim, "refuse"), "post", {"words": ""})
    assert Claim.objects.get(pk=claim.pk).status == "submitted"
    visit("lawyer", step(claim, "refuse"), "post", {"words": "", "before_end": "on"})
    assert Claim.objects.get(pk=claim.pk).status == "refused"


def test_own_words_are_covered_until_somebody_says_why(visit, action, ready, client):
    from claims.answers import seal_answers
    from claims.keys import ensure_data_key

    claim = ready[0]
    claim.answers |= seal_answers(
        ensure_data_key(claim.claimant), claim.reference, {"damage_text": "They saw my diary"}
    )
    claim.save()
    page = step(claim, "claim")
    assert "my diary" not in visit("lawyer", page).content.decode()
    assert "To decide on the claim" in visit("lawyer", page).content.decode()
    staff = visit("staff", page).content.decode()
    assert "To answer the claimant" in staff and "To decide on the claim" not in staff
    assert "Lawyers decide, ask and record proofs." in staff
    casework.reveal_claim(claim, "decide", by=make_user())
    assert "my diary" not in visit("lawyer", page).content.decode()
    lawyer = visit("lawyer", page).wsgi_request.user
    casework.reveal_claim(claim, "decide", by=lawyer)
    assert "my diary" in visit("lawyer", page).content.decode()


def test_a_claim_without_own_words_offers_nothing_to_uncover(visit, ready):
    page = visit("lawyer", step(ready[0], "claim")).content.decode()
    assert "There are no own words in this claim." in page and step(ready[0], "reveal") not in page


def test_an_erased_claim_says_so_and_leads_to_no_certificate(visit, ready):
    ready[0].claimant.erased_at = timezone.now()
    ready[0].claimant.given_name = ready[0].claimant.family_name = ""
    ready[0].claimant.save()
    page = visit("staff", step(ready[0], "claim")).content.decode()
    assert "All data of this person were erased" in page and "No name" not in page and "certificate/" not in page
    page = visit("staff", reverse("claims:workspace-claims", args=["small"])).content.decode()
    assert "<bdi>Erased</bdi>" in page and "No name" not in page


def test_the_questions_chosen_already_stand_first(visit, ready):
    Claim.objects.update(answers={"uses_privately": "yes"})
    screen_range(ready[0].action, ready[0].action.criteria, ready[1].pk, ready[0].pk)
    page = visit("lawyer", step(ready[0], "ask")).content.decode()
    assert "checked" in page and page.rindex(" checked") < page.index('value="uses_privately"')


def test_uncovering_asks_for_the_password_again(client, people, ready):
    client.force_login(people["lawyer"])
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": 0}]
    session.save()
    answer = client.post(step(ready[0], "reveal"), {"reason": "decide"})
    assert "confirm" in answer.url and not Reveal.objects.exists()
    client.force_login(people["auditor"])
    assert client.post(step(ready[0], "reveal"), {"reason": "decide"}).status_code in {302, 404}
    assert not Reveal.objects.exists()


def test_the_claimant_sees_that_words_were_uncovered_by_role_and_never_a_note(client, ready):
    claim = ready[0]
    lawyer = make_user(name="Eva Vasile", role="lawyer", action=claim.action)
    casework.reveal_claim(claim, "other", "Doubts about the diary", by=lawyer)
    casework.add_note(claim, "She sounds sure.", by=lawyer)
    casework.take_claim(claim, by=lawyer)
    client.force_login(claim.claimant.user)
    page = client.get("/my/").content.decode()
    assert "Own words and bank data were uncovered" in page and "A lawyer of the office" in page
    for secret in ("Vasile", "She sounds sure", "Doubts about", "note"):
        assert secret not in page.split('id="opened"')[1].split("</section>")[0]
    assert "noted something" not in page
    assert "She sounds sure" not in client.get("/my/data.json").content.decode()
    assert Note.objects.get().words != "She sounds sure."


def test_the_second_one_on_a_claim_is_told(visit, ready):
    page = step(ready[0], "claim")
    visit("staff", page)
    staff = visit("staff", page).wsgi_request.user
    shown = visit("lawyer", page).content.decode()
    assert "Somebody else has this claim open now" in shown and str(staff) in shown
    answer = visit("staff", step(ready[0], "here"), "post").json()
    assert len(answer["others"]) == 1


def test_scripts_and_turned_signs_of_a_claimant_do_no_harm(visit, client, ready, action):
    claim = ready[0]
    refusing.announce_refusal(claim, "criterion", by=make_user(role="lawyer", action=action))
    let_pass()
    nasty = "<script>alert(1)</script>\u202eevil =1+1"
    replies.reply_to_decision(claim, nasty, by=claim.claimant.user)
    lawyer = visit("lawyer", step(claim, "claim")).wsgi_request.user
    casework.reveal_claim(claim, "decide", by=lawyer)
    page = visit("lawyer", step(claim, "claim")).content.decode()
    assert "&lt;script&gt;" in page and "[U+202E]" in page and "<script>alert" not in page


def test_a_finding_is_set_by_a_form_with_a_reason(visit, ready):
    url = step(ready[0], "finding", "consumer")
    assert visit("lawyer", url, "post", {"verdict": "n"}).status_code == 200
    visit("lawyer", url, "post", {"verdict": "n", "reason": "It was a shop."})
    ready[0].refresh_from_db()
    assert ready[0].outcome == "ineligible" and Override.objects.count() == 1
    assert "It was a shop." in visit("lawyer", step(ready[0], "claim")).content.decode()


def test_my_page_shows_what_is_open_on_top_and_leads_to_the_question(client, ready):
    lawyer = make_user(role="lawyer", action=ready[0].action)
    asking.ask_claimant(ready[0], ["uses_privately"], "Only before 2025.", by=lawyer)
    let_pass()
    client.force_login(ready[0].claimant.user)
    page = client.get("/my/").content.decode()
    assert "We need an answer from you" in page and "Only before 2025." in page
    assert f"/my/claims/{ready[0].reference}/answer/uses_privately/" in page


def test_a_claimant_answers_an_announced_refusal_in_own_words(client, ready):
    lawyer = make_user(role="lawyer", action=ready[0].action)
    url = f"/my/claims/{ready[0].reference}/reply/"
    client.force_login(ready[0].claimant.user)
    assert "nothing to answer" in client.get(url).content.decode()
    refusing.announce_refusal(ready[0], "criterion", "It was a shop.", by=lawyer)
    let_pass()
    page = client.get(url).content.decode()
    assert "It was a shop." in page and lawyer.email not in page
    client.post(url, {"words": "It was my own."})
    assert list_events(ready[0]).first().verb == "reply received"
    client.force_login(ready[1].claimant.user)
    assert client.get(url).status_code == 404


def test_an_auditor_sees_that_the_office_wrote_something_and_not_what(visit, ready, action):
    lawyer = make_user(role="lawyer", action=action)
    casework.add_note(ready[0], "Canary of a note.", by=lawyer)
    overriding.override_finding(ready[0], "consumer", "n", "Canary of a finding.", by=lawyer)
    asking.ask_claimant(ready[0], ["uses_privately"], "Canary of a question.", by=lawyer)
    page = visit("auditor", step(ready[0], "claim")).content.decode()
    assert "Canary" not in page and page.count("Own words, covered") == 3 and str(lawyer) in page
    assert visit("staff", step(ready[0], "claim")).content.decode().count("Canary") == 3
