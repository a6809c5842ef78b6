"""The pages of the office about the criteria: as sentences, as a table, as source; versions and what differs."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from claims import access
from claims.base.errors import Refused
from claims.base.requests import SignedInRequest
from claims.criteria import read_rulebook
from claims.drafting import compare_documents, find_draft, read_source, write_source
from claims.drafting.versions import list_versions
from claims.models import Action, CriteriaVersion
from claims.rules.eligibility import Verdict, list_comparisons
from claims.rules.smallcells import hide_small
from claims.screening import count_findings_now
from claims.sentences import name_facts, say_rule, say_tests
from claims.workspace import build_frame

VIEWS = {"sentences": _("Sentences"), "table": _("Table"), "source": _("Source")}
MARKS = (("yes", Verdict.YES), ("no", Verdict.NO), ("unknown", Verdict.UNKNOWN))
KIND_MARKS = {"added": "yes", "removed": "no", "changed": "unk", "moved": "unk", "same": ""}


@login_required
@require_safe
def show_rules(request: SignedInRequest, slug: str) -> HttpResponse:
    """One version of the criteria, the newest where none is asked for."""
    action = get_object_or_404(access.list_figure_actions(request.user), slug=slug)
    version = find_version(action, request.GET.get("version", ""))
    shown = request.GET.get("as", "sentences")
    if shown not in VIEWS:
        raise Http404
    context = build_frame(request.user, action, "rules") | {
        "version": version, "shown": shown, "views": VIEWS.items(), "versions": list_versions(action),
        "draft": find_draft(action), "is_newest": version == action.criteria,
    }  # fmt: skip
    if version:
        context |= describe_version(version)
        if shown == "table":
            context["lines"] = list_lines(version, is_exact=context["reads_book"])
        if shown == "source":
            context["source"] = write_source(version.document).splitlines()
    return render(request, "claims/workspace_rules.html", context)


def find_version(action: Action, number: str) -> CriteriaVersion | None:
    """Return the version with this number, or the newest; a number that is none does not exist."""
    if not number:
        return action.criteria
    if not (number.isdecimal() and len(number) < 10):
        raise Http404
    return get_object_or_404(action.criteria_versions, number=int(number))


def describe_version(version: CriteriaVersion) -> dict[str, Any]:
    """Return the criteria and tiers of a version with their sentences and sources."""
    book, document = read_rulebook(version.document), version.document
    rules = [criterion.rule for criterion in book.criteria] + [tier.rule for tier in book.tiers]
    sentences = [say_rule(rule, document["questions"]) for rule in rules]
    sources = [tier["source"] for tier in document["tiers"]]
    return {
        "criteria": list(zip(book.criteria, sentences, strict=False)),
        "tiers": list(zip(book.tiers, sentences[len(book.criteria) :], sources, strict=True)),
    }


def list_lines(version: CriteriaVersion, *, is_exact: bool) -> list[dict[str, Any]]:
    """Return a line for each criterion: its questions, operators, values, citations, and what it finds now.

    Not `is_exact`: without the counts that would tell a small one.
    """
    questions = version.document["questions"]
    found, names = count_findings_now(version), name_facts(questions)
    say = dict if is_exact else hide_small
    return [
        {
            "number": number,
            "criterion": criterion,
            "tests": say_tests(criterion.rule, questions, names),
            "is_joined": len(list_comparisons(criterion.rule)) > 1,
            "found": [(say(found.get(criterion.id, {})).get(word, 0), mark) for word, mark in MARKS],
        }
        for number, criterion in enumerate(read_rulebook(version.document).criteria, 1)
    ]


@login_required
@require_safe
def compare_versions(request: SignedInRequest, slug: str) -> HttpResponse:
    """Two versions side by side, or a version and the draft."""
    action = get_object_or_404(access.list_figure_actions(request.user), slug=slug)
    sides = [find_side(request, action, name) for name in ("old", "new")]
    found = compare_documents(sides[0][1], sides[1][1])
    context = build_frame(request.user, action, "rules") | {
        "old": sides[0][0], "new": sides[1][0], "found": found, "marks": KIND_MARKS,
        "differing": [change for change in found.changes if change.kind != "same"],
        "versions": list_versions(action), "draft": find_draft(action),
    }  # fmt: skip
    return render(request, "claims/workspace_rules_compare.html", context)


def find_side(request: HttpRequest, action: Action, name: str) -> tuple[str, dict[str, Any]]:
    """Return what the address names: the number of a version or "draft", and its document."""
    asked = request.GET.get(name, "")
    if asked != "draft":
        version = find_version(action, asked)
        if version is None:
            raise Http404
        return str(version.number), version.document
    draft = find_draft(action)
    try:
        if draft is None:
            raise Http404
        return asked, read_source(action, draft.text).document
    except Refused:
        raise Http404 from None  # a wrong draft cannot be compared; its own page says what is wrong
