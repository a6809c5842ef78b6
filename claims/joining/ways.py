"""Which rule of joining applies to a person, and why, in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.actions import get_regime
from claims.models import Action, Claim
from claims.procedure.dates import find_deadlines, find_today, read_happened
from claims.rules.joining import Law, Way, find_residence_day, find_way
from claims.rules.regimes import Entry
from claims.wording import country, day

CHANNELS: Mapping[str, str | Promise] = {
    "claimant_to_bfj_register": gettext_lazy("entry in the register of the Federal Office of Justice (BfJ)"),
    "qe_brief_to_hg_wien": gettext_lazy("brief of the association to the Commercial Court of Vienna"),
    "prescribed_form_to_qe_with_declaration_and_fee": gettext_lazy("prescribed form with the signed declaration"),
    "court_registry": gettext_lazy("notice to the registry of the court"),
    "ministry_portal": gettext_lazy("portal of the Ministry of Justice"),
    "written_notice_to_court": gettext_lazy("written notice to the court"),
    "statement_to_group_representative": gettext_lazy("statement to the representative of the group"),
    "declaration": gettext_lazy("declaration"),
    "statement": gettext_lazy("explicit statement"),
    "as_set_by_judgment": gettext_lazy("as the judgment sets"),
    "electronic_platform": gettext_lazy("electronic platform"),
}


@dataclass(frozen=True)
class JoiningWay:
    """How this person comes into the action: the rule, why it applies, and the entry of our record."""

    way: Way
    says: str
    why: str
    channel: str
    entry: Entry

    @property
    def needs_joining(self) -> bool:
        """Whether the person must do something to be in."""
        return self.way != Way.BELONGS


def read_law(action: Action) -> Law:
    """Return what proofs of joining are judged by, as things stand."""
    events = read_happened(action)
    fee = action.facts.get("costs", {}).get("you_pay", {}).get("cents", 0)
    return Law(get_regime(action), events, find_deadlines(action, events), find_today(action), fee)


def name_channel(code: str) -> str:
    """Return what a channel of joining is called."""
    return str(CHANNELS.get(code, code.replace("_", " ")))


def describe_way(claim: Claim, law: Law | None = None) -> JoiningWay:
    """Return which rule of joining applies to the person of a claim, and why."""
    law = law or read_law(claim.action)
    way = find_claim_way(claim, law)
    entry = law.regime["nonresident" if way == Way.OPTS_IN else "model"]
    words = {"state": country(law.regime.state), "home": country(claim.habitual_residence)}
    says, why = _say_way(way, words)
    if (counts := find_residence_day(law.regime, law.events)) and way in {Way.BELONGS, Way.OPTS_IN, Way.UNKNOWN}:
        why += " " + _("Residence counts on %(day)s.") % {"day": day(counts)}
    return JoiningWay(way, says, why, name_channel(str(law.regime["join_channel"].value or "")), entry)


def find_claim_way(claim: Claim, law: Law) -> Way:
    """Return how the person of a claim comes in."""
    return find_way(law.regime, law.events, residence=claim.habitual_residence, resident_since=claim.resident_since)


def _say_way(way: Way, words: dict[str, str]) -> tuple[str, str]:
    match way:
        case Way.JOINS:
            return _("Must join"), _("Under this law only those who join take part, wherever they live.")
        case Way.JOINS_LATE:
            return (
                _("Must join, after a ruling on liability"),
                _("Under this law nobody can join before the court has ruled on liability."),
            )
        case Way.BELONGS:
            return (
                _("Takes part without joining"),
                _("Lives in the state of the court (%(state)s), where people are in unless they opt out.") % words,
            )
        case Way.OPTS_IN:
            return (
                _("Must opt in"),
                _("Lives in another state (%(home)s). Residents of the state of the court (%(state)s) are in by"
                  " themselves; everyone else must opt in by an express act.") % words,
            )  # fmt: skip
        case _:
            return (
                _("Not known"),
                _("Where this person lived on the day that counts is not known. Until it is, treat the person as one"
                  " who must opt in."),
            )  # fmt: skip
