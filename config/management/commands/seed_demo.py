import secrets
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings

from claims import counts
from claims.base.commands import Command as BaseCommand
from claims.base.commands import run_job
from claims.imports import import_claims
from claims.models import Action, Claim, Role, User
from claims.packs import load_pack
from claims.screening import start_screening
from config.management.commands.make_synthetic_claims import read_count
from config.synthetic import write_claims

PACK = Path(__file__).resolve().parents[2] / "packs" / "noyb-meta-ai-training"
BAD_SHARE = 0.01


class Command(BaseCommand):
    help = "Set up the demonstration action with claims of people who do not exist: load, import, screen."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        """Add the number of claims."""
        parser.add_argument("--claims", type=read_count, default=1000)

    def run(self, **options: Any) -> dict[str, Any]:
        """Run the main job from the pack to the screened book."""
        action = load_pack(PACK).action
        self.say(f"loaded the pack {PACK.name}, an illustration modelled on public reporting")
        imported = self._import(action, options["claims"])
        job = run_job(start_screening(action, by=None), say=self.say)
        password = make_demo_people(action)
        outcomes = counts.count_by_outcome(action)
        del outcomes[""]
        return {
            "action": action.slug,
            "criteria_version": job.params["criteria_number"],
            "imported": imported,
            "claims": counts.count_claims(action),
            **outcomes,
            "sign_in": {
                "page": f"{settings.BASE_URL}/accounts/login/",
                "password": password,
                "lawyer": "lawyer@redress.example",
                "staff": "staff@redress.example",
                "claimant": "claimant@redress.example",
            },
            "pages": [f"{settings.BASE_URL}/", f"{settings.BASE_URL}/workspace/"],
        }

    def _import(self, action: Action, claims: int) -> dict[str, Any]:
        folder = Path(settings.VAR_DIR) / "demo"
        folder.mkdir(parents=True, exist_ok=True)
        file, errors = folder / "claims.csv", folder / "refused.csv"
        criteria = action.criteria
        assert criteria is not None  # load_pack writes one
        write_claims(file, criteria.document, claims, seed=1, bad=BAD_SHARE)
        result = asdict(import_claims(action, file, errors=errors))
        del result["first_complaints"]
        return {**result, "file": str(file), "refused_rows": str(errors)}

    def show(self, result: dict[str, Any]) -> str:
        """Return the summary for people."""
        imported, people = result["imported"], result["sign_in"]
        return "\n".join(
            (
                "",
                f"Action            {result['action']} (an illustration: this action does not exist)",
                f"Claims file       {imported['file']}",
                f"Import            {imported['read']:,} rows read, {imported['imported']:,} imported, "
                f"{imported['known']:,} known, {imported['refused']:,} refused",
                f"Refused rows      {imported['refused_rows']}",
                f"Claims            {result['claims']:,}",
                f"Screened          {result['eligible']:,} meet the criteria, {result['ineligible']:,} do not, "
                f"{result['needs_info']:,} need information (criteria version {result['criteria_version']})",
                f"Sign in           {people['page']}",
                f"                  {people['lawyer']}, {people['staff']} or {people['claimant']}",
                f"                  password {people['password']}",
                f"Pages             {'  '.join(result['pages'])}",
                "",
            )
        )


def make_demo_people(action: Action) -> str:
    """Make a lawyer, a member of staff and a claimant who can sign in, with one new password; return it."""
    password = secrets.token_urlsafe(12)
    for name in Role.Name.values:
        user = _make_user(f"{name}@redress.example", f"Demo {name.title()}", password)
        Role.objects.get_or_create(user=user, action=action, defaults={"name": name})
    claimant = _make_user("claimant@redress.example", "Demo Claimant", password)
    claim = (
        Claim.objects.filter(action=action, claimant__user__isnull=True)
        .select_related("claimant")
        .order_by("pk")
        .first()
    )
    if claim and not hasattr(claimant, "claimant"):
        claim.claimant.user = claimant
        claim.claimant.save(update_fields=["user"])
    return password


def _make_user(email: str, name: str, password: str) -> User:
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, name=name)
    user.set_password(password)
    user.save(update_fields=["password"])
    return user
