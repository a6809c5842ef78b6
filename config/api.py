"""The API as a whole: where everything is, and what there is not."""

from typing import Any

from django.urls import path, re_path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework import exceptions, permissions, views
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from claims import api as claims_api
from documents import api as documents_api
from redress import api as redress_api

PARTS = (claims_api, redress_api, documents_api)


class ApiIndex(views.APIView):
    """Where everything is."""

    permission_classes = (permissions.AllowAny,)

    @extend_schema(responses={200: {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}}})
    def get(self, request: Request) -> Response:
        """Return the lists by name with their addresses."""
        return Response({name: reverse(f"api-{name}", request=request) for name in LISTS})


class Missing(views.APIView):
    """Any other address under the API: 404 in JSON, for every method."""

    permission_classes = (permissions.AllowAny,)
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Answer before the method is looked at."""
        raise exceptions.NotFound(_("There is nothing at this address of the API. /api/v1/ lists what there is."))


LISTS = (*(name for part in PARTS for name in part.LISTS), "schema")
urlpatterns = [
    path("", ApiIndex.as_view(), name="api-index"),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    *(pattern for part in PARTS for pattern in part.urlpatterns),
    re_path("", Missing.as_view(), name="api-missing"),
]
