"""The criteria of an action as rules: read from a stored version, applied to one claim, compiled for the whole book."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date
from typing import Any

from django.utils import timezone

from claims.base.countries import COUNTRY_CODES
from claims.base.documents import Document
from claims.models import Claim, CriteriaVersion, Override, Representation
from claims.rules import eligibility as rules
from claims.rules.eligibility import KNOWN_FACTS, OF_AGE, RECORD_FACTS, Fact, Kind, Rule, RuleError, Value, Verdict
from claims.rules.steps import SELF

FOUND = ("findings", "outcome", "tier", "criteria_version", "screened_at")  # of a claim, once it is examined
WORDS = {"yes": Verdict.YES, "no": Verdict.NO, "unknown": Verdict.UNKNOWN}


@dataclass(frozen=True)
class Criterion:
    """One criterion: its rule, and texts per language for people."""

    id: str
    rule: Rule
    title: Mapping[str, str]
    citations: tuple[Mapping[str, str], ...]
    texts: Mapping[Verdict, Mapping[str, str]]
    is_public: bool
    about_another: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # title and verdicts of another person

    def word_for(self, capacity: str) -> "Criterion":
        """Return the criterion as this person reads it: about another person, where one acts for somebody else."""
        if capacity == SELF or not self.about_another:
            return self
        texts = {verdict: self.about_another.get(word, self.texts.get(verdict, {})) for word, verdict in WORDS.items()}
        return replace(self, title=self.about_another.get("title", self.title), texts=texts)


@dataclass(frozen=True)
class Tier:
    """A harm tier: the first that fits a claim is its tier."""

    id: str
    rule: Rule
    title: Mapping[str, str]


@dataclass(frozen=True)
class Rulebook:
    """All that screening needs: the criteria in order, the tiers in order, the questions as facts."""

    criteria: tuple[Criterion, ...]
    tiers: tuple[Tier, ...]
    facts: Mapping[str, Fact]


@dataclass(frozen=True)
class Finding:
    """What one criterion found on one claim, with its reason."""

    criterion: Criterion
    verdict: Verdict

    @property
    def reason(self) -> Mapping[str, str]:
        """The text for this verdict, per language."""
        return self.criterion.texts.get(self.verdict, {})


def list_facts(questions: list[dict[str, Any]]) -> dict[str, Fact]:
    """Return every fact that a rule may ask about: those of the record, the questions of the pack, how a claim came."""
    own = RECORD_FACTS | KNOWN_FACTS
    facts = {name: Fact(kind, COUNTRY_CODES if kind == Kind.COUNTRY else frozenset()) for name, kind in own.items()}
    for question in questions:
        kind = Kind(question["kind"])
        options = COUNTRY_CODES if kind == Kind.COUNTRY else frozenset(o["id"] for o in question.get("options", ()))
        facts[question["id"]] = Fact(kind, options)
    return facts


def read_rulebook(document: Mapping[str, Any]) -> Rulebook:
    """Return the rulebook of a stored version: `criteria`, `tiers`, `questions` and the dates of `events`.

    Raises RuleError with the path to a rule that cannot be read.
    """
    facts = list_facts(document["questions"])
    events = {key: date.fromisoformat(on) for key, on in document["events"].items()}
    criteria = tuple(_read_criterion(item, i, facts, events) for i, item in enumerate(document["criteria"]))
    tiers = tuple(
        Tier(item["id"], rules.parse_rule(item["rule"], facts, events, ["tiers", i, "rule"]), item["title"])
        for i, item in enumerate(document["tiers"])
    )
    return Rulebook(criteria, tiers, facts)


_READ: dict[str, Rulebook] = {}
MOST_READ = 16


def read_stored(version: CriteriaVersion) -> Rulebook:
    """Return the rulebook of a stored version. Versions never change, so one that was read is known by its hash."""
    book = _READ.get(version.sha256)
    if book is None:
        book = read_rulebook(version.document)
        if len(_READ) >= MOST_READ:
            _READ.clear()
        _READ[version.sha256] = book
    return book


def _read_criterion(
    item: Mapping[str, Any], i: int, facts: Mapping[str, Fact], events: Mapping[str, date]
) -> Criterion:
    return Criterion(
        id=item["id"],
        rule=rules.parse_rule(item["rule"], facts, events, ["criteria", i, "rule"]),
        title=item["title"],
        citations=tuple(item["citations"]),
        texts={verdict: item[word] for word, verdict in WORDS.items() if word in item},
        is_public=item.get("public", False),
        about_another=item.get("about_another", {}),
    )


def check_criteria(document: Document, questions: list[dict[str, Any]], events: Mapping[str, str]) -> Rulebook:
    """Return the rulebook of a criteria.yaml that was read; raise Refused with file, line and key otherwise."""
    data = document.data
    for part in ("criteria", "tiers"):
        ids = [item["id"] for item in data.get(part, [])]
        for i, name in enumerate(ids):
            if name in ids[:i]:
                raise document.refuse([part, i, "id"], f"`{name}` is there twice; give each its own id")
    try:
        book = read_rulebook({"tiers": [], **data, "questions": questions, "events": events})
    except RuleError as error:
        raise document.refuse(error.path, str(error)) from None
    for i, criterion in enumerate(book.criteria):
        for word, verdict in WORDS.items():
            if verdict not in criterion.texts and verdict in rules.find_possible_verdicts(criterion.rule, book.facts):
                raise document.refuse(["criteria", i], f"`{word}` is missing; the rule can come to it, so add its text")
    return book


def list_idle_texts(document: Document, book: Rulebook, *, known: Collection[str] = ()) -> list[str]:
    """Return a warning for each text of a verdict that its rule can never come to, but of no criterion in `known`."""
    return [
        document.point_at(
            ["criteria", i, word],
            f"no claim can ever get the verdict `{word}` from the rule of `{criterion.id}`; check the rule, or leave"
            " the text out",
        )
        for i, criterion in enumerate(book.criteria)
        for word, verdict in WORDS.items()
        if criterion.id not in known
        and verdict in criterion.texts
        and verdict not in rules.find_possible_verdicts(criterion.rule, book.facts)
    ]


def list_values(claim: Claim, facts: Mapping[str, Fact]) -> dict[str, Value | None]:
    """Return what is known of a claim, fact by fact; None is unknown."""
    values: dict[str, Value | None] = {
        "birth_date": claim.claimant.birth_date,
        "habitual_residence": claim.habitual_residence or None,
        "resident_since": claim.resident_since,
    }
    values["of_age_when_registered"] = rules.tell_of_age(
        claim.claimant.birth_date, claim.registered_at.astimezone(UTC).date()
    )
    is_brought = claim.channel == Claim.Channel.IMPORT
    values["acted_for"] = "yes" if is_brought or hasattr(claim.claimant, "representation") else None
    answers = {name: rules.read_answer(fact, claim.answers.get(name)) for name, fact in facts.items()}
    return answers | values


def assess_claim(claim: Claim, book: Rulebook) -> tuple[str, str, str]:
    """Return (findings, outcome, tier) of one claim, reckoned in Python; what a person has set stays as it was set."""
    values, chosen = list_values(claim, book.facts), list_overrides(claim, book)
    findings = "".join(
        chosen.get(criterion.id) or rules.explain_rule(criterion.rule, values).verdict for criterion in book.criteria
    )
    tier = rules.find_tier([(tier.id, tier.rule) for tier in book.tiers], values)
    return findings, rules.join_findings(findings), tier


def judge_anew(held: Claim) -> None:
    """Put into a claim that the caller has locked, and then writes (FOUND), what the newest criteria find of it."""
    if version := held.action.criteria:
        held.findings, held.outcome, held.tier = assess_claim(held, read_stored(version))
        held.criteria_version, held.screened_at = version, timezone.now()


def list_overrides(claim: Claim, book: Rulebook) -> dict[str, str]:
    """Return criterion -> letter for the findings of a claim that a person has set, while their rule is the same."""
    if claim._state.adding:  # nobody can have looked at it yet
        return {}
    rows = Override.objects.filter(claim=claim.pk, applies=True).select_related("criteria_version")
    return {row.criterion: row.verdict for row in rows if has_same_rule(row, book)}


def has_same_rule(row: Override, book: Rulebook) -> bool:
    """Whether a finding was set under the very rule that these criteria have for it: then it counts here too."""
    then = {criterion.id: criterion.rule for criterion in read_stored(row.criteria_version).criteria}
    now = {criterion.id: criterion.rule for criterion in book.criteria}
    return row.criterion in now and then.get(row.criterion) == now[row.criterion]


def list_same_rules(versions: Iterable[CriteriaVersion], book: Rulebook) -> dict[str, list[int]]:
    """Return criterion -> the versions among these that have the very rule of these criteria for it."""
    now = {criterion.id: criterion.rule for criterion in book.criteria}
    same: dict[str, list[int]] = {name: [] for name in now}
    for version in versions:
        for criterion in read_stored(version).criteria:
            if now.get(criterion.id) == criterion.rule:
                same[criterion.id].append(version.pk)
    return same


def list_criteria_ids(version_id: int) -> list[str]:
    """Return the ids of the criteria of a version, in the order of the letters of findings."""
    document = CriteriaVersion.objects.values_list("document", flat=True).get(pk=version_id)
    return [criterion["id"] for criterion in document["criteria"]]


def list_findings(claim: Claim) -> list[Finding]:
    """Return the kept findings of a claim with their reasons, from the version they are pinned to.

    Worded for whoever acts for the claimant, where somebody does: the office reads what was told.
    """
    if claim.criteria_version is None:
        return []
    book, acting = read_stored(claim.criteria_version), getattr(claim.claimant, "representation", None)
    capacity = acting.kind if acting else SELF
    return [
        Finding(criterion.word_for(capacity), Verdict(letter))
        for criterion, letter in zip(book.criteria, claim.findings, strict=True)
    ]


def compile_columns(facts: Mapping[str, Fact], vendor: str) -> dict[str, str]:
    """Return the SQL expression of each fact; `c` is the claim, `p` the claimant. NULL is unknown."""
    columns = {
        "birth_date": "p.birth_date",
        "habitual_residence": "NULLIF(c.habitual_residence, '')",
        "resident_since": "c.resident_since",
        "of_age_when_registered": _OF_AGE_ON[vendor],
        "acted_for": (
            f"(CASE WHEN c.channel = '{Claim.Channel.IMPORT}' OR EXISTS"  # noqa: S608
            f" (SELECT 1 FROM {Representation._meta.db_table} r WHERE r.claimant_id = p.id) THEN 'yes' END)"
        ),
    }
    answers = {name: rules.compile_answer("c.answers", name, fact, vendor) for name, fact in facts.items()}
    return answers | columns


# By the day in UTC, as `list_values` takes it. SQLite would make 1 March of a 29 February 18 years ago: it counts.
_OF_AGE_ON = {
    "postgresql": (
        f"(CASE WHEN p.birth_date <= (c.registered_at AT TIME ZONE 'UTC')::date - INTERVAL '{OF_AGE} years' THEN 'yes'"
        " WHEN p.birth_date IS NOT NULL THEN 'no' END)"
    ),
    "sqlite": (
        "(CASE WHEN substr(c.registered_at, 1, 4) - substr(p.birth_date, 1, 4)"
        f" - (substr(c.registered_at, 6, 5) < substr(p.birth_date, 6, 5)) >= {OF_AGE} THEN 'yes'"
        " WHEN p.birth_date IS NOT NULL THEN 'no' END)"
    ),
}
