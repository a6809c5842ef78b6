"""The checklist until publication: each point is done, missing, or must be confirmed by a lawyer, by name."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.actions import get_regime, list_sources
from claims.base.documents import compute_digest
from claims.dry_runs import find_dry_run
from claims.models import Action, Confirmation
from claims.models.actions import pick_text
from claims.opening.changing import list_own_events
from claims.rules.sources import find_source, split_sources
from claims.rules.standing import Concern
from claims.warnings import list_warnings
from claims.wording import get_locale

STANDING = {Concern.NO_DESIGNATION, Concern.DESIGNATION_UNDATED, Concern.DESIGNATION_LATER}
FUNDING = {Concern.FUNDER_SHARE, Concern.FUNDER_TIED, Concern.FUNDER_UNKNOWN, Concern.ENTRY_FEE}
DATA_USE = ("controller", "purposes", "legal_basis", "recipients", "storage", "rights")
CONFLICT = ("is_competitor", "depends_on_trader", "influences")


@dataclass(frozen=True)
class Check:
    """One point of the list. What is missing is mended at `page`; what is to be confirmed is bound to `sha256`."""

    key: str
    title: str
    missing: tuple[str, ...]  # sentences; empty: nothing is
    to_confirm: tuple[str, ...] = ()  # what a lawyer must stand for
    page: str = ""
    sha256: str = ""
    confirmation: Confirmation | None = None

    @property
    def state(self) -> str:
        """done, missing or confirm."""
        if self.missing:
            return "missing"
        return "confirm" if self.to_confirm and not self.confirmation else "done"


def list_checks(action: Action) -> list[Check]:
    """Return all points of the list, with who confirmed what. A confirmation of other words counts no more."""
    confirmed = {(row.key, row.sha256): row for row in action.confirmations.select_related("by")}
    found = []
    for key, (title, read) in list_readers().items():
        missing, to_confirm, page, content = read(action)
        digest = compute_digest(content)
        found.append(Check(key, title, tuple(missing), tuple(to_confirm), page, digest, confirmed.get((key, digest))))
    return found


def find_open_checks(action: Action) -> list[Check]:
    """Return the points that block publication."""
    return [check for check in list_checks(action) if check.state != "done"]


Found = tuple[list[str], list[str], str, Any]  # missing, to confirm, where it is mended, what is confirmed


def list_readers() -> dict[str, tuple[str, Callable[[Action], Found]]]:
    """Return the points in their order."""
    return {
        "standing": (_("Standing of the entity"), check_standing),
        "regime": (_("Law and our record of it"), check_regime),
        "dates": (_("Dates and events"), check_dates),
        "criteria": (_("Criteria, with citations and a dry run"), check_criteria_in_force),
        "declarations": (_("Declarations in all languages"), check_declarations),
        "privacy": (_("Privacy notice"), check_privacy),
        "funding": (_("Funding"), check_funding),
        "population": (_("How many people are concerned"), check_population),
        "contact": (_("Contact"), check_contact),
        "mails": (_("Mails"), check_mails),
    }


def _facts_page(action: Action) -> str:
    return reverse("claims:workspace-facts", args=[action.slug])


def _list_said(action: Action, concerns: set[Concern]) -> list[str]:
    return [line.says for line in list_warnings(action) if line.concern in concerns]


def check_standing(action: Action) -> Found:
    """Articles 4 to 6 of Directive (EU) 2020/1828: designated, where, when, and the official list as evidence."""
    designations = action.facts.get("parties", {}).get("entity", {}).get("designations", [])
    missing = _list_said(action, STANDING)
    if designations and not any(_has_address(action, item["source"]) for item in designations):
        missing.append(_("No designation names the address of an official list. Give one as its source."))
    confirm = [_("The entity stands on the list that is named, and meets Articles 4 to 6 of Directive (EU) 2020/1828.")]
    return missing, confirm, _facts_page(action), designations


def _has_address(action: Action, source: str) -> bool:
    catalogue = list_sources(action)
    if source.startswith("https://"):
        return True
    return any(find_source(key, catalogue).url for key in split_sources(source))


def check_regime(action: Action) -> Found:
    """The record of the law is read, and what it is not sure of is confirmed."""
    regime = get_regime(action)
    unsure = [pick_text(dict(entry.text)) for entry in regime.rules.values() if entry.confidence == "low"]
    missing = [] if action.regime_sha256 == regime.sha256 else [_("Our record of this law has changed since.")]
    return missing, unsure, reverse("claims:workspace-procedure", args=[action.slug]), regime.sha256


def check_dates(action: Action) -> Found:
    """What happened, and what the law waits for."""
    events = list(action.events.all())
    missing = [] if any(event.on for event in events) else [_("No event has a date. Enter what happened.")]
    return missing, [], reverse("claims:workspace-procedure", args=[action.slug]), ""


def check_criteria_in_force(action: Action) -> Found:
    """Criteria are there, each with a citation, and were tried on the book as they are.

    A clone brings the words of another court and law along, so somebody stands for them.
    """
    page, version = reverse("claims:workspace-draft", args=[action.slug]), action.criteria
    if version is None:
        return [_("There are no criteria.")], [], page, ""
    bare = [pick_text(item["title"]) for item in version.document["criteria"] if not item.get("citations")]
    missing = [_("“%(title)s” has no citation.") % {"title": title} for title in bare]
    dates = version.document.get("events", {})
    if any(dates.get(event["id"], event["on"]) != event["on"] for event in list_own_events(action.facts)):
        missing.append(_("A date of the class has changed since. Publish the rules anew, so that they use it."))
    if find_dry_run(action, version.sha256) is None:
        missing.append(_("There has been no dry run of the criteria in force. Begin a draft and run it dry as it is."))
    confirm = [_("The words and the citations of all criteria are right for this law, court and entity.")]
    return missing, confirm, page, version.sha256


def check_declarations(action: Action) -> Found:
    """Each declaration is there in every language, says which one prevails, and a lawyer has signed it off."""
    texts = list(action.declaration_texts.order_by("kind", "language", "version"))
    there: dict[str, set[str]] = {}
    for text in texts:
        there.setdefault(text.kind, set()).add(text.language)
    languages = set(action.facts.get("languages", ()))
    missing = [] if there else [_("There are no declarations.")]
    for kind, found in there.items():
        prevailing = {text.prevailing_language for text in texts if text.kind == kind}
        if lacking := (languages | prevailing) - found:
            missing.append(
                _("The declaration `%(kind)s` is missing in: %(languages)s.")
                % {"kind": kind, "languages": _name_languages(lacking)}
            )
    confirm = [_("The words of all declarations are right for this action, court and entity, in every language.")]
    return missing, confirm, "", [text.sha256 for text in texts]


def check_privacy(action: Action) -> Found:
    """Article 13 of Regulation (EU) 2016/679."""
    said = action.facts.get("data_use", {})
    missing = [] if all(said.get(part) for part in DATA_USE) else [_("The privacy notice is not complete.")]
    confirm = [_("The privacy notice says who is responsible here, for what, and for how long.")]
    return missing, confirm, "", said


def check_funding(action: Action) -> Found:
    """Article 10 of Directive (EU) 2020/1828: the sources, the share that is promised, and no conflict."""
    funders = action.facts.get("funding", {}).get("funders", [])
    missing = _list_said(action, FUNDING)
    if not funders:
        missing.append(_("It is not said who pays for the action."))
    for funder in funders:
        if any(funder.get(name) is None for name in CONFLICT):
            missing.append(
                _("It is not said whether %(name)s competes with the trader, depends on it, or has influence.")
                % {"name": funder["name"]}
            )
    confirm = [_("This is all the money that pays for the action, and nobody who gives it has a conflict.")]
    return missing, confirm if not missing else [], _facts_page(action), funders


def check_population(action: Action) -> Found:
    """A number with its source: who could be concerned."""
    figures = [figure for figure in action.facts.get("figures", []) if figure.get("source")]
    missing = [] if figures else [_("No figure with a source says how many people could be concerned.")]
    return missing, [], _facts_page(action), ""


def check_contact(action: Action) -> Found:
    """An address at which people reach a person."""
    missing = [] if action.facts.get("contact", {}).get("email") else [_("There is no e-mail address for questions.")]
    return missing, [], _facts_page(action), ""


def check_mails(action: Action) -> Found:
    """Mails go out in every language of the action."""
    known = {code for code, _name in settings.LANGUAGES}
    lacking = [code for code in action.facts.get("languages", []) if code not in known]
    missing = [
        ngettext("Mails are not there in this language: %(codes)s.", "Mails are not there in: %(codes)s.", len(lacking))
        % {"codes": _name_languages(lacking)}
    ]
    return missing if lacking else [], [], "", ""


def _name_languages(codes: Iterable[str]) -> str:
    return ", ".join(get_locale().languages.get(code, code) for code in sorted(codes))
