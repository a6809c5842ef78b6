"""Headers of static files."""

from wsgiref.headers import Headers


def add_headers(headers: Headers, path: str, url: str) -> None:
    """Let pages of people with a session start workers: their policy asks it of the script, which caches may hold."""
    headers["Cross-Origin-Embedder-Policy"] = "require-corp"
