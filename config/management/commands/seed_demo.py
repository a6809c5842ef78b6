import secrets
import time
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings

from claims import counts
from claims.base.commands import Command as BaseCommand
from claims.base.commands import OwnWorker, run_job
from claims.base.errors import Refused
from claims.base.jobs import find_active_job
from claims.imports import import_claims
from claims.management.commands.find_duplicates import search_to_end
from claims.models import Action, Claim, Job, Role, User
from claims.screening import find_active_screening, start_screening
from config.factors import set_app
from config.management.commands.make_synthetic_claims import read_count
from config.synthetic import write_claims
from documents.filings import start_filing, verify_folder
from documents.filings.runs import find_run
from redress.loading import find_scenario, load_pack
from redress.scenarios import KIND as SCENARIO
from redress.scenarios import Basis, start_run

PACK = Path(__file__).resolve().parents[2] / "packs" / "noyb-meta-ai-training"
PAGES = ("/", "/workspace/")
BAD_SHARE = 0.01
AGAIN = 8  # people who registered twice, and two families, so that there is something to merge and something not to
DEMO_SECRET = "REDRESSDEMOREDRESSDEMO2345672345"  # known to everybody, so it opens only a demonstration
SHOW_CODE = ".venv/bin/python manage.py show_code"
SCENARIOS = ("base", "low", "high", "registered", "headline")
# The court is in Vienna, so what it reads is in German too. Statements come last: the others are their annexes.
FILINGS = (
    ("eligibility-report", "de", ""),
    ("eligibility-report", "en", ""),
    ("scenario-annex", "en", ""),
    ("claimant-register", "de", "court_confidential"),
    ("claimant-register", "en", "full"),
    ("statement-of-claim", "de", ""),
    ("statement-of-claim", "en", ""),
)


class Command(BaseCommand):
    help = "The whole way on made-up claims: pack, import, screening, duplicates, scenarios, filings that are verified."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        """Add the number of claims."""
        parser.add_argument("--claims", type=read_count, default=1000)

    def run(self, **options: Any) -> dict[str, Any]:
        """Run the main job from the pack to the verified filings."""
        began = time.monotonic()
        action = load_pack(PACK).pack.action
        self.say(f"loaded the pack {PACK.name}, an illustration modelled on public reporting")
        imported = self._import(action, options["claims"])
        with OwnWorker() as self.worker:
            screened = self._screen(action)
            searched = search_to_end(action, say=self.say, worker=self.worker)
            scenarios = [self._run_scenario(action, name) for name in SCENARIOS]
            filings = [self._build_filing(action, *filing) for filing in FILINGS]
        password = make_demo_people(action)
        outcomes = counts.count_by_outcome(action)
        del outcomes[""]
        return {
            "action": action.slug,
            "criteria_version": screened.params["criteria_number"],
            "imported": imported,
            "claims": counts.count_claims(action),
            **outcomes,
            "duplicates": searched.result["waiting"],
            "scenarios": scenarios,
            "filings": filings,
            "sign_in": {
                "code_of_app": f"{SHOW_CODE} lawyer@redress.example",
                "app_secret": DEMO_SECRET,
                "page": f"{settings.BASE_URL}/accounts/login/",
                "password": password,
                **{name: f"{name}@redress.example" for name in Role.Name.values},
                "claimant": "claimant@redress.example",
            },
            "pages": [f"{settings.BASE_URL}{path}" for path in PAGES + ("/demo/mails/",) * settings.SHOWS_MAILS],
            "seconds": round(time.monotonic() - began, 1),
        }

    def _screen(self, action: Action) -> Job:
        if left := find_active_screening(action):
            run_job(left, say=self.say, worker=self.worker)
        return run_job(start_screening(action, by=None), say=self.say, worker=self.worker)

    def _run_scenario(self, action: Action, name: str) -> dict[str, Any]:
        """Run a scenario of the pack and return what it came to."""
        stored = find_scenario(action, name)
        assert stored is not None  # the pack has it
        if left := find_active_job(SCENARIO, action, name):
            run_job(left, say=self.say, worker=self.worker)
        run = start_run(action, Basis(stored.name, stored.document, stored), by=None)
        assert run.job is not None  # start_run gives one
        run_job(run.job, say=self.say, worker=self.worker)
        run.refresh_from_db()
        net = run.result["lines"]["net"]
        return {
            "name": name,
            "total_mean_cents": run.result["lines"]["total"]["mean_cents"],
            **{f"net_{key}": net[key] for key in ("mean_cents", "p50_cents", "p95_cents")},
            "chance_nothing_paid": run.result["chance_nothing_paid"],
            "digest": run.digest,
        }

    def _build_filing(self, action: Action, kind: str, language: str, rendering: str) -> dict[str, Any]:
        """Build a filing, verify its files, and return where they lie."""
        filing = start_filing(action, kind, language=language, rendering=rendering, run=find_run(action, kind))
        if not filing.is_sealed and filing.job:
            run_job(filing.job, say=self.say, worker=self.worker)
            filing.refresh_from_db()
        verified = verify_folder(filing.folder)
        if not verified.ok:
            raise Refused(f"the {kind} does not verify: {verified.difference}")
        return {
            "kind": kind,
            "language": language,
            "rendering": rendering,
            "files": [str(filing.folder / file["name"]) for file in filing.manifest["files"]],
            "pages": sum(file["pages"] for file in filing.manifest["files"]),
            "rows": filing.rows,
            "ok": True,
        }

    def _import(self, action: Action, claims: int) -> dict[str, Any]:
        folder = Path(settings.VAR_DIR) / "demo"
        folder.mkdir(parents=True, exist_ok=True)
        file, errors = folder / "claims.csv", folder / "refused.csv"
        criteria = action.criteria
        assert criteria is not None  # load_pack writes one
        write_claims(file, criteria.document, claims, seed=1, bad=BAD_SHARE, again=AGAIN)
        result = asdict(import_claims(action, file, errors=errors))
        del result["first_complaints"]
        return {**result, "file": str(file), "refused_rows": str(errors)}

    def show(self, result: dict[str, Any]) -> str:
        """Return the summary for people."""
        imported, people = result["imported"], result["sign_in"]
        rows = [
            ("Action", f"{result['action']} (an illustration: this action does not exist)"),
            ("Claims file", imported["file"]),
            ("Import", f"{imported['read']:,} rows read, {imported['imported']:,} imported, "
             f"{imported['known']:,} known, {imported['refused']:,} refused"),
            ("Refused rows", imported["refused_rows"]),
            ("Claims", f"{result['claims']:,}"),
            ("Screened", f"{result['eligible']:,} meet the criteria, {result['ineligible']:,} do not, "
             f"{result['needs_info']:,} need information (criteria version {result['criteria_version']})"),
            ("Duplicates", f"{result['duplicates']:,} pairs of claims that may be of one person wait for a lawyer"),
            *(("Scenario", describe_scenario(scenario)) for scenario in result["scenarios"]),
            *(row for filing in result["filings"] for row in describe_filing(filing)),
            ("Sign in", people["page"]),
            ("", ", ".join(people[name] for name in (*Role.Name.values, "claimant"))),
            ("", f"password {people['password']}"),
            ("Second factor", f"the code of the app now: {people['code_of_app']}"),
            ("", f"or let an authenticator app know the secret {people['app_secret']}"),
            ("Pages", "  ".join(result["pages"])),
            ("Took", f"{result['seconds']} s"),
        ]  # fmt: skip
        return "\n".join(("", *(f"{title:<18}{text}" for title, text in rows), ""))


