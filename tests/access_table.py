"""The expected table of access: every address, and which people get through to it. A new address needs a line here.

`Row(get, post, ...)` names who is let in; everybody else finds nothing (404), is asked to sign in (anonymous), or has
to go through the second factor first (weak). Other methods than GET, HEAD and POST are for nobody. The other words
name rows of the world (tests/access_world.py) that stand in the address, where its own name does not: `code=JOB`.
`data` is what a POST sends, where an empty one asks for nothing. `is_own` is for addresses that show each person something of the own and hold nothing of others.
"""

from dataclasses import dataclass, field

# anonymous; a claimant with a claim, evidence and certificate (owner), another one (stranger), one who is registering;
# the office of the action; a lawyer whose time is over (former); a lawyer of another action (neighbour); a lawyer of
# this action who has not shown a second factor (weak).
OFFICE = frozenset({"lawyer", "staff", "finance", "auditor", "administrator"})
PEOPLE = OFFICE | {"anonymous", "owner", "stranger", "registering", "former", "neighbour", "weak"}
NOBODY: frozenset[str] = frozenset()
EVERYBODY = PEOPLE
SIGNED_IN = PEOPLE - {"anonymous"}
OWNER = frozenset({"owner"})
REGISTERING = frozenset({"registering"})
WORKERS = OFFICE | {"neighbour"}  # who works in any action, and has shown a second factor
WITH_ROLE = WORKERS | {"weak"}
FIGURES = frozenset({"lawyer", "staff", "finance", "auditor"})
BOOK = frozenset({"lawyer", "staff", "auditor"})
HISTORY = frozenset({"lawyer", "auditor"})
WORK = frozenset({"lawyer", "staff"})
DECIDE = frozenset({"lawyer"})
OVERSEE = frozenset({"auditor"})
ADMINISTER = frozenset({"administrator"})
OPENING = DECIDE | ADMINISTER
API_READERS = SIGNED_IN - {"weak"}  # lists are there for all and hold what each may see


@dataclass(frozen=True)
class Row:
    """Who gets through to one address, by method."""

    get: frozenset[str] = NOBODY
    post: frozenset[str] = NOBODY
    parts: dict[str, str] = field(default_factory=dict)
    is_own: bool = False
    data: dict[str, str] = field(default_factory=dict)


def row(get=NOBODY, post=NOBODY, *, is_own=False, data=None, **parts):
    return Row(get, post, parts, is_own, data or {})


