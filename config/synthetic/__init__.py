"""Claims of people who do not exist, for demonstrations, tests and benchmarks."""

import csv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, TextIO

from claims.base.errors import Refused
from claims.criteria import Rulebook, read_rulebook
from claims.rules.claimrows import BASE_COLUMNS, list_columns
from claims.rules.eligibility import (
    KNOWN_FACTS,
    RECORD_FACTS,
    Fact,
    Kind,
    Rule,
    Verdict,
    explain_rule,
    list_facts,
    parse_rule,
)
from config.synthetic.again import can_come_again, write_again
from config.synthetic.answers import Story, answer_questions, find_wanted_answers, read_dates
from config.synthetic.people import describe_person, make_person


def write_claims(file: Path, document: Mapping[str, Any], rows: int, *, seed: int, bad: float, again: int = 0) -> int:
    """Write a claims CSV and return how many rows are malformed. The same arguments give the same bytes.

    `document` is that of a criteria version: its questions are answered, its criteria are mostly met. References
    carry the seed, so files of two seeds can be imported one after the other. `file` is there whole or not at all.
    The last `again` rows are of people who stand above already and of their families, at most one row of ten.
    """
    again = min(again, rows // 10)
    random = Random(seed)
    book = read_rulebook(document)
    facts = {name: fact for name, fact in book.facts.items() if name not in RECORD_FACTS | KNOWN_FACTS}
    nobody_says = {
        question["id"] for question in document["questions"] if "represented" in question and question["kind"] == "date"
    }
    asked = {name: fact for name, fact in facts.items() if name not in nobody_says}
    wanted, conditions = find_wanted_answers(book), read_conditions(document, book)
    dates, languages = read_dates(document["events"]), tuple(document["questions"][0]["label"])
    bad_rows, known = 0, list[list[str]]()
    with open_whole(file) as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(list_columns(facts))
        references = (f"S{seed}-{number:07d}" for number in range(1, rows + 1))
        for reference in islice(references, rows - again):
            person = make_person(random)
            record = describe_person(random, person, reference)
            said = answer_questions(Story(random, person, *dates, languages, {}), asked, wanted)
            answers = {name: said.get(name, "") for name in facts}
            row = record + leave_out_unasked(record, answers, facts, conditions)
            if random.random() < bad:
                bad_rows += 1
                spoil_row(random, row)
            elif len(known) < again and can_come_again(row):
                known.append(row)
            writer.writerow(row)
        writer.writerows(write_again(known, references))
    return bad_rows


@contextmanager
def open_whole(file: Path) -> Iterator[TextIO]:
    """Write beside `file` and rename at the end, so that a full disk leaves no half of it."""
    if file.exists() and not file.is_file():
        raise Refused(f"{file} is not a file that can be replaced; give the path of a file")
    part = file.with_name(f"{file.name}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def read_conditions(document: Mapping[str, Any], book: Rulebook) -> dict[str, Rule]:
    """Return when each conditional question is asked."""
    events = {key: date.fromisoformat(on) for key, on in document["events"].items()}
    return {
        question["id"]: parse_rule(question["ask_when"], book.facts, events)
        for question in document["questions"]
        if "ask_when" in question
    }


def leave_out_unasked(
    record: list[str], answers: dict[str, str], facts: Mapping[str, Fact], conditions: Mapping[str, Rule]
) -> list[str]:
    """Return the answers in order; a question that would not be asked has none."""
    base = dict(zip(BASE_COLUMNS, record, strict=True))
    typed: dict[str, Any] = {name: _read_answer(kind, base[name]) for name, kind in RECORD_FACTS.items()}
    for name, rule in conditions.items():
        typed |= {fact: _read_answer(facts[fact].kind, answers[fact]) for fact in list_facts(rule) if fact in answers}
        if explain_rule(rule, {fact: value or None for fact, value in typed.items()}).verdict == Verdict.NO:
            answers[name] = ""
    return list(answers.values())


def _read_answer(kind: Kind, text: str) -> Any:
    if kind == Kind.DATE and text:
        return date.fromisoformat(text)
    return int(text) if kind == Kind.NUMBER and text else text


def spoil_row(random: Random, row: list[str]) -> None:
    """Make a row malformed in one of the ways that real files are."""
    position, value = random.choice(
        (
            (0, ""),
            (3, "31.02.2025"),
            (3, "2025-02-31"),
            (4, "no at sign"),
            (9, "EL"),
            (10, "Austria"),
            (13, "yesterday"),
        )
    )
    if random.random() < 0.1:
        row.pop()
    else:
        row[position] = value
