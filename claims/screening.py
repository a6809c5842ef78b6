"""The criteria of an action applied to its stored claims, as a job over key ranges."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.base import jobs
from claims.base.errors import Refused
from claims.counts import Key, add_counts
from claims.criteria import Rulebook, compile_columns, list_same_rules, read_rulebook
from claims.models import Action, Claim, Claimant, CriteriaVersion, Job, JobChunk, Override, User
from claims.models.claims import STANDS  # what was withdrawn or refused keeps its last findings and counts nowhere
from claims.rules.eligibility import compile_findings, compile_outcome, compile_tier, quote_literal

KIND = "screening"
RANGE = 2000  # claims a chunk: longer transactions would make a case worker wait
CLAIMS, OVERRIDES = Claim._meta.db_table, Override._meta.db_table
WRITTEN = ("changed", "moved", "first")  # claims; with another outcome than before; with their first one
LETTERS = {"yes": "y", "no": "n", "unknown": "u"}


def start_screening(action: Action, *, by: User | None) -> Job:
    """Start the job that applies the newest criteria to every claim of an action.

    Raises Refused where there are no criteria, or a screening of the action is active.
    """
    version = action.criteria
    if version is None:
        raise Refused(_("the action has no criteria yet; load its pack first"))
    chunks = [({"first": first, "last": last}, units) for first, last, units in list_ranges(action)]
    params = {"criteria_version": version.pk, "criteria_number": version.number}
    return jobs.start_job(KIND, by=by, action=action, params=params, chunks=chunks)


def list_ranges(action: Action, size: int = RANGE) -> list[tuple[int, int, int]]:
    """Return (first id, last id, claims) of the key ranges that cover the standing claims of an action."""
    sql = f"""
        SELECT min(id), max(id), count(*) FROM (
            SELECT id, (row_number() OVER (ORDER BY id) - 1) / {size} AS part
            FROM {CLAIMS} WHERE action_id = %s AND {STANDS}
        ) AS numbered GROUP BY part ORDER BY part"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [action.pk])
        return cursor.fetchall()


def screen_range(action: Action, version: CriteriaVersion, first: int, last: int) -> int:
    """Screen the claims with ids from `first` to `last`, write those that change, return how many did."""
    return write_range(action, version, first, last)["changed"]


def write_range(action: Action, version: CriteriaVersion, first: int, last: int) -> dict[str, int]:
    """Screen a range; return how many claims were written, how many of them have another outcome, or their first."""
    # Looked up for each range, even where there is none: one may be set between two statements.
    chosen = f"claim_id BETWEEN {first:d} AND {last:d}"
    compiled = compile_screening(read_rulebook(version.document), chosen_among=chosen, action=action)
    where = f"c.action_id = {action.pk:d} AND c.{STANDS} AND c.id BETWEEN {first:d} AND {last:d}"
    update = _update_postgresql if connection.vendor == "postgresql" else _update_sqlite
    with transaction.atomic():
        read_people_by_key()
        moved = update(compiled, version.pk, where)
        deltas: Counter[Key] = Counter()
        for state, old_tier, old_outcome, new_tier, new_outcome, n in moved:
            deltas[state, old_tier, old_outcome] -= n
            deltas[state, new_tier, new_outcome] += n
        add_counts(action.pk, deltas)
    return {
        "changed": sum(row[-1] for row in moved),
        "moved": sum(n for _state, _tier, old, _new_tier, new, n in moved if old and old != new),
        "first": sum(n for _state, _tier, old, _new_tier, _new, n in moved if not old),
    }


