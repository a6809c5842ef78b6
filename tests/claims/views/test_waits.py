"""Each line of what waits for a lawyer leads to the very claims that it counts."""

import copy
import re

import pytest
from django.utils import timezone

from claims.base.documents import compute_digest
from claims.models import Assignment, Claim, CriteriaVersion, Decision, Deficiency, Hearing, Merge, Override, Reply
from claims.views.queue import find_next_undecided, read_queue
from claims.waits import NAMES
from claims.workspace import list_waiting
from tests.factories import make_claim, make_user

pytestmark = pytest.mark.django_db


def decide(claim, kind, by):
    return Decision.objects.create(claim=claim, kind=kind, by=by)


def propose(claim, by, **fields):
    version = claim.action.criteria
    return Override.objects.create(
        claim=claim, criterion="consumer", verdict="y", criteria_version=version, by=by, **fields
    )


def change_rule(action):
    document = copy.deepcopy(action.criteria.document)
    criterion = next(item for item in document["criteria"] if item["id"] == "consumer")
    criterion["rule"] = {"not": criterion["rule"]}
    CriteriaVersion.objects.create(
        action=action, number=action.criteria.number + 1, document=document, sha256=compute_digest(document)
    )


@pytest.fixture
def waiting(action, people):
    """Kind -> the claims that wait so for the lawyer, beside others that do not."""
    me, other, now = people["lawyer"], make_user(role="lawyer", action=action), timezone.now()
    made = {kind: make_claim(action) for kind in NAMES} | {"refused": make_claim(action), "mine": make_claim(action)}
    for name in ("reply", "refused"):  # two messages on one claim, and an objection
        refusal = decide(made[name], "refuse", other)
        Reply.objects.bulk_create(Reply(decision=refusal, words="") for _ in range(2))
    Claim.objects.filter(pk=made["refused"].pk).update(status="refused")
    asked, heard = (decide(made[name], kind, other) for name, kind in (("question", "ask"), ("hearing", "announce")))
    period = {"until": timezone.localdate(), "over_at": now}
    Deficiency.objects.create(claim=asked.claim, decision=asked, questions=["x"], open_questions=["x"], **period)
    Hearing.objects.create(claim=heard.claim, decision=heard, **period)
    for name in ("answered", "mine"):  # the second was decided on since, by a question that is open
        done = {"closed_at": now, "closed_as": "answered", "until": timezone.localdate()}
        Deficiency.objects.create(claim=made[name], decision=decide(made[name], "ask", other), questions=["x"], **done)
    decide(made["mine"], "drop", other)
    propose(made["lapsed"], me, applies=True)
    change_rule(action)
    propose(made["override"], other, needs_second=True)
    propose(made["mine"], me, needs_second=True)
    merge = {"kept": made["mine"], "merged": made["released"], "by": me, "status_before": "submitted"}
    Merge.objects.create(**merge, reason="signs", undone_at=now, kept_registered_at=now)
    return {kind: {made[kind].reference} for kind in NAMES} | {
        "reply": {made["reply"].reference, made["refused"].reference}
    }


def test_each_line_leads_to_the_very_claims_that_it_counts(waiting, action, people, visit):
    lines = {
        line.address.partition("waits=")[2].partition("&")[0]: line for line in list_waiting(action, people["lawyer"])
    }
    assert set(NAMES) <= set(lines)
    for kind, references in waiting.items():
        page = visit("lawyer", lines[kind].address).content.decode()
        assert set(re.findall('data-claim="(.*?)"', page)) == references, kind
        assert lines[kind].number == len(references), kind


def test_the_claims_with_somebody_are_counted_as_far_as_the_list_shows_them(action, people, visit):
    for status in ("submitted", "accepted", "refused"):
        Assignment.objects.create(claim=make_claim(action, status=status), user=people["lawyer"])
    (line,) = (it for it in list_waiting(action, people["lawyer"]) if it.address.endswith("assigned=me"))
    page = visit("lawyer", line.address).content.decode()
    assert line.number == len(re.findall("data-claim=", page)) == 2


def test_after_an_objection_the_next_one_against_a_refusal_is_offered(action, people):
    older, newer = (make_claim(action, status="refused") for _ in range(2))
    for claim in (older, newer):
        Reply.objects.create(decision=decide(claim, "refuse", people["lawyer"]), words="")
    make_claim(action, status="refused")  # nobody objects
    form = read_queue(action, "waits=reply", me=people["lawyer"])
    assert find_next_undecided(form, newer, None) == older


def test_what_waits_is_a_filter_like_others(waiting, visit):
    page = visit("staff", "/workspace/small/claims/?waits=reply&status=refused").content.decode()
    assert len(re.findall("data-claim=", page)) == 1
    page = visit("staff", "/workspace/small/claims/?waits=made-up").content.decode()
    assert "There is no “made-up” to choose here." in page and "data-claim=" not in page


def test_a_claim_whose_questions_are_all_answered_says_so(waiting, visit):
    (reference,) = waiting["answered"]
    page = visit("staff", f"/workspace/small/claims/{reference}/").content.decode()
    assert "All questions were answered on" in page and 'class="notice stack-s  gap-end"' in page
