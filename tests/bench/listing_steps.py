"""What the benchmark of the book does, each in a process of its own (see `tests.bench.steps`)."""

import os
import random
import statistics
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.test import Client

from claims.kept_searches import keep_search
from claims.models import Action, Claim, Claimant, Role, User
from claims.names import write_names
from claims.rules.names import split_name
from tests.signing_in import sign_in

SYLLABLES = [
    "ba",
    "be",
    "bo",
    "da",
    "de",
    "di",
    "do",
    "fa",
    "fi",
    "ga",
    "go",
    "ha",
    "he",
    "hi",
    "ka",
    "ke",
    "ko",
    "la",
    "le",
    "li",
    "lo",
    "ma",
    "me",
    "mi",
    "mo",
    "na",
    "ne",
    "ni",
    "no",
    "pa",
    "pe",
    "po",
    "ra",
    "re",
    "ri",
    "ro",
    "sa",
    "se",
    "si",
    "so",
    "ta",
    "te",
    "ti",
    "to",
    "va",
    "ve",
    "vi",
    "vo",
    "za",
    "ze",
    "zi",
]
ENDINGS = ["mann", "son", "ski", "ova", "escu", "poulos", "dottir", "ini", "ez", "berg", "ić", "ák", "er", "in", "as"]
ACCENTS = {"a": "áàäãå", "e": "éèëę", "o": "óöøõ", "u": "üú", "c": "çč", "s": "šś", "z": "žż", "l": "ł", "n": "ñń"}
GREEK = dict(zip("abgdeziklmnoprstufho", "αβγδεζικλμνοπρστυφχω", strict=False))
STATES = [
    "DE",
    "FR",
    "IT",
    "ES",
    "PL",
    "NL",
    "RO",
    "BE",
    "SE",
    "GR",
    "PT",
    "HU",
    "AT",
    "BG",
    "DK",
    "FI",
    "SK",
    "IE",
    "HR",
    "LT",
    "SI",
    "LV",
    "EE",
    "CY",
    "LU",
    "MT",
]
TIERS = ["adult", "special_category", "public_posts_only", "minor", ""]
BEGIN = datetime(2025, 9, 1, tzinfo=UTC)
CLAIMANT = "id given_name family_name birth_date email phone street postcode city country language data_key"
CLAIM = (
    "id reference action_id matter_id claimant_id status channel external_ref content_key registered_at joined_on"
    " habitual_residence resident_since answers criteria_version_id findings outcome tier"
)


def make_name(dice: random.Random, ending: str) -> str:
    """Return a name that nobody has, a third of them with an accent."""
    name = "".join(dice.choices(SYLLABLES, k=dice.choice((2, 2, 3)))) + ending
    if dice.random() < 0.3:
        place = dice.randrange(len(name))
        name = name[:place] + dice.choice(ACCENTS.get(name[place], name[place])) + name[place + 1 :]
    return name.capitalize()


def make_names(dice: random.Random) -> tuple[list[str], list[str], list[float]]:
    """Return given names, and 150,000 surnames with how often they occur: few often, most hardly ever, as in life."""
    given = sorted({make_name(dice, "") for _ in range(6000)})
    family = sorted({make_name(dice, dice.choice(ENDINGS)) for _ in range(260_000)})[:150_000]
    dice.shuffle(family)
    total, weights = 0.0, []
    for rank in range(1, len(family) + 1):
        total += 1 / (rank + 20)
        weights.append(total)
    return given, family, weights


