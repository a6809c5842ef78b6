"""What a typesetter does to a text: figures stay with their unit, sections with their number, days with their month."""

import re
from collections.abc import Callable

NB = "\u00a0"
_UNITS = "EUR|%|million|millions|Millionen|Mio[.]|billion|Milliarden|Uhr|MEZ|MESZ|UTC|years?|Jahre|mm"
_BEFORE = (
    "EUR|§§?|Art[.]|Articles?|Artikel|Abs[.]|Absatz|lit[.]|Nr[.]|No[.]|[Pp]aragraphs?|Randnummern?|Exhibit|Beilage|"
    "Tables?|Tabelle|Figures?|Abbildung|Group|Gruppe|part|Teil|sections?|Section|Abschnitt|Mag[.]|Dr[.]"
)
_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December|Januar|Jänner|Februar|"
    "März|Mai|Juni|Juli|Oktober|Dezember"
)
_RULES: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(rf"(?<=\d) (?=(?:{_UNITS})(?!\w))"), NB),
    (re.compile(rf"(?<![\w.])({_BEFORE}) (?=[\w(./]|$)"), rf"\1{NB}"),
    (re.compile(r"(?<=[\d)]) (?=(?:Abs[.]|lit[.]|(?:ZPO|GDPR|DSGVO|VDuG|ABGB)\b))"), NB),
    (re.compile(rf"(§{NB}\d+\w?) (?=[(])"), rf"\1{NB}"),
    (re.compile(rf"\b({_MONTHS}) (?=\d{{4}})"), rf"\1{NB}"),
    (re.compile(rf"(\d[.]?) (?=(?:{_MONTHS})\b)"), rf"\1{NB}"),
    (re.compile(r"(?<=\d)%(?![0-9A-Fa-f]{2})"), f"{NB}%"),  # one way in a document, and none inside an address
    (re.compile(r"(?<=\(E[UG]\)) (?=\d)"), NB),
    # File numbers of courts, such as 15 UKl 2/25 and VI ZR 10/24.
    (re.compile(r"\b(\d{1,2}|[IVX]+) ([A-Z][A-Za-z]{0,3}) (?=\d+/\d\d)"), rf"\1{NB}\2{NB}"),
)


def glue_text(text: str) -> str:
    """Return a plain text with spaces that do not break where a line must not end."""
    for pattern, by in _RULES:
        text = pattern.sub(by, text)
    return text


def glue_html(html: str) -> str:
    """The same for the texts of a document after `<body`: its tags and its head stay as they are.

    The number of a source stays with the word before it. Its space goes inside: WeasyPrint 70 ends a line after the
    first word where a text fits without the space at its end and not with it.
    """
    head, mark, body = html.partition("<body")
    body = body.replace(' <span class="cite">', '<span class="cite"> ')
    parts = re.split(r"(<[^>]+>)", body)
    return head + mark + "".join(part if part.startswith("<") else glue_text(part) for part in parts)
