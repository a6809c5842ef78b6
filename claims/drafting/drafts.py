"""The draft of an action: begun from the newest version, saved as typed, right or wrong."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.base.documents import MAX_BYTES
from claims.base.errors import Refused, StaleStatus
from claims.base.history import record
from claims.drafting.sources import read_source, write_source
from claims.models import Action, CriteriaDraft, User


def find_draft(action: Action) -> CriteriaDraft | None:
    """Return the draft of an action, if there is one."""
    return CriteriaDraft.objects.select_related("saved_by", "based_on").filter(action=action).first()


@transaction.atomic
def start_draft(action: Action, *, by: User) -> CriteriaDraft:
    """Return the draft of an action: the one that is there, else a new one that says what the newest version says.

    Raises Refused where there is no version to begin from.
    """
    version = action.criteria
    if version is None:
        raise Refused(_("The action has no criteria to begin from; load its pack first."))
    text = write_source(version.document)
    values = {"text": text, "based_on": version, "saved_by": by, **_judge(action, text)}
    draft, is_new = CriteriaDraft.objects.get_or_create(action=action, defaults=values)
    if is_new:
        record("criteria draft begun", draft, by=by, action=action, criteria=version.number)
    return draft


@transaction.atomic
def save_draft(action: Action, text: str, *, by: User, revision: int, note: str | None = None) -> CriteriaDraft:
    """Keep a draft as typed; `fault` says the first thing that is wrong with it, and where.

    Raises StaleStatus where somebody else saved since `revision`, Refused where the text is too long to be kept.
    """
    text = text.replace("\r\n", "\n").replace("\0", "\ufffd")  # a form sends \r\n; no database keeps NUL
    if len(text.encode()) > MAX_BYTES:
        raise Refused(_("The source is too long. Criteria have at most 2 MB."))
    values = {"text": text, **_judge(action, text)}
    if note is not None:
        values["note"] = note
    draft = _move(action, revision, by=by, **values)
    record("criteria draft saved", draft, by=by, action=action, revision=draft.revision)
    return draft


@transaction.atomic
def rebase_draft(action: Action, *, by: User, revision: int) -> CriteriaDraft:
    """Note that the draft was looked at beside the newest version and shall follow that one."""
    draft = _move(action, revision, by=by, based_on=action.criteria)
    record("criteria draft rebased", draft, by=by, action=action, revision=draft.revision)
    return draft


@transaction.atomic
def discard_draft(action: Action, *, by: User, revision: int) -> None:
    """Throw the draft away. Raises StaleStatus where somebody else saved since `revision`."""
    draft = hold_draft(action, revision)
    record("criteria draft discarded", draft, by=by, action=action, revision=revision)
    draft.delete()


def _judge(action: Action, text: str) -> dict[str, str]:
    """Return the digest of the version that a text would become, or what is wrong with it."""
    try:
        return {"sha256": read_source(action, text).sha256, "fault": ""}
    except Refused as refusal:
        return {"sha256": "", "fault": str(refusal)[:1000]}


def _move(action: Action, revision: int, *, by: User, **values: object) -> CriteriaDraft:
    draft = hold_draft(action, revision)
    for name, value in {**values, "revision": revision + 1, "saved_by": by, "saved_at": timezone.now()}.items():
        setattr(draft, name, value)
    draft.save()
    return draft


def hold_draft(action: Action, revision: int) -> CriteriaDraft:
    """Return the draft, locked, if nobody else has saved it since `revision`."""
    draft = CriteriaDraft.objects.select_for_update().filter(action=action, revision=revision).first()
    if draft is None:
        raise StaleStatus(_("Someone else has saved, published or discarded this draft in the meantime."))
    return draft
