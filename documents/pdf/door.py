"""From the outside of the child process: what goes in, what comes out, and what to say when nothing does."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from django.utils.translation import gettext as _

from claims.base.errors import Refused
from documents.pdf.child import REFUSED, shrink
from documents.pdf.fonts import find_unprintable, prepare_fonts
from documents.pdf.lines import count_row_lines

Variant = Literal["pdf/a-3a", "pdf/ua-1"]
HERE = Path(__file__).resolve().parent
CHILD = HERE / "child.py"
STYLE = HERE.parent / "templates" / "documents" / "pdf" / "filing.css"
TEMPLATE = HERE.parent / "typst" / "register.typ"
LIMITS = {
    "html": {"megabytes": 1024, "seconds": 60},
    "register": {"megabytes": 1536, "seconds": 60},
}
PACKAGES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig"


class RenderingFailed(Refused):
    """No file came out. Nothing was left behind, and the message holds nothing of a person."""


@dataclass(frozen=True)
class Attached:
    """A file inside a PDF. `made_at` comes from the snapshot, so that the same filing has the same bytes."""

    name: str
    description: str
    data: bytes
    made_at: datetime
    relationship: str = "Data"


def render_html(html: str, *, variant: Variant, identifier: str, attachments: Sequence[Attached] = ()) -> bytes:
    """Return a filing as PDF: tagged, fonts embedded, nothing fetched, the same bytes for the same input.

    The HTML is a whole document with `lang`, `<title>` and the dates `dcterms.created` and `dcterms.modified`;
    filing.css is applied. Whatever it asks for other than `data:` addresses stops the rendering. `identifier` goes
    into the file's identity, say the hash of the snapshot. Raises RenderingFailed.
    """
    request = {"html": html, "css": STYLE.read_text(), "variant": variant, "identifier": identifier}
    return _run_child("html", request | {"attachments": [_pack(attached) for attached in attachments]})


def render_register(rows: Sequence[Mapping[str, Any]], frame: Mapping[str, Any], *, csv: bytes) -> bytes:
    """Return one volume of a register as PDF/A-3a and PDF/UA-1 with its CSV attached.

    `rows` and `frame` are what `documents.rules.registers` makes. Raises RenderingFailed, for a sign that no font has
    with the number of the row.
    """
    _check_signs(rows, frame)
    request = {
        "template": TEMPLATE.read_text(),
        "frame": json.dumps(frame, ensure_ascii=False),
        "rows": json.dumps([{**row, "lines": count_row_lines(row)} for row in rows], ensure_ascii=False),
        "csv": csv.decode(),
        "made_at": frame["made_at"],
    }
    return shrink(_run_child("register", request))  # here, once Typst has given back what it took


def _check_signs(rows: Sequence[Mapping[str, Any]], frame: Mapping[str, Any]) -> None:
    everything = "".join(value for row in rows for value in row.values() if isinstance(value, str))
    if not find_unprintable(everything):
        return
    for row in rows:
        for name, value in row.items():
            if isinstance(value, str) and (signs := find_unprintable(value)):
                points = ", ".join(f"U+{ord(sign):04X}" for sign in signs)
                raise RenderingFailed(
                    _("row {row} ({reference}), {field}: no font has {points}; correct the field and try again").format(
                        row=row["no"], reference=row["ref"], field=name, points=points
                    )
                )


def _pack(attached: Attached) -> dict[str, str]:
    return {
        "name": attached.name,
        "description": attached.description,
        "data": base64.b64encode(attached.data).decode(),
        "made_at": attached.made_at.isoformat(),
        "relationship": attached.relationship,
    }


def _run_child(engine: str, request: dict[str, Any]) -> bytes:
    kit, limits = prepare_fonts(), LIMITS[engine]
    request = {"engine": engine, "fonts": str(kit / "fonts"), **limits, **request}
    try:
        done = subprocess.run(  # not multiprocessing: a Celery worker's child may not have children of that kind
            [sys.executable, "-P", "-s", str(CHILD)],
            input=json.dumps(request).encode(),
            env=_make_environment(kit),
            capture_output=True,
            timeout=2 * limits["seconds"],
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise RenderingFailed(_explain("time", "")) from error
    if done.returncode == 0:
        return done.stdout
    raise RenderingFailed(_explain(*_read_answer(done)))


def _make_environment(kit: Path) -> dict[str, str]:
    """Return all that the child knows of this machine: no keys, no address of a database."""
    return {
        "FONTCONFIG_FILE": str(kit / "fonts.conf"),
        "HOME": str(kit),
        "LANG": "C.UTF-8",
        "MALLOC_ARENA_MAX": "2",
        "PATH": os.defpath,
        "PYTHONHASHSEED": "0",  # the order of sets must not reach the file
        "RAYON_NUM_THREADS": "1",
        "TZ": "UTC",
    }


def _read_answer(done: subprocess.CompletedProcess[bytes]) -> tuple[str, str]:
    if done.returncode == REFUSED:
        answer = json.loads(done.stdout)
        return answer["code"], answer["detail"]
    return ("time" if -done.returncode in {9, 24} else "memory"), ""


def _explain(code: str, detail: str) -> str:
    reasons = {
        "address": _("the text asks for a file or an address outside the document; nothing is fetched, take it out"),
        "memory": _("the document needs more memory than one file may have; split it"),
        "time": _("the document takes longer than one file may; split it"),
        "nesting": _("the document is nested too deeply; make it flatter"),
        "library": _("the libraries that set type are missing; install {packages}").format(packages=PACKAGES),
    }
    return reasons.get(code) or _("the file could not be laid out ({detail})").format(detail=detail)
