"""Wiring and shell: settings, URLs, templates, packs. Nobody imports it; it imports everyone."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
