"""The pages of filings: who sees what, what they say, what leaves and what does not."""

import hashlib
import io
import re
import zipfile

import pytest
from django.urls import reverse

from claims.access import list_office_claims
from claims.base.jobs import cancel_job, work
from claims.models import HistoryEvent, Job
from documents import access, filings
from documents.models import Filing
from tests.documents.conftest import fill_book, screen
from tests.factories import make_action, make_claim, make_claimant, make_filing

LIST = "/workspace/small/filings/"
REGISTER = "02-claimant-register-vol-01-of-01.pdf"
FOREIGN_NAMES = (
    "../snapshot.json", "..%2Fsnapshot.json", "..%2frows.jsonl", "%2e%2e%2frows.jsonl", "....//rows.jsonl", "%2Fetc%2Fpasswd",
    "..", ".", "%00", "manifest.json%00.pdf", "rows.jsonl", "snapshot.json", REGISTER.upper(), "..%5Crows.jsonl",
)  # fmt: skip
FORM = {"kind": "eligibility-report", "language": "en", "rendering": "", "scenario": ""}


def read(visit, who, url, method="get", data=None):
    answer = visit(who, url, method, data)
    assert answer.status_code == 200
    return answer.content.decode()


def page_of(filing):
    return f"{LIST}{filing.code}/"


def list_addresses(filing):
    at = page_of(filing)
    return [LIST, at, f"{at}all.zip", f"{at}files/{REGISTER}", f"{at}files/manifest.json", f"{at}resume/", f"{at}correct/", f"{at}verify/"]  # fmt: skip


# Rights ------------------------------------------------------------------------------------------------


def test_for_strangers_there_are_no_filings(visit, client, people, sealed):
    person = make_claim(sealed.action, make_claimant(user=people["stranger"])).claimant.user
    assert person == people["stranger"]  # a claimant of the very action
    for who in ("stranger", "neighbour"):
        for address in list_addresses(sealed):
            for method in ("get", "post"):
                answer = visit(who, address, method, FORM)
                assert answer.status_code in {404, 405}, address
                assert b"sealed" not in answer.content.lower()
    assert Filing.objects.count() == 1 and not HistoryEvent.objects.filter(verb="filing downloaded").exists()


@pytest.mark.parametrize(
    ("address", "method"),
    [("", "get"), ("", "post"), ("all.zip", "get"), (f"files/{REGISTER}", "get"), ("files/manifest.pdf", "get"), ("resume/", "post"), ("verify/", "post")],
)  # fmt: skip
def test_a_neighbour_finds_nothing_through_the_own_action(visit, sealed, address, method):
    expected = 405 if (address, method) == ("", "post") else 404
    assert visit("neighbour", f"/workspace/other/filings/{sealed.code}/{address}", method).status_code == expected
    assert visit("neighbour", f"/workspace/small/filings/{sealed.code}/{address}", method).status_code == expected


def test_who_is_not_signed_in_is_asked_to(visit, sealed):
    for address in list_addresses(sealed):
        method = "post" if address.endswith(("resume/", "correct/", "verify/")) else "get"
        assert visit("anonymous", address, method).url.startswith(reverse("account_login"))


def test_a_register_is_seen_by_those_who_see_the_claims_and_by_nobody_else(people, sealed, other_claim):
    for person in filter(None, people.values()):
        sees_claims = list_office_claims(person).filter(action=sealed.action).exists()
        assert access.list_office_filings(person).filter(pk=sealed.pk).exists() == sees_claims


@pytest.fixture
def other_claim(people):
    """Something to see for the neighbour, so that nobody passes for want of claims."""
    return make_claim(people["neighbour"].roles.get().action)


def test_staff_read_and_take_and_do_not_build(visit, sealed):
    assert "Freeze and build" not in read(visit, "staff", LIST) and "Freeze and build" in read(visit, "lawyer", LIST)
    assert visit("staff", f"{page_of(sealed)}files/{REGISTER}").status_code == 200
    assert visit("staff", LIST, "post", FORM).status_code == 404
    assert Filing.objects.count() == 1


