"""Who may see and do what. Rows reach pages and the API through these functions only.

What a person may not see does not exist for that person: callers fetch from the query set and answer 404.
"""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from claims.models import Action, Claim, CriteriaVersion, Evidence, Job, Registration, Role, User

Person = User | AnonymousUser
HEAVY = ("action__facts", "action__questions")  # tens of kB that no list of claims or jobs shows


def list_published_actions() -> QuerySet[Action]:
    """Return the actions that everyone may see."""
    return Action.objects.filter(is_published=True).select_related("matter").order_by("slug")


def list_office_actions(person: Person) -> QuerySet[Action]:
    """Return the actions in which this person works as a lawyer or on the staff."""
    if not person.is_authenticated:
        return Action.objects.none()
    return Action.objects.filter(roles__user=person).select_related("matter").order_by("slug")


def list_lawyer_actions(person: Person) -> QuerySet[Action]:
    """Return the actions in which this person may decide: start a screening, cancel a job."""
    return list_office_actions(person).filter(pk__in=_list_lawyer_ids(person))


def _list_lawyer_ids(person: Person) -> QuerySet[Role, int]:
    return Role.objects.filter(user_id=person.pk or 0, name=Role.Name.LAWYER).values_list("action_id", flat=True)


def list_office_claims(person: Person) -> QuerySet[Claim]:
    """Return the claims that this person may see as a member of the office."""
    if not person.is_authenticated:
        return Claim.objects.none()
    return Claim.objects.filter(action__roles__user=person).select_related("claimant", "action").defer(*HEAVY)


def list_lawyer_claims(person: Person) -> QuerySet[Claim]:
    """Return the claims about which this person may decide."""
    return list_office_claims(person).filter(action__in=_list_lawyer_ids(person))


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
    """Return the files of the claimants in an action in which this person works; the office sees their copies only."""
    claimants = list_office_claims(person).filter(action__slug=slug).values("claimant_id")
    return Evidence.objects.filter(owner__in=claimants, state=Evidence.State.READY).select_related("owner")


def list_office_jobs(person: Person) -> QuerySet[Job]:
    """Return the jobs of the actions in which this person works."""
    if not person.is_authenticated:
        return Job.objects.none()
    return Job.objects.filter(action__roles__user=person).select_related("action").defer(*HEAVY).order_by("-created_at")


def find_criteria(job: Job) -> CriteriaVersion | None:
    """Return the criteria that a job, already found for this person, worked by."""
    return CriteriaVersion.objects.filter(action=job.action_id, pk=job.params.get("criteria_version")).first()


def is_lawyer(person: Person, action: Action) -> bool:
    """Whether this person may decide in this action."""
    return list_lawyer_actions(person).filter(pk=action.pk).exists()


def list_open_actions() -> QuerySet[Action]:
    """Return the published actions in which one can still register."""
    return list_published_actions().exclude(stage__in=Action.ENDED)


def find_registration(person: Person, action: Action) -> Registration | None:
    """Return the registration that this person has open in an action."""
    if not person.is_authenticated:
        return None
    mine = Registration.objects.filter(user=person, action=action, state=Registration.State.OPEN)
    return mine.select_related("action").first()


def find_newest_sent(person: Person, slug: str) -> Claim | None:
    """Return the claim that this person sent last in an action, while no other registration is open there."""
    newest = Registration.objects.filter(user_id=person.pk or 0, action__slug=slug).order_by("-pk").first()
    return newest.claim if newest and newest.state == Registration.State.SENT else None


def list_own_drafts(person: Person) -> QuerySet[Registration]:
    """Return the registrations of this person that were not sent."""
    if not person.is_authenticated:
        return Registration.objects.none()
    mine = Registration.objects.filter(user=person, state=Registration.State.OPEN)
    return mine.select_related("action", "user").order_by("pk")