OWN = {"reference": "own_reference"}
ACCESS = {
    "claims:home": row(EVERYBODY),
    "claims:action": row(EVERYBODY),
    "claims:check": row(EVERYBODY, EVERYBODY),
    "claims:register": row(EVERYBODY, EVERYBODY),
    "claims:register-code": row(EVERYBODY, EVERYBODY, is_own=True),
    "claims:register-link": row(EVERYBODY, EVERYBODY, is_own=True),
    "claims:register-step": row(REGISTERING, REGISTERING),
    "claims:register-evidence": row(REGISTERING),
    "claims:register-evidence-add": row(NOBODY, REGISTERING),
    "claims:register-evidence-remove": row(NOBODY, REGISTERING, code="draft_evidence"),
    "claims:register-declarations": row(REGISTERING, REGISTERING),
    "claims:register-check": row(REGISTERING, REGISTERING),
    "claims:register-stopped": row(REGISTERING),
    "claims:sent": row(OWNER, **OWN),
    "claims:my": row(SIGNED_IN, is_own=True),
    "claims:my-claim": row(OWNER, **OWN),
    "claims:my-erase": row(OWNER, OWNER, **OWN),
    "claims:my-erase-code": row(OWNER, OWNER, **OWN),
    "claims:my-erase-link": row(OWNER, OWNER, **OWN),
    "claims:my-erase-draft": row(REGISTERING, REGISTERING, code="draft"),
    "claims:my-contact": row(OWNER, OWNER, **OWN),
    "claims:my-evidence": row(OWNER, **OWN),
    "claims:my-evidence-add": row(NOBODY, OWNER, **OWN),
    "claims:my-evidence-remove": row(NOBODY, OWNER, code="evidence", **OWN),
    "claims:my-connect": row(SIGNED_IN, SIGNED_IN, is_own=True),
    "claims:my-connect-link": row(EVERYBODY, EVERYBODY, is_own=True),
    "claims:my-email": row(SIGNED_IN, SIGNED_IN, is_own=True),
    "claims:my-email-code": row(SIGNED_IN, SIGNED_IN, is_own=True),
    "claims:my-email-link": row(EVERYBODY, EVERYBODY, is_own=True),
    "claims:my-answer": row(OWNER, OWNER, **OWN),
    "claims:my-reply": row(OWNER, OWNER, **OWN),
    "claims:my-consents": row(OWNER, OWNER, **OWN),
    "claims:my-withdraw": row(OWNER, OWNER, **OWN),
    "claims:demo-mails": row(),
    "claims:evidence-copy": row(OWNER, code="evidence"),
    "claims:workspace": row(WORKERS, is_own=True),
    "claims:workspace-overview": row(FIGURES),
    "claims:workspace-rules": row(FIGURES),
    "claims:workspace-rules-compare": row(FIGURES),
    "claims:workspace-draft": row(DECIDE, DECIDE, data={"act": "discard"}),
    "claims:workspace-criterion": row(DECIDE, DECIDE),
    "claims:workspace-dry-run": row(BOOK, code="dry_run"),
    "claims:workspace-dry-run-moves": row(BOOK, code="dry_run"),
    "claims:workspace-calendar": row(FIGURES, FIGURES),
    "claims:calendar-feed": row(EVERYBODY, token="feed_token"),  # the address is the secret
    "claims:workspace-procedure": row(FIGURES, DECIDE),
    "claims:workspace-procedure-take-back": row(NOBODY, DECIDE),
    "claims:workspace-procedure-add-proof": row(NOBODY, DECIDE),
    "claims:workspace-procedure-proof": row(BOOK, code="event_proof"),
    "claims:workspace-joining": row(BOOK, DECIDE),
    "claims:workspace-joining-file": row(BOOK, DECIDE, code="joining_check"),
    "claims:workspace-joining-faults": row(BOOK, code="joining_file"),
    "claims:workspace-history": row(HISTORY),
    "claims:workspace-imports": row(BOOK, WORK),
    "claims:workspace-import-refused": row(BOOK, code="import_file"),
    "claims:workspace-claim-joining": row(BOOK, DECIDE),
    "claims:workspace-claim-joining-take-back": row(NOBODY, DECIDE),
    "claims:workspace-view-save": row(NOBODY, BOOK),
    "claims:workspace-view-remove": row(NOBODY, DECIDE),  # of the lawyer who made it
    "claims:workspace-claims": row(BOOK, BOOK),
    "claims:workspace-claim": row(BOOK),
    "claims:workspace-accept": row(NOBODY, DECIDE),
    "claims:workspace-ask": row(DECIDE, DECIDE),
    "claims:workspace-take-back": row(NOBODY, DECIDE),
    "claims:workspace-refuse": row(DECIDE, DECIDE),
    "claims:workspace-drop": row(NOBODY, DECIDE),
    "claims:workspace-reopen": row(DECIDE, DECIDE),
    "claims:workspace-undo": row(NOBODY, DECIDE, code="decision"),
    "claims:workspace-finding": row(DECIDE, DECIDE),
    "claims:workspace-override-confirm": row(NOBODY, DECIDE, code="override"),
    "claims:workspace-override-undo": row(NOBODY, DECIDE, code="override"),
    "claims:workspace-note": row(NOBODY, WORK),
    "claims:workspace-born": row(NOBODY, WORK),
    "claims:workspace-assign": row(NOBODY, WORK),
    "claims:workspace-reveal": row(NOBODY, WORK),
    "claims:workspace-here": row(NOBODY, BOOK),
    "claims:workspace-duplicates": row(BOOK),
    "claims:workspace-duplicates-search": row(NOBODY, DECIDE),
    "claims:workspace-duplicate": row(BOOK, code="pair"),
    "claims:workspace-duplicate-merge": row(NOBODY, DECIDE, code="pair"),
    "claims:workspace-duplicate-not-same": row(NOBODY, DECIDE, code="pair"),
    "claims:workspace-unmerge": row(NOBODY, DECIDE),
    "claims:workspace-open": row(OPENING | {"neighbour"}, OPENING | {"neighbour"}),
    "claims:workspace-opening": row(OPENING | OVERSEE, DECIDE, data={"act": "take_off"}),
    "claims:workspace-facts": row(HISTORY, DECIDE),
    "claims:workspace-bulk": row(DECIDE, DECIDE),
    "claims:workspace-bulk-result": row(BOOK, code="bulk"),
    "claims:workspace-bulk-undo": row(NOBODY, DECIDE, code="bulk"),
    "claims:workspace-evidence": row(WORK, code="evidence", **OWN),
    "claims:workspace-evidence-copy": row(WORK, code="evidence"),
    "claims:workspace-evidence-picture": row(WORK, code="photo"),
    "claims:workspace-people": row(ADMINISTER | OVERSEE, ADMINISTER),
    "claims:workspace-people-change": row(NOBODY, ADMINISTER, number="role", step="lost"),
    "claims:workspace-quarantine": row(BOOK),
    "claims:workspace-release": row(NOBODY, DECIDE),
    "claims:workspace-late": row(BOOK),
    "claims:workspace-late-enter": row(NOBODY, WORK, reference="late_reference"),
    "claims:workspace-jobs": row(FIGURES),
    "claims:workspace-job": row(FIGURES, code="job"),
    "claims:workspace-screen": row(NOBODY, DECIDE),
    "claims:workspace-cancel": row(NOBODY, DECIDE, code="job"),
    "documents:own-data": row(SIGNED_IN, is_own=True),
    "documents:own-data-json": row(SIGNED_IN, is_own=True),
    "documents:own-data-pdf": row(SIGNED_IN, is_own=True),
    "documents:certificate": row(OWNER, OWNER, **OWN),
    "documents:certificate-file": row(OWNER, **OWN),
    "documents:workspace-certificate": row(BOOK, BOOK, **OWN),
    "documents:workspace-certificate-file": row(BOOK, **OWN),
    "documents:filings": row(BOOK, DECIDE),
    "documents:filing": row(BOOK, code="filing"),
    "documents:filing-file": row(BOOK, code="sealed", name="file"),
    "documents:filing-bundle": row(BOOK, code="sealed"),
    "documents:resume-filing": row(NOBODY, DECIDE, code="filing"),
    "documents:correct-filing": row(NOBODY, DECIDE, code="sealed"),
    "documents:verify-filing": row(NOBODY, BOOK, code="sealed"),
    "documents:verify": row(EVERYBODY, EVERYBODY),
    "documents:verify-code": row(EVERYBODY, code="token"),
    "redress:scenarios": row(FIGURES),
    "redress:scenario": row(FIGURES),
    "redress:run": row(FIGURES, code="run"),
    "redress:picture": row(FIGURES, code="run"),
    "redress:run-scenario": row(NOBODY, DECIDE),
    "account_login": row(EVERYBODY, EVERYBODY, is_own=True),
    "account_logout": row(EVERYBODY, EVERYBODY, is_own=True),
    "account_signup": row(EVERYBODY, EVERYBODY, is_own=True),
    "account_inactive": row(EVERYBODY),
    "account_request_login_code": row(EVERYBODY, EVERYBODY, is_own=True),
    "account_confirm_login_code": row(EVERYBODY, EVERYBODY, is_own=True),
    "account_reauthenticate": row(SIGNED_IN, SIGNED_IN, is_own=True),
    "account_change_password": row(SIGNED_IN, SIGNED_IN, is_own=True),
    "account_set_password": row(SIGNED_IN, SIGNED_IN, is_own=True),
    "account_reset_password": row(EVERYBODY, EVERYBODY, is_own=True),
    "account_reset_password_done": row(EVERYBODY),
    "account_reset_password_from_key": row(EVERYBODY, EVERYBODY),
    "account_reset_password_from_key_done": row(EVERYBODY),
    "mfa_index": row(WITH_ROLE, is_own=True),
    "mfa_authenticate": row(
        SIGNED_IN, SIGNED_IN, is_own=True
    ),  # for a session that waits: tests/config/test_factors.py
    "mfa_reauthenticate": row(WITH_ROLE, WITH_ROLE, is_own=True),
    "mfa_activate_totp": row(WITH_ROLE, WITH_ROLE, is_own=True),
    "mfa_deactivate_totp": row(WITH_ROLE, WITH_ROLE, is_own=True),
    "mfa_view_recovery_codes": row(WITH_ROLE, is_own=True),
    "mfa_generate_recovery_codes": row(WITH_ROLE, WITH_ROLE, is_own=True),
    "mfa_list_webauthn": row(EVERYBODY, EVERYBODY, is_own=True),  # leads to the page of the factors
    "mfa_add_webauthn": row(WITH_ROLE, WITH_ROLE, is_own=True),
    "mfa_login_webauthn": row(EVERYBODY, EVERYBODY, is_own=True),
    "mfa_reauthenticate_webauthn": row(WITH_ROLE, WITH_ROLE, is_own=True),
    "mfa_remove_webauthn": row(DECIDE, DECIDE, pk="passkey"),
    "set_language": row(EVERYBODY, EVERYBODY),
    "api-index": row(EVERYBODY - {"weak"}),
    "api-schema": row(EVERYBODY - {"weak"}),
    "api-missing": row(EVERYBODY - {"weak"}),
    "api-actions": row(EVERYBODY - {"weak"}),
    "api-action": row(EVERYBODY - {"weak"}),
    "api-claims": row(API_READERS, is_own=True),
    "api-claim": row(BOOK),
    "api-jobs": row(API_READERS, is_own=True),
    "api-job": row(FIGURES, code="job"),
    "api-scenarios": row(API_READERS, is_own=True),
    # An empty body is 400 for all, before anything is looked up; with a body: test_api.py of redress and documents.
    "api-runs": row(API_READERS, API_READERS, is_own=True),
    "api-run": row(FIGURES, code="run"),
    "api-filings": row(API_READERS, API_READERS, is_own=True),
    "api-filing": row(BOOK, code="filing"),
    "api-filing-file": row(BOOK, code="sealed", name="file"),
    "health": row(EVERYBODY, EVERYBODY),
    "csp-report": row(NOBODY, EVERYBODY),
    "metrics": row(),  # behind a token: tests/config/test_health.py
}
