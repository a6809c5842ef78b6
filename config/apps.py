from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Templates, static files, translations and commands that belong to no stage."""

    name = "config"
