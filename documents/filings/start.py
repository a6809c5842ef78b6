"""Start a filing: freeze what it says, or find the filing that says the same already."""

import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.base.errors import Refused
from claims.base.history import record
from claims.models import Action, User
from documents.filings.drafts import DRAFTS
from documents.filings.plans import list_files
from documents.filings.resuming import mark_stopped, resume_filing, start_job
from documents.filings.runs import find_run
from documents.filings.snapshots import Snapshot, write_snapshot
from documents.models import Filing, FilingFile
from redress.models import ScenarioRun

LANGUAGES = ("en", "de")
Key = Mapping[str, Any]


def start_filing(
    action: Action,
    kind: str,
    *,
    language: str = "en",
    rendering: str = "",
    run: ScenarioRun | None = None,
    replaces: Filing | None = None,
    by: User | None = None,
) -> Filing:
    """Freeze and start a filing, or return the one that exists: the same snapshot never gives a second filing.

    Raises Refused where the kind cannot be made now, or another one is in the making; then nothing is left behind.
    """
    key = make_key(action, kind, language, rendering)
    refuse_other_kind(key, replaces)
    if filing := find_in_the_making(key, run, replaces):
        return filing
    home = Path(settings.MEDIA_ROOT) / "filings" / str(code := uuid.uuid4())
    with discard_on_error(home):
        with read_consistently():
            draft = draft_filing(action, kind, run, language)
            snapshot = write_snapshot(home, draft.facts, draft.rows)
        if snapshot.facts["rows"]["count"] != draft.facts.get("expected_rows", 0):
            raise Refused(_("claims changed while they were frozen; try again"))
        if filing := Filing.objects.filter(**key, snapshot_sha256=snapshot.sha256).first():
            shutil.rmtree(home)
            refuse_no_change(filing, replaces)
            return resume_filing(filing, by=by)
        pins = {"criteria_version": action.criteria, "scenario_run": run, "replaces": replaces, "created_by": by}
        return _create_filing(key, snapshot, code=code, warnings=draft.warnings, **pins)


def make_key(action: Action, kind: str, language: str, rendering: str) -> Key:
    """Return what tells one filing of an action from another. Raises Refused for what there is not."""
    if kind not in DRAFTS:
        raise Refused(
            _("there is no filing of the kind `{kind}`; there are: {kinds}").format(kind=kind, kinds=", ".join(DRAFTS))
        )
    if language not in LANGUAGES:
        raise Refused(
            _("no filing is written in `{language}`; there are: {all}").format(
                language=language, all=", ".join(LANGUAGES)
            )
        )
    if kind != Filing.Kind.REGISTER:
        if rendering:
            raise Refused(_("only a register has renderings; leave the rendering out"))
        return {"action": action, "kind": kind, "language": language, "rendering": ""}
    if rendering and rendering not in Filing.Rendering.values:
        known = ", ".join(Filing.Rendering.values)
        raise Refused(_("there is no rendering `{rendering}`; there are: {all}").format(rendering=rendering, all=known))
    return {"action": action, "kind": kind, "language": language, "rendering": rendering or Filing.Rendering.FULL.value}


def find_replaced(action: Action, code: uuid.UUID | None) -> Filing | None:
    """Return the filing of an action that is to be corrected, None where none is. Raises Refused for one not there."""
    if code is None:
        return None
    replaced = Filing.objects.filter(action=action, code=code).first()
    if replaced is None:
        raise Refused(_("the action has no filing {code}").format(code=code))
    return replaced


def start_correction(filing: Filing, *, by: User | None) -> Filing:
    """Start a filing that says anew what a sealed one said, on the newest run of its scenario. Raises Refused."""
    name = filing.scenario_run.scenario_name if filing.scenario_run else ""
    run = find_run(filing.action, filing.kind, name)
    how = {"language": filing.language, "rendering": filing.rendering}
    return start_filing(filing.action, filing.kind, **how, run=run, replaces=filing, by=by)


