"""Write the catalogues of packs and of the records of the law anew; what is still said keeps its translation."""

from argparse import ArgumentParser
from typing import Any

from claims.base.commands import Command as BaseCommand
from config.languages import list_folders, write_catalogue


class Command(BaseCommand):
    help = __doc__ or ""

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        """Take the languages."""
        parser.add_argument("languages", nargs="+")

    def run(self, **options: Any) -> dict[str, Any]:
        """Write a file for each folder and language, and say what still lacks."""
        missing = 0
        for language in options["languages"]:
            for folder in list_folders():
                texts, lacks = write_catalogue(folder, language)
                self.say(f"{folder.name}, {language}: {texts} texts, {lacks} without a translation")
                missing += lacks
        return {"languages": options["languages"], "missing": missing}
