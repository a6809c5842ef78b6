"""The six items of a German registration (section 46(2) VDuG): without one of them it is void. Checked, never sent.

The form of the Federal Office of Justice is in German, so the text to copy is German whatever the page speaks.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

FIELD = 36  # characters that some fields of the form take
SUBJECT = 6000  # that the subject and ground should not exceed
TITLE = re.compile(
    r"\b(?:Dr|Prof|Mag|Dipl|Ing|DI|PhD|Ph\.\s?D|LL\.\s?M|MSc|BSc|MBA|DDr|Univ|Priv|Doz)\b\.?", re.IGNORECASE
)  # the form wants first and last name in full and no titles


class Item(StrEnum):
    """What is missing or does not fit."""

    NAME = "name"
    ADDRESS = "address"
    CAPACITY = "capacity"
    COURT = "court"
    DEFENDANT = "defendant"
    SUBJECT = "subject"
    ASSURANCE = "assurance"
    TITLE = "title"
    TOO_LONG = "too long"
    SUBJECT_TOO_LONG = "subject too long"
    AMOUNT = "amount"  # should be there; without it the registration is valid


@dataclass(frozen=True)
class Registration:
    """What a registration says. "" and None are unknown."""

    given_name: str
    family_name: str
    street: str
    postcode: str
    city: str
    is_consumer: bool | None
    court: str
    file_number: str
    defendant: str
    subject: str
    is_assured: bool
    amount_eur: str = ""


VALID_WITHOUT = {Item.AMOUNT}


def list_missing(form: Registration) -> list[tuple[Item, str]]:
    """Return what is missing or does not fit, each with the field that it is about."""
    wanted = {
        Item.NAME: form.given_name and form.family_name,
        Item.ADDRESS: form.street and form.postcode and form.city,
        Item.CAPACITY: form.is_consumer is not None,
        Item.COURT: form.court and form.file_number,
        Item.DEFENDANT: form.defendant,
        Item.SUBJECT: form.subject,
        Item.ASSURANCE: form.is_assured,
        Item.AMOUNT: form.amount_eur,
    }
    missing = [(item, "") for item, value in wanted.items() if not value]
    return [*missing, *_list_unfit(form)]


def _list_unfit(form: Registration) -> list[tuple[Item, str]]:
    fields = {"given_name": form.given_name, "family_name": form.family_name, "street": form.street, "city": form.city}
    unfit = [(Item.TOO_LONG, name) for name, value in fields.items() if len(value) > FIELD]
    unfit += [(Item.TITLE, name) for name in ("given_name", "family_name") if TITLE.search(fields[name])]
    return unfit + ([(Item.SUBJECT_TOO_LONG, "")] if len(form.subject) > SUBJECT else [])


def drop_titles(name: str) -> str:
    """Return a name without titles, for the form."""
    return " ".join(TITLE.sub(" ", name).replace(" .", " ").split()).strip(" .,-")


def write_block(form: Registration) -> str:
    """Return the text that a person copies into the form, a line for each field; what is missing says so."""
    capacity = {True: "Verbraucherin oder Verbraucher", False: "kleines Unternehmen", None: ""}[form.is_consumer]
    lines = (
        ("Anmeldung als", capacity),
        ("Vorname", drop_titles(form.given_name)),
        ("Nachname", drop_titles(form.family_name)),
        ("Straße und Hausnummer", form.street),
        ("Postleitzahl", form.postcode),
        ("Ort", form.city),
        ("Gericht", form.court),
        ("Aktenzeichen", form.file_number),
        ("Beklagte Partei", form.defendant),
        ("Gegenstand und Grund", form.subject),
        ("Betrag in Euro", form.amount_eur or "(kann fehlen, soll aber genannt werden)"),
        ("Versicherung", "Ich versichere die Richtigkeit und Vollständigkeit meiner Angaben."),
    )
    return "\n".join(f"{label}: {value or '(fehlt noch)'}" for label, value in lines)
