"""The API says the dates to everyone; the commands enter events and proofs as the pages do."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse

from claims.models import EventEntry
from tests.claims.joining.test_proofs import happen, place, vienna  # noqa: F401

pytestmark = pytest.mark.django_db


def run(*args, **options):
    out, err = StringIO(), StringIO()
    try:
        call_command(*args, "--json", stdout=out, stderr=err, **options)
    except SystemExit as stop:
        return stop.code, err.getvalue()
    return 0, json.loads(out.getvalue())


def test_the_api_says_events_and_deadlines_and_names_nobody(client, vienna):  # noqa: F811
    answer = client.get(reverse("api-action", args=[vienna.slug])).json()
    by_rule = {deadline["rule"]: deadline for deadline in answer["deadlines"]}
    assert by_rule["join_closes"]["on"] == "2026-06-02"
    assert by_rule["join_closes"]["moment"] == "2026-06-02T23:59:59.999999+02:00"
    assert {"event": "order-published", "on": "2026-03-02"} in answer["events"]
    assert set(answer["events"][0]) == {"event", "on"}


def test_the_api_names_the_event_that_ends_the_waiting(client, action):
    place(action, "DE-ABHILFE")
    deadlines = client.get(reverse("api-action", args=[action.slug])).json()["deadlines"]
    closing = next(deadline for deadline in deadlines if deadline["rule"] == "join_closes")
    assert (closing["state"], closing["on"], closing["waits_for"]) == ("waiting", None, "hearing-closed")


def test_the_command_enters_an_event_and_says_what_moved(action):
    happen(action, action_filed=date(2026, 1, 12))
    code, result = run("record_event", action.slug, "order-published", "2026-03-02", "--source", "register")
    assert (code, result["stage"], result["version"]) == (0, "admissible", 1)
    assert {"deadline": "Last day to join", "before": "Not yet known", "after": "2 June 2026"} in result["moves"]


def test_the_command_refuses_in_one_line_and_a_dry_run_enters_nothing(action):
    code, line = run("record_event", action.slug, "admissible", "2026-03-02", "--source", "decision")
    assert code == 1 and "Enter that first" in line and "Traceback" not in line
    code, result = run("record_event", action.slug, "action-filed", "2026-01-12", "--source", "x", "--dry-run")
    assert (code, result["version"], EventEntry.objects.count()) == (0, 0, 0)
    code, line = run("record_event", action.slug, "nonsense", "2026-01-12", "--source", "x", "--dry-run")
    assert code == 1 and "nonsense" in line
