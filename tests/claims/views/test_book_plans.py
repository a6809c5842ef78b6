"""How PostgreSQL reads the book: under each filter alone few claims, and never all of them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims import book, stretches, tallies
from claims.kept_searches import keep_search
from claims.models import Claim

URL = "/workspace/small/claims/"
MANY = 20_000
READ = 4 * stretches.LOOKED_AT  # rows of the table of claims; of its index alone some more are read
FILTERS = (
    "", "status=any", "status=refused", "outcome=ineligible", "state=DE", "tier=unknown", "joined=yes", "joined=no",
    "channel=web", "since=2026-01-05", "until=2026-01-05", "held=yes", "held=no", "assigned=me", "assigned=nobody",
    "asked=yes", "asked=no", "waits=question", "waits=reply", "waits=released", "waits=lapsed", "waits=override", "sort=due", "sort=waiting", "channel=web&state=GR&sort=waiting",
)  # fmt: skip


@pytest.fixture
def full(action, people, only_postgresql):
    """Twenty thousand claims; some dozen are with somebody, asked, or held."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO claims_claimant (id, given_name, family_name, birth_date, email, phone, street, postcode, city,"
            " country, language, data_key) SELECT n, 'Ana', 'Muster', '1990-05-02', n || '@muster.example', '', '', '',"
            " '', 'AT', 'en', '' FROM generate_series(1000, 1000 + %s) AS n",
            [MANY],
        )
        cursor.execute(
            "INSERT INTO claims_claim (id, reference, action_id, matter_id, claimant_id, status, channel, external_ref,"
            " content_key, registered_at, habitual_residence, answers, findings, outcome, tier)"
            " SELECT n, lpad(n::text, 12, '0'), %s, %s, n, (ARRAY['submitted', 'accepted', 'refused'])[1 + n %% 3],"
            " CASE n %% 50 WHEN 0 THEN 'web' ELSE 'import' END, '', '', '2026-01-01'::timestamptz + n * interval '1 min',"
            " (ARRAY['AT', 'DE', 'FR', 'GR'])[1 + n %% 4], '{}', '', '', '' FROM generate_series(1000, 1000 + %s) AS n",
            [action.pk, action.matter_id, MANY],
        )
        cursor.execute(
            "INSERT INTO claims_claimcount (action_id, state, tier, outcome, claims) SELECT action_id,"
            " habitual_residence, tier, outcome, count(*) FROM claims_claim WHERE status IN ('submitted', 'accepted')"
            " GROUP BY 1, 2, 3, 4 ON CONFLICT DO NOTHING"
        )
        cursor.execute(
            "INSERT INTO claims_assignment (claim_id, user_id, at)"
            " SELECT id, %s, now() FROM claims_claim WHERE id %% 400 = 1",
            [people["staff"].pk],
        )
        cursor.execute(
            "INSERT INTO claims_quarantine (claim_id, action_id, score, reasons, since)"
            " SELECT id, action_id, 5, '[]', now() FROM claims_claim WHERE id % 400 = 2"
        )
        cursor.execute(
            "INSERT INTO claims_decision (code, claim_id, kind, reason, words, by_id, at, findings, outcome) SELECT"
            " gen_random_uuid(), id, 'ask', '', '', %s, now(), '', '' FROM claims_claim WHERE id %% 400 = 3",
            [people["staff"].pk],
        )
        cursor.execute(
            "INSERT INTO claims_deficiency (claim_id, decision_id, since, until, questions, open_questions, closed_as)"
            " SELECT claim_id, id, now(), current_date + (claim_id % 60)::int, '[]', '[]', '' FROM claims_decision"
        )
        cursor.execute("ANALYZE")
    tallies.recount(action)


def explain(sql):
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + sql)
        return cursor.fetchone()[0][0]["Plan"]


def list_reads(plan):
    """Return (how, rows) for each time that a plan reads the table of claims."""
    own = plan["Actual Loops"] * (plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0))
    reads = [(plan["Node Type"], own)] if plan.get("Relation Name") == "claims_claim" else []
    return reads + [read for part in plan.get("Plans", ()) for read in list_reads(part)]


def list_page_reads(visit, query):
    """Open the page; return what its statements read of the claims, each explained as it was sent."""
    with CaptureQueriesContext(connection) as asked:
        assert visit("staff", f"{URL}?{query}").status_code == 200
    sent = {row["sql"] for row in asked if "claims_claim" in row["sql"] and row["sql"].lstrip().startswith("SELECT")}
    return [(*read, sql) for sql in sent for read in list_reads(explain(sql))]


def test_no_filter_alone_reads_all_claims(full, visit, monkeypatch):
    monkeypatch.setattr(stretches, "CAP", 500)  # in a book of this size, counting to ten thousand is reading it
    assert Claim.objects.count() > MANY
    visit("staff", URL)
    for query in FILTERS:
        for how, rows, sql in list_page_reads(visit, query):
            most = book.CAP if "Index Only" in how else READ
            assert how != "Seq Scan" and rows <= most, (query, how, rows, sql)


@pytest.mark.parametrize("name", ["claim_by_status", "claim_by_facets"])
def test_what_filters_test_stands_in_the_indexes_that_the_book_is_read_by(only_postgresql, db, name):
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [name])
        (held,) = cursor.fetchone()
    assert " INCLUDE " in held
    for column in (*book.FACETS, "channel", "joined_on", "criteria_version_id", "findings"):
        assert column in held


def test_neither_a_long_list_of_work_nor_a_search_reads_all_claims(full, visit, action, people, monkeypatch):
    monkeypatch.setattr(book, "SHORT", 10)  # as if so much were open that it is not sorted for a page
    code = keep_search(action, "Nemo", by=people["staff"])
    for query in ("asked=yes", "assigned=me", "assigned=any&asked=yes", f"search={code}"):
        for how, rows, sql in list_page_reads(visit, query):
            assert how != "Seq Scan" and rows <= book.CAP, (query, rows, sql)
