"""The words and formats of the claimants' register in one language, as data for `documents.rules.registers`."""

from typing import Any

from babel import Locale
from babel.dates import get_month_names
from babel.numbers import get_decimal_symbol, get_group_symbol
from django.utils.translation import gettext as _
from django.utils.translation import override

REGIONS = {"en": "GB", "de": "AT"}
# What the register says in its two languages only; `documents.rules.registers` fills it as the other sentences.
SENTENCES = {
    "en": {
        "letters": (
            "Declarations: M has given the mandate; A has authorised the association to join the action; P takes part"
            " in no other action on the same matter; C has received no compensation before; T has confirmed that all is"
            " true. A letter that is missing: not declared."
        ),
        "undecided": (
            "No lawyer has accepted everybody in this register yet: some meet the criteria, and a decision about them"
            " is still to come."
        ),
        "cover_claimants": "Claimants: {claimants}",
        "note_redacted": (
            "This file shows the running number and the reference only. Each claimant knows the reference and finds"
            " themselves by it. Names, addresses, states, days, declarations, tiers and amounts are in the confidential"
            " rendering of the same snapshot, which the court and the defendant hold."
        ),
        "legend_redacted": (
            "Whoever is in this register has registered with the association; that alone is not joining the court"
            " action. To meet the criteria is a finding, not a decision."
        ),
    },
    "de": {
        "letters": (
            "Erklärungen: M hat das Mandat erteilt; A hat den Verband zum Beitritt ermächtigt; P nimmt an keiner"
            " anderen Klage in derselben Sache teil; C hat zuvor keine Entschädigung erhalten; T hat die Richtigkeit"
            " aller Angaben bestätigt. Fehlt ein Buchstabe, so ist das nicht erklärt."
        ),
        "undecided": (
            "Noch nicht alle in diesem Register sind anwaltlich angenommen: Manche erfüllen die Kriterien, und die"
            " Entscheidung über sie steht noch aus."
        ),
        "cover_claimants": "Personen: {claimants}",
        "note_redacted": (
            "Diese Datei zeigt nur die laufende Nummer und das Kennzeichen. Jede angemeldete Person kennt ihr"
            " Kennzeichen und findet sich daran wieder. Namen, Anschriften, Staaten, Tage, Erklärungen, Stufen und"
            " Beträge stehen in der vertraulichen Fassung desselben Standes, die dem Gericht und der beklagten Partei"
            " vorliegt."
        ),
        "legend_redacted": (
            "Wer in diesem Register steht, hat sich beim Verband angemeldet; das allein ist kein Beitritt zur Klage."
            " Die Kriterien zu erfüllen ist ein Ergebnis der Prüfung, keine Entscheidung."
        ),
    },
}

# Who acts for a claimant; the court reads it in the language of the register.
ACTING = {
    "en": {
        "guardian": "represented by {name}, who has custody (consent of all custodians: {day})",
        "representative": "represented by {name} (written mandate of {day})",
        "heir": "deceased on {day}, represented by {name} as heir",
    },
    "de": {
        "guardian": "vertreten durch {name}, sorgeberechtigt (Zustimmung aller Sorgeberechtigten: {day})",
        "representative": "vertreten durch {name} (schriftliche Vollmacht vom {day})",
        "heir": "verstorben am {day}, vertreten durch {name} als Erbin oder Erbe",
    },
}


def build_labels(language: str) -> dict[str, Any]:
    """Return the labels of a register in English or German."""
    region = REGIONS[language]
    locale = Locale(language, region)
    with override(language):
        return {
            "language": language,
            "region": region,
            "group": get_group_symbol(locale).replace("\u202f", "\u00a0"),
            "decimal": get_decimal_symbol(locale),
            "months": [get_month_names("abbreviated", locale=locale)[month] for month in range(1, 13)],
            "day": "{day:02}.{month:02}.{year}" if language == "de" else "{day} {name} {year}",
            "born": _("born"),
            "acting": ACTING[language],
            "renderings": {
                "full": _("Full: for the office only"),
                "court_confidential": _("Court, confidential"),
                "public_redacted": _("Public, redacted"),
            },
            "cover": _build_cover(),
            "sentences": _build_sentences() | SENTENCES[language],
            "words": _build_words(),
        }


def _build_cover() -> dict[str, str]:
    return {
        "volume": _("Volume"),
        "rendering": _("Rendering"),
        "rows": _("Rows in this volume"),
        "criteria": _("Criteria"),
        "sum": _("Sum, EUR"),
        "total": _("Register in total"),
    }


def _build_sentences() -> dict[str, str]:
    """Return what the rules fill with numbers; `{volume}`, `{volumes}` and so on are filled there."""
    return {
        "heading": _("Register of claimants"),
        "volume": _("Volume {volume} of {volumes}"),
        "title": _("Register of claimants, volume {volume} of {volumes} ({rendering})"),
        "description": _("Claimants {first} to {last} of {claimants}"),
        "short": _("Register of claimants · {rendering} · snapshot of {moment}"),
        "cover_volume": _("{volume} of {volumes}: numbers {first} to {last}"),
        "cover_total": _("Claimants: {claimants}; sum, EUR: {total}"),
        "csv": _("The rows of this volume as CSV (UTF-8)"),
        "note": _(
            "Whoever is in this register has registered with the association. Only those with a date under “Joined”"
            " have joined the court action."
        ),
        "total_label": _("Sum of volume {volume}: rows {rows}, numbers {first} to {last}"),
        "legend": _(
            "State: habitual residence (ISO 3166-1). Registered: with the association. Joined: in the court action,"
            " with proof. Basis: tier and version of the criteria; a finding, not a decision. Tiers: {tiers}."
            " – : nothing is recorded. Signs that cannot be seen are shown as [U+…]. Amounts in EUR."
        ),
    }


def _build_words() -> dict[str, Any]:
    return {
        "volume": _("Volume"),
        "of": _("of"),
        "page": _("page"),
        "snapshot": _("Snapshot, SHA-256"),
        "withheld_name": _("name withheld"),
        "withheld_address": _("address withheld"),
        "columns": [
            _("No."),
            _("Reference"),
            _("Name"),
            _("Address"),
            _("State"),
            _("Registered"),
            _("Joined"),
            _("Basis"),
            _("Declarations"),
            _("Amount, EUR"),
        ],
    }
