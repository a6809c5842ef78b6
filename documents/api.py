"""Filings in the API: the same functions as the pages, the same rights, the same files."""

from collections.abc import Collection, Mapping
from typing import ClassVar

from django.db.models import QuerySet
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import exceptions, generics, permissions, serializers, status, views
from rest_framework.request import Request
from rest_framework.response import Response

from claims.access import list_lawyer_actions, list_office_actions
from claims.base.api import Listing, NewestFirst
from claims.base.errors import Refused
from claims.confirming import check_confirmed
from claims.models import User
from documents import access, filings
from documents.filings.runs import find_run
from documents.models import Filing, FilingFile
from documents.views.downloads import send


class FilingSerializer(serializers.ModelSerializer):
    """A filing. `state` is `building`, `stopped` or `sealed`; `job` shows how far it is."""

    id = serializers.UUIDField(source="code", read_only=True)
    action: serializers.Field = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    state = serializers.SerializerMethodField()
    criteria_version = serializers.IntegerField(
        source="criteria_version.number", read_only=True, allow_null=True, default=None
    )
    run = serializers.UUIDField(source="scenario_run.code", read_only=True, allow_null=True, default=None)
    job = serializers.UUIDField(source="job.code", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Filing
        fields = (
            "id", "action", "kind", "language", "rendering", "state", "rows", "snapshot_sha256", "frozen_at",
            "criteria_version", "run", "job", "sealed_at", "manifest_sha256",
        )  # fmt: skip

    def get_state(self, filing: Filing) -> str:
        """The state as the pages show it: one whose job failed or was stopped is `stopped`."""
        return str(Filing.State.STOPPED) if filing.is_stopped else filing.state


class FileSerializer(serializers.ModelSerializer):
    """A file of a filing. What is counted is 0 and the hash empty until it is made."""

    class Meta:
        model = FilingFile
        fields = ("number", "name", "sha256", "bytes", "pages", "rows")


class FilingDetailSerializer(FilingSerializer):
    """A filing with its files, its manifest (empty before the seal) and codes of what a lawyer should look at."""

    files = FileSerializer(many=True, read_only=True)
    manifest = serializers.DictField(read_only=True)
    warnings: serializers.Field = serializers.ListField(child=serializers.CharField(), read_only=True)
    replaces = serializers.UUIDField(source="replaces.code", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Filing
        fields = (*FilingSerializer.Meta.fields, "replaces", "warnings", "files", "manifest")


class BuildSerializer(serializers.Serializer):
    """What to build. A register without a rendering is `full`; a scenario that is not named is `base`.

    `replaces` is the id of a sealed filing of the same action, kind, language and rendering that the new one corrects.
    """

    action = serializers.SlugField()
    kind = serializers.ChoiceField(Filing.Kind.choices)
    language = serializers.ChoiceField(filings.LANGUAGES, default="en")
    rendering = serializers.ChoiceField(Filing.Rendering.choices, default="", allow_blank=True)
    scenario = serializers.CharField(default="", allow_blank=True, max_length=200)
    replaces = serializers.UUIDField(default=None, allow_null=True)


@extend_schema_view(
    get=extend_schema(
        parameters=[
            OpenApiParameter("action", OpenApiTypes.STR, description="The slug of an action in which you work.")
        ]
    )
)
class FilingList(Listing):
    """The filings of the actions in which you work, the newest first."""

    serializer_class = FilingSerializer
    permission_classes = (permissions.IsAuthenticated,)
    pagination_class = NewestFirst
    filters: ClassVar[Mapping[str, str]] = {"action": "action__slug"}

    def get_queryset(self) -> QuerySet[Filing]:
        """Return the filings that the person may see."""
        return access.list_light_filings(self.request.user)

    def list_values(self, name: str) -> Collection[str]:
        """Return the slugs of these actions."""
        return set(list_office_actions(self.request.user).order_by().values_list("slug", flat=True))

    @extend_schema(request=BuildSerializer, responses={200: FilingSerializer, 202: FilingSerializer})
    def post(self, request: Request) -> Response:
        """Freeze and build a filing; lawyers of its action only. 200 where a sealed one says the same already."""
        asked = BuildSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wanted = dict(asked.validated_data)
        assert isinstance(request.user, User)  # IsAuthenticated let them in
        action = get_object_or_404(list_lawyer_actions(request.user), slug=wanted.pop("action"))
        kind, scenario = wanted.pop("kind"), wanted.pop("scenario")
        try:
            run = find_run(action, kind, scenario)
            replaced = filings.find_replaced(action, wanted.pop("replaces"))
            filing = filings.start_filing(action, kind, **wanted, run=run, replaces=replaced, by=request.user)
        except Refused as refusal:
            raise exceptions.ValidationError({"detail": str(refusal)}) from None
        done = status.HTTP_200_OK if filing.is_sealed else status.HTTP_202_ACCEPTED
        return Response(FilingSerializer(filing).data, status=done)


class FilingDetail(generics.RetrieveAPIView):
    """One filing with its files and its manifest."""

    serializer_class = FilingDetailSerializer
    permission_classes = (permissions.IsAuthenticated,)
    lookup_field = "code"

    def get_queryset(self) -> QuerySet[Filing]:
        """Return the filings that the person may see."""
        return access.list_office_filings(self.request.user)


class Changed(exceptions.APIException):
    """The file on the server is not what was sealed."""

    status_code = status.HTTP_409_CONFLICT


class FilingDownload(views.APIView):
    """One file of a sealed filing."""

    permission_classes = (permissions.IsAuthenticated,)
    http_method_names = ("get", "options")  # the history keeps what was taken, so nobody asks for the head alone

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, code: str, name: str) -> FileResponse:
        """Send a file, `manifest.json` or `manifest.pdf`. 404 before the seal, 409 where it is not what was sealed.

        403 where the session has not confirmed within five minutes, at `/accounts/reauthenticate/`, who sits there.
        """
        filing = get_object_or_404(access.list_office_filings(request.user), code=code)
        assert isinstance(request.user, User)  # IsAuthenticated let them in
        check_confirmed(request._request)
        try:
            found = filings.open_file(filing, name, by=request.user)
        except Refused as refusal:
            raise Changed(str(refusal)) from None
        if found is None:
            raise exceptions.NotFound
        return send(found)


LISTS = ("filings",)  # what the index of the API names
urlpatterns = [
    path("filings/", FilingList.as_view(), name="api-filings"),
    path("filings/<uuid:code>/", FilingDetail.as_view(), name="api-filing"),
    path("filings/<uuid:code>/files/<str:name>/", FilingDownload.as_view(), name="api-filing-file"),
]
