"""Conditions that no index knows, on PostgreSQL: a page looks at a bounded number of claims and says where it stopped."""

import pytest

from claims import stretches, tallies
from claims.book import Mark, list_page, read_filter
from claims.models import Claim
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
        mark = Mark(Claim.objects.get(pk=last).registered_at, last)


@pytest.mark.parametrize("sort", ["newest", "waiting"])
@pytest.mark.parametrize("filters", [{"channel": "web"}, {"channel": "web", "status": "any"}])
def test_stretches_together_are_the_whole_list(action, rare, monkeypatch, sort, filters):
    monkeypatch.setattr(stretches, "LEAST", 4)
    monkeypatch.setattr(stretches, "LOOKED_AT", 4)
    chosen = read_filter(action, None, filters, me=None)
    assert is_bounded(chosen)
    seen, steps = go_through(action, chosen, sort, monkeypatch)
    assert seen == list_page(action, chosen, sort=sort, mark=None, size=50) and len(seen) == 3 and steps >= 6


def test_the_page_offers_to_go_on_where_the_search_stopped(visit, action, rare, monkeypatch):
    monkeypatch.setattr(stretches, "LEAST", 3)
    monkeypatch.setattr(stretches, "LOOKED_AT", 3)
    page = visit("staff", f"{URL}?channel=web").content.decode()
    assert "Go on searching" in page and f"after={rare[-3].reference}" in page and "Not counted" in page


def test_where_all_was_looked_at_the_number_is_exact(visit, action, rare):
    page = visit("staff", f"{URL}?channel=web").content.decode()
    assert "3 claims." in page and "Go on searching" not in page