def refuse_other_kind(key: Key, replaces: Filing | None) -> None:
    """Raise Refused where what is to be corrected was not sealed, or is something else than what is asked for."""
    if replaces is None:
        return
    if not replaces.is_sealed:
        raise Refused(_("only a sealed filing is corrected; the one named is not sealed"))
    if replaces.action_id != key["action"].pk or any(
        getattr(replaces, name) != key[name] for name in ("kind", "language", "rendering")
    ):
        raise Refused(_("a correction has the action, kind, language and rendering of the filing that it replaces"))


def refuse_no_change(same: Filing, replaces: Filing | None) -> None:
    """Raise Refused where a filing that says the same exists already and is not the correction that is asked for."""
    if replaces is None or same.replaces_id == replaces.pk:
        return
    if same.pk == replaces.pk:
        raise Refused(_("nothing has changed since that filing was frozen; a correction would say the same"))
    raise Refused(_("the filing {code} says the same already; it replaces another one or none").format(code=same.code))


def find_in_the_making(key: Key, run: ScenarioRun | None, replaces: Filing | None) -> Filing | None:
    """Return the filing that is being made now. One whose job ended without it is marked as stopped.

    Raises Refused where that one is not what is asked for: nobody gets a filing on other figures than were chosen.
    """
    filing = Filing.objects.filter(**key, state=Filing.State.BUILDING).select_related("job").first()
    if filing is None or mark_stopped(filing):
        return None
    if filing.scenario_run_id != (run.pk if run else None):
        raise Refused(_("another filing of this kind is in the making, on another scenario; wait until it is sealed"))
    if filing.replaces_id != (replaces.pk if replaces else None):
        raise Refused(
            _("another filing of this kind is in the making, which corrects another or none; wait until it is sealed")
        )
    return filing


def draft_filing(action: Action, kind: str, run: ScenarioRun | None, language: str) -> Any:
    """Return what is to be frozen."""
    version = action.criteria
    if version is None:
        raise Refused(_("the action has no criteria yet; load its pack first"))
    return DRAFTS[kind](action, version, run, language)


@contextmanager
def read_consistently() -> Iterator[None]:
    """Read everything as it was at one moment. On SQLite the rows come from one query, which is the same."""
    if connection.vendor != "postgresql" or connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


@contextmanager
def discard_on_error(home: Path) -> Iterator[None]:
    """Leave nothing half done; a full disk is told in words."""
    try:
        yield
    except BaseException as error:
        shutil.rmtree(home, ignore_errors=True)
        if isinstance(error, OSError):
            raise Refused(explain_disk_error(error)) from error
        raise


def explain_disk_error(error: OSError) -> str:
    """Return what a person can do about an error of the folder of filings."""
    return _(
        "the folder of filings (MEDIA_ROOT) cannot be written: {reason}; make room and try again, nothing was half done"
    ).format(reason=error.strerror)


def _create_filing(key: Key, snapshot: Snapshot, **fields: Any) -> Filing:
    """Write the filing with its files and job; where somebody was faster, theirs is returned."""
    try:
        with transaction.atomic():
            filing = Filing.objects.create(
                **key, **fields, snapshot_sha256=snapshot.sha256, frozen_at=timezone.now(),
                rows=snapshot.facts["rows"]["count"],
            )  # fmt: skip
            names = list_files(filing.kind, len(snapshot.facts["rows"]["volumes"]))
            FilingFile.objects.bulk_create(
                FilingFile(filing=filing, number=number, name=name) for number, name in enumerate(names, 1)
            )
            filing.job = start_job(filing, by=filing.created_by)
            filing.save(update_fields=["job"])
            record(
                "filing frozen",
                filing,
                by=filing.created_by,
                action=filing.action,
                kind=filing.kind,
                snapshot=snapshot.sha256,
            )
    except (IntegrityError, Refused):
        shutil.rmtree(snapshot.folder)
        theirs = Filing.objects.filter(**key, snapshot_sha256=snapshot.sha256).first()
        if theirs:
            refuse_no_change(theirs, replaces=fields["replaces"])
        theirs = theirs or find_in_the_making(key, fields["scenario_run"], fields["replaces"])
        if theirs is None:
            raise
        return theirs
    return filing