# Building ----------------------------------------------------------------------------------------------


def test_a_lawyer_builds_one_and_the_page_shows_its_way(visit, client, book):
    answer = visit("lawyer", LIST, "post", FORM)
    filing = Filing.objects.select_related("job").get()
    assert answer.url == page_of(filing)
    assert "<progress" in read(visit, "staff", LIST) and "<progress" in read(visit, "staff", page_of(filing))
    work()
    page = read(visit, "staff", page_of(filing))
    assert "Sealed" in page and "<progress" not in page and "Download everything" in page


def test_asked_twice_it_is_one_filing(visit, client, book):
    first, second = (visit("lawyer", LIST, "post", FORM).url for _ in range(2))
    assert first == second and Job.objects.filter(kind=filings.JOB).count() == 1
    work()
    client.post(LIST, FORM, follow=True)
    assert "says the same already" in client.post(LIST, FORM, follow=True).content.decode()
    assert Filing.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"kind": "eligibility-report", "rendering": "public_redacted"}, "only a register has renderings"),
        ({"kind": "scenario-annex"}, "the scenario `base` has no finished run"),
        ({"kind": "letter"}, "Select a valid choice. letter is not one"),
        ({"language": "fr"}, "Select a valid choice. fr is not one"),
        ({"scenario": "nobody"}, "Select a valid choice. nobody is not one"),
        ({"kind": ""}, "Please fill in “Kind”"),
    ],
)
def test_what_cannot_be_built_is_said_beside_the_form_and_nothing_happens(visit, book, data, sentence):
    page = read(visit, "lawyer", LIST, "post", FORM | data)
    assert sentence in page.replace("&#x27;", "'") and 'role="alert"' in page and "<title>Error:" in page
    assert not Filing.objects.exists() and not Job.objects.filter(kind=filings.JOB).exists()


def test_an_empty_book_is_told(visit, action):
    assert "no claim has been screened" in read(visit, "lawyer", LIST, "post", FORM)


def test_what_was_chosen_stays_chosen(visit, book):
    page = read(visit, "lawyer", LIST, "post", FORM | {"language": "de", "rendering": "public_redacted"})
    assert re.search(r'value="de" selected', page) and re.search(r'value="public_redacted" selected', page)


# One filing --------------------------------------------------------------------------------------------


def test_the_list_names_each_filing_the_newest_first(visit, sealed):
    newer = make_filing(sealed.action)
    page = read(visit, "staff", LIST)
    assert page.index(str(newer.code)) < page.index(str(sealed.code))
    for words in ("Register of claimants, full, for the office", "Sealed", "Stopped", ">60</td>", "English"):
        assert words in page


def test_a_sealed_filing_shows_what_it_is_and_where_it_comes_from(visit, sealed):
    page = read(visit, "staff", page_of(sealed)).replace("<wbr>", "")
    file = sealed.files.get()
    for words in (
        file.sha256,
        sealed.snapshot_sha256,
        sealed.manifest_sha256,
        sealed.criteria_version.sha256,
        str(sealed.code),
    ):
        assert words in page
    assert f">{file.bytes:,}</td>" in page and "on the command line" in page
    assert f"manage.py verify_filing claimant-register-en-{str(sealed.code)[:8]}" in page


def test_what_a_lawyer_should_look_at_is_said_in_words(visit, sealed):
    filing = make_filing(sealed.action, "statement-of-claim", warnings=["too_few", "missing_scenario-annex", "newer"])
    page = read(visit, "staff", page_of(filing))
    for words in ("Fewer people met the criteria", "no sealed scenario annex yet", "newer"):
        assert words in page
    assert "Look at this before filing" not in read(visit, "staff", page_of(make_filing(sealed.action)))