def describe_scenario(scenario: dict[str, Any]) -> str:
    """Return a scenario in a line. A total without the chance of nothing would be the headline again."""
    mean, net, good = (int(scenario[key]) // 100 for key in ("total_mean_cents", "net_mean_cents", "net_p95_cents"))
    best = f"in 5% EUR {good:,} or more is left for it" if good else "in fewer than 5% is anything left for it"
    return (
        f"{scenario['name']}: EUR {mean:,} on average, EUR {net:,} of it for the class; in "
        f"{scenario['chance_nothing_paid']:.0%} of cases nothing is paid, {best}"
    )


def describe_filing(filing: dict[str, Any]) -> list[tuple[str, str]]:
    """Return a line for the filing and one for each of its files."""
    how = ", ".join(filter(None, (filing["language"], filing["rendering"])))
    what = f"{filing['kind']} ({how}): {filing['pages']} pages, verified"
    return [("Filing", what), *(("", file) for file in filing["files"])]


def make_demo_people(action: Action) -> str:
    """Make somebody for each role and a claimant who can sign in, with one new password; return it.

    The office has a second factor too: on one's own machine the secret of its app is known and `show_code` reckons it.
    """
    password = secrets.token_urlsafe(12)
    for name in Role.Name.values:
        user = _make_user(f"{name}@redress.example", f"Demo {name.title()}", password)
        Role.objects.get_or_create(user=user, action=action, defaults={"name": name})
        if settings.SHOWS_MAILS:  # anywhere else they are asked to set up one of their own
            set_app(user, DEMO_SECRET)
    claimant = _make_user("claimant@redress.example", "Demo Claimant", password)
    claim = (
        Claim.objects.filter(action=action, claimant__user__isnull=True)
        .select_related("claimant")
        .order_by("pk")
        .first()
    )
    if claim and not claimant.claimants.exists():
        claim.claimant.user = claimant
        claim.claimant.save(update_fields=["user"])
    return password


def _make_user(email: str, name: str, password: str) -> User:
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, name=name)
    user.set_password(password)
    user.save(update_fields=["password"])
    return user
