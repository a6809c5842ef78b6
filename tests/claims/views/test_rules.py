"""The pages of the criteria: lawyers type a draft, try it, publish it; others read; a stranger knows of nothing."""

import re

import pytest
from django.urls import reverse

from claims.base import jobs
from claims.drafting import find_draft
from claims.models import CriteriaVersion, DryRun
from tests.claims.drafting.conftest import change_draft, run_dry, screen
from tests.factories import make_claim

pytestmark = pytest.mark.django_db
PRIVATE = {"uses_privately": "yes", "effort_hours": 3}


@pytest.fixture
def url(action):
    return reverse("claims:workspace-draft", args=[action.slug])


@pytest.fixture
def rules(action):
    return reverse("claims:workspace-rules", args=[action.slug])


@pytest.fixture
def draft(action, visit, url):
    visit("lawyer", url, "post", {"act": "start"})
    return find_draft(action)


@pytest.fixture
def found(action, people, draft):
    make_claim(action, answers=PRIVATE)
    screen(action)
    change_draft(action, people["lawyer"], "is: yes", "is: no")
    return run_dry(action)


def test_the_rules_are_there_as_sentences_table_and_source(visit, rules):
    assert "“Private use?” is Yes" in visit("staff", rules).content.decode()
    table = visit("staff", rules + "?as=table").content.decode()
    assert "Private use?" in table and "Directive (EU) 2020/1828, Article 3(1)" in table
    assert "<li>  - id: consumer</li>" in visit("staff", rules + "?as=source").content.decode()
    assert visit("staff", rules + "?as=nonsense").status_code == 404
    assert visit("staff", rules + "?version=99").status_code == 404


@pytest.mark.parametrize("who", ["stranger", "neighbour", "staff"])
def test_a_draft_is_for_lawyers_of_the_action(visit, action, draft, url, found, who):
    form = reverse("claims:workspace-criterion", args=[action.slug, "consumer"])
    for address in (url, form):
        assert visit(who, address).status_code == visit(who, address, "post", {"act": "discard"}).status_code == 404
    assert find_draft(action)
    seen = 200 if who == "staff" else 404
    assert visit(who, reverse("claims:workspace-dry-run", args=[action.slug, found.code])).status_code == seen
    moves = visit(who, reverse("claims:workspace-dry-run-moves", args=[action.slug, found.code]))
    assert (moves.status_code == 200) is (who == "staff")


def test_a_dry_run_of_another_action_is_not_found_through_the_own_one(visit, found):
    assert visit("neighbour", reverse("claims:workspace-dry-run", args=["other", found.code])).status_code == 404


def test_a_wrong_draft_is_shown_as_typed_with_its_line_and_key(visit, url, draft):
    typed = draft.text.replace("question: uses_privately", "question: <b>secretly")
    page = visit("lawyer", url, "post", {"act": "save", "text": typed, "revision": draft.revision})
    page = visit("lawyer", url).content.decode()
    assert "Error:" in page and "Line 5" in page and "criteria.0.rule.question" in page
    assert "question: &lt;b&gt;secretly" in page and "<b>secretly" not in page
    assert "Publish the version" not in page
    visit("lawyer", url, "post", {"act": "publish", "note": "x", "revision": draft.revision + 1})
    assert CriteriaVersion.objects.count() == 1


@pytest.mark.parametrize(
    "text", ["", "a: [", "- x", "5", "criteria: x", "schema: criteria/1\ncriteria: {}", "\x00", "{}"]
)
def test_whatever_is_typed_is_kept_and_the_page_still_opens(visit, action, url, draft, text):
    visit("lawyer", url, "post", {"act": "save", "text": text, "revision": draft.revision})
    assert not find_draft(action).is_right
    assert visit("lawyer", url).status_code == 200
    assert visit("lawyer", reverse("claims:workspace-rules", args=[action.slug])).status_code == 200


def test_a_stale_page_keeps_what_was_typed_and_overwrites_nothing(visit, action, url, draft):
    visit("lawyer", url, "post", {"act": "save", "text": draft.text + "# theirs", "revision": draft.revision})
    answer = visit("lawyer", url, "post", {"act": "save", "text": "# mine", "revision": draft.revision})
    assert "# mine" in answer.content.decode() and "Someone else has saved" in answer.content.decode()
    assert "# theirs" in find_draft(action).text


@pytest.mark.parametrize("act", ["", "nonsense"])
def test_a_step_that_is_none_does_not_exist(visit, url, act):
    assert visit("lawyer", url, "post", {"act": act}).status_code == 404


