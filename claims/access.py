"""Who may see and do what. Rows reach pages and the API through these functions only.

What a person may not see does not exist for that person: callers fetch from the query set and answer 404.
"""

from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.db.models.fields.json import KeyTransform

from claims.models import (
    Action,
    Claim,
    CriteriaVersion,
    Decision,
    DryRun,
    DuplicatePair,
    EventEntry,
    Evidence,
    ImportFile,
    Job,
    JoiningFile,
    Registration,
    Role,
    User,
)
from claims.rules.rights import ROLE_RIGHTS, Right

Person = User | AnonymousUser
DOCUMENTS = ("facts", "questions", "precheck")  # of an action: tens of kB
HEAVY = ("action__facts", "action__questions")  # tens of kB that no list of claims or jobs shows


def list_published_actions() -> QuerySet[Action]:
    """Return the actions that everyone may see."""
    return Action.objects.filter(is_published=True).select_related("matter").order_by("slug")


def list_actions_with(person: Person, right: Right) -> QuerySet[Action]:
    """Return the actions in which this person holds a right now; a role whose time is over gives none."""
    return Action.objects.filter(pk__in=_list_ids(person, right)).select_related("matter").order_by("slug")


def list_workplaces(person: Person) -> QuerySet[Action]:
    """Return the actions in which this person has any role: what the menu and the way into the workspace show."""
    roles = Role.objects.current().filter(user_id=person.pk or 0)
    return Action.objects.filter(pk__in=roles.values("action_id")).select_related("matter").order_by("slug")


def list_office_actions(person: Person) -> QuerySet[Action]:
    """Return the actions whose book this person may read: as a lawyer, on the staff, as an auditor."""
    return list_actions_with(person, Right.BOOK)


def find_office_role(person: Person, slug: str) -> Role | None:
    """Return the role by which this person may read the book of an action, and the action with it; None without.

    The action comes with its names and without the long documents of its pack: a list asks for no more.
    """
    roles = Role.objects.holding(Right.BOOK).filter(user_id=person.pk or 0, action__slug=slug)
    light = roles.select_related("action").defer(*(f"action__{name}" for name in DOCUMENTS))
    role = light.annotate(names=KeyTransform("name", "action__facts")).first()
    if role:
        role.action.names = role.names
    return role


def list_figure_actions(person: Person) -> QuerySet[Action]:
    """Return the actions whose counts, criteria and amounts this person may see, which name nobody."""
    return list_actions_with(person, Right.FIGURES)


def list_lawyer_actions(person: Person) -> QuerySet[Action]:
    """Return the actions in which this person may decide: start a screening, cancel a job."""
    return list_actions_with(person, Right.DECIDE)


def list_working_actions(person: Person) -> QuerySet[Action]:
    """Return the actions in which this person may write notes and take work on."""
    return list_actions_with(person, Right.WORK)


def list_history_actions(person: Person) -> QuerySet[Action]:
    """Return the actions whose whole history this person may read."""
    return list_actions_with(person, Right.HISTORY)


def list_finance_actions(person: Person) -> QuerySet[Action]:
    """Return the actions in which this person may see and prepare what is paid."""
    return list_actions_with(person, Right.FINANCE)


def list_people_actions(person: Person) -> QuerySet[Action]:
    """Return the actions in which this person says who works there."""
    return list_actions_with(person, Right.PEOPLE)


def list_staffed_actions(person: Person) -> QuerySet[Action]:
    """Return the actions of which this person may see who works there: who says so, and who looks over it."""
    return list_people_actions(person) | list_actions_with(person, Right.OVERSEE)


def list_rights(person: Person, action: Action) -> frozenset[Right]:
    """Return what this person may do in this action now."""
    names = Role.objects.current().filter(user_id=person.pk or 0, action=action).values_list("name", flat=True)
    return frozenset(right for name in names for right in ROLE_RIGHTS[name])


def _list_ids(person: Person, right: Right) -> QuerySet[Role, int]:
    return Role.objects.holding(right).filter(user_id=person.pk or 0).values_list("action_id", flat=True)


def list_claims_with(person: Person, right: Right) -> QuerySet[Claim]:
    """Return the claims of the actions in which this person holds a right now; none without the right to the book."""
    claims = Claim.objects.filter(action__in=_list_ids(person, right)).select_related("claimant", "action")
    if right != Right.BOOK:  # whoever may not read a claim may do nothing with it
        claims = claims.filter(action__in=_list_ids(person, Right.BOOK))
        claims = claims.exclude(claimant__user=person.pk or 0)  # and nobody does anything with the own claim
    return claims.defer(*HEAVY)