def fill(rows: str) -> dict:
    """Put people, claims, names, counts and tallies into the book."""
    dice, began, n = random.Random(7), time.monotonic(), int(rows)
    action = Action.objects.get()
    version = action.criteria
    assert version is not None
    given, family, weights = make_names(dice)
    surnames = dice.choices(family, cum_weights=weights, k=n)
    people, claims, named = [], [], []
    findings = make_findings(dice, len(version.document["criteria"]))
    states = dice.choices(STATES, [1 / (rank + 1) for rank in range(len(STATES))], k=n)
    with transaction.atomic(), connection.cursor() as cursor:
        for pk in range(1, n + 1):
            name, surname, state = dice.choice(given), surnames[pk - 1], states[pk - 1]
            if state in {"GR", "CY"} and dice.random() < 0.5:
                name = "".join(GREEK.get(letter, letter) for letter in name.lower()).capitalize()
            letters, outcome = dice.choice(findings)
            status = dice.choices(["submitted", "accepted", "refused", "withdrawn"], [60, 35, 2, 3])[0]
            joined = (
                (BEGIN + timedelta(days=dice.randrange(200, 400))).date()
                if status == "accepted" and dice.random() < 0.3
                else None
            )
            people.append(
                (pk, name, surname, "1990-05-02", f"p{pk}@people.example", "", "Weg 1", "1000", "Ort", state, "en", "")
            )
            claims.append((
                pk, f"{pk:012d}", action.pk, action.matter_id, pk, status, "web" if dice.random() < 0.02 else "import",
                f"X{pk}", "", BEGIN + timedelta(seconds=dice.randrange(400 * 86_400)), joined, "" if dice.random() < 0.01 else state, "2010-01-01",
                '{"platform": "both", "mandate_given": "yes", "public_posts": "yes", "distress": "no"}', version.pk,
                letters, outcome, dice.choices(TIERS, [60, 20, 12, 3, 5])[0],
            ))  # fmt: skip
            named.append((pk, split_name(name, surname)))
            if len(people) == 20_000 or pk == n:
                for table, columns, values in ((Claimant, CLAIMANT, people), (Claim, CLAIM, claims)):
                    with cursor.copy(f"COPY {table._meta.db_table} ({', '.join(columns.split())}) FROM STDIN") as copy:
                        for row in values:
                            copy.write_row(row)
                write_names(action.pk, named)
                people, claims, named = [], [], []
        cursor.execute(
            "INSERT INTO claims_claimcount (action_id, state, tier, outcome, claims) SELECT action_id, habitual_residence,"
            " tier, outcome, count(*) FROM claims_claim WHERE status IN ('submitted', 'accepted') GROUP BY 1, 2, 3, 4"
        )
        for kind, value in (
            ("status", "status"),
            ("registered", "(registered_at AT TIME ZONE 'UTC')::date::text"),
            ("joined", "joined_on::text"),
        ):
            cursor.execute(
                f"INSERT INTO claims_claimtally (action_id, kind, value, claims) SELECT action_id, '{kind}', {value}, count(*)"  # noqa: S608
                f" FROM claims_claim WHERE {value} IS NOT NULL GROUP BY 1, 3"
            )
        add_work(cursor)
    user = User.objects.create_user("bench@office.example", None)
    Role.objects.create(user=user, action=action, name=Role.Name.LAWYER)
    return {"seconds": time.monotonic() - began}


def make_findings(dice: random.Random, width: int) -> list[tuple[str, str]]:
    """Return some hundred patterns of findings with their outcomes; a no and an unknown are seldom."""
    found = []
    for _ in range(800):
        letters = "".join(dice.choices("yun", [93, 5, 2], k=width))
        outcome = "ineligible" if "n" in letters else "needs_info" if "u" in letters else "eligible"
        found.append((letters, outcome))
    return found


def add_work(cursor) -> None:
    """Some claims are with a colleague, some are asked for more, some are held."""
    cursor.execute(
        "INSERT INTO claims_user (password, email, name, is_active, joined_at, sessions_ended) VALUES ('', 'a@office.example', 'A. Okoye', true, now(), 0) RETURNING id"
    )
    (user,) = cursor.fetchone()
    cursor.execute(
        "INSERT INTO claims_assignment (claim_id, user_id, at) SELECT id, %s, now() FROM claims_claim WHERE id %% 50 = 3",
        [user],
    )
    cursor.execute(
        "INSERT INTO claims_quarantine (claim_id, action_id, score, reasons, since) SELECT id, action_id, 5, '[]', now() FROM claims_claim WHERE id % 2000 = 1"
    )
    cursor.execute(
        "INSERT INTO claims_decision (code, claim_id, kind, reason, words, by_id, at, findings, outcome)"
        " SELECT gen_random_uuid(), id, 'ask', '', '', %s, now(), '', '' FROM claims_claim WHERE id %% 100 = 7", [user],
    )  # fmt: skip
    cursor.execute(
        "INSERT INTO claims_deficiency (claim_id, decision_id, since, until, questions, open_questions, closed_as)"
        " SELECT claim_id, id, now(), current_date + (claim_id % 60)::int, '[]', '[]', '' FROM claims_decision"
    )


