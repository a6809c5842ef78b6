"""Screening: Python and SQL agree on every claim, findings are pinned, counts are right, nothing is written twice."""

import threading
from datetime import UTC, date, datetime

import pytest
from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from claims import screening
from claims.base import jobs
from claims.base.errors import Refused
from claims.counts import count_by_outcome, count_by_state_and_tier, scan_counts
from claims.criteria import assess_claim, list_findings, read_rulebook
from claims.models import Claim, CriteriaVersion, Job, Representation
from claims.review.bulk import lock_claims
from claims.rules.eligibility import Verdict
from tests.factories import load_small_pack, make_action, make_claim, make_claimant
from tests.servers import PATIENCE_SECONDS
from tests.workers import end_when_waited_for, is_waited_for, wait_until

EU_AND_MORE = ["AT", "DE", "GR", "CH"]
DATES = st.dates(date(2000, 1, 1), date(2026, 12, 31))
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
# What a stored answer can be when its question was another once, or a system erred: anything that JSON holds.
ODD = st.one_of(
    st.none() | st.booleans() | TEXTS,
    st.integers(-(10**40), 10**40) | st.sampled_from([0, 5, 10**16 - 1, 10**16, -(2**63), 2**63]),
    st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([5.0, 1e16, -0.0]),
    st.sampled_from(["", " ", "three nights", "5", "5 ", "-5", "1e3", "true", "null", "YES", "yes ", "2025-01-01"]),
    st.sampled_from(["2025-02-31", "2023-02-29", "2024-02-29", "1900-02-29", "2000-02-29", "2025-13-01", "2025-04-31"]),
    st.sampled_from(
        ["0000-01-01", "0001-01-01", "9999-12-31", "20250101", "2025-W09-5", "2025-01-01\n", "now", "12:00"]
    ),
    st.builds("{:04}-{:02}-{:02}".format, st.integers(0, 9999), st.integers(0, 13), st.integers(0, 32)),
    st.lists(st.sampled_from(["yes", 5, "2025-01-01"]), max_size=2) | st.just({"yes": "yes"}),
)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "uses_privately": st.sampled_from(["yes", "no"]) | ODD,
        "platform": st.sampled_from(["facebook", "instagram", "none"]) | ODD,
        "objection_made": st.sampled_from(["yes", "no"]) | ODD,
        "objection_made_on": DATES.map(str) | ODD,
        "effort_hours": st.integers(-5, 2**50) | ODD,
        "damage_text": TEXTS | ODD,
        "rooms": st.sampled_from(["5", "true", "null"]) | ODD,
        "moved_to": st.sampled_from(["AT", "XX"]) | ODD,
    },
)
EXTRA_QUESTIONS = [
    {"id": "rooms", "kind": "choice", "label": {"en": "Rooms"}, "options": [{"id": i} for i in ("5", "true", "null")]},
    {"id": "moved_to", "kind": "country", "label": {"en": "To"}},
]
# Of those born on these days some come of age on the day on which, by UTC, they register.
BORN = st.none() | DATES | st.sampled_from([date(2008, 2, 28), date(2008, 2, 29), date(2008, 3, 1), date(2010, 3, 1)])
FIRST = datetime(2025, 1, 1)  # noqa: DTZ001  # the strategy wants it so
REGISTERED = st.datetimes(timezones=st.just(UTC), min_value=FIRST, max_value=FIRST.replace(year=2028)) | (
    st.sampled_from(["2026-02-28T00:30+01:00", "2026-02-28T23:59+00:00", "2026-03-01T00:00+00:00", "2028-02-29T12:00Z"])
).map(datetime.fromisoformat)
CAME = st.tuples(REGISTERED, st.sampled_from(["web", "import"]), st.sampled_from(["", "guardian", "heir"]))
CLAIM = st.tuples(ANSWERS, BORN, st.sampled_from(["", *EU_AND_MORE]), st.none() | DATES, CAME)


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
        st.tuples(st.sampled_from(["birth_date", "objection_made_on"]), DATES, DATES).map(
            lambda t: {"question": t[0], "between": sorted(map(str, t[1:]))}
        ),
        st.tuples(DATES, st.integers(1, 40)).map(
            lambda t: {"question": "birth_date", "age_at": {"on": str(t[0]), "at_least": t[1]}}
        ),
        st.tuples(st.sampled_from(["is", "at_least", "at_most"]), st.integers(-9, 2**50)).map(
            lambda t: {"question": "effort_hours", t[0]: t[1]}
        ),
        st.tuples(st.sampled_from(["in", "not_in"]), st.lists(st.integers(-9, 9), min_size=1)).map(
            lambda t: {"question": "effort_hours", t[0]: t[1]}
        ),
        st.tuples(st.integers(-9, 9), st.integers(-9, 2**50)).map(
            lambda t: {"question": "effort_hours", "between": sorted(t)}
        ),
        st.sampled_from([{"question": "rooms", "not_in": ["5"]}, {"question": "rooms", "in": ["true", "null"]}]),
        st.tuples(st.sampled_from(["of_age_when_registered", "acted_for"]), st.sampled_from(["yes", "no"])).map(
            lambda t: {"question": t[0], "is": t[1]}
        ),
        st.sampled_from(["is", "known"]).map(lambda o: {"question": "moved_to", o: "AT" if o == "is" else True}),
        st.sampled_from(["damage_text", "platform", "birth_date", "habitual_residence", "objection_made_on"]).map(
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
        "questions": [
            *latest.document["questions"],
            *(q for q in EXTRA_QUESTIONS if q not in latest.document["questions"]),
        ],
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


@settings(max_examples=150)
@given(st.lists(RULE, min_size=1, max_size=4), st.lists(RULE, max_size=2), st.lists(CLAIM, min_size=1, max_size=5))
def test_python_and_sql_agree_on_every_claim(action, rules, tiers, claims):
    with transaction.atomic():
        for answers, born, residence, since, (registered_at, channel, acting) in claims:
            person = make_claimant(birth_date=born)
            if acting:
                Representation.objects.create(claimant=person, kind=acting, family_name="Muster")
            make_claim(
                action,
                person,
                habitual_residence=residence,
                resident_since=since,
                answers=answers,
                registered_at=registered_at,
                channel=channel,
            )
        version = publish(action, rules, tiers)
        book = read_rulebook(version.document)
        first, last = (Claim.objects.order_by(order).first().pk for order in ("pk", "-pk"))
        screening.screen_range(action, version, first, last)
        for claim in Claim.objects.select_related("claimant"):
            assert (claim.findings, claim.outcome, claim.tier) == assess_claim(claim, book)
        assert kept_counts(action) == scan_counts(action)
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("answers", "rule"),
    [
        ({"effort_hours": "three nights"}, {"question": "effort_hours", "at_least": 1}),
        ({"objection_made_on": "2025-02-31"}, {"question": "objection_made_on", "after": "2025-01-01"}),
        ({"platform": "myspace"}, {"question": "platform", "is": "facebook"}),
        ({"uses_privately": True}, {"question": "uses_privately", "is": "yes"}),
        ({"damage_text": 3}, {"question": "damage_text", "known": True}),
        ({"effort_hours": 10**30}, {"question": "effort_hours", "at_most": 1}),
    ],
)
def test_an_answer_that_its_question_cannot_take_is_unknown_and_never_no(action, answers, rule):
    claim = make_claim(action, answers=answers)
    version = publish(action, [rule])
    screen(action)
    claim.refresh_from_db()
    assert claim.findings == assess_claim(claim, read_rulebook(version.document))[0] == Verdict.UNKNOWN


