"""An action opened in the browser: cloned without claims, hidden until its list is done, published by a lawyer only."""

import re
import shutil
from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from claims.base.errors import Refused, StaleStatus
from claims.forms.opening import FactsForm
from claims.models import Action, HistoryEvent, Matter, Role
from claims.opening import (
    Plan,
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
from tests.claims.drafting.conftest import change_draft, lawyer, run_dry  # noqa: F401  # a fixture
from tests.claims.views.conftest import people, visit  # noqa: F401  # fixtures
from tests.factories import SMALL_PACK, load_small_scenarios, make_action, make_claim, make_user
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db
PLAN = Plan(
    slug="second", name="Second v. Sample", regime="DE-ABHILFE", court="OLG Hamm", entity="Second Association",
    state="DE", designated_on=date(2024, 2, 1), list_url="https://list.example/second", trader="Sample Ltd",
    languages=("en", "de"),
)  # fmt: skip
FUNDER = {"name": "Second Association", "share": 0, "is_competitor": False, "depends_on_trader": False,
          "influences": False, "source": "accounts of 2025"}  # fmt: skip


@pytest.fixture
def clone(action, lawyer):  # noqa: F811
    make_claim(action)
    load_small_scenarios(action)
    return clone_action(action, PLAN, by=lawyer, role=Role.Name.LAWYER)


def complete(action, lawyer):  # noqa: F811
    """Do every point of the list."""
    figure = {"id": "users", "label": {"en": "Users", "de": "Nutzer"}, "value": 1000, "unit": "people", "source": "x"}
    changes = {"contact": {"email": "help@second.example"}, "funding": {"funders": [FUNDER]}, "figures": [figure]}
    change_facts(action, changes, by=lawyer, reason="First facts")
    run_dry(action, change_draft(action, lawyer, "criteria:", "criteria:").text)
    action.refresh_from_db()
    for check in find_open_checks(action):
        confirm_check(action, check.key, check.sha256, by=lawyer)


def test_a_short_name_that_a_matter_has_already_is_refused_in_words(action, lawyer):  # noqa: F811
    make_action("third", matter="second")
    with pytest.raises(Refused, match="matter with this short name"):
        clone_action(action, replace(PLAN, trader="Another Ltd"), by=lawyer, role=Role.Name.LAWYER)


def test_a_clone_has_everything_but_claims_and_is_seen_by_the_office_only(action, clone, lawyer):  # noqa: F811
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


def test_a_clone_leaves_the_steps_of_the_other_court_and_dates_of_the_class_stay(action, lawyer):  # noqa: F811
    filed = {"id": "action-filed", "on": "2026-01-02", "text": {"en": "Filed", "de": "Eingebracht"}, "source": "x"}
    action.facts["events"].append(filed)
    action.save()
    clone = clone_action(action, PLAN, by=lawyer, role=Role.Name.LAWYER)
    assert [event.key for event in clone.events.all()] == ["started", "order-published"]


def test_another_trader_is_another_matter_and_fewer_languages_leave_no_text_of_others(action, lawyer):  # noqa: F811
    from dataclasses import replace

    plan = replace(PLAN, trader="Other SE", languages=("de",))
    clone = clone_action(action, plan, by=lawyer, role=Role.Name.LAWYER)
    assert (clone.matter.slug, clone.matter.trader) == ("second", "Other SE")
    assert clone.facts["languages"] == ["de"] and clone.facts["headline"] == {"de": "Eine kleine Klage"}
    assert {text.language for text in clone.declaration_texts.all()} == {"de"}


def test_two_clones_against_one_trader_stand_in_one_matter_and_a_new_name_leads_to_no_second_one(action, lawyer):  # noqa: F811
    first, second, third = (
        clone_action(action, replace(PLAN, slug=slug, trader=trader), by=lawyer, role=Role.Name.LAWYER)
        for slug, trader in (("one", "Other plc"), ("two", "OTHER  PLC."), ("three", "Third plc"))
    )
    assert first.matter == second.matter != action.matter
    assert third.matter not in (first.matter, action.matter)
    with pytest.raises(Refused, match="against this trader for the same cause already"):
        change_facts(third, {"trader": "other PLC"}, by=lawyer, reason="x")
    change_facts(third, {"trader": "third PLC"}, by=lawyer, reason="Its own name in other letters")


def test_a_short_name_that_is_taken_is_refused(clone, action, lawyer):  # noqa: F811
    with pytest.raises(Refused, match="already"):
        clone_action(action, PLAN, by=lawyer, role=Role.Name.LAWYER)


def test_publication_is_blocked_until_every_point_is_done(clone, lawyer):  # noqa: F811
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


def test_a_confirmation_counts_for_what_was_read_only(clone, lawyer):  # noqa: F811
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
def test_a_funder_that_makes_the_action_inadmissible_blocks_it(clone, lawyer, funder, words):  # noqa: F811
    change_facts(clone, {"funding": {"funders": [funder]}}, by=lawyer, reason="Who pays")
    clone.refresh_from_db()
    (check,) = [check for check in list_checks(clone) if check.key == "funding"]
    assert check.state == "missing" and words in " ".join(check.missing)


def test_facts_keep_their_versions_and_law_is_none_of_them(action, lawyer):  # noqa: F811
    kept = change_facts(action, {"name": {"en": "New", "de": "Neu"}}, by=lawyer, reason="Clearer")
    assert kept.facts["name"]["en"] == "Example v. Sample"
    action.refresh_from_db()
    assert action.name == "New"
    with pytest.raises(Refused, match="Nothing has changed"):
        change_facts(action, {"name": {"en": "New", "de": "Neu"}}, by=lawyer, reason="Again")
    with pytest.raises(Refused, match="Say why"):
        change_facts(action, {"name": {"en": "Newer", "de": "Neu"}}, by=lawyer, reason=" ")
    for law in ("regime", "events", "languages", "data_use"):
        with pytest.raises(ValueError, match="not to be changed"):
            change_facts(action, {law: "x"}, by=lawyer, reason="x")


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


def test_a_pack_does_not_overwrite_what_was_changed_in_the_browser_unless_told_to(action, lawyer, tmp_path):  # noqa: F811
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


def test_how_many_people_are_concerned_is_entered_by_a_form_with_its_source(client, clone, lawyer):  # noqa: F811
    sign_in(client, lawyer)
    url = reverse("claims:workspace-facts", args=[clone.slug])
    page = client.get(url).content.decode()
    assert "/workspace/second/procedure/" in page and "/workspace/second/rules/" in page  # where the rest comes from
    typed = {name: value or "" for name, value in FactsForm(None, action=clone).initial_values().items()}
    answer = client.post(url, typed | {"people": "1000", "reason": "Counted"})
    assert "Say where the number comes from." in answer.content.decode()
    client.post(url, typed | {"people": "1000", "people_source": "annual report", "reason": "Counted"})
    clone.refresh_from_db()
    (figure,) = clone.facts["figures"]
    assert (figure["value"], figure["unit"], figure["source"]) == (1000, "people", "annual report")
    assert set(figure["label"]) == {"en", "de"} and {c.key: c.state for c in list_checks(clone)}["population"] == "done"


def test_who_only_reads_the_facts_reads_words(visit, action, lawyer):  # noqa: F811
    action.facts["figures"] = [{"id": "p", "label": {}, "unit": "people", "value": 400000000, "source": "x"}]
    action.facts["parties"]["entity"]["designations"] = [{"state": "IE", "on": "2024-10-11", "source": "no key"}]
    action.save()
    change_facts(action, {"headline": {"en": "New", "de": "Neu"}}, by=lawyer, reason="Clearer")
    page = visit("auditor", reverse("claims:workspace-facts", args=[action.slug])).content.decode()
    assert "11 October 2024" in page and "400,000,000" in page and ">Ireland<" in page and "(Headline)" in page
    assert "2024-10-11" not in page and "Please choose" not in page
    assert page.index('<details class="more gap-s">') < page.index(">Neu<")


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


def test_a_lawyer_clones_in_the_browser_and_is_led_to_the_list(visit, action):  # noqa: F811
    answer = visit("lawyer", reverse("claims:workspace-open"), "post", FORM)
    assert answer.url == "/workspace/second/opening/"
    page = visit("lawyer", answer.url).content.decode()
    assert "must be confirmed by a lawyer" in page and "Publish the action" not in page
    visit("lawyer", answer.url, "post", {"act": "publish"})
    assert not Action.objects.get(slug="second").is_published
    assert visit("anonymous", "/actions/second/").status_code == 404


@pytest.mark.parametrize("bad", [{"slug": "small"}, {"slug": "A B"}, {"regime": "XX"}, {"source": "other"}, {"languages": ["fr"]}, {"list_url": "javascript:x"}, {"slug": "Upper"}, {"designated_on": "1800-01-01"}])  # fmt: skip
def test_a_wrong_setting_is_named_and_opens_nothing(visit, action, bad):  # noqa: F811
    page = visit("lawyer", reverse("claims:workspace-open"), "post", FORM | bad)
    assert page.status_code == 200 and "There is a problem" in page.content.decode()
    assert not Action.objects.filter(slug__in=["second", "upper", "Upper"]).exists()


def test_who_may_open_and_publish(visit, people, action):  # noqa: F811
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


def test_facts_are_changed_by_their_form(visit, action):  # noqa: F811
    address = reverse("claims:workspace-facts", args=[action.slug])
    typed = {
        "name_en": "New name", "name_de": "Neuer Name", "headline_en": "H", "headline_de": "H", "lead_en": "L", "lead_de": "L",
        "email": "help@office.example", "contact_name": "Ana Muster", "contact_phone": "", "file_number": "12 Cg 3/26x", "state": "AT", "designated_on": "2024-12-02", "list": "https://list.example/a",
        "funder": "Example Association", "share": "12.5", "is_competitor": "no", "depends_on_trader": "no", "influences": "",
        "reason": "First facts",
    }  # fmt: skip
    shown = {name: value or "" for name, value in FactsForm(None, action=action).initial_values().items()}
    visit("lawyer", address, "post", shown | typed)
    action.refresh_from_db()
    assert action.facts["funding"]["funders"][0]["share"] == 0.125
    assert action.facts["funding"]["funders"][0]["influences"] is None
    assert action.facts["contact"] == {"email": "help@office.example", "name": "Ana Muster"}
    assert action.facts["court"]["file_number"] == "12 Cg 3/26x"
    assert "First facts" in visit("lawyer", address).content.decode()


def test_an_action_of_others_stays_unseen(visit):  # noqa: F811
    other = make_action("third")
    assert visit("lawyer", reverse("claims:workspace-opening", args=[other.slug])).status_code == 404


def post_facts(client, action, **typed):
    shown = {name: value or "" for name, value in FactsForm(None, action=action).initial_values().items()}
    answer = client.post(reverse("claims:workspace-facts", args=[action.slug]), shown | {"reason": "Filed"} | typed)
    action.refresh_from_db()
    return answer


def test_parties_court_and_dates_of_the_class_are_entered_by_the_form_of_a_clone(client, clone, lawyer):  # noqa: F811
    sign_in(client, lawyer)
    before = clone.facts["parties"]["entity"]["role"]
    typed = {
        "entity": "Third Association", "trader_state": "FR", "court_en": "Court of Appeal", "court_de": "Gericht",
        "controller_en": "The Third Association answers for it.", "day_started": "2025-06-01", "file_number": "3 Cg 1/26",
    }  # fmt: skip
    answer = post_facts(client, clone, **typed)
    assert answer.status_code == 302, answer.content.decode()
    parties, court = clone.facts["parties"], clone.facts["court"]
    assert (parties["entity"]["name"], parties["entity"]["role"]) == ("Third Association", before)
    assert parties["trader"]["state"] == "FR" and court["file_number"] == "3 Cg 1/26"
    assert court["name"] == {"en": "Court of Appeal", "de": "Gericht"}
    assert clone.facts["data_use"]["controller"][0]["text"]["en"] == typed["controller_en"]
    assert clone.events.get(key="started").on.isoformat() == "2025-06-01"
    assert "A date of the class has changed" in str({c.key: c.missing for c in list_checks(clone)}["criteria"])
    (kept,) = clone.former_facts.all()
    assert kept.fields == ["controller", "court", "days", "entity", "file_number", "trader_state"]


@pytest.mark.parametrize("bad", [{"trader_state": "=1"}, {"state": "##"}, {"state": "US"}, {"day_started": "1800-01-01"}, {"day_started": "3026-01-01"}, {"designated_on": "2099-01-01"}])  # fmt: skip
def test_a_state_that_is_none_and_a_day_that_cannot_be_are_not_saved(clone, bad):
    shown = {name: value or "" for name, value in FactsForm(None, action=clone).initial_values().items()}
    assert FactsForm(shown | {"reason": "Filed"}, action=clone).is_valid()
    form = FactsForm(shown | {"reason": "Filed"} | bad, action=clone)
    assert list(form.errors) == list(bad)


def test_a_form_of_facts_that_changes_nothing_says_so(client, clone, lawyer):  # noqa: F811
    sign_in(client, lawyer)
    assert "Nothing has changed" in post_facts(client, clone).content.decode()


def open_facts(client, action):
    """Return what a browser sends of the page as it is now: the fields, and what they showed."""
    page = client.get(reverse("claims:workspace-facts", args=[action.slug])).content.decode()
    fields = {
        name: "" if value is None else value for name, value in FactsForm(None, action=action).initial_values().items()
    }
    return fields | dict(re.findall('name="(shown\\.[^"]+)" value="([^"]+)"', page))


def test_a_page_of_before_a_colleague_saved_takes_back_nothing_that_the_colleague_saved(client, clone, lawyer):  # noqa: F811
    sign_in(client, lawyer)
    change_facts(clone, {"funding": {"funders": [FUNDER | {"share": 0.125}]}}, by=lawyer, reason="First")
    clone.refresh_from_db()
    opened = open_facts(client, clone)
    changes = {
        "entity": "Colleagues Association", "court": {"en": "Court of Appeal", "de": "Gericht"},
        "funding": {"funders": [FUNDER | {"share": 0.05}]}, "days": {"started": "2025-06-01"},
    }  # fmt: skip
    change_facts(clone, changes, by=lawyer, reason="By a colleague")
    answer = post_facts(client, clone, **opened | {"headline_en": "New", "court_de": "OLG", "reason": "Mine"})
    assert answer.status_code == 302, answer.content.decode()
    assert clone.facts["headline"]["en"] == "New" and clone.facts["court"]["name"]["en"] == "Court of Appeal"
    assert clone.facts["parties"]["entity"]["name"] == "Colleagues Association"
    assert clone.facts["funding"]["funders"][0]["share"] == 0.05
    assert clone.events.get(key="started").on.isoformat() == "2025-06-01"
    assert clone.facts["court"]["name"]["de"] == "OLG"  # both changed it: the last save holds, and is told
    page = client.get(answer.url).content.decode()
    assert re.search("kept as it was saved there: [^<]*Qualified entity that brings it", page)
    assert re.search("what you saved now holds: Court<", page.replace("\n", ""))


def test_once_somebody_has_registered_the_parties_stay(client, clone, lawyer):  # noqa: F811
    sign_in(client, lawyer)
    make_claim(clone)
    assert post_facts(client, clone, entity="Third Association", headline_en="New").status_code == 302
    assert clone.facts["headline"]["en"] == "New" and clone.facts["parties"]["entity"]["name"] == "Second Association"
    with pytest.raises(Refused, match="Somebody has registered"):
        change_facts(clone, {"trader": "X"}, by=lawyer, reason="x")


def test_the_name_of_the_trader_changes_only_where_no_other_action_is_about_it(client, clone, lawyer, action):  # noqa: F811
    assert "trader" not in FactsForm(None, action=clone).fields  # the same matter as the action that was cloned
    with pytest.raises(Refused, match="same matter"):
        change_facts(clone, {"trader": "Sample plc"}, by=lawyer, reason="x")
    clone.matter = Matter.objects.create(slug="own", trader="Sample Ltd", practice="x", cause_of_action="x")
    clone.save()
    sign_in(client, lawyer)
    post_facts(client, clone, trader="Sample plc")
    assert (Matter.objects.get(slug="own").trader, clone.facts["parties"]["trader"]["name"]) == ("Sample plc",) * 2


def test_a_clone_of_another_entity_does_not_say_who_the_first_one_is_or_what_its_trader_said(action, lawyer):  # noqa: F811
    action.facts["parties"]["entity"]["about"] = [{"text": {"en": "We"}, "source": "x"}]
    action.facts["parties"]["trader"] |= {"says": {"en": "Untrue."}, "says_source": "x"}
    action.save()
    facts = clone_action(action, replace(PLAN, trader="Other plc"), by=lawyer, role=Role.Name.LAWYER).facts
    assert "about" not in facts["parties"]["entity"] and "says" not in facts["parties"]["trader"]


def test_an_auditor_reads_the_list_and_the_facts_and_changes_nothing(visit, clone, people):  # noqa: F811
    make_claim(clone)  # somebody has registered: the parties are shown all the same
    Role.objects.create(user=people["auditor"], action=clone, name=Role.Name.AUDITOR)
    publication, facts = (reverse(f"claims:workspace-{page}", args=[clone.slug]) for page in ("opening", "facts"))
    shown = visit("auditor", publication).content.decode()
    assert facts in shown and "<form" not in shown.split("<main")[1] and reverse("claims:workspace-open") not in shown
    page = visit("auditor", facts).content.decode()
    assert "Second Association" in page and "Sample Ltd" in page and "<form" not in page.split("<main")[1]
    assert [visit("auditor", url, "post", {"act": "publish"}).status_code for url in (publication, facts)] == [404] * 2
