"""Imported rows whose person was erased: known again by a keyed index, so that the same file brings nobody back."""

from collections.abc import Iterable

from claims.base.vault import make_blind_index
from claims.models import Claim, ErasedRow


def note_erased_rows(claims: Iterable[Claim]) -> None:
    """Keep by what a file would name these claims again. Call it before they are blank."""
    rows = [
        ErasedRow(action_id=c.action_id, key=_make_key(c.action_id, c.external_ref)) for c in claims if c.external_ref
    ]
    ErasedRow.objects.bulk_create(rows, ignore_conflicts=True)


def has_erased(action_id: int) -> bool:
    """Whether a person of this action was erased whom a file named."""
    return ErasedRow.objects.filter(action=action_id).exists()


def find_erased(action_id: int, external_refs: Iterable[str]) -> set[str]:
    """Return those of the references whose person was erased."""
    if not has_erased(action_id):
        return set()
    keys = {_make_key(action_id, external_ref): external_ref for external_ref in external_refs}
    erased = ErasedRow.objects.filter(action=action_id, key__in=list(keys))
    return {keys[key] for key in erased.values_list("key", flat=True)}


def _make_key(action_id: int, external_ref: str) -> str:
    return make_blind_index(external_ref, purpose=f"erased row of action {action_id}")
