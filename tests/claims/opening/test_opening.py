"""An action opened in the browser: cloned without claims, hidden until its list is done, published by a lawyer only."""

import shutil
from dataclasses import replace

import pytest
from django.urls import reverse

from claims.base.errors import Refused, StaleStatus
from claims.models import Action, HistoryEvent, Role
from claims.opening import (
    change_facts,
    clone_action,
    confirm_check,
    find_open_checks,
    list_checks,
    open_pack,
    publish_action,
)
from claims.packs import load_pack
from redress.models import ScenarioDocument
from tests.claims.drafting.conftest import change_draft, run_dry
from tests.claims.opening.conftest import FUNDER, PLAN
from tests.factories import SMALL_PACK, make_action, make_claim, make_user

pytestmark = pytest.mark.django_db


def complete(action, lawyer):
    """Do every point of the list."""
    figure = {"id": "users", "label": {"en": "Users", "de": "Nutzer"}, "value": 1000, "unit": "people", "source": "x"}
    changes = {"contact": {"email": "help@second.example"}, "funding": {"funders": [FUNDER]}, "figures": [figure]}
    change_facts(action, changes, by=lawyer, reason="First facts")
    run_dry(action, change_draft(action, lawyer, "criteria:", "criteria:").text)
    action.refresh_from_db()
    for check in find_open_checks(action):
        confirm_check(action, check.key, check.sha256, by=lawyer)


def test_a_short_name_that_a_matter_has_already_is_refused_in_words(action, lawyer):
    make_action("third", matter="second")
    with pytest.raises(Refused, match="matter with this short name"):
        clone_action(action, replace(PLAN, trader="Another Ltd"), by=lawyer, role=Role.Name.LAWYER)


def test_a_clone_has_everything_but_claims_and_is_seen_by_the_office_only(action, clone, lawyer):
    assert (clone.claims.count(), clone.is_published, clone.stage) == (0, False, "draft")
    assert clone.matter == action.matter  # the same trader: nobody can be in both
    assert clone.criteria.document["criteria"] == action.criteria.document["criteria"]
    assert clone.declaration_texts.count() == action.declaration_texts.count()
    assert ScenarioDocument.objects.filter(action=clone).count() == 3
    assert clone.roles.get().user == lawyer
    assert clone.facts["parties"]["entity"]["designations"] == [
        {"state": "DE", "on": "2024-02-01", "source": "https://list.example/second"}
    ]
    assert HistoryEvent.objects.get(verb="action opened").data == {"cloned_from": action.pk}


def test_a_clone_leaves_the_steps_of_the_other_court_and_dates_of_the_class_stay(action, lawyer):
    filed = {"id": "action-filed", "on": "2026-01-02", "text": {"en": "Filed", "de": "Eingebracht"}, "source": "x"}
    action.facts["events"].append(filed)
    action.save()
    clone = clone_action(action, PLAN, by=lawyer, role=Role.Name.LAWYER)
    assert [event.key for event in clone.events.all()] == ["started", "order-published"]


def test_another_trader_is_another_matter_and_fewer_languages_leave_no_text_of_others(action, lawyer):
    from dataclasses import replace

    plan = replace(PLAN, trader="Other SE", languages=("de",))
    clone = clone_action(action, plan, by=lawyer, role=Role.Name.LAWYER)
    assert (clone.matter.slug, clone.matter.trader) == ("second", "Other SE")
    assert clone.facts["languages"] == ["de"] and clone.facts["headline"] == {"de": "Eine kleine Klage"}
    assert {text.language for text in clone.declaration_texts.all()} == {"de"}


def test_two_clones_against_one_trader_stand_in_one_matter_and_a_new_name_leads_to_no_second_one(action, lawyer):
    first, second, third = (
        clone_action(action, replace(PLAN, slug=slug, trader=trader), by=lawyer, role=Role.Name.LAWYER)
        for slug, trader in (("one", "Other plc"), ("two", "OTHER  PLC."), ("three", "Third plc"))
    )
    assert first.matter == second.matter != action.matter
    assert third.matter not in (first.matter, action.matter)
    with pytest.raises(Refused, match="against this trader for the same cause already"):
        change_facts(third, {"trader": "other PLC"}, by=lawyer, reason="x")
    change_facts(third, {"trader": "third PLC"}, by=lawyer, reason="Its own name in other letters")


