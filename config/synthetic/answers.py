"""Answers of people who do not exist, drawn so that they do not contradict the person or each other.

A question that is not named here is answered so that it mostly meets the criterion that rests on it alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from claims.criteria import Rulebook
from claims.rules.eligibility import Comparison, Fact, Kind, find_birthday_limit
from config.synthetic.people import FIRST_DAY, STATES, Person, pick_day

FACEBOOK_OPENS = date(2006, 9, 26)  # to everyone from 13 years of age
LIKELY = {  # how often the answer is yes
    "account_shown_as_adult": 0.3,
    "used_in_period": 0.95,
    "public_posts": 0.92,
    "used_meta_ai": 0.4,
    "special_category": 0.2,
    "saw_notice": 0.6,
    "objection_made": 0.25,
    "loss_of_control": 0.75,
    "distress": 0.5,
    "fear": 0.55,
    "custodians_consent": 0.7,
}
TEXTS = {  # what people write who answered yes to a question
    "loss_of_control": {
        "en": "I have posted there for years, and nobody asked me.",
        "de": "Ich schreibe dort seit Jahren, und niemand hat mich gefragt.",
        "fr": "Je publie là depuis des années et personne ne m’a rien demandé.",
        "es": "Publico ahí desde hace años y nadie me ha preguntado.",
        "it": "Pubblico lì da anni e nessuno mi ha chiesto niente.",
        "nl": "Ik plaats daar al jaren berichten en niemand heeft mij iets gevraagd.",
        "el": "Δημοσιεύω εκεί χρόνια και κανείς δεν με ρώτησε.",
        "bg": "Публикувам там от години и никой не ме попита.",
    },
    "fear": {
        "en": "I am afraid that my pictures will turn up somewhere one day.",
        "de": "Ich habe Angst, dass meine Bilder eines Tages irgendwo auftauchen.",
        "fr": "J’ai peur que mes photos ressortent un jour.",
        "es": "Temo que mis fotos aparezcan un día en cualquier sitio.",
        "it": "Temo che un giorno le mie foto spuntino da qualche parte.",
        "nl": "Ik ben bang dat mijn foto’s ooit ergens opduiken.",
        "el": "Ανησυχώ για τις φωτογραφίες μου.",
        "bg": "Притеснявам се за снимките си.",
    },
}


@dataclass(frozen=True)
class Story:
    """What the answers of one person must fit: the person, the dates of the action, and what was answered so far."""

    random: Random
    person: Person
    announced: date
    started: date
    languages: tuple[str, ...]
    answers: dict[str, str]

    def says(self, question: str, answer: str) -> bool:
        """Whether the person has given this answer."""
        return self.answers.get(question) == answer


def read_dates(events: Mapping[str, str]) -> tuple[date, date]:
    """Return when the practice was announced and when it started; the first and last event of another action."""
    days = sorted(date.fromisoformat(on) for on in events.values()) or [FIRST_DAY.date()]
    return tuple(  # type: ignore[return-value]  # two
        date.fromisoformat(events[key]) if key in events else fallback
        for key, fallback in (("training-announced", days[0]), ("training-started", days[-1]))
    )


def find_wanted_answers(book: Rulebook) -> dict[str, Any]:
    """Return the answers that meet a criterion which one question decides."""
    tests = [c.rule for c in book.criteria if isinstance(c.rule, Comparison) and c.rule.operator in {"is", "in"}]
    return {test.fact: list(test.values) for test in tests}


def answer_questions(story: Story, facts: Mapping[str, Fact], wanted: Mapping[str, list[Any]]) -> dict[str, str]:
    """Answer all questions in their order; one of fifty answers is unknown (empty)."""
    for name, fact in facts.items():
        answer = SPECIAL[name](story) if name in SPECIAL else None
        if answer is None:
            answer = _draw_answer(story.random, name, fact, wanted.get(name))
        story.answers[name] = "" if story.random.random() < 0.02 else answer
    return story.answers


def _draw_answer(random: Random, name: str, fact: Fact, wanted: list[Any] | None) -> str:
    if wanted and random.random() < 0.985:
        return str(random.choice(wanted))
    match fact.kind:
        case Kind.YES_NO:
            return "yes" if random.random() < LIKELY.get(name, 0.5) else "no"
        case Kind.CHOICE | Kind.COUNTRY:
            return random.choice(sorted(fact.options))
        case Kind.DATE:
            return pick_day(random, date(2012, 1, 1), FIRST_DAY.date()).isoformat()
        case Kind.NUMBER:
            return str(random.randrange(1, 20)) if random.random() < 0.6 else "0"
        case Kind.TEXT:
            return ""


def _had_no_account(story: Story) -> str | None:
    return "no" if story.says("platform", "none") else None


def _after_account(story: Story) -> str | None:
    """Without an account when the practice started, nothing could happen with it afterwards."""
    return "no" if story.says("account_on_key_date", "no") else None


def _open_account(story: Story) -> str | None:
    if story.says("platform", "none"):
        return ""
    thirteen = story.person.born + timedelta(days=13 * 366)
    latest = story.started - timedelta(days=90)
    return pick_day(story.random, min(max(thirteen, FACEBOOK_OPENS), latest), latest).isoformat()


def _close_account(story: Story) -> str | None:
    """The account was closed before the practice started: asked of those only who had none on that day."""
    opened = story.answers.get("account_opened_on")
    if not opened or not story.says("account_on_key_date", "no"):
        return ""
    return pick_day(story.random, date.fromisoformat(opened), story.started - timedelta(days=1)).isoformat()


def _use_account(story: Story) -> str | None:
    closed = story.answers.get("account_closed_on")
    if not story.says("account_on_key_date", "no"):
        return None
    return "yes" if closed and date.fromisoformat(closed) >= story.announced else "no"


def _show_special(story: Story) -> str | None:
    has_said = story.says("public_posts", "yes") or story.says("used_meta_ai", "yes")
    return None if has_said else "no"


def _object_on(story: Story) -> str | None:
    latest = min(story.announced + timedelta(days=180), story.person.registered.date())
    return pick_day(story.random, story.announced, latest).isoformat()


def _live_before(story: Story) -> str | None:
    return "CH" if story.random.random() < 0.05 else story.random.choice(list(STATES))


def _is_minor(story: Story) -> bool:
    return story.person.born > find_birthday_limit(story.person.registered.date(), 18)


def _be_minor(story: Story) -> str | None:
    return "yes" if _is_minor(story) else "no"


def _have_consent(story: Story) -> str | None:
    return None if _is_minor(story) else ""


def _tell(story: Story) -> str | None:
    """Write in one's own language, or in one of the action where we have no text in that."""
    themes = [texts for question, texts in TEXTS.items() if story.says(question, "yes")]
    if not themes or story.random.random() < 0.5:
        return ""
    texts = story.random.choice(themes)
    return texts.get(story.person.language) or texts[next(code for code in (*story.languages, "en") if code in texts)]


SPECIAL: dict[str, Callable[[Story], str | None]] = {
    "account_on_key_date": _had_no_account,
    "account_opened_on": _open_account,
    "account_closed_on": _close_account,
    "state_on_key_date": _live_before,
    "used_in_period": _use_account,
    "public_posts": _after_account,
    "used_meta_ai": _after_account,
    "special_category": _show_special,
    "objection_made_on": _object_on,
    "damage_text": _tell,
    "is_minor_today": _be_minor,
    "custodians_consent": _have_consent,
}
