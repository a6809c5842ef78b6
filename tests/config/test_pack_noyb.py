"""The demonstration pack as law: its criteria judged on people, its texts and sources complete."""

import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from babel.dates import format_date

from claims.base.countries import EU_TERRITORIES
from claims.base.languages import walk_texts
from claims.criteria import read_rulebook
from claims.packs import build_criteria_document, load_pack, read_pack
from claims.questions import is_asked_of_people, word_question
from claims.regimes import read_sources
from claims.rules.eligibility import Verdict, explain_rule, parse_rule
from claims.rules.sources import split_sources

NOYB = Path(__file__).parents[2] / "config" / "packs" / "noyb-meta-ai-training"
YES, NO, UNKNOWN = Verdict.YES, Verdict.NO, Verdict.UNKNOWN
ADULT, MINOR = date(2007, 5, 27), date(2007, 5, 28)  # 18 on the day the training started, and a day too young


@cache
def read_noyb():
    pack = read_pack(NOYB)
    return pack, build_criteria_document(pack.criteria, pack.questions.data["questions"], pack.event_dates)


def judge(criterion, **values):
    book = read_rulebook(read_noyb()[1])
    (rule,) = (c.rule for c in book.criteria if c.id == criterion)
    return explain_rule(rule, values).verdict


def is_asked(question, **values):
    document = read_noyb()[1]
    events = {key: date.fromisoformat(on) for key, on in document["events"].items()}
    (condition,) = (q["ask_when"] for q in document["questions"] if q["id"] == question)
    return explain_rule(parse_rule(condition, read_rulebook(document).facts, events), values).verdict != NO


@pytest.mark.parametrize("ticked", ["yes", "no", None])
@pytest.mark.parametrize(
    ("born", "consent", "verdict", "alone"),
    [
        (ADULT, "yes", YES, YES), (ADULT, "no", YES, YES), (ADULT, None, YES, YES),
        (MINOR, "yes", YES, UNKNOWN), (MINOR, "no", NO, NO), (MINOR, None, UNKNOWN, UNKNOWN),
        (None, "yes", YES, UNKNOWN), (None, "no", UNKNOWN, UNKNOWN), (None, None, UNKNOWN, UNKNOWN),
    ],
)  # fmt: skip
def test_trap_14_the_birth_date_and_the_consent_settle_it_and_no_tick_box_does(born, consent, verdict, alone, ticked):
    said = {"birth_date": born, "custodians_consent": consent, "is_minor_today": ticked}
    said["of_age_when_registered"] = born and ("yes" if born == ADULT else "no")
    assert judge("custodians_consent", **said, acted_for="yes") == verdict
    assert judge("custodians_consent", **said) == alone


def test_who_came_of_age_before_registering_needs_nobodys_consent():
    assert judge("custodians_consent", birth_date=MINOR, of_age_when_registered="yes") == YES
    assert not is_asked("custodians_consent", birth_date=MINOR, of_age_when_registered="yes")


def test_no_heir_is_asked_whether_custodians_agreed():
    assert not is_asked("custodians_consent", birth_date=MINOR, died_on=date(2025, 11, 1))


def test_a_tick_for_minors_is_asked_only_without_a_birth_date_and_consent_only_of_those_who_may_be_minors():
    assert [is_asked("is_minor_today", birth_date=born) for born in (ADULT, MINOR, None)] == [False, False, True]
    assert [is_asked("custodians_consent", birth_date=born) for born in (ADULT, MINOR, None)] == [False, True, True]


@pytest.mark.parametrize(
    ("home", "verdict"), [("FR", YES), *((code, YES) for code in EU_TERRITORIES), ("NC", NO), ("GB", NO)]
)
def test_who_lives_in_a_part_of_the_union_with_a_country_code_of_its_own_lives_in_the_union(home, verdict):
    since = {"before": date(2020, 1, 1), "after": date(2025, 6, 1)}
    assert judge("residence_on_key_date", habitual_residence=home, resident_since=since["before"]) == verdict
    moved = {"habitual_residence": "CH", "resident_since": since["after"], "state_on_key_date": home}
    assert judge("residence_on_key_date", **moved) == verdict


NOTHING = {"loss_of_control": "no", "distress": "no", "fear": "no", "effort_hours": 0}


def test_trap_8_who_states_no_effect_at_all_is_a_no_for_a_person_to_decide_on():
    assert judge("damage_facts", **NOTHING) == NO


@pytest.mark.parametrize("question", NOTHING)
def test_one_silence_about_damage_stays_unknown_and_one_effect_is_enough(question):
    assert judge("damage_facts", **NOTHING | {question: None}) == UNKNOWN
    effect = 1 if question == "effort_hours" else "yes"
    assert judge("damage_facts", **dict.fromkeys(NOTHING) | {question: effect}) == YES


