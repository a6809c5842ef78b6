from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Templates, static files, translations and commands that belong to no stage."""

    name = "config"

    def ready(self) -> None:
        """Make known what is kept sealed here: the rotation of keys asks for it."""
        from config import factors  # noqa: F401  # models exist only from here on
