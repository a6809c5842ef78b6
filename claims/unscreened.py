"""How many claims still wait for the newest criteria, without reading the book."""

from claims.counts import count_chosen
from claims.models import Action, Claim, CriteriaVersion, Job
from claims.screening import KIND


def count_unscreened(action: Action, version: CriteriaVersion | None, *, most: int) -> int:
    """Return how many claims that stand the newest criteria have not examined, none counted beyond `most`.

    Those without any finding come from the kept counts. Findings of an older version can only be there until the first
    screening by this one has ended, and only on claims that were in the book when it was published.
    """
    if version is None:
        return 0
    never = min(count_chosen(action, outcome=""), most)
    if never == most or version.number == 1 or _is_screened(action, version):
        return never
    older = Claim.objects.standing().filter(
        action=action, criteria_version__lt=version.pk, registered_at__lte=version.published_at
    )
    return never + older.order_by()[: most - never].count()


def _is_screened(action: Action, version: CriteriaVersion) -> bool:
    done = Job.objects.filter(kind=KIND, action=action, state=Job.State.DONE)
    return done.filter(params__criteria_version=version.pk).exists()
