"""People who do not exist, for demonstrations, tests and benchmarks: all surnames mean "example" or "sample"."""

import csv
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from claims.criteria import Rulebook, read_rulebook
from claims.rules.claimrows import BASE_COLUMNS, list_columns
from claims.rules.eligibility import (
    RECORD_FACTS,
    Comparison,
    Fact,
    Kind,
    Rule,
    Verdict,
    explain_rule,
    list_facts,
    parse_rule,
)

# state: language, share of the Union's people in per mille (Eurostat, rounded), given names, surnames, streets, towns
STATES: dict[str, tuple[str, int, str, str, str, str]] = {
    "AT": ("de", 20, "Anna Lukas Maria Felix Theresa", "Muster Beispiel Probe", "Mustergasse Probeweg", "Musterstadt Beispielberg"),
    "BE": ("nl", 26, "Emma Noah Louise Jules Marie-Ange", "Voorbeeld Proef Exemple", "Voorbeeldstraat", "Voorbeeldem"),
    "BG": ("bg", 14, "Мария Иван Елена Георги Цветелина", "Примерова Образцов Проба", "ул.Примерна", "Примерград"),
    "CY": ("el", 2, "Μαρία Ανδρέας Ελένη Γιώργος", "Παραδειγματίδης Δειγματάκη", "Οδός_Δείγματος", "Παραδειγματούπολη"),
    "CZ": ("cs", 24, "Jana Jiří Tereza Ondřej", "Příkladová Vzor Ukázka", "Příkladná", "Vzorov"),
    "DE": ("de", 186, "Lea Jonas Sofie Paul Jürgen Zoë", "Mustermann Musterfrau Beispiel Muster-Beispielhausen", "Musterstraße Beispielallee", "Musterstadt Musterhausen"),
    "DK": ("da", 13, "Freja Søren Åse Mikkel", "Eksempelsen Prøve", "Eksempelvej", "Prøveby"),
    "EE": ("et", 3, "Mari Jüri Õie Kaur", "Näidis Proov", "Näidise_tänav", "Näidislinn"),
    "ES": ("es", 109, "Lucía José María_del_Carmen Íñigo", "Ejemplo Muestra Ejemplo_de_la_Muestra", "Calle_del_Ejemplo", "Villaejemplo"),
    "FI": ("fi", 12, "Aino Väinö Eeva Mika", "Esimerkkinen Näyte", "Esimerkkitie", "Mallila"),
    "FR": ("fr", 152, "Camille Rémi Chloé François Anne-Sophie", "Exemple Modèle Échantillon-d’Exemple", "rue_de_l’Exemple", "Exempleville"),
    "GR": ("el", 23, "Σοφία Νίκος Αικατερίνη Ευάγγελος", "Παράδειγμα Δείγμας Παπαδειγματόπουλος", "Οδός_Παραδείγματος", "Δειγματούπολη"),
    "HR": ("hr", 9, "Ana Željko Petra Đuro", "Primjer Uzorak", "Primjerova", "Uzorkovac"),
    "HU": ("hu", 21, "Zsófia Gergő Ágnes Őrs", "Példa Minta", "Példa_utca", "Mintaháza"),
    "IE": ("en", 12, "Aoife Seán Niamh Pádraig", "Example Sample O’Sample", "Example_Street", "Samplestown"),
    "IT": ("it", 131, "Giulia Niccolò Mariangela Loris", "Esempio Campione D’Esempio", "Via_dell’Esempio", "Campioneto"),
    "LT": ("lt", 6, "Ūla Žygimantas Rasa Šarūnas", "Pavyzdys Pavyzdienė", "Pavyzdžio_g.", "Pavyzdžiai"),
    "LU": ("fr", 2, "Léa Luc Josée Guy", "Beispill Exemple", "rue_du_Modèle", "Beispillbierg"),
    "LV": ("lv", 4, "Līga Jānis Ņina Ģirts", "Piemērs Paraugs", "Piemēra_iela", "Piemērciems"),
    "MT": ("mt", 1, "Ġorġa Ċensu Żepp Marija", "Eżempju Kampjun", "Triq_l-Eżempju", "Eżempju"),
    "NL": ("nl", 40, "Sanne Daan Fleur Sjoerd", "Voorbeeld van_der_Voorbeeld Proef", "Voorbeeldlaan", "Voorbeelddam"),
    "PL": ("pl", 82, "Zofia Łukasz Małgorzata Stanisław", "Przykładowska Przykład Wzór", "ul._Przykładowa", "Przykładowo"),
    "PT": ("pt", 24, "Inês João Conceição Simão", "Exemplo Amostra da_Amostra_e_Exemplo", "Rua_do_Exemplo", "Vila_Exemplo"),
    "RO": ("ro", 42, "Ioana Ștefan Mădălina Țuțu", "Exemplu Probă", "Strada_Exemplului", "Exemplești"),
    "SE": ("sv", 23, "Elsa Åke Märta Björn", "Exempel Provsson", "Exempelgatan", "Provköping"),
    "SI": ("sl", 5, "Maja Žiga Špela Črt", "Primer Vzorec", "Primerova_ulica", "Vzorčje"),
    "SK": ("sk", 12, "Zuzana Ľuboš Katarína Šimon", "Príkladová Vzorka", "Príkladná", "Vzorovce"),
}  # fmt: skip
LONG_NAME = (
    "Maximiliana Alexandrina Theodora Eleonora",
    "von und zu Musterhausen-Beispielburg auf Probenfels und Exempelau",
)
SHORT_NAME = ("U", "Ó")
TEXTS = (
    "I have posted family pictures there for years and nobody asked me.",
    "Ich habe Stunden mit dem Formular verbracht und weiß bis heute nicht, ob es gewirkt hat.",
    "J’ai peur que mes photos ressortent un jour.",
    "Ανησυχώ για τις φωτογραφίες των παιδιών μου.",
    "Притеснявам се за старите си снимки.",
)
FIRST_DAY = datetime(2025, 9, 1, tzinfo=UTC)
DAYS = 400


