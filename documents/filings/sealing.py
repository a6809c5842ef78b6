"""The last step: the manifest, a look at everything that was written, and the seal."""

import hashlib
import shutil
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation

from claims.base.errors import Refused
from claims.base.history import record
from documents.filings.checking import STAMP, check_document
from documents.filings.snapshots import Snapshot, write_durably
from documents.filings.verifying import verify_folder
from documents.models import Filing, FilingFile
from documents.pdf import Attached, render_html
from documents.rules.manifests import JSON_NAME, PDF_NAME, build_manifest, encode_manifest
from documents.rules.typesetting import glue_html


def write_manifest(filing: Filing, snapshot: Snapshot) -> dict[str, Any]:
    """Write the manifest as JSON and as PDF with the JSON inside, and verify the whole folder by it. Raises Refused."""
    remove_drafts(filing.folder)
    manifest = build_manifest(describe_filing(filing, snapshot), list_entries(filing))
    data = encode_manifest(manifest)
    pdf = lay_out_manifest(filing, snapshot, manifest, data)
    check_document(pdf, snapshot)
    write_durably(filing.folder / JSON_NAME, data)
    write_durably(filing.folder / PDF_NAME, pdf)
    verified = verify_folder(filing.folder)
    if not verified.ok:
        raise Refused(verified.difference)
    hashes = {"sha256": hashlib.sha256(data).hexdigest(), "pdf_sha256": hashlib.sha256(pdf).hexdigest()}
    return {"manifest": manifest, **hashes}


def remove_drafts(folder: Path) -> None:
    """Remove what a killed worker left half written."""
    for draft in folder.glob(".*.part"):
        draft.unlink(missing_ok=True)


def describe_filing(filing: Filing, snapshot: Snapshot) -> dict[str, Any]:
    """Return what the manifest says of the filing itself. Nothing in it depends on when the files were made."""
    run = filing.scenario_run
    return {
        "filing": str(filing.code),
        "action": snapshot.facts["action"]["slug"],
        "is_illustration": snapshot.facts["action"]["is_illustration"],
        "kind": filing.kind,
        "language": filing.language,
        "rendering": filing.rendering,
        "snapshot_sha256": filing.snapshot_sha256,
        "frozen_at": filing.frozen_at.isoformat(),
        "frozen_by": str(filing.created_by) if filing.created_by else "",
        "criteria": {key: snapshot.facts["criteria"][key] for key in ("number", "sha256")},
        "scenario": {"run": str(run.code), "scenario_id": run.scenario_id, "digest": run.digest} if run else None,
        "replaces": str(filing.replaces.code) if filing.replaces else None,
        "making": snapshot.facts["making"],
    }


def list_entries(filing: Filing) -> list[dict[str, Any]]:
    """Return what the manifest says of each file."""
    keys = ("number", "name", "sha256", "bytes", "pages", "rows")
    return [dict(zip(keys, values, strict=True)) for values in filing.files.order_by("number").values_list(*keys)]


def lay_out_manifest(filing: Filing, snapshot: Snapshot, manifest: dict[str, Any], data: bytes) -> bytes:
    """Return the manifest as a PDF that carries the JSON, so that neither can be changed without the other."""
    about = snapshot.facts["action"]["facts"]
    with translation.override(filing.language):
        html = render_to_string(
            "documents/pdf/filing-manifest.html",
            {"filing": filing, "manifest": manifest, "about": about, "keyword": f"{STAMP}{snapshot.sha256}",
             "json_sha256": hashlib.sha256(data).hexdigest()},
        )  # fmt: skip
    attached = Attached(JSON_NAME, "The manifest as data", data, filing.frozen_at)
    identifier = f"{snapshot.sha256} manifest {filing.code}"
    return render_html(glue_html(html), variant="pdf/a-3a", identifier=identifier, attachments=[attached])


def seal(filing: Filing, made: dict[str, Any]) -> None:
    """Close the filing for good, in the transaction of its last step."""
    hashes = {"manifest_sha256": made["sha256"], "manifest_pdf_sha256": made["pdf_sha256"]}
    fields = {"manifest": made["manifest"], **hashes, "sealed_at": timezone.now()}
    moved = Filing.objects.filter(pk=filing.pk, state__in=Filing.MOVES[Filing.State.SEALED])
    if (
        moved.update(state=Filing.State.SEALED, **fields) != 1
        or filing.files.exclude(state=FilingFile.State.DONE).exists()
    ):
        raise Refused("the filing is no longer in the making; look at its page")
    record(
        "filing sealed", filing, by=filing.created_by, action=filing.action,
        files=made["manifest"]["totals"]["files"], manifest=made["sha256"],
    )  # fmt: skip


def copy_filing(filing: Filing, to: Path) -> None:
    """Copy the files of a sealed filing to a new folder, all or nothing. Raises Refused where something is there."""
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise Refused(f"{to} is not empty; give a folder that does not exist yet, or an empty one")
    draft = to.with_name(f".{to.name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    to.parent.mkdir(parents=True, exist_ok=True)
    try:
        shutil.copytree(filing.folder, draft)
        draft.replace(to)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
