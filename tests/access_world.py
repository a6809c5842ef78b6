"""The world of the access table: one of each thing in the small action, and everybody who might ask for it."""

import hashlib
from datetime import date, timedelta

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from claims.base.references import make_reference
from claims.base.vault import make_data_key
from claims.evidence import check_due_evidence, receive_evidence
from claims.intake import start_registration
from claims.keys import ensure_data_key
from claims.models import (
    CalendarLink,
    CriteriaDraft,
    Decision,
    DryRun,
    DuplicatePair,
    EventEntry,
    ImportFile,
    Job,
    JoiningFile,
    Override,
    Quarantine,
    Registration,
    Role,
    SavedView,
)
from documents.certificates import issue_certificate
from documents.models import Filing
from tests.access_table import OFFICE
from tests.claims.evidence.corpus import make_image
from tests.factories import (
    load_small_pack,
    make_action,
    make_claim,
    make_claimant,
    make_filing,
    make_run,
    make_user,
)
from tests.signing_in import set_proofs


def make_world():
    """Return what stands in addresses by name, and the clients of everybody by name."""
    action, other = load_small_pack(), make_action("other")
    users = make_users(action, other)
    own = make_claim(
        action,
        make_claimant(user=users["owner"]),
    )
    make_claim(action, make_claimant(user=users["stranger"]))
    key = ensure_data_key(own.claimant)
    draft = start_registration(action, by=users["registering"], language="en")
    issue_certificate(own, by=users["owner"])
    late = make_late(action, users["registering"])
    held = make_screened(action)
    Quarantine.objects.create(claim=held, action=action, score=9, reasons=["trap"])
    filing = make_filing(action)
    sealed = make_filing(
        action, state=Filing.State.SEALED, sealed_at=timezone.now(), manifest=MANIFEST, manifest_sha256="0" * 64
    )
    files = make_files(action)
    view = SavedView.objects.create(action=action, user=users["lawyer"], name="mine")
    CriteriaDraft.objects.create(action=action, text="x", fault="a draft that is wrong")
    passkey = make_passkey(users["lawyer"])
    parts = {
        "slug": action.slug, "reference": held.reference, "own_reference": own.reference,
        "late_reference": late.reference, "token": "x" * 43,
        "job": Job.objects.create(kind="screening", action=action, state="running", units_total=9).code,
        "filing": filing.code, "sealed": sealed.code, "file": "03-eligibility-report.pdf", "passkey": passkey.pk,
        "run": make_run(action).code, "picture": "exceedance", "name": "base", "draft": draft.code,
        "step": "name", "question": "uses_privately", "key": "started", "uidb36": "1",
        "draft_evidence": make_evidence(registration_code=draft.code, data_key=draft.data_key).code,
        "criterion": "consumer", "dry_run": make_dry_run(action).code, "feed_token": make_feed(users["lawyer"]),
        "decision": Decision.objects.create(claim=held, kind="ask", by=users["lawyer"]).code,
        "override": Override.objects.create(
            claim=held, criterion="consumer", verdict="y", criteria_version=action.criteria, by=users["lawyer"]
        ).code,
        "bulk": Job.objects.create(kind="bulk_decision", action=action, state="running", units_total=9).code,
        "pair": DuplicatePair.objects.create(
            action=action, first=own, second=held, score=40, version=1, found_in=1, signs=[]
        ).code,
        "event_proof": files[0].code, "joining_file": files[1].code, "import_file": files[2].code,
        "joining_check": files[3].code, "number": view.pk, "role": users["staff"].roles.get().pk, "lost": "lost-factor",
        "evidence": make_evidence(owner=own.claimant, data_key=key).code,
        "photo": make_evidence("a.png", make_image("PNG"), owner=own.claimant, data_key=key).code, "page": 1,
    }  # fmt: skip
    return parts, {name: make_client(name, user) for name, user in users.items()}


MANIFEST = {"files": [{"name": "03-eligibility-report.pdf", "sha256": "0" * 64, "bytes": 1, "pages": 1}]}