def test_findings_are_kept_with_reason_citation_and_version(action):
    claim = make_claim(action, answers={"uses_privately": "no"})
    screen(action)
    claim.refresh_from_db()
    finding = list_findings(claim)[0]
    assert (finding.verdict, finding.reason["en"]) == (Verdict.NO, "You used it for business.")
    assert finding.criterion.citations[0]["text"]["en"].startswith("Directive (EU) 2020/1828")
    assert claim.criteria_version == action.criteria


def test_a_finding_stays_pinned_to_its_version_until_the_claim_is_screened_again(action):
    claim = make_claim(action, answers={"uses_privately": "yes"})
    result = screen(action).result
    assert (result["moved"], result["first"]) == (0, 1)
    publish(action, [{"question": "uses_privately", "is": "no"}])
    claim.refresh_from_db()
    assert (claim.criteria_version.number, list_findings(claim)[0].verdict) == (1, Verdict.YES)
    result = screen(action).result
    assert (result["moved"], result["first"]) == (1, 0)
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


@pytest.mark.django_db(transaction=True)
def test_a_claim_that_changes_under_the_screening_is_read_again(only_postgresql):
    action = load_small_pack()
    claim = make_claim(action, answers={"uses_privately": "yes"})
    inside, may_end = threading.Event(), threading.Event()

    def work_on_the_case():
        with transaction.atomic():
            Claim.objects.filter(pk=claim.pk).update(answers={"uses_privately": "no"})
            inside.set()
            may_end.wait(PATIENCE_SECONDS)  # the screening has read the old answer and waits to write
        connection.close()

    worker = threading.Thread(target=work_on_the_case)
    worker.start()
    assert inside.wait(PATIENCE_SECONDS)
    end_when_waited_for(may_end)
    screening.screen_range(action, action.criteria, claim.pk, claim.pk)
    worker.join()
    claim.refresh_from_db()
    assert claim.findings[0] == Verdict.NO
    assert kept_counts(action) == scan_counts(action)


def test_a_screening_holds_its_claims_in_the_order_of_their_ids(only_postgresql, transactional_db):
    action = load_small_pack()
    first, *later = (make_claim(action).pk for _ in range(3))
    Claim.objects.filter(pk=first).update(external_ref="moved")  # the table holds it behind the others now
    told = []

    def screen():
        try:
            with connection.cursor() as cursor:  # a plan that reads the table as it lies
                cursor.execute("SET enable_indexscan = off; SET enable_bitmapscan = off")
            told.append(screening.screen_range(action, action.criteria, first, later[-1]))
        except Exception as error:
            told.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=screen)
    with transaction.atomic():
        lock_claims([first])
        thread.start()
        wait_until(is_waited_for, "a wait for the first claim")
        lock_claims(later)  # a deadlock, where the screening has these already
    thread.join(PATIENCE_SECONDS)
    assert told == [3]
