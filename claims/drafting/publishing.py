"""A draft becomes a version: only after a dry run of exactly this content, and with a note that says why."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from claims.base.errors import Refused
from claims.base.history import record
from claims.drafting.drafts import hold_draft
from claims.drafting.sources import Revision, read_source
from claims.dry_runs import find_dry_run
from claims.models import Action, CriteriaDraft, CriteriaVersion, DryRun, User
from claims.packs import compute_criteria_digest


@dataclass(frozen=True)
class Publishing:
    """Where a draft stands on its way to a version."""

    draft: CriteriaDraft
    revision: Revision | None  # none while the draft is wrong
    dry_run: DryRun | None  # the newest one of exactly this content
    reasons: tuple[str, ...]  # why it cannot be published yet

    @property
    def is_ready(self) -> bool:
        """Whether only the note is missing."""
        return not self.reasons


def describe_publishing(draft: CriteriaDraft) -> Publishing:
    """Return what keeps a draft from becoming a version."""
    action, latest = draft.action, draft.action.criteria
    try:
        revision = read_source(action, draft.text)
    except Refused as refusal:
        return Publishing(draft, None, None, (_("The draft is wrong: %(fault)s") % {"fault": refusal},))
    reasons = []
    dry_run = find_dry_run(action, revision.sha256)
    if latest and latest.sha256 == revision.sha256:
        reasons.append(_("The draft says the same as the version in force."))
    elif latest and draft.based_on_id != latest.pk:
        reasons.append(
            _("Version %(number)s was published since this draft was begun. Compare the two first.")
            % {"number": latest.number}
        )
    if dry_run is None:
        reasons.append(_("There has been no dry run of exactly this draft."))
    return Publishing(draft, revision, dry_run, tuple(reasons))


@transaction.atomic
def publish_draft(action: Action, *, by: User, note: str, revision: int) -> CriteriaVersion:
    """Make the draft the newest version. Findings stay pinned to their version until the claims are screened again.

    Raises StaleStatus where somebody else saved since `revision`, and Refused with what is missing.
    """
    action = Action.objects.select_for_update(no_key=True).get(pk=action.pk)
    draft = hold_draft(action, revision)  # until it is deleted: whoever saves meanwhile is told, and loses nothing
    state = describe_publishing(draft)
    if state.reasons or state.revision is None:
        raise Refused(" ".join(state.reasons))
    if not (note := note.strip()):
        raise Refused(_("Say in a note why the criteria change: it stands beside the version for good."))
    version = _write_version(action, state.revision, note=note, by=by)
    draft.delete()
    record("criteria published", version, by=by, action=action, criteria=version.number)
    return version


def _write_version(action: Action, revision: Revision, *, note: str, by: User) -> CriteriaVersion:
    latest = action.criteria
    if latest and action.pack_criteria_sha256 is None:  # loaded before versions were published in the browser too
        action.pack_criteria_sha256 = compute_criteria_digest(latest.document)
        action.save(update_fields=["pack_criteria_sha256"])
    return CriteriaVersion.objects.create(
        action=action,
        number=latest.number + 1 if latest else 1,
        document=revision.document,
        sha256=revision.sha256,
        note=note[:1000],
        published_by=by,
    )
