"""Two tabs and two devices: the last save wins field by field, and what was changed elsewhere is named."""

import re

import pytest

from claims.base.history import list_events
from claims.intake import read_values
from claims.models import Claim, Claimant, Registration
from claims.screening import screen_range
from tests.claims.views.test_my import BACKEND, at
from tests.claims.views.test_my import person as person
from tests.claims.views.test_my import sent as sent
from tests.claims.views.test_registration import START, prove
from tests.factories import load_small_pack

pytestmark = pytest.mark.django_db
ADDRESS = {"answer.street": "Δρόμος 1", "answer.postcode": "1010", "answer.city": "Wien", "answer.country": "AT"}
CONTACT = ADDRESS | {"answer.phone": "", "answer.language": "en"}
KEPT, REPLACED = "kept as it was saved there: ", "what you saved now holds: "


@pytest.fixture
def tabs(client):
    """Somebody who registers, and whose page of the address is saved."""
    load_small_pack()
    prove(client)
    client.post(f"{START}address/", ADDRESS)
    return client


@pytest.fixture
def mine(client, sent, person):
    client.force_login(person, backend=BACKEND)
    client.post(at("my-contact", sent), CONTACT)
    return client


def open_page(client, url):
    """What a tab carries of what it showed."""
    return dict(re.findall(r'name="(shown\.[a-z_-]+)" value="([^"]*)"', client.get(url).content.decode()))


def save(client, url, texts, shown):
    page = client.post(url, texts | shown, follow=True)
    return page.content.decode()


def test_a_field_that_was_not_touched_keeps_what_another_tab_saved(tabs):
    shown = open_page(tabs, f"{START}address/")
    save(tabs, f"{START}address/", ADDRESS | {"answer.street": "Neue Gasse 2"}, open_page(tabs, f"{START}address/"))
    page = save(tabs, f"{START}address/", ADDRESS | {"answer.city": "Graz"}, shown)
    values = read_values(Registration.objects.get())
    assert (values["street"], values["city"]) == ("Neue Gasse 2", "Graz")
    assert f"{KEPT}Street and number</p>" in page and REPLACED not in page


def test_a_field_that_both_changed_takes_the_last_save_and_says_so(tabs):
    shown = open_page(tabs, f"{START}address/")
    save(tabs, f"{START}address/", ADDRESS | {"answer.street": "Neue Gasse 2"}, shown)
    page = save(tabs, f"{START}address/", ADDRESS | {"answer.street": "Ganz neue Gasse 3"}, shown)
    assert read_values(Registration.objects.get())["street"] == "Ganz neue Gasse 3"
    assert f"{REPLACED}Street and number</p>" in page and KEPT not in page


def test_a_second_click_and_a_single_tab_are_told_nothing(tabs):
    shown, changed = open_page(tabs, f"{START}address/"), ADDRESS | {"answer.city": "Graz"}
    for _click in range(2):
        page = save(tabs, f"{START}address/", changed, shown)
        assert KEPT not in page and REPLACED not in page
    assert read_values(Registration.objects.get())["city"] == "Graz"


def test_a_page_with_a_mistake_or_in_another_language_still_knows_what_it_showed(tabs):
    shown = open_page(tabs, f"{START}address/")
    save(tabs, f"{START}address/", ADDRESS | {"answer.city": "Graz"}, shown)
    for typed in ({**ADDRESS, "answer.country": "XX"}, {**ADDRESS, "language": "de"}):
        page = tabs.post(f"{START}address/", typed | shown).content.decode()
        assert dict(re.findall(r'name="(shown\.[a-z_-]+)" value="([^"]*)"', page)) == shown


def test_own_words_are_carried_as_digests_and_kept_where_they_were_not_touched(tabs):
    words, url = "Zwei Zeilen\r\nüber meinen Ärger", f"{START}damage_text/"
    tabs.post(url, {"answer.damage_text": words})
    shown = open_page(tabs, url)
    assert len(shown["shown.damage_text"]) == 32 and "Ärger" not in str(shown)
    tabs.post(url, {"answer.damage_text": "Ausführlicher"} | shown)
    assert KEPT in save(tabs, url, {"answer.damage_text": words}, shown)
    assert read_values(Registration.objects.get())["damage_text"] == "Ausführlicher"


def test_a_tick_that_was_not_touched_stays_as_another_tab_left_it(tabs):
    url = f"{START}declarations/"
    shown = open_page(tabs, url)
    tabs.post(url, {"truth": "on"} | shown)
    page = save(tabs, url, {"news": "on"}, shown)  # opened before: shows no tick at "truth", and none was taken away
    accepted = set(Registration.objects.get().acceptances.values_list("text__kind", flat=True))
    assert accepted == {"truth", "news"} and KEPT in page
    tabs.post(url, {"news": "on"} | open_page(tabs, url))
    assert set(Registration.objects.get().acceptances.values_list("text__kind", flat=True)) == {"news"}


@pytest.mark.parametrize("made_up", ["", "x" * 9999, "ü", "a\0b"])
def test_a_made_up_digest_does_no_harm(tabs, made_up):
    answer = tabs.post(f"{START}phone/", {"answer.phone": "222", "shown.phone": made_up})
    assert answer.status_code == 302 and read_values(Registration.objects.get())["phone"] == "222"


def test_contact_data_of_a_claim_are_saved_field_by_field_too(mine, sent):
    url = at("my-contact", sent)
    shown = open_page(mine, url)
    save(mine, url, CONTACT | {"answer.street": "Neue Gasse 2", "answer.phone": "+43 1 1"}, shown)
    page = save(mine, url, CONTACT | {"answer.city": "Graz", "answer.phone": "+43 2 2"}, shown)
    person = Claimant.objects.get()
    assert (person.street, person.city, person.phone) == ("Neue Gasse 2", "Graz", "+43 2 2")
    assert f"{KEPT}Street and number</p>" in page and f"{REPLACED}Phone number, if you like</p>" in page
    assert list_events(person)[0].fields == ["city", "phone"]


def test_a_corrected_answer_is_not_taken_back_by_an_older_tab(mine, sent):
    Claim.objects.filter(pk=sent.pk).update(answers={})
    screen_range(sent.action, sent.action.criteria, sent.pk, sent.pk)
    url = at("my-answer", sent, "uses_privately")
    shown = open_page(mine, url)
    save(mine, url, {"answer.uses_privately": "no"}, shown)
    assert f"{KEPT}Private use?" in save(mine, url, {"answer.uses_privately": "unknown"}, shown)
    assert Claim.objects.get().answers["uses_privately"] == "no"
    assert f"{REPLACED}Private use?" in save(mine, url, {"answer.uses_privately": "yes"}, shown)
    assert Claim.objects.get().answers["uses_privately"] == "yes"
