"""How a file leaves over HTTP, from a page and from the API alike."""

from django.http import FileResponse

from documents.filings import Download


def send(download: Download) -> FileResponse:
    """Return a file to be saved, which nobody on the way may keep and no browser may guess about."""
    response = FileResponse(
        download.file, as_attachment=True, filename=download.name, content_type=download.content_type
    )
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
