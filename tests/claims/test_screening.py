"""Screening: Python and SQL agree on every claim, findings are pinned, counts are right, nothing is written twice."""

import threading
from datetime import date

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims import screening
from claims.base import jobs
from claims.base.errors import Refused
from claims.counts import count_by_outcome, count_by_state_and_tier, scan_counts
from claims.criteria import assess_claim, list_findings, read_rulebook
from claims.models import Claim, CriteriaVersion, HistoryEvent, Job
from claims.rules.eligibility import Verdict
from tests.factories import make_action, make_claim, make_claimant

EU_AND_MORE = ["AT", "DE", "GR", "CH"]
DATES = st.dates(date(2000, 1, 1), date(2026, 12, 31))
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "uses_privately": st.sampled_from(["yes", "no"]),
        "platform": st.sampled_from(["facebook", "instagram", "none"]),
        "objection_made": st.sampled_from(["yes", "no"]),
        "objection_made_on": DATES.map(str),
        "effort_hours": st.integers(-5, 2**50),
        "damage_text": st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=20),
    },
)
CLAIM = st.tuples(ANSWERS, st.none() | DATES, st.sampled_from(["", *EU_AND_MORE]), st.none() | DATES)


def list_tests():
    date_or_event = DATES.map(str) | st.just("started")
    return st.one_of(
        st.sampled_from(["yes", "no"]).map(lambda v: {"question": "uses_privately", "is": v}),
        st.tuples(st.sampled_from(["in", "not_in"]), st.lists(st.sampled_from(["facebook", "none"]), min_size=1)).map(
            lambda t: {"question": "platform", t[0]: t[1]}
        ),
        st.tuples(st.sampled_from(["in", "not_in"]), st.lists(st.sampled_from(EU_AND_MORE), min_size=1)).map(
            lambda t: {"question": "habitual_residence", t[0]: t[1]}
        ),
        st.tuples(
            st.sampled_from(["objection_made_on", "birth_date", "resident_since"]),
            st.sampled_from(["is", "before", "after", "at_least", "at_most"]),
            date_or_event,
        ).map(lambda t: {"question": t[0], t[1]: t[2]}),
        st.tuples(DATES, DATES).map(lambda t: {"question": "birth_date", "between": sorted(map(str, t))}),
        st.tuples(DATES, st.integers(1, 40)).map(
            lambda t: {"question": "birth_date", "age_at": {"on": str(t[0]), "at_least": t[1]}}
        ),
        st.tuples(st.sampled_from(["is", "at_least", "at_most"]), st.integers(-9, 2**50)).map(
            lambda t: {"question": "effort_hours", t[0]: t[1]}
        ),
        st.sampled_from(["damage_text", "platform", "birth_date", "habitual_residence"]).map(
            lambda q: {"question": q, "known": True}
        ),
    )


RULE = st.recursive(
    list_tests(),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=6,
)


def publish(action, rules, tiers=()):
    """A new version of the criteria with these rules."""
    latest = action.criteria
    texts = {"title": {"en": "x"}, "citations": [{"text": "law", "source": "law"}]} | {
        word: {"en": "x"} for word in ("yes", "no", "unknown")
    }
    document = {
        **latest.document,
        "criteria": [{"id": f"c{i}", "rule": rule, **texts} for i, rule in enumerate(rules)],
        "tiers": [{"id": f"t{i}", "rule": rule, "title": {"en": "t"}} for i, rule in enumerate(tiers)],
    }
    return CriteriaVersion.objects.create(
        action=action, number=latest.number + 1, document=document, sha256=str(latest.number)
    )


def screen(action):
    job = screening.start_screening(action, by=None)
    jobs.work()
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.error
    return job


def kept_counts(action):
    return {(c.state, c.tier, c.outcome): c.claims for c in action.counts.all() if c.claims}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(RULE, min_size=1, max_size=4), st.lists(RULE, max_size=2), st.lists(CLAIM, min_size=1, max_size=5))
def test_python_and_sql_agree_on_every_claim(action, rules, tiers, claims):
    with transaction.atomic():
        for answers, born, residence, since in claims:
            make_claim(
                action,
                make_claimant(birth_date=born),
                habitual_residence=residence,
                resident_since=since,
                answers=answers,
            )
        version = publish(action, rules, tiers)
        book = read_rulebook(version.document)
        first, last = (Claim.objects.order_by(order).first().pk for order in ("pk", "-pk"))
        screening.screen_range(action, version, first, last)
        for claim in Claim.objects.select_related("claimant"):
            assert (claim.findings, claim.outcome, claim.tier) == assess_claim(claim, book)
        assert kept_counts(action) == scan_counts(action)
        transaction.set_rollback(True)


