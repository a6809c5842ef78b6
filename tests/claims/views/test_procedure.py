"""The Procedure page: lawyers enter what happened; others of the office read; nobody else knows that it is there."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from claims.evidence import check_due_evidence
from claims.models import ActionEvent, EventEntry, Evidence
from claims.templatetags.claims_wording import day_at_court, moment

pytestmark = pytest.mark.django_db
FILED = {"key": "action-filed", "on": "2026-01-12", "source": "receipt of the court"}


@pytest.fixture
def url(action):
    return reverse("claims:workspace-procedure", args=[action.slug])


@pytest.fixture
def filed(visit, url):
    visit("lawyer", url, "post", FILED | {"save": "1"})
    return EventEntry.objects.get()


def test_the_first_answer_shows_what_moves_and_saves_nothing(visit, url):
    page = visit("lawyer", url, "post", FILED | {"preview": "1"}).content.decode()
    assert "The action moves to: Filed in court." in page and "Enter this event" in page
    assert not EventEntry.objects.exists()


def test_a_lawyer_enters_an_event_and_the_public_page_shows_its_date(visit, url, action, filed):
    assert filed.entered_by and filed.source == FILED["source"]
    page = visit("anonymous", reverse("claims:action", args=[action.slug])).content.decode()
    assert "12 January 2026" in page and "filed in court" in page


def test_an_event_out_of_order_is_named_on_the_page_and_keeps_what_was_typed(visit, url):
    typed = {"key": "admissible", "on": "2026-01-12", "source": "decision", "save": "1"}
    page = visit("lawyer", url, "post", typed).content.decode()
    assert "Enter that first" in page and 'value="2026-01-12"' in page and not EventEntry.objects.exists()


@pytest.mark.parametrize(
    "bad", [{"on": "2026-02-30"}, {"key": "nonsense"}, {"url": "javascript:alert(1)"}, {"source": ""}]
)
def test_what_is_no_day_event_or_address_is_refused(visit, url, bad):
    page = visit("lawyer", url, "post", FILED | {"save": "1"} | bad)
    assert page.status_code == 200 and "field-error" in page.content.decode() and not EventEntry.objects.exists()


def test_taking_back_needs_a_reason_and_leaves_a_trace(visit, url, action, filed):
    back = reverse("claims:workspace-procedure-take-back", args=[action.slug, "action-filed"])
    visit("lawyer", back, "post", {"reason": ""})
    assert EventEntry.objects.get().holds
    visit("lawyer", back, "post", {"reason": "<b>wrong</b> case"})
    assert not EventEntry.objects.get().holds
    assert "&lt;b&gt;wrong&lt;/b&gt; case" in visit("lawyer", url).content.decode()


def test_a_proof_is_sealed_and_shown_as_a_safe_copy_to_the_office_alone(visit, url, action, filed):
    add = reverse("claims:workspace-procedure-add-proof", args=[action.slug, "action-filed"])
    visit("lawyer", add, "post", {"files": SimpleUploadedFile("receipt.txt", b"received by the court")})
    check_due_evidence()
    file = Evidence.objects.get()
    copy = reverse("claims:workspace-procedure-proof", args=[action.slug, file.code])
    assert visit("staff", copy).content.endswith(b"received by the court")
    assert {
        who: visit(who, copy).status_code for who in ("stranger", "neighbour", "finance", "former")
    } == dict.fromkeys(("stranger", "neighbour", "finance", "former"), 404)


@pytest.mark.parametrize("who", ["stranger", "neighbour", "staff", "auditor", "finance", "administrator", "former"])
def test_only_lawyers_enter_prove_and_take_back(visit, url, action, filed, who):
    names = ("claims:workspace-procedure-take-back", "claims:workspace-procedure-add-proof")
    urls = [url, *(reverse(name, args=[action.slug, "action-filed"]) for name in names)]
    assert [visit(who, address, "post", {"reason": "x", "save": "1"}).status_code for address in urls] == [404] * 3


def test_finance_and_auditors_read_the_dates(visit, url):
    assert [visit(who, url).status_code for who in ("finance", "auditor", "administrator")] == [200, 200, 404]


def test_a_time_of_day_is_said_with_the_zone_of_its_clock(action):
    at = datetime(2026, 11, 28, 22, 18, tzinfo=UTC)
    assert (moment(at), moment(at - timedelta(days=180))) == ("28 Nov 2026, 23:18 CET", "2 Jun 2026, 00:18 CEST")
    with translation.override("de"):
        assert moment(at) == "28. Nov. 2026, 23:18 CET"
    event = ActionEvent(on=date(2026, 7, 1), at=time(14, 5))
    assert day_at_court(event, action) == "1 Jul 2026, 14:05 CEST"
    assert day_at_court(ActionEvent(on=date(2026, 7, 1)), action) == "1 July 2026"
