"""Verify a folder of files by its manifest alone: offline, without a database, on anybody's machine."""

import hashlib
import json
import re
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pikepdf

from documents.checks import read_rows, read_text, squeeze
from documents.filings.checking import inspect_file, read_attachments, read_stamp
from documents.rules.manifests import (
    JSON_NAME,
    PDF_NAME,
    SCHEMA,
    find_difference,
    find_foreign_name,
    find_wrong_total,
)


@dataclass(frozen=True)
class Verified:
    """What came out: how much was looked at, and the first thing that differs ("" where nothing does)."""

    files: int = 0
    rows: int = 0
    difference: str = ""

    @property
    def ok(self) -> bool:
        """Whether everything is as the manifest says."""
        return not self.difference


class Differs(Exception):
    """The first thing that differs."""


def verify_folder(folder: Path) -> Verified:
    """Return whether a folder holds exactly the files of its manifest, unchanged, all from one snapshot."""
    try:
        manifest = read_manifest(folder)
        if wrong := find_foreign_name(manifest, sorted(file.name for file in folder.iterdir())):
            raise Differs(wrong)
        check_twin(folder, manifest)
        for file in manifest["files"]:
            check_file(folder, manifest, file)
        if wrong := find_wrong_total(manifest):
            raise Differs(wrong)
    except Differs as difference:
        return Verified(difference=str(difference))
    return Verified(manifest["totals"]["files"], manifest["totals"]["rows"])


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a folder. Raises Differs where there is none that can be read."""
    if not folder.is_dir():
        raise Differs(f"{folder} is not a folder")
    try:
        manifest = json.loads((folder / JSON_NAME).read_bytes())
    except FileNotFoundError:
        raise Differs(f"{JSON_NAME} is missing") from None
    except (ValueError, RecursionError):
        raise Differs(f"{JSON_NAME} is no JSON") from None
    try:
        if manifest["schema"] != SCHEMA or len({file["name"] for file in manifest["files"]}) != len(manifest["files"]):
            raise Differs(f"{JSON_NAME} is not of the form {SCHEMA}")
        _ = manifest["snapshot_sha256"] + "", [manifest["totals"][key] for key in ("files", "rows", "pages", "bytes")]
        for file in manifest["files"]:
            _ = file["number"], file["sha256"] + file["name"]
            if (
                Path(file["name"]).name != file["name"]
                or [type(file[key]) for key in ("bytes", "pages", "rows")] != [int] * 3
            ):
                raise Differs(f"{JSON_NAME} is not of the form {SCHEMA}")
    except (KeyError, TypeError, AttributeError):
        raise Differs(f"{JSON_NAME} is not of the form {SCHEMA}") from None
    return manifest


def check_twin(folder: Path, manifest: dict[str, Any]) -> None:
    """The PDF of the manifest carries the same JSON: whoever changes one has to forge the other."""
    data = (folder / JSON_NAME).read_bytes()
    try:
        pdf = (folder / PDF_NAME).read_bytes()
        inside, stamp = read_attachments(pdf).get(JSON_NAME), read_stamp(pdf)
    except (OSError, pikepdf.PdfError):
        raise Differs(f"{PDF_NAME} cannot be read") from None
    if inside is None:
        raise Differs(f"{PDF_NAME} holds no {JSON_NAME}")
    if inside != data:
        raise Differs(_name_change(json.loads(inside), manifest))
    if stamp != manifest["snapshot_sha256"]:
        raise Differs(f"{PDF_NAME} was made from the snapshot {stamp}, not from {manifest['snapshot_sha256']}")
    check_print(pdf, manifest, hashlib.sha256(data).hexdigest())


def check_print(pdf: bytes, manifest: dict[str, Any], json_sha256: str) -> None:
    """Raise Differs where the pages of the PDF do not say what the data say.

    The pages are read by their tags. Whoever paints over a page or forges the whole folder is found on the server only.
    """
    try:
        rows, text = [[squeeze(cell) for cell in row] for row in read_rows(pdf)], squeeze(read_text(pdf))
    except (pikepdf.PdfError, AttributeError, KeyError, TypeError, ValueError):
        raise Differs(f"the pages of {PDF_NAME} cannot be read") from None
    rows = [row for row in rows if row != rows[0]]  # the head, which each page repeats
    for row, file in zip_longest(rows[: len(manifest["files"])], manifest["files"]):
        if row is None or [*row[:2], *map(_keep_digits, row[2:])] != _list_printed(file):
            raise Differs(f"{PDF_NAME} does not print {file['name']} as {JSON_NAME} has it")
    totals = [str(manifest["totals"][key]) for key in ("rows", "pages", "bytes")]
    after = rows[len(manifest["files"]) :]
    if not after or [_keep_digits(cell) for cell in after[0][2:]] != totals:
        raise Differs(f"{PDF_NAME} does not print the sums as {JSON_NAME} has them")
    for printed in (manifest["snapshot_sha256"], json_sha256):
        if printed not in text:
            raise Differs(f"{PDF_NAME} does not print the hash {printed}")


def _list_printed(file: dict[str, Any]) -> list[str]:
    return [
        str(file["number"]),
        squeeze(file["name"] + file["sha256"]),
        *(str(file[key]) for key in ("rows", "pages", "bytes")),
    ]


def _keep_digits(cell: str) -> str:
    """Return a printed number without what groups its digits."""
    return re.sub(r"[.,\u2019']", "", cell)


def _name_change(inside: dict[str, Any], manifest: dict[str, Any]) -> str:
    for key in sorted({*inside, *manifest}):
        if inside.get(key) != manifest.get(key):
            return f"{JSON_NAME} was changed: `{key}` is not what {PDF_NAME} says"
    return f"{JSON_NAME} is not what {PDF_NAME} holds"


def check_file(folder: Path, manifest: dict[str, Any], file: dict[str, Any]) -> None:
    """Raise Differs with the first thing in which a file is not what the manifest says."""
    try:
        found = inspect_file(folder / file["name"])
    except OSError as error:
        raise Differs(f"{file['name']} cannot be read: {error.strerror}") from None
    except (pikepdf.PdfError, ValueError):
        raise Differs(f"{file['name']} was changed: it is no PDF that can be read") from None
    if difference := find_difference(manifest, file, found):
        raise Differs(difference)
