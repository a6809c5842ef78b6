"""Rows for tests. Small, plain and plainly fictitious."""

from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP

from claims.base.references import make_reference
from claims.counts import add_counts
from claims.intake import enter_registration, send_registration
from claims.joining.proofs import set_days
from claims.models import Action, Claim, Claimant, Matter, Registration, Role, User
from claims.names import renew_names
from claims.packs import load_pack
from claims.tallies import add_tallies, has_mandate
from documents.models import Filing, FilingFile
from redress import loading, scenarios

SMALL_PACK = Path(__file__).parent / "packs" / "small"
REGISTERED_AT = datetime(2025, 11, 3, 14, 5, tzinfo=UTC)
TOTP_SECRET = "JBSWY3DPEHPK3PXP"
_numbers = count(1)


def send_and_enter(registration, **options):
    """Send a registration and let the worker enter it; return the claim."""
    sent = send_registration(registration, by=registration.user, **options)
    enter_registration(sent.pk)
    return Registration.objects.get(pk=sent.pk).claim


def load_small_pack():
    return load_pack(SMALL_PACK).action


def load_small_scenarios(action):
    """The scenarios of the small pack: base, low, registered."""
    loading.load_scenarios(action, SMALL_PACK / "scenarios")


def make_run(action, name="base", **options):
    """A finished run of a scenario of the small pack, with the draws and the seed of its document."""
    load_small_scenarios(action)
    scenario = loading.find_scenario(action, name)
    basis = scenarios.Basis(name, scenario.document, scenario)
    return scenarios.run_inline(action, basis, by=None, **options)


def make_action(slug="other", **fields):
    """Another action, without criteria: somebody else's."""
    matter, _ = Matter.objects.get_or_create(slug=fields.pop("matter", "other"), defaults={"trader": "Other Ltd"})
    fields = {"regime_code": "AT-ABHILFE", "is_published": True, "facts": {"name": {"en": slug}}, **fields}
    return Action.objects.create(slug=slug, matter=matter, **fields)


def make_claimant(**fields):
    number = next(_numbers)
    names = {"given_name": "Ana", "family_name": "Muster", "email": f"ana{number}@muster.example"}
    return Claimant.objects.create(**{**names, "birth_date": date(1990, 5, 2), **fields})


def make_claim(action, claimant=None, **fields):
    claim = Claim.objects.create(
        action=action,
        matter=fields.pop("matter", action.matter),
        claimant=claimant or make_claimant(),
        reference=make_reference(),
        channel=fields.pop("channel", Claim.Channel.IMPORT),
        **{"registered_at": REGISTERED_AT, "habitual_residence": "AT", "resident_since": date(2010, 1, 1), **fields},
    )
    add_counts(action.pk, {(claim.habitual_residence, claim.tier, claim.outcome): 1 if claim.stands else 0})
    add_tallies(action.pk, {("status", claim.status): 1, ("registered", claim.registered_at.date().isoformat()): 1})
    if claim.joined_on:
        add_tallies(action.pk, {("joined", claim.joined_on.isoformat()): 1})
    if claim.stands and has_mandate(claim):
        add_tallies(action.pk, {("mandate", ""): 1})
    renew_names(claim.claimant)
    return claim


def mark_joined(action, days):
    """Let claims have joined, by day; their proofs are of no matter."""
    add_tallies(action.pk, set_days(days))


def make_filing(action, kind="eligibility-report", **fields):
    """A filing as a row, with one file that was not made and no snapshot behind it: for what pages show."""
    fields = {"language": "en", "state": Filing.State.STOPPED, "snapshot_sha256": f"{next(_numbers):064}", **fields}
    filing = Filing.objects.create(action=action, kind=kind, frozen_at=REGISTERED_AT, **fields)
    FilingFile.objects.create(filing=filing, number=1, name=f"03-{kind}.pdf")
    return filing


def make_factor(user, secret=TOTP_SECRET):
    """An authenticator app of this person, and codes on paper."""
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)


def make_user(email=None, *, role=None, action=None, ends_at=None, **fields):
    user = User.objects.create_user(email or f"user{next(_numbers)}@office.example", "correct horse battery", **fields)
    if role:
        make_factor(user)
        Role.objects.create(user=user, action=action, name=role, ends_at=ends_at)
    return user
