"""The facts of an action, changed in the browser: by a form, in versions, field by field against a colleague."""

import re

import pytest
from django.urls import reverse

from claims.base.errors import Refused
from claims.forms.opening import FactsForm
from claims.models import Matter
from claims.opening import change_facts, list_checks
from tests.claims.opening.conftest import FUNDER
from tests.factories import make_claim
from tests.signing_in import sign_in

pytestmark = pytest.mark.django_db


def test_facts_keep_their_versions_and_law_is_none_of_them(action, lawyer):
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


def test_how_many_people_are_concerned_is_entered_by_a_form_with_its_source(client, clone, lawyer):
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


def test_who_only_reads_the_facts_reads_words(visit, action, lawyer):
    action.facts["figures"] = [{"id": "p", "label": {}, "unit": "people", "value": 400000000, "source": "x"}]
    action.facts["parties"]["entity"]["designations"] = [{"state": "IE", "on": "2024-10-11", "source": "no key"}]
    action.save()
    change_facts(action, {"headline": {"en": "New", "de": "Neu"}}, by=lawyer, reason="Clearer")
    page = visit("auditor", reverse("claims:workspace-facts", args=[action.slug])).content.decode()
    assert "11 October 2024" in page and "400,000,000" in page and ">Ireland<" in page and "(Headline)" in page
    assert "2024-10-11" not in page and "Please choose" not in page
    assert page.index('<details class="more gap-s">') < page.index(">Neu<")


def test_facts_are_changed_by_their_form(visit, action):
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


def post_facts(client, action, **typed):
    shown = {name: value or "" for name, value in FactsForm(None, action=action).initial_values().items()}
    answer = client.post(reverse("claims:workspace-facts", args=[action.slug]), shown | {"reason": "Filed"} | typed)
    action.refresh_from_db()
    return answer


def test_parties_court_and_dates_of_the_class_are_entered_by_the_form_of_a_clone(client, clone, lawyer):
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


def test_a_form_of_facts_that_changes_nothing_says_so(client, clone, lawyer):
    sign_in(client, lawyer)
    assert "Nothing has changed" in post_facts(client, clone).content.decode()


def open_facts(client, action):
    """Return what a browser sends of the page as it is now: the fields, and what they showed."""
    page = client.get(reverse("claims:workspace-facts", args=[action.slug])).content.decode()
    fields = {
        name: "" if value is None else value for name, value in FactsForm(None, action=action).initial_values().items()
    }
    return fields | dict(re.findall('name="(shown\\.[^"]+)" value="([^"]+)"', page))


def test_a_page_of_before_a_colleague_saved_takes_back_nothing_that_the_colleague_saved(client, clone, lawyer):
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


def test_once_somebody_has_registered_the_parties_stay(client, clone, lawyer):
    sign_in(client, lawyer)
    make_claim(clone)
    assert post_facts(client, clone, entity="Third Association", headline_en="New").status_code == 302
    assert clone.facts["headline"]["en"] == "New" and clone.facts["parties"]["entity"]["name"] == "Second Association"
    with pytest.raises(Refused, match="Somebody has registered"):
        change_facts(clone, {"trader": "X"}, by=lawyer, reason="x")


def test_the_name_of_the_trader_changes_only_where_no_other_action_is_about_it(client, clone, lawyer, action):
    assert "trader" not in FactsForm(None, action=clone).fields  # the same matter as the action that was cloned
    with pytest.raises(Refused, match="same matter"):
        change_facts(clone, {"trader": "Sample plc"}, by=lawyer, reason="x")
    clone.matter = Matter.objects.create(slug="own", trader="Sample Ltd", practice="x", cause_of_action="x")
    clone.save()
    sign_in(client, lawyer)
    post_facts(client, clone, trader="Sample plc")
    assert (Matter.objects.get(slug="own").trader, clone.facts["parties"]["trader"]["name"]) == ("Sample plc",) * 2
