"""What a pack can no longer change, because claims or other actions rest on it."""

from collections.abc import Mapping
from typing import Any

from django.db import connection

from claims.matters import find_matter
from claims.models import Action, Claim, HistoryEvent, Matter
from claims.packs.reading import Pack
from claims.rules.eligibility import quote_literal

CLAIMS = Claim._meta.db_table


def check_what_rests_on_it(pack: Pack, known: Action | None) -> None:
    """Raise Refused, with file, line and key, where the pack changes under others what they rest on."""
    data = pack.action.data
    other = _find_other_matter(pack, known)  # first: it locks matters in the order of their ids
    # An import locks the matter too: no claim comes in while we look whether there is one.
    slugs = {data["matter"]["slug"], known.matter.slug if known else data["matter"]["slug"]}
    matters = {matter.slug: matter for matter in Matter.objects.select_for_update(no_key=True).filter(slug__in=slugs)}
    if known and known.claims.exists():
        _check_place(pack, known)
        _check_questions(pack, known)
    if matter := matters.get(data["matter"]["slug"]):
        _check_matter(pack, matter)
    if other:
        raise pack.action.refuse(
            ["matter", "slug"],
            f"actions against {other.trader} for the same cause stand in the matter `{other.slug}`; name that one here",
        )


def _find_other_matter(pack: Pack, known: Action | None) -> Matter | None:
    """Return another matter of this trader and cause: in two of them a person could stand twice, unnoticed."""
    slug, trader, cause = (pack.action.data["matter"][key] for key in ("slug", "trader", "cause_of_action"))
    if known and (known.matter.slug, known.matter.trader, known.matter.cause_of_action) == (slug, trader, cause):
        return None
    besides = list(Matter.objects.filter(slug=slug))
    if known and not known.matter.actions.exclude(pk=known.pk).exists():
        besides.append(known.matter)  # which the action leaves
    return find_matter(trader, cause, besides=besides)


def list_overwritten(pack: Pack, known: Action | None) -> list[str]:
    """Return the facts that people changed in the browser since the pack was loaded, and that it says otherwise."""
    if known is None:
        return []
    loaded = HistoryEvent.objects.filter(subject="action", subject_id=known.pk, verb="pack loaded")
    since = loaded.order_by("-number").values_list("at", flat=True).first()
    changed = known.former_facts.filter(until__gt=since) if since else known.former_facts.all()
    names = {name for fields in changed.values_list("fields", flat=True) for name in fields}
    return sorted(name for name in names if _read_fact(known.facts, name) != _read_fact(pack.action.data, name))


def _read_fact(facts: Mapping[str, Any], name: str) -> Any:
    place = facts.get("parties", {}).get("entity", {}) if name == "designations" else facts
    return place.get(name)


def _check_place(pack: Pack, known: Action) -> None:
    """The matter and the regime decide who may claim at all, and how."""
    data = pack.action.data
    for path, now, kept in (
        (["matter", "slug"], data["matter"]["slug"], known.matter.slug),
        (["regime"], data["regime"], known.regime_code),
    ):
        if now != kept:
            raise pack.action.refuse(path, f"the action has claims, so `{kept}` can no longer change; set it back")


def _check_matter(pack: Pack, matter: Matter) -> None:
    """The texts of a matter define the same claim (Directive (EU) 2020/1828, Article 9(4)) for all who stand in it."""
    others = list(matter.actions.exclude(slug=pack.action.data["slug"]).order_by("slug").values_list("slug", flat=True))
    if not others and not Claim.objects.filter(matter=matter).exists():
        return
    standing = f"the action {', '.join(others)} stands" if others else "claims stand"
    for key, text in pack.action.data["matter"].items():
        if (kept := getattr(matter, key)) != text:
            raise pack.action.refuse(
                ["matter", key],
                f"{standing} in the matter `{matter.slug}`, which says `{kept}`; set this back, or give this action a"
                " matter of its own (another slug)",
            )


def _check_questions(pack: Pack, known: Action) -> None:
    """Refuse a changed kind, and a question or option that is gone although stored answers use it."""
    now = {question["id"]: (i, question) for i, question in enumerate(pack.questions.data["questions"])}
    gone = []
    for old in known.questions:
        i, question = now.get(old["id"], (0, None))
        if question and question["kind"] != old["kind"]:
            raise pack.questions.refuse(
                ["questions", i, "kind"],
                f"`{old['id']}` is of kind {old['kind']} and the action has claims; give the new question a new id",
            )
        gone += _list_gone(old, i, question)
    for (path, what, _), claims in zip(gone, _count_uses(known, [condition for *_, condition in gone]), strict=True):
        if claims:
            raise pack.questions.refuse(path, f"{what} is gone, but {claims} claims answer with it; put it back")


def _list_gone(old: dict[str, Any], i: int, question: dict[str, Any] | None) -> list[tuple[list[str | int], str, str]]:
    """Return (path, what is gone, SQL that is true of an answer that uses it)."""
    answer = f"(answers ->> {quote_literal(old['id'])})"
    if question is None:
        return [(["questions"], f"the question `{old['id']}`", f"{answer} IS NOT NULL")]
    left = {option["id"] for option in question.get("options", ())}
    lost = [option["id"] for option in old.get("options", ()) if option["id"] not in left]
    return [
        (["questions", i, "options"], f"the option `{option}` of `{old['id']}`", f"{answer} = {quote_literal(option)}")
        for option in lost
    ]


def _count_uses(action: Action, conditions: list[str]) -> list[int]:
    """Return for each condition how many claims meet it: the book is read once, whatever the number."""
    if not conditions:
        return []
    counts = ", ".join(f"count(CASE WHEN {condition} THEN 1 END)" for condition in conditions)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts} FROM {CLAIMS} WHERE action_id = {action.pk:d}")  # noqa: S608  # literals are quoted
        return list(cursor.fetchone())
