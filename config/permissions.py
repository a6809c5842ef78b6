"""Who may use the API where a view does not say."""

from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class DenyAll(BasePermission):
    """The default: a view that names no permission answers nobody."""

    def has_permission(self, request: Request, view: object) -> bool:
        """Return False, always."""
        return False
