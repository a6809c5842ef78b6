"""The languages of a pack: texts out of catalogues, and each declaration as a small text of its own."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from claims.base.documents import Document, read_document
from claims.base.languages import FOLDER, add_language, find_catalogue, read_catalogue, walk_texts

PARTS = ("title", "summary", "accept", "body")


def add_languages(
    folder: Path, languages: Iterable[str], documents: Sequence[Document], declarations: Sequence[Document]
) -> None:
    """Put into the documents what the pack says in its other languages. Raises Refused with file, line and key."""
    for language in languages:
        if (file := find_catalogue(folder, language)).exists():
            add_language(documents, language, read_catalogue(file))
        for declaration in declarations:
            if (file := folder / FOLDER / language / f"{declaration.data['kind']}.yaml").exists():
                _add_declaration(declaration, language, file)


def _add_declaration(declaration: Document, language: str, file: Path) -> None:
    """A declaration is accepted as it reads, so its words come whole, for one version, with who checked them."""
    translation = read_document(file, schema="declaration_text")
    data, texts = declaration.data, translation.data
    for key, value in (("kind", data["kind"]), ("version", data["version"]), ("language", language)):
        if texts[key] != value:
            raise translation.refuse(
                [key], f"must be `{value}`, as the declaration says; translate its words as they are"
            )
    for part in PARTS:
        if (part in data) != (part in texts):
            raise translation.refuse([part], "must be there if, and only if, the declaration has it")
        if part in data:
            if language in data[part]:
                raise translation.refuse([part], f"the declaration itself has a text in `{language}`; keep one of them")
            data[part][language] = texts[part]
    data.setdefault("signed_off", {})[language] = texts["signed_off"]


def check_languages(document: Document, languages: Iterable[str]) -> None:
    """Refuse a text that lacks one of the languages of the pack."""
    for path, texts in walk_texts(document.data):
        for language in languages:
            if language not in texts and path != ("signed_off",):
                raise document.refuse(
                    path,
                    f"the text in `{language}` is missing; every language of the pack needs one, here or under"
                    f" {FOLDER}/{language}",
                )


def list_unchecked(declarations: Iterable[Document]) -> tuple[str, ...]:
    """Return a warning for each language in which declarations were translated and no lawyer has signed that off."""
    unchecked: dict[str, list[str]] = {}
    for document in declarations:
        data = document.data
        for language in data["body"]:
            if language != data["prevailing"] and not data.get("signed_off", {}).get(language):
                unchecked.setdefault(language, []).append(data["kind"])
    return tuple(
        f"no lawyer has signed off the declarations in `{language}`, and the page says so: {', '.join(sorted(kinds))}"
        for language, kinds in sorted(unchecked.items())
    )


def list_signed_off(declarations: Iterable[Document]) -> dict[str, dict[str, str]]:
    """Return kind -> language -> who signed the words off, for those where somebody did."""
    return {
        document.data["kind"]: {code: name for code, name in document.data["signed_off"].items() if name}
        for document in declarations
        if any(document.data.get("signed_off", {}).values())
    }