def write_claims(file: Path, document: Mapping[str, Any], rows: int, *, seed: int, bad: float) -> int:
    """Write a claims CSV and return how many rows are malformed. The same arguments give the same bytes.

    `document` is that of a criteria version: its questions are answered, its criteria are mostly met.
    """
    random = Random(seed)
    book = read_rulebook(document)
    facts = {name: fact for name, fact in book.facts.items() if name not in RECORD_FACTS}
    wanted, conditions = find_wanted_answers(book), read_conditions(document, book)
    bad_rows = 0
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(list_columns(facts))
        for number in range(1, rows + 1):
            person = make_person(random, number)
            answers = {name: answer_question(random, fact, wanted.get(name)) for name, fact in facts.items()}
            row = person + leave_out_unasked(person, answers, facts, conditions)
            if random.random() < bad:
                bad_rows += 1
                spoil_row(random, row)
            writer.writerow(row)
    return bad_rows


def make_person(random: Random, number: int) -> list[str]:
    """Return the base columns of one person, in the order of `BASE_COLUMNS`."""
    state = random.choices(list(STATES), [entry[1] for entry in STATES.values()])[0]
    language, _, *tables = STATES[state]
    given, family, street, town = (str(words).split() for words in tables)
    names = _pick(random, given), _pick(random, family)
    if random.random() < 0.01:
        names = random.choice((LONG_NAME, SHORT_NAME))
    born = date(1940, 1, 1) + timedelta(days=random.randrange(25_500 if random.random() < 0.97 else 28_500))
    registered = FIRST_DAY + timedelta(seconds=random.randrange(DAYS * 86_400))
    residence = "" if random.random() < 0.01 else "CH" if random.random() < 0.005 else state
    since = date(1990, 1, 1) + timedelta(days=random.randrange(12_800 if random.random() < 0.98 else 13_050))
    return [
        f"S{number:07d}",
        *names,
        "" if random.random() < 0.01 else born.isoformat(),
        f"person{number}@{state.lower()}.example",
        f"+00 000 {random.randrange(10**6):06d}" if random.random() < 0.4 else "",
        f"{_pick(random, street)} {random.randrange(1, 200)}",
        f"{random.randrange(1000, 99999)}",
        _pick(random, town),
        state,
        residence,
        since.isoformat() if residence else "",
        language,
        registered.isoformat().replace("+00:00", "Z"),
    ]


def _pick(random: Random, words: list[str]) -> str:
    return random.choice(words).replace("_", " ")


def find_wanted_answers(book: Rulebook) -> dict[str, Any]:
    """Return the answers that meet a criterion which one question decides."""
    tests = [c.rule for c in book.criteria if isinstance(c.rule, Comparison) and c.rule.operator in {"is", "in"}]
    return {test.fact: list(test.values) for test in tests}


def read_conditions(document: Mapping[str, Any], book: Rulebook) -> dict[str, Rule]:
    """Return when each conditional question is asked."""
    events = {key: date.fromisoformat(on) for key, on in document["events"].items()}
    return {
        question["id"]: parse_rule(question["ask_when"], book.facts, events)
        for question in document["questions"]
        if "ask_when" in question
    }


def leave_out_unasked(
    person: list[str], answers: dict[str, str], facts: Mapping[str, Fact], conditions: Mapping[str, Rule]
) -> list[str]:
    """Return the answers in order; a question that would not be asked has none."""
    record = dict(zip(BASE_COLUMNS, person, strict=True))
    typed: dict[str, Any] = {name: record[name] and (date.fromisoformat(record[name]) if kind == Kind.DATE else record[name])
                             for name, kind in RECORD_FACTS.items()}  # fmt: skip
    for name, rule in conditions.items():
        typed |= {fact: _read_answer(facts[fact].kind, answers[fact]) for fact in list_facts(rule) if fact in answers}
        if explain_rule(rule, {fact: value or None for fact, value in typed.items()}).verdict == Verdict.NO:
            answers[name] = ""
    return list(answers.values())


def _read_answer(kind: Kind, text: str) -> Any:
    if kind == Kind.DATE and text:
        return date.fromisoformat(text)
    return int(text) if kind == Kind.NUMBER and text else text


def answer_question(random: Random, fact: Fact, wanted: list | None) -> str:
    """Return an answer, unknown (empty) in one case of fifty, that mostly meets the criteria where they ask for one."""
    if random.random() < 0.02:
        return ""
    if wanted and random.random() < 0.985:
        return str(random.choice(wanted))
    match fact.kind:
        case Kind.YES_NO:
            return random.choice(("yes", "no"))
        case Kind.CHOICE | Kind.COUNTRY:
            return random.choice(sorted(fact.options))
        case Kind.DATE:
            return (date(2012, 1, 1) + timedelta(days=random.randrange(4_890))).isoformat()
        case Kind.NUMBER:
            return str(random.randrange(0, 20))
        case Kind.TEXT:
            return random.choice(TEXTS) if random.random() < 0.5 else ""


def spoil_row(random: Random, row: list[str]) -> None:
    """Make a row malformed in one of the ways that real files are."""
    position, value = random.choice(
        (
            (0, ""),
            (3, "31.02.2025"),
            (3, "2025-02-31"),
            (4, "no at sign"),
            (9, "EL"),
            (10, "Austria"),
            (13, "yesterday"),
        )
    )
    if random.random() < 0.1:
        row.pop()
    else:
        row[position] = value
