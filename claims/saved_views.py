"""Filters of the book that people keep under a name, for themselves or for all who work in the action."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from claims.models import Action, Claim, SavedView, User
from claims.sizes import Sizes

# Where one stands in the list is no filter, and whom one looks for is personal data that no view may outlive.
NEVER_KEPT = {"q", "find", "search", "after", "before"}


def list_views(action: Action, user: User) -> QuerySet[SavedView]:
    """Return the views that this person sees in an action: the own ones, then those that others share."""
    mine = Q(user=user)
    views = SavedView.objects.filter(mine | Q(is_shared=True), action=action).select_related("user")
    return views.order_by("is_shared", "name", "pk")


def make_query(chosen: Mapping[str, str]) -> str:
    """Return what a view keeps of a filter, always in the same order, so that equal filters are equal."""
    return urlencode(sorted((key, value) for key, value in chosen.items() if key not in NEVER_KEPT))


@dataclass(frozen=True)
class HouseView:
    """A view that every action has; `claims` is how many it shows where that number is kept."""

    name: str
    query: str
    claims: int | None = None


def list_house_views(sizes: Sizes) -> list[HouseView]:
    """Return the views with which the work begins."""
    return [
        HouseView(_("All that stand"), ""),
        HouseView(_("To decide"), "sort=waiting&status=submitted", sizes.statuses.get(Claim.Status.SUBMITTED, 0)),
        HouseView(_("Information missing"), "outcome=needs_info"),
        HouseView(_("Accepted, not joined"), "joined=no&status=accepted"),
        HouseView(_("Joined in court"), "joined=yes", sizes.joined),
    ]


def save_view(action: Action, *, by: User, name: str, query: str, is_shared: bool) -> SavedView:
    """Keep a filter under a name; under a name that one has already, the newer one holds."""
    kept = make_query(dict(parse_qsl(query)))
    return SavedView.objects.update_or_create(
        action=action, user=by, name=name, defaults={"query": kept, "is_shared": is_shared}
    )[0]


def remove_view(view: SavedView) -> None:
    """Forget a saved view."""
    SavedView.objects.filter(pk=view.pk).delete()
