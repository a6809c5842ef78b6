"""Scenario files: read, an overlay laid over its base, and every complaint at the line that has to be mended."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from claims.base.documents import Document, Steps, compute_digest, open_document
from claims.base.errors import Refused
from redress.rules.scenarios import Misfit, Scenario, compute_scenario_id, merge_overlay, read_scenario


@dataclass(frozen=True)
class Draft:
    """A scenario that holds: its merged document, its id, and the digest of the files that it came from."""

    name: str
    document: dict[str, Any]
    scenario: Scenario
    scenario_id: str
    file_sha256: str


def read_draft(file: Path, bases: Mapping[str, Mapping[str, Any]] | None = None) -> Draft:
    """Return the scenario in a file. The base of an overlay lies beside it, or is one of `bases` by its name.

    Raises Refused with file, line and key.
    """
    overlay = _open(file)
    if "overlay_of" not in overlay.data:
        return _check(overlay, None, overlay.data)
    base = _find_base(file, overlay, bases or {})
    return _check(overlay, base, merge_overlay(base.data, overlay.data))


def _open(file: Path) -> Document:
    document = open_document(file)
    if not isinstance(document.data, dict):
        raise document.refuse([], _("a scenario is a mapping of keys to values; begin with `schema: scenario/1`"))
    return document


def _find_base(file: Path, overlay: Document, bases: Mapping[str, Mapping[str, Any]]) -> Document:
    name = overlay.data["overlay_of"]
    beside = file.parent / f"{name}.yaml"
    if not isinstance(name, str) or not name or "/" in name or "\0" in name or beside == file:
        raise overlay.refuse(["overlay_of"], _("name the scenario that lies under this one, such as `base`"))
    if beside.exists():
        base = _open(beside)
        if "overlay_of" in base.data:
            raise overlay.refuse(["overlay_of"], _("`%s` is an overlay itself; name a whole scenario") % name)
        return base
    if name in bases:
        return Document(file=_("the stored scenario %s") % name, data=dict(bases[name]))
    known = ", ".join(sorted({*bases, *(path.stem for path in file.parent.glob("*.yaml"))} - {file.stem})) or _("none")
    raise overlay.refuse(
        ["overlay_of"], _("there is no scenario `%(name)s`; there are: %(known)s") % {"name": name, "known": known}
    )


def _check(top: Document, base: Document | None, merged: dict[str, Any]) -> Draft:
    try:
        scenario = read_scenario(merged)
    except Misfit as misfit:
        raise refuse_at(misfit, top, base) from None
    digest = compute_digest([document.data for document in (base, top) if document])
    return Draft(merged["name"], merged, scenario, compute_scenario_id(merged), digest)


def refuse_at(misfit: Misfit, top: Document, base: Document | None) -> Refused:
    """Return the error at the line where the value stands: in the overlay if it has it, else in the base.

    What stands nowhere, as a key that is missing, is told at the nearest key around it.
    """
    path: Steps = misfit.path
    for length in range(len(path), 0, -1):
        for document in (top, base):
            if document and tuple(path[:length]) in document.lines:
                return document.refuse(path, misfit.message)
    return top.refuse(path, misfit.message)
