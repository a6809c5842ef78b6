"""The screening of the demonstration action as one UPDATE, written by hand: the peer of `claims.screening`.

It does the same to the claims (findings, outcome, tier, version, time) and nothing else: no counts, no progress, no
resuming. One letter a criterion, in the order of the pack.
"""

STATES = "'AT','BE','BG','CY','CZ','DE','DK','EE','ES','FI','FR','GR','HR','HU','IE','IT','LT','LU','LV','MT','NL','PL','PT','RO','SE','SI','SK'"


def want(question: str, answer: str) -> str:
    """Return the letter of a yes-or-no question that must have this answer."""
    return f"CASE a->>'{question}' WHEN '{answer}' THEN 'y' ELSE CASE WHEN a ? '{question}' THEN 'n' ELSE 'u' END END"


def want_either(*conditions: str) -> str:
    """Return the letter of conditions of which one is enough."""
    either = " OR ".join(conditions)
    return f"CASE WHEN {either} THEN 'y' WHEN ({either}) IS NULL THEN 'u' ELSE 'n' END"


FINDINGS = " || ".join(
    (
        want("uses_privately", "yes"),
        want("account_on_key_date", "yes"),
        "CASE WHEN a->>'platform' IN ('facebook','instagram','both') THEN 'y' WHEN a ? 'platform' THEN 'n' ELSE 'u' END",
        want_either("born <= '2007-05-27'", "a->>'account_shown_as_adult' = 'yes'"),
        want_either(
            f"(nullif(home, '') IN ({STATES}) AND since <= '2025-05-27')",
            f"(since > '2025-05-27' AND a->>'state_on_key_date' IN ({STATES}))",
        ),
        want_either("a->>'used_in_period' = 'yes'", "a->>'public_posts' = 'yes'"),
        want_either("a->>'public_posts' = 'yes'", "a->>'used_meta_ai' = 'yes'"),
        want_either("a->>'account_on_key_date' = 'yes'", "a->>'account_closed_on' > '2023-06-25'"),
        "CASE WHEN a->>'objection_made' = 'no' OR a ? 'objection_made' AND a ? 'objection_made_on' THEN 'y' ELSE 'u' END",
        want_either(
            "a->>'loss_of_control' = 'yes'",
            "a->>'distress' = 'yes'",
            "a->>'fear' = 'yes'",
            "(a->>'effort_hours')::bigint >= 1",
        ),
        want("other_action", "no"),
        want("earlier_compensation", "no"),
        want("claim_assigned", "no"),
        want("mandate_given", "yes"),
        want("joining_authority_given", "yes"),
        want("truth_confirmed", "yes"),
        want_either(
            "born <= '2007-05-27'",
            "born <= (registered_at AT TIME ZONE 'UTC')::date - INTERVAL '18 years'",
            "(a->>'custodians_consent' = 'yes' AND CASE WHEN channel = 'import' OR EXISTS"
            " (SELECT 1 FROM claims_representation r WHERE r.claimant_id = person) THEN TRUE END)",
        ),
        "CASE WHEN a->>'died_on' < '2025-05-27' THEN 'n' ELSE 'y' END",
    )
)
TIER = """
    CASE WHEN born > '2007-05-27' THEN 'minor' WHEN born IS NULL THEN ''
    WHEN a->>'special_category' = 'yes' THEN 'special_category' WHEN NOT a ? 'special_category' THEN ''
    WHEN a->>'public_posts' = 'yes' AND a->>'used_meta_ai' = 'no' THEN 'public_posts_only'
    WHEN (a->>'public_posts' = 'yes' AND a->>'used_meta_ai' = 'no') IS NULL THEN ''
    ELSE 'adult' END"""
UPDATE = f"""
UPDATE claims_claim SET
    criteria_version_id = (SELECT max(id) FROM claims_criteriaversion), findings = found, tier = kind, screened_at = now(),
    outcome = CASE WHEN found LIKE '%n%' THEN 'ineligible' WHEN found LIKE '%u%' THEN 'needs_info' ELSE 'eligible' END
FROM (
    SELECT id AS claim_id, {FINDINGS} AS found, {TIER} AS kind FROM (
        SELECT c.id, c.answers AS a, c.habitual_residence AS home, c.resident_since AS since, p.birth_date AS born,
            p.id AS person, c.registered_at, c.channel
        FROM claims_claim c JOIN claims_claimant p ON p.id = c.claimant_id
    ) AS facts OFFSET 0
) AS judged WHERE claims_claim.id = claim_id"""  # noqa: S608

# The same judged by a draft in which one criterion is turned round, and nothing written: what would move, and who.
SELECT = f"""
SELECT old, CASE WHEN found LIKE '%n%' THEN 'ineligible' WHEN found LIKE '%u%' THEN 'needs_info' ELSE 'eligible' END AS new,
    kind, count(*), string_agg(found, ''),
    array_agg(claim_id) FILTER (WHERE old <> CASE WHEN found LIKE '%n%' THEN 'ineligible' WHEN found LIKE '%u%' THEN 'needs_info' ELSE 'eligible' END)
FROM (
    SELECT id AS claim_id, old, {FINDINGS.replace(want("earlier_compensation", "no"), want("earlier_compensation", "yes"))} AS found, {TIER} AS kind FROM (
        SELECT c.id, c.outcome AS old, c.answers AS a, c.habitual_residence AS home, c.resident_since AS since, p.birth_date AS born,
            p.id AS person, c.registered_at, c.channel
        FROM claims_claim c JOIN claims_claimant p ON p.id = c.claimant_id
    ) AS facts OFFSET 0
) AS judged GROUP BY 1, 2, 3"""  # noqa: S608
