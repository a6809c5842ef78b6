"""A draft is kept as typed, named where it is wrong, and becomes a version only after a dry run, with a note."""

import re

import pytest

from claims.base.documents import parse_document
from claims.base.dumping import dump_document
from claims.base.errors import Refused, StaleStatus
from claims.criteria import read_rulebook
from claims.drafting import (
    compare_documents,
    describe_publishing,
    discard_draft,
    find_draft,
    publish_draft,
    read_source,
    rebase_draft,
    save_draft,
    start_draft,
    write_source,
)
from claims.models import Claim, CriteriaDraft, CriteriaVersion, HistoryEvent
from claims.packs import load_pack
from tests.claims.drafting.conftest import change_draft, run_dry, screen
from tests.claims.test_packs import pack  # noqa: F401  # the fixture
from tests.factories import SMALL_PACK, make_claim, make_user


def test_the_source_of_a_version_reads_back_to_the_same_version(action):
    revision = read_source(action, write_source(action.criteria.document))
    assert revision.sha256 == action.criteria.sha256
    assert revision.document == action.criteria.document


@pytest.mark.parametrize(
    "value", ["no", "NO", "on", "5", "05", "null", "~", "", "2025-05-27", "a: b", "- x", "#", "é\u00a0x", "true", " "]
)
def test_whatever_text_is_written_as_yaml_comes_back_as_the_same_text(value):
    data = {"a": value, "b": [value, {"c": value}], "n": 5, "t": True, "z": None}
    assert parse_document(dump_document(data), name="x").data == data


def test_a_draft_begins_as_the_version_in_force_and_is_there_once(action, lawyer):
    draft = start_draft(action, by=lawyer)
    assert (draft.sha256, draft.is_right) == (action.criteria.sha256, True)
    assert start_draft(action, by=make_user()).saved_by == lawyer
    assert CriteriaDraft.objects.count() == 1


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "question: uses_privately",
            "question: uses_secretly",
            r"criteria.yaml, line 5, criteria.0.rule.question: unk",
        ),
        ("at_most: started", "at_most: finished", r"line 24, .*at_most: `finished` is neither a date"),
        ("id: adult", "id: consumer", r"criteria.2.id: `consumer` is there twice"),
        ("  - id: consumer", "  - id: consumer\n   bad", r"line \d+, column \d+: not YAML"),
        ("en: Consumer", "fr: Consommateur", r"criteria.0.title: the text in `en` is missing"),
        ("schema: criteria/1", "", r"`schema` is missing"),
    ],
)
def test_a_wrong_draft_is_kept_as_typed_and_named_with_line_and_key(action, lawyer, old, new, fault):
    draft = change_draft(action, lawyer, old, new)
    assert re.search(fault, draft.fault), draft.fault
    kept = find_draft(action)
    assert new in kept.text and not kept.is_right and kept.sha256 == ""
    with pytest.raises(Refused, match="The draft is wrong"):
        publish_draft(action, by=lawyer, note="x", revision=kept.revision)
    assert CriteriaVersion.objects.count() == 1


def test_two_people_at_one_draft_do_not_overwrite_each_other_unseen(action, lawyer):
    first = change_draft(action, lawyer, "en: Consumer", "en: A consumer")
    with pytest.raises(StaleStatus):
        save_draft(action, "mine", by=make_user(), revision=first.revision - 1)
    with pytest.raises(StaleStatus):
        discard_draft(action, by=lawyer, revision=first.revision - 1)
    assert "A consumer" in find_draft(action).text


def test_what_a_form_sends_is_kept_without_carriage_returns_and_nul(action, lawyer):
    draft = save_draft(action, "a: b\r\nc: \0", by=lawyer, revision=start_draft(action, by=lawyer).revision)
    assert draft.text == "a: b\nc: \ufffd"


def test_a_draft_is_published_only_after_a_dry_run_of_exactly_this_content(action, lawyer):
    draft = change_draft(action, lawyer, "is: yes", "is: no")
    with pytest.raises(Refused, match="no dry run of exactly this draft"):
        publish_draft(action, by=lawyer, note="Why", revision=draft.revision)
    run_dry(action)
    draft = save_draft(
        action, draft.text + "# later\n", by=lawyer, revision=draft.revision
    )  # a comment changes no rule
    assert describe_publishing(draft).is_ready
    draft = change_draft(action, lawyer, "is: no", "is: yes")
    assert not describe_publishing(draft).is_ready


