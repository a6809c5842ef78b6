"""The pages of the office about a dry run: what would change, and the complete list of claims that would move."""

import csv
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from claims import access, drafting
from claims.base.history import record
from claims.base.references import clean_reference
from claims.base.requests import SignedInRequest
from claims.confirming import confirm_recently
from claims.criteria import list_overrides, list_values, read_rulebook
from claims.dry_runs import UNSCREENED, Move, list_moves, list_reasons_to_repeat, name_claims
from claims.models import Claim, DryRun
from claims.models.actions import pick_text
from claims.reading import EXPORTS, within_budget
from claims.rules.eligibility import Outcome, explain_rule
from claims.workspace import build_frame

PAGE = 50
OUTCOMES = ("", *Outcome)


@login_required
@require_safe
def show_dry_run(request: SignedInRequest, slug: str, code: str) -> HttpResponse:
    """What a draft would change: outcomes, moves, criteria, and the claims that would move, page by page."""
    found = find_dry_run(request, slug, code)
    action, draft = found.action, drafting.find_draft(found.action)
    chosen = read_chosen(request.GET.get("move", ""))
    context = build_frame(request.user, action, "rules") | {
        "found": found,
        "job": found.job,
        "move": request.GET.get("move", ""),
    }
    if found.job.state == "done":
        context |= describe_result(found) | list_page(request, found, chosen) | {
            "changed_since": list_reasons_to_repeat(found),
            "is_same_draft": bool(draft and draft.sha256 == found.sha256),
            "is_in_force": bool(action.criteria and action.criteria.sha256 == found.sha256),
        }  # fmt: skip
    return render(request, "claims/workspace_dry_run.html", context)


def find_dry_run(request: SignedInRequest, slug: str, code: str) -> DryRun:
    """Return a dry run of an action whose book this person may read."""
    return get_object_or_404(access.list_dry_runs(request.user, slug), code=code)


def read_chosen(move: str) -> dict[str, str]:
    """Return the outcomes from and to which the address asks for moves; nothing for all."""
    if not move:
        return {}
    old, _, new = move.partition(">")
    old = "" if old == UNSCREENED else old
    if old not in OUTCOMES or new not in OUTCOMES[1:]:
        raise Http404
    return {"old": old, "new": new}


def describe_result(found: DryRun) -> dict[str, Any]:
    """Return the counts of a dry run as tables."""
    result = found.job.result
    titles = {item["id"]: pick_text(item["title"]) for item in found.document["criteria"]}
    matrix = [
        {
            "old": old,
            "key": old or UNSCREENED,
            "cells": [_cell(result["moves"], old or UNSCREENED, new) for new in Outcome],
        }
        for old in OUTCOMES
    ]
    return {
        "outcomes": [(outcome, result["outcomes"][outcome]) for outcome in Outcome],
        "matrix": [row for row in matrix if any(cell["n"] for cell in row["cells"])],
        "new_outcomes": list(Outcome),
        "moving": sum(n for way, n in result["moves"].items() if not way.startswith(UNSCREENED)),
        "unscreened": sum(n for way, n in result["moves"].items() if way.startswith(UNSCREENED)),
        "tier_moves": [(*way.split(">"), n) for way, n in result["tier_moves"].items()],
        "tier_names": {tier["id"]: pick_text(tier["title"]) for tier in found.document["tiers"]},
        "criteria": [
            {
                "title": titles[name],
                "found": counts,
                "ways": [(*way.split(">"), n) for way, n in result["differences"][name].items()],
            }
            for name, counts in ((name, result["by_criterion"][name]) for name in titles)
        ],
    }


def _cell(moves: dict[str, int], old: str, new: str) -> dict[str, Any]:
    return {"move": f"{old}>{new}", "new": new, "n": moves.get(f"{old}>{new}", 0), "is_same": old == new}


def list_page(request: SignedInRequest, found: DryRun, chosen: dict[str, str]) -> dict[str, Any]:
    """Return some of the claims that would move, with the criteria that make them, and where the next page begins."""
    claims = access.list_office_claims(request.user).filter(action=found.action)
    after = request.GET.get("after", "")
    mark = claims.filter(reference=clean_reference(after)).values_list("pk", flat=True).first() if after else None
    found_moves = list_moves(found, after=mark or 0, **chosen, only_screened=not chosen)
    moves = list(islice(found_moves, PAGE + 1))
    rows = describe_moves(found, moves[:PAGE], claims)
    kept = {"move": request.GET["move"]} if chosen else {}
    more = len(moves) > PAGE and rows
    return {
        "rows": rows,
        "first_query": urlencode(kept) if mark else None,
        "next_query": urlencode(kept | {"after": rows[-1]["claim"].reference}) if more else "",
        "all_query": urlencode(kept),
    }


def describe_moves(found: DryRun, moves: list[Move], claims: Any) -> list[dict[str, Any]]:
    """Return a row for each claim: from, to, and the criteria whose finding differs, as the claim is now."""
    read = claims.select_related("claimant__representation", "criteria_version")
    by_id = {claim.pk: claim for claim in read.filter(pk__in=[move.claim for move in moves])}
    book = read_rulebook(found.document)
    return [
        {"claim": by_id[move.claim], "old": move.old, "new": move.new, "because": list_because(by_id[move.claim], book)}
        for move in moves
        if move.claim in by_id
    ]


def list_because(claim: Claim, book: Any) -> list[str]:
    """Return the titles of criteria that the draft finds otherwise than what is kept; none where nothing is kept."""
    version = claim.criteria_version
    if version is None:
        return []
    values, chosen = list_values(claim, book.facts), list_overrides(claim, book)
    kept = dict(zip((item["id"] for item in version.document["criteria"]), claim.findings, strict=True))
    return [
        pick_text(dict(criterion.title))
        for criterion in book.criteria
        if (chosen.get(criterion.id) or explain_rule(criterion.rule, values).verdict) != kept.get(criterion.id)
    ]


@login_required
@require_safe
@within_budget(EXPORTS, sends_file=True)
@confirm_recently(sends_file=True)
def send_moves(request: SignedInRequest, slug: str, code: str) -> StreamingHttpResponse:
    """The claims that would move as CSV: reference, from, to, and nothing of any person."""
    found = find_dry_run(request, slug, code)
    chosen = read_chosen(request.GET.get("move", ""))
    record("moves of a dry run downloaded", found, by=request.user, action=found.action)
    claims = access.list_office_claims(request.user).filter(action=found.action)
    answer = StreamingHttpResponse(write_moves(found, claims, chosen), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="moves-{found.action.slug}-{found.sha256[:8]}.csv"'
    return answer


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def write_moves(found: DryRun, claims: Any, chosen: dict[str, str]) -> Iterator[str]:
    """Yield the lines of the CSV. References and outcomes are ours, so no cell can hold a formula."""
    writer = csv.writer(_Echo())
    yield writer.writerow(["reference", "from", "to"])
    for reference, move in name_claims(
        list_moves(found, old=chosen.get("old"), new=chosen.get("new")), claims.select_related(None)
    ):
        yield writer.writerow([reference, move.old or UNSCREENED, move.new])
