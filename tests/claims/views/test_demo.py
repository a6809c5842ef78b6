"""The page of mails: in the demonstration it shows all of them, anywhere else it does not exist."""

from datetime import timedelta

import pytest
from django.utils import timezone

from claims.base import codes, mails

pytestmark = pytest.mark.django_db
URL = "/demo/mails/"


@pytest.fixture
def new():
    """A code that was sent."""
    path = "/actions/small/register/{}/".format
    return codes.send_code(
        "ana@muster.example", purpose="register", language="de", reason="<b>Hallo</b>", find_path=path
    )


@pytest.fixture
def demo(settings):
    settings.SHOWS_MAILS = True


@pytest.mark.parametrize("who", ["anonymous", "stranger", "neighbour", "staff", "lawyer"])
def test_outside_the_demonstration_the_page_does_not_exist_for_anyone(visit, new, who):
    answer = visit(who, URL)
    assert answer.status_code == 404
    assert new.code not in answer.content.decode() and "ana@" not in answer.content.decode()


def test_nothing_leads_to_a_page_that_does_not_exist(visit):
    assert URL not in visit("anonymous", "/").content.decode()


def test_in_the_demonstration_everyone_reads_the_mails_with_codes_and_links(visit, demo, new):
    answer = visit("anonymous", URL)
    page = answer.content.decode()
    assert answer.status_code == 200 and "no-store" in answer.headers["Cache-Control"]
    assert "exists in the demonstration only" in page
    assert new.code in page and f'href="http://testserver/actions/small/register/{new.token}/"' in page
    assert "&lt;b&gt;Hallo&lt;/b&gt;" in page and 'lang="de"' in page
    assert URL in visit("anonymous", "/").content.decode()


def test_the_newest_mail_comes_first(visit, demo, new):
    second = codes.send_code("eva@muster.example", purpose="register", language="en", reason="", find_path=str)
    page = visit("anonymous", URL).content.decode()
    assert page.index(second.code) < page.index(new.code)


def test_a_mail_that_was_blanked_says_so(visit, demo, new):
    mails.list_mails().update(forget_at=timezone.now() - timedelta(seconds=1))
    mails.sweep_mails()
    page = visit("anonymous", URL).content.decode()
    assert new.code not in page and "Blanked" in page


def test_the_page_is_read_only(visit, demo):
    assert visit("anonymous", URL, "post").status_code == 405


def test_the_page_asks_the_database_as_often_for_many_mails(client, demo, new, django_assert_max_num_queries):
    for number in range(9):
        codes.send_code(f"ana{number}@muster.example", purpose="register", language="en", reason="", find_path=str)
    with django_assert_max_num_queries(4):
        client.get(URL)