@dataclass(frozen=True)
class CompiledScreening:
    """The SQL of a rulebook: expressions over a claim `c`, its claimant `p` and what people have set, `o`."""

    findings: str
    tier: str
    chosen: str = ""

    def select_found(self, where: str) -> str:
        """Return a query for claims with what is kept and what the rules find now."""
        row_version = ", c.xmin AS row_version" if connection.vendor == "postgresql" else ""
        return f"""
            SELECT found.*, {compile_outcome("new_findings")} AS new_outcome FROM (
                SELECT c.id, c.reference, c.habitual_residence, c.criteria_version_id, c.findings, c.outcome, c.tier,
                    {self.findings} AS new_findings, {self.tier} AS new_tier{row_version}
                FROM {CLAIMS} c JOIN {Claimant._meta.db_table} p ON p.id = c.claimant_id {self.chosen}
                WHERE {where} {FENCE[connection.vendor]}
            ) AS found"""  # noqa: S608


# PostgreSQL would otherwise compute the findings again for each time that they are named outside of the subquery.
FENCE = {"postgresql": "OFFSET 0", "sqlite": "LIMIT -1"}
MOVE = "habitual_residence, tier, outcome, new_tier, new_outcome"


def compile_screening(book: Rulebook, *, chosen_among: str = "", action: Action | None = None) -> CompiledScreening:
    """Return the SQL of a rulebook for the database in use.

    `chosen_among` says of which rows of an action what people have set is looked up (`claims.review.overriding`); "" is
    of none. What was set under another rule of a criterion counts no more: a person has to look at it again.
    """
    columns = compile_columns(book.facts, connection.vendor)
    rules = [criterion.rule for criterion in book.criteria]
    tier = compile_tier([(tier.id, tier.rule) for tier in book.tiers], columns)
    if not chosen_among or action is None:
        return CompiledScreening(compile_findings(rules, columns), tier)
    letters = [f"o.l{place}" for place in range(len(rules))]
    return CompiledScreening(compile_findings(rules, columns, letters), tier, _join_chosen(book, chosen_among, action))


def _join_chosen(book: Rulebook, among: str, action: Action) -> str:
    """Return the join of what people have set: a row for each claim, a column for each criterion."""
    same = list_same_rules(action.criteria_versions.only("sha256").order_by("pk"), book)
    columns = (
        f"max(CASE WHEN criterion = {quote_literal(criterion.id)}"
        f" AND criteria_version_id IN ({', '.join(map(str, same[criterion.id])) or 'NULL'})"
        f" THEN verdict END) AS l{place}"
        for place, criterion in enumerate(book.criteria)
    )
    rows = f"SELECT claim_id, {', '.join(columns)} FROM {OVERRIDES} WHERE applies AND {among} GROUP BY claim_id"  # noqa: S608
    return f"LEFT JOIN ({rows}) o ON o.claim_id = c.id"


def _select_changed(compiled: CompiledScreening, version_id: int, where: str) -> str:
    changed = f"criteria_version_id IS DISTINCT FROM {version_id:d} OR findings <> new_findings OR tier <> new_tier"
    return f"{compiled.select_found(where)} WHERE {changed}"


def _set_found(version_id: int) -> str:
    now = timezone.now().astimezone(UTC)
    moment = now.isoformat(" ") if connection.vendor == "postgresql" else now.replace(tzinfo=None).isoformat(" ")
    return (
        f"criteria_version_id = {version_id:d}, findings = found.new_findings, outcome = found.new_outcome,"
        f" tier = found.new_tier, screened_at = '{moment}'"
    )


def read_people_by_key() -> None:
    """Keep PostgreSQL from reading every claimant for each range: it takes each look-up for one of a slow disk."""
    if connection.vendor == "postgresql":
        _fetch("SET LOCAL random_page_cost = 1.1")


