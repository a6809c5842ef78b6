"""Reader (b): the whole book, as SQL that works alike on SQLite and PostgreSQL."""

from collections.abc import Mapping, Sequence
from datetime import date

from claims.rules.eligibility.tree import All, Any, Comparison, Not, Outcome, Rule, Value, find_birthday_limit


def compile_rule(rule: Rule, columns: Mapping[str, str]) -> str:
    """Return an SQL expression that is TRUE, FALSE or NULL where the rule is yes, no or unknown.

    SQL's own logic of AND, OR, NOT and NULL is Kleene's, so the tree translates node by node. `columns` maps each
    fact to an expression that is NULL while unknown; dates compare as ISO texts or as dates, numbers as integers.
    Works on SQLite and PostgreSQL. All literals are quoted here, so the text holds no placeholders.
    """
    match rule:
        case All(parts) | Any(parts):
            joint = " AND " if isinstance(rule, All) else " OR "
            return "(" + joint.join(compile_rule(part, columns) for part in parts) + ")"
        case Not(part):
            return f"(NOT {compile_rule(part, columns)})"
        case Comparison():
            return _compile_comparison(rule, columns[rule.fact])


def _compile_comparison(test: Comparison, column: str) -> str:
    literals = [quote_literal(value) for value in test.values]
    match test.operator:
        case "known":
            return f"NULLIF({column} IS NOT NULL, FALSE)"  # known or unknown, never no
        case "not_before":
            return f"COALESCE({column} >= {literals[0]}, TRUE)"
        case "in" | "not_in":
            word = "IN" if test.operator == "in" else "NOT IN"
            return f"({column} {word} ({', '.join(literals)}))"
        case "between":
            return f"({column} BETWEEN {literals[0]} AND {literals[1]})"
        case "age_at":
            limit = find_birthday_limit(test.values[0], test.age)  # type: ignore[arg-type]  # dates only
            return f"({column} <= {quote_literal(limit)})"
        case operator:
            return f"({column} {_SQL_OPERATORS[operator]} {literals[0]})"


_SQL_OPERATORS = {"is": "=", "before": "<", "after": ">", "at_least": ">=", "at_most": "<="}


def quote_literal(value: Value) -> str:
    """Return the SQL literal of a value that a rule or an id may hold."""
    if isinstance(value, int):
        return str(value)
    text = value.isoformat() if isinstance(value, date) else value
    if "\0" in text:
        raise ValueError("a value cannot hold NUL")
    return "'" + text.replace("'", "''") + "'"


def compile_findings(rules: Sequence[Rule], columns: Mapping[str, str], chosen: Sequence[str] = ()) -> str:
    """Return an SQL expression for one letter a rule (y, n, u), in order.

    `chosen` holds an expression for each rule: the letter that a person has set, or NULL.
    """
    letters = [
        f"CASE {compile_rule(rule, columns)} WHEN TRUE THEN 'y' WHEN FALSE THEN 'n' ELSE 'u' END" for rule in rules
    ]
    if chosen:
        letters = [f"COALESCE({by_hand}, {letter})" for by_hand, letter in zip(chosen, letters, strict=True)]
    return " || ".join(letters)


def compile_outcome(findings: str) -> str:
    """Return an SQL expression for the outcome of an expression with the letters."""
    return (
        f"CASE WHEN {findings} LIKE '%n%' THEN '{Outcome.INELIGIBLE}' "
        f"WHEN {findings} LIKE '%u%' THEN '{Outcome.NEEDS_INFO}' ELSE '{Outcome.ELIGIBLE}' END"
    )


def compile_tier(tiers: Sequence[tuple[str, Rule]], columns: Mapping[str, str]) -> str:
    """Return an SQL expression for the tier, in the sense of `find_tier`."""
    if not tiers:
        return "''"
    arms = []
    for tier, rule in tiers:
        test = compile_rule(rule, columns)
        arms.append(f"WHEN {test} THEN {quote_literal(tier)} WHEN ({test}) IS NULL THEN ''")
    return "CASE " + " ".join(arms) + " ELSE '' END"
