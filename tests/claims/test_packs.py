"""Packs: loading one sets up an action; a wrong one is refused with file, line and key, and nothing is done."""

import os
import shutil
import time
from pathlib import Path

import pytest

from claims.base.errors import Refused
from claims.models import Action, CriteriaVersion, DeclarationText, HistoryEvent
from claims.packs import guards, load_pack, read_pack
from claims.regimes import read_regime
from tests.factories import SMALL_PACK, make_action, make_claim

NOYB = Path(__file__).parents[2] / "config" / "packs" / "noyb-meta-ai-training"


@pytest.fixture
def pack(tmp_path):
    """A copy of the small pack to spoil: pack("criteria.yaml", "old", "new") returns the folder."""
    folder = Path(shutil.copytree(SMALL_PACK, tmp_path / "small"))

    def change(file, old, new):
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return change


def test_loading_a_pack_twice_changes_nothing(db):
    assert load_pack(SMALL_PACK).changed
    assert not load_pack(SMALL_PACK).changed
    assert (Action.objects.count(), CriteriaVersion.objects.count(), DeclarationText.objects.count()) == (1, 1, 4)


def test_changed_criteria_become_a_new_version_and_the_old_one_stays(action, pack):
    loaded = load_pack(pack("criteria.yaml", "in: [AT, DE, GR]", "in: [AT, DE]"))
    assert (loaded.criteria.number, loaded.changed) == (2, True)
    assert action.criteria_versions.get(number=1).document["criteria"][1]["rule"]["all"][0]["in"] == ["AT", "DE", "GR"]


def test_a_date_in_one_place_drives_rules_and_page(action, pack):
    loaded = load_pack(pack("action.yaml", "on: 2025-05-27", "on: 2025-06-27"))
    assert loaded.criteria.document["events"] == {"started": "2025-06-27"}
    assert str(loaded.action.events.get(key="started").on) == "2025-06-27"


def test_trap_18_the_words_of_a_declaration_never_change_in_place(action, pack):
    folder = pack("declarations/truth.yaml", "All I said is true.", "Some of it is true.")
    with pytest.raises(Refused, match=r"truth.yaml, line 3, version: .*raise it"):
        load_pack(folder)
    pack("declarations/truth.yaml", "version: 1", "version: 2")
    assert load_pack(folder).changed
    assert DeclarationText.objects.filter(kind="truth", language="en").count() == 2


def test_an_action_with_claims_keeps_its_regime_and_matter(action, pack):
    make_claim(action)
    with pytest.raises(Refused, match="can no longer change"):
        load_pack(pack("action.yaml", "slug: sample-training", "slug: another-matter"))
    assert Action.objects.get().matter.slug == "sample-training"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind: text", "kind: number", r"questions.yaml, line 15, questions.5.kind: .*kind text.*new id"),
        ("kind: number", "kind: date", r"questions.4.kind: .*kind number.*new id"),
        ("id: instagram, label", "id: insta, label", r"line 8, questions.1.options: the option `instagram`.* 2 claims"),
        (
            "id: objection_made_on",
            "id: objected_on",
            r"line 2, questions: the question `objection_made_on` .* 1 claims",
        ),
    ],
)
def test_questions_that_stored_answers_use_do_not_change_under_them(action, pack, old, new, message):
    folder = pack("questions.yaml", old, new)
    pack("criteria.yaml", "question: objection_made_on", "question: resident_since")
    pack("criteria.yaml", "question: effort_hours, at_least: 1", "question: platform, is: facebook")
    pack("criteria.yaml", "question: platform, is: instagram", "question: platform, is: facebook")
    make_claim(action, answers={"platform": "instagram", "objection_made_on": "2025-01-01"})
    make_claim(action, answers={"platform": "instagram", "objection_made_on": None})
    with pytest.raises(Refused, match=message):
        load_pack(folder)
    assert Action.objects.get().questions == action.questions


def test_a_question_or_option_that_no_answer_uses_can_go(action, pack):
    make_claim(action, answers={"platform": "facebook"})
    pack("criteria.yaml", "question: platform, is: instagram", "question: platform, is: facebook")
    folder = pack("questions.yaml", "      - {id: instagram, label: {en: Instagram, de: Instagram}}\n", "")
    assert load_pack(folder).changed


