"""The book of the benchmark: people with names as in life, claims with findings, and the work that is done on them."""

import random
import time
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from claims.base.references import make_references
from claims.models import Action, Claim, Claimant, Role, User
from claims.names import write_names
from claims.rules.names import split_name

SYLLABLES = [
    "ba",
    "be",
    "bo",
    "da",
    "de",
    "di",
    "do",
    "fa",
    "fi",
    "ga",
    "go",
    "ha",
    "he",
    "hi",
    "ka",
    "ke",
    "ko",
    "la",
    "le",
    "li",
    "lo",
    "ma",
    "me",
    "mi",
    "mo",
    "na",
    "ne",
    "ni",
    "no",
    "pa",
    "pe",
    "po",
    "ra",
    "re",
    "ri",
    "ro",
    "sa",
    "se",
    "si",
    "so",
    "ta",
    "te",
    "ti",
    "to",
    "va",
    "ve",
    "vi",
    "vo",
    "za",
    "ze",
    "zi",
]
ENDINGS = ["mann", "son", "ski", "ova", "escu", "poulos", "dottir", "ini", "ez", "berg", "ić", "ák", "er", "in", "as"]
ACCENTS = {"a": "áàäãå", "e": "éèëę", "o": "óöøõ", "u": "üú", "c": "çč", "s": "šś", "z": "žż", "l": "ł", "n": "ñń"}
GREEK = dict(zip("abgdeziklmnoprstufho", "αβγδεζικλμνοπρστυφχω", strict=False))
STATES = [
    "DE",
    "FR",
    "IT",
    "ES",
    "PL",
    "NL",
    "RO",
    "BE",
    "SE",
    "GR",
    "PT",
    "HU",
    "AT",
    "BG",
    "DK",
    "FI",
    "SK",
    "IE",
    "HR",
    "LT",
    "SI",
    "LV",
    "EE",
    "CY",
    "LU",
    "MT",
]
TIERS = ["adult", "special_category", "public_posts_only", "minor", ""]
BEGIN = datetime(2025, 9, 1, tzinfo=UTC)
CLAIMANT = "id given_name family_name birth_date email phone street postcode city country language data_key"
CLAIM = (
    "id reference action_id matter_id claimant_id status channel external_ref content_key registered_at joined_on"
    " habitual_residence resident_since answers criteria_version_id findings outcome tier"
)


def make_name(dice: random.Random, ending: str) -> str:
    """Return a name that nobody has, a third of them with an accent."""
    name = "".join(dice.choices(SYLLABLES, k=dice.choice((2, 2, 3)))) + ending
    if dice.random() < 0.3:
        place = dice.randrange(len(name))
        name = name[:place] + dice.choice(ACCENTS.get(name[place], name[place])) + name[place + 1 :]
    return name.capitalize()


def make_names(dice: random.Random) -> tuple[list[str], list[str], list[float]]:
    """Return given names, and 150,000 surnames with how often they occur: few often, most hardly ever, as in life."""
    given = sorted({make_name(dice, "") for _ in range(6000)})
    family = sorted({make_name(dice, dice.choice(ENDINGS)) for _ in range(260_000)})[:150_000]
    dice.shuffle(family)
    total, weights = 0.0, []
    for rank in range(1, len(family) + 1):
        total += 1 / (rank + 20)
        weights.append(total)
    return given, family, weights