class Visitor:
    """Asks for pages and notes how long each took, and how long the database worked for it."""

    def __init__(self) -> None:
        self.action = Action.objects.get()
        self.client = Client(headers={"host": settings.ALLOWED_HOSTS[0]})
        sign_in(self.client, User.objects.get(email="bench@office.example"))
        self.times: list[tuple[float, float, str]] = []
        self.work: list[float] = []

    def visit(self, path: str, query: dict | None = None):
        """Open a page of the action."""
        spent = []

        def watch(execute, sql, params, many, context):
            began = time.perf_counter()
            try:
                return execute(sql, params, many, context)
            finally:
                spent.append(time.perf_counter() - began)

        with connection.execute_wrapper(watch):
            worked, began = read_work(), time.perf_counter()
            answer = self.client.get(f"/workspace/{self.action.slug}/{path}", query or {})
            page = time.perf_counter() - began
        assert answer.status_code == 200, (path, query, answer.status_code, answer.headers.get("location"))
        self.work.append(read_work() - worked)
        self.times.append((1000 * sum(spent), 1000 * page, f"{path}?{query}"))
        return answer

    def sum_up(self) -> dict:
        """Return the 95th percentiles and the worst."""
        worst = max(self.times)
        return {
            "database_p95": percentile([row[0] for row in self.times]), "page_p95": percentile([row[1] for row in self.times]),
            "work_p95": percentile(self.work), "load": os.getloadavg()[0],
            "pages": len(self.times), "worst": worst[2], "worst_ms": worst[0],
        }  # fmt: skip


def read_work() -> float:
    """Return how long a processor has worked for our connection to the database, in ms: waiting for one is not in it."""
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6