def test_own_words_alone_prove_nothing_and_are_read_by_a_person():
    assert judge("damage_facts", damage_text="Nothing at all.") == UNKNOWN


def walk_sources(value):
    if isinstance(value, list):
        for child in value:
            yield from walk_sources(child)
    elif isinstance(value, dict):
        for key, child in value.items():
            if key in {"source", "says_source", "stage_source"}:
                yield from split_sources(child)
            else:
                yield from walk_sources(child)


def test_every_source_that_the_pack_names_has_a_title_and_every_title_is_named():
    pack = read_noyb()[0]
    own = set(pack.action.data["sources"])
    named = {key for document in (pack.action, pack.criteria) for key in walk_sources(document.data)}
    assert named <= own | set(read_sources())
    assert own <= named


@pytest.fixture
def page(client, db):
    load_pack(NOYB)
    html = client.get("/actions/noyb-meta-ai-training/", headers={"accept-language": "de"}).content.decode()
    return re.sub(r"\s+", " ", html)


def test_a_german_page_speaks_german_on_law_sources_and_dates(page):
    main = page[page.index("<main") : page.index("</main>")]
    assert 'lang="en"' not in main
    assert "Österreich, Verbandsklage auf Abhilfe" in page
    assert "Artikel 3 Nummer 1: Verbraucher handeln außerhalb" in page
    assert "Das Datum der Quelle ist nicht bekannt." in page
    assert "Klagende Partei" in page and "Veranschaulichung" not in page


def test_sources_are_titles_with_links_and_no_working_notes(page):
    sources = page[page.index('<ol class="sources">') :]
    assert (
        'href="https://gesetzefinden.at/bundesrecht/bundesgesetze/zpo/para-628" rel="external noreferrer">' in sources
    )
    assert not re.search("unverified|noyb post copy|search of public|channelnewsasia.com|second QE", sources)
    assert "Allgemeine Rechtskenntnis; noch in keiner Quelle geprüft" in sources


def test_every_step_and_the_sums_have_their_sources(page):
    steps = page[page.index('<ol class="plain">') :].split("</ol>")[0].split("<li>")[1:]
    assert len(steps) == 6 and all("#s" in step for step in steps)
    money = page[page.index('<div class="money">') :].split("<p>")[0]
    assert '<b>0 €,</b> <a href="#exception">mit einer Ausnahme</a>' in money
    assert 'id="exception">Die Teilnahme kostet Sie nichts' in page


def test_trap_9_the_number_of_people_says_what_it_counts(page):
    assert "Gezählt sind alle Ansprüche in unserem Bestand, auch importierte" in page


def test_whoever_acts_for_a_child_or_a_dead_person_is_not_asked_about_themselves():
    for question in read_noyb()[0].questions.data["questions"]:
        if is_asked_of_people(question):
            worded = word_question(question, capacity="heir")
            for part in {"label", "hint", "why"} & worded.keys():
                text = re.sub("You may leave this empty|if you like", "", worded[part]["en"])  # said to whoever acts
                assert not re.search(r"\byou(r|rs|rself)?\b", text, re.IGNORECASE), question["id"]


def test_reasons_about_a_child_or_a_dead_person_speak_of_that_person_and_not_of_whoever_acts():
    for criterion in read_rulebook(read_noyb()[1]).criteria:
        worded = criterion.word_for("heir")
        for text in (worded.title, *worded.texts.values()):
            said = re.sub("your (own words|mandate|answers|confirmation)", "", text["en"], flags=re.IGNORECASE)
            about = r"\byour\b|\byou (are|were|had|used|lived|live|moved|closed|objected|turned)\b"
            if worded.about_another:
                assert not re.search(about, said, re.IGNORECASE), (criterion.id, said)
            else:  # declared by whoever acts, or about nobody
                assert criterion.id in {"mandate_given", "truth_confirmed", "alive_on_key_date"}
        assert criterion.word_for("self") is criterion


def test_a_day_that_the_words_name_is_that_of_an_event_and_stands_in_every_language():
    """Texts have their dates typed: who moves an event learns here which words to change."""
    pack, words = read_noyb()[0], {}
    days = {date.fromisoformat(on) for on in pack.event_dates.values()}
    for document in (pack.questions, pack.criteria):
        for path, texts in walk_texts(document.data):
            if "citations" not in path:
                words[document.file, path] = texts
    named = {key: re.findall(r"\d{1,2} [A-Z][a-z]+ \d{4}", texts["en"]) for key, texts in words.items()}
    english = {format_date(day, "d MMMM y", "en"): day for day in days}
    assert {said for found in named.values() for said in found} <= english.keys() and sum(
        map(bool, named.values())
    ) > 20
    for key, found in named.items():
        for said in found:
            for language, text in words[key].items():
                assert format_date(english[said], "d MMMM y" if language == "en" else "long", language) in text, key
