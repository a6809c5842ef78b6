"""People who do not exist: all surnames mean "example" or "sample". Whoever is born, moves and registers in this order."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

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
FIRST_DAY = datetime(2025, 9, 1, tzinfo=UTC)
DAYS = 400
LAST_MOVE, LAST_LATE_MOVE = date(2025, 5, 1), date(2025, 8, 31)


@dataclass(frozen=True)
class Person:
    """One person: what is true of them. Their row may say less."""

    state: str
    language: str
    born: date
    resident_since: date
    registered: datetime


def make_person(random: Random) -> Person:
    """Return a person of a state of the Union, as likely as the state is large."""
    state = random.choices(list(STATES), [entry[1] for entry in STATES.values()])[0]
    born = date(1940, 1, 1) + timedelta(days=random.randrange(25_500 if random.random() < 0.97 else 28_500))
    since = pick_day(random, max(born, date(1990, 1, 1)), LAST_MOVE if random.random() < 0.98 else LAST_LATE_MOVE)
    registered = FIRST_DAY + timedelta(seconds=random.randrange(DAYS * 86_400))
    return Person(state, STATES[state][0], born, since, registered)


def describe_person(random: Random, person: Person, reference: str) -> list[str]:
    """Return the base columns of a person, in the order of `BASE_COLUMNS`; some leave something out."""
    given, family, street, town = (str(words).split() for words in STATES[person.state][2:])
    names = _pick(random, given), _pick(random, family)
    if random.random() < 0.01:
        names = random.choice((LONG_NAME, SHORT_NAME))
    residence = "" if random.random() < 0.01 else "CH" if random.random() < 0.005 else person.state
    return [
        reference,
        *names,
        "" if random.random() < 0.01 else person.born.isoformat(),
        f"{reference.lower()}@{person.state.lower()}.example",
        f"+00 000 {random.randrange(10**6):06d}" if random.random() < 0.4 else "",
        f"{_pick(random, street)} {random.randrange(1, 200)}",
        f"{random.randrange(1000, 99999)}",
        _pick(random, town),
        person.state,
        residence,
        person.resident_since.isoformat() if residence else "",
        person.language,
        person.registered.isoformat().replace("+00:00", "Z"),
    ]


def _pick(random: Random, words: list[str]) -> str:
    return random.choice(words).replace("_", " ")


def pick_day(random: Random, first: date, last: date) -> date:
    """Return a day from `first` to `last`, both included; the first where the last is earlier."""
    return first + timedelta(days=random.randrange(max((last - first).days, 0) + 1))