def list_office_claims(person: Person) -> QuerySet[Claim]:
    """Return the claims that this person may see as a member of the office."""
    return list_claims_with(person, Right.BOOK)


def list_workers(action: Action) -> QuerySet[User]:
    """Return who works on claims of an action now, for somebody who already found it."""
    roles = Role.objects.holding(Right.WORK).filter(action=action)
    return User.objects.filter(pk__in=roles.values("user_id"), is_active=True).order_by("name", "email")


def list_lawyer_claims(person: Person) -> QuerySet[Claim]:
    """Return the claims about which this person may decide."""
    return list_claims_with(person, Right.DECIDE)


def list_working_claims(person: Person) -> QuerySet[Claim]:
    """Return the claims on which this person may work: notes, assignments."""
    return list_claims_with(person, Right.WORK)


def list_revealing_claims(person: Person) -> QuerySet[Claim]:
    """Return the claims of which this person may unmask free text and bank data, after giving a reason."""
    return list_claims_with(person, Right.REVEAL)


def list_office_pairs(person: Person) -> QuerySet[DuplicatePair]:
    """Return the pairs of claims that may be of one person, of the actions whose book this person may read."""
    pairs = DuplicatePair.objects.filter(action__in=_list_ids(person, Right.BOOK))
    return pairs.select_related("action", "first__claimant", "second__claimant", "decided_by")


def list_lawyer_pairs(person: Person) -> QuerySet[DuplicatePair]:
    """Return the pairs about which this person may decide."""
    mine = list_office_pairs(person).filter(action__in=_list_ids(person, Right.DECIDE))
    own = Claim.objects.filter(claimant__user=person.pk or 0).values("pk")
    return mine.exclude(first__in=own).exclude(second__in=own)


def list_own_claims(person: Person) -> QuerySet[Claim]:
    """Return the claims of this person as a claimant."""
    if not person.is_authenticated:
        return Claim.objects.none()
    return Claim.objects.filter(claimant__user=person).select_related("claimant", "action").defer(*HEAVY)


def list_own_evidence(person: Person) -> QuerySet[Evidence]:
    """Return the files that this person sent as a claimant."""
    if not person.is_authenticated:
        return Evidence.objects.none()
    own = Evidence.objects.filter(owner__user=person)
    return own.exclude(state=Evidence.State.ERASING).select_related("owner")


def list_office_evidence(person: Person, slug: str) -> QuerySet[Evidence]:
    """Return the files of the claimants in an action in which this person works; the office sees their copies only.

    Who may uncover own words may see what people sent: an auditor sees neither.
    """
    claimants = list_revealing_claims(person).filter(action__slug=slug).values("claimant_id")
    return Evidence.objects.filter(owner__in=claimants, state=Evidence.State.READY).select_related("owner")


def list_event_proofs(person: Person, slug: str) -> QuerySet[Evidence]:
    """Return the files that prove events of an action whose book this person may read; they can name people."""
    entries = EventEntry.objects.filter(action__in=_list_ids(person, Right.BOOK), action__slug=slug)
    return Evidence.objects.filter(registration_code__in=entries.values("code"), state=Evidence.State.READY)


def list_joining_files(person: Person, slug: str) -> QuerySet[JoiningFile]:
    """Return the files of proofs of joining in an action whose book this person may read, the newest first."""
    files = JoiningFile.objects.filter(action__in=_list_ids(person, Right.BOOK), action__slug=slug)
    return files.select_related("job", "by").order_by("-pk")


def list_import_files(person: Person, slug: str) -> QuerySet[ImportFile]:
    """Return the files of claims in an action whose book this person may read, the newest first."""
    files = ImportFile.objects.filter(action__in=_list_ids(person, Right.BOOK), action__slug=slug)
    return files.select_related("job", "by").order_by("-pk")


def list_jobs_to_stop(person: Person) -> QuerySet[Job]:
    """Return the jobs that this person may stop: as a lawyer every one, on the staff those they started."""
    started = Job.objects.filter(created_by=person.pk or 0, action__in=_list_ids(person, Right.WORK))
    decided = Job.objects.filter(action__in=_list_ids(person, Right.DECIDE))
    return (decided | started).select_related("action").defer(*HEAVY)


