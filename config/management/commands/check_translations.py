"""Check that every text of code, templates, packs and records of the law is there in every language that we offer."""

import shutil
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from claims import regimes
from config.languages import list_folder_faults, list_folders, list_pack_faults
from config.translations import list_faults


class Command(BaseCommand):
    """Extract the texts anew into a copy and name those that a translation lacks. Needs gettext."""

    help = __doc__ or ""

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the languages to look at."""
        parser.add_argument("languages", nargs="*", default=[code for code, _ in settings.LANGUAGES if code != "en"])

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for each text that is not in order; exit 1 where there is one."""
        if shutil.which("xgettext") is None:
            raise CommandError("xgettext is missing; install gettext")
        lines = list(_list_all(options["languages"]))
        for line in lines:
            self.stderr.write(line)
        if lines:
            raise CommandError(
                f"{len(lines)} texts are not in order; run makemessages and update_languages, translate, and run this"
                " again"
            )
        self.stderr.write(f"translations complete: {', '.join(options['languages'])}")


def _list_all(languages: list[str]) -> Iterator[str]:
    for language in languages:
        yield from list_faults(language)
        for folder in list_folders():
            yield from list_folder_faults(folder, language)
    for folder in list_folders():
        if folder != regimes.FOLDER:
            yield from list_pack_faults(folder)
