"""The published versions of the criteria, and what rests on them."""

from typing import Any

from django.db.models import Count

from claims.models import Action, Decision


def list_versions(action: Action) -> list[dict[str, Any]]:
    """Return the versions, the newest first, with how many decisions rest on each."""
    versions = list(action.criteria_versions.select_related("published_by").defer("document").order_by("-number"))
    standing = Decision.objects.filter(criteria_version__in=versions, undone_at=None).order_by()
    decisions = dict(standing.values_list("criteria_version_id").annotate(n=Count("pk")))
    return [{"version": version, "decisions": decisions.get(version.pk, 0)} for version in versions]
