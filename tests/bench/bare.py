"""The peer of the registration: the smallest Django that inserts one row for a POST, on the same pool and server."""

import os

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.urls import path
from environ import Env

settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    SECRET_KEY="only-for-the-benchmark-0123456789-abcdefghijklmnopqrstuvwxyz",
    DATABASES={
        "default": {
            **Env.db_url_config(os.environ["DATABASE_URL"]),
            "OPTIONS": {"pool": {"min_size": 1, "max_size": 8, "timeout": 5}, "connect_timeout": 5},
        }
    },
    USE_TZ=True,
)
django.setup()


class Row(models.Model):
    """A row with a text."""

    text = models.TextField()

    class Meta:
        app_label = "bare"


def insert(request: HttpRequest) -> HttpResponse:
    """Insert what was sent."""
    return HttpResponse(Row._default_manager.create(text=request.POST.get("text", "")).pk)


urlpatterns = [path("", insert)]
application = get_wsgi_application()

if __name__ == "__main__":
    with connection.schema_editor() as editor:
        editor.create_model(Row)
