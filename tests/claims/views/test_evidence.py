"""Copies are files to keep, for their claimant and for the office of the action; originals are for no page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from claims import access
from claims.base import vault
from claims.evidence import check_due_evidence, receive_evidence
from claims.models import HistoryEvent
from tests.claims.evidence import corpus
from tests.factories import make_action, make_claim, make_claimant, make_user

pytestmark = pytest.mark.django_db
FILES = {
    "photo.jpg": corpus.PHOTO,
    "live.pdf": corpus.make_live_pdf(),
    "a.txt": b"<b>x",
    "objection.eml": corpus.make_email(),
}


@pytest.fixture
def owner(settings, tmp_path, action):
    """Somebody with a claim in the action."""
    settings.MEDIA_ROOT = str(tmp_path)
    claimant = make_claimant(user=make_user("claimant@example.org"), data_key=vault.make_data_key())
    make_claim(action, claimant)
    return claimant


@pytest.fixture
def send(owner):
    def send_files(**files):
        uploads = [SimpleUploadedFile(name, data) for name, data in files.items()]
        rows = receive_evidence(uploads, owner=owner, data_key=owner.data_key)
        check_due_evidence()
        return rows

    return send_files


@pytest.fixture
def people(people, owner):
    return people | {"owner": owner.user, "other claimant": make_claimant(user=make_user()).user}


def own(evidence):
    return reverse("claims:evidence-copy", args=[evidence.code])


def office(evidence, slug="small"):
    return reverse("claims:workspace-evidence-copy", args=[slug, evidence.code])


@pytest.mark.parametrize("name", ["photo.jpg", "live.pdf", "a.txt", "objection.eml"])
def test_a_copy_is_a_file_to_keep_and_nothing_else(name, send, visit):
    [evidence] = send(**{name: FILES[name] if name != "a.txt" else b"x <b>"})
    for who, url in (("owner", own(evidence)), ("staff", office(evidence)), ("lawyer", office(evidence))):
        answer = visit(who, url)
        assert answer.status_code == 200
        assert answer["Content-Disposition"].startswith(f'attachment; filename="evidence-{evidence.code.hex[:8]}.')
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["Cache-Control"] == "no-store"
        assert answer["Content-Type"] in {"image/jpeg", "application/pdf", "text/plain; charset=utf-8"}
        assert b"CANARY" not in answer.content


def test_who_has_no_right_gets_the_answer_of_what_does_not_exist(send, visit):
    [evidence] = send(**{"photo.jpg": corpus.PHOTO})
    for who in ("stranger", "neighbour", "other claimant", "staff", "lawyer"):
        assert visit(who, own(evidence)).status_code == 404, who
    for who in ("stranger", "neighbour", "other claimant", "owner"):
        assert visit(who, office(evidence)).status_code == 404, who
        assert visit(who, office(evidence, "other")).status_code == 404, who
    for url in (own(evidence), office(evidence)):
        assert visit("anonymous", url).status_code == 302


def test_rows_reach_only_those_who_may_see_them(send, people):
    [evidence] = send(a=b"hello")
    for who in ("stranger", "neighbour", "other claimant", "owner"):
        assert not access.list_office_evidence(people[who], "small"), who
        assert evidence not in access.list_own_evidence(people[who]) or who == "owner"
    assert list(access.list_office_evidence(people["staff"], "small")) == [evidence]
    assert not access.list_office_evidence(people["staff"], "other")


def test_the_office_of_another_action_of_the_same_person_sees_nothing(send, visit, owner, people):
    [evidence] = send(a=b"hello")
    make_claim(make_action("third", matter="third"), make_claimant(user=owner.user))
    for slug in ("small", "third", "other"):
        assert visit("neighbour", office(evidence, slug)).status_code == 404


@pytest.mark.parametrize("data", [corpus.EICAR[:5] + b"\0", b"", corpus.make_pdf_bomb(1000) + b"", b"\xff\xd8\xff"])
def test_there_is_nothing_to_take_of_what_is_not_shown(data, send, visit):
    [evidence] = send(x=data)
    expected = 200 if evidence.kind == "pdf" else 404
    assert visit("owner", own(evidence)).status_code == visit("lawyer", office(evidence)).status_code == expected


def test_each_file_that_the_office_takes_is_in_the_history(send, visit, people, action):
    [evidence] = send(a=b"hello")
    visit("stranger", office(evidence))
    visit("owner", own(evidence))
    visit("lawyer", office(evidence))
    [event] = HistoryEvent.objects.filter(verb="evidence taken by the office")
    assert (event.by, event.subject_id, event.action, event.data) == (people["lawyer"], evidence.pk, action, {})


def test_only_asking_is_answered(send, visit):
    [evidence] = send(a=b"hello")
    assert visit("owner", own(evidence), "post").status_code == 405
    assert visit("lawyer", office(evidence), "post").status_code == 405