def test_a_short_name_that_is_taken_is_refused(clone, action, lawyer):
    with pytest.raises(Refused, match="already"):
        clone_action(action, PLAN, by=lawyer, role=Role.Name.LAWYER)


def test_publication_is_blocked_until_every_point_is_done(clone, lawyer):
    assert {check.key for check in find_open_checks(clone)} == {
        "standing", "regime", "criteria", "declarations", "privacy", "funding", "population", "contact",
    }  # fmt: skip
    with pytest.raises(Refused, match="Open points: Standing"):
        publish_action(clone, by=lawyer)
    complete(clone, lawyer)
    publish_action(clone, by=lawyer)
    assert Action.objects.get(pk=clone.pk).is_published
    assert HistoryEvent.objects.get(verb="action published").by == lawyer
    with pytest.raises(StaleStatus):
        publish_action(clone, by=lawyer)


def test_a_confirmation_counts_for_what_was_read_only(clone, lawyer):
    (check,) = [check for check in list_checks(clone) if check.key == "standing"]
    with pytest.raises(StaleStatus):
        confirm_check(clone, "standing", "0" * 64, by=lawyer)
    confirm_check(clone, "standing", check.sha256, by=lawyer)
    assert {c.key: c.state for c in list_checks(clone)}["standing"] == "done"
    changed = [{"state": "DE", "on": "2025-02-01", "source": "https://list.example/second"}]
    change_facts(clone, {"designations": changed}, by=lawyer, reason="Wrong day")
    clone.refresh_from_db()
    assert {c.key: c.state for c in list_checks(clone)}["standing"] == "confirm"


@pytest.mark.parametrize(
    ("funder", "words"),
    [
        ({**FUNDER, "share": 0.11}, "11 %"),
        ({**FUNDER, "is_competitor": True}, "Inadmissible"),
        ({**FUNDER, "influences": None}, "It is not said whether"),
        ({**FUNDER, "share": None}, "not recorded"),
    ],
)
def test_a_funder_that_makes_the_action_inadmissible_blocks_it(clone, lawyer, funder, words):
    change_facts(clone, {"funding": {"funders": [funder]}}, by=lawyer, reason="Who pays")
    clone.refresh_from_db()
    (check,) = [check for check in list_checks(clone) if check.key == "funding"]
    assert check.state == "missing" and words in " ".join(check.missing)


def test_a_pack_publishes_an_illustration_but_no_real_action(db, tmp_path):
    import shutil

    folder = shutil.copytree(SMALL_PACK, tmp_path / "small")
    text = (folder / "action.yaml").read_text(encoding="utf-8")
    (folder / "action.yaml").write_text(text.replace("illustration: true", "illustration: false"), encoding="utf-8")
    assert not load_pack(folder).action.is_published
    Action.objects.all().update(is_published=True)
    (folder / "action.yaml").write_text(text.replace("published: true", "published: false"), encoding="utf-8")
    assert not load_pack(folder).action.is_published


def test_loading_a_pack_again_does_not_show_what_was_taken_off(action):
    Action.objects.update(is_published=False, pack_sha256="")
    assert not load_pack(SMALL_PACK).action.is_published


def test_a_pack_does_not_overwrite_what_was_changed_in_the_browser_unless_told_to(action, lawyer, tmp_path):
    folder = shutil.copytree(SMALL_PACK, tmp_path / "small")
    change_facts(action, {"name": {"en": "New", "de": "Neu"}}, by=lawyer, reason="Clearer")
    text = (folder / "action.yaml").read_text(encoding="utf-8")
    assert not load_pack(folder).changed  # the same pack again
    (folder / "action.yaml").write_text(text.replace("A small action", "A tiny action"), encoding="utf-8")
    with pytest.raises(Refused, match=r"changed in the browser since the pack was loaded: name; .*--overwrite"):
        load_pack(folder)
    assert Action.objects.get().name == "New"
    assert load_pack(folder, overwrites=True).action.name == "Example v. Sample"
    (folder / "action.yaml").write_text(text, encoding="utf-8")
    assert load_pack(folder).changed  # nothing was changed in the browser after that


def test_a_pack_is_opened_once_and_hidden(db, settings, tmp_path):
    import shutil

    shutil.copytree(SMALL_PACK, tmp_path / "config" / "packs" / "small")
    settings.BASE_DIR = tmp_path
    by = make_user()
    opened = open_pack("small", by=by, role=Role.Name.ADMINISTRATOR)
    assert not opened.is_published and ScenarioDocument.objects.filter(action=opened).exists()
    with pytest.raises(Refused, match="open already"):
        open_pack("small", by=by, role=Role.Name.ADMINISTRATOR)
    with pytest.raises(Refused, match="no such pack"):
        open_pack("../small", by=by, role=Role.Name.ADMINISTRATOR)