def percentile(values: list[float], share: float = 0.95) -> float:
    """Return a percentile: the value that this share does not exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def list_filters(visitor: Visitor, dice: random.Random) -> list[dict]:
    """Return every value of every filter alone, and a few hundred combinations of two to four."""
    from claims.views.book import read_form

    class Request:
        GET: dict = {}
        user = User.objects.get(email="bench@office.example")

    form = read_form(Request(), visitor.action)  # type: ignore[arg-type]
    offered = {
        name: [value for value, _label in field.choices if value]
        for name, field in form.fields.items()
        if hasattr(field, "choices") and name not in {"criterion", "finding", "sort"}
    }
    offered["finding"] = [
        f"{criterion.id}:{word}"
        for criterion in form.book.criteria  # type: ignore[union-attr]
        for word in ("yes", "no", "unknown")
    ]
    offered |= {"since": ["2025-12-01", "2026-08-01"], "until": ["2025-10-01", "2026-03-01"]}
    alone = [{name: value} for name, values in offered.items() for value in values]
    several = [
        {name: dice.choice(offered[name]) for name in dice.sample(sorted(offered), dice.choice((2, 3, 4)))}
        for _ in range(150)
    ]
    for chosen in [*alone, *several]:
        if "finding" in chosen:
            chosen["criterion"], chosen["finding"] = chosen["finding"].split(":")
        chosen |= {"sort": "waiting"} if dice.random() < 0.3 else {}
        if chosen.get("since", "") > chosen.get("until", "9"):
            del chosen["since"]
    return [{}, *alone, *several]


def measure_pages() -> dict:
    """Open the list under each filter: the first page, one from a random place, forwards or back."""
    visitor, dice = Visitor(), random.Random(11)
    for _ in range(5):
        visitor.visit("claims/")
    filters = list_filters(visitor, dice)
    visitor.times.clear()
    visitor.work.clear()
    plain = []
    for chosen in filters:
        visitor.visit("claims/", chosen)
        place = dice.choice(("after", "before"))
        visitor.visit("claims/", {**chosen, place: make_place(dice)})
    for _ in range(20):
        visitor.visit("claims/")
        plain.append(visitor.times.pop()[1])
        visitor.work.pop()
    for work, (spent, _page, name) in sorted(zip(visitor.work, visitor.times, strict=True), reverse=True)[:20]:
        print(f"{work:8.1f} ms at work, {spent:8.1f} ms waited for, {name}")
    return {**visitor.sum_up(), "plain_ms": statistics.median(plain)}


def make_place(dice: random.Random) -> str:
    """Return the reference of some claim."""
    return Claim.objects.values_list("reference", flat=True).get(
        pk=dice.randrange(1, Claim.objects.order_by("-pk").values_list("pk", flat=True)[0])
    )


def measure_names() -> dict:
    """Look for people: as they are written, with a slip, turned round, in part, in other letters, by address."""
    visitor, dice = Visitor(), random.Random(13)
    keep = partial(keep_search, visitor.action, by=User.objects.get(email="bench@office.example"))
    last = Claim.objects.order_by("-pk").values_list("pk", flat=True)[0]
    visitor.visit("claims/", {"search": keep("warm up")})
    visitor.times.clear()
    visitor.work.clear()
    kinds: dict[str, list[float]] = {"exact": [], "slips": [], "script": [], "part": [], "address": []}
    missed, tried = [], 0
    for _ in range(60):
        claim = Claim.objects.select_related("claimant").get(pk=dice.randrange(1, last))
        name, surname = claim.claimant.given_name, claim.claimant.family_name
        plain = " ".join(split_name(name, surname))
        typed = {
            "exact": f"{surname} {name}", "slips": f"{name} {slip(dice, surname)}", "script": plain,
            "part": surname[: max(4, len(surname) - 3)], "address": claim.claimant.email.upper(),
        }  # fmt: skip
        for kind, text in typed.items():
            answer = visitor.visit("claims/", {"search": keep(text)})
            kinds[kind].append(visitor.times[-1][0])
            if kind in {"exact", "slips", "script"}:
                tried += 1
                if claim.reference not in answer.content.decode():
                    missed.append(f"{text} for {name} {surname}")
    for work, (spent, _page, name) in sorted(zip(visitor.work, visitor.times, strict=True), reverse=True)[:10]:
        print(f"{work:8.1f} ms at work, {spent:8.1f} ms waited for, {name}")
    return {
        **visitor.sum_up(), "found": 1 - len(missed) / tried, "missed": "; ".join(islice(missed, 3)),
        **{f"{kind}_ms": percentile(times) for kind, times in kinds.items()},
    }  # fmt: skip


def slip(dice: random.Random, name: str) -> str:
    """Return a name as somebody in a hurry types it."""
    place = dice.randrange(1, len(name) - 1)
    head, tail = name[:place], name[place:]
    return dice.choice((head + tail[1:], head + "e" + tail, head + "a" + tail[1:], head + tail[1] + tail[0] + tail[2:]))


def measure_overview() -> dict:
    """Open the overview."""
    visitor = Visitor()
    visitor.visit("")
    visitor.times.clear()
    visitor.work.clear()
    for _ in range(20):
        visitor.visit("")
    return visitor.sum_up()


def measure_admin() -> dict:
    """Open the list of the same rows in Django's admin with its default settings, the first page, HTML included."""
    from django.apps import apps
    from django.contrib import admin
    from django.contrib.sessions.backends.db import SessionStore
    from django.test import RequestFactory, override_settings
    from django.urls import path, set_urlconf

    if not apps.is_installed("django.contrib.admin"):
        settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "django.contrib.admin"]
        apps.app_configs.clear()
        apps.ready = apps.apps_ready = apps.models_ready = apps.loading = False
        apps.clear_cache()
        apps.populate(settings.INSTALLED_APPS)

    class Site(admin.AdminSite):
        def has_permission(self, request) -> bool:
            return True

        def each_context(self, request) -> dict:
            return {
                "site_header": "peer",
                "has_permission": True,
                "available_apps": [],
                "is_nav_sidebar_enabled": False,
            }

    class Claims(admin.ModelAdmin):
        list_display = ("reference", "claimant", "habitual_residence", "tier", "outcome", "status", "registered_at")
        list_filter = ("status", "outcome", "tier", "habitual_residence", "channel")
        search_fields = ("reference", "claimant__given_name", "claimant__family_name", "claimant__email")

        def has_view_permission(self, request, obj=None) -> bool:
            return True

        has_change_permission = has_add_permission = has_delete_permission = has_view_permission

    class Urls:
        pass

    site = Site()
    site.register(Claim, Claims)
    Urls.urlpatterns = [path("admin/", site.urls)]  # type: ignore[attr-defined]
    files = "django.contrib.staticfiles.storage.StaticFilesStorage"
    plain = {**settings.STORAGES, "staticfiles": {"BACKEND": files}}
    times = []
    with override_settings(ROOT_URLCONF=Urls, STORAGES=plain):
        set_urlconf(Urls)  # type: ignore[arg-type]
        for _ in range(4):
            request = RequestFactory().get("/admin/claims/claim/")
            request.user, request.session = User.objects.get(email="bench@office.example"), SessionStore()
            began = time.perf_counter()
            answer = site._registry[Claim].changelist_view(request)
            answer.render()  # type: ignore[attr-defined]
            times.append(1000 * (time.perf_counter() - began))
    return {"page_ms": statistics.median(times[1:])}
