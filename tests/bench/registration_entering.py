"""Enters what the benchmark has sent, and says what came of it: `python -m tests.bench.registration_entering`."""

import json
import os
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from claims.counts import count_claims  # noqa: E402
from claims.intake import enter_registrations  # noqa: E402
from claims.models import Action, HistoryEvent, Mail, Registration  # noqa: E402

if __name__ == "__main__":
    began = time.monotonic()
    entered = enter_registrations()
    found = {
        "per_second": entered / (time.monotonic() - began),
        "sent": Registration.objects.exclude(state=Registration.State.OPEN).count(),
        "receipts": Mail.objects.filter(kind="receipt").count(),
        "registered": HistoryEvent.objects.filter(verb="claim registered").count(),
        "counted": count_claims(Action.objects.get()),
    }
    print(json.dumps(found))
