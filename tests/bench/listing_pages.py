"""The pages of the book, opened under every filter and from any place; the search, the overview, a claim and its neighbours."""

import random
from itertools import islice
from urllib.parse import urlencode

from claims.base.references import clean_reference
from claims.models import Claim, User
from claims.rules.names import split_name
from tests.bench.visiting import Visitor, percentile


def list_filters(visitor: Visitor, dice: random.Random) -> list[dict]:
    """Return every value of every filter alone, and a few hundred combinations of two to four."""
    from claims.views.book import read_form

    class Request:
        GET: dict = {}
        user = User.objects.get(email="bench@office.example")

    form = read_form(Request(), visitor.action)  # type: ignore[arg-type]
    offered = {
        name: [value for value, _label in field.choices if value]
        for name, field in form.fields.items()
        if hasattr(field, "choices") and name not in {"criterion", "finding", "sort"}
    }
    offered["finding"] = [
        f"{criterion.id}:{word}"
        for criterion in form.book.criteria  # type: ignore[union-attr]
        for word in ("yes", "no", "unknown")
    ]
    offered |= {"since": ["2025-12-01", "2026-08-01"], "until": ["2025-10-01", "2026-03-01"]}
    alone = [{name: value} for name, values in offered.items() for value in values]
    several = [
        {name: dice.choice(offered[name]) for name in dice.sample(sorted(offered), dice.choice((2, 3, 4)))}
        for _ in range(150)
    ]
    for chosen in [*alone, *several]:
        if "finding" in chosen:
            chosen["criterion"], chosen["finding"] = chosen["finding"].split(":")
        chosen |= {"sort": "waiting"} if dice.random() < 0.3 else {}
        if chosen.get("since", "") > chosen.get("until", "9"):
            del chosen["since"]
    return [{}, *alone, *several]


def measure_pages() -> dict:
    """Open the list under each filter: the first page, one from a random place, forwards or back."""
    visitor, dice = Visitor(), random.Random(11)
    for _ in range(5):
        visitor.visit("claims/")
    filters = list_filters(visitor, dice)
    visitor.forget()
    for chosen in filters:
        visitor.visit("claims/", chosen)
        place = dice.choice(("after", "before"))
        visitor.visit("claims/", {**chosen, place: make_place(dice)})
    visitor.print_worst(10)
    return visitor.sum_up()


def make_place(dice: random.Random) -> str:
    """Return the reference of some claim."""
    last = Claim.objects.order_by("-pk").values_list("pk", flat=True)[0]
    reference = Claim.objects.values_list("reference", flat=True).get(pk=dice.randrange(1, last))
    assert clean_reference(reference), "a place that no page would know"
    return reference


def measure_names() -> dict:
    """Look for people: as they are written, with a slip, turned round, in part, in other letters, by address."""
    visitor, dice = Visitor(), random.Random(13)
    last = Claim.objects.order_by("-pk").values_list("pk", flat=True)[0]
    visitor.search("warm up")
    visitor.forget()
    kinds: dict[str, list[float]] = {"exact": [], "slips": [], "script": [], "part": [], "address": []}
    missed, tried = [], 0
    for _ in range(60):
        claim = Claim.objects.select_related("claimant").get(pk=dice.randrange(1, last))
        name, surname = claim.claimant.given_name, claim.claimant.family_name
        plain = " ".join(split_name(name, surname))
        typed = {
            "exact": f"{surname} {name}", "slips": f"{name} {slip(dice, surname)}", "script": plain,
            "part": surname[: max(4, len(surname) - 3)], "address": claim.claimant.email.upper(),
        }  # fmt: skip
        for kind, text in typed.items():
            found = visitor.search(text)
            kinds[kind].append(visitor.times[-1][0])
            if kind in {"exact", "slips", "script"}:
                tried += 1
                if claim.reference not in found:
                    missed.append(f"{text} for {name} {surname}")
    visitor.print_worst(10)
    return {
        **visitor.sum_up(), "found": 1 - len(missed) / tried, "missed": "; ".join(islice(missed, 3)),
        **{f"{kind}_ms": percentile(times) for kind, times in kinds.items()},
    }  # fmt: skip


def slip(dice: random.Random, name: str) -> str:
    """Return a name as somebody in a hurry types it."""
    place = dice.randrange(1, len(name) - 1)
    head, tail = name[:place], name[place:]
    return dice.choice((head + tail[1:], head + "e" + tail, head + "a" + tail[1:], head + tail[1] + tail[0] + tail[2:]))


def measure_overview() -> dict:
    """Open the overview."""
    visitor = Visitor()
    visitor.visit("")
    visitor.forget()
    for _ in range(20):
        visitor.visit("")
    return visitor.sum_up()


def measure_claims() -> dict:
    """Open claims out of a queue: with the next one and the one before under many filters, common and rare."""
    visitor, dice = Visitor(), random.Random(17)
    filters = dice.sample(list_filters(visitor, dice), 40)
    visitor.visit(f"claims/{make_place(dice)}/")
    visitor.forget()
    for chosen in filters:
        visitor.visit(f"claims/{make_place(dice)}/", {"from": urlencode(chosen)})
    visitor.print_worst(5)
    return visitor.sum_up()


def measure_previews() -> dict:
    """Open the preview of a decision on all that a filter chooses."""
    visitor = Visitor()
    for chosen in ("", "outcome=eligible", "state=PT&status=submitted", "tier=minor", "assigned=any", "channel=web"):
        visitor.visit("bulk/", {"from": chosen})
    visitor.print_worst(6)
    return visitor.sum_up()