def test_a_correction_and_what_it_replaces_name_each_other(visit, sealed):
    newer = make_filing(sealed.action, replaces=sealed)
    assert f'Replaces</dt><dd><a href="{page_of(sealed)}' in read(visit, "staff", page_of(newer))
    assert f'Replaced by</dt><dd><a href="{page_of(newer)}' in read(visit, "staff", page_of(sealed))


def test_no_row_of_a_claim_is_on_a_page(visit, sealed):
    for address in (LIST, page_of(sealed)):
        page = read(visit, "lawyer", address)
        assert "Ana 1" not in page and "Sample Street" not in page


def test_the_list_asks_the_database_little(visit, client, book, django_assert_max_num_queries):
    for _ in range(5):
        make_filing(book)
    visit("staff", LIST)
    with django_assert_max_num_queries(14):
        assert client.get(LIST).status_code == 200


# Downloads ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind"),
    [(REGISTER, "application/pdf"), ("manifest.pdf", "application/pdf"), ("manifest.json", "application/json")],
)
def test_a_file_leaves_as_it_lies_there(visit, people, sealed, name, kind):
    answer = visit("staff", f"{page_of(sealed)}files/{name}")
    data = answer.getvalue()
    assert data == (sealed.folder / name).read_bytes()
    if name == REGISTER:
        assert hashlib.sha256(data).hexdigest() == sealed.files.get().sha256
    assert answer["Content-Type"] == kind
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["X-Content-Type-Options"] == "nosniff" and "no-store" in answer["Cache-Control"]


def test_the_history_keeps_who_took_what_by_ids_alone(visit, people, sealed):
    visit("staff", f"{page_of(sealed)}files/{REGISTER}")
    event = HistoryEvent.objects.latest("number")
    assert (event.verb, event.by, event.action) == ("filing downloaded", people["staff"], sealed.action)
    assert (event.subject, event.subject_id, event.data) == ("filing", sealed.pk, {"file": 1})


def test_everything_leaves_in_one_file(visit, sealed):
    answer = visit("staff", f"{page_of(sealed)}all.zip")
    packed = zipfile.ZipFile(io.BytesIO(answer.getvalue()))
    folder = f"claimant-register-en-{str(sealed.code)[:8]}"
    assert answer["Content-Disposition"] == f'attachment; filename="{folder}.zip"'
    assert answer["Content-Type"] == "application/zip" and "no-store" in answer["Cache-Control"]
    assert {name: packed.read(f"{folder}/{name}") for name in (REGISTER, "manifest.json", "manifest.pdf")} == {
        file.name: file.read_bytes() for file in sealed.folder.iterdir()
    }


def test_a_name_that_is_not_of_the_filing_is_not_found(visit, sealed):
    for name in FOREIGN_NAMES:
        assert visit("lawyer", f"{page_of(sealed)}files/{name}").status_code == 404, name
    assert not HistoryEvent.objects.filter(verb="filing downloaded").exists()


def test_nothing_leaves_before_the_seal(visit, book):
    filing = filings.start_filing(book, "claimant-register")
    filing.folder.mkdir()
    (filing.folder / REGISTER).write_bytes(b"%PDF-half")
    page = read(visit, "lawyer", page_of(filing))
    assert REGISTER in page and f"files/{REGISTER}" not in page and "once all are checked" in page
    for address in (f"files/{REGISTER}", "files/manifest.json", "all.zip"):
        assert visit("lawyer", f"{page_of(filing)}{address}").status_code == 404
    assert visit("lawyer", f"{page_of(filing)}verify/", "post").status_code == 404


def test_a_file_that_was_changed_is_not_sent_and_the_page_says_so(visit, client, sealed):
    with (sealed.folder / REGISTER).open("ab") as file:
        file.write(b" ")
    visit("staff", page_of(sealed))
    page = client.get(f"{page_of(sealed)}files/{REGISTER}", follow=True).content.decode()
    assert f"Nothing was downloaded: {REGISTER} was changed on the server" in page


