"""What is not in order in a translation: of code and templates, of records of the law, of packs that we ship."""

import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import django.conf.locale
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings

from claims.base.errors import Refused

APPS = ("claims", "redress", "documents", "config")
# %(name)s, %s, %% and {name}: what is filled in. Tags: what a text brings along for the page.
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[a-z]|%%|\{\w*\}")
TAG = re.compile(r"</?[a-z]\w*[^>]*>")


def list_faults(language: str) -> Iterator[str]:
    """Return a line for each text of code and templates that is missing, unsure, no longer used, or differs in form."""
    with TemporaryDirectory() as folder:
        file = extract_texts(Path(folder), language)
        check = subprocess.run(["msgfmt", "--check", "-o", "/dev/null", file], capture_output=True, text=True)
        with file.open("rb") as stream:
            catalogue = read_po(stream, locale=language)
    yield from _list_plural_faults(catalogue, language)
    yield from list_catalogue_faults(catalogue, language)
    if check.returncode:
        yield f"{language}: {check.stderr.replace(str(folder), '').strip()}"


def list_catalogue_faults(catalogue: Catalog, language: str) -> Iterator[str]:
    """Return a line for each text of a catalogue that is missing, unsure, no longer used, or differs in form."""
    for message in catalogue:
        sources, words = _list(message.id), _list(message.string)
        if not sources[0]:
            continue
        if not all(words):
            yield f"{language}: missing: {sources[0]}"
        elif message.fuzzy:
            yield f"{language}: unsure (fuzzy): {sources[0]}"
        else:
            yield from (f"{language}: {fault}: {sources[0]}" for fault in list_differences(sources, words))
    for message in catalogue.obsolete.values():
        yield f"{language}: no longer used: {message.id}"


def list_differences(sources: Sequence[str], words: Sequence[str]) -> Iterator[str]:
    """Return what a translation has otherwise than its source: placeholders and tags. One may be said as a word."""
    for i, text in enumerate(words):
        wanted = Counter(PLACEHOLDER.findall(sources[-1]))
        found = Counter(PLACEHOLDER.findall(text))
        if found != wanted and (len(sources) == 1 or i or found != Counter(PLACEHOLDER.findall(sources[0]))):
            yield f"placeholders {_show(found)} instead of {_show(wanted)}"
        if (tags := Counter(TAG.findall(text))) != (kept := Counter(TAG.findall(sources[-1]))):
            yield f"tags {_show(tags)} instead of {_show(kept)}"


def _list_plural_faults(catalogue: Catalog, language: str) -> Iterator[str]:
    """Django asks for the forms that its own catalogue of the language has."""
    forms = count_plurals(language)
    if catalogue.num_plurals != forms:
        yield f"{language}: the head names {catalogue.num_plurals} plural forms, Django has {forms}"
    for message in catalogue:
        if _is_plural(message) and len(_list(message.string)) != forms:
            yield f"{language}: {len(_list(message.string))} of {forms} plural forms: {message.id[0]}"


def count_plurals(language: str) -> int:
    """Return how many plural forms Django's own catalogue of a language has."""
    file = Path(django.conf.locale.__file__).parent / language / "LC_MESSAGES" / "django.po"
    found = re.search(r"nplurals\s*=\s*(\d)", file.read_text("utf-8"))
    return int(found[1]) if found else 2


def _is_plural(message: Message) -> bool:
    return isinstance(message.id, list | tuple)


def _list(value: Any) -> list[str]:
    return [str(part) for part in value] if isinstance(value, list | tuple) else [str(value or "")]


def _show(parts: Counter[str]) -> str:
    return " ".join(sorted(parts.elements())) or "none"


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
        raise Refused(f"makemessages failed: {done.stderr.strip().splitlines()[-1]}")
    return folder / "locale" / language / "LC_MESSAGES" / "django.po"
