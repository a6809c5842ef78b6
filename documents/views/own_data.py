"""All that we hold about oneself: a page, and the same as files to take along."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from claims.base.requests import SignedInRequest
from documents import own_data


@login_required
@never_cache
@require_safe
def show(request: SignedInRequest) -> HttpResponse:
    """The page: everything, in words."""
    data = own_data.look_at_own_data(request.user)
    return render(request, "documents/own_data.html", own_data.describe_document(data, own_data.show_on_page))


@login_required
@never_cache
@require_GET
def send_json(request: SignedInRequest) -> HttpResponse:
    """The file for machines."""
    return _send(own_data.write_json(own_data.take_own_data(request.user)), "application/json", "my-data.json")


@login_required
@never_cache
@require_GET
def send_pdf(request: SignedInRequest) -> HttpResponse:
    """The file for people."""
    return _send(own_data.render_own_data(own_data.take_own_data(request.user)), "application/pdf", "my-data.pdf")


def _send(content: bytes, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
