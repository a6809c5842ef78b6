"""Action packs: a folder that sets up an action without code."""

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from claims.actions import is_regime_changed
from claims.base.documents import compute_digest
from claims.base.errors import Refused
from claims.base.history import record
from claims.models import Action, CriteriaVersion, User
from claims.packs.guards import check_what_rests_on_it, list_overwritten
from claims.packs.languages import check_languages, list_signed_off
from claims.packs.reading import Pack, read_pack
from claims.packs.writing import (
    build_criteria_document,
    compute_criteria_digest,
    write_action,
    write_criteria,
    write_declarations,
)

__all__ = [
    "Loaded",
    "Pack",
    "build_criteria_document",
    "check_languages",
    "compute_criteria_digest",
    "load_pack",
    "read_pack",
]


@dataclass(frozen=True)
class Loaded:
    """What loading a pack came to. The warnings do not stop it; somebody should look at them."""

    action: Action
    criteria: CriteriaVersion
    declarations: int
    changed: bool
    warnings: tuple[str, ...]


@transaction.atomic
def load_pack(folder: Path, *, by: User | None = None, overwrites: bool = False) -> Loaded:
    """Set up or renew an action from a pack. Loading the same pack again changes nothing.

    Criteria that differ from those that the pack had when it was loaded last become a new version, whatever was
    published in the browser in between; declarations never change in place; the record of the regime is pinned by its
    digest. Raises Refused, with nothing done; also where facts were changed in the browser since, unless `overwrites`.
    """
    pack = read_pack(folder)
    digest = compute_digest([pack.action.data, pack.questions.data, list_signed_off(pack.declarations)])
    known = Action.objects.select_related("matter").filter(slug=pack.action.data["slug"]).first()
    check_what_rests_on_it(pack, known)
    warnings = pack.warnings + _list_regime_warnings(known)
    pins = (digest, pack.regime.sha256)
    is_same = known is not None and (known.pack_sha256, known.regime_sha256) == pins
    lost = [] if is_same else list_overwritten(pack, known)
    if lost and not overwrites:
        raise Refused(
            f"these facts were changed in the browser since the pack was loaded: {', '.join(lost)}; take them over into"
            " action.yaml, or load the pack with --overwrite to lose them"
        )
    action = known if known and is_same else write_action(pack, digest)
    criteria, is_new = write_criteria(pack, action)
    if criteria.published_by_id and not is_new:
        warnings += (
            f"the criteria in force (version {criteria.number}) were published in the browser and stay: those of the"
            " pack have not changed since it was loaded last",
        )
    written = write_declarations(pack, action)
    changed = not is_same or is_new or written > 0
    if changed:
        regime = {"code": pack.regime.code, "version": pack.regime.version, "sha256": pack.regime.sha256}
        record(
            "pack loaded", action, by=by, action=action,
            criteria=criteria.number, declarations=written, regime=regime, **({"overwritten": lost} if lost else {}),
        )  # fmt: skip
    return Loaded(action, criteria, len(pack.declarations), changed, warnings)


def _list_regime_warnings(known: Action | None) -> tuple[str, ...]:
    if known is None or not is_regime_changed(known):
        return ()
    return (
        f"the record of the regime {known.regime_code} has changed since the pack was loaded; loading it now accepts"
        " the new record, so check that what people were told still holds",
    )