def test_findings_are_kept_with_reason_citation_and_version(action):
    claim = make_claim(action, answers={"uses_privately": "no"})
    screen(action)
    claim.refresh_from_db()
    finding = list_findings(claim)[0]
    assert (finding.verdict, finding.reason["en"]) == (Verdict.NO, "You used it for business.")
    assert finding.criterion.citations[0]["text"].startswith("Directive (EU) 2020/1828")
    assert claim.criteria_version == action.criteria


def test_a_finding_stays_pinned_to_its_version_until_the_claim_is_screened_again(action):
    claim = make_claim(action, answers={"uses_privately": "yes"})
    screen(action)
    publish(action, [{"question": "uses_privately", "is": "no"}])
    claim.refresh_from_db()
    assert (claim.criteria_version.number, list_findings(claim)[0].verdict) == (1, Verdict.YES)
    screen(action)
    claim.refresh_from_db()
    assert (claim.criteria_version.number, claim.findings) == (2, "n")


def test_screening_again_with_nothing_new_writes_nothing(action):
    claim = make_claim(action)
    first, second = screen(action), screen(action)
    before = Claim.objects.get(pk=claim.pk).screened_at
    assert (first.result["changed"], second.result["changed"]) == (1, 0)
    assert Claim.objects.get(pk=claim.pk).screened_at == before


def test_nothing_is_ever_rejected_automatically(action):
    claim = make_claim(action, answers={"uses_privately": "no"})
    screen(action)
    claim.refresh_from_db()
    assert (claim.outcome, claim.status) == ("ineligible", Claim.Status.SUBMITTED)


def test_counts_by_state_and_tier_follow_the_screening(action):
    make_claim(action, answers={"platform": "instagram"})
    make_claim(action, make_claimant(birth_date=date(2012, 1, 1)), habitual_residence="DE")
    make_claim(action, make_claimant(birth_date=None), habitual_residence="")
    screen(action)
    expected = [("", "", 1), ("AT", "instagram", 1), ("DE", "minor", 1)]
    assert [(row["state"], row["tier"], row["claims"]) for row in count_by_state_and_tier(action)] == expected
    assert kept_counts(action) == scan_counts(action)


def test_another_action_is_left_alone(action):
    other = make_claim(make_action())
    make_claim(action)
    screen(action)
    other.refresh_from_db()
    assert other.outcome == ""


def test_one_screening_of_an_action_at_a_time(action):
    make_claim(action)
    screening.start_screening(action, by=None)
    with pytest.raises(Refused, match="already waiting or running"):
        screening.start_screening(action, by=None)


def test_an_action_without_claims_is_screened_at_once(action):
    job = screening.start_screening(action, by=None)
    assert (job.state, job.result["changed"], count_by_outcome(action)["eligible"]) == (Job.State.DONE, 0, 0)


def test_a_dry_run_lists_the_moves_and_writes_nothing(action):
    claim = make_claim(action, answers={"uses_privately": "yes", "effort_hours": 3})
    screen(action)
    events = HistoryEvent.objects.count()
    draft = read_rulebook(
        {
            **action.criteria.document,
            "criteria": publish(action, [{"question": "uses_privately", "is": "no"}]).document["criteria"],
        }
    )
    found = screening.dry_run(action, draft)
    assert (found.moves, found.moving) == ({"eligible>ineligible": 1}, [(claim.reference, "eligible", "ineligible")])
    claim.refresh_from_db()
    assert (claim.outcome, HistoryEvent.objects.count()) == ("eligible", events)


@pytest.mark.django_db(transaction=True)
def test_a_claim_that_changes_under_the_screening_is_read_again(only_postgresql):
    from tests.factories import load_small_pack

    action = load_small_pack()
    claim = make_claim(action, answers={"uses_privately": "yes"})
    inside, written = threading.Event(), threading.Event()

    def work_on_the_case():
        with transaction.atomic():
            Claim.objects.filter(pk=claim.pk).update(answers={"uses_privately": "no"})
            inside.set()
            written.wait(1)  # hold the row while the screening has read the old answer and waits to write
        connection.close()

    worker = threading.Thread(target=work_on_the_case)
    worker.start()
    inside.wait()
    screening.screen_range(action, action.criteria, claim.pk, claim.pk)
    worker.join()
    claim.refresh_from_db()
    assert claim.findings[0] == Verdict.NO
    assert kept_counts(action) == scan_counts(action)
