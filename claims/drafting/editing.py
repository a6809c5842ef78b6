"""One criterion of a draft taken apart for a form, and put together again. How its comparisons are joined stays."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from claims.base.documents import parse_document
from claims.base.dumping import dump_document
from claims.base.errors import Refused
from claims.criteria import list_facts
from claims.drafting.sources import NAME, write_source
from claims.models import Action
from claims.rules.eligibility import OPERATORS, Fact, Kind

LISTS = ("in", "not_in", "between")
TEXTS = ("title", "yes", "no", "unknown")


@dataclass(frozen=True)
class Test:
    """One comparison of a rule as a form shows it: the value is one line, as it would be typed."""

    fact: str
    operator: str
    value: str
    operators: tuple[str, ...]
    options: tuple[str, ...]  # the only values that there are; none for dates, numbers and countries


def read_criterion(text: str, name: str) -> dict[str, Any] | None:
    """Return a criterion of a draft as it stands. Raises Refused where the draft is no YAML."""
    criteria = parse_document(text, name=NAME).data.get("criteria", [])
    return next((item for item in criteria if item.get("id") == name), None)


def list_tests(criterion: Mapping[str, Any], action: Action) -> list[Test]:
    """Return the comparisons of a criterion in the order of reading."""
    facts = list_facts(action.questions)
    return [_describe_test(leaf, facts[leaf["question"]]) for leaf in _walk(criterion["rule"])]


def _walk(rule: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the comparisons themselves, not copies."""
    if "question" in rule:
        yield rule
        return
    for value in rule.values():
        for part in value if isinstance(value, list) else [value]:
            yield from _walk(part)


def _describe_test(leaf: Mapping[str, Any], fact: Fact) -> Test:
    operator = next(key for key in leaf if key != "question")
    options = () if fact.kind == Kind.COUNTRY else tuple(sorted(fact.answers))
    return Test(
        leaf["question"], operator, _show(operator, leaf[operator]), tuple(sorted(OPERATORS[fact.kind])), options
    )


def _show(operator: str, value: Any) -> str:
    if operator == "age_at":
        return f"{value['at_least']}, {value['on']}"
    if operator == "known":
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def read_value(operator: str, typed: str, kind: Kind) -> Any:
    """Return what was typed for an operator as the rule language spells it; whether it fits is checked later."""
    parts = [_read_one(part.strip(), kind) for part in typed.split(",") if part.strip()]
    if operator == "known":
        return True
    if operator == "age_at":
        years, on = [*parts, None, None][:2]
        return {"on": on, "at_least": int(years) if str(years).isdecimal() else years}
    if operator in LISTS:
        return parts
    return parts[0] if len(parts) == 1 else typed.strip()


def _read_one(text: str, kind: Kind) -> Any:
    return int(text) if kind == Kind.NUMBER and text.lstrip("-").isdecimal() and len(text) < 17 else text


def change_criterion(
    action: Action, text: str, name: str, *, tests: list[tuple[str, str]], texts: Mapping[str, Mapping[str, str]],
    citations: list[Mapping[str, Any]], is_public: bool,
) -> str:  # fmt: skip
    """Return the draft with one criterion changed, written anew: comments in the source are lost.

    `tests` has (operator, value as typed) for each comparison in the order of reading. Raises Refused where the
    criterion is gone.
    """
    data = deepcopy(parse_document(text, name=NAME).data)
    criterion = next((item for item in data.get("criteria", []) if item.get("id") == name), None)
    if criterion is None:
        raise Refused(f"there is no criterion `{name}` in the draft any more")
    facts = list_facts(action.questions)
    for leaf, (operator, typed) in zip(_walk(criterion["rule"]), tests, strict=True):
        question = leaf["question"]
        leaf.clear()
        leaf.update({"question": question, operator: read_value(operator, typed, facts[question].kind)})
    for part in TEXTS:
        kept = {language: words for language, words in texts[part].items() if words.strip()}
        criterion.pop(part, None)
        if kept:
            criterion[part] = kept
    criterion["citations"] = list(citations)
    criterion["public"] = is_public
    if not is_public:
        del criterion["public"]
    return write_source(data) if set(data) <= {"schema", "criteria", "tiers"} else dump_document(data)