def make_users(action, other):
    users = {name: make_user(role=name, action=action) for name in sorted(OFFICE)}
    users |= {name: make_user(f"{name}@muster.example") for name in ("owner", "stranger", "registering")}
    yesterday = timezone.now() - timedelta(days=1)
    users["former"] = make_user(role=Role.Name.LAWYER, action=action, ends_at=yesterday)
    users["neighbour"] = make_user(role=Role.Name.LAWYER, action=other)
    users["weak"] = make_user(role=Role.Name.LAWYER, action=action)
    return users | {"anonymous": None}


def make_client(name, user):
    """A browser of this person. The passwords of all are the same, and all have just signed in."""
    client = Client()
    if user:
        client.force_login(user)
        # An hour ahead, so that a slow machine does not come to the questions that are asked again after five minutes.
        set_proofs(
            client, user, ("password", "mfa") if user.roles.exists() and name != "weak" else ("code",), age=-3600
        )
    return client


def make_late(action, user):
    """What was sent an hour ago, and no worker can enter."""
    hour_ago = timezone.now() - timedelta(hours=1)
    return Registration.objects.create(
        action=action, user=user, state="sent", reference=make_reference(), sent_at=hour_ago, failed_at=hour_ago
    )


def make_dry_run(action):
    """A draft that is being tried on the book."""
    job = Job.objects.create(kind="dry run", action=action, state="running", units_total=9, subject="draft")
    return DryRun.objects.create(
        action=action, job=job, document=action.criteria.document, sha256="0" * 64, book_mark=0
    )


def make_feed(user):
    """The secret of somebody's calendar."""
    CalendarLink.objects.create(user=user, token_sha256=hashlib.sha256(b"feed").hexdigest())
    return "feed"


def make_screened(action):
    """A claim whose first criterion is unknown."""
    letters = "u" + "y" * (len(action.criteria.document["criteria"]) - 1)
    now = timezone.now()
    return make_claim(
        action, criteria_version=action.criteria, findings=letters, outcome="needs_info", screened_at=now
    )  # fmt: skip


def make_passkey(user):
    """A passkey as a browser would have made it."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    credential = AttestedCredentialData.create(Aaguid.NONE, b"x" * 32, key)
    data = AuthenticatorData.create(b"0" * 32, flags, 0, credential)
    answer = {
        "clientDataJSON": websafe_encode(b'{"type":"webauthn.create","challenge":"eA","origin":"http://localhost"}'),
        "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
    }
    made = {
        "id": websafe_encode(b"x" * 32),
        "rawId": websafe_encode(b"x" * 32),
        "type": "public-key",
        "response": answer,
    }
    return Authenticator.objects.create(user=user, type="webauthn", data={"name": "x", "credential": made})


def make_files(action):
    """A proof of an event, a file of proofs of joining, a file of claims, a file of proofs that is looked at."""
    entry = EventEntry.objects.create(action=action, key="started", on=date(2025, 5, 27))
    proof = make_evidence(registration_code=entry.code, data_key=make_data_key())
    job = Job.objects.create(kind="joining", action=action, state="running", units_total=1, subject="x")
    joining = JoiningFile.objects.create(action=action, job=job, sha256="0" * 64, source="x", data_key="")
    importing = Job.objects.create(kind="import", action=action, state="running", units_total=1, subject="x")
    claims = ImportFile.objects.create(action=action, job=importing, sha256="0" * 64, delimiter=",")
    looking = Job.objects.create(kind="joining-check", action=action, state="running", units_total=1)
    looked_at = JoiningFile.objects.create(action=action, job=looking, sha256="0" * 64, source="x", data_key="")
    return proof, joining, claims, looked_at


def make_evidence(name="a.txt", content=b"words", **holder):
    """A file with a safe copy."""
    [evidence] = receive_evidence([SimpleUploadedFile(name, content)], **holder)
    check_due_evidence()
    return evidence
