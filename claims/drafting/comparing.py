"""Two versions of the criteria side by side: what was added, removed, changed or moved."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from claims.criteria import Criterion, Rulebook, Tier, read_rulebook
from claims.drafting.sources import write_part
from claims.sentences import say_rule

KINDS = ("added", "removed", "changed", "moved", "same")
MARKS = {"equal": "same", "insert": "added", "delete": "removed", "replace": "changed"}


@dataclass(frozen=True)
class Line:
    """One line of the source on both sides; "" where a side has none."""

    kind: str  # same, added, removed, changed
    old: str
    new: str


@dataclass(frozen=True)
class Change:
    """What became of one criterion or tier."""

    kind: str  # one of KINDS
    part: str  # criteria or tiers
    id: str
    title: Mapping[str, str]
    old_sentence: str
    new_sentence: str
    lines: tuple[Line, ...]

    @property
    def is_same_rule(self) -> bool:
        """Whether both say the same rule, so that only words or sources differ."""
        return self.old_sentence == self.new_sentence


@dataclass(frozen=True)
class Comparison:
    """All that differs between two versions."""

    changes: tuple[Change, ...]
    counts: Mapping[str, int]  # kind -> criteria and tiers
    dates: tuple[tuple[str, str, str], ...]  # event, old date, new date; "" where there is none
    questions: tuple[str, ...]  # ids of questions that were added, removed or changed


def compare_documents(old: Mapping[str, Any], new: Mapping[str, Any]) -> Comparison:
    """Return how two documents of criteria versions differ, part by part in the order of the new one."""
    books = read_rulebook(old), read_rulebook(new)
    changes = tuple(change for part in ("criteria", "tiers") for change in _compare_part(part, (old, new), books))
    counts = Counter(change.kind for change in changes)
    return Comparison(
        changes,
        {kind: counts[kind] for kind in KINDS},
        _compare_dates(old["events"], new["events"]),
        _compare_questions(old["questions"], new["questions"]),
    )


def _compare_part(
    part: str, documents: tuple[Mapping[str, Any], Mapping[str, Any]], books: tuple[Rulebook, Rulebook]
) -> list[Change]:
    sources = [{item["id"]: write_part(item) for item in document.get(part, [])} for document in documents]
    rules: list[dict[str, Criterion | Tier]] = [{item.id: item for item in getattr(book, part)} for book in books]
    sentences = [
        {name: say_rule(item.rule, document["questions"]) for name, item in side.items()}
        for side, document in zip(rules, documents, strict=True)
    ]
    order = [*sources[1], *(name for name in sources[0] if name not in sources[1])]
    return [
        Change(
            kind=_find_kind(name, *sources),
            part=part,
            id=name,
            title=(rules[1].get(name) or rules[0][name]).title,
            old_sentence=sentences[0].get(name, ""),
            new_sentence=sentences[1].get(name, ""),
            lines=_compare_lines(sources[0].get(name, ""), sources[1].get(name, "")),
        )
        for name in order
    ]


def _find_kind(name: str, old: Mapping[str, str], new: Mapping[str, str]) -> str:
    if name not in old or name not in new:
        return "added" if name in new else "removed"
    if old[name] != new[name]:
        return "changed"
    common = [[other for other in one if other in another] for one, another in ((old, new), (new, old))]
    return "same" if common[0].index(name) == common[1].index(name) else "moved"


def _compare_lines(old: str, new: str) -> tuple[Line, ...]:
    """Return the lines of both sides; those that differ stand beside each other."""
    left, right = old.splitlines(), new.splitlines()
    lines: list[Line] = []
    for word, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        height = max(b - a, d - c)
        lines += (
            Line(MARKS[word], before, after)
            for before, after in zip(_pad(left[a:b], height), _pad(right[c:d], height), strict=True)
        )
    return tuple(lines)


def _pad(lines: Sequence[str], height: int) -> list[str]:
    return [*lines, *[""] * (height - len(lines))]


def _compare_dates(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    keys = [*new, *(key for key in old if key not in new)]
    pairs = ((key, old.get(key, ""), new.get(key, "")) for key in keys)
    return tuple(pair for pair in pairs if pair[1] != pair[2])


def _compare_questions(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> tuple[str, ...]:
    left, right = ({question["id"]: question for question in side} for side in (old, new))
    return tuple(name for name in {**right, **left} if left.get(name) != right.get(name))