def list_office_jobs(person: Person) -> QuerySet[Job]:
    """Return the jobs of the actions whose book this person may read."""
    jobs = Job.objects.filter(action__in=_list_ids(person, Right.BOOK)).select_related("action")
    return jobs.defer(*HEAVY).order_by("-created_at")


def list_figure_jobs(person: Person) -> QuerySet[Job]:
    """Return the jobs of the actions whose figures this person may see: what is done and how far, and of no person."""
    jobs = Job.objects.filter(action__in=_list_ids(person, Right.FIGURES)).select_related("action")
    return jobs.defer(*HEAVY).order_by("-created_at")


def count_joined(action: Action) -> int:
    """Return how many claims of an action, already found for this person, have joined in court."""
    return Claim.objects.joined().filter(action=action).count()


def find_criteria(job: Job) -> CriteriaVersion | None:
    """Return the criteria that a job, already found for this person, worked by."""
    return CriteriaVersion.objects.filter(action=job.action_id, pk=job.params.get("criteria_version")).first()


def is_lawyer(person: Person, action: Action) -> bool:
    """Whether this person may decide in this action."""
    return Right.DECIDE in list_rights(person, action)


def find_registration(person: Person, slug: str) -> Registration | None:
    """Return the registration that this person has open in an action, also in one that takes nobody in any more."""
    if not person.is_authenticated:
        return None
    mine = Registration.objects.filter(user=person, action__slug=slug, state=Registration.State.OPEN)
    return mine.select_related("action").first()


def find_newest_registration(person: Person, slug: str, *, code: UUID | None = None) -> Registration | None:
    """Return the registration that this person began last in an action, or the one of this code: open, or sent."""
    mine = Registration.objects.filter(user_id=person.pk or 0, action__slug=slug, **({"code": code} if code else {}))
    # Without the long documents of the action: the last button at a deadline needs none of them.
    long = ("action__facts", "action__questions", "action__precheck")
    return mine.select_related("action").defer(*long).order_by("-pk").first()


def list_own_waiting(person: Person) -> QuerySet[Registration]:
    """Return the registrations that this person has sent, and of which a worker has not made a claim yet."""
    mine = Registration.objects.filter(user_id=person.pk or 0, state=Registration.State.SENT)
    return mine.select_related("action", "user").order_by("pk")


def list_own_drafts(person: Person) -> QuerySet[Registration]:
    """Return the registrations of this person that were not sent."""
    if not person.is_authenticated:
        return Registration.objects.none()
    mine = Registration.objects.filter(user=person, state=Registration.State.OPEN)
    return mine.select_related("action", "user").order_by("pk")


def list_cloneable_actions(person: Person) -> QuerySet[Action]:
    """Return the actions from which this person may open another one, and prepare its publication."""
    return list_lawyer_actions(person) | list_people_actions(person)


def list_prepared_actions(person: Person) -> QuerySet[Action]:
    """Return the actions of which this person may see what stands before their publication."""
    return list_cloneable_actions(person) | list_actions_with(person, Right.OVERSEE)


def may_open_packs(person: Person) -> bool:
    """Whether this person may open an action from a pack: who says who works somewhere may say so in a new action."""
    return list_people_actions(person).exists()


def pick_opening_role(person: Person, source: Action | None) -> str:
    """Return the role in which this person works in an action that they open."""
    if source is not None and Right.DECIDE in list_rights(person, source):
        return Role.Name.LAWYER
    return Role.Name.ADMINISTRATOR


def list_people_roles(person: Person, slug: str) -> QuerySet[Role]:
    """Return the roles in an action whose people this person manages."""
    return Role.objects.filter(action__in=list_people_actions(person), action__slug=slug).select_related(
        "user", "action"
    )


def list_dry_runs(person: Person, slug: str) -> QuerySet[DryRun]:
    """Return the dry runs of an action whose book this person may read."""
    mine = DryRun.objects.filter(action__in=list_office_actions(person), action__slug=slug)
    return mine.select_related("action", "job", "version", "job__created_by")


def list_standing_decisions(person: Person, action: Action) -> QuerySet[Decision]:
    """Return the decisions about claims of an action in which this person decides, those undone left out."""
    mine = list_lawyer_claims(person).filter(action=action)
    return Decision.objects.filter(claim__in=mine.values("pk"), undone_at=None).select_related("claim")
