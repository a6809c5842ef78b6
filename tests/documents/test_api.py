"""Filings in the API: the rights of the pages, one filing whichever door is used, the same files."""

import pytest

from claims.base import jobs
from claims.models import HistoryEvent, Job, Role
from documents import filings
from documents.models import Filing
from tests.documents.conftest import build, fill_book, screen
from tests.factories import make_action, make_claim, make_claimant, make_filing, make_user

API = "/api/v1/filings/"
REPORT = "03-eligibility-report.pdf"
ABSENT = "6f1f7c1e-0d0c-4a53-9a3c-6b2f0e5a0001"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def report(book):
    return build(book, "eligibility-report")


@pytest.fixture
def sign_in(client, action):
    def go(role, where=None):
        client.force_login(make_user(role=role, action=where or action), backend=BACKEND)
        return client

    return go


def post(client, **data):
    data = {"action": "small", "kind": "eligibility-report", **data}
    return client.post(API, data, content_type="application/json")


@pytest.mark.parametrize("path", ["", f"{ABSENT}/", f"{ABSENT}/files/{REPORT}/"])
def test_who_is_not_signed_in_gets_nothing(client, db, path):
    assert client.get(API + path).status_code == 403


@pytest.mark.parametrize("who", ["neighbour", "claimant", "nobody"])
def test_a_stranger_finds_no_filing(client, report, who):
    person = make_user(role=Role.Name.LAWYER if who == "neighbour" else None, action=make_action("other"))
    if who == "claimant":
        make_claim(report.action, make_claimant(user=person))
    client.force_login(person, backend=BACKEND)
    assert client.get(API).json()["results"] == []
    for path in (f"{report.code}/", f"{report.code}/files/{REPORT}/", f"{report.code}/files/manifest.json/"):
        answer = client.get(API + path)
        assert answer.status_code == 404 and b"sha256" not in answer.content
    assert client.get(f"{API}?action=small").status_code == 400
    assert post(client).status_code == 404
    assert Filing.objects.count() == 1 and not HistoryEvent.objects.filter(verb="filing downloaded").exists()


def test_staff_read_and_take_and_do_not_build(sign_in, report):
    client = sign_in(Role.Name.STAFF)
    assert [row["id"] for row in client.get(f"{API}?action=small").json()["results"]] == [str(report.code)]
    assert client.get(f"{API}{report.code}/files/{REPORT}/").status_code == 200
    assert post(client, language="de").status_code == 404 and Filing.objects.count() == 1


def test_a_lawyer_builds_one_follows_its_job_and_reads_it(sign_in, book):
    client = sign_in(Role.Name.LAWYER)
    answer = post(client, language="de")
    assert answer.status_code == 202, answer.json()
    started = answer.json()
    assert client.get(f"/api/v1/jobs/{started['job']}/").json()["state"] == "waiting"
    assert (started["state"], started["language"], started["sealed_at"]) == ("building", "de", None)
    jobs.work()
    found = client.get(f"{API}{started['id']}/").json()
    assert found["state"] == "sealed" and found["manifest"]["filing"] == started["id"]
    assert [file["name"] for file in found["files"]] == [REPORT]


def test_page_and_api_give_one_filing(sign_in, book):
    client = sign_in(Role.Name.LAWYER)
    form = {"kind": "eligibility-report", "language": "en", "rendering": "", "scenario": ""}
    page = client.post("/workspace/small/filings/", form).url
    assert post(client).json()["id"] in page
    jobs.work()
    again = post(client)
    assert (again.status_code, again.json()["id"] in page) == (200, True)
    assert Filing.objects.count() == Job.objects.filter(kind=filings.JOB).count() == 1