# Verify, go on -----------------------------------------------------------------------------------------


def test_verify_says_that_all_is_as_it_was_sealed(visit, client, sealed):
    visit("staff", page_of(sealed))
    page = client.post(f"{page_of(sealed)}verify/", follow=True).content.decode()
    assert re.search(r"Verified \d+ \w+ \d{4}, \d\d:\d\d CES?T: 1 file with 60 rows, as it was sealed\.", page)
    assert HistoryEvent.objects.latest("number").verb == "filing verified"


def test_verify_names_the_file_that_was_changed_and_nobody_in_it(visit, client, sealed):
    data = (sealed.folder / REGISTER).read_bytes()
    (sealed.folder / REGISTER).write_bytes(data.replace(b"%PDF-1.7", b"%PDF-1.6", 1))
    (sealed.folder / "<b>x").write_text("")
    visit("staff", page_of(sealed))
    page = client.post(f"{page_of(sealed)}verify/", follow=True).content.decode()
    assert "this is not what was sealed" in page and "&lt;b&gt;x is not in the manifest" in page
    (sealed.folder / "<b>x").unlink()
    page = client.post(f"{page_of(sealed)}verify/", follow=True).content.decode()
    assert f"{REGISTER} was changed: its SHA-256 is" in page and 'class="notice no"' in page
    assert "Ana 1" not in page and str(sealed.home) not in page


def test_one_that_stopped_says_why_and_goes_on(visit, client, book):
    filing = filings.start_filing(book, "eligibility-report")
    Job.objects.filter(pk=filing.job_id).update(state="failed", error="the folder cannot be written <b>")
    assert "the folder cannot be written &lt;b&gt;" in read(visit, "staff", page_of(filing)).replace("The f", "the f")
    assert "Go on</button>" not in read(visit, "staff", page_of(filing))
    assert "Go on</button>" in read(visit, "lawyer", page_of(filing))
    assert client.post(f"{page_of(filing)}resume/").url == page_of(filing)
    work()
    assert "Download everything" in read(visit, "lawyer", page_of(filing))


def test_a_correction_is_built_from_the_page_once_something_has_changed(visit, client, sealed):
    assert "Build a correction" not in read(visit, "staff", page_of(sealed))
    assert visit("staff", f"{page_of(sealed)}correct/", "post").status_code == 404
    assert "Build a correction" in read(visit, "lawyer", page_of(sealed))
    page = client.post(f"{page_of(sealed)}correct/", follow=True).content.decode()
    assert "The correction was not built: nothing has changed since" in page
    fill_book(sealed.action, eligible=5, ineligible=5, needs_info=0)
    screen(sealed.action)
    newer = visit("lawyer", f"{page_of(sealed)}correct/", "post").url
    assert Filing.objects.get(replaces=sealed).code.hex in newer.replace("-", "")
    assert "Build a correction" not in read(visit, "lawyer", page_of(sealed))


def test_a_job_that_somebody_stopped_is_told(visit, book):
    filing = filings.start_filing(book, "eligibility-report")
    cancel_job(filing.job, by=None)
    assert "Somebody stopped its job" in read(visit, "lawyer", page_of(filing))
    assert "Stopped" in read(visit, "lawyer", LIST)


def test_going_on_with_a_sealed_one_changes_nothing(visit, sealed):
    assert visit("lawyer", f"{page_of(sealed)}resume/", "post").url == page_of(sealed)
    assert Job.objects.filter(kind=filings.JOB).count() == 1


def test_a_filing_of_another_action_is_in_no_list(visit, people, sealed):
    make_action("third")
    assert str(sealed.code) not in read(visit, "neighbour", "/workspace/other/filings/")


def test_a_german_page_calls_the_kind_in_german(visit, client, sealed):
    visit("staff", LIST)
    assert "Englisch" in client.get(LIST, headers={"Accept-Language": "de"}).content.decode()
