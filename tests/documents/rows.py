"""Rows of a snapshot and a register for tests; all people are invented."""

from documents.registers import build_labels
from documents.rules.registers import FIELDS, Register, lay_out_volume

MADE_AT = "2026-02-27T18:00:00+00:00"
CAST = [
    ("Ελένη", "Παραδειγματίδου", "Οδός Παραδείγματος 14", "105 63", "Αθήνα", "GR", "el"),
    ("Цветан", "Измислен Образцов", "бул. „Образец“ № 7, ет. 3", "4000", "Пловдив", "BG", "bg"),
    ("Maximiliane-Theodora", "Freifrau von und zu Musterhausen-Beispielstein auf Vorlagenfels", "Straße der ausführlichen Musteranschriften 1234a", "99998", "Beispielstadt", "DE", "de"),
    ("Gheorghiță", "Żółć-Ħani", "Sample Street 7", "010011", "București", "RO", "ro"),
]  # fmt: skip


def make_row(number=1, **fields):
    given, family, street, postcode, city, country, language = CAST[number % len(CAST)]
    row = {
        "number": number, "reference": f"{number:012}", "external_ref": f"EXT-{number}", "given_name": given,
        "family_name": family, "birth_date": "1990-05-02", "email": f"muster{number}@muster.example", "street": street,
        "postcode": postcode, "city": city, "country": country, "language": language, "residence": country,
        "registered_on": "2025-11-03", "joined_on": "", "outcome": "eligible", "tier": "adult", "criteria": "4",
        "declarations": "", "cents": "50000", "acting_as": "", "acting_name": "", "acting_since": "",
    }  # fmt: skip
    assert set(row) == set(FIELDS["full"])
    return row | fields


def make_register(**fields):
    return Register(
        **{
            "language": "en",
            "rendering": "court_confidential",
            "claimants": 1,
            "total_cents": 50000,
            "snapshot_sha256": "0" * 64,
            "made_at": MADE_AT,
            "entity": "Example Association",
            "dispute": "Example Association v Example Ltd",
            "docket": "Commercial Court (illustrative)",
            "criteria": "version 4",
            "tiers": (("minor", "Under 18"), ("adult", "Adult")),
            "mark": "Illustration – fictitious people",
        }
        | fields
    )


def lay_out(rows, volume=1, **fields):
    register = make_register(**{"claimants": len(rows)} | fields)
    return lay_out_volume(register, volume, rows, build_labels(register.language))