FORM = {
    "source": "small", "name": "Second", "slug": "second", "regime": "AT-ABHILFE", "court": "HG Wien",
    "entity": "Second Association", "state": "AT", "designated_on": "2024-02-01", "list_url": "https://list.example/x",
    "trader": "Sample Ltd", "languages": ["en", "de"],
}  # fmt: skip


def test_a_lawyer_clones_in_the_browser_and_is_led_to_the_list(visit, action):
    answer = visit("lawyer", reverse("claims:workspace-open"), "post", FORM)
    assert answer.url == "/workspace/second/opening/"
    page = visit("lawyer", answer.url).content.decode()
    assert "must be confirmed by a lawyer" in page and "Publish the action" not in page
    visit("lawyer", answer.url, "post", {"act": "publish"})
    assert not Action.objects.get(slug="second").is_published
    assert visit("anonymous", "/actions/second/").status_code == 404


@pytest.mark.parametrize("bad", [{"slug": "small"}, {"slug": "A B"}, {"regime": "XX"}, {"source": "other"}, {"languages": ["fr"]}, {"list_url": "javascript:x"}, {"slug": "Upper"}, {"designated_on": "1800-01-01"}])  # fmt: skip
def test_a_wrong_setting_is_named_and_opens_nothing(visit, action, bad):
    page = visit("lawyer", reverse("claims:workspace-open"), "post", FORM | bad)
    assert page.status_code == 200 and "There is a problem" in page.content.decode()
    assert not Action.objects.filter(slug__in=["second", "upper", "Upper"]).exists()


def test_who_may_open_and_publish(visit, people, action):
    people["administrator"] = make_user(role=Role.Name.ADMINISTRATOR, action=action)
    address, checklist = reverse("claims:workspace-open"), reverse("claims:workspace-opening", args=[action.slug])
    facts = reverse("claims:workspace-facts", args=[action.slug])
    seen = {
        who: [visit(who, url).status_code for url in (address, checklist, facts)]
        for who in ("stranger", "neighbour", "staff", "lawyer", "administrator")
    }
    assert seen == {
        "stranger": [404, 404, 404], "neighbour": [200, 404, 404], "staff": [404, 404, 404],
        "lawyer": [200, 200, 200], "administrator": [200, 200, 404],
    }  # fmt: skip
    assert visit("administrator", checklist, "post", {"act": "take_off"}).status_code == 404
    assert visit("lawyer", address, "post", {"pack": "noyb-meta-ai-training"}).status_code == 404


def test_an_action_of_others_stays_unseen(visit):
    other = make_action("third")
    assert visit("lawyer", reverse("claims:workspace-opening", args=[other.slug])).status_code == 404


def test_a_clone_of_another_entity_does_not_say_who_the_first_one_is_or_what_its_trader_said(action, lawyer):
    action.facts["parties"]["entity"]["about"] = [{"text": {"en": "We"}, "source": "x"}]
    action.facts["parties"]["trader"] |= {"says": {"en": "Untrue."}, "says_source": "x"}
    action.save()
    facts = clone_action(action, replace(PLAN, trader="Other plc"), by=lawyer, role=Role.Name.LAWYER).facts
    assert "about" not in facts["parties"]["entity"] and "says" not in facts["parties"]["trader"]


def test_an_auditor_reads_the_list_and_the_facts_and_changes_nothing(visit, clone, people):
    make_claim(clone)  # somebody has registered: the parties are shown all the same
    Role.objects.create(user=people["auditor"], action=clone, name=Role.Name.AUDITOR)
    publication, facts = (reverse(f"claims:workspace-{page}", args=[clone.slug]) for page in ("opening", "facts"))
    shown = visit("auditor", publication).content.decode()
    assert facts in shown and "<form" not in shown.split("<main")[1] and reverse("claims:workspace-open") not in shown
    page = visit("auditor", facts).content.decode()
    assert "Second Association" in page and "Sample Ltd" in page and "<form" not in page.split("<main")[1]
    assert [visit("auditor", url, "post", {"act": "publish"}).status_code for url in (publication, facts)] == [404] * 2
