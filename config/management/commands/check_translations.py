"""Check that every text of code and templates is translated, in every language that we offer."""

import shutil
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

APPS = ("claims", "redress", "documents", "config")


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
        lines = [line for language in options["languages"] for line in list_faults(language)]
        for line in lines:
            self.stderr.write(line)
        if lines:
            raise CommandError(f"{len(lines)} texts are not in order; run makemessages, translate, and run this again")
        self.stderr.write(f"translations complete: {', '.join(options['languages'])}")


def list_faults(language: str) -> Iterator[str]:
    """Return a line for each text of a language that is missing, unsure, no longer used, or breaks its placeholders."""
    with TemporaryDirectory() as folder:
        file = extract_texts(Path(folder), language)
        check = subprocess.run(["msgfmt", "--check-format", "-o", "/dev/null", file], capture_output=True, text=True)
        with file.open("rb") as stream:
            catalog = read_po(stream, locale=language)
    for message in catalog:
        text = message.id[0] if isinstance(message.id, list | tuple) else message.id
        words = message.string if isinstance(message.string, list | tuple) else [message.string]
        if text and not all(words):
            yield f"{language}: missing: {text}"
        elif text and message.fuzzy:
            yield f"{language}: unsure (fuzzy): {text}"
    for message in catalog.obsolete.values():
        yield f"{language}: no longer used: {message.id}"
    if check.returncode:
        yield f"{language}: {check.stderr.replace(str(folder), '').strip()}"


def extract_texts(folder: Path, language: str) -> Path:
    """Return the catalogue of a language as makemessages would write it now; the project itself stays as it is."""
    for app in APPS:
        shutil.copytree(
            settings.BASE_DIR / app, folder / app, ignore=shutil.ignore_patterns("locale", "__pycache__", "packs")
        )
    shutil.copytree(settings.LOCALE_PATHS[0], folder / "locale")
    # Without settings makemessages takes the folder `locale` where it stands.
    command = [sys.executable, "-m", "django", "makemessages", "-l", language, "--no-location", "--no-wrap", "-v", "0"]
    environment = {"PATH": str(Path(shutil.which("xgettext") or "").parent)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise CommandError(f"makemessages failed: {done.stderr.strip().splitlines()[-1]}")
    return folder / "locale" / language / "LC_MESSAGES" / "django.po"
