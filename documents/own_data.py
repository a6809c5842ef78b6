"""All that we hold about a person as a document: sections of rows, the same on the page and on paper."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from claims.base.references import show_reference
from claims.models import Claim, User
from claims.own_data import collect_own_data, export_own_data
from claims.wording import country, day, name_language
from documents.certificates import pick_language, show_code
from documents.models import Certificate
from documents.pdf import find_unprintable, render_html
from documents.rules.texts import prepare_text, show_invisible
from documents.wording import local_moment

LONGEST = 60_000  # signs in one cell: longer than any answer or declaration
KEYS = {"certificates": "certificates of registration: reference, code, language, when issued, and what each says"}


@dataclass(frozen=True)
class Section:
    """A heading with its rows: what it is, and what we hold. `level` is that of the heading."""

    title: str
    rows: list[tuple[str, str]]
    level: int = 2


def take_own_data(user: User) -> dict[str, Any]:
    """Return all that we hold about a person, certificates too; the history keeps that it was taken."""
    return _add_certificates(export_own_data(user), user)


def look_at_own_data(user: User) -> dict[str, Any]:
    """Return the same for the page; only what leaves the house is kept in the history."""
    return _add_certificates(collect_own_data(user), user)


def _add_certificates(data: dict[str, Any], user: User) -> dict[str, Any]:
    issued = Certificate.objects.filter(claim__claimant__user=user).select_related("claim").order_by("pk")
    certificates = [
        {
            "reference": certificate.claim.reference,
            "code": show_code(certificate.code),
            "language": certificate.language,
            "issued_at": certificate.issued_at.isoformat(),
            "contents": certificate.contents,
        }
        for certificate in issued
    ]
    return data | {"keys": data["keys"] | KEYS, "certificates": certificates}


def write_json(data: Mapping[str, Any]) -> bytes:
    """Return the file of an export: UTF-8, indented, so that people and machines read it."""
    return json.dumps(data, ensure_ascii=False, indent=2).encode()


def list_sections(data: Mapping[str, Any]) -> list[Section]:
    """Return an export as sections in words, in the language of the reader."""
    account = data["account"]
    rows = [(_("E-mail"), account["email"]), (_("Name"), account["name"]), (_("Since"), _moment(account["joined_at"]))]
    sections = [Section(_("Your account"), rows)]
    for person in data["people"]:
        sections += _list_person(person)
    for draft in data["drafts"]:
        sections += _list_draft(draft)
    sections += [
        Section(_("Certificates"), [(_moment(it["issued_at"]), it["code"]) for it in data["certificates"]]),
        Section(
            _("Mails that we hold"), [(_moment(it["made_at"]), f"{it['to']}\n{it['subject']}") for it in data["mails"]]
        ),
    ]
    return [section for section in sections if section.rows]


def _list_person(person: Mapping[str, Any]) -> Iterable[Section]:
    name = f"{person['given_name']} {person['family_name']}".strip()
    rows = [
        (_("Name"), name),
        (_("Born"), day(person["birth_date"])),
        (_("E-mail"), person["email"]),
        (_("Telephone"), person["phone"]),
        (_("Address"), f"{person['street']}\n{person['postcode']} {person['city']}\n{country(person['country'])}"),
        (_("Language"), name_language(person["language"])),
        (_("Use restricted"), _moment(person["restricted_at"])),
    ]
    if acting := person["representation"]:
        rows.append((_("Who acts"), f"{acting['given_name']} {acting['family_name']} ({day(acting['since'])})"))
    yield Section(_("Person: {name}").format(name=name), rows)
    for claim in person["claims"]:
        yield from _list_claim(claim)
    yield _list_files(person["files"])


def _list_claim(claim: Mapping[str, Any]) -> Iterable[Section]:
    statuses = dict(Claim.Status.choices)
    rows = [
        (_("Action"), claim["action"]),
        (_("Stands"), str(statuses.get(claim["status"], claim["status"]))),
        (_("Registered with us"), _moment(claim["registered_at"])),
        (_("Joined in court"), day(claim["joined_on"]) or _("Not joined")),
        (_("Group for damages"), claim["tier_title"]),
        (_("Your rights, and who answers for the data"), claim["about"]),
    ]
    yield Section(_("Claim {reference}").format(reference=show_reference(claim["reference"])), rows)
    answers = [(it["question"], it["words"] or str(it["answer"] or "") or _("No answer")) for it in claim["answers"]]
    yield Section(_("Answers"), answers, 3)
    findings = [(it["criterion"], it["reason"]) for it in claim["findings"]]
    yield Section(_("What the criteria found"), findings, 3)
    yield _list_declarations(claim["declarations"])
    history = [(_moment(it["at"]), _join(it["what"], it["who"], ", ".join(it["names"]))) for it in claim["history"]]
    yield Section(_("What happened, and who opened the file"), history, 3)


def _list_declarations(declarations: Iterable[Mapping[str, Any]]) -> Section:
    rows = [(it["title"], _join(*_say_accepted(it), it["body"])) for it in declarations]
    return Section(_("Declarations"), rows, 3)


def _say_accepted(declaration: Mapping[str, Any]) -> Iterable[str]:
    """Yield when a declaration was accepted, and when it was taken back."""
    yield _("Accepted {moment}, version {version}, in “{language}”.").format(
        moment=_moment(declaration["accepted_at"]),
        version=declaration["version"],
        language=name_language(declaration["language"]),
    )
    if declaration["taken_back_at"]:
        yield _("Taken back %(moment)s.") % {"moment": _moment(declaration["taken_back_at"])}


def _list_files(files: Iterable[Mapping[str, Any]]) -> Section:
    rows = [
        (it["name"] or "–", _join(_moment(it["received_at"]), f"SHA-256 {it['sha256']}", it["verdict"])) for it in files
    ]
    return Section(_("Files"), rows)


def _list_draft(draft: Mapping[str, Any]) -> Iterable[Section]:
    yield Section(
        _("Not sent yet: {action}").format(action=draft["action"]),
        [(draft["names"][name], said) for name, said in draft["values"].items()],
    )
    yield _list_declarations(draft["declarations"])
    yield _list_files(draft["files"])


def _join(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _moment(text: str | None) -> str:
    return local_moment(datetime.fromisoformat(text)) if text else ""


def describe_document(data: Mapping[str, Any], prepare: Callable[[str], str]) -> dict[str, Any]:
    """Return the context of the page, and of the PDF where `prepare` makes texts fit for paper."""
    sections = [
        Section(prepare(it.title), [(prepare(label), prepare(said)) for label, said in it.rows if said], it.level)
        for it in list_sections(data)
    ]
    return {"sections": sections, "made_at": datetime.fromisoformat(data["made_at"]), "language": pick_language()}


def show_on_page(text: str) -> str:
    """Return a text for the page, with invisible signs shown."""
    return show_invisible(text, lines=True)


def _make_printable(text: str) -> str:
    for sign in find_unprintable(text):
        text = text.replace(sign, f"[U+{ord(sign):04X}]") if sign != "\n" else text
    return prepare_text(text, longest=LONGEST, lines=True)


def render_own_data(data: Mapping[str, Any]) -> bytes:
    """Return the document as an accessible PDF (built for PDF/UA-1). Raises RenderingFailed."""
    context = describe_document(data, _make_printable)
    html = render_to_string("documents/pdf/own-data.html", context)
    return render_html(html, variant="pdf/ua-1", identifier=f"own data {data['made_at']}")
