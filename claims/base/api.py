"""What every part of the API is built from."""

from collections.abc import Collection, Mapping
from typing import ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import exceptions, generics, pagination


class NewestFirst(pagination.CursorPagination):
    """Pages by key, so that the last page costs what the first does."""

    page_size = 100
    ordering = "-id"


class Listing(generics.ListAPIView):
    """A list that refuses what it does not know: a filter that is ignored looks like an answer."""

    filters: ClassVar[Mapping[str, str]] = {}  # parameter -> field
    paging: tuple[str, ...] = ("cursor",)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """Return the rows that fit each parameter. Raises 400 with the name of a parameter or value that is unknown."""
        given = {name: self.request.query_params.getlist(name) for name in self.request.query_params}
        for name, values in given.items():
            if name not in {*self.filters, *self.paging}:
                allowed = ", ".join(sorted({*self.filters, *self.paging})) or _("none")
                raise refuse(name, _("This list has no such parameter. It has: %s.") % allowed)
            if len(values) > 1:
                raise refuse(name, _("Give this parameter once."))
        wanted = {name: given[name][0] for name in self.filters if name in given}
        for name, value in wanted.items():
            allowed_values = self.list_values(name)
            if value not in allowed_values:
                raise refuse(name, _("There is no such value. There are: %s.") % ", ".join(sorted(allowed_values)))
        return queryset.filter(**{self.filters[name]: value for name, value in wanted.items()})

    def list_values(self, name: str) -> Collection[str]:
        """Return the values that a parameter may have for this person."""
        raise NotImplementedError


def refuse(name: str, sentence: str) -> exceptions.ValidationError:
    """Return the error 400 of one parameter."""
    return exceptions.ValidationError({name.replace("\0", ""): [sentence]})
