"""The API: the same functions as the pages, the same rights, deny by default, every field named."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, cast

from django.db.models import QuerySet
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field, extend_schema_view
from rest_framework import generics, permissions, serializers
from rest_framework.request import Request

from claims import access
from claims.actions import list_events
from claims.base.api import Listing, NewestFirst
from claims.base.references import clean_reference, show_reference
from claims.counts import list_filled
from claims.criteria import list_criteria_ids
from claims.models import Action, Claim, Job, User
from claims.procedure.dates import find_deadlines
from claims.reading import CLAIMS, check_budget
from claims.rules.deadlines import Deadline
from claims.rules.deadlines import State as DeadlineState
from claims.rules.eligibility import Verdict
from claims.timeline import note_opening

VERDICTS = {Verdict.YES.value: "yes", Verdict.NO.value: "no", Verdict.UNKNOWN.value: "unknown"}
CLAIM_COLUMNS = (
    "reference", "action__slug", "status", "channel", "registered_at", "joined_on", "habitual_residence",
    "criteria_version__number", "findings", "outcome", "tier", "screened_at",
)  # fmt: skip


class ActionSerializer(serializers.ModelSerializer):
    """An action as everyone may see it. Counts of claims are not in it."""

    name = serializers.CharField(read_only=True)
    matter: serializers.Field = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    regime = serializers.CharField(source="regime_code", read_only=True)

    class Meta:
        model = Action
        fields = ("slug", "name", "matter", "regime", "stage", "is_illustration")


class EventSerializer(serializers.Serializer):
    """Something that happened in the procedure of an action, or that the law waits for: then `on` is null."""

    event = serializers.CharField(source="key")
    on = serializers.DateField(allow_null=True)


class DeadlineSerializer(serializers.Serializer):
    """A deadline that follows from the events. Without a day, `waits_for` names the event that ends the waiting."""

    rule = serializers.CharField()
    state = serializers.ChoiceField(choices=[state.value for state in DeadlineState])
    on = serializers.DateField(allow_null=True)
    moment = serializers.DateTimeField(allow_null=True, default_timezone=None)
    since = serializers.DateField(allow_null=True)
    waits_for = serializers.SerializerMethodField()
    confidence = serializers.ChoiceField(choices=["high", "mid", "low"], source="entry.confidence")

    def get_waits_for(self, deadline: Deadline) -> str | None:
        """The event that ends the waiting."""
        return deadline.event if deadline.on is None and deadline.event else None


class ActionDetailSerializer(ActionSerializer):
    """An action with its events and deadlines: dates only."""

    events = serializers.SerializerMethodField()
    deadlines = serializers.SerializerMethodField()

    class Meta(ActionSerializer.Meta):
        fields = (*ActionSerializer.Meta.fields, "events", "deadlines")  # type: ignore[assignment]

    @extend_schema_field(EventSerializer(many=True))
    def get_events(self, action: Action) -> Any:
        """What happened, by date, then what the law still waits for."""
        return EventSerializer(list_events(action), many=True).data

    @extend_schema_field(DeadlineSerializer(many=True))
    def get_deadlines(self, action: Action) -> Any:
        """What follows from it under the law of the action."""
        return DeadlineSerializer(list(find_deadlines(action).values()), many=True).data


class ClaimSerializer(serializers.ModelSerializer):
    """A claim as the office works with it. Who it belongs to is on its page, where reading is accounted for."""

    reference = serializers.SerializerMethodField()
    action: serializers.Field = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    criteria_version = serializers.IntegerField(
        source="criteria_version.number", read_only=True, allow_null=True, default=None
    )
    findings = serializers.SerializerMethodField()

    class Meta:
        model = Claim
        fields = (
            "reference", "action", "status", "channel", "registered_at", "joined_on", "habitual_residence",
            "criteria_version", "findings", "outcome", "tier", "screened_at",
        )  # fmt: skip

    def get_reference(self, claim: Claim) -> str:
        """The reference in groups of four."""
        return show_reference(claim.reference)

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string", "enum": [*VERDICTS.values()]}})
    def get_findings(self, claim: Claim) -> dict[str, str]:
        """What screening found for each criterion by its id: yes, no or unknown. Empty before the first screening."""
        names = self._list_criteria(claim.criteria_version_id) if claim.criteria_version_id else []
        return {name: VERDICTS[letter] for name, letter in zip(names, claim.findings, strict=True)}

    def _list_criteria(self, version_id: int) -> list[str]:
        """Read the ids of a version once an answer: a whole document with every claim is 80 kB a row."""
        known: dict[int, list[str]] = cast("dict[str, Any]", self.context).setdefault("criteria", {})
        if version_id not in known:
            known[version_id] = list_criteria_ids(version_id)
        return known[version_id]


class JobSerializer(serializers.ModelSerializer):
    """A job with its progress. `seconds_left` is null while nobody can know.

    `result` is empty for who reads no claims in the action: its counts could point to somebody.
    """

    id = serializers.UUIDField(source="code", read_only=True)
    action: serializers.Field = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    percent = serializers.IntegerField(read_only=True)
    seconds_left = serializers.SerializerMethodField()
    result = serializers.JSONField(read_only=True)

    class Meta:
        model = Job
        fields = (
            "id", "action", "kind", "subject", "state", "percent", "units_done", "units_total", "seconds_left", "error",
            "result", "created_at", "started_at", "finished_at",
        )  # fmt: skip

    def get_seconds_left(self, job: Job) -> int | None:
        """How long the rest will take at the pace so far."""
        return round(job.time_left.total_seconds()) if job.time_left is not None else None

    def to_representation(self, instance: Job) -> dict[str, Any]:
        """Leave the counts out for who reads no claims."""
        shown = super().to_representation(instance)
        return shown if instance.action_id in self._list_books() else shown | {"result": {}}

    def _list_books(self) -> set[int]:
        """Read once an answer in which actions the reader reads claims."""
        context = cast("dict[str, Any]", self.context)
        if "books" not in context:
            context["books"] = set(access.list_office_actions(context["request"].user).values_list("pk", flat=True))
        books: set[int] = context["books"]
        return books


class ActionList(Listing):
    """The open actions."""

    serializer_class = ActionSerializer
    permission_classes = (permissions.AllowAny,)
    pagination_class = None
    paging = ()

    def get_queryset(self) -> QuerySet[Action]:
        """Return what everyone may see."""
        return access.list_published_actions()


class ActionDetail(generics.RetrieveAPIView):
    """One open action."""

    serializer_class = ActionDetailSerializer
    permission_classes = (permissions.AllowAny,)
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet[Action]:
        """Return what everyone may see."""
        return access.list_published_actions()


@extend_schema_view(
    get=extend_schema(
        parameters=[
            OpenApiParameter("action", OpenApiTypes.STR, description="The slug of an action in which you work."),
            OpenApiParameter("outcome", OpenApiTypes.STR, enum=[value for value, _name in Claim.OUTCOMES]),
            OpenApiParameter("state", OpenApiTypes.STR, description="Habitual residence, ISO 3166-1 alpha-2."),
            OpenApiParameter("tier", OpenApiTypes.STR, description="A harm tier of the criteria."),
        ]
    )
)
class ClaimList(Listing):
    """The claims of the actions in which you work, those last written into the book first."""

    serializer_class = ClaimSerializer
    permission_classes = (permissions.IsAuthenticated,)
    pagination_class = NewestFirst
    filters: ClassVar[Mapping[str, str]] = {
        "action": "action__slug", "outcome": "outcome", "state": "habitual_residence", "tier": "tier",
    }  # fmt: skip

    def get_queryset(self) -> QuerySet[Claim]:
        """Return the claims that the person may see."""
        return list_claims(self.request)

    def list_values(self, name: str) -> Collection[str]:
        """Return the slugs, outcomes, states or tiers of the actions in which the person works."""
        actions = access.list_office_actions(self.request.user).select_related(None).order_by()
        match name:
            case "action":
                return set(actions.values_list("slug", flat=True))
            case "outcome":
                return {value for value, _name in Claim.OUTCOMES}
        return list_filled(actions, name)


def list_claims(request: Request) -> QuerySet[Claim]:
    """Return the claims that a person may see, with the columns of an answer only.

    The ids of the actions come first: an order by id over a join of the roles cannot use the key of the claims.
    """
    actions = list(access.list_office_actions(request.user).select_related(None).values_list("pk", flat=True))
    claims = access.list_office_claims(request.user).select_related(None).filter(action__in=actions)
    return claims.select_related("action", "criteria_version").only(*CLAIM_COLUMNS)


@extend_schema_view(get=extend_schema(parameters=[OpenApiParameter("reference", str, OpenApiParameter.PATH)]))
class ClaimDetail(generics.RetrieveAPIView):
    """One claim by its reference, with or without hyphens."""

    serializer_class = ClaimSerializer
    permission_classes = (permissions.IsAuthenticated,)
    lookup_field = "reference"

    def get_queryset(self) -> QuerySet[Claim]:
        """Return the claims that the person may see."""
        return list_claims(self.request)

    def get_object(self) -> Any:
        """Return the claim; how the reference was typed does not matter."""
        self.kwargs["reference"] = clean_reference(self.kwargs["reference"])
        claim = super().get_object()
        if isinstance(self.request.user, User):
            if claim.claimant.user_id != self.request.user.pk:
                check_budget(self.request, CLAIMS, claim.action)
            note_opening(claim, by=self.request.user)
        return claim


class JobList(Listing):
    """The jobs of the actions in which you work, the newest first."""

    serializer_class = JobSerializer
    permission_classes = (permissions.IsAuthenticated,)
    pagination_class = NewestFirst

    def get_queryset(self) -> QuerySet[Job]:
        """Return the jobs that the person may see."""
        return access.list_figure_jobs(self.request.user)


@extend_schema_view(get=extend_schema(parameters=[OpenApiParameter("code", str, OpenApiParameter.PATH)]))
class JobDetail(generics.RetrieveAPIView):
    """One job with its progress."""

    serializer_class = JobSerializer
    permission_classes = (permissions.IsAuthenticated,)
    lookup_field = "code"

    def get_queryset(self) -> QuerySet[Job]:
        """Return the jobs that the person may see."""
        return access.list_figure_jobs(self.request.user)


LISTS = ("actions", "claims", "jobs")  # what the index of the API names
urlpatterns = [
    path("actions/", ActionList.as_view(), name="api-actions"),
    path("actions/<slug:slug>/", ActionDetail.as_view(), name="api-action"),
    path("claims/", ClaimList.as_view(), name="api-claims"),
    path("claims/<str:reference>/", ClaimDetail.as_view(), name="api-claim"),
    path("jobs/", JobList.as_view(), name="api-jobs"),
    path("jobs/<uuid:code>/", JobDetail.as_view(), name="api-job"),
]
