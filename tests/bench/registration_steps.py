"""Fills registrations for the benchmark, ready to be sent: `python -m tests.bench.registration_steps N FILE`."""

import json
import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402

from claims import mandates  # noqa: E402
from claims.intake import open_draft, save_step, start_registration  # noqa: E402
from claims.models import Action, User  # noqa: E402
from tests.signing_in import sign_in  # noqa: E402

ANSWERS = {
    "capacity": "self", "given_name": "Ελένη", "family_name": "Παραδείγματος", "birth_date": "1990-05-02", "street": "Δρόμος 1",
    "postcode": "105 63", "city": "Αθήνα", "country": "GR", "habitual_residence": "GR", "resident_since": "2010-01-01", "phone": "+30 21 0123",
    "uses_privately": "yes", "platform": "facebook", "account_on_key_date": "yes", "account_opened_on": "2012-03-04", "used_in_period": "yes",
    "public_posts": "yes", "used_meta_ai": "no", "special_category": "no", "saw_notice": "yes", "objection_made": "no", "loss_of_control": "yes",
    "distress": "yes", "fear": "no", "effort_hours": "3", "damage_text": "I no longer know who reads what I once wrote. " * 9, "other_action": "no",
    "earlier_compensation": "no", "claim_assigned": "no",
}  # fmt: skip


def prepare(number: int) -> str:
    """Make a person with a whole registration who is signed in; return the cookie."""
    person = User.objects.create_user(f"person{number}@muster.example")
    registration = start_registration(Action.objects.get(), by=person, language="en")
    save_step(registration, {**ANSWERS, "family_name": f"Muster{number}"})
    draft = open_draft(registration)
    mandates.accept_declarations(registration, mandates.list_wanted(registration.action, draft.values, "en"))
    client = Client()
    sign_in(client, person)
    assert (
        client.get(f"/actions/{registration.action.slug}/register/check/").status_code == 200
    )  # the page with the button
    return client.cookies[settings.SESSION_COOKIE_NAME].value


if __name__ == "__main__":
    first, many, file = sys.argv[1:]
    Path(file).write_text(json.dumps([prepare(number) for number in range(int(first), int(first) + int(many))]))
