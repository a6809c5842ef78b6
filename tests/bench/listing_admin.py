"""Django's admin as the peer of our list: the same rows of the same claims, by the same client, in the same process."""

import statistics
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.test import override_settings
from django.urls import path

from claims.models import Claim
from config import urls
from tests.bench.visiting import Visitor

ROWS = 50  # of a page, as in our list


def measure_admin() -> dict:
    """Open both lists turn by turn, at the top and in the middle: HTML, session and middleware included on both sides.

    The same rows in the same order: those that stand in the action, the last registered first. The admin has its
    defaults (it counts all rows) and no filters at its side, which would only make it slower.
    """
    add_admin()
    files = "django.contrib.staticfiles.storage.StaticFilesStorage"  # the admin's own files are not collected here
    with override_settings(ROOT_URLCONF=make_urls(), STORAGES={**settings.STORAGES, "staticfiles": {"BACKEND": files}}):
        visitor = Visitor()
        same = f"action__id__exact={visitor.action.pk}&status__in=submitted,accepted"
        depth = Claim.objects.standing().count() // ROWS // 2
        mark = Claim.objects.standing().order_by("-registered_at").values_list("reference", flat=True)[depth * ROWS]
        ours, peer = f"/workspace/{visitor.action.slug}/claims/", "/peer/claims/claim/"
        addresses = {
            "ours": ours, "admin": f"{peer}?{same}", "ours_deep": f"{ours}?after={mark}",
            "admin_deep": f"{peer}?{same}&p={depth + 1}", "admin_bare": peer,
        }  # fmt: skip
        times: dict[str, list[float]] = {name: [] for name in addresses}
        for _ in range(6):
            for name, address in addresses.items():
                answer = visitor.open(address)
                assert b"result_list" in answer.content or name.startswith("ours"), address
                times[name].append(visitor.times[-1][1])
    return {f"{name}_ms": statistics.median(values[1:]) for name, values in times.items()}


def add_admin() -> None:
    """Install the admin in this process, as the product does not."""
    from django.apps import apps

    if apps.is_installed("django.contrib.admin"):
        return
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "django.contrib.admin"]
    apps.app_configs.clear()
    apps.ready = apps.apps_ready = apps.models_ready = apps.loading = False
    apps.clear_cache()
    apps.populate(settings.INSTALLED_APPS)


def make_urls() -> Any:
    """Return our addresses, and those of an admin beside them."""

    class Claims(admin.ModelAdmin):
        list_display = ("reference", "claimant", "habitual_residence", "tier", "outcome", "status", "registered_at")
        search_fields = ("reference", "claimant__given_name", "claimant__family_name", "claimant__email")
        list_per_page = ROWS
        ordering = ("-registered_at", "-id")  # as ours

        def has_view_permission(self, request: Any, obj: Any = None) -> bool:
            return True

        def has_module_permission(self, request: Any) -> bool:
            return True

        has_change_permission = has_add_permission = has_delete_permission = has_view_permission

    class Site(admin.AdminSite):
        def has_permission(self, request: Any) -> bool:
            return True

    site = Site()
    site.register(Claim, Claims)

    class Urls:
        urlpatterns = [path("peer/", site.urls), *urls.urlpatterns]

    return Urls
