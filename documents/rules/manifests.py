"""The manifest of a filing: every file with its hash, and what tells two folders apart."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SCHEMA = "filing-manifest/1"
JSON_NAME, PDF_NAME = "manifest.json", "manifest.pdf"


@dataclass(frozen=True)
class Found:
    """A file as it was found: its hash, size, and what was counted in it."""

    name: str
    sha256: str
    bytes: int
    pages: int
    rows: int
    snapshot_sha256: str


def build_manifest(facts: Mapping[str, Any], files: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the manifest of these files; the sums are reckoned here."""
    return {
        "schema": SCHEMA,
        **facts,
        "files": [dict(file) for file in files],
        "totals": {key: sum(file[key] for file in files) for key in ("bytes", "pages", "rows")} | {"files": len(files)},
    }


def encode_manifest(manifest: Mapping[str, Any]) -> bytes:
    """Return the manifest as it is written: the same manifest has the same bytes."""
    return (json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def list_names(manifest: Mapping[str, Any]) -> set[str]:
    """Return the names of all files that the folder must hold, and no other."""
    return {file["name"] for file in manifest["files"]} | {JSON_NAME, PDF_NAME}


def find_foreign_name(manifest: Mapping[str, Any], names: Sequence[str]) -> str | None:
    """Return what is wrong with the names in a folder: one that is missing, or one too many."""
    for name in sorted(list_names(manifest) - set(names)):
        return f"{name} is missing"
    for name in sorted(set(names) - list_names(manifest)):
        return f"{name} is not in the manifest"
    return None


def find_difference(manifest: Mapping[str, Any], file: Mapping[str, Any], found: Found) -> str | None:
    """Return the first thing in which a file differs from its manifest."""
    name = file["name"]
    if found.bytes != file["bytes"]:
        return f"{name} has {found.bytes} bytes, the manifest says {file['bytes']}"
    if found.sha256 != file["sha256"]:
        return f"{name} was changed: its SHA-256 is {found.sha256}, the manifest says {file['sha256']}"
    if found.pages != file["pages"]:
        return f"{name} has {found.pages} pages, the manifest says {file['pages']}"
    if found.rows != file["rows"]:
        return f"{name} has {found.rows} rows, the manifest says {file['rows']}"
    if found.snapshot_sha256 != manifest["snapshot_sha256"]:
        made_from = found.snapshot_sha256 or "that it does not name"
        return f"{name} was made from the snapshot {made_from}, not from {manifest['snapshot_sha256']}"
    return None


def find_wrong_total(manifest: Mapping[str, Any]) -> str | None:
    """Return the first total of a manifest that is not the sum of its files."""
    for key, total in build_manifest({}, manifest["files"])["totals"].items():
        if manifest["totals"].get(key) != total:
            return f"{JSON_NAME} says {manifest['totals'].get(key)} {key} in total, its files have {total}"
    return None
