"""Scenarios and their runs in the API: the same functions as the pages, the same rights."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import exceptions, generics, permissions, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from claims.access import list_figure_actions, list_lawyer_actions
from claims.base.api import Listing, NewestFirst
from claims.base.errors import Refused
from claims.models import User
from redress import access
from redress.counts import hide_small
from redress.models import ScenarioDocument, ScenarioRun
from redress.scenarios import Basis, start_run


class ScenarioSerializer(serializers.ModelSerializer):
    """A scenario with the newest version of its document."""

    action: serializers.Field = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    document = serializers.JSONField(read_only=True)

    class Meta:
        model = ScenarioDocument
        fields = ("action", "name", "version", "scenario_id", "document", "loaded_at")


class RunSerializer(serializers.ModelSerializer):
    """A run of a scenario. `finished_at` is null until it is done; `job` shows its progress."""

    id = serializers.UUIDField(source="code", read_only=True)
    action: serializers.Field = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    scenario = serializers.CharField(source="scenario_name", read_only=True)
    version = serializers.IntegerField(
        source="scenario_document.version", read_only=True, allow_null=True, default=None
    )
    job = serializers.UUIDField(source="job.code", read_only=True, allow_null=True, default=None)

    class Meta:
        model = ScenarioRun
        fields = (
            "id", "action", "scenario", "version", "scenario_id", "seed", "draws", "engine", "numpy", "digest",
            "counts_sha256", "counted_at", "job", "created_at", "finished_at",
        )  # fmt: skip


class RunResultSerializer(RunSerializer):
    """A run with its document and its result. States with fewer than ten people are not in it."""

    document = serializers.JSONField(read_only=True)
    result = serializers.SerializerMethodField()

    class Meta:
        model = ScenarioRun
        fields = (*RunSerializer.Meta.fields, "document", "result")

    @extend_schema_field({"type": "object", "additionalProperties": {}})
    def get_result(self, run: ScenarioRun) -> dict[str, Any]:
        """The lines, chances, states and curves; empty until the run is done. Cents are strings."""
        if not run.result:
            return {}
        states, hidden = hide_small(run.result["by_state"])
        return {**run.result, "by_state": states, "states_hidden": hidden}


class StartSerializer(serializers.Serializer):
    """What to run. Draws and seed are the document's where they are not given."""

    action = serializers.SlugField()
    scenario = serializers.SlugField()
    draws = serializers.IntegerField(required=False, min_value=1)
    seed = serializers.IntegerField(required=False, min_value=0, max_value=2**63 - 1)


BY_ACTION = extend_schema_view(
    get=extend_schema(
        parameters=[
            OpenApiParameter("action", OpenApiTypes.STR, description="The slug of an action in which you work.")
        ]
    )
)


class OfficeListing(Listing):
    """A list of what belongs to the actions in which you work."""

    permission_classes = (permissions.IsAuthenticated,)
    pagination_class = NewestFirst
    filters: ClassVar[Mapping[str, str]] = {"action": "action__slug"}

    def list_values(self, name: str) -> Collection[str]:
        """Return the slugs of these actions."""
        return set(list_figure_actions(self.request.user).order_by().values_list("slug", flat=True))


@BY_ACTION
class ScenarioList(OfficeListing):
    """The scenarios of the actions in which you work."""

    serializer_class = ScenarioSerializer

    def get_queryset(self) -> QuerySet[ScenarioDocument]:
        """Return the newest versions that the person may see."""
        return access.list_office_scenarios(self.request.user)


@BY_ACTION
class RunList(OfficeListing):
    """The runs of the actions in which you work, the newest first."""

    serializer_class = RunSerializer

    def get_queryset(self) -> QuerySet[ScenarioRun]:
        """Return the runs that the person may see."""
        return access.list_light_runs(self.request.user)

    @extend_schema(request=StartSerializer, responses={202: RunSerializer})
    def post(self, request: Request) -> Response:
        """Run a scenario; lawyers of its action only. The answer names the job that shows the progress."""
        asked = StartSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = dict(asked.validated_data)
        assert isinstance(request.user, User)  # IsAuthenticated let them in
        action = get_object_or_404(list_lawyer_actions(request.user), slug=wanted.pop("action"))
        scenarios = access.list_lawyer_scenarios(request.user)
        scenario = get_object_or_404(scenarios, action=action, name=wanted.pop("scenario"))
        try:
            run = start_run(action, Basis(scenario.name, scenario.document, scenario), by=request.user, **wanted)
        except Refused as refusal:
            raise exceptions.ValidationError({"detail": str(refusal)}) from None
        return Response(RunSerializer(run).data, status=status.HTTP_202_ACCEPTED)


@extend_schema_view(get=extend_schema(parameters=[OpenApiParameter("code", str, OpenApiParameter.PATH)]))
class RunDetail(generics.RetrieveAPIView):
    """One run with its document and its result."""

    serializer_class = RunResultSerializer
    permission_classes = (permissions.IsAuthenticated,)
    lookup_field = "code"

    def get_queryset(self) -> QuerySet[ScenarioRun]:
        """Return the runs that the person may see."""
        return access.list_office_runs(self.request.user).defer("model", "charts")


LISTS = ("scenarios", "runs")  # what the index of the API names
urlpatterns = [
    path("scenarios/", ScenarioList.as_view(), name="api-scenarios"),
    path("runs/", RunList.as_view(), name="api-runs"),
    path("runs/<uuid:code>/", RunDetail.as_view(), name="api-run"),
]
