"""Scenarios of a pack, kept in versions."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from claims import packs
from claims.base.errors import Refused
from claims.base.history import record
from claims.models import Action, User
from claims.opening import FOLLOWERS
from redress.drafts import Draft, read_draft
from redress.models import ScenarioDocument


@dataclass(frozen=True)
class Loaded:
    """What loading a pack with its scenarios came to."""

    pack: packs.Loaded
    scenarios: int
    changed: bool


@transaction.atomic
def load_pack(folder: Path, *, by: User | None = None, overwrites: bool = False) -> Loaded:
    """Set up or renew an action from a pack, its scenarios included. Loading the same pack again changes nothing."""
    pack = packs.load_pack(folder, by=by, overwrites=overwrites)
    scenarios, new = load_scenarios(pack.action, folder / "scenarios", by=by)
    return Loaded(pack, scenarios, pack.changed or new > 0)


@transaction.atomic
def load_scenarios(action: Action, folder: Path, *, by: User | None = None) -> tuple[int, int]:
    """Write the scenarios of a folder that are new or differ as new versions; return (scenarios, written).

    Raises Refused with file, line and key, with nothing written.
    """
    drafts = [_read_named(file) for file in sorted(folder.glob("*.yaml"))]
    written = [version for draft in drafts if (version := _write_version(action, draft))]
    if written:
        names = {version.name: version.version for version in written}
        record("scenarios loaded", action, by=by, action=action, versions=names)
    return len(drafts), len(written)


def _read_named(file: Path) -> Draft:
    draft = read_draft(file)
    if draft.name != file.stem:
        texts = {"file": f"{file.parent.name}/{file.name}", "name": draft.name, "stem": file.stem}
        raise Refused(_("%(file)s names its scenario `%(name)s`; name it `%(stem)s` as its file") % texts)
    return draft


def _write_version(action: Action, draft: Draft) -> ScenarioDocument | None:
    latest = find_scenario(action, draft.name)
    if latest and latest.scenario_id == draft.scenario_id:
        return None
    return ScenarioDocument.objects.create(
        action=action,
        name=draft.name,
        version=latest.version + 1 if latest else 1,
        document=draft.document,
        scenario_id=draft.scenario_id,
        file_sha256=draft.file_sha256,
    )


def find_scenario(action: Action, name: str) -> ScenarioDocument | None:
    """Return the newest version of a scenario of an action."""
    return ScenarioDocument.objects.filter(action=action, name=name).order_by("-version").first()


def list_documents(action: Action) -> dict[str, dict[str, Any]]:
    """Return the newest document of each scenario of an action by its name."""
    rows = ScenarioDocument.objects.filter(action=action).order_by("name", "version")
    return dict(rows.values_list("name", "document"))


def _follow_action(action: Action, source: Action | Path, by: User) -> None:
    """Give an action that is opened in the browser the scenarios of the pack or of the action that it comes from."""
    if isinstance(source, Path):
        load_scenarios(action, source / "scenarios", by=by)
        return
    for name, _document in list_documents(source).items():
        newest = find_scenario(source, name)
        assert newest is not None  # it is listed
        newest.pk, newest.action, newest.version, newest._state.adding = None, action, 1, True
        newest.save(force_insert=True)


FOLLOWERS.append(_follow_action)