def fill(rows: str) -> dict:
    """Put people, claims, names, counts and tallies into the book."""
    dice, began, n = random.Random(7), time.monotonic(), int(rows)
    action = Action.objects.get()
    version = action.criteria
    assert version is not None
    given, family, weights = make_names(dice)
    surnames = dice.choices(family, cum_weights=weights, k=n)
    references = make_references(n)
    people, claims, named = [], [], []
    findings = make_findings(dice, len(version.document["criteria"]))
    states = dice.choices(STATES, [1 / (rank + 1) for rank in range(len(STATES))], k=n)
    with transaction.atomic(), connection.cursor() as cursor:
        for pk in range(1, n + 1):
            name, surname, state = dice.choice(given), surnames[pk - 1], states[pk - 1]
            if state in {"GR", "CY"} and dice.random() < 0.5:
                name = "".join(GREEK.get(letter, letter) for letter in name.lower()).capitalize()
            letters, outcome = dice.choice(findings)
            status = dice.choices(["submitted", "accepted", "refused", "withdrawn"], [60, 35, 2, 3])[0]
            joined = (
                (BEGIN + timedelta(days=dice.randrange(200, 400))).date()
                if status == "accepted" and dice.random() < 0.3
                else None
            )
            people.append(
                (pk, name, surname, "1990-05-02", f"p{pk}@people.example", "", "Weg 1", "1000", "Ort", state, "en", "")
            )
            claims.append((
                pk, references[pk - 1], action.pk, action.matter_id, pk, status, "web" if dice.random() < 0.02 else "import",
                f"X{pk}", "", BEGIN + timedelta(seconds=dice.randrange(400 * 86_400)), joined, "" if dice.random() < 0.01 else state, "2010-01-01",
                '{"platform": "both", "mandate_given": "yes", "public_posts": "yes", "distress": "no"}', version.pk,
                letters, outcome, dice.choices(TIERS, [60, 20, 12, 3, 5])[0],
            ))  # fmt: skip
            named.append((pk, split_name(name, surname)))
            if len(people) == 20_000 or pk == n:
                for table, columns, values in ((Claimant, CLAIMANT, people), (Claim, CLAIM, claims)):
                    with cursor.copy(f"COPY {table._meta.db_table} ({', '.join(columns.split())}) FROM STDIN") as copy:
                        for row in values:
                            copy.write_row(row)
                write_names(action.pk, named)
                people, claims, named = [], [], []
        cursor.execute(
            "INSERT INTO claims_claimcount (action_id, state, tier, outcome, claims) SELECT action_id, habitual_residence,"
            " tier, outcome, count(*) FROM claims_claim WHERE status IN ('submitted', 'accepted') GROUP BY 1, 2, 3, 4"
        )
        for kind, value in (
            ("status", "status"),
            ("registered", "(registered_at AT TIME ZONE 'UTC')::date::text"),
            ("joined", "joined_on::text"),
        ):
            cursor.execute(
                f"INSERT INTO claims_claimtally (action_id, kind, value, claims) SELECT action_id, '{kind}', {value}, count(*)"  # noqa: S608
                f" FROM claims_claim WHERE {value} IS NOT NULL GROUP BY 1, 3"
            )
        add_work(cursor)
    user = User.objects.create_user("bench@office.example", None)
    Role.objects.create(user=user, action=action, name=Role.Name.LAWYER)
    return {"seconds": time.monotonic() - began}


def make_findings(dice: random.Random, width: int) -> list[tuple[str, str]]:
    """Return some hundred patterns of findings with their outcomes; a no and an unknown are seldom."""
    found = []
    for _ in range(800):
        letters = "".join(dice.choices("yun", [93, 5, 2], k=width))
        outcome = "ineligible" if "n" in letters else "needs_info" if "u" in letters else "eligible"
        found.append((letters, outcome))
    return found


def add_work(cursor) -> None:
    """Some claims are with a colleague, some are asked for more, some are held."""
    cursor.execute(
        "INSERT INTO claims_user (password, email, name, is_active, joined_at, sessions_ended) VALUES ('', 'a@office.example', 'A. Okoye', true, now(), 0) RETURNING id"
    )
    (user,) = cursor.fetchone()
    cursor.execute(
        "INSERT INTO claims_assignment (claim_id, user_id, at) SELECT id, %s, now() FROM claims_claim WHERE id %% 50 = 3",
        [user],
    )
    cursor.execute(
        "INSERT INTO claims_quarantine (claim_id, action_id, score, reasons, since) SELECT id, action_id, 5, '[]', now() FROM claims_claim WHERE id % 2000 = 1"
    )
    cursor.execute(
        "INSERT INTO claims_decision (code, claim_id, kind, reason, words, by_id, at, findings, outcome)"
        " SELECT gen_random_uuid(), id, 'ask', '', '', %s, now(), '', '' FROM claims_claim WHERE id %% 100 = 7", [user],
    )  # fmt: skip
    cursor.execute(
        "INSERT INTO claims_deficiency (claim_id, decision_id, since, until, questions, open_questions, closed_as)"
        " SELECT claim_id, id, now(), current_date + (claim_id % 60)::int, '[]', '[]', '' FROM claims_decision"
    )