def _update_postgresql(compiled: CompiledScreening, version_id: int, where: str) -> list[tuple]:
    """Update in one statement, with the claims locked in the order of their ids, as everybody does.

    A claim that a case worker changed in the meantime (xmin differs) is read again.
    """
    sql = f"""
        WITH found AS MATERIALIZED ({_select_changed(compiled, version_id, where)}),
        held AS MATERIALIZED (
            SELECT claim.id FROM {CLAIMS} AS claim JOIN found ON claim.id = found.id AND claim.xmin = found.row_version
            ORDER BY claim.id FOR NO KEY UPDATE OF claim
        ),
        moved AS (
            UPDATE {CLAIMS} AS claim SET {_set_found(version_id)} FROM found JOIN held ON held.id = found.id
            WHERE claim.id = found.id AND claim.xmin = found.row_version
            RETURNING {", ".join("found." + name for name in MOVE.split(", "))}
        )
        SELECT {MOVE}, count(*) FROM moved GROUP BY 1, 2, 3, 4, 5
        UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, count(*) FROM found"""  # noqa: S608
    moved: list[tuple] = []
    while True:
        rows = _fetch(sql)
        found = sum(row[-1] for row in rows if row[0] is None)
        new = [row for row in rows if row[0] is not None]
        moved += new
        if sum(row[-1] for row in new) == found:
            return moved


def _update_sqlite(compiled: CompiledScreening, version_id: int, where: str) -> list[tuple]:
    """Count first, then update: RETURNING cannot name the old values here, and nobody else writes meanwhile."""
    changed = _select_changed(compiled, version_id, where)
    moved = _fetch(f"SELECT {MOVE}, count(*) FROM ({changed}) AS changed GROUP BY 1, 2, 3, 4, 5")  # noqa: S608
    if moved:
        _fetch(
            f"UPDATE {CLAIMS} AS claim SET {_set_found(version_id)} FROM ({changed}) AS found WHERE claim.id = found.id"  # noqa: S608
        )
    return moved


def _fetch(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


def _count_findings(findings: list[str], book: Rulebook) -> dict[str, dict[str, int]]:
    """Return {criterion: {yes, no, unknown}} over the letters of claims."""
    letters, width = "".join(findings), len(book.criteria)
    return {
        criterion.id: {word: letters[place::width].count(letter) for word, letter in LETTERS.items()}
        for place, criterion in enumerate(book.criteria)
    }


# As a job -----------------------------------------------------------------------------------------------


def _store_range(job: Job, chunk: JobChunk, _data: object) -> dict:
    assert job.action is not None  # start_screening gives one
    version = CriteriaVersion.objects.get(pk=job.params["criteria_version"])
    first, last = chunk.params["first"], chunk.params["last"]
    written = write_range(job.action, version, first, last)
    standing = job.action.claims.standing().filter(pk__range=(first, last))
    findings = standing.values_list("findings", flat=True)
    return {**written, "by_criterion": _count_findings(list(findings), read_rulebook(version.document))}


def _finish_screening(job: Job) -> dict:
    """Add up what the chunks found."""
    written, by_criterion = Counter[str](), {}
    version = CriteriaVersion.objects.get(pk=job.params["criteria_version"])
    for criterion in read_rulebook(version.document).criteria:
        by_criterion[criterion.id] = dict.fromkeys(LETTERS, 0)
    for result in job.chunks.values_list("result", flat=True):
        written.update({name: result.get(name, 0) for name in WRITTEN})  # chunks of before do not say all
        for criterion_id, found in result["by_criterion"].items():
            for word, n in found.items():
                by_criterion[criterion_id][word] += n
    return {**{name: written[name] for name in WRITTEN}, "by_criterion": by_criterion}


jobs.KINDS[KIND] = jobs.Kind(
    title=gettext_lazy("Screening of all claims"), unit=gettext_lazy("Claims"),
    store=_store_range, finish=_finish_screening,
)  # fmt: skip


def find_active_screening(action: Action) -> Job | None:
    """Return the screening of an action that waits or runs, perhaps left by a command that was killed."""
    return jobs.find_active_job(KIND, action)


def count_findings_now(version: CriteriaVersion) -> dict[str, dict[str, int]]:
    """Return what the newest finished screening by a version found, criterion by criterion; nothing without one."""
    done = Job.objects.filter(
        kind=KIND, action=version.action_id, state=Job.State.DONE, params__criteria_version=version.pk
    )
    newest = done.order_by("-pk").first()
    return newest.result.get("by_criterion", {}) if newest else {}
