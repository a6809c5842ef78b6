"""Conditions that no index knows, on PostgreSQL: a page looks at a bounded number of claims and says where it stopped."""

from datetime import date

import pytest

from claims import book, lanes, stretches, tallies
from claims.book import Mark, find_place, list_page, read_filter
from claims.models import Claim, Decision, Deficiency
from claims.stretches import is_bounded, read_stretch
from tests.factories import make_claim

URL = "/workspace/small/claims/"


@pytest.fixture
def rare(action, only_postgresql):
    """Thirty claims, of which every tenth came by the web."""
    claims = [make_claim(action, channel="web" if n % 10 == 5 else "import") for n in range(30)]
    tallies.recount(action)
    return claims


def go_through(action, chosen, sort, monkeypatch, size=2):
    seen, mark, steps = [], None, 0
    while True:
        found = read_stretch(action, chosen, sort=sort, mark=mark, size=size)
        seen, steps = seen + found.ids, steps + 1
        last = found.stopped_at if found.stopped_at else found.ids[-1] if len(found.ids) == size else None
        if last is None:
            return seen, steps
        mark = find_place(Claim.objects.get(pk=last), sort=sort, is_before=False)


@pytest.mark.parametrize("sort", ["newest", "waiting"])
@pytest.mark.parametrize("filters", [{"channel": "web"}, {"channel": "web", "status": "any"}])
def test_stretches_together_are_the_whole_list(action, rare, monkeypatch, sort, filters):
    monkeypatch.setattr(lanes, "SPARE", 0)
    monkeypatch.setattr(lanes, "SPREAD", 0)
    monkeypatch.setattr(stretches, "LOOKED_AT", 4)
    chosen = read_filter(action, None, filters, me=None)
    assert is_bounded(chosen)
    seen, steps = go_through(action, chosen, sort, monkeypatch)
    assert seen == list_page(action, chosen, sort=sort, mark=None, size=50) and len(seen) == 3 and steps >= 6


@pytest.mark.parametrize("filters", [{"channel": "web"}, {"channel": "web", "state": "DE"}, {"state": "DE"}])
def test_short_looks_at_first_find_the_whole_list_too(action, only_postgresql, monkeypatch, filters):
    for n in range(24):
        make_claim(action, channel="web" if n % 3 else "import", habitual_residence="DE" if n % 2 else "AT")
    tallies.recount(action)
    monkeypatch.setattr(stretches, "FIRST", 1)
    monkeypatch.setattr(lanes, "ENTRY", 0)  # as if the book were large: then a lane is soon begun
    monkeypatch.setattr(lanes, "SPARE", 0)
    chosen = read_filter(action, None, filters, me=None)
    seen, _steps = go_through(action, chosen, "newest", monkeypatch)
    assert seen == list_page(action, chosen, sort="newest", mark=None, size=50) and len(seen) >= 8


@pytest.mark.parametrize(("sort", "filters"), [("newest", {"asked": "yes"}), ("due", {"channel": "web"})])
def test_open_questions_are_gone_through_stretch_by_stretch(action, rare, people, monkeypatch, sort, filters):
    for place, claim in enumerate(rare[5::5]):
        decision = Decision.objects.create(claim=claim, kind="ask", by=people["lawyer"])
        Deficiency.objects.create(claim=claim, decision=decision, until=date(2026, 1, 9 - place))
    monkeypatch.setattr(book, "SHORT", 0)  # as if so many were open that they are not sorted for a page
    monkeypatch.setattr(lanes, "SPREAD", 0)
    monkeypatch.setattr(stretches, "LOOKED_AT", 2)
    monkeypatch.setattr(stretches, "LISTED", 4)
    chosen = read_filter(action, None, filters, me=None)
    seen, steps = go_through(action, chosen, sort, monkeypatch)
    wanted = list_page(action, chosen, sort=sort, mark=None, size=50)
    assert seen == wanted and len(seen) == (5 if sort == "newest" else 3) and steps > 2


def test_the_next_claim_is_looked_for_further_than_one_stretch(action, rare, monkeypatch):
    monkeypatch.setattr(lanes, "SPREAD", 0)
    monkeypatch.setattr(lanes, "SPARE", 0)
    monkeypatch.setattr(stretches, "LOOKED_AT", 3)
    chosen = read_filter(action, None, {"channel": "web"}, me=None)
    mark = Mark(rare[15].registered_at, rare[15].pk)
    assert not read_stretch(action, chosen, sort="newest", mark=mark, size=1).ids
    assert read_stretch(action, chosen, sort="newest", mark=mark, size=1, steps=4).ids == [rare[5].pk]


def test_the_page_offers_to_go_on_where_the_search_stopped(visit, action, rare, monkeypatch):
    monkeypatch.setattr(lanes, "SPARE", 0)
    monkeypatch.setattr(lanes, "SPREAD", 0)
    monkeypatch.setattr(stretches, "LOOKED_AT", 3)
    page = visit("staff", f"{URL}?channel=web").content.decode()
    assert "Go on searching" in page and f"after={rare[-3].reference}" in page and "Not counted" in page


def test_where_all_was_looked_at_the_number_is_exact(visit, action, rare):
    page = visit("staff", f"{URL}?channel=web").content.decode()
    assert "3 claims." in page and "Go on searching" not in page
