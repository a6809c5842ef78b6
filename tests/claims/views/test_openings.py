"""Whoever of the office reads what a certificate or a page of joining tells of a person is written down."""

import pytest

from claims.models import HistoryEvent
from claims.models.history import OPENED
from documents.certificates import issue_certificate


@pytest.mark.parametrize("page", ["certificate/", "certificate.pdf", "joining/"])
def test_reading_it_is_an_opening_of_the_claim(visit, claim, page):
    issue_certificate(claim, by=None)
    answer = visit("lawyer", f"/workspace/small/claims/{claim.reference}/{page}")
    assert answer.status_code == 200
    assert HistoryEvent.objects.filter(verb=OPENED, subject="claim", subject_id=claim.pk).count() == 1
