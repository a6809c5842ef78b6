"""The catalogues of packs and of the records of the law: written anew from the documents, and checked against them."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from django.conf import settings

from claims import regimes
from claims.base.documents import Document, open_document
from claims.base.errors import Refused
from claims.base.languages import FOLDER, find_catalogue, name_source, walk_texts
from claims.packs import read_pack
from config.translations import list_catalogue_faults

PACKS = settings.BASE_DIR / "config" / "packs"
HEAD = """\
# What {folder} says, in the language {language}. Keyed by the English words; written anew by update_languages.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def list_folders() -> list[Path]:
    """Return the folders whose documents have catalogues: the records of the law, and the packs that we ship."""
    return [regimes.FOLDER, *sorted(file.parent for file in PACKS.glob("*/action.yaml"))]


def write_catalogue(folder: Path, language: str) -> tuple[int, int]:
    """Write the catalogue of a language anew: what is still said keeps its translation. Return (texts, missing)."""
    file = find_catalogue(folder, language)
    known = _read(file, language)
    catalogue = make_catalogue(folder, language)
    for message in catalogue:
        kept = known.get(message.id) if message.id else None
        if kept and not kept.fuzzy:
            message.string = kept.string
    file.parent.mkdir(exist_ok=True)
    with file.open("wb") as stream:  # a head without times: the same texts give the same file
        stream.write(HEAD.format(folder=folder.name, language=language).encode())
        write_po(stream, catalogue, width=0, omit_header=True)
    return len(catalogue), sum(not message.string for message in catalogue if message.id)


def make_catalogue(folder: Path, language: str) -> Catalog:
    """Return an empty catalogue of what the documents of a folder say and have no words for in this language."""
    catalogue = Catalog(locale=language)
    for document in _list_documents(folder):
        for path, texts in walk_texts(document.data):
            if language not in texts and path != ("signed_off",):
                catalogue.add(name_source(texts), auto_comments=[_name_place(document, path)])
    return catalogue


def list_folder_faults(folder: Path, language: str) -> Iterator[str]:
    """Return a line for each text of a folder that is missing, no longer used, or differs in form."""
    name = f"{folder.name}, {language}"
    file, wanted = find_catalogue(folder, language), make_catalogue(folder, language)
    known = _read(file, language)
    for message in wanted:
        if message.id and message.id not in known:
            yield f"{name}: missing: {message.id}"
    for message in known:
        if message.id and message.id not in wanted:
            yield f"{name}: no longer used: {message.id}"
    yield from list_catalogue_faults(known, name)
    yield from _list_stray_files(folder, language)


def _list_stray_files(folder: Path, language: str) -> Iterator[str]:
    kinds = {open_document(file).data["kind"] for file in (folder / "declarations").glob("*.yaml")}
    for file in sorted((folder / FOLDER / language).glob("*")):
        if file.name not in {f"{kind}.yaml" for kind in kinds}:
            yield f"{folder.name}, {language}: no longer used: {file.name} translates no declaration"


def list_pack_faults(folder: Path) -> Iterator[str]:
    """Return a line where a pack cannot be read, or lacks a language that we offer."""
    try:
        pack = read_pack(folder)
    except Refused as error:
        yield str(error)
        return
    for language, _name in settings.LANGUAGES:
        if language not in pack.action.data["languages"]:
            yield f"{folder.name}: the pack does not offer `{language}`; add it to `languages` in action.yaml"


def _list_documents(folder: Path) -> list[Document]:
    """Return the documents of a folder that a catalogue translates. Declarations have texts of their own."""
    return [open_document(file) for file in sorted(folder.glob("*.yaml"))]


def _read(file: Path, language: str) -> Catalog:
    if not file.exists():
        return Catalog(locale=language)
    with file.open("rb") as stream:
        return read_po(stream, locale=language, abort_invalid=True)


def _name_place(document: Document, path: tuple[str | int, ...]) -> str:
    """Return where a text stands, by ids where there are any: numbers change with every new line."""
    steps, value = [], document.data
    for step in path:
        value = value[step]
        steps.append(
            str(value["id"]) if isinstance(value, dict) and "id" in value else "" if isinstance(step, int) else step
        )
    return f"{Path(document.file).name}: {'.'.join(step for step in steps if step)}"