def test_the_book_is_read_once_however_many_questions_go(action, django_assert_num_queries):
    conditions = [f"(answers ->> 'q{i}') IS NOT NULL" for i in range(30)]
    with django_assert_num_queries(1):
        assert guards._count_uses(action, conditions) == [0] * 30


def test_a_pack_against_the_same_trader_for_the_same_cause_makes_no_second_matter(action, pack):
    pack("action.yaml", "slug: small", "slug: again")
    folder = pack("action.yaml", "slug: sample-training, trader: Sample Ltd", "slug: other, trader: ' sample  LTD'")
    with pytest.raises(Refused, match=r"line 12, matter.slug: .*in the matter `sample-training`; name"):
        load_pack(folder)
    pack("action.yaml", "slug: other, trader: ' sample  LTD'", "slug: sample-training, trader: Sample Ltd")
    assert load_pack(folder).action.matter == action.matter


def test_the_texts_of_a_matter_hold_while_another_action_or_a_claim_stands_in_it(action, pack):
    folder = pack("action.yaml", "trader: Sample Ltd, practice", "trader: Sample SE, practice")
    assert load_pack(folder).action.matter.trader == "Sample SE"
    make_action("second", matter="sample-training")
    pack("action.yaml", "practice: training", "practice: scraping")
    with pytest.raises(
        Refused, match=r"line 12, matter.practice: the action second stands .* says `training`; set this"
    ):
        load_pack(folder)
    Action.objects.filter(slug="second").delete()
    make_claim(action)
    with pytest.raises(Refused, match="claims stand in the matter `sample-training`"):
        load_pack(folder)


def test_a_load_pins_the_record_of_the_regime_and_says_when_it_has_changed(action):
    event = HistoryEvent.objects.get(verb="pack loaded")
    digest = read_regime("AT-ABHILFE").sha256
    assert action.regime_sha256 == event.data["regime"]["sha256"] == digest
    Action.objects.update(regime_sha256="0" * 64)
    loaded = load_pack(SMALL_PACK)
    assert loaded.changed and any("AT-ABHILFE has changed" in warning for warning in loaded.warnings)
    assert loaded.action.regime_sha256 == digest
    assert not any("AT-ABHILFE" in warning for warning in load_pack(SMALL_PACK).warnings)


def test_a_text_for_a_verdict_that_never_comes_is_warned_of_with_its_line(db, pack):
    warning, *_ = load_pack(SMALL_PACK).warnings
    assert warning.startswith("small/criteria.yaml, line 39, criteria.3.no: no claim can ever get the verdict `no`")
    loaded = load_pack(pack("criteria.yaml", "    no: {en: Nothing happened., de: Nichts geschah.}\n", ""))
    assert not any("criteria" in warning for warning in loaded.warnings)


