"""Every state of the pages for claimants in the real pack: the rows that make it, the way to it, what only it shows.

A page is opened straight away with a session of its own; only what no row can make (a message beside a field) is typed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.core import mail
from django.utils import timezone

from claims.base.mails import send_queued_mails
from claims.models import Code, Mail, Registration
from tests.journeys.states_world import FATES, PRECHECK, STEPS


@dataclass(frozen=True)
class State:
    """A page in one state: where, what only it shows, whose, what is typed before its button is pressed."""

    path: str
    shows: str
    who: str = ""
    typed: dict[str, str] | Callable[[], dict[str, str]] | None = None
    before: Callable[[dict], object] | None = None

    def __str__(self) -> str:
        return f"{self.who or 'anybody'} at {self.path}, {self.shows}"


def read_code():
    """Return the newest code that was sent, as it is typed."""
    send_queued_mails()
    return {"code": re.search(r"\d{4}-\d{4}", mail.outbox[-1].body).group()}


def expire_codes(_world):
    Code.objects.update(good_until=timezone.now() - timedelta(minutes=1))


def close(world):
    type(world["action"]).objects.update(stage="closed")


def reach_late(_world):
    Registration.objects.filter(state="sent").update(sent_at=timezone.now() - timedelta(minutes=3))


def forget_mails(_world):
    Mail.objects.all().delete()


def day(name, *parts):
    return {f"answer.{name}.{part}": text for part, text in zip(("day", "month", "year"), parts, strict=True)}


WRONG = {
    "capacity": {},
    "name": {},
    "birth": day("birth_date", "31", "2", "1990"),
    "address": {"answer.street": "x" * 3000},
    "residence": day("resident_since", "", "13", "20100"),
    "phone": {"answer.phone": "no number"},
    "account_opened_on": day("account_opened_on", "31", "2", "1990"),
    "effort_hours": {"answer.effort_hours": "three"},
    "damage_text": {"answer.damage_text": "x" * 20_001},
}
CODE, ERRORS, FIELD = "#id_code", ".errors", "main .is-error"
PRECHECKED = {f"answer.{name}": text for name, text in PRECHECK.items() if "-" not in text}
KNOWN = PRECHECKED | day("birth_date", "2", "5", "1990") | day("resident_since", "1", "1", "2010")

ANYBODY = [
    State("/", "main"),
    State("{a}/", "main"),
    State("{a}/check/", "main form"),
    State("{a}/check/", FIELD, typed=day("birth_date", "31", "2", "1990")),
    State("{a}/check/", ".verdict.yes", typed=KNOWN),
    State("{a}/check/", ".verdict.no", typed=KNOWN | {"answer.uses_privately": "no"}),
    State("{a}/check/", ".verdict.unk", typed=KNOWN | {"answer.uses_privately": "unknown"}),
    State("{a}/check/", ERRORS, typed={}),
    State("{a}/register/", "#id_email"),
    State("{a}/register/", FIELD, typed={"email": "eleni@"}),
    State("{a}/register/", CODE, typed={"email": "code@paradeigma.example"}),
    State("{a}/register/code/", FIELD, typed={"code": ""}),
    State("{a}/register/code/", FIELD, typed={"code": "0000-0000"}),
    State("{a}/register/code/", FIELD, typed=read_code, before=expire_codes),
    State("{a}/register/link/gone/", ".errors, .notice, [role=alert], [role=status]"),
    State("/verify/", "main form"),
    State("/verify/0000/", "main"),
    State("/verify/{code}/", "main"),
    State("/demo/mails/", "section.folio"),
    State("/demo/mails/", "main", before=forget_mails),
    State("/accounts/login/", "main form"),
    State("/accounts/login/", ERRORS, typed={}),
    State("/accounts/login/code/", "main form"),
    State("/accounts/password/reset/", "main form"),
    State("/accounts/password/reset/", ERRORS, typed={}),
    State("/accounts/signup/", "main"),
    State("/no-such-page/", "main"),
]
REGISTRATION = [
    *(State(f"{{a}}/register/{step}/", "main form", who="new") for step in STEPS),
    *(State(f"{{a}}/register/{step}/", FIELD, who="new", typed=typed) for step, typed in WRONG.items()),
    *(State(f"{{a}}/register/{step}/", "main form", who="full") for step in STEPS),
    State("{a}/register/representative/", "main form", who="guardian"),
    State("{a}/register/representative/", FIELD, who="guardian", typed=day("rep_since", "", "13", "2014")),
    State("{a}/register/evidence/", ".drop", who="new"),
    State("{a}/register/evidence/", ".files", who="full"),
    State("{a}/register/declarations/", ".decl", who="new"),
    State("{a}/register/declarations/", ERRORS, who="new", typed={}),
    State("{a}/register/declarations/", ".decl input:checked", who="full"),
    State("{a}/register/check/", "main", who="new"),
    State("{a}/register/check/", ERRORS, who="new", typed={}),
    State("{a}/register/check/", ".answers", who="full"),
    State("{a}/register/check/", ".answers", who="guardian"),
    State("{a}/register/check/", "#doubts", who="doubt"),
    State("{a}/register/stopped/", "main", who="new"),
    State("/my/", "main .card", who="new"),
    State("/my/", "main .card", who="sent"),
    State("/my/drafts/{draft}/erase/", "main form", who="new"),
    State("/my/sent/{sent_reference}/", ".receipt", who="sent"),
    State("/my/sent/{sent_reference}/", ".receipt", who="sent", before=reach_late),
    State("{a}/register/", "main .notice", before=close),
    State("{a}/register/name/", "#kept", who="new"),
]
MINE = [
    *(State(f"/my/claims/{{{name}}}/", "#happened", who=name) for name in ("settled", "open", *FATES)),
    State("/my/claims/{twin}/", "main .notice", who="twin"),
    State("/my/", "main", who="nobody"),
    State("/my/", "#happened", who="open"),
    State("/my/claims/{open}/answer/uses_privately/", "main form", who="open"),
    State("/my/claims/{asked}/answer/effort_hours/", FIELD, who="asked", typed={"answer.effort_hours": "three"}),
    State("/my/claims/{asked}/answer/public_posts/", "main form", who="asked"),
    State("/my/claims/{joined}/answer/uses_privately/", "main", who="joined"),
    State("/my/claims/{open}/contact/", "main form", who="open"),
    State("/my/claims/{open}/contact/", FIELD, who="open", typed={"answer.phone": "no number"}),
    State("/my/claims/{open}/evidence/", ".drop", who="open"),
    State("/my/claims/{settled}/evidence/", ".files", who="settled"),
    State("/my/claims/{open}/certificate/", "main form", who="open"),
    State("/my/claims/{settled}/certificate/", "main", who="settled"),
    State("/my/claims/{open}/consents/", "main form .choice", who="open"),
    State("/my/claims/{open}/withdraw/", "main form", who="open"),
    State("/my/claims/{joined}/withdraw/", "main .notice.no", who="joined"),
    State("/my/claims/{open}/reply/", "main", who="open"),
    State("/my/claims/{announced}/reply/", "#id_words", who="announced"),
    State("/my/claims/{refused}/reply/", FIELD, who="refused", typed={}),
    State("/my/connect/", "[name='answer.birth_date.day']", who="open"),
    State("/my/connect/", FIELD, who="open", typed=day("birth_date", "31", "2", "1990")),
    State("/my/email/", "#id_email", who="open"),
    State("/my/email/", FIELD, who="open", typed={"email": "eleni@"}),
    State("/my/email/", CODE, who="open", typed={"email": "new@paradeigma.example"}),
    State("/my/email/code/", FIELD, who="open", typed={"code": "0000-0000"}),
    State("/my/data/", "main", who="open"),
    State("/accounts/logout/", "main form", who="open"),
    State("/accounts/password/change/", "main form", who="open"),
    State("/my/claims/{joined}/erase/", "[name=restrict]", who="joined"),
    State("/my/claims/{joined}/erase/", ".tag.yes", who="joined", typed={}),
    State("/my/claims/{leaving}/withdraw/", "main .notice, main [role=status]", who="leaving", typed={}),
    State("/my/claims/{erased}/erase/", "main form", who="erased"),
    State("/my/claims/{erased}/erase/", CODE, who="erased", typed={}),
    State("/my/claims/{erased}/erase/code/", FIELD, who="erased", typed={"code": "0000-0000"}),
    State("/my/claims/{erased}/erase/code/", "[role=status], .notice", who="erased", typed=read_code),
]
