"""The list of claims: pages from any place, filters that are addresses, one box for everybody, saved views."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from claims import stretches
from claims.base.references import show_reference
from claims.book import Mark, list_page, read_filter
from claims.kept_searches import KEPT_FOR, forget_searches
from claims.models import Assignment, Claim, Decision, Deficiency, KeptSearch, Quarantine, SavedView
from claims.views import book
from claims.views.queue import find_neighbour, find_next_undecided, read_queue
from tests.factories import REGISTERED_AT, load_small_pack, make_action, make_claim, make_claimant

URL = "/workspace/small/claims/"


def read(answer):
    return " ".join(answer.content.decode().split())


@pytest.fixture
def listed(visit):
    """Return a function that opens the list under a query and returns the references that it shows, in order."""
    return lambda query="": re.findall(r'data-claim="(\w{12})"', read(visit("staff", f"{URL}?{query}")))


@pytest.fixture
def searched(visit):
    """Return a function that sends the form of the filter and returns the references that are listed then, in order."""

    def send(typed, **chosen):
        address = visit("staff", URL, "post", {"q": typed, **chosen}).url
        return re.findall(r'data-claim="(\w{12})"', read(visit("staff", address)))

    return send


def test_the_list_goes_through_the_whole_book_page_by_page(visit, action, monkeypatch):
    monkeypatch.setattr(book, "PAGE", 2)
    claims = [make_claim(action) for _ in range(5)]
    seen, url = [], URL
    while url:
        page = read(visit("staff", url))
        seen += re.findall(r'data-claim="(\w{12})"', page)
        more = re.search(r'href="(\?[^"]*after=[^"]+)"', page)
        url = URL + more[1].replace("&amp;", "&") if more else None
    assert seen == [claim.reference for claim in reversed(claims)]


def test_the_list_goes_back_page_by_page_under_its_filter(visit, action, monkeypatch):
    monkeypatch.setattr(book, "PAGE", 2)
    claims = [make_claim(action, habitual_residence=state) for state in ("DE", "AT", "DE", "DE", "DE", "DE")]
    wanted = [claim.reference for claim in reversed(claims) if claim.habitual_residence == "DE"]

    def turn(page, name):
        link = re.search(rf'href="(\?[^"]*)">{name} page', page)
        return read(visit("staff", URL + link[1].replace("&amp;", "&"))) if link else ""

    first = read(visit("staff", f"{URL}?state=DE"))
    assert turn(first, "Previous") == ""
    back = turn(turn(turn(first, "Next"), "Next"), "Previous")
    assert re.findall(r'data-claim="(\w{12})"', back) == wanted[2:4]
    assert re.findall(r'data-claim="(\w{12})"', turn(back, "Previous")) == wanted[:2]


class Pages(TestCase):
    @settings(max_examples=30)
    @given(
        st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["DE", "AT"])), min_size=1, max_size=12),
        st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["DE", "AT"])), max_size=8),
        st.sampled_from(["newest", "waiting"]),
        st.sampled_from([{}, {"state": "DE"}]),
        st.booleans(),
    )
    def test_pages_skip_and_double_no_claim_while_others_come_in(self, first, later, sort, chosen, is_back):
        action = make_action()

        def add(minute, state):
            at = REGISTERED_AT + timedelta(minutes=minute)
            return make_claim(action, registered_at=at, habitual_residence=state)

        there = {add(*row).pk for row in first}
        filtered, mark, seen = read_filter(action, None, chosen, me=None), None, []
        if is_back:  # from behind the last one
            mark = Mark(datetime(1990 if sort == "newest" else 2090, 1, 1, tzinfo=UTC), 0, is_before=True)
        while ids := list_page(action, filtered, sort=sort, mark=mark, size=2):
            seen += ids
            last = Claim.objects.get(pk=ids[-1])
            mark = Mark(last.registered_at, last.pk, is_before=is_back)
            if later:
                add(*later.pop())
        wanted = Claim.objects.filter(pk__in=there, **({"habitual_residence": "DE"} if chosen else {}))
        assert len(seen) == len(set(seen)) and set(wanted.values_list("pk", flat=True)) <= set(seen)


def ask(claim, by, until):
    decision = Decision.objects.create(claim=claim, kind="ask", by=by)
    return Deficiency.objects.create(claim=claim, decision=decision, until=until)


def test_the_list_by_the_last_day_to_answer_goes_on_where_it_stopped(listed, action, people, monkeypatch):
    monkeypatch.setattr(book, "PAGE", 2)
    claims = [make_claim(action) for _ in range(5)]
    for claim, day in zip(claims[:4], (7, 5, 5, 6), strict=True):
        ask(claim, people["lawyer"], until=date(2026, 1, day))
    wanted = [claims[place].reference for place in (1, 2, 3, 0)]
    assert listed("sort=due") == wanted[:2] and listed(f"sort=due&after={wanted[1]}") == wanted[2:]
    assert listed(f"sort=due&before={wanted[2]}") == wanted[:2]


def test_every_filter_chooses_and_its_opposite_shows_the_rest(listed, action, claim, people):
    other = make_claim(action, habitual_residence="DE", joined_on=date(2026, 1, 5), channel="web")
    Quarantine.objects.create(claim=other, action=action, score=5)
    criterion = action.criteria.document["criteria"][0]["id"]
    Assignment.objects.create(claim=other, user=people["staff"])
    ask(other, people["lawyer"], until=date(2026, 1, 9))
    for query in (
        "state=DE", "joined=yes", "channel=web", "held=yes", "outcome=unknown", "state=DE&joined=yes", "assigned=me",
        "assigned=any", "asked=yes", "sort=due",
    ):  # fmt: skip
        assert listed(query) == [other.reference], query
    for query in (
        "state=AT",
        "joined=no",
        "held=no",
        "assigned=nobody",
        "asked=no",
        "outcome=needs_info",
        f"criterion={criterion}&finding=unknown",
    ):
        assert listed(query) == [claim.reference], query
    assert listed(f"criterion={criterion}&finding=yes") == listed("joined=yes&held=no") == []


def test_claims_that_no_longer_stand_are_shown_when_asked_for(listed, action, claim):
    gone = make_claim(action, status="withdrawn")
    assert listed() == [claim.reference] and listed("status=withdrawn") == [gone.reference]
    assert set(listed("status=any")) == {claim.reference, gone.reference}


def test_days_of_registration_bound_the_list_on_both_sides(listed, action):
    claims = [make_claim(action, registered_at=datetime(2025, 11, day, 12, tzinfo=UTC)) for day in (1, 2, 3)]
    assert listed("since=2025-11-02") == [claims[2].reference, claims[1].reference]
    assert listed("since=2025-11-02&until=2025-11-02") == [claims[1].reference]
    assert listed("since=0001-01-01&until=9999-12-31") == [claim.reference for claim in reversed(claims)]
    assert listed("since=9999-12-31") == listed("until=0001-01-01") == []
    assert listed("sort=waiting") == [claim.reference for claim in claims]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("state=QQ", "Filter “Lives in”: There is no “QQ” to choose here."),
        ("status=%00", "Filter “Status”"),
        ("tier='--", "Filter “Tier”"),
        ("sort=id%20desc;drop%20table", "Filter “Order”"),
        ("criterion=bogus&finding=yes", "Filter “Criterion”"),
        ("finding=yes", "Choose the criterion"),
        ("since=yesterday", "Filter “Registered from”"),
        ("since=2026-01-02&until=2026-01-01", "This day lies before the first one."),
        ("search=a%00b", "Filter “Name, reference or e-mail”"),
        ("search=" + "x" * 100_000, "Filter “Name, reference or e-mail”"),
        ("search=made-up", "only for who typed it."),
        ("q=Muster", "only for who typed it."),
        ("state=" + "x" * 100_000, "Filter “Lives in”"),
    ],
)
def test_a_filter_made_up_by_hand_is_named_and_shows_no_rows(visit, listed, claim, query, said):
    page = read(visit("staff", f"{URL}?{query}"))
    assert said in page and "No claims are shown." in page and "data-claim=" not in page


@pytest.mark.parametrize(
    "typed", ["' OR 1=1 --", "%", "_", "\\", "a'b", "(", "@", "-", "\u202e", "%%%s", "{0}", "x" * 200]
)
def test_signs_of_a_query_language_find_nobody(visit, claim, typed):
    answer = visit("staff", visit("staff", URL, "post", {"q": typed}).url)
    assert answer.status_code == 200 and "data-claim=" not in read(answer)


def test_a_place_that_is_none_shows_the_first_page(listed, action, claim):
    theirs = make_claim(make_action("elsewhere"))
    for mark in ("x", theirs.reference, "%00", "x" * 5000):
        assert listed(f"after={mark}") == listed(f"before={mark}") == [claim.reference]


def test_the_list_says_how_many_fit_and_stops_counting(visit, action, claim, monkeypatch):
    for state in ("DE", "DE", "GR"):
        make_claim(action, habitual_residence=state)
    assert "4 claims. Last registered first." in read(visit("staff", URL))
    assert "2 claims." in read(visit("staff", f"{URL}?state=DE"))
    assert "1 claim." in read(visit("staff", f"{URL}?outcome=needs_info&state=AT"))
    monkeypatch.setattr(stretches, "CAP", 2)
    monkeypatch.setattr(book, "CAP", 2)
    assert "More than 2 claims." in read(visit("staff", f"{URL}?since=2020-01-01"))


def test_only_states_that_occur_are_offered(visit, action, claim):
    page = read(visit("staff", URL))
    assert '<option value="AT"' in page and '<option value="FR"' not in page


# The box ------------------------------------------------------------------------------------------------

PEOPLE = {
    "Müller": ("Jürgen", "Müller-Beispiel"),
    "Papa": ("Ευάγγελος", "Παπαδειγματόπουλος"),
    "Przy": ("Łukasz", "Przykładowski"),
    "Tsvet": ("Цветелина", "Образцова"),
    "Sample": ("Aoife", "O’Sample"),
    "Mann": ("Lea", "Mustermann"),
}


@pytest.fixture
def crowd(action):
    return {key: make_claim(action, make_claimant(given_name=g, family_name=f)) for key, (g, f) in PEOPLE.items()}


@pytest.mark.parametrize(
    ("typed", "whom"),
    [
        ("Mustermann", "Mann"),
        ("mustermann lea", "Mann"),  # the other way round
        ("Muster", "Mann"),  # the beginning
        ("Mustremann", "Mann"),  # swapped
        ("Musterman", "Mann"),  # missing
        ("Mustteermann", "Mann"),  # two slips
        ("Jurgen Mueller", "Müller"),
        ("beispiel müler", "Müller"),
        ("Papadeigmatopoulos", "Papa"),
        ("Evangelos Papadigmatopulos", "Papa"),
        ("ΠΑΠΑΔΕΙΓΜΑΤΟΠΟΥΛΟΣ", "Papa"),
        ("Przykladovsky", "Przy"),
        ("Tsvetelina Obraztsova", "Tsvet"),
        ("Obrazcova", "Tsvet"),
        ("OSample", "Sample"),
        ("O'Sampel", "Sample"),
    ],
)
def test_a_name_is_found_however_it_was_typed(visit, listed, crowd, typed, whom):
    page = read(visit("staff", visit("staff", URL, "post", {"q": typed}).url))
    assert re.findall(r'data-claim="(\w{12})"', page)[:1] == [crowd[whom].reference]


def test_another_name_is_not_found(searched, crowd):
    for typed in ("Schulze", "Lea Papadopoulou", "Mann", "Zz"):
        assert searched(typed) == [], typed


def test_the_very_name_comes_before_those_that_are_like_it(searched, action):
    like = [
        make_claim(action, make_claimant(given_name="Ana", family_name=name)) for name in ("Proba", "Probe", "Proben")
    ]
    assert searched("probe") == [like[1].reference, like[2].reference, like[0].reference]


def test_two_slips_are_looked_for_where_nobody_is_found_with_one(searched, crowd, action):
    assert searched("musperman lea") == [crowd["Mann"].reference]
    nearer = make_claim(action, make_claimant(given_name="Lea", family_name="Muspermann"))
    assert searched("musperman lea") == [nearer.reference]


def test_a_name_is_found_in_few_questions_to_the_database(visit, client, crowd, django_assert_max_num_queries):
    address = visit("staff", URL, "post", {"q": "Lea Mustermann"}).url
    visit("staff", address)  # reads the rules of the action
    with django_assert_max_num_queries(17):
        assert crowd["Mann"].reference in read(client.get(address))


def test_after_a_search_the_next_claim_is_the_next_row(visit, action, people):
    for name in ("Proba", "Probe", "Proben"):
        make_claim(action, make_claimant(given_name="Ana", family_name=name))
    address = visit("staff", URL, "post", {"q": "probe"}).url
    rows = re.findall(r'data-claim="(\w{12})"', read(visit("staff", address)))
    claims = [Claim.objects.get(reference=reference) for reference in rows]
    form = read_queue(action, address.partition("?")[2], me=people["staff"])
    assert [find_neighbour(form, claim) for claim in claims] == [*claims[1:], None]
    assert [find_neighbour(form, claim, is_before=True) for claim in claims] == [None, *claims[:-1]]
    Claim.objects.filter(pk=claims[1].pk).update(status=Claim.Status.ACCEPTED)
    assert find_next_undecided(form, claims[0], None) == claims[2]


def test_the_box_finds_an_address_and_a_withdrawn_claim(visit, searched, action):
    person = make_claimant(email="Ana.Muster@Example.org")
    gone = make_claim(action, person, status="withdrawn")
    assert searched("ana.muster@example.ORG") == [gone.reference] == searched("ana muster")
    assert visit("staff", URL, "post", {"find": "ana.muster@example.org"}).url == f"{URL}{gone.reference}/"


def test_the_box_never_shows_a_claim_of_another_action(visit, searched, action, claim):
    other = make_action("elsewhere", matter=action.matter.slug)
    theirs = make_claim(other, make_claimant(given_name="Theo", family_name="Fremd", email="theo@fremd.example"))
    for typed in ("Theo Fremd", "theo@fremd.example", theirs.reference, "Fremdt"):
        assert searched(typed) == []
        assert visit("staff", URL, "post", {"find": typed}).url.startswith(f"{URL}?search=")


def test_an_external_reference_opens_its_claim_when_typed_exactly(visit, action):
    claim = make_claim(action, external_ref="Büro 7/19")
    make_claim(make_action("elsewhere", matter=action.matter.slug), external_ref="Theirs")
    assert visit("staff", URL, "post", {"find": " Büro 7/19 "}).url == f"{URL}{claim.reference}/"
    for typed in ("büro 7/19", "Büro 7", "Theirs"):
        assert visit("staff", URL, "post", {"find": typed}).url.startswith(f"{URL}?search=")
    assert visit("staff", URL, "post", {"find": ""}).url == URL


def test_filters_hold_for_those_who_are_found(searched, crowd):
    assert searched("mustermann", state="DE") == [] != searched("mustermann", state="AT")


def test_what_was_typed_stands_in_no_address_and_sealed_in_the_database(visit, people, crowd):
    answer = visit("staff", URL, "post", {"q": "Lea Mustermann", "state": "AT", "sort": "waiting"})
    kept = KeptSearch.objects.get()
    assert answer.url == f"{URL}?state=AT&sort=waiting&search={kept.code}"
    page = read(visit("staff", answer.url))
    assert 'value="Lea Mustermann"' in page and not re.search(r'(href|action)="[^"]*(muster|q=)', page, re.I)
    assert "Muster" not in kept.sealed and len(re.findall("data-claim=", page)) == 1


def test_a_search_opens_for_who_typed_it_for_a_day_and_for_nobody_else(visit, action, crowd):
    address = visit("staff", URL, "post", {"q": "Mustermann"}).url
    assert "data-claim=" in read(visit("staff", address))
    page = read(visit("lawyer", address))
    assert "only for who typed it" in page and "data-claim=" not in page and "ustermann" not in page
    KeptSearch.objects.update(made_at=timezone.now() - KEPT_FOR)
    assert "data-claim=" not in read(visit("staff", address))
    forget_searches()
    assert not KeptSearch.objects.exists()


def test_a_reference_typed_into_the_filter_goes_straight_to_the_claim(visit, crowd):
    claim = crowd["Mann"]
    answer = visit("staff", URL, "post", {"q": show_reference(claim.reference).lower(), "state": "DE"})
    assert answer.url == f"{URL}{claim.reference}/" and not KeptSearch.objects.exists()


def test_too_many_signs_are_said_and_the_filter_stays(visit, claim):
    answer = visit("staff", URL, "post", {"q": "x" * 201, "state": "AT"})
    assert answer.url == f"{URL}?state=AT" and not KeptSearch.objects.exists()


# Saved views --------------------------------------------------------------------------------------------


def test_a_filter_is_saved_under_a_name_without_whom_one_looked_for(visit, action, claim):
    data = {"name": "Greeks", "query": "q=Ana+Muster&search=x&state=AT&after=x", "is_shared": ""}
    assert visit("staff", "/workspace/small/views/", "post", data).url == f"{URL}?state=AT"
    assert "Greeks" in read(visit("staff", URL)) and "Greeks" not in read(visit("lawyer", URL))
    assert SavedView.objects.get().query == "state=AT"


def test_saving_a_view_while_one_searches_says_that_the_search_is_not_in_it(visit, client, crowd):
    found = read(visit("staff", visit("staff", URL, "post", {"q": "Mustermann", "state": "AT"}).url))
    assert 'name="typed"' in found and found.count("is not kept: it may be") == 1
    data = {"name": "Them", "query": "state=AT", "typed": "1"}
    visit("staff", "/workspace/small/views/", "post", data)
    page = read(client.get(f"{URL}?state=AT"))
    assert "is saved" in page and "is not kept: it may be" in page and 'name="typed"' not in page


def test_a_shared_view_is_there_for_colleagues_and_removed_by_its_owner_only(visit, action, claim):
    visit("staff", "/workspace/small/views/", "post", {"name": "Ours", "query": "state=AT", "is_shared": "on"})
    assert "Ours" in read(visit("lawyer", URL))
    address = reverse("claims:workspace-view-remove", args=["small", SavedView.objects.get().pk])
    assert visit("lawyer", address, "post").status_code == visit("neighbour", address, "post").status_code == 404
    assert visit("staff", address, "post").status_code == 302 and not SavedView.objects.exists()


def test_one_form_gives_bulk_steps_the_very_claims_of_the_list(action, claim):
    from claims.forms import ClaimFilterForm

    other = make_claim(action, habitual_residence="DE")
    make_claim(make_action("elsewhere"), habitual_residence="DE")
    form = ClaimFilterForm({"state": "DE"}, action=action, book=None, states=["DE"])
    assert list(form.filter(Claim.objects.all())) == [other]
    assert not ClaimFilterForm({"state": "QQ"}, action=action, book=None, states=[]).filter(Claim.objects.all())


def test_a_filter_on_a_finding_knows_only_what_the_newest_criteria_found(db):
    action = load_small_pack()
    make_claim(action, findings="u" * 9)
    assert not list_page(action, read_filter(action, None, {"q": "nobody"}, me=None), sort="newest", mark=None, size=5)