def test_a_text_for_a_verdict_that_can_come_is_needed(db, pack):
    with pytest.raises(Refused, match=r"line 3, criteria.0: `no` is missing"):
        read_pack(
            pack("criteria.yaml", "    no: {en: You used it for business., de: Sie nutzten es geschäftlich.}\n", "")
        )


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("action.yaml", "lead:", "leed:", r"action.yaml, line \d+, .*(leed|lead)"),
        ("action.yaml", "stage: draft", "stage: won", r"action.yaml, line 9, stage: `won` is not one of"),
        ("action.yaml", "regime: AT-ABHILFE", "regime: XX-LAW", r"action.yaml, line 13, regime: there is no record"),
        ("action.yaml", "state: AT, source: invented}", "state: DE, source: invented}", "so must the court be"),
        ("action.yaml", "on: 2025-05-27", "on: 27.05.2025", r"line 34, events.0.on: .*is not a date"),
        ("action.yaml", "until: {en: the court publishes, de: das Gericht veröffentlicht}, ", "", "what ends the waiting"),
        ("action.yaml", "id: order-published", "id: started", "there twice"),
        ("action.yaml", "name: {en: \"Example v. Sample\", de: \"Beispiel gegen Muster\"}", "name: {en: Only English}", r"action.yaml, line 3, name: the text in `de` is missing"),
        ("action.yaml", "figures: []", "figures: [{id: a, label: {en: A, de: A}, value: 3}]", "`source` is missing"),
        ("action.yaml", "de: Registrieren.}, source: invented}", "de: Registrieren.}}", r"steps.0: `source` is missing"),
        ("action.yaml", "lead: {text: {en: \"For tests.\", de: \"Für Tests.\"}, source: invented}", "lead: {text: {en: For tests., de: Für Tests.}}", r"lead: `source` is missing"),
        ("criteria.yaml", "question: uses_privately", "question: uses_secretly", r"criteria.yaml, line 5, criteria.0.rule.question: unknown question"),
        ("criteria.yaml", "is: yes}\n    citations", "resembles: yes}\n    citations", r"criteria.yaml, line 5, criteria.0.rule.resembles: .*use one of"),
        ("criteria.yaml", "at_most: started", "at_most: finished", r"criteria.yaml, line 16, .*neither a date"),
        ("criteria.yaml", 'citations: [{text: {en: "GDPR, Article 8", de: "DSGVO, Artikel 8"}, source: eur-lex}]', "citations: []", r"criteria.yaml, line 24, criteria.2.citations: is empty"),
        ("criteria.yaml", '    citations: [{text: {en: "GDPR, Article 8", de: "DSGVO, Artikel 8"}, source: eur-lex}]\n', "", r"criteria.2: `citations` is missing"),
        ("criteria.yaml", "id: adult", "id: consumer", r"criteria.2.id: `consumer` is there twice"),
        ("criteria.yaml", "no: {en: You were younger., de: Sie waren jünger.}", "no: {en: You were younger.}", "the text in `de` is missing"),
        ("criteria.yaml", "schema: criteria/1", "schema: criteria/9", "must be `criteria/1`"),
        ("criteria.yaml", "schema: criteria/1", "schema: criteria/1\nschema: criteria/1", "there twice"),
        ("criteria.yaml", "title: {en: Adult", "title: {en: [Adult", r"criteria.yaml, line \d+, column \d+: not YAML"),
        ("criteria.yaml", "title: {en: Adult, de: Volljährig}", "title: &a {en: Adult, de: *a}", "can run in a circle"),
        ("criteria.yaml", "title: {en: Adult, de: Volljährig}", "title: !!python/object:os.system {}", "the tag .* is not allowed"),
        ("questions.yaml", "id: effort_hours", "id: birth_date", "is taken"),
        ("questions.yaml", "id: effort_hours", "id: damage_text", "is taken"),
        ("questions.yaml", "kind: number", "kind: colour", "is not one of"),
        ("questions.yaml", "ask_when: {question: objection_made, is: yes}", "ask_when: {question: objection_made_on, known: true}", r"line 13, questions.3.ask_when: runs in a circle"),
        ("questions.yaml", "kind: number", "kind: number, one_line: true", r"questions.4.one_line: `effort_hours` is not own words"),
        ("questions.yaml", "kind: number", "kind: number, ask_with: damage_text", r"questions.4.ask_with: `damage_text` is no earlier question"),
        ("questions.yaml", "kind: number", "kind: number, ask_with: objection_made_on", "is asked at other times"),
        ("declarations/truth.yaml", "prevailing: de", "prevailing: fr", "no text in `body`"),
        ("declarations/truth.yaml", "citation: invented", "citation: ''", "is empty"),
    ],
)  # fmt: skip
def test_a_wrong_pack_is_refused_with_its_place_and_nothing_is_done(db, pack, file, old, new, message):
    with pytest.raises(Refused, match=message):
        load_pack(pack(file, old, new))
    assert not Action.objects.exists()


def test_two_questions_that_wait_for_each_other_are_a_circle(db, pack):
    folder = pack(
        "questions.yaml",
        'kind: yes_no, label: {en: "Objected?"',
        'kind: yes_no, ask_when: {question: objection_made_on, known: true}, label: {en: "Objected?"',
    )
    with pytest.raises(Refused, match="objection_made > objection_made_on > objection_made"):
        read_pack(folder)