def test_publishing_needs_a_note_and_leaves_findings_pinned_until_the_claims_are_screened(action, lawyer):
    claim = make_claim(action, answers={"uses_privately": "yes", "effort_hours": 2})
    screen(action)
    draft = change_draft(action, lawyer, "is: yes", "is: no")
    run_dry(action)
    with pytest.raises(Refused, match="note"):
        publish_draft(action, by=lawyer, note="  ", revision=draft.revision)
    version = publish_draft(action, by=lawyer, note="The court said so.", revision=draft.revision)
    assert (version.number, version.note, version.published_by) == (2, "The court said so.", lawyer)
    assert find_draft(action) is None
    assert HistoryEvent.objects.get(verb="criteria published").data == {"criteria": 2}
    claim.refresh_from_db()
    assert (claim.outcome, claim.criteria_version.number) == ("eligible", 1)
    screen(action)
    assert Claim.objects.get().outcome == "ineligible"


def test_a_draft_that_says_what_is_in_force_is_not_published(action, lawyer):
    draft = start_draft(action, by=lawyer)
    run_dry(action)
    with pytest.raises(Refused, match="says the same as the version in force"):
        publish_draft(action, by=lawyer, note="x", revision=draft.revision)


def test_a_draft_that_was_begun_from_an_older_version_says_so_until_somebody_compared(action, lawyer, pack):  # noqa: F811
    draft = change_draft(action, lawyer, "is: yes", "is: no")
    load_pack(pack("criteria.yaml", "in: [AT, DE, GR]", "in: [AT, DE]"))
    run_dry(action)
    with pytest.raises(Refused, match="Version 2 was published since"):
        publish_draft(action, by=lawyer, note="x", revision=draft.revision)
    draft = rebase_draft(action, by=lawyer, revision=draft.revision)
    assert publish_draft(action, by=lawyer, note="x", revision=draft.revision).number == 3


def publish_change(action, lawyer, old="is: yes", new="is: no"):
    draft = change_draft(action, lawyer, old, new)
    run_dry(action)
    return publish_draft(action, by=lawyer, note="Why", revision=draft.revision)


def test_loading_the_old_pack_again_keeps_what_was_published_in_the_browser(action, lawyer):
    published = publish_change(action, lawyer)
    loaded = load_pack(SMALL_PACK)
    assert loaded.criteria == published and not loaded.changed
    assert any("version 2) were published in the browser and stay" in warning for warning in loaded.warnings)
    assert action.criteria_versions.count() == 2


def test_the_same_holds_for_an_action_that_was_loaded_before_drafts_were_there(action, lawyer):
    type(action).objects.update(pack_criteria_sha256=None)
    published = publish_change(action, lawyer)
    assert load_pack(SMALL_PACK).criteria == published


def test_a_pack_whose_criteria_changed_becomes_a_version_of_its_own_after_the_browsers(action, lawyer, pack):  # noqa: F811
    publish_change(action, lawyer)
    loaded = load_pack(pack("criteria.yaml", "in: [AT, DE, GR]", "in: [AT, DE]"))
    assert (loaded.criteria.number, loaded.criteria.published_by) == (3, None)
    assert loaded.criteria.document["criteria"][0]["rule"] == {"question": "uses_privately", "is": "yes"}


def test_new_dates_of_the_pack_reach_the_criteria_of_the_browser(action, lawyer, pack):  # noqa: F811
    publish_change(action, lawyer)
    loaded = load_pack(pack("action.yaml", "on: 2025-05-27", "on: 2025-06-27"))
    assert loaded.criteria.number == 3
    assert loaded.criteria.document["events"] == {"started": "2025-06-27"}
    assert loaded.criteria.document["criteria"][0]["rule"]["is"] == "no"


def test_a_pack_that_takes_away_what_criteria_of_the_browser_ask_about_is_refused(action, lawyer, pack):  # noqa: F811
    publish_change(action, lawyer, "question: platform, is: instagram", "question: platform, is: none")
    folder = pack("questions.yaml", "      - {id: none, label: {en: None, de: Keine}}\n", "")
    with pytest.raises(Refused, match=r"criteria version 2, .*tiers.1.rule.is: `none` is not an answer"):
        load_pack(folder)


def test_two_versions_are_compared_criterion_by_criterion(action, lawyer):
    old = action.criteria.document
    kept = [old["criteria"][0], old["criteria"][2], {**old["criteria"][1], "title": {"en": "Home", "de": "Heim"}}]
    new = {**old, "criteria": [*kept, {**old["criteria"][3], "id": "harm"}], "events": {"started": "2025-06-01"}}
    found = compare_documents(old, new)
    assert {change.id: change.kind for change in found.changes if change.kind != "same"} == {
        "residence": "changed", "adult": "moved", "harm": "added", "damage": "removed",
    }  # fmt: skip
    (changed,) = [change for change in found.changes if change.id == "residence"]
    assert ("changed", "title: {en: Residence, de: Aufenthalt}", "title: {en: Home, de: Heim}") in [
        (x.kind, x.old, x.new) for x in changed.lines
    ]
    assert found.dates == (("started", "2025-05-27", "2025-06-01"),)
    assert found.counts["same"] == 4 and read_rulebook(new)
