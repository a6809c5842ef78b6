"""From a snapshot to the HTML of a filing: a whole template for each language, every figure through one door."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from claims.base.errors import Refused
from claims.criteria import read_rulebook
from claims.models.actions import pick_text
from claims.rules.eligibility import Verdict
from claims.sentences import say_rule
from documents.filings.figures import Figures
from documents.filings.snapshots import Snapshot
from documents.pdf import Attached, find_unprintable
from documents.rules.tracing import list_untraced, read_text
from documents.rules.typesetting import glue_html
from redress.assumptions import Assumption, list_assumptions


class Numbers:
    """The numbers of paragraphs, tables and sources, given in the order in which the reader meets them."""

    def __init__(self, first: "Numbers | None" = None) -> None:
        self._first = first  # of the first pass: a text may refer to what comes later
        self.paragraphs: dict[str, int] = {}
        self.tables: dict[str, int] = {}
        self.sources: dict[str, int] = {}

    def begin(self, name: str) -> int:
        """Return the number of the paragraph that begins here."""
        number = len(self.paragraphs) + 1
        self.paragraphs[name or f"#{number}"] = number
        return number

    def refer(self, name: str) -> int:
        """Return the number of a paragraph, wherever it stands."""
        return self.paragraphs.get(name) or (self._first.paragraphs.get(name, 0) if self._first else 0)

    def begin_table(self, name: str) -> int:
        """Return the number of the table that begins here: one that is left out leaves no gap."""
        return self.tables.setdefault(name, len(self.tables) + 1)

    def refer_table(self, name: str) -> int:
        """Return the number of a table, wherever it stands."""
        return self.tables.get(name) or (self._first.tables.get(name, 0) if self._first else 0)

    def cite(self, source: str) -> int:
        """Return the number of a source."""
        return self.sources.setdefault(source, len(self.sources) + 1)


def write_text(snapshot: Snapshot, *, language: str, frozen_at: datetime) -> tuple[str, Figures]:
    """Return the HTML of a filing and the figures that it shows.

    Raises Refused for a figure that is not in the snapshot, whoever wrote it into the text, and for a sign that no
    font has.
    """
    facts = snapshot.facts
    with translation.override(language):
        numbers = Numbers()
        for _pass in range(2):
            figures, numbers = Figures(facts.get("figures", {})), Numbers(numbers)
            context = build_context(snapshot, language, frozen_at) | {"figures": figures, "numbers": numbers}
            html = render_to_string(f"documents/pdf/{facts['kind']}.{language}.html", context)
        check_text(html, [*figures.used.values(), *list_said(context), *list_texts(facts)])
    return glue_html(html), figures


def list_said(context: Mapping[str, Any]) -> list[str]:
    """Return what others say of the frozen scenario in words: each comes from its document alone."""
    return [text for said in context["assumptions"] for text in (said.title, said.says)]


def check_text(html: str, traced: list[str]) -> None:
    """Refuse a text that shows a figure from nowhere, or a sign that nobody could read."""
    text = read_text(html)
    if stray := list_untraced(text, traced):
        raise Refused(
            _("the text shows {figure}, which is not in the snapshot; the filing is not built").format(figure=stray[0])
        )
    if signs := find_unprintable(text):
        points = ", ".join(f"U+{ord(sign):04X}" for sign in signs)
        raise Refused(
            _("no font has {points}, which the text of the filing shows; the filing is not built").format(points=points)
        )


def list_texts(value: Any) -> list[str]:
    """Return every text of the snapshot: what a source says may hold numbers of its own."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for key, child in value.items() if key != "figures" for text in list_texts(child)]
    return [text for child in value for text in list_texts(child)] if isinstance(value, list) else []


def build_context(snapshot: Snapshot, language: str, frozen_at: datetime) -> dict[str, Any]:
    """Return what the templates of all kinds may name, in the language that is active."""
    facts = snapshot.facts
    about, court = facts["action"], facts["action"]["facts"].get("court", {})
    file_number = court.get("file_number") or _("not filed")
    return {
        **facts,
        "language": language,
        "frozen_at": frozen_at,
        "snapshot_sha256": snapshot.sha256,
        "about": about["facts"],
        "matter": about["matter"],
        "regime": about["regime"],
        "is_illustration": about["is_illustration"],
        "docket": f"{pick_text(court.get('name'))} · {file_number}",
        "criteria_lines": list_criteria(facts["criteria"]),
        "assumptions": list_frozen_assumptions(facts),
    }


def list_frozen_assumptions(facts: Mapping[str, Any]) -> list[Assumption]:
    """Return the assumptions of the frozen scenario, for the annex."""
    if facts["kind"] != "scenario-annex":
        return []
    tiers = {tier["id"]: pick_text(tier["title"]) for tier in facts["criteria"]["document"]["tiers"]}
    return list_assumptions(facts["run"]["document"], tiers)


def list_criteria(criteria: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the criteria of a snapshot in order: each with its place, its rule as a sentence, and its citations."""
    document = criteria["document"]
    book = read_rulebook(document)
    return [
        {
            "place": f"C{place}",
            "id": criterion.id,
            "title": pick_text(dict(criterion.title)),
            "rule": say_rule(criterion.rule, document["questions"]),
            "citations": criterion.citations,
            "no": pick_text(dict(criterion.texts.get(Verdict.NO, {}))),
            "unknown": pick_text(dict(criterion.texts.get(Verdict.UNKNOWN, {}))),
        }
        for place, criterion in enumerate(book.criteria, 1)
    ]


def attach_figures(snapshot: Snapshot, figures: Figures, at: datetime) -> Attached:
    """Return the figures that the text shows as a file to attach: what a machine can check the text by."""
    shown = {"snapshot_sha256": snapshot.sha256, "kind": snapshot.facts["kind"], "figures": figures.list_used()}
    data = json.dumps(shown, indent=1, sort_keys=True, ensure_ascii=False).encode()
    return Attached("figures.json", "The figures of this document as data", data, at)
