"""The API: the same functions as the pages, the same rights, deny by default, every field named."""

from typing import Any

from django.db.models import QuerySet
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from drf_spectacular.views import SpectacularAPIView
from rest_framework import generics, pagination, permissions, serializers

from claims import access
from claims.base.references import clean_reference, show_reference
from claims.models import Action, Claim, Job


class ActionSerializer(serializers.ModelSerializer):
    """An action as everyone may see it. Counts of claims are not in it."""

    name = serializers.CharField(read_only=True)
    matter: serializers.Field = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    regime = serializers.CharField(source="regime_code", read_only=True)

    class Meta:
        model = Action
        fields = ("slug", "name", "matter", "regime", "stage", "is_illustration")


class ClaimSerializer(serializers.ModelSerializer):
    """A claim as the office works with it. Who it belongs to is on its page, where reading is accounted for."""

    reference = serializers.SerializerMethodField()
    action: serializers.Field = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    criteria_version = serializers.IntegerField(
        source="criteria_version.number", read_only=True, allow_null=True, default=None
    )

    class Meta:
        model = Claim
        fields = (
            "reference", "action", "status", "channel", "registered_at", "joined_on", "habitual_residence",
            "criteria_version", "findings", "outcome", "tier", "screened_at",
        )  # fmt: skip

    def get_reference(self, claim: Claim) -> str:
        """The reference in groups of four."""
        return show_reference(claim.reference)


class JobSerializer(serializers.ModelSerializer):
    """A job with its progress. `seconds_left` is null while nobody can know."""

    id = serializers.UUIDField(source="code", read_only=True)
    action: serializers.Field = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    percent = serializers.IntegerField(read_only=True)
    seconds_left = serializers.SerializerMethodField()
    result = serializers.JSONField(read_only=True)

    class Meta:
        model = Job
        fields = (
            "id", "action", "kind", "state", "percent", "units_done", "units_total", "seconds_left", "error", "result",
            "created_at", "started_at", "finished_at",
        )  # fmt: skip

    def get_seconds_left(self, job: Job) -> int | None:
        """How long the rest will take at the pace so far."""
        return round(job.time_left.total_seconds()) if job.time_left is not None else None


class NewestFirst(pagination.CursorPagination):
    """Pages by key, so that the last page costs what the first does."""

    page_size = 100
    ordering = "-id"


class ActionList(generics.ListAPIView):
    """The open actions."""

    serializer_class = ActionSerializer
    permission_classes = (permissions.AllowAny,)
    pagination_class = None

    def get_queryset(self) -> QuerySet[Action]:
        """Return what everyone may see."""
        return access.list_published_actions()


class ActionDetail(generics.RetrieveAPIView):
    """One open action."""

    serializer_class = ActionSerializer
    permission_classes = (permissions.AllowAny,)
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet[Action]:
        """Return what everyone may see."""
        return access.list_published_actions()


class ClaimList(generics.ListAPIView):
    """The claims of the actions in which you work, the newest first."""

    serializer_class = ClaimSerializer
    permission_classes = (permissions.IsAuthenticated,)
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[Claim]:
        """Return the claims that the person may see."""
        return access.list_office_claims(self.request.user).select_related("action", "criteria_version")


@extend_schema_view(get=extend_schema(parameters=[OpenApiParameter("reference", str, OpenApiParameter.PATH)]))
class ClaimDetail(generics.RetrieveAPIView):
    """One claim by its reference, with or without hyphens."""

    serializer_class = ClaimSerializer
    permission_classes = (permissions.IsAuthenticated,)
    lookup_field = "reference"

    def get_queryset(self) -> QuerySet[Claim]:
        """Return the claims that the person may see."""
        return access.list_office_claims(self.request.user).select_related("action", "criteria_version")

    def get_object(self) -> Any:
        """Return the claim; how the reference was typed does not matter."""
        self.kwargs["reference"] = clean_reference(self.kwargs["reference"])
        return super().get_object()


class JobList(generics.ListAPIView):
    """The jobs of the actions in which you work, the newest first."""

    serializer_class = JobSerializer
    permission_classes = (permissions.IsAuthenticated,)
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[Job]:
        """Return the jobs that the person may see."""
        return access.list_office_jobs(self.request.user)


@extend_schema_view(get=extend_schema(parameters=[OpenApiParameter("code", str, OpenApiParameter.PATH)]))
class JobDetail(generics.RetrieveAPIView):
    """One job with its progress."""

    serializer_class = JobSerializer
    permission_classes = (permissions.IsAuthenticated,)
    lookup_field = "code"

    def get_queryset(self) -> QuerySet[Job]:
        """Return the jobs that the person may see."""
        return access.list_office_jobs(self.request.user)


urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("actions/", ActionList.as_view(), name="api-actions"),
    path("actions/<slug:slug>/", ActionDetail.as_view(), name="api-action"),
    path("claims/", ClaimList.as_view(), name="api-claims"),
    path("claims/<str:reference>/", ClaimDetail.as_view(), name="api-claim"),
    path("jobs/", JobList.as_view(), name="api-jobs"),
    path("jobs/<uuid:code>/", JobDetail.as_view(), name="api-job"),
]