BOMB = b"a: &a [x, x]\n" + b"".join(b"%c: &%c [*%c, *%c]\n" % (i + 1, i + 1, i, i) for i in range(97, 120))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[" * 9000, "line 1: nested deeper than 60"),
        (BOMB, r"criteria.yaml, line 2: an alias"),
        (b"a: b\nc: !!python/name:os.system x\n", r"line 2: the tag .* is not allowed"),
        (b"a: !!int abc", r"line 1: the tag .* is not allowed"),
        (b"a: b\nc: d\0\n", r"line 2: holds the control character U\+0000"),
        (b'a: "d\\ud800"', r"line 1, a: holds the control character U\+D800"),
        (b"a: b\n" * 2, r"line 2, a: this key is there twice"),
        (b"- a\n" * 400_000, "line 20000: more than 20000 keys and values"),
        (b"a: b\n" * 20_000_000, "has 100000000 bytes; .* at most 2000000"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_no_document_is_refused_at_once(db, tmp_path, content, words):
    folder = Path(shutil.copytree(SMALL_PACK, tmp_path / "small"))
    (folder / "criteria.yaml").write_bytes(content)
    began = time.process_time()
    with pytest.raises(Refused, match=words):
        read_pack(folder)
    assert time.process_time() - began < 3


@pytest.mark.parametrize("number", [".nan", ".inf", "1e999", "9" * 400, "9" * 400 + ".0", "9" * 19])
def test_a_number_that_is_none_or_too_long_is_refused(db, pack, number):
    folder = pack("action.yaml", "low_cents: 0", f"low_cents: {number}")
    with pytest.raises(Refused, match=r"action.yaml, line \d+, costs.awarded.low_cents: must be of the type integer"):
        read_pack(folder)


def test_a_link_or_a_pipe_in_a_pack_is_not_read(db, tmp_path):
    folder = Path(shutil.copytree(SMALL_PACK, tmp_path / "small"))
    (tmp_path / "secret").write_text("not the pack's")
    (folder / "questions.yaml").unlink()
    (folder / "questions.yaml").symlink_to(tmp_path / "secret")
    with pytest.raises(Refused, match=r"questions.yaml is or lies behind a link"):
        read_pack(folder)
    (folder / "questions.yaml").unlink()
    os.mkfifo(folder / "questions.yaml")
    with pytest.raises(Refused, match=r"questions.yaml is not a file"):
        read_pack(folder)


def test_a_folder_or_file_that_is_missing_is_named(db, tmp_path):
    with pytest.raises(Refused, match="is not a folder"):
        read_pack(tmp_path / "nothing")
    folder = Path(shutil.copytree(SMALL_PACK, tmp_path / "small"))
    (folder / "questions.yaml").unlink()
    with pytest.raises(Refused, match=r"questions.yaml is missing"):
        read_pack(folder)


def test_the_pack_noyb_v_meta_says_that_it_is_an_illustration():
    data = read_pack(NOYB).action.data
    assert data["illustration"] is True
    assert "does not exist" in data["illustration_note"]["en"]
    assert data["regime"] == "AT-ABHILFE"


def test_the_pack_noyb_v_meta_has_its_criteria_tiers_and_declarations():
    pack = read_pack(NOYB)
    assert len(pack.criteria.data["criteria"]) >= 15
    assert [tier["id"] for tier in pack.criteria.data["tiers"]] == [
        "minor",
        "special_category",
        "public_posts_only",
        "adult",
    ]
    assert len(pack.declarations) == 9
    assert pack.event_dates["training-started"] == "2025-05-27"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind: date,", "kind: date, not_before: [platform],", r"questions.3.not_before.0: there is no day `platform`"),
        ("kind: number,", "kind: number, may_come: true,", r"questions.4.may_come: `effort_hours` is not a day"),
        ("kind: date,", "kind: date, not_before: [objection_made_on],", "runs in a circle"),
    ],
)
def test_an_order_of_days_that_makes_no_sense_is_refused(pack, old, new, message):
    with pytest.raises(Refused, match=message):
        read_pack(pack("questions.yaml", old, new))