def test_a_register_that_is_not_told_otherwise_is_full(sign_in, book):
    answer = post(sign_in(Role.Name.LAWYER), kind="claimant-register").json()
    assert (answer["rendering"], answer["rows"], answer["criteria_version"]) == ("full", 60, book.criteria.number)


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ({"kind": "letter"}, "kind"),
        ({"kind": None}, "kind"),
        ({"language": "fr"}, "language"),
        ({"rendering": "secret"}, "rendering"),
        ({"scenario": "a\0"}, "scenario"),
        ({"scenario": "base"}, "detail"),
        ({"rendering": "full"}, "detail"),
        ({"kind": "scenario-annex"}, "detail"),
        ({"kind": "statement-of-claim", "scenario": "nobody"}, "detail"),
        ({"action": "small\0"}, "action"),
    ],
)
def test_what_cannot_be_built_is_refused_by_its_name(sign_in, book, data, named):
    answer = post(sign_in(Role.Name.LAWYER), **data)
    assert (answer.status_code, [*answer.json()]) == (400, [named])
    assert not Filing.objects.exists()


def test_a_file_leaves_as_from_the_page(sign_in, report):
    answer = sign_in(Role.Name.STAFF).get(f"{API}{report.code}/files/{REPORT}/")
    assert answer.getvalue() == (report.folder / REPORT).read_bytes()
    assert answer["Content-Disposition"] == f'attachment; filename="{REPORT}"'
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert "no-store" in answer["Cache-Control"]
    event = HistoryEvent.objects.latest("number")
    assert (event.verb, event.subject_id, event.data) == ("filing downloaded", report.pk, {"file": 1})


def test_a_name_that_is_not_of_the_filing_is_not_found(sign_in, report):
    client = sign_in(Role.Name.LAWYER)
    for name in ("..%2Fsnapshot.json", "%2e%2e%2frows.jsonl", "snapshot.json", "%00", "..", REPORT.upper()):
        assert client.get(f"{API}{report.code}/files/{name}/").status_code == 404, name


def test_nothing_leaves_before_the_seal_or_by_another_method(sign_in, book):
    client, filing = sign_in(Role.Name.LAWYER), filings.start_filing(book, "eligibility-report")
    filing.folder.mkdir()
    (filing.folder / REPORT).write_bytes(b"%PDF-half")
    for name in (REPORT, "manifest.json", "manifest.pdf"):
        assert client.get(f"{API}{filing.code}/files/{name}/").status_code == 404
    for method in (client.post, client.put, client.delete, client.head):
        assert method(f"{API}{filing.code}/files/{REPORT}/").status_code == 405


def test_a_file_that_was_changed_is_not_sent(sign_in, report):
    (report.folder / REPORT).write_bytes(b"%PDF-1.7 another")
    answer = sign_in(Role.Name.STAFF).get(f"{API}{report.code}/files/{REPORT}/")
    assert answer.status_code == 409 and "was changed on the server" in answer.json()["detail"]


def test_one_whose_job_failed_is_stopped(sign_in, book):
    filing = filings.start_filing(book, "eligibility-report")
    Job.objects.filter(pk=filing.job_id).update(state="failed")
    assert sign_in(Role.Name.STAFF).get(f"{API}{filing.code}/").json()["state"] == "stopped"


def test_the_list_is_light(sign_in, book, django_assert_max_num_queries):
    for _ in range(5):
        make_filing(book)
    client = sign_in(Role.Name.STAFF)
    with django_assert_max_num_queries(8):
        rows = client.get(API).json()["results"]
    assert len(rows) == 5 and not {"manifest", "files"} & rows[0].keys()


def test_a_correction_names_a_sealed_filing_of_the_same_and_says_something_else(sign_in, report):
    client, other = sign_in(Role.Name.LAWYER), make_filing(report.action)
    for data, words in (
        ({"replaces": ABSENT}, "has no filing"),
        ({"replaces": str(other.code)}, "only a sealed filing"),
        ({"replaces": str(report.code), "language": "de"}, "the action, kind, language and rendering"),
        ({"replaces": str(report.code)}, "nothing has changed since"),
    ):
        answer = post(client, **data)
        assert answer.status_code == 400 and words in answer.json()["detail"], answer.json()
    fill_book(report.action, eligible=5, ineligible=5, needs_info=0)
    screen(report.action)
    first, second = (post(client, replaces=str(report.code)).json() for _ in range(2))
    assert first["id"] == second["id"]
    assert client.get(f"{API}{first['id']}/").json()["replaces"] == str(report.code)