def test_from_the_draft_to_a_version_that_the_claims_are_screened_by(visit, action, url, rules, draft):
    claim = make_claim(action, answers=PRIVATE)
    screen(action)
    text = draft.text.replace("is: yes", "is: no", 1)
    visit("lawyer", url, "post", {"act": "save", "text": text, "revision": draft.revision})
    answer = visit("lawyer", url, "post", {"act": "try", "revision": draft.revision + 1})
    jobs.work()
    page = visit("lawyer", answer.url).content.decode()
    assert "1 claim would move" in page and claim.reference[:4] in page and "Consumer" in page
    visit("lawyer", url, "post", {"act": "publish", "note": "", "revision": draft.revision + 1})
    assert action.criteria.number == 1
    visit("lawyer", url, "post", {"act": "publish", "note": "As the court wants it", "revision": draft.revision + 1})
    page = visit("lawyer", rules).content.decode()
    assert "Version 2" in page and "As the court wants it" in page
    claim.refresh_from_db()
    assert claim.criteria_version.number == 1
    screen(action)
    claim.refresh_from_db()
    assert (claim.outcome, claim.criteria_version.number) == ("ineligible", 2)
    compared = visit("staff", reverse("claims:workspace-rules-compare", args=[action.slug]) + "?old=1&new=2")
    assert "is Yes" in compared.content.decode() and "is No" in compared.content.decode()


def test_the_list_of_moves_leads_to_claims_and_is_complete_as_csv(visit, action, found):
    claim = action.claims.get()
    page = visit(
        "staff", reverse("claims:workspace-dry-run", args=[action.slug, found.code]) + "?move=eligible>ineligible"
    )
    assert reverse("claims:workspace-claim", args=[action.slug, claim.reference]) in page.content.decode()
    address = reverse("claims:workspace-dry-run-moves", args=[action.slug, found.code])
    lines = b"".join(visit("staff", address).streaming_content).decode().splitlines()
    assert lines == ["reference,from,to", f"{claim.reference},eligible,ineligible"]
    bad = visit("staff", reverse("claims:workspace-dry-run", args=[action.slug, found.code]) + "?move=a>b")
    assert bad.status_code == 404


def test_the_page_of_a_dry_run_says_when_the_draft_has_changed(visit, action, people, found):
    address = reverse("claims:workspace-dry-run", args=[action.slug, found.code])
    assert "The draft has changed" not in visit("staff", address).content.decode()
    change_draft(action, people["lawyer"], "is: no", "known: true")
    assert "The draft has changed" in visit("staff", address).content.decode()


def read_form(page):
    """What a browser would send back: every field as it is shown."""
    values = dict(re.findall(r'<input type="(?:text|hidden)" name="([^"]+)" value="([^"]*)"', page))
    values |= {
        name: text.strip("\n")
        for name, text in re.findall(r'<textarea name="([^"]+)"[^>]*>\n?([^<]*)</textarea>', page)
    }
    for name, inner in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        values[name] = re.search(r'<option value="([^"]+)" selected', inner)[1]
    return values


def test_a_criterion_is_changed_by_its_form_and_nothing_else_with_it(visit, action, draft):
    from claims.drafting import read_source

    address = reverse("claims:workspace-criterion", args=[action.slug, "residence"])
    values = read_form(visit("lawyer", address).content.decode())
    assert values["value0"] == "AT, DE, GR"
    visit("lawyer", address, "post", values)
    assert read_source(action, find_draft(action).text).sha256 == action.criteria.sha256  # sent back unchanged
    values["revision"] = find_draft(action).revision
    visit("lawyer", address, "post", values | {"value0": "AT, DE", "title_en": "Home"})
    changed = read_source(action, find_draft(action).text).document["criteria"][1]
    assert changed["rule"]["all"][0] == {"question": "habitual_residence", "in": ["AT", "DE"]}
    assert changed["title"] == {"en": "Home", "de": "Aufenthalt"}


def test_a_form_with_a_wrong_value_names_it_and_saves_nothing(visit, action, draft):
    address = reverse("claims:workspace-criterion", args=[action.slug, "residence"])
    values = read_form(visit("lawyer", address).content.decode())
    page = visit("lawyer", address, "post", values | {"value0": "AT, XX"}).content.decode()
    assert "`XX` is not an answer to this question" in page and 'value="AT, XX"' in page
    assert find_draft(action).text == draft.text
    assert not DryRun.objects.exists()
