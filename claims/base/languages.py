"""Texts in more languages than their document holds: one catalogue (.po) for each language, in a folder beside it.

A catalogue is keyed by the words that it translates, never by a place: words that change lose their translation, and
nobody is shown one that says something else. German and English stand in the documents themselves.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

from babel.messages.pofile import PoFileError, read_po

from claims.base.documents import Document, read_text
from claims.base.errors import Refused

FOLDER = "languages"
Texts = dict[str, str]  # language -> text, as a document has it


def walk_texts(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Texts]]:
    """Return every text of a document with its place: a mapping of languages to words."""
    if isinstance(value, dict):
        if value and all(re.fullmatch("[a-z]{2}", key) and isinstance(text, str) for key, text in value.items()):
            yield path, value
        else:
            for key, child in value.items():
                yield from walk_texts(child, (*path, key))
    elif isinstance(value, list):
        for i, child in enumerate(value):
            yield from walk_texts(child, (*path, i))


def name_source(texts: Mapping[str, str]) -> str:
    """Return the words that are translated: those in English, else the first."""
    return texts.get("en") or next(iter(texts.values()))


def read_catalogue(file: Path) -> dict[str, str]:
    """Return source -> translation of a .po file; what is empty or marked as unsure is left out. Raises Refused."""
    try:
        catalogue = read_po(StringIO(read_text(file)), abort_invalid=True)
    except (PoFileError, ValueError, TypeError) as error:
        raise Refused(f"{file.parent.name}/{file.name} is no .po file: {error}") from None
    return {
        str(message.id): str(message.string)
        for message in catalogue
        if message.id and message.string and not message.fuzzy
    }


def add_language(documents: Iterable[Document], language: str, catalogue: Mapping[str, str]) -> None:
    """Put the translations of a catalogue into the texts that lack this language."""
    for document in documents:
        for _, texts in walk_texts(document.data):
            if language not in texts and (said := catalogue.get(name_source(texts))):
                texts[language] = said


def find_catalogue(folder: Path, language: str) -> Path:
    """Return where the catalogue of a language for the documents of a folder is, or should be."""
    return folder / FOLDER / f"{language}.po"


def list_languages(folder: Path) -> list[str]:
    """Return the languages for which the documents of a folder have a catalogue."""
    return sorted(file.stem for file in (folder / FOLDER).glob("*.po"))
